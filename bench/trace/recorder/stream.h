/* SPDX-License-Identifier: MIT
 *
 * stream.h: makes a thread's records of what QEMU reports piece by piece. An instruction's accesses
 * are gathered while it runs and become records when the next one begins: only then is it known
 * that they are all there.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/recorder/decode.h"
#include "trace/recorder/raw.h"

/* What QEMU reports: at most 8 bytes (16 of a compare and exchange) at a time. */
struct touch {
    uint64_t address;
    uint8_t size;
    bool store;
};

enum { STREAM_TOUCHES = 512 };

struct stream {
    struct raw_access *records;
    size_t count, capacity;
    size_t accesses;             /* of the records: neither fences nor blocks */
    uint64_t instructions;       /* since the stream began */
    size_t whole_count;          /* of the records that stand in complete blocks */
    uint64_t whole_instructions; /* likewise */
    bool began;                  /* at the first block that begins after it was opened */

    const struct code *previous; /* instruction */
    const struct code *pending;  /* the one that runs */
    struct touch touches[STREAM_TOUCHES];
    unsigned touch_count;
    unsigned made;           /* records that the one that runs has */
    uint64_t elements;       /* of REP MOVS, STOS */
    uint64_t source, target; /* their lowest addresses */
    bool backward;
    uint32_t gap;
    uint32_t loaded;          /* number of the record, from 1, that pending has loaded by */
    uint32_t from[REGISTERS]; /* likewise, the load whose value a register holds; 0: none */
    uint64_t zeroes;          /* registers that the block has made 0 */
};

/* Empties a stream for a new window. Its memory is kept. */
void stream_open(struct stream *stream);

/* The thread begins to run an instruction; true if a block begins with it. */
bool stream_execute(struct stream *stream, const struct code *code);

/* The instruction that runs has accessed memory. */
void stream_touch(struct stream *stream, const struct code *code, struct touch touch);

/* Adds the records to the totals and forgets them. */
void stream_tally(struct stream *stream, struct raw_totals *totals);

#endif
