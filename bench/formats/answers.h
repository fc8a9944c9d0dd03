/* SPDX-License-Identifier: MIT
 *
 * answers.h: an item of the checklist: "NN. question: answer; question: answer", its lines broken
 * for a mail and indented. What has no answer is answered "no", and what would give one is kept.
 */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "report/report.h"

struct list {
    const struct report *report;
    FILE *out;     /* NULL: only what is missing is wanted */
    FILE *missing; /* "question: what would answer it", a line each; or NULL */
    int number;
    char *text; /* of the item that is being put together */
    size_t size;
    FILE *item;
};

/* An item is what is answered between these two. */
void begin_item(struct list *list);
void end_item(struct list *list);

/* One question and its answer. */
void answer(struct list *list, const char *question, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same; a text of NULL is "no", and `remedy` says what would give an answer. */
void answer_text(struct list *list, const char *question, const char *text, const char *remedy);

/* The same of what only arm64 has; and of what only hardware has, and no simulator. */
void answer_arm64(struct list *list, const char *question, const char *text, const char *remedy);
void answer_hardware(struct list *list, const char *question, const char *text, const char *remedy);

/* An array of machine.json as words: its strings, or these keys of its objects; without any:
 * `none`. */
void answer_array(struct list *list, const char *question, const char *key,
                  const char *const *parts, const char *none);

/* What the litmus batteries saw, a question a memory model. */
void answer_litmus(struct list *list);

/* The lowerings that were compared and begin so; they are of arm64. */
void answer_lowering(struct list *list, const char *question, const char *beginning);

/* What each lowering that was compared emits; and what the oracle says of it. */
void answer_sequences(struct list *list);
void answer_oracle(struct list *list);

/* What the loops that only load or only store reach. */
void answer_peaks(struct list *list);

#endif
