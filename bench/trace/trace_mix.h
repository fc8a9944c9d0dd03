/* SPDX-License-Identifier: MIT
 *
 * trace_mix.h: how much of what a program does to memory: what a translator's price depends on.
 */
#ifndef TRACE_MIX_H
#define TRACE_MIX_H

#include "trace/trace.h"

enum { TRACE_MIX_SIZES = 8 };
extern const uint8_t trace_mix_sizes[TRACE_MIX_SIZES]; /* bytes: all that one access may have */

/* Accesses of one kind. */
struct trace_mix_accesses {
    double count;
    double bytes;
    double sizes[TRACE_MIX_SIZES];
    double bases[TRACE_BASES];
    double indexed;
    double displaced; /* by other than 0 */
    double vector;
    double nontemporal; /* which a vector may be too */
    double unaligned;   /* to its own size */
    double crosses_16;  /* bytes: what arm64 makes single-copy atomic is within them (LSE2) */
    double crosses_line;
    double crosses_page;
    double dependent; /* its address depends on a load of the window */
};

/* Accesses by REP. */
struct trace_mix_repeated {
    double count;
    double elements;
    double bytes;
};

/* All are doubles: counts of a window, or the mean of a trace's windows. */
struct trace_mix {
    double instructions;
    double blocks;
    struct trace_mix_accesses loads, stores, rmws;
    struct trace_mix_repeated movs, stos;
    double rmw[TRACE_RMWS];
    double fence[TRACE_FENCES];
    double footprint_bytes; /* distinct ones, by all its streams */
    double footprint_lines; /* of 64 bytes */
    double footprint_pages; /* of 4 KiB */
    double depth; /* loads in the longest chain in which each address depends on the last */
};

/* Of a window. */
struct trace_mix trace_mix_window(const struct trace_window *window);

/* Of the part of the run that the windows stand for: each counts by its share for one of its
 * instructions, and the sum is scaled to the mean number of instructions in a window, so that
 * ratios of counts are those of the run. The footprint and the depth are means, each window by its
 * share. */
struct trace_mix trace_mix(const struct trace *trace);

/* What is said of a mix: a number for each row of mix.def. */
enum trace_measure {
#define MEASURE(key, heading, meaning, value) MIX_##key,
#include "trace/mix.def"
#undef MEASURE
    TRACE_MEASURES
};
struct trace_measure_row {
    const char *key, *heading, *meaning;
};
extern const struct trace_measure_row trace_measures[TRACE_MEASURES];
/* The number of a row. */
double trace_measure(const struct trace_mix *mix, enum trace_measure measure);

#endif
