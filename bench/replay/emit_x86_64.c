/* SPDX-License-Identifier: MIT
 *
 * emit_x86_64.c: the steps of a replay as x86-64 instructions. Encodings are the Intel Software
 * Developer's Manual's (volume 2); the check holds them against a disassembler.
 */
#include <string.h>

#include "die.h"
#include "emit.h"

enum {
    RAX, /* and RDX: the additions' registers, which are 0 at all times, as CMPXCHG wants them */
    RCX, /* 0 too, but where REP counts: scratch */
    RDX,
    RBX, /* 0: the index, and what is added */
    RSP, /* the passes left lie at its top */
    RBP, /* the stack's base */
    RSI, /* addresses, and loads that nobody waits for */
    RDI, /* the last of the values, and REP's */
    R8,  /* the arena */
    R9,  /* and R10: bases */
    R10,
    R11, /* to R15: values */
    R12,
    NOT_A_REGISTER = 16,
    XMM_SINK = 14,
    XMM_ZERO = 15,
};

/* base + index + displacement; NOT_A_REGISTER is no index. */
struct place {
    unsigned base, index;
    int32_t displacement;
};

/* The prefixes that choose among the meanings of an opcode. */
enum prefix { PREFIX_NONE, PREFIX_66, PREFIX_F3, PREFIX_F2 };

static void byte(struct emitter *emitter, unsigned value) {
    const uint8_t bytes = (uint8_t)value;
    emit_bytes(emitter, &bytes, 1);
}

static void immediate(struct emitter *emitter, uint64_t value, unsigned bytes) {
    emit_bytes(emitter, &value, bytes); /* both hosts are little-endian */
}

static void raw(struct emitter *emitter, const char *bytes, size_t count) {
    emit_bytes(emitter, bytes, count);
    emitter->instructions++;
}

static void modrm(struct emitter *emitter, unsigned reg, const struct place *place) {
    bool sib = place->index != NOT_A_REGISTER || (place->base & 7) == RSP;
    bool none = place->displacement == 0 && (place->base & 7) != RBP;
    bool near = place->displacement >= -128 && place->displacement < 128;
    unsigned mode = none ? 0 : near ? 1 : 2;
    byte(emitter, mode << 6 | (reg & 7) << 3 | (sib ? RSP : place->base & 7));
    if (sib)
        byte(emitter,
             (place->index == NOT_A_REGISTER ? RSP : place->index & 7) << 3 | (place->base & 7));
    if (!none)
        immediate(emitter, (uint64_t)(int64_t)place->displacement, near ? 1 : 4);
}

/* One instruction with a memory operand; opcode of one byte, or 0x0fXX. */
static void memory_or_lock(struct emitter *emitter, bool lock, enum prefix prefix, bool wide,
                           unsigned opcode, unsigned reg, const struct place *place) {
    static const uint8_t prefixes[] = {0, 0x66, 0xf3, 0xf2};
    unsigned index = place->index == NOT_A_REGISTER ? 0 : place->index;
    emitter->instructions++;
    if (lock)
        byte(emitter, 0xf0);
    if (prefix)
        byte(emitter, prefixes[prefix]);
    unsigned rex = (wide ? 8u : 0) | reg >> 3 << 2 | index >> 3 << 1 | place->base >> 3;
    bool of_byte = opcode == 0x88 || opcode == 0x86 || (lock && (opcode & 1) == 0);
    if (rex || (of_byte && reg >= RSP)) /* without it, 4 to 7 are AH to BH */
        byte(emitter, 0x40 | rex);
    if (opcode > 0xff)
        byte(emitter, opcode >> 8);
    byte(emitter, opcode & 0xff);
    modrm(emitter, reg, place);
}

static void memory(struct emitter *emitter, enum prefix prefix, bool wide, unsigned opcode,
                   unsigned reg, const struct place *place) {
    memory_or_lock(emitter, false, prefix, wide, opcode, reg, place);
}

/* Between registers: the second is in the place of the memory operand. */
static void registers(struct emitter *emitter, enum prefix prefix, bool wide, unsigned opcode,
                      unsigned reg, unsigned other) {
    emitter->instructions++;
    if (prefix)
        byte(emitter, 0x66);
    unsigned rex = (wide ? 8u : 0) | reg >> 3 << 2 | other >> 3;
    if (rex)
        byte(emitter, 0x40 | rex);
    if (opcode > 0xff)
        byte(emitter, opcode >> 8);
    byte(emitter, opcode & 0xff);
    byte(emitter, 0xc0 | (reg & 7) << 3 | (other & 7));
}

/* As memory() or registers(), in AVX's encoding, of 16 or 32 bytes. */
static void vex(struct emitter *emitter, enum prefix prefix, bool wide, bool of_32, unsigned opcode,
                unsigned reg, const struct place *place, unsigned other) {
    unsigned base = place ? place->base : other;
    unsigned index = place && place->index != NOT_A_REGISTER ? place->index : 0;
    emitter->instructions++;
    byte(emitter, 0xc4);
    byte(emitter, (~reg >> 3 & 1) << 7 | (~index >> 3 & 1) << 6 | (~base >> 3 & 1) << 5 | 1);
    byte(emitter, (wide ? 0x80u : 0) | 0x78 | (of_32 ? 4u : 0) | (unsigned)prefix);
    byte(emitter, opcode & 0xff);
    if (place)
        modrm(emitter, reg, place);
    else
        byte(emitter, 0xc0 | (reg & 7) << 3 | (other & 7));
}

static void lea(struct emitter *emitter, unsigned to, struct place place) {
    memory(emitter, PREFIX_NONE, true, 0x8d, to, &place);
}

/* Between a general and a vector register: MOVQ. */
static void cross(struct emitter *emitter, unsigned opcode, unsigned vector, unsigned general) {
    if (emitter->wide)
        vex(emitter, PREFIX_66, true, false, opcode, vector, NULL, general);
    else
        registers(emitter, PREFIX_66, true, 0x0f00 | opcode, vector, general);
}

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
    static const struct {
        const char *name, *bytes;
        size_t count;
    } barriers[] = {{"MFENCE", "\x0f\xae\xf0", 3},
                    {"LFENCE", "\x0f\xae\xe8", 3},
                    {"SFENCE", "\x0f\xae\xf8", 3},
                    {"LOCK ADD", "\xf0\x83\x44\x24\xfc", 6}}; /* addl $0, -4(%rsp) */
    for (size_t i = 0; i < sizeof barriers / sizeof *barriers; i++)
        if (strcmp(barriers[i].name, word) == 0) {
            raw(emitter, barriers[i].bytes, barriers[i].count);
            return;
        }
    die(EXIT_FAILED, "no instruction for `%s' of policy %s", word, emitter->policy->name);
}

static void words(struct emitter *emitter, const char *sequence) {
    char word[MAX_WORD];
    while ((sequence = policy_next_word(sequence, word)) != NULL)
        barrier(emitter, word);
}

static void vector_move(struct emitter *emitter, bool load, unsigned size, unsigned value,
                        const struct place *place, bool nontemporal) {
    static const struct {
        enum prefix prefix;
        uint8_t load, store;
    } forms[] = {[2] = {PREFIX_F3, 0x10, 0x11}, /* MOVSS */
                 [3] = {PREFIX_F2, 0x10, 0x11}, /* MOVSD */
                 [4] = {PREFIX_F3, 0x6f, 0x7f}, /* MOVDQU */
                 [5] = {PREFIX_F3, 0x6f, 0x7f}};
    unsigned form = (unsigned)__builtin_ctz(size);
    enum prefix prefix = nontemporal ? PREFIX_66 : forms[form].prefix;
    unsigned opcode = nontemporal ? 0xe7 : load ? forms[form].load : forms[form].store;
    if (emitter->wide)
        vex(emitter, prefix, false, size == 32, opcode, value, place, 0);
    else
        memory(emitter, prefix, false, 0x0f00 | opcode, value, place);
}

static void general_move(struct emitter *emitter, const char *word, bool load, unsigned size,
                         unsigned value, const struct place *place, bool nontemporal) {
    enum prefix prefix = size == 2 && !load ? PREFIX_66 : PREFIX_NONE;
    unsigned opcode;
    if (strcmp(word, "XCHG") == 0)
        opcode = size == 1 ? 0x86 : 0x87;
    else if (load)
        opcode = size == 1 ? 0x0fb6 : size == 2 ? 0x0fb7 : 0x8b; /* MOVZX, MOV */
    else
        opcode = nontemporal && size >= 4 ? 0x0fc3 : size == 1 ? 0x88 : 0x89; /* MOVNTI */
    memory(emitter, prefix, size == 8, opcode, value, place);
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
        cross(emitter, 0x7e, value, RCX); /* RSI may be the address */
    else
        cross(emitter, 0x6e, XMM_SINK, value);
    return in_vector ? RCX : XMM_SINK;
}

/* One part of a load or store: its sequence. */
static void part(struct emitter *emitter, const char *sequence, const struct trace_access *access,
                 bool vector, unsigned size, unsigned value, const struct place *place) {
    bool load = access->kind == TRACE_LOAD;
    bool nontemporal = access->nontemporal && !load;
    char word[MAX_WORD];
    while ((sequence = policy_next_word(sequence, word)) != NULL) {
        if (!policy_is_access(word))
            barrier(emitter, word);
        else if (vector) /* MOVNTDQ wants alignment */
            vector_move(emitter, load, size, value, place,
                        nontemporal && size >= 16 && access->offset % size == 0);
        else
            general_move(emitter, word, load, size, value, place, nontemporal);
    }
}

static void load_or_store(struct emitter *emitter, const struct step *step, const char *sequence,
                          const struct place *place) {
    const struct trace_access *access = &emitter->stream->accesses[step->record];
    bool load = access->kind == TRACE_LOAD;
    bool vector = replay_is_vector(access, &emit_x86_64.registers);
    unsigned value = moved_register(emitter, step, vector, load);
    unsigned size = access->size == 10 ? 8 : access->size > 32 ? 32 : access->size;
    if (access->size == 10 && value == RSI) /* which may be the address of the other part */
        value = RCX;
    struct place rest = *place;
    part(emitter, sequence, access, vector, size, value, place);
    rest.displacement += (int32_t)size;
    if (access->size == 10)
        part(emitter, sequence, access, false, 2, load ? RSI : value, &rest);
    else if (access->size > size)
        part(emitter, sequence, access, true, size, load ? XMM_SINK : XMM_ZERO, &rest);
}

static void locked(struct emitter *emitter, const struct step *step, const struct place *place) {
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
        cross(emitter, 0x7e, operand, RCX);
        operand = RCX;
    }
    if (into_operand && operand == RBX)
        operand = zero_in_turn(emitter);
    if (into_operand && result != NOT_A_REGISTER && result != operand) {
        registers(emitter, PREFIX_NONE, true, 0x89, operand, result); /* values are 0 throughout */
        operand = result;
    }
    bool lock = access->op != TRACE_XCHG; /* which is locked without a prefix */
    if (access->size == 16)
        memory_or_lock(emitter, true, PREFIX_NONE, true, 0x0fc7, 1, place); /* CMPXCHG16B */
    else
        memory_or_lock(emitter, lock, access->size == 2 ? PREFIX_66 : PREFIX_NONE,
                       access->size == 8, opcode, operand, place);
    if (access->op == TRACE_CMPXCHG && result != NOT_A_REGISTER)
        registers(emitter, PREFIX_NONE, true, 0x89, RAX, result);
    else if (!into_operand && result != NOT_A_REGISTER) /* no old value: its flags, say */
        registers(emitter, PREFIX_NONE, true, 0x89, RBX, result);
}

static void rep(struct emitter *emitter, const struct step *step, const struct place *place) {
    const struct trace_access *access = &emitter->stream->accesses[step->record];
    bool copy = access->kind == TRACE_MOVS;
    int32_t last = access->backward ? (int32_t)((access->count - 1) * access->size) : 0;
    struct place from = *place, to = {R8, NOT_A_REGISTER, (int32_t)access->to_offset + last};
    from.displacement += last;
    if (access->count == 0)
        return;
    if (copy)
        lea(emitter, RSI, from);
    lea(emitter, RDI, copy ? to : from);
    if (!copy && step->value != NO_VALUE && !(step->value & VECTOR_VALUE))
        registers(emitter, PREFIX_NONE, true, 0x89, value_register(step->value), RAX);
    byte(emitter, 0xb9); /* MOV ECX */
    immediate(emitter, access->count, 4);
    emitter->instructions++;
    if (access->backward)
        raw(emitter, "\xfd", 1); /* STD */
    if (access->size == 2)
        byte(emitter, 0x66);
    byte(emitter, 0xf3);
    if (access->size == 8)
        byte(emitter, 0x48);
    byte(emitter, (copy ? 0xa4u : 0xaau) + (access->size > 1));
    emitter->instructions++;
    if (access->backward)
        raw(emitter, "\xfc", 1); /* CLD */
}

static void access(struct emitter *emitter, const struct step *step, const struct words *of) {
    const struct trace_access *record = &emitter->stream->accesses[step->record];
    struct place place = {base_register(step->from), record->indexed ? RBX : NOT_A_REGISTER,
                          (int32_t)step->delta};
    if (record->kind == TRACE_FENCE) {
        words(emitter, of->access);
        return;
    }
    if (step->index != NO_VALUE) { /* in place of the guest's index, which is 0 */
        place.index = value_register(step->index);
        if (step->index & VECTOR_VALUE) {
            cross(emitter, 0x7e, place.index, RCX);
            place.index = RCX;
        }
    }
    if (record->kind == TRACE_MOVS || record->kind == TRACE_STOS) {
        rep(emitter, step, &place);
        return;
    }
    if (emitter->addressing == ADDRESSING_SAME &&
        (place.displacement || place.index != NOT_A_REGISTER)) {
        lea(emitter, RSI, place);
        place = (struct place){RSI, NOT_A_REGISTER, 0};
    }
    if (record->kind == TRACE_RMW)
        locked(emitter, step, &place);
    else
        load_or_store(emitter, step, of->access, &place);
}

static void alu(struct emitter *emitter, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        registers(emitter, PREFIX_NONE, true, 0x01, RBX, zero_in_turn(emitter));
}

static void move(struct emitter *emitter, const struct step *step) {
    struct place place = {base_register(step->from), NOT_A_REGISTER, (int32_t)step->delta};
    if (step->delta != (int32_t)step->delta) {
        byte(emitter, 0x48);
        byte(emitter, 0xb8 + RSI); /* MOV RSI, of 8 bytes */
        immediate(emitter, (uint64_t)step->delta, 8);
        emitter->instructions++;
        place.index = RSI;
        place.displacement = 0;
    }
    lea(emitter, base_register(step->to), place);
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
            byte(emitter, 0x41);
        byte(emitter, 0x50u | (saved[i] & 7u));
    }
    byte(emitter, 0x56); /* PUSH RSI: passes */
    registers(emitter, PREFIX_NONE, true, 0x89, RDI, R8);
    for (size_t i = 0; i < sizeof zeroed; i++)
        registers(emitter, PREFIX_NONE, true, 0x31, zeroed[i], zeroed[i]);
    cross(emitter, 0x6e, XMM_ZERO, RBX); /* clears the rest of it, too */
    cross(emitter, 0x6e, XMM_SINK, RBX);
    while (emitter->size % 64)
        byte(emitter, 0x90);
}

static void top(struct emitter *emitter) {
    for (uint8_t i = BASE_STACK; i < emit_x86_64.registers.bases; i++)
        registers(emitter, PREFIX_NONE, true, 0x89, R8, base_register(i));
}

static void end(struct emitter *emitter, size_t at) {
    const struct place passes = {RSP, NOT_A_REGISTER, 0};
    memory(emitter, PREFIX_NONE, true, 0xff, 1, &passes); /* DEC */
    byte(emitter, 0x0f);                                  /* JNZ */
    byte(emitter, 0x85);
    immediate(emitter, at - (emitter->size + 4), 4);
    registers(emitter, PREFIX_NONE, true, 0x09, RDX, RAX); /* OR */
    if (emitter->wide)
        raw(emitter, "\xc5\xf8\x77", 3); /* VZEROUPPER */
    byte(emitter, 0x5e);                 /* POP RSI */
    for (size_t i = sizeof saved; i > 0; i--) {
        if (saved[i - 1] >= R8)
            byte(emitter, 0x41);
        byte(emitter, 0x58u | (saved[i - 1] & 7u));
    }
    byte(emitter, 0xc3);
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
