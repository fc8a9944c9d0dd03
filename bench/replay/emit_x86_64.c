/* SPDX-License-Identifier: MIT
 *
 * emit_x86_64.c: the steps of a replay as x86-64 instructions.
 */
#include <string.h>

#include "base/die.h"
#include "replay/encode_x86_64.h"

static unsigned base_register(uint8_t base) {
    static const uint8_t bases[MAX_BASES] = {R8, RBP, R9, R10};
    return bases[base];
}

static unsigned value_register(uint8_t value) {
    static const uint8_t generals[] = {R11, R12, R12 + 1, R12 + 2, R12 + 3, RDI};
    return value & VECTOR_VALUE ? value & ~(unsigned)VECTOR_VALUE : generals[value];
}

static unsigned zero_in_turn(struct emitter *emitter) {
    return emitter->turn++ % 2 ? RDX : RAX;
}

static void barrier(struct emitter *emitter, const char *word) {
    const struct x86_form *form = x86_form(word);
    if (form == NULL || form->count == 0)
        die(EXIT_FAILED, "no instruction for `%s' of policy %s", word, emitter->policy->name);
    x86_raw(emitter, form->bytes, form->count);
}

static void words(struct emitter *emitter, const char *sequence) {
    char word[MAX_WORD];
    while ((sequence = mapping_next_word(sequence, word)) != NULL)
        barrier(emitter, word);
}

static void vector_move(struct emitter *emitter, bool load, unsigned size, unsigned value,
                        const struct x86_place *place, bool nontemporal) {
    static const struct {
        enum x86_prefix prefix;
        uint8_t load, store;
    } forms[] = {[2] = {PREFIX_F3, 0x10, 0x11}, /* MOVSS */
                 [3] = {PREFIX_F2, 0x10, 0x11}, /* MOVSD */
                 [4] = {PREFIX_F3, 0x6f, 0x7f}, /* MOVDQU */
                 [5] = {PREFIX_F3, 0x6f, 0x7f}};
    unsigned form = (unsigned)__builtin_ctz(size);
    enum x86_prefix prefix = nontemporal ? PREFIX_66 : forms[form].prefix;
    unsigned opcode = nontemporal ? 0xe7 : load ? forms[form].load : forms[form].store;
    if (emitter->wide)
        x86_vex(emitter, prefix, false, size == 32, opcode, value, place, 0);
    else
        x86_memory(emitter, prefix, false, 0x0f00 | opcode, value, place);
}

/* What a load fills or a store empties. */
static unsigned moved_register(struct emitter *emitter, const struct step *step, bool vector,
                               bool load) {
    if (step->value == NO_VALUE)
        return vector ? (load ? XMM_SINK : XMM_ZERO) : load ? RSI : zero_in_turn(emitter);
    unsigned value = value_register(step->value);
    bool in_vector = (step->value & VECTOR_VALUE) != 0;
    if (in_vector == vector)
        return value;
    if (in_vector)
        x86_cross(emitter, 0x7e, value, RCX);
    else
        x86_cross(emitter, 0x6e, XMM_SINK, value);
    return in_vector ? RCX : XMM_SINK;
}

/* One part of a load or store: its sequence. */
static void part(struct emitter *emitter, const char *sequence, const struct trace_access *access,
                 bool vector, unsigned size, unsigned value, const struct x86_place *place) {
    bool load = access->kind == TRACE_LOAD;
    bool nontemporal = access->nontemporal && !load;
    char word[MAX_WORD];
    while ((sequence = mapping_next_word(sequence, word)) != NULL) {
        if (strcmp(word, "XCHG") == 0) { /* it loads into its register, which is another's */
            x86_copy(emitter, RCX, value);
            value = RCX;
        }
        if (!policy_is_access(word))
            barrier(emitter, word);
        else if (vector) /* MOVNTDQ wants alignment */
            vector_move(emitter, load, size, value, place,
                        nontemporal && size >= 16 && access->offset % size == 0);
        else
            x86_move(emitter, word, load, size, value, place, nontemporal);
    }
}

static void load_or_store(struct emitter *emitter, const struct step *step, const char *sequence,
                          const struct x86_place *place) {
    const struct trace_access *access = &emitter->stream->accesses[step->record];
    bool load = access->kind == TRACE_LOAD;
    bool vector = replay_is_vector(access, &emit_x86_64.registers);
    unsigned value = moved_register(emitter, step, vector, load);
    unsigned size = access->size == 10 ? 8 : access->size > 32 ? 32 : access->size;
    if (access->size == 10 && value == RSI) /* which may be the address of the other part */
        value = RCX;
    struct x86_place first = *place;
    if (access->size == 10 && load && value == place->index) {
        x86_lea(emitter, RSI, *place);
        first = (struct x86_place){RSI, NOT_A_REGISTER, 0};
    }
    struct x86_place rest = first;
    part(emitter, sequence, access, vector, size, value, &first);
    rest.displacement += (int32_t)size;
    if (access->size == 10 && !load && value == RCX) /* XCHG has loaded into it */
        value = moved_register(emitter, step, vector, load);
    if (access->size == 10)
        part(emitter, sequence, access, false, 2, load ? RSI : value, &rest);
    else if (access->size > size)
        part(emitter, sequence, access, true, size, load ? XMM_SINK : value, &rest);
}

/* After a locked instruction: what it left in a register, or in the flags alone, to the result; and
 * the additions' registers 0 again, as before. */
static void take_result(struct emitter *emitter, const struct trace_access *access, unsigned old,
                        unsigned result) {
    if (result != NOT_A_REGISTER && old == NOT_A_REGISTER) {
        x86_copy(emitter, result, RBX);
        x86_registers(emitter, PREFIX_NONE, true, 0x11, RBX, result); /* ADC, and no carry */
    } else if (result != NOT_A_REGISTER)
        x86_copy(emitter, result, old);
    if (old == RAX)
        x86_copy(emitter, RAX, RBX);
    if (old == RAX && access->size == 16)
        x86_copy(emitter, RDX, RBX);
}

static void locked(struct emitter *emitter, const struct step *step,
                   const struct x86_place *place) {
    static const unsigned opcodes[TRACE_RMWS] = {
        [TRACE_XCHG] = 0x87, [TRACE_XADD] = 0x0fc1, [TRACE_ADD] = 0x01,      [TRACE_AND] = 0x21,
        [TRACE_OR] = 0x09,   [TRACE_XOR] = 0x31,    [TRACE_CMPXCHG] = 0x0fb1};
    const struct trace_access *access = &emitter->stream->accesses[step->record];
    bool into_operand = access->op == TRACE_XCHG || access->op == TRACE_XADD;
    unsigned opcode = opcodes[access->op] - (access->size == 1);
    unsigned result = step->value == NO_VALUE ? NOT_A_REGISTER : value_register(step->value);
    unsigned operand = RBX;
    if (step->rmw_data != NO_VALUE)
        operand = value_register(step->rmw_data);
    if (step->rmw_data != NO_VALUE && step->rmw_data & VECTOR_VALUE) {
        x86_cross(emitter, 0x7e, operand, RCX);
        operand = RCX;
    }
    unsigned old = access->op == TRACE_CMPXCHG ? RAX : NOT_A_REGISTER;
    if (into_operand) { /* which is nobody else's, nor in the address */
        old = result != NOT_A_REGISTER && result != place->index ? result : RCX;
        x86_copy(emitter, old, operand);
        operand = old;
    } else if (access->size == 16) /* the high half has the data */
        x86_copy(emitter, RCX, operand);
    bool lock = access->op != TRACE_XCHG; /* which is locked without a prefix */
    if (access->size == 16)
        x86_memory_or_lock(emitter, true, PREFIX_NONE, true, 0x0fc7, 1, place); /* CMPXCHG16B */
    else
        x86_memory_or_lock(emitter, lock, access->size == 2 ? PREFIX_66 : PREFIX_NONE,
                           access->size == 8, opcode, operand, place);
    take_result(emitter, access, old, result);
}

static void rep(struct emitter *emitter, const struct step *step, const struct x86_place *place) {
    const struct trace_access *access = &emitter->stream->accesses[step->record];
    bool copies = access->kind == TRACE_MOVS;
    int32_t last = access->backward ? (int32_t)((access->count - 1) * access->size) : 0;
    struct x86_place from = *place, to = {R8, NOT_A_REGISTER, (int32_t)access->to_offset + last};
    from.displacement += last;
    if (access->count == 0)
        return;
    if (copies)
        x86_lea(emitter, RSI, from);
    x86_lea(emitter, RDI, copies ? to : from);
    if (step->value != NO_VALUE && step->value & VECTOR_VALUE)
        x86_cross(emitter, 0x7e, value_register(step->value), RAX);
    else if (step->value != NO_VALUE)
        x86_copy(emitter, RAX, value_register(step->value));
    x86_byte(emitter, 0xb9); /* MOV ECX */
    x86_immediate(emitter, access->count, 4);
    emitter->instructions++;
    if (access->backward)
        x86_raw(emitter, "\xfd", 1); /* STD */
    if (access->size == 2)
        x86_byte(emitter, 0x66);
    x86_byte(emitter, 0xf3);
    if (access->size == 8)
        x86_byte(emitter, 0x48);
    x86_byte(emitter, (copies ? 0xa4u : 0xaau) + (access->size > 1));
    emitter->instructions++;
    if (step->value != NO_VALUE)
        x86_copy(emitter, RAX, RBX);
    if (access->backward)
        x86_raw(emitter, "\xfc", 1); /* CLD */
}

static void access(struct emitter *emitter, const struct step *step, const struct words *of) {
    const struct trace_access *record = &emitter->stream->accesses[step->record];
    struct x86_place place = {base_register(step->from), record->indexed ? RBX : NOT_A_REGISTER,
                              (int32_t)step->delta};
    if (record->kind == TRACE_FENCE) {
        words(emitter, of->access);
        return;
    }
    if (step->index != NO_VALUE) { /* in place of the guest's index, which is 0 */
        place.index = value_register(step->index);
        if (step->index & VECTOR_VALUE) {
            x86_cross(emitter, 0x7e, place.index, RSI);
            place.index = RSI;
        }
    }
    if (record->kind == TRACE_MOVS || record->kind == TRACE_STOS) {
        rep(emitter, step, &place);
        return;
    }
    if (emitter->addressing == ADDRESSING_SAME &&
        (place.displacement || place.index != NOT_A_REGISTER)) {
        x86_lea(emitter, RSI, place);
        place = (struct x86_place){RSI, NOT_A_REGISTER, 0};
    }
    if (record->kind == TRACE_RMW)
        locked(emitter, step, &place);
    else
        load_or_store(emitter, step, of->access, &place);
}

static void alu(struct emitter *emitter, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        x86_registers(emitter, PREFIX_NONE, true, 0x01, RBX, zero_in_turn(emitter));
}

static void move(struct emitter *emitter, const struct step *step) {
    struct x86_place place = {base_register(step->from), NOT_A_REGISTER, (int32_t)step->delta};
    if (step->delta != (int32_t)step->delta) {
        x86_byte(emitter, 0x48);
        x86_byte(emitter, 0xb8 + RSI); /* MOV RSI, of 8 bytes */
        x86_immediate(emitter, (uint64_t)step->delta, 8);
        emitter->instructions++;
        place.index = RSI;
        place.displacement = 0;
    }
    x86_lea(emitter, base_register(step->to), place);
}

/* An access has its value as index: see access(). */
static void depend(struct emitter *emitter, const struct step *step) {
    (void)step;
    die(EXIT_FAILED, "policy %s: a base of its own for a dependence", emitter->policy->name);
}

static const uint8_t saved[] = {RBX, RBP, R12, R12 + 1, R12 + 2, R12 + 3};

static void begin(struct emitter *emitter) {
    static const uint8_t zeroed[] = {RAX, RCX, RDX, RBX, R11, R12, R12 + 1, R12 + 2, R12 + 3, RDI};
    for (size_t i = 0; i < emitter->stream->count; i++)
        emitter->wide |= emitter->stream->accesses[i].size >= 32;
    for (size_t i = 0; i < sizeof saved; i++) {
        if (saved[i] >= R8)
            x86_byte(emitter, 0x41);
        x86_byte(emitter, 0x50u | (saved[i] & 7u));
    }
    x86_byte(emitter, 0x56); /* PUSH RSI: passes */
    x86_copy(emitter, R8, RDI);
    for (size_t i = 0; i < sizeof zeroed; i++)
        x86_registers(emitter, PREFIX_NONE, true, 0x31, zeroed[i], zeroed[i]);
    x86_cross(emitter, 0x6e, XMM_ZERO, RBX); /* clears the rest of it, too */
    x86_cross(emitter, 0x6e, XMM_SINK, RBX);
    while (emitter->size % 64)
        x86_byte(emitter, 0x90);
}

static void top(struct emitter *emitter) {
    for (uint8_t i = BASE_STACK; i < emit_x86_64.registers.bases; i++)
        x86_copy(emitter, base_register(i), R8);
}

static void end(struct emitter *emitter, size_t at) {
    const struct x86_place passes = {RSP, NOT_A_REGISTER, 0};
    x86_memory(emitter, PREFIX_NONE, true, 0xff, 1, &passes); /* DEC */
    x86_byte(emitter, 0x0f);                                  /* JNZ */
    x86_byte(emitter, 0x85);
    x86_immediate(emitter, at - (emitter->size + 4), 4);
    x86_registers(emitter, PREFIX_NONE, true, 0x09, RDX, RAX); /* OR */
    if (emitter->wide)
        x86_raw(emitter, "\xc5\xf8\x77", 3); /* VZEROUPPER */
    x86_byte(emitter, 0x5e);                 /* POP RSI */
    for (size_t i = sizeof saved; i > 0; i--) {
        if (saved[i - 1] >= R8)
            x86_byte(emitter, 0x41);
        x86_byte(emitter, 0x58u | (saved[i - 1] & 7u));
    }
    x86_byte(emitter, 0xc3);
}

const struct emit_isa emit_x86_64 = {
    .registers = {.bases = 4,
                  .generals = 6,
                  .vectors = XMM_SINK,
                  .adds_anything = true,
                  .rep_takes_last = true},
    .begin = begin,
    .top = top,
    .alu = alu,
    .move = move,
    .depend = depend,
    .access = access,
    .words = words,
    .end = end,
};
