/* SPDX-License-Identifier: MIT
 *
 * policy_torn.c: which promises of x86 that an access is one a policy does not keep: another thing
 * than order, which policy_verdict.h judges.
 */
#include "replay/policy_torn.h"

#include <stdlib.h>
#include <string.h>

enum { X86_LINE = 64, WIDEST = 8 }; /* bytes */

/* What Arm makes one access of: what is aligned, and with FEAT_LSE2 what lies within 16 bytes. */
static bool is_one(unsigned size, uint64_t offset, bool lse2) {
    return lse2 ? offset % 16 + size <= 16 : offset % size == 0;
}

/* x86 has one access of up to 8 bytes within a line, and of 16 that are aligned (with AVX). */
static unsigned torn_access(const struct trace_access *access, bool lse2) {
    if (access->size == 16)
        return access->offset % 16 == 0 && !lse2 ? TORN_VECTOR : 0;
    bool promised = access->size <= WIDEST && access->offset % X86_LINE + access->size <= X86_LINE;
    return promised && !is_one(access->size, access->offset, lse2) ? TORN_OVER_16 : 0;
}

static unsigned torn_rmw(const struct policy *policy, const struct trace_access *access,
                         const char *words, bool lse2) {
    if (strstr(words, "LDR-STR"))
        return TORN_SPLIT_LOCK;
    bool exclusives = strstr(words, "LDXR") || strstr(words, "LDAXR");
    return access->size == 16 && exclusives && !policy->writes_back && !lse2 ? TORN_CMPXCHG16B : 0;
}

/* A vector register is two accesses of 8 bytes, where these are aligned. */
static unsigned torn_rep(const struct policy *policy, const struct trace_access *access) {
    uint64_t places = access->offset | (access->kind == TRACE_MOVS ? access->to_offset : 0);
    enum rep_way way = policy_rep_way(policy, access);
    if (access->size == 1)
        return 0;
    if (places % access->size)
        return TORN_OVER_16;
    return way == REP_MOPS || (way == REP_QUADS && places % WIDEST) ? TORN_COPY : 0;
}

static unsigned torn_stream(const struct policy *policy, const struct trace_stream *stream,
                            bool lse2) {
    struct words *words = policy_words(policy, stream);
    unsigned torn = 0;
    for (size_t i = 0; i < stream->count; i++) {
        const struct trace_access *access = &stream->accesses[i];
        if (access->kind == TRACE_LOAD || access->kind == TRACE_STORE)
            torn |= torn_access(access, lse2);
        else if (access->kind == TRACE_RMW)
            torn |= torn_rmw(policy, access, words[i].access, lse2);
        else if (access->kind == TRACE_MOVS || access->kind == TRACE_STOS)
            torn |= torn_rep(policy, access);
    }
    free(words);
    return torn;
}

/* A program that does all of it. */
static const struct trace_window *everything(void) {
    static struct trace_access accesses[] = {
        {.kind = TRACE_LOAD, .size = 8, .offset = 12, .count = 1},
        {.kind = TRACE_LOAD, .size = 16, .vector = true, .count = 1},
        {.kind = TRACE_RMW, .op = TRACE_ADD, .size = 8, .offset = 60, .count = 1},
        {.kind = TRACE_RMW, .op = TRACE_CMPXCHG, .size = 16, .count = 1},
        {.kind = TRACE_MOVS, .size = 4, .offset = 4, .to_offset = 256, .count = 8}};
    static struct trace_stream stream = {accesses, sizeof accesses / sizeof *accesses};
    static const struct trace_window window = {.streams = &stream, .stream_count = 1};
    return &window;
}

unsigned policy_torn(const struct policy *policy, enum isa isa, const struct trace_window *window,
                     unsigned features) {
    unsigned torn = 0;
    if (isa == ISA_X86_64)
        return 0;
    if (window == NULL)
        window = everything();
    for (size_t s = 0; s < window->stream_count; s++)
        torn |= torn_stream(policy, &window->streams[s], (features & FEATURE_LSE2) != 0);
    return torn;
}
