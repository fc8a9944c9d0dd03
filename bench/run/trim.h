/* SPDX-License-Identifier: MIT
 *
 * trim.h: a run made small enough to be published. Of a set of several blocks the rounds go: of
 * each block and cell stay the medians that a summary is made of, how many samples they are of, and
 * what was seen in the rounds (diagnose.h). Intervals are over blocks, so summary.tsv is the same
 * to the last digit. A set one of whose cells has samples in one block only stays whole, since its
 * interval is over rounds.
 */
#ifndef TRIM_H
#define TRIM_H

/* Makes the folder `into` a trimmed copy of the finished run in `directory`: samples, summary.tsv
 * and what cannot be made of them, but no benchmark.json, reports and figures. Dies where that
 * cannot be, and where the copy's summary would be another one; `into` is then not there. */
void trim_run(const char *directory, const char *into);

#endif
