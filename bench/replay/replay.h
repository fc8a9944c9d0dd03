/* SPDX-License-Identifier: MIT
 *
 * replay.h: a stream of a trace as machine code that does the same accesses again, by a policy.
 *
 * The code is a function of (arena, passes): it goes over the stream so many times, in a loop
 * around straight-line code (REP and exclusive pairs are loops in it). The words of either ISA are
 * made on any machine, so that the check of both runs anywhere; only code for this machine is
 * mapped.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replay/policy.h"
#include "replay/replay_steps.h"
#include "trace/trace.h"

/* Folded: each form of an access gets the addressing it can have, the others an addition, as in a
 * translator. Same: every access is to a register alone, and the additions are there under every
 * policy: what then differs is the hardware's order and nothing else. */
enum addressing { ADDRESSING_FOLDED, ADDRESSING_SAME, ADDRESSINGS };

/* What it does with the arena's zeros must come to 0: the return value. */
typedef uint64_t replay_function(uint8_t *arena, uint64_t passes);

struct replay_code {
    uint8_t *bytes;
    size_t size;
    size_t begin, end;     /* of one pass, in bytes */
    uint64_t instructions; /* in there */
    /* Of the steps (replay_steps.h), for what is said of the code. */
    uint64_t guest_instructions, alu, moves, excess, dependences, lost;
    size_t accesses;
};

/* The code of a stream. Dies when out of memory. Free with replay_code_free(). */
struct replay_code replay_generate(enum isa isa, const struct policy *policy,
                                   const struct trace_stream *stream, enum addressing addressing);
void replay_code_free(struct replay_code *code);

/* Code of this machine's ISA, mapped to be executed: first written, then made executable and no
 * longer writable. NULL with errno set where the system refuses. Unmap with replay_unmap(). */
replay_function *replay_map(const struct replay_code *code);

/* Why this system lets no code be made executable, found by trying once; NULL if it does. */
const char *replay_refused(void);
void replay_unmap(replay_function *function, const struct replay_code *code);

#endif
