/* SPDX-License-Identifier: MIT
 *
 * progress.h: what a run says on stderr while it measures.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>

struct progress {
    bool terminal;     /* a bar that is drawn again; else a plain line now and then */
    double last_plain; /* seconds, of the last plain line */
};

/* Looks whether standard error is a terminal. */
void progress_start(struct progress *progress);

/* done of total blocks; what is measured now; seconds left, or < 0 when not known. elapsed is the
 * run's own clock. */
void progress_show(struct progress *progress, unsigned done, unsigned total, const char *set,
                   unsigned block, long rounds, double elapsed, double left);

/* Ends the bar's line. */
void progress_end(struct progress *progress);

#endif
