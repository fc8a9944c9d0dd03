/* SPDX-License-Identifier: MIT
 *
 * forms_aarch64.c: the loops' instructions on AArch64.
 */
#include <string.h>

#include "forms/forms_emit.h"
#include "replay/emit_aarch64.h"

enum { X_TEMPORARY = 17, X_PLACE = 16, X_SECONDS = 19, X_STACK_POINTER = 31, V_VALUE = 0 };

static unsigned number(enum form_register which) {
    static const uint8_t numbers[F_SECONDS] = {
        [F_NUMBER] = 1,      [F_VALUE] = 4,       [F_OLD] = 5,         [F_FRESH] = 6,
        [F_STATUS] = 7,      [F_ONE] = 8,         [F_COUNT] = 2,       [F_STRIDE] = 3,
        [F_PLACES] = 0,      [F_PLACES + 1] = 9,  [F_PLACES + 2] = 10, [F_PLACES + 3] = 11,
        [F_PLACES + 4] = 12, [F_PLACES + 5] = 13, [F_PLACES + 6] = 14, [F_PLACES + 7] = 15};
    return which >= F_SECONDS ? X_SECONDS + (unsigned)(which - F_SECONDS) : numbers[which];
}

static void copy(struct emitter *emitter, enum form_register to, enum form_register from) {
    a64_move(emitter, number(to), number(from));
}

/* Besides the registers, a word of the stack for fences that are an access. */
static void begin(struct emitter *emitter) {
    for (unsigned i = X_SECONDS; i < X_SECONDS + 8; i += 2) /* STP x19, x20, [sp, #-16]! */
        a64_word(emitter, 0xa9bf0000 | (i + 1) << 10 | X_STACK_POINTER << 5 | i);
    a64_add(emitter, X_STACK_POINTER, X_STACK_POINTER, -16);
    a64_constant(emitter, number(F_ONE), 1);
}

static void end(struct emitter *emitter) {
    a64_move(emitter, 0, number(F_NUMBER));
    a64_add(emitter, X_STACK_POINTER, X_STACK_POINTER, 16);
    for (unsigned i = X_SECONDS + 8; i > X_SECONDS; i -= 2) /* LDP x25, x26, [sp], #16 */
        a64_word(emitter, 0xa8c10000 | (i - 1) << 10 | X_STACK_POINTER << 5 | (i - 2));
    a64_word(emitter, 0xd65f03c0); /* RET */
}

/* The registers of struct form_burst's members. */
static const enum form_register members[] = {F_ARENA, F_MASK,  F_STORES, F_OFFSET, F_NUMBER,
                                             F_WORD,  F_COUNT, F_STRIDE, F_NEXT};
enum { MEMBERS = sizeof members / sizeof *members, X_FRAME = X_SECONDS };

static void move_members(struct emitter *emitter, const char *word) {
    for (size_t i = 0; i < MEMBERS; i++) {
        const struct a64_place place = {X_FRAME, 8 * (int64_t)i, false};
        a64_access(emitter, word, false, 8, number(members[i]), &place);
    }
}

static void begin_burst(struct emitter *emitter) {
    begin(emitter);
    a64_move(emitter, X_FRAME, 0);
    move_members(emitter, "LDR");
}

static void end_burst(struct emitter *emitter) {
    move_members(emitter, "STR");
    end(emitter);
}

static void align(struct emitter *emitter) {
    while (emitter->size % 64)
        a64_barrier(emitter, "NOP");
}

static void add(struct emitter *emitter, enum form_register to, enum form_register from,
                int64_t what) {
    a64_add(emitter, number(to), number(from), what);
}

static void add_register(struct emitter *emitter, enum form_register to, enum form_register from,
                         enum form_register what) {
    a64_word(emitter, 0x8b000000 | number(what) << 16 | number(from) << 5 | number(to));
}

static void mask(struct emitter *emitter, enum form_register to, enum form_register by) {
    a64_word(emitter, 0x8a000000 | number(by) << 16 | number(to) << 5 | number(to));
}

static void count_down(struct emitter *emitter, enum form_register which, size_t top) {
    a64_add(emitter, number(which), number(which), -1);
    a64_cbnz_back(emitter, number(which), top);
}

static void spread(struct emitter *emitter) {
    a64_word(emitter, 0x4e080c00 | number(F_NUMBER) << 5 | V_VALUE); /* DUP V.2D */
}

static void low(struct emitter *emitter) {
    a64_from_vector(emitter, number(F_NUMBER), V_VALUE);
}

/* A sequence under way: where its loop begins, and a branch past it. */
struct loop {
    size_t retry, skip;
};

static void local(struct emitter *emitter, const struct a64_form *form, unsigned bytes,
                  struct loop *loop) {
    unsigned old = number(F_OLD), want = number(F_VALUE);
    if (strcmp(form->word, "ADD") == 0)
        a64_word(emitter, form->bits | number(F_ONE) << 16 | old << 5 | number(F_FRESH));
    else if (strcmp(form->word, "CMP") == 0) /* narrow ones: the extended register, UXTB to UXTW */
        a64_word(emitter,
                 (bytes == 8 ? form->bits : 0x6b20001f | (uint32_t)__builtin_ctz(bytes) << 13) |
                     want << 16 | old << 5);
    else if (strcmp(form->word, "B.NE") == 0) {
        loop->skip = emitter->size;
        a64_word(emitter, form->bits);
    } else { /* CBNZ */
        a64_cbnz_back(emitter, number(F_STATUS), loop->retry);
        if (loop->skip)
            emitter->bytes[loop->skip] |= (uint8_t)((emitter->size - loop->skip) / 4 << 5);
    }
}

/* What a load fills or a store empties. */
static unsigned moved(const char *word, const struct form_operands *operands) {
    bool modifies = operands->role == FORM_ADD || operands->role == FORM_EXCHANGE ||
                    operands->role == FORM_COMPARE;
    if (operands->role == FORM_FENCE)
        return X_TEMPORARY;
    if (operands->vector)
        return V_VALUE;
    if (modifies && word[0] == 'L')
        return number(F_OLD);
    return number(operands->role == FORM_ADD ? F_FRESH : operands->value);
}

static void one(struct emitter *emitter, const struct a64_form *form,
                const struct form_operands *operands, const struct a64_place *place, bool second,
                struct loop *loop) {
    unsigned bytes = operands->role == FORM_FENCE || operands->pair ? 8 : operands->bytes;
    uint32_t size = bytes < 16 ? (uint32_t)__builtin_ctz(bytes) << 30 : 0, base = place->base << 5;
    bool load = form->word[0] == 'L';
    unsigned value = moved(form->word, operands), other = load ? number(F_FRESH) : value;
    switch (form->shape) {
    case A64_WHOLE:
        a64_word(emitter, form->bits);
        break;
    case A64_ANY:
    case A64_NEAR:
    case A64_BASE:
        loop->retry = emitter->size;
        a64_access(emitter, form->word, operands->vector, bytes, second && load ? other : value,
                   place);
        break;
    case A64_PAIR:
        a64_word(emitter, form->bits | other << 10 | base | value);
        break;
    case A64_ORDERED_PAIR:
        a64_word(emitter, form->bits | other << 16 | base | value);
        break;
    case A64_EXCLUSIVE:
        a64_word(emitter, form->bits | size | number(F_STATUS) << 16 | base | value);
        break;
    case A64_FETCH: /* one that forgets what was there has XZR in its bits */
        value = operands->role == FORM_ADD     ? number(F_ONE)
                : operands->role == FORM_FENCE ? X_TEMPORARY
                                               : number(operands->value);
        other = operands->role == FORM_FENCE ? X_TEMPORARY : number(F_OLD);
        a64_word(emitter, form->bits | size | value << 16 | base | other);
        break;
    case A64_COMPARE:
        a64_word(emitter, form->bits | size | number(F_OLD) << 16 | base | value);
        break;
    case A64_LOCAL:
        local(emitter, form, bytes, loop);
        break;
    }
}

static bool has_access(const char *words, bool *all_folds, unsigned bytes,
                       const struct a64_place *place) {
    char word[MAX_WORD];
    bool any = false;
    while ((words = mapping_next_word(words, word)) != NULL)
        if (a64_form(word)->shape != A64_WHOLE) {
            any = true;
            *all_folds &= a64_folds(word, bytes, place);
        }
    return any;
}

/* Every instruction can address a register alone. */
static struct a64_place reach(struct emitter *emitter, const char *words,
                              const struct form_operands *operands) {
    struct a64_place place = {number(operands->base), operands->displacement, false};
    bool folds = true;
    if (!has_access(words, &folds, operands->bytes, &place))
        return place;
    if (operands->index != F_NONE) {
        a64_word(emitter, 0x8b000000 | number(operands->index) << 16 | place.base << 5 | X_PLACE);
        place.base = X_PLACE;
    }
    if (place.displacement && !folds) {
        a64_add(emitter, X_PLACE, place.base, place.displacement);
        place = (struct a64_place){X_PLACE, 0, false};
    }
    return place;
}

/* Of a pair of registers the second access goes to the second half. */
static void sequence(struct emitter *emitter, const char *words,
                     const struct form_operands *operands) {
    struct a64_place place = {X_STACK_POINTER, 0, false};
    struct loop loop = {0, 0};
    char word[MAX_WORD];
    bool second = false;
    if (operands->role != FORM_FENCE)
        place = reach(emitter, words, operands);
    while ((words = mapping_next_word(words, word)) != NULL) {
        const struct a64_form *form = a64_form(word);
        bool access = form->shape == A64_ANY || form->shape == A64_NEAR || form->shape == A64_BASE;
        if (operands->pair && access && second) {
            a64_add(emitter, X_TEMPORARY, place.base, place.displacement + 8);
            place = (struct a64_place){X_TEMPORARY, 0, false};
        }
        one(emitter, form, operands, &place, operands->pair && second, &loop);
        second |= access;
    }
}

static bool encodes(const char *word, const struct form_operands *operands) {
    const struct a64_form *form = a64_form(word);
    bool load = word[0] == 'L', modifies = operands->role == FORM_ADD ||
                                           operands->role == FORM_EXCHANGE ||
                                           operands->role == FORM_COMPARE;
    bool moves = operands->role == (load ? FORM_LOAD : FORM_STORE) || operands->role == FORM_FENCE;
    if (form == NULL || form->shape == A64_WHOLE)
        return form != NULL;
    switch (form->shape) {
    case A64_ANY:
    case A64_NEAR:
    case A64_BASE:
        return (moves && (!operands->vector || form->vector)) || modifies;
    case A64_PAIR:
    case A64_ORDERED_PAIR:
        return operands->pair && moves;
    case A64_FETCH:
        return operands->role == FORM_FENCE ||
               operands->role == (strncmp(word, "SWP", 3) ? FORM_ADD : FORM_EXCHANGE);
    case A64_COMPARE:
        return operands->role == FORM_COMPARE && strcmp(word, "CASPAL") != 0;
    default: /* of a loop */
        return modifies;
    }
}

static bool is_barrier(const char *word) {
    return a64_form(word)->shape == A64_WHOLE;
}

static bool clobbers(const char *words) {
    (void)words;
    return false;
}

const struct form_isa form_aarch64 = {
    .load = "LDR",
    .store = "STR",
    .vector_load = "LDR",
    .vector_store = "STR",
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
