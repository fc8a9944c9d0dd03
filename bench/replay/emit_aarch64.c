/* SPDX-License-Identifier: MIT
 *
 * emit_aarch64.c: the steps of a replay as A64 instructions.
 */
#include "replay/emit_aarch64.h"

#include <string.h>

#include "base/die.h"

void a64_word(struct emitter *emitter, uint32_t word) {
    const uint8_t bytes[] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                             (uint8_t)(word >> 24)};
    emit_bytes(emitter, bytes, sizeof bytes);
    emitter->instructions++;
}

unsigned a64_base(uint8_t base) {
    if (base == BASE_ARENA)
        return X_ARENA;
    if (base == BASE_STACK)
        return X_STACK;
    return (unsigned)X_BASES + base - FIRST_BASE;
}

unsigned a64_value(uint8_t value) {
    if (value == NO_VALUE)
        return X_NONE;
    if (value & VECTOR_VALUE)
        return value & ~(unsigned)VECTOR_VALUE;
    if (value == 0)
        return X_VALUE;
    return (unsigned)X_VALUES + value - 1;
}

static unsigned alu_register(unsigned turn) {
    if (turn % 4 == 0)
        return X_ALU;
    return 18 + turn % 4;
}

unsigned a64_turn(struct emitter *emitter, bool to_load) {
    unsigned turn = emitter->turn++;
    return to_load ? X_SCRATCH + turn % 3 : alu_register(turn);
}

void a64_constant(struct emitter *emitter, unsigned to, uint64_t value) {
    bool first = true;
    for (unsigned half = 0; half < 4; half++) {
        uint32_t bits = value >> (16 * half) & 0xffff;
        if (bits == 0 && (value || half))
            continue;
        a64_word(emitter, (first ? 0xd2800000 : 0xf2800000) | half << 21 | bits << 5 | to);
        first = false;
    }
}

void a64_add(struct emitter *emitter, unsigned to, unsigned from, int64_t delta) {
    uint32_t form = delta < 0 ? 0xd1000000 : 0x91000000; /* SUB, ADD (immediate) */
    uint64_t distance = (uint64_t)(delta < 0 ? -delta : delta);
    if (distance >= 1u << 24) {
        a64_constant(emitter, X_SCRATCH_3, distance);
        a64_word(emitter,
                 (delta < 0 ? 0xcb000000 : 0x8b000000) | X_SCRATCH_3 << 16 | from << 5 | to);
        return;
    }
    uint32_t low = distance & 0xfff, high = (uint32_t)(distance >> 12);
    if (high)
        a64_word(emitter, form | 1u << 22 | high << 10 | from << 5 | to);
    if (low || high == 0)
        a64_word(emitter, form | low << 10 | (high ? to : from) << 5 | to);
}

void a64_move(struct emitter *emitter, unsigned to, unsigned from) {
    if (to != from)
        a64_word(emitter, 0xaa0003e0 | from << 16 | to); /* ORR */
}

void a64_from_vector(struct emitter *emitter, unsigned to, unsigned vector) {
    a64_word(emitter, 0x9e660000 | vector << 5 | to); /* FMOV */
}

void a64_to_vector(struct emitter *emitter, unsigned vector, unsigned from) {
    a64_word(emitter, 0x9e670000 | from << 5 | vector);
}

void a64_cbnz_back(struct emitter *emitter, unsigned which, size_t target) {
    uint32_t distance = (uint32_t)((int64_t)(target - emitter->size) / 4) & 0x7ffff;
    a64_word(emitter, 0xb5000000 | distance << 5 | which);
}

const struct a64_form *a64_form(const char *word) {
    static const struct a64_form forms[] = {
#define A64(word, shape, bits, vector) {word, shape, bits, vector},
#include "replay/encodings_aarch64.def"
#undef A64
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].word, word) == 0)
            return &forms[i];
    return NULL;
}

/* The form of a word that can only have come from a policy's row. */
static const struct a64_form *form_of(const struct emitter *emitter, const char *word) {
    const struct a64_form *form = a64_form(word);
    if (form == NULL)
        die(EXIT_FAILED, "no instruction for `%s' of policy %s", word, emitter->policy->name);
    return form;
}

void a64_barrier(struct emitter *emitter, const char *word) {
    a64_word(emitter, form_of(emitter, word)->bits);
}

static void words(struct emitter *emitter, const char *sequence) {
    char word[MAX_WORD];
    while ((sequence = mapping_next_word(sequence, word)) != NULL)
        a64_barrier(emitter, word);
}

static unsigned log2_of(unsigned size) {
    return (unsigned)__builtin_ctz(size);
}

bool a64_folds(const char *word, unsigned size, const struct a64_place *place) {
    int64_t at = place->displacement;
    bool near = at >= -256 && at < 256;
    if (strcmp(word, "LDR") == 0 || strcmp(word, "STR") == 0)
        return place->indexed ? at == 0 : near || (at >= 0 && at % size == 0 && at / size < 4096);
    if (place->indexed)
        return false;
    if (strcmp(word, "LDP") == 0 || strcmp(word, "STP") == 0)
        return at % 16 == 0 && at >= -1024 && at < 1024;
    return at == 0 || ((strcmp(word, "LDAPUR") == 0 || strcmp(word, "STLUR") == 0) && near);
}

/* LDR and STR: whichever form has the place. */
static uint32_t plain_word(uint32_t form, unsigned size, const struct a64_place *place) {
    int64_t at = place->displacement;
    if (place->indexed)
        return form | 0x00206800 | X_ZERO << 16;
    if (at >= 0 && at % size == 0 && at / size < 4096)
        return form | 0x01000000 | (uint32_t)(at / size) << 10;
    return form | ((uint32_t)at & 0x1ff) << 12;
}

void a64_access(struct emitter *emitter, const char *word, bool vector, unsigned size,
                unsigned value, const struct a64_place *place) {
    const struct a64_form *form = form_of(emitter, word);
    uint32_t bits = vector ? form->vector : form->bits, operands = place->base << 5 | value;
    if (bits == 0)
        die(EXIT_FAILED, "no instruction for `%s' of policy %s", word, emitter->policy->name);
    if (form->shape == A64_PAIR) {
        bool load = word[0] == 'L';
        operands |= ((uint32_t)(place->displacement / 16) & 0x7fu) << 15 |
                    (load ? V_SCRATCH + 1u : value) << 10;
    } else
        bits |= size == 16 ? 1u << 23 : log2_of(size) << 30;
    if (form->shape == A64_ANY)
        bits = plain_word(bits, size, place);
    else if (form->shape == A64_NEAR)
        bits |= ((uint32_t)place->displacement & 0x1ff) << 12;
    a64_word(emitter, bits | operands);
}

void a64_sequence(struct emitter *emitter, const char *sequence, bool vector, unsigned size,
                  unsigned value, const struct a64_place *place) {
    char word[MAX_WORD];
    while ((sequence = mapping_next_word(sequence, word)) != NULL) {
        if (policy_is_access(word))
            a64_access(emitter, word, vector, size, value, place);
        else
            a64_barrier(emitter, word);
    }
}

/* The access word of a sequence. */
static void access_word(const char *sequence, char word[MAX_WORD]) {
    while ((sequence = mapping_next_word(sequence, word)) != NULL)
        if (policy_is_access(word))
            return;
}

/* Brings a place into a form that the word has; everything under ADDRESSING_SAME. */
static void reach(struct emitter *emitter, const char *word, unsigned size,
                  struct a64_place *place) {
    bool alone = place->displacement == 0 && !place->indexed;
    if (alone || (emitter->addressing == ADDRESSING_FOLDED && a64_folds(word, size, place)))
        return;
    if (place->indexed) {
        a64_word(emitter, 0x8b000000 | X_ZERO << 16 | place->base << 5 | X_ADDRESS);
        *place = (struct a64_place){X_ADDRESS, place->displacement, false};
        if (emitter->addressing == ADDRESSING_FOLDED && a64_folds(word, size, place))
            return;
    }
    if (place->displacement)
        a64_add(emitter, X_ADDRESS, place->base, place->displacement);
    *place = (struct a64_place){X_ADDRESS, 0, false};
}

/* More than a register: by pairs where nothing is between them, else one after the other. What a
 * load brings into all but the first nobody knows of; a store is of the first throughout, so that
 * all of it has the data that the trace names. */
static void wide_access(struct emitter *emitter, const char *sequence, unsigned size,
                        unsigned value, struct a64_place *place) {
    bool plain = strcmp(sequence, "LDR") == 0 || strcmp(sequence, "STR") == 0;
    unsigned step = plain ? 32 : 16;
    char word[MAX_WORD];
    access_word(sequence, word);
    bool load = word[0] == 'L';
    const char *pair = load ? "LDP" : "STP";
    reach(emitter, plain ? pair : word, 16, place);
    for (unsigned at = 0; at < size; at += step) {
        struct a64_place part = *place;
        part.displacement += at;
        unsigned which = load && at ? V_SCRATCH + at / 16 % 4 : value;
        if (!a64_folds(plain ? pair : word, 16, &part)) {
            a64_add(emitter, X_ADDRESS, part.base, part.displacement);
            *place = (struct a64_place){X_ADDRESS, -(int64_t)at, false};
            part = (struct a64_place){X_ADDRESS, 0, false};
        }
        if (plain)
            a64_access(emitter, pair, true, 16, which, &part);
        else
            a64_sequence(emitter, sequence, true, 16, which, &part);
    }
}

/* The x87's 10 bytes: 8 and 2. */
static void x87_access(struct emitter *emitter, const char *sequence, unsigned value,
                       struct a64_place *place) {
    char word[MAX_WORD];
    access_word(sequence, word);
    reach(emitter, word, 8, place);
    a64_sequence(emitter, sequence, false, 8, value, place);
    struct a64_place rest = {place->base, place->displacement + 8, place->indexed};
    reach(emitter, word, 2, &rest);
    a64_sequence(emitter, sequence, false, 2, sequence[0] == 'L' ? X_SCRATCH : value, &rest);
}

/* The register that a load fills or a store empties, of the kind that the access is. */
static unsigned value_register(struct emitter *emitter, const struct step *step, bool vector,
                               bool load) {
    if (step->value == NO_VALUE)
        return vector ? (load ? V_SCRATCH : V_ZERO) : a64_turn(emitter, load);
    bool in_vector = (step->value & VECTOR_VALUE) != 0;
    unsigned value = a64_value(step->value);
    if (in_vector == vector)
        return value;
    if (in_vector) {
        a64_from_vector(emitter, X_SCRATCH, value);
        return X_SCRATCH;
    }
    a64_to_vector(emitter, V_SCRATCH, value);
    return V_SCRATCH;
}

static void load_or_store(struct emitter *emitter, const struct step *step, const char *sequence,
                          unsigned base) {
    const struct trace_access *access = &emitter->stream->accesses[step->record];
    bool vector = replay_is_vector(access, &emit_aarch64.registers);
    bool load = access->kind == TRACE_LOAD,
         plain = !strcmp(sequence, "LDR") || !strcmp(sequence, "STR");
    struct a64_place place = {base, step->delta, access->indexed};
    unsigned value = value_register(emitter, step, vector, load);
    char word[MAX_WORD];
    if (step->writeback && plain && emitter->addressing == ADDRESSING_FOLDED) {
        uint32_t form = load ? 0xf8400400 : 0xf8000c00; /* LDR post-index, STR pre-index */
        a64_word(emitter, form | ((uint32_t)step->writeback & 0x1ff) << 12 | base << 5 | value);
        return;
    }
    if (step->writeback < 0)
        a64_add(emitter, base, base, step->writeback);
    if (access->size == 10)
        x87_access(emitter, sequence, value, &place);
    else if (access->size > 16)
        wide_access(emitter, sequence, access->size, value, &place);
    else {
        access_word(sequence, word);
        reach(emitter, word, access->size, &place);
        a64_sequence(emitter, sequence, vector, access->size, value, &place);
    }
    if (step->writeback > 0)
        a64_add(emitter, base, base, step->writeback);
}

static void access(struct emitter *emitter, const struct step *step, const struct words *of) {
    const struct trace_access *record = &emitter->stream->accesses[step->record];
    unsigned base = a64_base(step->from);
    struct step here = *step;
    if (record->kind == TRACE_FENCE) {
        words(emitter, of->access);
        return;
    }
    if (record->base == TRACE_BASE_RIP && step->from == BASE_ARENA && step->delta) {
        /* As ADRP and ADD. */
        a64_add(emitter, X_ADDRESS, X_ARENA, step->delta);
        base = X_ADDRESS;
        here.delta = 0;
    }
    if (record->kind == TRACE_MOVS || record->kind == TRACE_STOS)
        a64_rep(emitter, &here, of, base);
    else if (record->kind == TRACE_RMW) {
        struct a64_place place = {base, here.delta, record->indexed};
        reach(emitter, "SWPAL", record->size, &place);
        a64_rmw(emitter, &here, of->access, place.base);
    } else
        load_or_store(emitter, &here, of->access, base);
}

static void alu(struct emitter *emitter, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        unsigned which = alu_register(emitter->turn++);
        a64_word(emitter, 0x8b000000 | X_ZERO << 16 | which << 5 | which);
    }
}

static void move(struct emitter *emitter, const struct step *step) {
    a64_add(emitter, a64_base(step->to), a64_base(step->from), step->delta);
}

static void depend(struct emitter *emitter, const struct step *step) {
    unsigned value = a64_value(step->value);
    if (step->value & VECTOR_VALUE) {
        a64_from_vector(emitter, X_ADDRESS, value);
        value = X_ADDRESS;
    }
    a64_word(emitter, 0x8b000000 | value << 16 | a64_base(step->from) << 5 | a64_base(step->to));
}

static void begin(struct emitter *emitter) {
    /* STP x19, x20, [sp, #-16]! and so on; D8 to D15 are the caller's too. */
    for (unsigned i = 19; i < 31; i += 2)
        a64_word(emitter, 0xa9bf0000 | (i + 1) << 10 | 31 << 5 | i);
    for (unsigned i = 8; i < 16; i += 2)
        a64_word(emitter, 0x6dbf0000 | (i + 1) << 10 | 31 << 5 | i);
    a64_constant(emitter, X_ZERO, 0);
    for (unsigned i = 0; i < 4; i++)
        a64_constant(emitter, alu_register(i), 0);
    for (unsigned i = V_ZERO; i <= 31; i++)
        a64_word(emitter, 0x6f00e400 | i); /* MOVI */
    while (emitter->size % 64)
        a64_barrier(emitter, "NOP");
}

static void top(struct emitter *emitter) {
    for (uint8_t i = BASE_STACK; i < emit_aarch64.registers.bases; i++)
        a64_move(emitter, a64_base(i), X_ARENA);
}

static void end(struct emitter *emitter, size_t at) {
    a64_word(emitter, 0xf1000400 | X_PASSES << 5 | X_PASSES); /* SUBS #1 */
    a64_word(emitter, 0x54000000 | 2 << 5);                   /* B.EQ over the next */
    a64_word(emitter, 0x14000000 | ((uint32_t)((int64_t)(at - emitter->size) / 4) & 0x3ffffff));
    a64_constant(emitter, X_ARENA, 0);
    for (unsigned i = 0; i < 4; i++) /* ORR */
        a64_word(emitter, 0xaa000000 | alu_register(i) << 16 | X_ARENA << 5 | X_ARENA);
    for (unsigned i = 16; i > 8; i -= 2)
        a64_word(emitter, 0x6cc10000 | (i - 1) << 10 | 31 << 5 | (i - 2));
    for (unsigned i = 31; i > 19; i -= 2)
        a64_word(emitter, 0xa8c10000 | (i - 1) << 10 | 31 << 5 | (i - 2));
    a64_word(emitter, 0xd65f03c0); /* RET */
}

const struct emit_isa emit_aarch64 = {
    .registers = {.bases = 9, .generals = 10, .vectors = V_ZERO, .narrow_vectors = true},
    .begin = begin,
    .top = top,
    .alu = alu,
    .move = move,
    .depend = depend,
    .access = access,
    .words = words,
    .end = end,
};
