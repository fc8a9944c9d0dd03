/* SPDX-License-Identifier: MIT */
#include "base/private.h"

#include <ctype.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* By /etc/passwd alone: getpwuid() loads libraries of the machine, which no static program can. */
static void find_user(char *name, size_t size) {
    FILE *file = fopen("/etc/passwd", "re");
    snprintf(name, size, "?");
    for (const struct passwd *entry; file && (entry = fgetpwent(file)) != NULL;)
        if (entry->pw_uid == getuid())
            snprintf(name, size, "%s", entry->pw_name);
    if (file)
        fclose(file);
}

/* Of this machine and user; asked for once. */
static const char *const *own_names(void) {
    static char host[256], user[256];
    static const char *names[] = {host, "", user, ""};
    if (*user == 0) {
        gethostname(host, sizeof host - 1);
        find_user(user, sizeof user);
        names[1] = getenv("HOSTNAME") ? getenv("HOSTNAME") : "";
        names[3] = getenv("USER") ? getenv("USER") : "";
    }
    return names;
}

const char *private_part(const char *text) {
    static char found[96];
    const char *const *names = own_names();
    for (size_t i = 0; i < 4; i++)
        if (is_telling(names[i]) && has_word(text, names[i]))
            return i < 2 ? "the host name" : "the user name";
    const char *path = find_path(text);
    if (path)
        snprintf(found, sizeof found, "a path: %.*s", (int)strcspn(path, " \t\n\"';,"), path);
    else if (has_address(text))
        snprintf(found, sizeof found, "what looks like user@host");
    return path || has_address(text) ? found : NULL;
}

void private_left_out(char *out, size_t size, const char *text) {
    size_t used = 0, word = 0; /* where the word begins in out */
    for (; *text && used + 1 < size; text++) {
        if (*text == '/') {
            used = word;
            continue;
        }
        out[used++] = isprint((unsigned char)*text) ? *text : '?';
        if (strchr(" :=,;\"'(", *text))
            word = used;
    }
    out[used] = '\0';
    if (private_part(out))
        snprintf(out, size, "not shown");
}
