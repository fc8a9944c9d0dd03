/* SPDX-License-Identifier: MIT
 *
 * answers.h: an item of the checklist: "NN. question: answer; question: answer", its lines broken
 * for a mail and indented. What has no answer is answered "no".
 */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "report/report.h"

struct list {
    const struct report *report;
    FILE *out;
    int number;
    char *text; /* of the item that is being put together */
    size_t size;
    FILE *item;
};

/* An item is what is answered between these two. */
void begin_item(struct list *list);
void end_item(struct list *list);

/* One question and its answer; of answer_text NULL is "no". */
void answer(struct list *list, const char *question, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void answer_text(struct list *list, const char *question, const char *text);

/* An array of machine.json as words: its strings, or these keys of its objects. */
void answer_array(struct list *list, const char *question, const char *key,
                  const char *const *parts);

/* What the litmus batteries saw, a question a memory model. */
void answer_litmus(struct list *list);

/* The lowerings that were compared and begin so. */
void answer_lowering(struct list *list, const char *question, const char *beginning);

/* What the loops that only load or only store reach. */
void answer_peaks(struct list *list);

#endif
