/* SPDX-License-Identifier: MIT
 *
 * summary.h: what the raw samples say, a row a cell: summary.tsv.
 *
 * A ratio is the cell's time over the baseline's in the same round, 50 microseconds away, so both
 * saw the same clock. The baseline against itself (A/A) and against the same source at another
 * address (twin) check the method: 95 % of their intervals hold 1 (selftest/identical.h). Where all
 * blocks were of one layout of the program, intervals do not know what placement does, and the set
 * has a floor: how far those two reach from 1. Nothing is dropped as an outlier: a sample that is
 * left out was spoiled by something the kernel reported, and is counted.
 *
 * Columns of summary.tsv, tab separated, an empty field where there is no number:
 *
 *   set kernel parameters threads lowering coverage memory_model
 *   sound         sound, unsound, or empty for code that is no lowering
 *   source        measured, emulated or simulated
 *   samples       samples that count
 *   ns_per_op     over all threads together; cycles_per_op likewise, of one core's clock
 *   ratio ratio_low ratio_high    with the 95 % interval (stats.h)
 *   metric        the kernel's own number, where it has one (a lock's fairness): the median over
 *                 blocks of their medians
 *   noise_floor   a fraction; empty where blocks were of several layouts, whose intervals need
 *                 none; else for another lowering the larger of A/A and twin, for the same code
 *                 (another memory model, the twin) A/A
 *   flags         separated by blanks:
 *     baseline aa twin reference form    the row's part, unless it is a lowering under test
 *     centre                  of the set that stands for its kernel in headlines
 *     unsound                 does not keep TSO
 *     erratum=N               the core has this erratum, which makes the lowering another one
 *     below-floor             no difference from 1 is shown: the interval holds 1, or the ratio is
 *                             within the floor
 *     wide                    the interval is wider than the run was asked for
 *     one-block               the interval knows nothing of other processes; not of simulations,
 *                             which have no interval and are the same in each process
 *     one-layout              of a baseline: its set's code was at one place in all blocks, of
 *                             which the intervals know nothing
 *     unsettled=N             blocks in which a longer lead-in would have changed a cell's time
 *     drift=P%                share of samples during which the clock moved more than 1 %
 *     crowded=N               blocks during which the core issued less than 93 % of what it did at
 *                             its best in this run: somebody else has used it, too
 *     throttled=N             blocks during which a control group's quota of CPU time was used up
 *     preempted=N spoiled=N   samples; spoiled ones are left out
 *     check-failed=N          samples whose result was wrong
 *     bimodal=P%              times in two modes, P apart; warm-up=P% and trend=P% (diagnose.h)
 *     nonlinear=P%            so far is the time of twice the operations from twice the time, where
 *                             it was measured: something else than the operations is timed. Of
 *                             several threads: their start, which bench/import has taken off
 *     instructions=P%         more than the same code takes in another memory model: the cell is
 *                             not to be compared with it (same_code.h)
 *     failed=REASON skipped=REASON
 *     unproven                no litmus battery ran in this mode, or too short a one (proof.h)
 *     weak-not-demonstrated   it ran and saw no weak outcome
 *     mode-disproved          it saw an outcome that this mode forbids
 */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include "samples/samples.h"
#include "stats/stats.h"
#include "summary/diagnose.h"

/* What the samples of a cell come to beside its numbers. */
struct summary_tally {
    size_t samples; /* that count */
    size_t spoiled, drifted, blocks;
    size_t crowded, throttled, unsettled; /* blocks */
    size_t preempted, check_failed;
};

struct summary_row {
    const struct sample_set *set;
    const char *lowering;
    enum role role; /* ROLE_NONE: there are no numbers */
    enum coverage coverage;
    enum memmodel model;
    enum sound sound;
    const char *witness;
    unsigned erratum; /* or 0 */
    struct summary_tally tally;
    struct interval ns, ratio; /* ns per operation; over the baseline's */
    double cycles;             /* per operation */
    double metric;             /* NAN: none */
    double floor;              /* NAN: none */
    double apart;              /* instructions: same_code_apart() */
    double nonlinear; /* time of 2n operations over twice that of n, less 1; NAN: unknown */
    struct diagnosis diagnosis;
    bool centre;
    bool below_floor;
    const char *skipped; /* why there are no numbers, or NULL */
};

struct summary {
    const struct samples *run;
    double issue_width;       /* the best of the run's blocks; NAN: not known */
    struct summary_row *rows; /* in the order of the run's sets and their cells */
    size_t count;
    size_t *first; /* row of each set, and one more: where they end */
};

/* The rows of a run, which must outlive them; and the table above. */
struct summary *summary_build(const struct samples *run);
void summary_free(struct summary *summary);
void summary_write_tsv(const struct summary *summary, FILE *out);

/* Whether its interval is wider than the run was asked for. */
bool summary_is_wide(const struct summary *summary, const struct summary_row *row);

/* The row's flags as above, without a newline. */
void summary_print_flags(const struct summary *summary, const struct summary_row *row, FILE *out);

/* The paired ratio of two cells of a set, neither of which need be the baseline, and what the set
 * cannot tell from 1 between them: NAN without A/A. Cells by their place in the set. */
struct interval summary_paired(const struct sample_set *set, size_t cell, size_t base);
double summary_paired_floor(const struct summary *summary, const struct sample_set *set,
                            size_t cell, size_t base);

/* What the set cannot tell from 1 between cells of other code than its baseline's: NAN without A/A.
 */
double summary_floor(const struct summary *summary, const struct sample_set *set);

/* A cell's cycles per operation, with their interval. */
struct interval summary_cycles(const struct sample_set *set, size_t cell);

/* The rows of a set. */
const struct summary_row *summary_rows(const struct summary *summary, const struct sample_set *set,
                                       size_t *count);

/* The row of a set with this role, or NULL. */
const struct summary_row *summary_role(const struct summary *summary, const struct sample_set *set,
                                       enum role role);

/* The set that stands for a kernel in headlines: nearest to the centre of its parameters, and of
 * these the one with most threads (a lock is for several). NULL if nothing of it was measured, or
 * if it compares instructions and no lowerings. */
const struct sample_set *summary_centre(const struct samples *run, const char *kernel);

#endif
