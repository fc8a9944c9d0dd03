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

#include "replay/disassemble.h"
#include "replay/policy.h"
#include "replay/replay.h"
#include "trace/trace.h"

/* Which accesses loaded what is in a register, or what that was computed from: each 1 + its place
 * in the list of what was found, or one of these; 0: none, it is made of constants. */
#define ORIGIN_UNWRITTEN UINT32_MAX       /* nothing has written the register */
#define ORIGIN_OTHERS    (UINT32_MAX - 1) /* and of more accesses than there is room for */
struct origin {
    uint32_t of[2]; /* an exclusive store's data: its own load and the operand */
};

/* Of what is computed from both. */
struct origin origin_join(struct origin a, struct origin b);

/* What a decoder knows of a register. */
struct value {
    uint64_t is;
    struct origin from;
};

/* An access, a barrier or a NOP. */
struct listed {
    char word[MAX_WORD]; /* as policies have it; of an RMW its instruction: "LDADDAL" */
    char way;            /* 'R' reads, 'W' writes, 'M' does both, '-' neither */
    bool vector;
    uint32_t bytes;
    int64_t offset;              /* into the arena */
    size_t from;                 /* the record, or the place in the code */
    struct origin address, data; /* of what is found */
};

struct access_list {
    struct listed *items;
    size_t count, room;
};

/* Appends an item, for which it makes room; and frees the items. */
void access_list_add(struct access_list *list, struct listed item);
void access_list_free(struct access_list *list);

/* What the code of a stream has to do. The caller frees the list. */
struct access_list access_list_of(enum isa isa, const struct policy *policy,
                                  const struct trace_stream *stream);

/* What code does in one pass, by evaluating it, with nothing but 0 in memory and nothing written in
 * the registers but arguments and stack pointer: all of it, from its entry to its return; accesses
 * before `begin` and from `end` on are no part. The caller frees the list. False, and one line in
 * why, at an instruction it does not know, a jump to nowhere, or a result that comes from a load:
 * what is returned is the sum of the additions that nothing may delay. */
struct decoding {
    const struct instruction *instructions; /* offsets from `start` on */
    size_t count, start, begin, end;
    struct access_list found;
    uint64_t in_pass; /* instructions between begin and end, as they stand there */
    char *why;
    size_t why_size;
};

/* Adds what the instruction at this place does, if that is in the pass: the origin of what it
 * loads. item.offset is the address, as the decoder has it. */
struct origin decoding_found(struct decoding *decoding, size_t place, struct listed item);

/* Fills in what an ISA's code does, from the instructions. False, and why, as above. */
bool decode_aarch64(struct decoding *decoding);
bool decode_x86_64(struct decoding *decoding);

enum {
    ARENA_BIT = 40,         /* the address that a decoder gives the arena */
    DECODE_LIMIT = 1 << 26, /* instructions until it gives up */
};

#endif
