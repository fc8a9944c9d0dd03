/* SPDX-License-Identifier: MIT
 *
 * emit_aarch64_rmw.c: read-modify-writes: one LSE instruction, or a loop around an exclusive pair.
 */
#include <string.h>

#include "replay/emit_aarch64.h"

const char *const a64_lse_words[TRACE_RMWS] = {"SWPAL",   "LDADDAL", "LDADDAL", "LDCLRAL",
                                               "LDSETAL", "LDEORAL", "CASAL"};

/* A read-modify-write under way. */
struct rmw {
    struct emitter *emitter;
    const struct trace_access *access;
    unsigned base, operand;
    unsigned result; /* where the old value goes */
};

/* LSE, acquire and release. Emulators set what a guest's flags need besides; that is left out. */
static void lse(struct rmw *rmw) {
    struct emitter *emitter = rmw->emitter;
    const struct trace_access *access = rmw->access;
    uint32_t size = (uint32_t)__builtin_ctz(access->size) << 30;
    uint32_t form = a64_form(access->size == 16 ? "CASPAL" : a64_lse_words[access->op])->bits;
    if (access->size == 16) { /* CMPXCHG16B: CASPAL, of 0 to 0; it takes registers 4 to 7 only */
        a64_move(emitter, X_TO + 2, rmw->operand);
        a64_move(emitter, X_TO + 3, X_ZERO);
        a64_move(emitter, X_TO, X_ZERO);
        a64_move(emitter, X_TO + 1, X_ZERO);
        a64_word(emitter, form | X_TO << 16 | rmw->base << 5 | (X_TO + 2));
        rmw->result = X_TO;
        return;
    }
    if (access->op == TRACE_CMPXCHG) { /* CASAL; the result's register says what is expected */
        a64_move(emitter, rmw->result, X_ZERO);
        a64_word(emitter, size | form | rmw->result << 16 | rmw->base << 5 | rmw->operand);
        return;
    }
    unsigned operand = rmw->operand;
    if (access->op == TRACE_AND) { /* LDCLR clears bits: MVN */
        a64_word(emitter, 0xaa2003e0 | operand << 16 | X_SCRATCH_2);
        operand = X_SCRATCH_2;
    }
    a64_word(emitter, size | form | operand << 16 | rmw->base << 5 | rmw->result);
}

/* The register of what is stored: the operand, or what the operation makes of it and the old
 * value. */
static unsigned stored(const struct rmw *rmw) {
    static const uint32_t forms[TRACE_RMWS] = {[TRACE_XADD] = 0x8b000000,
                                               [TRACE_ADD] = 0x8b000000,
                                               [TRACE_AND] = 0x8a000000,
                                               [TRACE_OR] = 0xaa000000,
                                               [TRACE_XOR] = 0xca000000};
    uint32_t form = forms[rmw->access->op];
    if (form == 0)
        return rmw->operand;
    a64_word(rmw->emitter, form | rmw->operand << 16 | rmw->result << 5 | X_SCRATCH_3);
    return X_SCRATCH_3;
}

/* LDAXR and STLXR, or LDXR and STXR. */
static void exclusive(struct rmw *rmw, bool ordered) {
    struct emitter *emitter = rmw->emitter;
    uint32_t size = (uint32_t)__builtin_ctz(rmw->access->size) << 30;
    uint32_t place = (ordered ? 1u << 15 : 0) | rmw->base << 5;
    size_t top = emitter->size;
    if (rmw->access->size == 16) { /* LDAXP; STLXP, nothing compared: its high half goes back */
        a64_word(emitter, 0xc87f0000 | X_SCRATCH_3 << 10 | place | X_SCRATCH);
        a64_word(emitter, 0xc8200000 | X_TO << 16 | X_SCRATCH_3 << 10 | place | rmw->operand);
        rmw->result = X_SCRATCH;
    } else {
        a64_word(emitter, size | a64_form("LDXR")->bits | place | rmw->result);
        if (rmw->access->op == TRACE_CMPXCHG) {
            a64_word(emitter, 0xeb00001f | X_ZERO << 16 | rmw->result << 5); /* CMP */
            a64_word(emitter, 0x54000001 | 3 << 5); /* B.NE past the CBNZ */
        }
        unsigned value = stored(rmw);
        a64_word(emitter, size | a64_form("STXR")->bits | X_TO << 16 | place | value);
    }
    a64_cbnz_back(emitter, X_TO, top);
}

/* A split lock: see policy.c. */
static void split(struct rmw *rmw) {
    struct a64_place low = {rmw->base, 0, false}, high = {rmw->base, 8, false};
    bool pair = rmw->access->size == 16;
    unsigned size = pair ? 8 : rmw->access->size;
    a64_access(rmw->emitter, "LDR", false, size, rmw->result, &low);
    if (pair)
        a64_access(rmw->emitter, "LDR", false, 8, X_TO, &high);
    a64_access(rmw->emitter, "STR", false, size, stored(rmw), &low);
    if (pair)
        a64_access(rmw->emitter, "STR", false, 8, rmw->operand, &high);
}

void a64_rmw(struct emitter *emitter, const struct step *step, const char *sequence,
             unsigned base) {
    struct rmw rmw = {emitter, &emitter->stream->accesses[step->record], base,
                      a64_value(step->rmw_data), a64_value(step->value)};
    char word[MAX_WORD];
    if (step->rmw_data == NO_VALUE)
        rmw.operand = a64_turn(emitter, false);
    else if (step->rmw_data & VECTOR_VALUE) {
        a64_from_vector(emitter, X_SCRATCH_2, rmw.operand);
        rmw.operand = X_SCRATCH_2;
    }
    /* A result register of their own: an exclusive pair must not load over its operand. */
    if (rmw.result == X_NONE || rmw.result == rmw.operand)
        rmw.result = X_SCRATCH;
    while ((sequence = mapping_next_word(sequence, word)) != NULL) {
        if (strcmp(word, "AL") == 0)
            lse(&rmw);
        else if (strcmp(word, "LDAXR-STLXR") == 0 || strcmp(word, "LDXR-STXR") == 0)
            exclusive(&rmw, word[2] == 'A');
        else if (strcmp(word, "LDR-STR") == 0)
            split(&rmw);
        else
            a64_barrier(emitter, word);
    }
    if (step->value != NO_VALUE)
        a64_move(emitter, a64_value(step->value), rmw.result);
}
