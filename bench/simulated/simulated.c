/* SPDX-License-Identifier: MIT */
#include "simulated/simulated.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/die.h"
#include "machine/stamp.h"

bool simulated_functional;
struct simulated simulated = {.sample_ns = 4e3};

static void read_caches(const char *path, const json_t *caches) {
    size_t i;
    json_t *cache;
    json_array_foreach(caches, i, cache) {
        int level;
        json_int_t bytes;
        if (json_unpack(cache, "{s:i, s:I}", "level", &level, "bytes", &bytes) || bytes <= 0)
            die(EXIT_USAGE, "%s: a cache without level or bytes", path);
        uint64_t *const levels[] = {&simulated.caches.l1d, &simulated.caches.l2,
                                    &simulated.caches.l3};
        if (level >= 1 && level <= 3)
            *levels[level - 1] = (uint64_t)bytes;
    }
}

void simulated_read(const char *path) {
    json_error_t error;
    const char *model;
    json_t *caches;
    int cpus;
    json_int_t memory = 0, l1i = 0;
    json_t *machine = json_load_file(path, 0, &error);
    if (machine == NULL || json_unpack_ex(machine, &error, 0, "{s:i, s:s, s:o, s?I, s?{s?{s?I}}}",
                                          "cpus", &cpus, "memory_model", &model, "caches", &caches,
                                          "memory_bytes", &memory, "sizes", "l1i", "bytes", &l1i))
        die(EXIT_USAGE, "%s describes no simulated core: %s", path, error.text);
    if (cpus < 1 || !memmodel_parse(model, &simulated.model) ||
        simulated.model == MEMMODEL_FIXED_TSO)
        die(EXIT_USAGE, "%s: %d CPUs of memory model `%s' cannot be simulated", path, cpus, model);
    simulated.cpus = (unsigned)cpus;
    simulated.memory = (uint64_t)memory;
    simulated.l1i = (uint64_t)l1i;
    read_caches(path, caches);
    json_decref(machine);
}

void simulated_print(json_t *line) {
    if (json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(17)) || putchar('\n') == EOF ||
        fflush(stdout))
        die(EXIT_FAILED, "cannot write to standard output");
    json_decref(line);
}

uint64_t simulated_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Two of gem5's pseudo-instructions for arm64, 0xff000110 | function << 16, arguments in x0 and x1
 * (gem5 24.0, include/gem5/asm/generic/m5ops.h and util/m5/src/abi/arm64/m5op.S). */
void simulated_work_begin(unsigned item) {
    register uint64_t x0 __asm__("x0") = item;
    register uint64_t x1 __asm__("x1") = 0;
    if (!simulated_functional)
        __asm__ volatile(".inst 0xff5a0110" : "+r"(x0), "+r"(x1) : : "memory");
}

void simulated_work_end(unsigned item) {
    register uint64_t x0 __asm__("x0") = item;
    register uint64_t x1 __asm__("x1") = 0;
    if (!simulated_functional)
        __asm__ volatile(".inst 0xff5b0110" : "+r"(x0), "+r"(x1) : : "memory");
}
