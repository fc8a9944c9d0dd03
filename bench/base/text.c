/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum { MAX_WORD = 128 };

/* Levenshtein; words longer than MAX_WORD are compared by their beginning. */
static size_t distance(const char *a, const char *b) {
    size_t row[MAX_WORD + 1], length_a = strnlen(a, MAX_WORD), length_b = strnlen(b, MAX_WORD);
    for (size_t j = 0; j <= length_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= length_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            size_t best = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            diagonal = row[j];
            row[j] = change < best ? change : best;
        }
    }
    return row[length_b];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count) {
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t d = distance(word, candidates[i]);
        if (d < best_distance) {
            best_distance = d;
            best = candidates[i];
        }
    }
    return best;
}

void text_unknown(const char *what, const char *word, const char *const *candidates, size_t count) {
    const char *nearest = text_nearest(word, candidates, count);
    if (nearest == NULL)
        die(EXIT_USAGE, "unknown %s `%s'", what, word);
    die(EXIT_USAGE, "unknown %s `%s'; nearest: `%s'", what, word, nearest);
}

bool text_next(const char **list, char *out, size_t size) {
    if (*list == NULL)
        return false;
    size_t length = strcspn(*list, ",");
    snprintf(out, size, "%.*s", (int)length, *list);
    *list = (*list)[length] ? *list + length + 1 : NULL;
    return true;
}

void text_check_list(const char *what, const char *list, const char *const *candidates,
                     size_t count) {
    for (char word[MAX_WORD + 1]; text_next(&list, word, sizeof word);) {
        size_t i = 0;
        while (i < count && !text_same(word, candidates[i]))
            i++;
        if (i == count)
            text_unknown(what, word, candidates, count);
    }
}

bool text_listed(const char *list, const char *word) {
    for (char listed[MAX_WORD + 1]; text_next(&list, listed, sizeof listed);)
        if (text_same(listed, word))
            return true;
    return false;
}

unsigned long text_number(const char *option, const char *text, unsigned long low,
                          unsigned long high) {
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 0);
    if (errno || end == text || *end || *text == '-' || value < low || value > high)
        die(EXIT_USAGE, "%s wants a number from %lu to %lu, not `%s'", option, low, high, text);
    return value;
}

const char *text_kept(const char *text) {
    static struct kept {
        struct kept *next;
        char text[];
    } * all;
    struct kept *known = all;
    while (known && strcmp(known->text, text) != 0)
        known = known->next;
    if (known == NULL) {
        known = allocate(1, sizeof *known + strlen(text) + 1);
        known->next = all;
        strcpy(known->text, text);
        all = known;
    }
    return known->text;
}

const char *text_signal(int number, char *buffer, size_t size) {
    /* sigabbrev_np() is glibc's alone, and of 2020. */
    static const struct {
        int number;
        const char *name;
    } signals[] = {
        {SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"}, {SIGILL, "SIGILL"},
        {SIGTRAP, "SIGTRAP"}, {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
        {SIGKILL, "SIGKILL"}, {SIGUSR1, "SIGUSR1"}, {SIGSEGV, "SIGSEGV"}, {SIGUSR2, "SIGUSR2"},
        {SIGPIPE, "SIGPIPE"}, {SIGALRM, "SIGALRM"}, {SIGTERM, "SIGTERM"}, {SIGXCPU, "SIGXCPU"},
        {SIGXFSZ, "SIGXFSZ"}, {SIGSYS, "SIGSYS"},
    };
    snprintf(buffer, size, "signal %d", number);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (signals[i].number == number)
            snprintf(buffer, size, "%s", signals[i].name);
    return buffer;
}
