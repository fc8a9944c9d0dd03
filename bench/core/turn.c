/* SPDX-License-Identifier: MIT
 *
 * turn.c: turns as machine code of either ISA, in the bricks of forms/forms_emit.h.
 *
 * A turn is: the addresses of its first misses, from the table to registers; what the turn says;
 * the fence; the next place in the table; and back. Misses beyond the first ones have their
 * addresses loaded just before: these hit. On AArch64 the lines that hit have a register each, as
 * its ordered accesses have no displacement; on x86-64 they have displacements.
 */
#include "core/turn.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "forms/forms_emit.h"

/* Of the registers for places the first is the hits', the last the later misses'. */
enum { FIRST_MISSES = 6, ACROSS = 4, AT_CROSSING = 2048 };

/* The registers by what they hold here. */
static const enum form_register hits = F_PLACES, first_miss = (enum form_register)(F_PLACES + 1),
                                later_miss = (enum form_register)(F_PLACES + 7), table = F_NUMBER,
                                zero = F_STRIDE, kept = F_OLD, lost = F_VALUE,
                                after_kept = F_STATUS; /* hits + kept */

struct emission {
    struct emitter emitter;
    const struct form_isa *isa;
    const char *fence;
    enum form_register missed; /* of the last miss */
    unsigned misses, lines, words;
};

static size_t page_bytes(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

size_t hits_bytes(void) {
    return 2 * page_bytes();
}

static bool is_miss(const struct act *act) {
    return act->kind != ACT_END && (act->place == AT_MISS || act->place == AT_MISS_AFTER);
}

static unsigned misses_of(const struct act acts[TURN_ACTS]) {
    unsigned count = 0;
    for (size_t i = 0; i < TURN_ACTS; i++)
        count += is_miss(&acts[i]);
    return count;
}

unsigned turn_misses(const struct turn *turn, struct turn_point point) {
    return (point.parts & PART_BEFORE ? misses_of(turn->before) : 0) +
           (point.parts & PART_EACH ? point.count * misses_of(turn->each) : 0) +
           (point.parts & PART_AFTER ? misses_of(turn->after) : 0);
}

unsigned turn_needs(enum isa isa, const struct turn *turn) {
    const struct act *parts[] = {turn->before, turn->each, turn->after};
    char word[MAX_WORD];
    unsigned needs = 0;
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < TURN_ACTS; k++) {
            const char *rest = parts[i][k].words ? parts[i][k].words : "";
            while ((rest = mapping_next_word(rest, word)) != NULL)
                needs |= instruction_named(isa, word)->feature;
        }
    return needs;
}

static void run_words(struct emission *of, const char *words, enum form_step role,
                      struct form_operands operands) {
    operands.role = role;
    operands.bytes = 8;
    of->isa->sequence(&of->emitter, words, &operands);
}

static void fetch(struct emission *of, unsigned which, enum form_register to) {
    run_words(of, of->isa->load, FORM_LOAD,
              (struct form_operands){
                  .base = table, .index = F_NONE, .displacement = 8 * (int32_t)which, .value = to});
}

static enum form_register next_miss(struct emission *of) {
    unsigned which = of->misses++;
    of->missed = which < FIRST_MISSES ? (enum form_register)(first_miss + which) : later_miss;
    if (which >= FIRST_MISSES)
        fetch(of, which, later_miss);
    of->words = 0;
    return of->missed;
}

static struct form_operands operands_at(struct emission *of, enum act_place place) {
    struct form_operands at = {.base = hits, .index = F_NONE};
    unsigned line;
    switch (place) {
    case AT_MISS_AFTER:
        at.index = kept;
        at.base = next_miss(of);
        break;
    case AT_MISS:
        at.base = next_miss(of);
        break;
    case AT_MISSED_LINE:
        at.displacement = 8 * (int32_t)(++of->words % 8);
        at.base = of->missed;
        break;
    case AT_MISSED:
        at.base = of->missed;
        break;
    case AT_HIT:
        line = of->lines++ % TURN_HITS;
        if (of->isa->second_by_displacement)
            at.displacement = (int32_t)line * HITS_LINE;
        else
            at.base = (enum form_register)(F_SECONDS + line);
        break;
    case AT_HIT_AFTER:
        at.base = after_kept;
        break;
    case AT_ALIGNED:
        at.displacement = AT_CROSSING;
        break;
    case AT_CROSS_16:
        at.displacement = AT_CROSSING + 16 - ACROSS;
        break;
    case AT_CROSS_LINE:
        at.displacement = AT_CROSSING + HITS_LINE - ACROSS;
        break;
    case AT_CROSS_PAGE:
        at.displacement = (int32_t)page_bytes() - ACROSS;
        break;
    case AT_SHARED:
        at.displacement = HITS_SHARED;
        break;
    default:
        break;
    }
    return at;
}

static void do_act(struct emission *of, const struct act *act) {
    const struct form_isa *isa = of->isa;
    struct form_operands at = operands_at(of, act->place);
    switch (act->kind) {
    case ACT_LOAD:
        at.value = lost;
        run_words(of, act->words, FORM_LOAD, at);
        break;
    case ACT_KEEP:
        at.value = kept;
        run_words(of, act->words, FORM_LOAD, at);
        isa->add_register(&of->emitter, after_kept, hits, kept);
        break;
    case ACT_STORE:
    case ACT_PASS:
        at.value = act->kind == ACT_PASS ? kept : zero;
        run_words(of, act->words, FORM_STORE, at);
        break;
    case ACT_BARRIER:
        run_words(of, act->words, FORM_FENCE, at);
        break;
    case ACT_MOVE:
        isa->copy(&of->emitter, F_FRESH, F_ONE);
        break;
    case ACT_END:
        break;
    }
}

static void do_acts(struct emission *of, const struct act acts[TURN_ACTS]) {
    for (size_t i = 0; i < TURN_ACTS; i++)
        do_act(of, &acts[i]);
}

static void do_parts(struct emission *of, const struct turn *turn, struct turn_point point) {
    of->misses = of->lines = of->words = 0;
    of->missed = first_miss;
    if (point.parts & PART_BEFORE)
        do_acts(of, turn->before);
    for (unsigned i = 0; i < point.count && point.parts & PART_EACH; i++)
        do_acts(of, turn->each);
    if (point.parts & PART_AFTER)
        do_acts(of, turn->after);
}

static size_t function(struct emission *of, const struct turn *turn, struct turn_point point) {
    const struct form_isa *isa = of->isa;
    struct emitter *emitter = &of->emitter;
    unsigned misses = turn_misses(turn, point);
    if (misses > TURN_MISSES)
        die(EXIT_FAILED, "a turn of %u misses", misses);
    isa->align(emitter);
    size_t begin = emitter->size;
    isa->begin(emitter);
    for (unsigned i = 0; i < TURN_HITS && !isa->second_by_displacement; i++)
        isa->add(emitter, (enum form_register)(F_SECONDS + i), hits, (int64_t)i * HITS_LINE);
    isa->copy(emitter, kept, zero);
    isa->align(emitter);
    size_t top = emitter->size;
    for (unsigned i = 0; i < misses && i < FIRST_MISSES; i++)
        fetch(of, i, (enum form_register)(first_miss + i));
    do_parts(of, turn, point);
    run_words(of, of->fence, FORM_FENCE, (struct form_operands){.base = hits, .index = F_NONE});
    if (misses)
        isa->add(emitter, table, table, 8 * (int64_t)misses);
    isa->count_down(emitter, F_COUNT, top);
    isa->end(emitter);
    return begin;
}

struct turn_code turn_generate(enum isa isa, const struct turn *turn,
                               const struct turn_point *points, size_t count) {
    bool arm = isa == ISA_AARCH64;
    struct emission of = {.isa = arm ? &form_aarch64 : &form_x86_64,
                          .fence = arm ? "DSB ISH; ISB" : "MFENCE; LFENCE"};
    struct turn_code code = {.begin = allocate(count, sizeof *code.begin)};
    for (size_t i = 0; i < count; i++)
        code.begin[i] = function(&of, turn, points[i]);
    code.code = (struct replay_code){.bytes = of.emitter.bytes,
                                     .size = of.emitter.size,
                                     .end = of.emitter.size,
                                     .instructions = of.emitter.instructions};
    return code;
}

void turn_code_free(struct turn_code *code) {
    replay_code_free(&code->code);
    free(code->begin);
    *code = (struct turn_code){.begin = NULL};
}
