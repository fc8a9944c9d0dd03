/* SPDX-License-Identifier: MIT
 *
 * access_list.h: accesses and barriers in the order they are done: what a trace says should be, and
 * what a decoder finds.
 */
#ifndef ACCESS_LIST_H
#define ACCESS_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "disassemble.h"
#include "policy.h"
#include "replay.h"
#include "trace.h"

/* An access, a barrier or a NOP. */
struct listed {
    char word[MAX_WORD]; /* as policies have it; of an RMW its instruction: "LDADDAL" */
    char way;            /* 'R' reads, 'W' writes, 'M' does both, '-' neither */
    bool vector;
    uint32_t bytes;
    int64_t offset; /* into the arena */
    size_t from;    /* the record, or the place in the code */
};

struct access_list {
    struct listed *items;
    size_t count, room;
};

void access_list_add(struct access_list *list, struct listed item);
void access_list_free(struct access_list *list);

/* What the code of a stream has to do. The caller frees the list. */
struct access_list access_list_of(enum isa isa, const struct policy *policy,
                                  const struct trace_stream *stream);

/* What code does in one pass, by evaluating it, with nothing but 0 in memory: all of it, from its
 * entry to its return; accesses before `begin` and from `end` on are no part. The caller frees the
 * list. False, and one line in why, at an instruction it does not know or a jump to nowhere. */
struct decoding {
    const struct instruction *instructions; /* offsets from `start` on */
    size_t count, start, begin, end;
    struct access_list found;
    uint64_t in_pass; /* instructions between begin and end, as they stand there */
    char *why;
    size_t why_size;
};
bool decode_aarch64(struct decoding *decoding);
bool decode_x86_64(struct decoding *decoding);

enum { DECODE_LIMIT = 1 << 26 }; /* instructions until it gives up */

#endif
