/* SPDX-License-Identifier: MIT
 *
 * gains.h: what order costs in real programs, as the linear model has it: with the sequences that
 * are recommended, and with what translators emit.
 */
#ifndef GAINS_H
#define GAINS_H

#include "advise/predict.h"

struct gains {
    struct trace **traces; /* sorted by name */
    size_t count;
};

/* Where traces are: the folder asked for, or that of the replay. */
const char *traces_folder(const char *asked);

/* The traces of a folder; none if it does not exist. Dies where one cannot be read. */
struct gains gains_open(const char *folder);
void gains_close(struct gains *gains);

/* Keeps the trace of this name alone; false where there is none. */
bool gains_keep(struct gains *gains, const char *name);

/* How often each operation comes in 100 instructions, mean of the traces. */
void gains_weights(const struct gains *gains, double weights[OPERATIONS]);

/* What order costs in each trace, as a table; and as an array that the caller owns. */
void gains_print(const struct gains *gains, const struct advice *advice, const struct page *page);
json_t *gains_json(const struct gains *gains, const struct advice *advice);

#endif
