/* SPDX-License-Identifier: MIT
 *
 * raw.h: what the plugin hands to `tsobench trace record`: a file with the program's addresses,
 * made and read by programs of the same build, and removed at once.
 */
#ifndef RAW_H
#define RAW_H

#include "trace/trace.h"

/* A record as it comes. Its offsets are not filled in: the addresses are. */
struct raw_access {
    struct trace_access access;
    uint64_t address;
    uint64_t to; /* MOVS */
};

/* Of a run or a part of it: what was counted. Elements of REP are counted one by one. */
struct raw_totals {
    uint64_t instructions;
    uint64_t loads;  /* RMW not among them */
    uint64_t stores; /* RMW not among them */
    uint64_t rmws;
    uint64_t fences;
};

enum raw_tag { RAW_WINDOW = 1, RAW_END, RAW_FAILURE };

/* Before the streams of a window, each of which is a struct raw_stream and its records; and, as
 * the last in the file, one with RAW_END, or RAW_FAILURE and a line that says why. */
struct raw_header {
    uint64_t tag;
    uint64_t begin;           /* RAW_WINDOW: instructions of the run before it */
    uint64_t streams;         /* RAW_WINDOW */
    struct raw_totals totals; /* RAW_END: of the run; but for instructions 0 unless asked for */
};

struct raw_stream {
    uint64_t instructions;
    uint64_t count; /* of records */
};

#endif
