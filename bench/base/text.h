/* SPDX-License-Identifier: MIT
 *
 * text.h: the few things about words that several commands need.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline bool text_same(const char *left, const char *right) {
    return strcmp(left, right) == 0;
}

/* The candidate with the smallest edit distance to word, or NULL when there is none. */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

/* Dies with EXIT_USAGE: "unknown <what> `word'; nearest: `x'". */
_Noreturn void text_unknown(const char *what, const char *word, const char *const *candidates,
                            size_t count);

/* Takes the first word off a list, "memory,cpu": into out, cut to its size. False, where *list is
 * NULL: there are no more. An empty list holds one empty word. */
bool text_next(const char **list, char *out, size_t size);

/* Dies with EXIT_USAGE as text_unknown() does if a word of a list is none of the candidates. */
void text_check_list(const char *what, const char *list, const char *const *candidates,
                     size_t count);

/* Whether a word is one of a list's, which may be NULL. */
bool text_listed(const char *list, const char *word);

/* A whole decimal number from text in [low, high], or death with EXIT_USAGE naming option. */
unsigned long text_number(const char *option, const char *text, unsigned long low,
                          unsigned long high);

/* A copy that lives as long as the process; of equal texts there is one. */
const char *text_kept(const char *text);

/* The signal's name without a leading "SIG" missing: "SIGILL". */
const char *text_signal(int number, char *buffer, size_t size);

#endif
