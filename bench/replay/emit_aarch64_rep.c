/* SPDX-License-Identifier: MIT
 *
 * emit_aarch64_rep.c: REP MOVS and REP STOS: the loops of translators.
 */
#include <string.h>

#include "replay/emit_aarch64.h"

/* A REP under way: from X_ADDRESS (MOVS) to X_TO, both where the next element goes; X_SCRATCH
 * counts. */
struct rep {
    struct emitter *emitter;
    const struct trace_access *access;
    const struct words *words;
    unsigned data, vector; /* what STOS stores: a general and a vector register of it */
};

/* One element of `size` bytes by post- or pre-indexed LDR and STR. */
static void plain_element(const struct rep *rep, unsigned size) {
    bool back = rep->access->backward, copy = rep->access->kind == TRACE_MOVS;
    uint32_t step = ((uint32_t)(back ? -(int)size : (int)size) & 0x1ff) << 12;
    uint32_t form = (uint32_t)__builtin_ctz(size) << 30 | 0x38000400 | (back ? 0x800 : 0) | step;
    if (copy)
        a64_word(rep->emitter, form | A64_STORE_BIT | X_ADDRESS << 5 | X_SCRATCH_2);
    a64_word(rep->emitter, form | X_TO << 5 | (copy ? X_SCRATCH_2 : rep->data));
}

/* 32 bytes by pairs of vector registers. */
static void quad_pair(const struct rep *rep) {
    bool back = rep->access->backward, copy = rep->access->kind == TRACE_MOVS;
    uint32_t form = 0xac800000 | (back ? 1u << 24 : 0) | ((back ? 0x7eu : 2u) << 15);
    if (copy)
        a64_word(rep->emitter,
                 form | A64_STORE_BIT | (V_SCRATCH + 1) << 10 | X_ADDRESS << 5 | V_SCRATCH);
    unsigned first = copy ? V_SCRATCH : rep->vector, second = copy ? V_SCRATCH + 1 : rep->vector;
    a64_word(rep->emitter, form | second << 10 | X_TO << 5 | first);
}

/* One element by the policy's load and store, and the pointers' additions. */
static void policy_element(const struct rep *rep, unsigned size) {
    int64_t step = rep->access->backward ? -(int64_t)size : (int64_t)size;
    bool copy = rep->access->kind == TRACE_MOVS;
    struct a64_place from = {X_ADDRESS, 0, false}, to = {X_TO, 0, false};
    if (copy)
        a64_sequence(rep->emitter, rep->words->access, false, size, X_SCRATCH_2, &from);
    a64_sequence(rep->emitter, rep->words->store, false, size, copy ? X_SCRATCH_2 : rep->data, &to);
    if (copy)
        a64_add(rep->emitter, X_ADDRESS, X_ADDRESS, step);
    a64_add(rep->emitter, X_TO, X_TO, step);
}

enum way { QUADS, PLAIN, POLICY };

static void repeat(const struct rep *rep, uint64_t times, enum way way, unsigned size) {
    if (times == 0)
        return;
    a64_constant(rep->emitter, X_SCRATCH, times);
    size_t top = rep->emitter->size;
    if (way == QUADS) { /* twice, as FEX has it */
        quad_pair(rep);
        quad_pair(rep);
    } else if (way == PLAIN)
        plain_element(rep, size);
    else
        policy_element(rep, size);
    a64_add(rep->emitter, X_SCRATCH, X_SCRATCH, -1);
    a64_cbnz_back(rep->emitter, X_SCRATCH, top);
}

static void mops(const struct rep *rep, uint64_t bytes) {
    static const uint32_t copy[] = {0x19000400, 0x19400400, 0x19800400};
    static const uint32_t set[] = {0x19c00400, 0x19c04400, 0x19c08400};
    bool copies = rep->access->kind == TRACE_MOVS;
    unsigned source = copies ? X_ADDRESS : rep->data;
    a64_constant(rep->emitter, X_SCRATCH, bytes);
    a64_word(rep->emitter, 0xd53b4200 | X_SCRATCH_2); /* MRS NZCV: guest's flags live there */
    for (int i = 0; i < 3; i++)
        a64_word(rep->emitter, (copies ? copy : set)[i] | source << 16 | X_SCRATCH << 5 | X_TO);
    a64_word(rep->emitter, 0xd51b4200 | X_SCRATCH_2);
}

/* The registers of what STOS stores; pairs are of a vector, all else of a general one. */
static void take_data(struct rep *rep, uint8_t value, bool pairs) {
    rep->data = X_ZERO;
    rep->vector = V_ZERO;
    if (value == NO_VALUE)
        return;
    bool is_vector = (value & VECTOR_VALUE) != 0;
    rep->data = is_vector ? X_SCRATCH_3 : a64_value(value);
    rep->vector = is_vector ? a64_value(value) : V_SCRATCH;
    if (is_vector)
        a64_from_vector(rep->emitter, rep->data, rep->vector);
    else if (pairs)
        a64_to_vector(rep->emitter, rep->vector, rep->data);
}

/* Copies that run over what they have just written cannot be done in larger pieces. */
static bool overlaps(const struct trace_access *access) {
    int64_t distance = (int64_t)access->to_offset - access->offset;
    return access->kind == TRACE_MOVS && distance > -64 && distance < 64;
}

void a64_rep(struct emitter *emitter, const struct step *step, const struct words *words,
             unsigned base) {
    const struct trace_access *access = &emitter->stream->accesses[step->record];
    enum rep_way way = policy_rep_way(emitter->policy, access);
    uint64_t bytes = (uint64_t)access->count * access->size;
    struct rep rep = {.emitter = emitter, .access = access, .words = words};
    bool pieces = !overlaps(access) && (way == REP_QUADS || !access->backward);
    if (bytes == 0)
        return;
    /* The pointers; backward, plain loops begin behind the highest byte, others at the highest
     * element. */
    int64_t start = !access->backward     ? 0
                    : way == REP_ELEMENTS ? (int64_t)(bytes - access->size)
                                          : (int64_t)bytes;
    unsigned pointer = access->kind == TRACE_MOVS ? X_ADDRESS : X_TO;
    a64_add(emitter, pointer, base, step->delta + start);
    if (access->kind == TRACE_MOVS)
        a64_add(emitter, X_TO, X_ARENA, (int64_t)access->to_offset + start);
    take_data(&rep, step->value, way == REP_QUADS && pieces && bytes >= 32);
    if (way == REP_ELEMENTS) {
        repeat(&rep, access->count, POLICY, access->size);
        return;
    }
    if (way == REP_MOPS && pieces) {
        mops(&rep, bytes);
        return;
    }
    uint64_t rest = bytes;
    if (way == REP_QUADS && pieces) {
        repeat(&rep, bytes / 64, QUADS, 0);
        if (bytes % 64 >= 32)
            quad_pair(&rep);
        rest = bytes % 32;
    } else if (way == REP_EIGHTS && pieces) {
        repeat(&rep, bytes / 8, PLAIN, 8);
        repeat(&rep, bytes % 8, PLAIN, 1);
        return;
    }
    repeat(&rep, rest / access->size, PLAIN, access->size);
}
