/* SPDX-License-Identifier: MIT
 *
 * made_run.h: a run directory in /tmp whose samples a test writes line by line.
 */
#ifndef MADE_RUN_H
#define MADE_RUN_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char made_directory[64], made_samples[96];

static inline int made_remove(const char *path, const struct stat *status, int type,
                              struct FTW *at) {
    (void)status, (void)type, (void)at;
    return remove(path);
}

/* Both are cmocka fixtures. */
static inline int made_begin(void **state) {
    (void)state;
    strcpy(made_directory, "/tmp/tsobench-made-XXXXXX");
    if (mkdtemp(made_directory) == NULL)
        return -1;
    snprintf(made_samples, sizeof made_samples, "%s/samples.jsonl", made_directory);
    return 0;
}

static inline int made_end(void **state) {
    (void)state;
    return nftw(made_directory, made_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* Appends text to samples.jsonl. */
static inline void made_append(const char *text) {
    FILE *file = fopen(made_samples, "a");
    if (file == NULL || fputs(text, file) < 0 || fclose(file))
        abort();
}

#define MADE_BEGIN                                                                                 \
    "{\"format\":1,\"type\":\"begin\",\"suite\":\"smoke\",\"seed\":\"0x2a\",\"version\":\"0\","    \
    "\"time\":\"2026-11-22T13:44:00Z\",\"only\":\"^k\",\"cpus\":null,\"models\":null,\"rounds\":"  \
    "5,"                                                                                           \
    "\"blocks\":0,\"targets\":{\"single\":0.002,\"multi\":0.01}}\n"
#define MADE_END "{\"format\":1,\"type\":\"end\",\"complete\":true,\"seconds\":12.5}\n"

/* One cell; ticks is a list of as many numbers as the block has rounds. */
struct made_cell {
    const char *lowering, *role, *model, *sound;
    unsigned ops;
    const char *ticks;
};

/* A block of five rounds: 2 ticks a ns, and chains of 12000 additions that take 8000 ticks: 3 GHz.
 * also: further keys, each with a comma behind it. */
static inline void made_block_with(const char *set, unsigned threads, unsigned number,
                                   const struct made_cell *cells, size_t count, const char *battery,
                                   const char *also) {
    char text[8192];
    int used = snprintf(
        text, sizeof text,
        "{\"format\":1,\"type\":\"block\",\"set\":\"%s/x=1/threads=%u\",\"kernel\":\"%s\","
        "\"params\":\"x=1\",\"op\":\"step\",\"threads\":%u,\"placement\":\"0\","
        "\"footprint\":4096,\"bytes_per_op\":8,\"page_kib\":4,\"block\":%u,"
        "\"seed\":\"0x1\",\"source\":\"measured\",\"time\":\"2026-11-22T13:45:00Z\",\"rounds\":5,"
        "\"ticks_per_ns\":2,\"chain_adds\":12000,\"order\":[],\"cells\":[",
        set, threads, set, threads, number);
    for (size_t i = 0; i < count; i++)
        used +=
            snprintf(text + used, sizeof text - (size_t)used,
                     "%s{\"lowering\":\"%s\",\"role\":\"%s\",\"coverage\":\"all\",\"model\":\"%s\","
                     "\"sound\":%s,\"witness\":null,\"symbol\":\"f\",\"ops\":%u,\"ticks\":[%s],"
                     "\"chain_before\":[8000,8000,8000,8000,8000],"
                     "\"chain_after\":[8200,8000,8000,8000,8000],\"migrated\":0,"
                     "\"preempted\":1,\"check_failed\":0,\"check_message\":null}",
                     i ? "," : "", cells[i].lowering, cells[i].role, cells[i].model, cells[i].sound,
                     cells[i].ops, cells[i].ticks);
    snprintf(
        text + used, sizeof text - (size_t)used,
        "],%s\"battery\":{\"before\":[%s],\"after\":[]},\"skipped\":[{\"lowering\":\"ldapr-stlr\","
        "\"model\":\"weak\",\"reason\":\"this CPU has no FEAT_LRCPC\"}]}\n",
        also, battery);
    made_append(text);
}

static inline void made_block(const char *set, unsigned threads, unsigned number,
                              const struct made_cell *cells, size_t count, const char *battery) {
    made_block_with(set, threads, number, cells, count, battery, "");
}

#endif
