/* SPDX-License-Identifier: MIT
 *
 * check_files.c: the files of a run directory as such.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/private.h"
#include "check/check.h"
#include "samples/schema.h"
#include "samples/textfile.h"

static bool ends_with(const char *name, const char *tail) {
    size_t length = strlen(name), end = strlen(tail);
    return length >= end && strcmp(name + length - end, tail) == 0;
}

/* Control characters but those that texts have: tabs, and the form feeds of figures made of text.
 */
static bool has_control(const char *line, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)line[i] < ' ' && !strchr("\t\f\r\n", line[i])) || line[i] == 0x7f)
            return true;
    return false;
}

static void check_text(struct check *check, const char *name) {
    struct textfile file;
    if (!textfile_open(&file, check->directory, name)) {
        check_problem(check, "%s: %s", name, strerror(errno));
        return;
    }
    while (textfile_next(&file)) {
        const char *why =
            has_control(file.line, file.length) ? "a control character" : private_part(file.line);
        if (why) {
            check_problem(check, "%s:%zu: holds %s", name, file.number, why);
            break;
        }
    }
    if (*file.why)
        check_problem(check, "%s", file.why);
    textfile_close(&file);
}

/* An image begins as its kind does; an empty or cut one does not end so. */
static void check_image(struct check *check, const char *name) {
    static const struct {
        const char *tail, *begin, *end;
    } kinds[] = {{".png", "\x89PNG\r\n\x1a\n", "IEND\xae\x42\x60\x82"},
                 {".svg", "<", "</svg>"},
                 {".html", "<", "</html>"}};
    char path[PATH_MAX], begin[8] = "", end[32] = "";
    snprintf(path, sizeof path, "%s/%s", check->directory, name);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        FILE *file = ends_with(name, kinds[i].tail) ? fopen(path, "re") : NULL;
        if (file == NULL)
            continue;
        size_t head = fread(begin, 1, sizeof begin, file), wanted = strlen(kinds[i].begin);
        size_t tail =
            fseek(file, -(long)sizeof end, SEEK_END) ? 0 : fread(end, 1, sizeof end, file);
        fclose(file);
        if (head < wanted || memcmp(begin, kinds[i].begin, wanted) != 0 ||
            !memmem(end, tail, kinds[i].end, strlen(kinds[i].end)))
            check_problem(check, "%s is empty, cut short, or no image", name);
    }
}

/* The second bit of a zstd frame's descriptor says that a checksum of its content follows it
 * (RFC 8878, 3.1.1.1.1.4); reading compares it. */
static void check_archive(struct check *check) {
    char path[PATH_MAX];
    unsigned char head[5] = {0};
    snprintf(path, sizeof path, "%s/samples.jsonl.zst", check->directory);
    FILE *file = fopen(path, "re");
    if (file == NULL || fread(head, 1, sizeof head, file) != sizeof head)
        check_problem(check, "no samples.jsonl.zst: the run did not end");
    else if ((head[4] & 4) == 0)
        check_problem(check, "samples.jsonl.zst has no checksum");
    if (file)
        fclose(file);
}

/* A figure, a report, or something that has a form. */
static bool belongs(const char *name) {
    static const char *const kinds[] = {".txt", ".svg", ".png", ".html", ".md"};
    static const char *const names[] = {"samples.jsonl", "samples.jsonl.zst", "summary.tsv",
                                        "plot.tsv"};
    bool known = schema_of_file(name) != NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        known |= ends_with(name, kinds[i]);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        known |= strcmp(name, names[i]) == 0;
    return known;
}

static void check_file(struct check *check, const char *name) {
    char path[PATH_MAX];
    struct stat info;
    snprintf(path, sizeof path, "%s/%s", check->directory, name);
    if (!belongs(name))
        check_problem(check, "%s does not belong to a run",
                      schema_text(name, NAME_MAX) ? "what has a control character in its name"
                                                  : name);
    else if (lstat(path, &info) || !S_ISREG(info.st_mode))
        check_problem(check, "%s is no ordinary file", name);
    else if (strcmp(name, "samples.jsonl") == 0)
        check_problem(check, "samples.jsonl is there: the run did not end");
    else if (schema_of_file(name) == NULL && !ends_with(name, ".zst") && !ends_with(name, ".png"))
        check_text(check, name);
    check_image(check, name);
}

void check_files(struct check *check) {
    struct dirent **entries;
    int count = scandir(check->directory, &entries, NULL, alphasort);
    if (count < 0)
        die(EXIT_USAGE, "%s: %s", check->directory, strerror(errno));
    check_archive(check);
    for (int i = 0; i < count; i++) {
        if (strcmp(entries[i]->d_name, ".") != 0 && strcmp(entries[i]->d_name, "..") != 0)
            check_file(check, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}
