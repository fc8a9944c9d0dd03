/* SPDX-License-Identifier: MIT
 *
 * replay_check.h: does the code that the generator made do what the trace says, by the policy?
 */
#ifndef REPLAY_CHECK_H
#define REPLAY_CHECK_H

#include "replay/replay.h"

/* One piece of code to be checked, and of what it is. */
struct checked {
    enum isa isa;
    const struct policy *policy;
    const struct trace_stream *stream;
    enum addressing addressing;
    struct replay_code code;
    /* After the check: */
    char why[256];     /* what is wrong, or "" */
    uint64_t accesses; /* instructions that access memory, in a pass, as they are executed */
};

/* Disassembles all the code, which is of one ISA, and holds each access, barrier and NOP of a pass
 * against the trace and the policy: word, size, kind of register, address and order; and where the
 * registers of address and data come from: from the access that the trace names, and from no
 * other. Returns how many are wrong. */
size_t replay_check(struct checked *all, size_t count);

enum { EXECUTE_SEEDS = 3 };

/* Executes so many passes of code for this machine on an arena of so many zeros, once for each of
 * EXECUTE_SEEDS contents of the registers, which are not 0: NULL, or what is wrong. */
const char *replay_execute(const struct replay_code *code, uint64_t arena_bytes, uint64_t passes);

#endif
