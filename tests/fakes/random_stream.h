/* SPDX-License-Identifier: MIT
 *
 * random_stream.h: made-up streams in which everything a trace may hold is mixed at random.
 */
#ifndef RANDOM_STREAM_H
#define RANDOM_STREAM_H

#include <stdlib.h>

#include "stats/rng.h"
#include "trace/trace.h"

enum { RANDOM_ARENA = 16 * TRACE_PAGE_BYTES };

static inline uint32_t random_below(struct rng *rng, uint32_t limit) {
    return (uint32_t)(rng_next(rng) >> 33) % limit;
}

/* How many records earlier a load stands that a record may depend on: one in `rarely` does. */
static inline uint32_t random_load_before(struct rng *rng, const struct trace_access *accesses,
                                          size_t at, uint32_t rarely) {
    if (random_below(rng, rarely))
        return 0;
    for (uint32_t back = 1 + random_below(rng, 6); back <= at; back++)
        if (accesses[at - back].kind == TRACE_LOAD || accesses[at - back].kind == TRACE_RMW)
            return back;
    return 0;
}

static inline struct trace_access random_access(struct rng *rng,
                                                const struct trace_access *accesses, size_t at) {
    static const uint8_t kinds[] = {TRACE_LOAD,  TRACE_LOAD,  TRACE_LOAD,  TRACE_LOAD,
                                    TRACE_STORE, TRACE_STORE, TRACE_STORE, TRACE_BLOCK,
                                    TRACE_RMW,   TRACE_FENCE, TRACE_MOVS,  TRACE_STOS};
    struct trace_access access = {.kind = kinds[random_below(rng, random_below(rng, 4) ? 8 : 12)]};
    access.gap = random_below(rng, 3) ? random_below(rng, 4) : 0;
    if (access.kind == TRACE_FENCE)
        access.op = (uint8_t)random_below(rng, TRACE_FENCES);
    if (access.kind == TRACE_FENCE || access.kind == TRACE_BLOCK)
        return access;
    bool rep = access.kind == TRACE_MOVS || access.kind == TRACE_STOS;
    access.count = 1;
    access.base = (uint8_t)random_below(rng, TRACE_BASES);
    access.size = (uint8_t)(1u << random_below(rng, rep || access.kind == TRACE_RMW ? 4 : 7));
    access.vector = access.kind != TRACE_RMW && !rep && random_below(rng, 3) == 0;
    if (access.size > 8 && random_below(rng, 4) == 0 && !access.vector && !rep)
        access.size = 10;
    if (access.kind == TRACE_RMW) {
        access.op = (uint8_t)random_below(rng, TRACE_RMWS);
        if (access.op == TRACE_CMPXCHG && random_below(rng, 2))
            access.size = 16;
    }
    access.nontemporal = access.kind == TRACE_STORE && random_below(rng, 16) == 0;
    if (!access.vector && !access.nontemporal && access.kind < TRACE_RMW && access.size <= 10)
        access.op = random_below(rng, 4) ? TRACE_BY_MOVE : TRACE_BY_X87;
    if (access.kind == TRACE_STOS)
        access.op = random_below(rng, 2) ? TRACE_STORED_ZERO : TRACE_STORED_ANY;
    access.indexed = !rep && access.base != TRACE_BASE_RIP && random_below(rng, 4) == 0;
    if (!rep && access.base != TRACE_BASE_RIP && random_below(rng, 2))
        access.displacement = random_below(rng, 8)
                                  ? (int32_t)random_below(rng, 512) - 256
                                  : (int32_t)rng_next(rng) >> random_below(rng, 20);
    uint32_t room = RANDOM_ARENA - 4096;
    access.offset = random_below(rng, room / 64) * 64 + random_below(rng, 8) * 8;
    if (random_below(rng, 4) == 0 && access.size != 16)
        access.offset += random_below(rng, 64);
    if (access.kind == TRACE_RMW && access.size == 16)
        access.offset &= ~UINT32_C(15); /* or it faults in the program */
    if (rep) {
        access.base = TRACE_BASE_OTHER;
        access.count = random_below(rng, 40);
        access.backward = random_below(rng, 4) == 0;
        access.to_offset = access.kind == TRACE_STOS ? 0
                           : random_below(rng, 3)    ? random_below(rng, room)
                                                     : access.offset + random_below(rng, 80);
    } else if (access.base == TRACE_BASE_STACK && random_below(rng, 2)) { /* PUSH and POP */
        access.size = 8;
        access.displacement = 0;
        access.indexed = access.vector = access.nontemporal = false;
        if (access.kind < TRACE_RMW && random_below(rng, 3) == 0)
            access.op = access.kind == TRACE_STORE ? TRACE_BY_CALL : TRACE_BY_RET;
        const struct trace_access *last = at ? &accesses[at - 1] : NULL;
        if (last && last->base == TRACE_BASE_STACK && last->size == 8 && access.kind < TRACE_RMW &&
            last->offset >= 8)
            access.offset = last->offset + (access.kind == TRACE_STORE ? (uint32_t)-8 : 8);
    }
    access.same = access.kind == TRACE_STORE && at && accesses[at - 1].kind == TRACE_LOAD &&
                  random_below(rng, 2);
    access.gap = access.same ? 0 : access.gap;
    access.address_from = random_load_before(rng, accesses, at, 3);
    if (access.kind == TRACE_STORE || access.kind == TRACE_RMW || access.kind == TRACE_STOS)
        access.data_from = random_load_before(rng, accesses, at, 2);
    return access;
}

/* A stream of so many records; free its accesses. */
static inline struct trace_stream random_stream(struct rng *rng, size_t count) {
    struct trace_stream stream = {calloc(count, sizeof *stream.accesses), count};
    for (size_t i = 0; stream.accesses && i < count; i++)
        stream.accesses[i] = random_access(rng, stream.accesses, i);
    return stream;
}

#endif
