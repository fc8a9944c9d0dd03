/* SPDX-License-Identifier: MIT
 *
 * store_paths.h: the TSO tax of a simulated core, kernel by kernel, by the way its stores leave the
 * store queue (scripts/gem5/cores.py), and which step from the dearest way to the cheapest makes
 * the difference.
 */
#ifndef STORE_PATHS_H
#define STORE_PATHS_H

#include "report/report.h"

enum store_path {
    STORE_PATH_SERIAL,    /* one store at a time waits for the cache's answer */
    STORE_PATH_HITS,      /* a store that hits leaves each cycle */
    STORE_PATH_PIPELINED, /* and lines of streams are fetched ahead */
    STORE_PATHS
};

/* What machine.json calls it. */
const char *store_path_name(enum store_path path);

/* Of a run; of one that says nothing of it, which was simulated before there were others: serial.
 */
enum store_path store_path_of(const struct report *report);

/* TSO taxes of a run, which outlive the report. NULL if it was not simulated or has none. Free them
 * with tso_taxes_free(). */
struct tso_taxes;
struct tso_taxes *tso_taxes_of(const struct report *report);
void tso_taxes_free(struct tso_taxes *taxes);

/* Leaves of each run's taxes (NULL: none) those that all have, and of each the mean of these: what
 * is compared is of the same kernels. Returns the means by place; NAN for NULL. */
void tso_taxes_keep_common(struct tso_taxes *const *taxes, size_t count, double *means);

/* The table of several store paths of one core: by_path[STORE_PATHS], NULL where there is no run.
 * Nothing unless there are two. */
void store_paths_print(struct tso_taxes *const *by_path, const char *core, const struct page *page);

#endif
