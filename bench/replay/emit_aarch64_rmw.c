/* SPDX-License-Identifier: MIT
 *
 * emit_aarch64_rmw.c: read-modify-writes: one LSE instruction, or a loop around an exclusive pair.
 */
#include <string.h>

#include "emit_aarch64.h"

static void move_register(struct emitter *emitter, unsigned to, unsigned from) {
    a64_word(emitter, 0xaa0003e0 | from << 16 | to);
}

/* LSE, acquire and release. Emulators set what a guest's flags need besides; that is left out. */
static void lse(struct emitter *emitter, const struct trace_access *access, unsigned base,
                unsigned operand, unsigned result) {
    uint32_t size = (uint32_t)__builtin_ctz(access->size) << 30;
    static const uint32_t forms[TRACE_RMWS] = {
        [TRACE_XCHG] = 0x38e08000, [TRACE_XADD] = 0x38e00000, [TRACE_ADD] = 0x38e00000,
        [TRACE_AND] = 0x38e01000,  [TRACE_OR] = 0x38e03000,   [TRACE_XOR] = 0x38e02000};
    if (access->size == 16) { /* CMPXCHG16B: CASPAL, of 0 to 0 */
        for (unsigned i = X_TO; i < X_TO + 4; i++)
            move_register(emitter, i, X_ZERO);
        a64_word(emitter, 0x4860fc00 | X_TO << 16 | base << 5 | (X_TO + 2));
        return;
    }
    if (access->op == TRACE_CMPXCHG) { /* CASAL; the result's register says what is expected */
        move_register(emitter, result, X_ZERO);
        a64_word(emitter, size | 0x08e0fc00 | result << 16 | base << 5 | operand);
        return;
    }
    if (access->op == TRACE_AND) { /* LDCLR clears bits: MVN */
        a64_word(emitter, 0xaa2003e0 | operand << 16 | X_SCRATCH_2);
        operand = X_SCRATCH_2;
    }
    a64_word(emitter, size | forms[access->op] | operand << 16 | base << 5 | result);
}

/* LDAXR and STLXR, or LDXR and STXR. */
static void exclusive(struct emitter *emitter, const struct trace_access *access, unsigned base,
                      unsigned operand, unsigned result, bool ordered) {
    uint32_t size = (uint32_t)__builtin_ctz(access->size) << 30, order = ordered ? 1u << 15 : 0;
    size_t top = emitter->size;
    static const uint32_t forms[TRACE_RMWS] = {[TRACE_XADD] = 0x8b000000,
                                               [TRACE_ADD] = 0x8b000000,
                                               [TRACE_AND] = 0x8a000000,
                                               [TRACE_OR] = 0xaa000000,
                                               [TRACE_XOR] = 0xca000000};
    if (access->size == 16) { /* LDAXP; STLXP back of the same: 0 */
        a64_word(emitter, 0xc87f0000 | order | X_SCRATCH_2 << 10 | base << 5 | X_SCRATCH);
        a64_word(emitter,
                 0xc8200000 | X_TO << 16 | order | X_SCRATCH_2 << 10 | base << 5 | X_SCRATCH);
        a64_cbnz_back(emitter, X_TO, top);
        return;
    }
    a64_word(emitter, size | 0x085f7c00 | order | base << 5 | result);
    unsigned stored = operand;
    if (access->op == TRACE_CMPXCHG) {
        a64_word(emitter, 0xeb00001f | X_ZERO << 16 | result << 5); /* CMP */
        a64_word(emitter, 0x54000001 | 3 << 5);                     /* B.NE past the CBNZ */
    } else if (access->op != TRACE_XCHG) {
        a64_word(emitter, forms[access->op] | operand << 16 | result << 5 | X_SCRATCH_2);
        stored = X_SCRATCH_2;
    }
    a64_word(emitter, size | 0x08007c00 | X_TO << 16 | order | base << 5 | stored);
    a64_cbnz_back(emitter, X_TO, top);
}

/* A split lock: see policy.c. */
static void split(struct emitter *emitter, const struct trace_access *access, unsigned base,
                  unsigned result) {
    struct a64_place low = {base, 0, false}, high = {base, 8, false};
    unsigned size = access->size == 16 ? 8 : access->size;
    a64_access(emitter, "LDR", false, size, result, &low);
    if (access->size == 16)
        a64_access(emitter, "LDR", false, 8, X_SCRATCH_2, &high);
    a64_access(emitter, "STR", false, size, result, &low);
    if (access->size == 16)
        a64_access(emitter, "STR", false, 8, X_SCRATCH_2, &high);
}

void a64_rmw(struct emitter *emitter, const struct step *step, const char *sequence,
             unsigned base) {
    const struct trace_access *access = &emitter->stream->accesses[step->record];
    unsigned operand = a64_value(step->rmw_data), result = a64_value(step->value);
    char word[MAX_WORD];
    if (step->rmw_data == NO_VALUE)
        operand = a64_turn(emitter, false);
    else if (step->rmw_data & VECTOR_VALUE) {
        a64_word(emitter, 0x9e660000 | operand << 5 | X_SCRATCH_2);
        operand = X_SCRATCH_2;
    }
    /* A result register of their own: an exclusive pair must not load over its operand. */
    if (result == X_NONE || result == operand)
        result = X_SCRATCH;
    while ((sequence = policy_next_word(sequence, word)) != NULL) {
        if (strcmp(word, "AL") == 0)
            lse(emitter, access, base, operand, result);
        else if (strcmp(word, "LDAXR-STLXR") == 0 || strcmp(word, "LDXR-STXR") == 0)
            exclusive(emitter, access, base, operand, result, word[2] == 'A');
        else if (strcmp(word, "LDR-STR") == 0)
            split(emitter, access, base, result);
        else
            a64_barrier(emitter, word);
    }
    if (step->value != NO_VALUE && result != a64_value(step->value))
        move_register(emitter, a64_value(step->value), result);
}
