/* SPDX-License-Identifier: MIT
 *
 * finish.h: what a complete run leaves beside its samples.
 */
#ifndef FINISH_H
#define FINISH_H

#include "samples/samples.h"

/* The text of a run's summary.tsv, or death; the caller frees it. */
char *finish_summary(const struct samples *run);

/* Writes summary.tsv and benchmark.json from the samples in the folder, then compresses them. All
 * may be done again, wherever it was stopped. Dies when one of them cannot be written, with the
 * remedy in its words; the samples are then still as they were. */
void finish_run(const char *directory, const char *remedy);

#endif
