/* SPDX-License-Identifier: MIT */
#include "forms/forms_emit.h"

#include <string.h>

#include "base/text.h"
#include "kernels/instructions/form_state.h"
#include "kernels/needs.h"

enum { WALK_UNROLL = 32, WALK_STRIDE = 64 };

/* A function under way. */
struct emission {
    struct emitter emitter;
    const struct form_isa *isa;
    const struct form_loop *loop;
    bool returns; /* each step's number is wanted */
};

bool form_writes(const struct form_loop *loop) {
    switch (loop->step) {
    case FORM_LOAD:
    case FORM_FAIL:
    case FORM_FENCE:
    case FORM_LOAD_FENCE:
    case FORM_LOAD_LOAD:
    case FORM_CHASE:
        return false;
    default:
        return true;
    }
}

static bool is_pair(const struct form_loop *loop) {
    return loop->step == FORM_STORE_LOAD || loop->step == FORM_LOAD_LOAD ||
           loop->step == FORM_STORE_STORE;
}

static bool is_vector(const struct form_loop *loop) {
    return loop->bytes == 16 && !loop->pair;
}

/* The i-th place: without writes, in a chain, its address waits for the number. */
static struct form_operands at(const struct emission *of, enum form_step role, unsigned i,
                               enum form_register value) {
    const struct form_loop *loop = of->loop;
    bool waits = loop->latency && !form_writes(loop);
    struct form_operands operands = {.role = role,
                                     .base = (enum form_register)(F_PLACES + i),
                                     .index = waits ? F_NUMBER : F_NONE,
                                     .value = value,
                                     .bytes = loop->bytes,
                                     .vector = is_vector(loop),
                                     .pair = loop->pair};
    if (loop->step == FORM_CHASE) {
        operands.base = F_NUMBER;
        operands.index = F_NONE;
    } else if (loop->step == FORM_WALK) {
        operands.base = F_PLACES;
        operands.displacement = (int32_t)i * WALK_STRIDE;
    }
    return operands;
}

static void run_sequence(struct emission *of, const char *sequence,
                         const struct form_operands *operands) {
    of->isa->sequence(&of->emitter, sequence, operands);
}

static void load(struct emission *of, const char *sequence, struct form_operands operands) {
    bool last = of->returns || of->loop->step == FORM_CHASE, vector = operands.vector;
    operands.value = last && !vector && !operands.pair ? F_NUMBER : F_VALUE;
    run_sequence(of, sequence, &operands);
    if (last && vector)
        of->isa->low(&of->emitter);
    else if (last && operands.pair)
        of->isa->copy(&of->emitter, F_NUMBER, F_VALUE);
}

/* An exchange takes its register, which in a chain is no longer needed. */
static void store(struct emission *of, const char *sequence, struct form_operands operands) {
    bool copies = of->isa->clobbers(sequence) && of->loop->step != FORM_RELOAD && !operands.pair;
    if (copies)
        of->isa->copy(&of->emitter, F_VALUE, F_NUMBER);
    operands.value = copies ? F_VALUE : F_NUMBER;
    run_sequence(of, sequence, &operands);
}

static void reload(struct emission *of, struct form_operands operands) {
    const struct form_isa *isa = of->isa;
    operands.role = FORM_LOAD;
    operands.value = F_NUMBER;
    operands.pair = false; /* the first of them */
    operands.bytes = of->loop->pair ? 8 : operands.bytes;
    run_sequence(of, operands.vector ? isa->vector_load : isa->load, &operands);
    if (operands.vector)
        isa->low(&of->emitter);
    isa->add(&of->emitter, F_NUMBER, F_NUMBER, 1);
}

/* Then what a step wants is one more than what the one before it found, and waits for that alone.
 */
static bool compares_in_chain(const struct form_loop *loop) {
    return loop->step == FORM_COMPARE && loop->latency;
}

/* One that writes `value`, and in COMPARE wants value + apart. */
static void modify(struct emission *of, enum form_step role, struct form_operands operands,
                   int64_t apart) {
    const struct form_isa *isa = of->isa;
    operands.role = role;
    if (role == FORM_COMPARE && !compares_in_chain(of->loop))
        isa->add(&of->emitter, F_OLD, operands.value, apart);
    else if (role == FORM_COMPARE)
        ; /* modified() has left it */
    else if (isa->clobbers(of->loop->first))
        isa->copy(&of->emitter, F_OLD, role == FORM_ADD ? F_ONE : operands.value);
    if (role == FORM_COMPARE && strstr(of->loop->first, "CMP;"))
        isa->copy(&of->emitter, F_VALUE, F_OLD); /* which the exclusive load overwrites */
    run_sequence(of, of->loop->first, &operands);
}

static struct form_operands second(const struct emission *of, enum form_step role, unsigned i,
                                   enum form_register value) {
    struct form_operands operands = at(of, role, i, value);
    if (of->isa->second_by_displacement || of->loop->second_at == 0)
        operands.displacement += of->loop->second_at;
    else
        operands.base = (enum form_register)(F_SECONDS + i);
    return operands;
}

static void pair(struct emission *of, unsigned i) {
    const struct form_loop *loop = of->loop;
    bool stores = loop->step != FORM_LOAD_LOAD, loads = loop->step != FORM_STORE_STORE;
    bool waits = of->returns && loop->second_at == 0 && loop->step == FORM_STORE_LOAD;
    struct form_operands operands = at(of, stores ? FORM_STORE : FORM_LOAD, i, F_VALUE);
    if (stores)
        store(of, loop->first, operands);
    else
        run_sequence(of, loop->first, &operands);
    if (of->returns && !stores)
        of->isa->copy(&of->emitter, F_NUMBER, F_VALUE);
    run_sequence(of, loop->between, &operands);
    operands = second(of, loads ? FORM_LOAD : FORM_STORE, i, waits ? F_NUMBER : F_FRESH);
    if (loads)
        run_sequence(of, loop->second, &operands);
    else
        store(of, loop->second, operands);
    if (of->returns && stores)
        of->isa->add(&of->emitter, F_NUMBER, F_NUMBER, 1);
}

static void fence(struct emission *of, unsigned i) {
    const struct form_loop *loop = of->loop;
    struct form_operands operands =
        at(of, loop->step == FORM_STORE_FENCE ? FORM_STORE : FORM_LOAD, i, F_VALUE);
    if (loop->step == FORM_STORE_FENCE)
        store(of, of->isa->store, operands);
    else if (loop->step == FORM_LOAD_FENCE)
        run_sequence(of, of->isa->load, &operands);
    operands.role = FORM_FENCE;
    run_sequence(of, loop->first, &operands);
    if (of->returns && loop->step == FORM_STORE_FENCE)
        of->isa->add(&of->emitter, F_NUMBER, F_NUMBER, 1);
    else if (of->returns && loop->step == FORM_LOAD_FENCE)
        of->isa->copy(&of->emitter, F_NUMBER, F_VALUE);
}

/* What the step leaves for the next. */
static void modified(struct emission *of) {
    if (!of->returns)
        return;
    if (of->loop->step == FORM_ADD)
        of->isa->add(&of->emitter, F_NUMBER, F_NUMBER, 1);
    else if (of->loop->step == FORM_FAIL)
        of->isa->copy(&of->emitter, F_NUMBER, F_OLD);
    else
        of->isa->add(&of->emitter, F_NUMBER, F_OLD, 2);
    if (compares_in_chain(of->loop))
        of->isa->add(&of->emitter, F_OLD, F_OLD, 1);
}

static void step(struct emission *of, unsigned i) {
    const struct form_loop *loop = of->loop;
    bool writes_vector = is_vector(loop) && (loop->step == FORM_STORE || loop->step == FORM_RELOAD);
    if (writes_vector && (i == 0 || loop->latency))
        of->isa->spread(&of->emitter);
    switch (loop->step) {
    case FORM_LOAD:
    case FORM_CHASE:
        load(of, loop->first, at(of, FORM_LOAD, i, F_VALUE));
        break;
    case FORM_STORE:
    case FORM_WALK:
        store(of, loop->first, at(of, FORM_STORE, i, F_NUMBER));
        if (of->returns)
            of->isa->add(&of->emitter, F_NUMBER, F_NUMBER, 1);
        break;
    case FORM_RELOAD:
        store(of, loop->first, at(of, FORM_STORE, i, F_NUMBER));
        reload(of, at(of, FORM_STORE, i, F_NUMBER));
        break;
    case FORM_ADD:
    case FORM_EXCHANGE:
    case FORM_COMPARE:
        modify(of, loop->step, at(of, loop->step, i, F_NUMBER), -1);
        modified(of);
        break;
    case FORM_FAIL:
        modify(of, FORM_COMPARE, at(of, FORM_COMPARE, i, F_NUMBER), 1);
        modified(of);
        break;
    case FORM_FENCE:
    case FORM_STORE_FENCE:
    case FORM_LOAD_FENCE:
        fence(of, i);
        break;
    case FORM_STORE_LOAD:
    case FORM_LOAD_LOAD:
    case FORM_STORE_STORE:
        pair(of, i);
        break;
    case FORM_BURST:
        break;
    }
}

/* The addresses of `places` places, and of their seconds. */
static void lay_out(struct emission *of, unsigned places) {
    const struct form_isa *isa = of->isa;
    struct emitter *emitter = &of->emitter;
    const struct form_loop *loop = of->loop;
    if (!form_writes(loop) && !loop->latency)
        isa->add_register(emitter, F_PLACES, F_PLACES, F_NUMBER);
    for (unsigned i = 1; i < places; i++)
        isa->add_register(emitter, (enum form_register)(F_PLACES + i),
                          (enum form_register)(F_PLACES + i - 1), F_STRIDE);
    for (unsigned i = 0; i < places && is_pair(loop) && !isa->second_by_displacement; i++)
        isa->add(emitter, (enum form_register)(F_SECONDS + i), (enum form_register)(F_PLACES + i),
                 loop->second_at);
}

/* A function: so many turns of so many steps, round so many places. Returns its offset. */
static size_t function(struct emission *of, unsigned steps, unsigned places, bool returns) {
    const struct form_isa *isa = of->isa;
    const struct form_loop *loop = of->loop;
    struct emitter *emitter = &of->emitter;
    bool walks = loop->step == FORM_WALK;
    isa->align(emitter);
    size_t begin = emitter->size;
    of->returns = loop->latency || returns;
    isa->begin(emitter);
    lay_out(of, walks ? 1 : places);
    if (compares_in_chain(loop))
        isa->add(emitter, F_OLD, F_NUMBER, -1);
    isa->align(emitter);
    size_t top = emitter->size;
    for (unsigned i = 0; i < steps; i++) {
        step(of, walks ? i : i % places);
        if (!walks && places > 1 && i % places == places - 1 && form_writes(loop))
            isa->add(emitter, F_NUMBER, F_NUMBER, 1);
    }
    if (walks)
        isa->add(emitter, F_PLACES, F_PLACES, (int64_t)steps * WALK_STRIDE);
    else if (places == 1 && !loop->latency && !returns) {
        isa->add_register(emitter, F_PLACES, F_PLACES, F_STRIDE);
        if (is_pair(loop) && !isa->second_by_displacement)
            isa->add_register(emitter, F_SECONDS, F_SECONDS, F_STRIDE);
    }
    isa->count_down(emitter, F_COUNT, top);
    isa->end(emitter);
    return begin;
}

/* fence_cost: see burst_all() there. */
static size_t burst(struct emission *of) {
    const struct form_isa *isa = of->isa;
    struct emitter *emitter = &of->emitter;
    enum form_step after = of->loop->after;
    struct form_operands each = {
        .role = FORM_STORE, .base = F_ARENA, .index = F_OFFSET, .value = F_NUMBER, .bytes = 8};
    struct form_operands one = {
        .role = after, .base = F_WORD, .index = F_NONE, .value = F_NEXT, .bytes = 8};
    isa->align(emitter);
    size_t begin = emitter->size;
    isa->begin_burst(emitter);
    isa->align(emitter);
    size_t top = emitter->size;
    isa->copy(emitter, F_INNER, F_STORES);
    isa->align(emitter); /* between bursts, too, as compilers do */
    size_t inner = emitter->size;
    run_sequence(of, isa->store, &each);
    isa->add_register(emitter, F_OFFSET, F_OFFSET, F_STRIDE);
    isa->mask(emitter, F_OFFSET, F_MASK);
    isa->add(emitter, F_NUMBER, F_NUMBER, 1);
    isa->count_down(emitter, F_INNER, inner);
    if (after == FORM_STORE)
        store(of, of->loop->first, one);
    else if (after == FORM_FENCE)
        run_sequence(of, of->loop->first, &one);
    else {
        isa->add(emitter, F_NEXT, F_NEXT, 1);
        modify(of, after, one, -1);
    }
    isa->count_down(emitter, F_COUNT, top);
    isa->end_burst(emitter);
    return begin;
}

static const struct form_isa *isa_of(enum isa which) {
    return which == ISA_AARCH64 ? &form_aarch64 : &form_x86_64;
}

struct form_code form_generate(enum isa which, const struct form_loop *loop) {
    struct emission of = {.isa = isa_of(which), .loop = loop};
    struct form_code form = {.many = 0};
    bool walks = loop->step == FORM_WALK, chain = loop->latency || loop->step == FORM_CHASE;
    if (loop->step == FORM_BURST)
        form.burst = burst(&of);
    else {
        form.many = function(&of, walks ? WALK_UNROLL : UNROLL, chain || walks ? 1 : WORDS, false);
        form.eight = chain || walks ? 0 : function(&of, WORDS, WORDS, false);
        form.few = function(&of, 1, 1, false);
        form.last = function(&of, 1, 1, true);
    }
    form.code = (struct replay_code){.bytes = of.emitter.bytes,
                                     .size = of.emitter.size,
                                     .end = of.emitter.size,
                                     .instructions = of.emitter.instructions};
    return form;
}

/* The roles that the sequences of a step have. */
static enum form_step role_of(const struct form_loop *loop, bool second) {
    switch (loop->step) {
    case FORM_LOAD:
    case FORM_CHASE:
    case FORM_LOAD_LOAD:
        return FORM_LOAD;
    case FORM_STORE_LOAD:
        return second ? FORM_LOAD : FORM_STORE;
    case FORM_STORE:
    case FORM_RELOAD:
    case FORM_WALK:
    case FORM_STORE_STORE:
        return FORM_STORE;
    case FORM_FAIL:
        return FORM_COMPARE;
    case FORM_BURST:
        return loop->after;
    case FORM_FENCE:
    case FORM_STORE_FENCE:
    case FORM_LOAD_FENCE:
        return FORM_FENCE;
    default:
        return loop->step;
    }
}

bool form_unencodable(enum isa which, const struct form_loop *loop, char word[MAX_WORD]) {
    const struct form_isa *isa = isa_of(which);
    const char *sequences[] = {loop->first, loop->second};
    for (int i = 0; i < 2; i++) {
        struct form_operands operands = {.role = role_of(loop, i == 1),
                                         .bytes = loop->bytes,
                                         .vector = is_vector(loop),
                                         .pair = loop->pair};
        const char *rest = sequences[i] ? sequences[i] : "";
        while ((rest = mapping_next_word(rest, word)) != NULL)
            if (!isa->encodes(word, &operands))
                return true;
    }
    return false;
}

bool form_begins_with_barrier(enum isa which, const char *sequence) {
    char word[MAX_WORD];
    return mapping_next_word(sequence, word) && isa_of(which)->is_barrier(word);
}

unsigned form_needs(enum isa which, const struct form_loop *loop) {
    const char *sequences[] = {loop->first, loop->between, loop->second};
    char word[MAX_WORD];
    unsigned needs = 0;
    for (int i = 0; i < 3; i++)
        for (const char *rest = sequences[i] ? sequences[i] : "";
             (rest = mapping_next_word(rest, word)) != NULL;)
            needs |= is_vector(loop) && (text_same(word, "LDAPUR") || text_same(word, "STLUR"))
                         ? FEATURE_LRCPC3
                         : instruction_named(which, word)->feature;
    return needs;
}
