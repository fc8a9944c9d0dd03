/* SPDX-License-Identifier: MIT
 *
 * bounds.h: what a run directory may be at most. Files of others are read, and a few kilobytes must
 * not cost gigabytes or minutes; whatever passes a bound is refused in one line that names it. The
 * largest run in results/ (half an hour, 537 sets) is at 4531 lines, 126 MiB of text in 32 MiB of
 * archive, 73 KB a line.
 */
#ifndef BOUNDS_H
#define BOUNDS_H

#define BOUND_MIB ((size_t)1 << 20)

enum {
    BOUND_LINES = 200000,    /* of samples.jsonl */
    BOUND_SETS = 16384,      /* the exhaustive suite has 1508 */
    BOUND_KERNELS = 192,     /* names of kernels in a run */
    BOUND_LOWERINGS = 1024,  /* names of lowerings and forms in a run */
    BOUND_BLOCKS = 4096,     /* of a set, and blocks of it that died */
    BOUND_CELLS = 128,       /* of a set, likewise what is skipped of it */
    BOUND_PLACES = 512,      /* of a round: its cells, and what is executed for balance */
    BOUND_EVENTS = 256,      /* names of events in a set */
    BOUND_ROUNDS = 10000000, /* of a block */
    BOUND_KEY = 64,          /* bytes of a key */
    BOUND_NAME = 512,        /* bytes of a name */
    BOUND_TEXT = 4096        /* bytes of any other text */
};

/* The text of samples: this much, or what an archive of its size can hold if that is more. Real
 * samples are packed to a quarter, made-up ones to a thirtieth. */
#define BOUND_SAMPLES (64 * BOUND_MIB)
enum { BOUND_UNPACKED = 32 };

/* Memory of the samples as read, likewise with 16 bytes for each of the file's. */
#define BOUND_KEPT (112 * BOUND_MIB)
enum { BOUND_KEPT_EACH = 16 };

/* What zstd may keep of what it has unpacked: 2 to this power bytes. */
enum { BOUND_WINDOW_LOG = 25 };

/* A file beside the samples; a line; and the memory that a JSON text becomes: this much, or 12
 * bytes for each of the text's, as the pairs of many CPUs in matrix.json take. */
#define BOUND_FILE (64 * BOUND_MIB)
#define BOUND_LINE (16 * BOUND_MIB)
#define BOUND_TREE (96 * BOUND_MIB)
enum { BOUND_TREE_EACH = 12 };

#endif
