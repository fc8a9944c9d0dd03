/* SPDX-License-Identifier: MIT
 *
 * probes.h: what is asked of a core, and of which turns each answer is read.
 */
#ifndef PROBES_H
#define PROBES_H

#include "core/turn.h"

/* How an answer is read. */
enum reading {
    READ_KNEE,    /* how many fit between two misses until these no longer overlap */
    READ_RATE,    /* accesses a cycle, of many in a row */
    READ_CYCLES,  /* cycles an access, of many in a row */
    READ_MERGE,   /* the same of stores to one line that is not there */
    READ_OVERLAP, /* misses at a time, of many in a row */
    READ_WAIT,    /* 1: two misses at once; 2: the second waits for the first */
    READ_UNDONE,  /* times as long where another core writes the line that is read */
    READINGS
};

enum { PROBE_POINTS = 1024 };

/* The points of READ_WAIT, and of READ_UNDONE. */
enum { WAIT_NOTHING, WAIT_BARRIER, WAIT_FIRST, WAIT_SECOND, WAIT_BOTH, WAIT_POINTS };
enum { UNDONE_ALONE, UNDONE_WRITTEN, UNDONE_POINTS };

struct probe {
    char id[64];          /* "store-buffer/STLR" */
    char words[48];       /* the instructions that are asked about: "STR; DMB ISHST" */
    const char *question; /* "entries of the store buffer" */
    enum reading reading;
    struct turn turn;
    unsigned most;  /* READ_KNEE: of these at most */
    unsigned extra; /* READ_KNEE: entries that the two misses take themselves */
};

/* What is asked on an ISA; with `only` those whose id it fits, with * and ?. The caller frees it.
 */
struct probe *probes_of(enum isa isa, const char *only, size_t *count);

/* The points of a probe: how many. */
size_t probe_points(const struct probe *probe, struct turn_point points[PROBE_POINTS]);

/* The unit of its answer: "entries", "cycles", ... */
const char *probe_unit(const struct probe *probe);

#endif
