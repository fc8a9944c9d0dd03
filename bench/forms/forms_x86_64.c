/* SPDX-License-Identifier: MIT
 *
 * forms_x86_64.c: the loops' instructions on x86-64.
 */
#include <string.h>

#include "forms/forms_emit.h"
#include "replay/encode_x86_64.h"

enum { R13 = R12 + 1, R14, R15, XMM_VALUE = 0 };

static unsigned number(enum form_register which) {
    static const uint8_t numbers[F_SECONDS] = {
        [F_NUMBER] = RSI,     [F_VALUE] = RDX,      [F_OLD] = RAX,        [F_FRESH] = RCX,
        [F_STATUS] = RCX,     [F_ONE] = RBX,        [F_COUNT] = RBP,      [F_STRIDE] = R12,
        [F_PLACES] = RDI,     [F_PLACES + 1] = R8,  [F_PLACES + 2] = R9,  [F_PLACES + 3] = R10,
        [F_PLACES + 4] = R11, [F_PLACES + 5] = R13, [F_PLACES + 6] = R14, [F_PLACES + 7] = R15};
    return which == F_NONE ? NOT_A_REGISTER : numbers[which];
}

static void copy(struct emitter *emitter, enum form_register to, enum form_register from) {
    x86_copy(emitter, number(to), number(from));
}

static const uint8_t saved[] = {RBX, RBP, R12, R13, R14, R15};

static void save(struct emitter *emitter) {
    for (size_t i = 0; i < sizeof saved; i++) {
        if (saved[i] >= R8)
            x86_byte(emitter, 0x41);
        x86_byte(emitter, 0x50u | (saved[i] & 7u));
    }
    x86_byte(emitter, 0xbb); /* MOV EBX, 1 */
    x86_immediate(emitter, 1, 4);
}

static void restore(struct emitter *emitter) {
    for (size_t i = sizeof saved; i > 0; i--) {
        if (saved[i - 1] >= R8)
            x86_byte(emitter, 0x41);
        x86_byte(emitter, 0x58u | (saved[i - 1] & 7u));
    }
    x86_byte(emitter, 0xc3);
}

/* Place and number are where they come. */
static void begin(struct emitter *emitter) {
    save(emitter);
    x86_copy(emitter, RBP, RDX);
    x86_copy(emitter, R12, RCX);
}

static void end(struct emitter *emitter) {
    x86_copy(emitter, RAX, RSI);
    restore(emitter);
}

/* The registers of struct form_burst's members; the first last, since it is where that lies. */
static const enum form_register members[] = {F_ARENA, F_MASK,  F_STORES, F_OFFSET, F_NUMBER,
                                             F_WORD,  F_COUNT, F_STRIDE, F_NEXT};
enum { MEMBERS = sizeof members / sizeof *members };

static void begin_burst(struct emitter *emitter) {
    save(emitter);
    x86_byte(emitter, 0x57); /* PUSH RDI */
    for (size_t i = MEMBERS; i-- > 0;) {
        const struct x86_place place = {RDI, NOT_A_REGISTER, 8 * (int32_t)i};
        x86_memory(emitter, PREFIX_NONE, true, 0x8b, number(members[i]), &place);
    }
}

static void end_burst(struct emitter *emitter) {
    x86_byte(emitter, 0x5f); /* POP RDI */
    for (size_t i = 1; i < MEMBERS; i++) {
        const struct x86_place place = {RDI, NOT_A_REGISTER, 8 * (int32_t)i};
        x86_memory(emitter, PREFIX_NONE, true, 0x89, number(members[i]), &place);
    }
    restore(emitter);
}

/* By as few NOPs as assemblers use, since some are executed: of up to 11 bytes, which are NOPW's of
 * 9 with more prefixes. */
static void align(struct emitter *emitter) {
    static const char *const nops[] = {"",
                                       "\x90",
                                       "\x66\x90",
                                       "\x0f\x1f\x00",
                                       "\x0f\x1f\x40\x00",
                                       "\x0f\x1f\x44\x00\x00",
                                       "\x66\x0f\x1f\x44\x00\x00",
                                       "\x0f\x1f\x80\x00\x00\x00\x00",
                                       "\x0f\x1f\x84\x00\x00\x00\x00\x00",
                                       "\x66\x0f\x1f\x84\x00\x00\x00\x00\x00",
                                       "\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00",
                                       "\x66\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00"};
    while (emitter->size % 64) {
        size_t left = 64 - emitter->size % 64, bytes = left < 11 ? left : 11;
        x86_raw(emitter, nops[bytes], bytes);
    }
}

static void add(struct emitter *emitter, enum form_register to, enum form_register from,
                int64_t what) {
    x86_lea(emitter, number(to), (struct x86_place){number(from), NOT_A_REGISTER, (int32_t)what});
}

static void add_register(struct emitter *emitter, enum form_register to, enum form_register from,
                         enum form_register what) {
    x86_lea(emitter, number(to), (struct x86_place){number(from), number(what), 0});
}

static void mask(struct emitter *emitter, enum form_register to, enum form_register by) {
    x86_registers(emitter, PREFIX_NONE, true, 0x21, number(by), number(to));
}

/* The loop around steps has four instructions here, as GCC's has: between fences they are not
 * hidden. */
static void count_down(struct emitter *emitter, enum form_register which, size_t top) {
    if (which == F_COUNT) {
        x86_copy(emitter, number(F_FRESH), number(F_COUNT));
        x86_lea(emitter, number(F_COUNT), (struct x86_place){number(F_COUNT), NOT_A_REGISTER, 0});
    }
    x86_registers(emitter, PREFIX_NONE, true, 0x83, 5, number(which)); /* SUB 1 */
    x86_byte(emitter, 1);
    x86_byte(emitter, 0x0f); /* JNZ */
    x86_byte(emitter, 0x85);
    x86_immediate(emitter, top - (emitter->size + 4), 4);
}

static void spread(struct emitter *emitter) {
    x86_cross(emitter, 0x6e, XMM_VALUE, number(F_NUMBER));
    x86_registers(emitter, PREFIX_66, false, 0x0f6c, XMM_VALUE, XMM_VALUE); /* PUNPCKLQDQ */
}

static void low(struct emitter *emitter) {
    x86_cross(emitter, 0x7e, XMM_VALUE, number(F_NUMBER));
}

/* A locked addition to the operation's place is one in ADD alone: else it is a fence. */
static bool is_access(const struct x86_form *form, const struct form_operands *operands) {
    return form->shape != X86_WHOLE && (form->count == 0 || operands->role == FORM_ADD);
}

static void one(struct emitter *emitter, const struct x86_form *form,
                const struct form_operands *operands, const struct x86_place *place,
                unsigned value) {
    unsigned bytes = operands->pair ? 8 : operands->bytes;
    bool load = operands->role == FORM_LOAD;
    if (form->shape == X86_VECTOR)
        x86_memory(emitter, (enum x86_prefix)form->opcode, false, load ? 0x0f6f : 0x0f7f, XMM_VALUE,
                   place);
    else if (form->shape == X86_LOCKED) {
        unsigned operand = strcmp(form->word, "LOCK XADD") == 0 ? RAX
                           : operands->role == FORM_ADD         ? RBX
                                                                : value;
        x86_memory_or_lock(emitter, form->word[0] == 'L', bytes == 2 ? PREFIX_66 : PREFIX_NONE,
                           bytes == 8, form->opcode - (bytes == 1), operand, place);
    } else if (form->shape == X86_SWAP && operands->role == FORM_EXCHANGE)
        x86_move(emitter, form->word, false, bytes, RAX, place, false);
    else
        x86_move(emitter, form->word, load, bytes, value, place, false);
}

/* Of a pair of registers the second access goes to the second half. */
static void sequence(struct emitter *emitter, const char *words,
                     const struct form_operands *operands) {
    struct x86_place place = {number(operands->base), number(operands->index),
                              operands->displacement};
    char word[MAX_WORD];
    bool second = false;
    while ((words = mapping_next_word(words, word)) != NULL) {
        const struct x86_form *form = x86_form(word);
        unsigned value = number(operands->value);
        if (!is_access(form, operands)) {
            x86_raw(emitter, form->bytes, form->count);
            continue;
        }
        if (operands->pair && operands->role == FORM_LOAD && second)
            value = number(F_FRESH);
        if (operands->pair && form->shape == X86_SWAP) {
            x86_copy(emitter, number(F_VALUE), value);
            value = number(F_VALUE);
        }
        one(emitter, form, operands, &place, value);
        place.displacement += operands->pair ? 8 : 0;
        second = true;
    }
}

static bool encodes(const char *word, const struct form_operands *operands) {
    const struct x86_form *form = x86_form(word);
    if (form == NULL || !is_access(form, operands))
        return form != NULL;
    switch (operands->role) {
    case FORM_LOAD:
        return form->shape == (operands->vector ? X86_VECTOR : X86_MOVE);
    case FORM_STORE:
        return operands->vector ? form->shape == X86_VECTOR
                                : form->shape == X86_MOVE || form->shape == X86_SWAP;
    case FORM_ADD:
        return form->shape == X86_LOCKED && form->opcode != 0x0fb1;
    case FORM_EXCHANGE:
        return form->shape == X86_SWAP;
    case FORM_COMPARE:
        return form->shape == X86_LOCKED && form->opcode == 0x0fb1;
    default:
        return false;
    }
}

static bool is_barrier(const char *word) {
    return x86_form(word)->count != 0;
}

static bool clobbers(const char *words) {
    return strstr(words, "XCHG") || strstr(words, "XADD");
}

const struct form_isa form_x86_64 = {
    .load = "MOV",
    .store = "MOV",
    .vector_load = "MOVDQU",
    .vector_store = "MOVDQU",
    .second_by_displacement = true,
    .begin = begin,
    .begin_burst = begin_burst,
    .end = end,
    .end_burst = end_burst,
    .align = align,
    .add = add,
    .add_register = add_register,
    .mask = mask,
    .copy = copy,
    .count_down = count_down,
    .spread = spread,
    .low = low,
    .sequence = sequence,
    .encodes = encodes,
    .is_barrier = is_barrier,
    .clobbers = clobbers,
};
