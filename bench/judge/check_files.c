/* SPDX-License-Identifier: MIT
 *
 * check_files.c: the folder, and what in it should not go round the world.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "die.h"

/* ---- private data ---- */

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

static bool has_word(const char *text, const char *word) {
    size_t length = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at++)
        if ((at == text || !is_word(at[-1])) && !is_word(at[length]))
            return true;
    return false;
}

/* Names that many machines and people have tell nothing. */
static bool is_telling(const char *name) {
    static const char *const common[] = {"localhost", "debian", "ubuntu", "fedora", "asahi",
                                         "root",      "user",   "admin",  "runner", "build"};
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        if (strcmp(name, common[i]) == 0)
            return false;
    return strlen(name) >= 4;
}

/* An absolute path's beginning in the text, or NULL: a slash before a letter and after nothing
 * that could be a name, as there is in set names ("kernel/bytes=8"); or where people's files are,
 * after anything ("-I/home/x"). */
static const char *find_path(const char *text) {
    static const char *const roots[] = {"/home/", "/Users/", "/root/", "/tmp/", "/mnt/"};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        if (strstr(text, roots[i]))
            return strstr(text, roots[i]);
    for (const char *at = text; (at = strchr(at, '/')); at++)
        if ((isalpha((unsigned char)at[1]) || at[1] == '.') &&
            (at == text || strchr(" \t=:,;\"'(", at[-1])))
            return at;
    return NULL;
}

/* Names of two letters or more around an @, which is also a mark in figures made of text. */
static bool has_address(const char *text) {
    for (const char *at = text; (at = strchr(at, '@')); at++)
        if (at > text + 1 && isalnum((unsigned char)at[-1]) && isalnum((unsigned char)at[-2]) &&
            isalnum((unsigned char)at[1]) && isalnum((unsigned char)at[2]))
            return true;
    return false;
}

const char *check_private(const char *text) {
    static char found[96];
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    const struct passwd *user = getpwuid(getuid());
    const char *names[][2] = {{"the host name", host},
                              {"the host name", getenv("HOSTNAME")},
                              {"the user name", user ? user->pw_name : NULL},
                              {"the user name", getenv("USER")}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i][1] && is_telling(names[i][1]) && has_word(text, names[i][1]))
            return names[i][0];
    const char *path = find_path(text);
    if (path)
        snprintf(found, sizeof found, "a path: %.*s", (int)strcspn(path, " \t\n\"';,"), path);
    else if (has_address(text))
        snprintf(found, sizeof found, "what looks like user@host");
    return path || has_address(text) ? found : NULL;
}

/* ---- files ---- */

static bool ends_with(const char *name, const char *tail) {
    size_t length = strlen(name), end = strlen(tail);
    return length >= end && strcmp(name + length - end, tail) == 0;
}

static void check_text(struct check *check, const char *path, const char *name) {
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t capacity = 0, number = 0;
    if (file == NULL)
        check_problem(check, "%s: %s", name, strerror(errno));
    while (file && getline(&line, &capacity, file) > 0) {
        number++;
        const char *why = check_private(line);
        if (why) {
            check_problem(check, "%s:%zu: holds %s", name, number, why);
            break;
        }
    }
    if (file)
        fclose(file);
    free(line);
}

/* The second bit of a zstd frame's descriptor says that a checksum of its content follows it
 * (RFC 8878, 3.1.1.1.1.4); reading compares it. */
static void check_archive(struct check *check, const char *path) {
    unsigned char head[5] = {0};
    FILE *file = fopen(path, "re");
    if (file == NULL || fread(head, 1, sizeof head, file) != sizeof head)
        check_problem(check, "no samples.jsonl.zst: the run did not end");
    else if ((head[4] & 4) == 0)
        check_problem(check, "samples.jsonl.zst has no checksum");
    if (file)
        fclose(file);
}

void check_files(struct check *check) {
    static const char *const kinds[] = {".json", ".zst", ".tsv",  ".txt", ".svg",
                                        ".png",  ".gp",  ".html", ".md",  ".jsonl"};
    char path[PATH_MAX];
    DIR *folder = opendir(check->directory);
    if (folder == NULL)
        die(EXIT_USAGE, "%s: %s", check->directory, strerror(errno));
    snprintf(path, sizeof path, "%s/samples.jsonl.zst", check->directory);
    check_archive(check, path);
    for (struct dirent *entry; (entry = readdir(folder));) {
        const char *name = entry->d_name;
        bool known = false, text = !ends_with(name, ".zst") && !ends_with(name, ".png");
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
            known |= ends_with(name, kinds[i]);
        snprintf(path, sizeof path, "%s/%s", check->directory, name);
        if (!known)
            check_problem(check, "%s does not belong to a run", name);
        else if (strcmp(name, "samples.jsonl") == 0)
            check_problem(check, "samples.jsonl is there: the run did not end");
        else if (text)
            check_text(check, path, name);
    }
    closedir(folder);
}
