/* SPDX-License-Identifier: MIT */
#include "replay/replay_steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum { MAX_VALUES_HELD = 32 };

/* What a base register holds. */
struct base {
    int64_t value;   /* from the start of the arena */
    size_t load;     /* 1 + the record its value depends on, or 0 */
    size_t last_use; /* steps ago is long ago */
};

/* One kind of value registers. */
struct values {
    unsigned count;
    size_t load[MAX_VALUES_HELD]; /* 1 + the record that filled it, or 0: free */
};

struct planner {
    const struct trace_stream *stream;
    const struct replay_registers *registers;
    struct replay_steps out;
    size_t room;
    struct base bases[MAX_BASES];
    struct values generals, vectors;
    size_t *last_use; /* of what each record loaded: the record that uses it last, or 0 */
    int64_t gap;      /* instructions still to be made up for; below 0: too many were made */
};

bool replay_is_vector(const struct trace_access *access, const struct replay_registers *registers) {
    if (access->size == 10 || access->kind == TRACE_RMW)
        return false;
    return access->size >= 16 ||
           (access->vector && (registers->narrow_vectors || access->size >= 4));
}

uint64_t replay_instructions(const struct trace_stream *stream) {
    uint64_t instructions = 0;
    for (size_t i = 0; i < stream->count; i++) {
        const struct trace_access *access = &stream->accesses[i];
        instructions += access->gap + (access->kind != TRACE_BLOCK && !access->same);
    }
    return instructions;
}

unsigned replay_move_cost(int64_t delta, const struct replay_registers *registers) {
    uint64_t distance = (uint64_t)(delta < 0 ? -delta : delta);
    if (registers->adds_anything)
        return distance >> 31 ? 2 : 1;
    if (distance < 1u << 12)
        return 1;
    if (distance >= 1u << 24)
        return distance >> 32 ? 4 : 3; /* a constant of 16 bits a word, and an addition */
    return distance % (1u << 12) ? 2 : 1;
}

static struct step *add(struct planner *planner, enum step_kind kind) {
    struct replay_steps *out = &planner->out;
    if (out->count == planner->room) {
        planner->room = planner->room ? 2 * planner->room : 1024;
        out->steps = realloc(out->steps, planner->room * sizeof *out->steps);
        if (out->steps == NULL)
            die(EXIT_FAILED, "out of memory for %zu steps of a replay", planner->room);
    }
    struct step *step = &out->steps[out->count++];
    *step = (struct step){
        .kind = (uint8_t)kind, .value = NO_VALUE, .rmw_data = NO_VALUE, .index = NO_VALUE};
    return step;
}

/* Where the value of a load is: a register, or NO_VALUE if it is gone. */
static uint8_t value_of(const struct planner *planner, size_t load) {
    for (unsigned i = 0; i < planner->generals.count; i++)
        if (planner->generals.load[i] == load)
            return (uint8_t)i;
    for (unsigned i = 0; i < planner->vectors.count; i++)
        if (planner->vectors.load[i] == load)
            return (uint8_t)(VECTOR_VALUE + i);
    return NO_VALUE;
}

/* A register for what this record loads: a free one, or that whose use is furthest away. */
static uint8_t keep_value(struct planner *planner, size_t record, bool vector) {
    struct values *values = vector ? &planner->vectors : &planner->generals;
    unsigned chosen = 0;
    size_t furthest = 0;
    for (unsigned i = 0; i < values->count; i++) {
        size_t load = values->load[i];
        if (load == 0 || planner->last_use[load - 1] <= record) {
            values->load[i] = record + 1;
            return (uint8_t)(vector ? VECTOR_VALUE + i : i);
        }
        if (planner->last_use[load - 1] > furthest) {
            furthest = planner->last_use[load - 1];
            chosen = i;
        }
    }
    if (furthest <= planner->last_use[record])
        return NO_VALUE;
    values->load[chosen] = record + 1;
    return (uint8_t)(vector ? VECTOR_VALUE + chosen : chosen);
}

/* The value that a record depends on, `back` records earlier. */
static uint8_t depended_on(struct planner *planner, size_t record, uint32_t back) {
    if (back == 0 || back > record)
        return NO_VALUE;
    planner->out.dependences++;
    return value_of(planner, record - back + 1);
}

/* The instructions of the gap that are still to come, before the step `at`. */
static void flush_gap(struct planner *planner, size_t at) {
    if (planner->gap <= 0)
        return;
    size_t later = planner->out.count - at;
    add(planner, STEP_ALU);
    struct step *alu = &planner->out.steps[at];
    memmove(alu + 1, alu, later * sizeof *alu);
    *alu = (struct step){.kind = STEP_ALU, .count = (uint32_t)planner->gap};
    planner->out.alu += (uint64_t)planner->gap;
    planner->gap = 0;
}

/* The base register without dependence from which `value` is reached with fewest instructions. */
static uint8_t nearest(const struct planner *planner, int64_t value) {
    uint8_t best = BASE_ARENA;
    unsigned cost = replay_move_cost(value, planner->registers);
    for (uint8_t i = BASE_STACK; i < planner->registers->bases; i++) {
        unsigned its = replay_move_cost(value - planner->bases[i].value, planner->registers);
        if (planner->bases[i].load == 0 && its < cost) {
            best = i;
            cost = its;
        }
    }
    return best;
}

static void move(struct planner *planner, uint8_t to, uint8_t from, int64_t value) {
    int64_t delta = value - planner->bases[from].value;
    struct step *step = add(planner, STEP_MOVE);
    step->to = to;
    step->from = from;
    step->delta = delta;
    planner->out.moves += replay_move_cost(delta, planner->registers);
    planner->gap -= replay_move_cost(delta, planner->registers);
    planner->bases[to].value = value;
    planner->bases[to].load = planner->bases[from].load;
}

static void depend(struct planner *planner, uint8_t to, uint8_t from, uint8_t value, size_t load) {
    struct step *step = add(planner, STEP_DEPEND);
    unsigned cost = value & VECTOR_VALUE ? 2 : 1;
    step->to = to;
    step->from = from;
    step->value = value;
    planner->out.moves += cost;
    planner->gap -= cost;
    planner->bases[to].value = planner->bases[from].value;
    planner->bases[to].load = load;
}

static uint8_t holding(const struct planner *planner, int64_t value, size_t load) {
    for (uint8_t i = 0; i < planner->registers->bases; i++)
        if (planner->bases[i].value == value && planner->bases[i].load == load)
            return i;
    return MAX_BASES;
}

/* A base register that holds `value` and depends on `load` (0: on none). */
static uint8_t base_for(struct planner *planner, int64_t value, size_t load, uint8_t loaded) {
    uint8_t found = holding(planner, value, load), oldest = FIRST_BASE, free_of = MAX_BASES;
    if (found != MAX_BASES)
        return found;
    for (uint8_t i = FIRST_BASE; i < planner->registers->bases; i++) {
        if (planner->bases[i].last_use < planner->bases[oldest].last_use)
            oldest = i;
        if (load && planner->bases[i].load == load)
            free_of = i;
    }
    if (load && loaded == NO_VALUE && free_of == MAX_BASES)
        planner->out.lost++;
    if (free_of != MAX_BASES)
        move(planner, oldest, free_of, value);
    else if (loaded == NO_VALUE)
        move(planner, oldest, nearest(planner, value), value);
    else if ((found = holding(planner, value, 0)) != MAX_BASES)
        depend(planner, oldest, found, loaded, load);
    else {
        move(planner, oldest, nearest(planner, value), value);
        depend(planner, oldest, oldest, loaded, load);
    }
    return oldest;
}

/* Whether the load at the stack's top takes it off: whether what comes next on the stack finds it
 * 8 bytes higher. MOV from [rsp] is told from POP by that alone. */
static bool is_pop(const struct planner *planner, size_t record, int64_t top) {
    const struct trace_access *accesses = planner->stream->accesses;
    for (size_t i = record + 1; i < planner->stream->count; i++) {
        const struct trace_access *next = &accesses[i];
        if (next->base != TRACE_BASE_STACK || next->kind > TRACE_RMW || next->indexed)
            continue;
        int64_t base = (int64_t)next->offset - next->displacement;
        bool push = next->kind == TRACE_STORE && next->size == 8 && next->displacement == 0;
        return base == top + 8 || (push && base == top);
    }
    return false;
}

/* The stack's own base register, moved along by PUSH and POP as the guest's is. On x86-64, which
 * moves none but its own in PUSH and POP, it stays, and the displacement follows. */
static uint8_t stack_for(struct planner *planner, size_t record, int64_t value, int8_t *writeback,
                         int64_t *displacement) {
    const struct trace_access *access = &planner->stream->accesses[record];
    struct base *stack = &planner->bases[BASE_STACK];
    if (planner->registers->adds_anything) {
        if (value - stack->value > 1024 || stack->value - value > 1024)
            move(planner, BASE_STACK, nearest(planner, value), value);
        *displacement = (int64_t)access->offset - stack->value;
        return BASE_STACK;
    }
    bool word = access->size == 8 && access->displacement == 0 && !access->vector;
    if (word && access->kind == TRACE_STORE && value == stack->value - 8)
        *writeback = -8;
    else if (value != stack->value)
        move(planner, BASE_STACK, nearest(planner, value), value);
    if (word && access->kind == TRACE_LOAD && is_pop(planner, record, value))
        *writeback = 8;
    stack->value = *writeback == 8 ? value + 8 : value;
    return BASE_STACK;
}

/* The steps of one record that is an access. */
static void add_access(struct planner *planner, size_t record) {
    const struct trace_access *access = &planner->stream->accesses[record];
    bool rep = access->kind == TRACE_MOVS || access->kind == TRACE_STOS;
    bool loads = access->kind == TRACE_LOAD || access->kind == TRACE_RMW;
    int64_t displacement = rep ? 0 : access->displacement;
    int64_t value = (int64_t)access->offset - displacement;
    /* A REP of nothing waits for nothing. */
    uint32_t address_from = access->count ? access->address_from : 0;
    uint32_t data_from = access->count ? access->data_from : 0;
    size_t load = address_from ? record - address_from + 1 : 0;
    uint8_t loaded = depended_on(planner, record, address_from), base = BASE_ARENA;
    uint8_t data = depended_on(planner, record, data_from);
    uint8_t index = NO_VALUE;
    int8_t writeback = 0;
    size_t first = planner->out.count;

    if (access->base == TRACE_BASE_STACK && !rep && !access->indexed && load == 0)
        base = stack_for(planner, record, value, &writeback, &displacement);
    else if (access->base == TRACE_BASE_RIP && load == 0)
        displacement = access->offset;
    else if (planner->registers->adds_anything) {
        planner->out.lost += load && loaded == NO_VALUE;
        base = base_for(planner, value, 0, NO_VALUE);
        index = loaded;
    } else
        base = base_for(planner, value, load, loaded);
    flush_gap(planner, first);    /* the moves are its last instructions */
    planner->gap -= access->same; /* an instruction of its own, here */
    planner->bases[base].last_use = record + 1;
    struct step *step = add(planner, STEP_ACCESS);
    step->record = (uint32_t)record;
    step->from = base;
    step->delta = displacement;
    step->writeback = writeback;
    step->index = index;
    if (access->kind == TRACE_RMW)
        step->rmw_data = data;
    planner->out.lost += data_from && data == NO_VALUE;
    if (!loads)
        step->value = data;
    else if (planner->last_use[record])
        step->value = keep_value(planner, record, replay_is_vector(access, planner->registers));
    planner->out.accesses++;
}

/* Who uses what each record loads, last. */
static size_t *last_uses(const struct trace_stream *stream) {
    size_t *last_use = allocate(stream->count ? stream->count : 1, sizeof *last_use);
    for (size_t i = 0; i < stream->count; i++) {
        const struct trace_access *access = &stream->accesses[i];
        if (access->address_from && access->address_from <= i)
            last_use[i - access->address_from] = i;
        if (access->data_from && access->data_from <= i)
            last_use[i - access->data_from] = i;
    }
    return last_use;
}

struct replay_steps replay_steps_of(const struct trace_stream *stream,
                                    const struct replay_registers *registers) {
    struct planner planner = {.stream = stream,
                              .registers = registers,
                              .generals.count = registers->generals,
                              .vectors.count = registers->vectors,
                              .last_use = last_uses(stream)};
    for (size_t i = 0; i < stream->count; i++)
        if (registers->rep_takes_last &&
            (stream->accesses[i].kind == TRACE_MOVS || stream->accesses[i].kind == TRACE_STOS))
            planner.generals.count = registers->generals - 1;
    planner.out.instructions = replay_instructions(stream);
    for (size_t i = 0; i < stream->count; i++) {
        const struct trace_access *access = &stream->accesses[i];
        planner.gap += access->gap;
        if (access->kind == TRACE_FENCE) {
            flush_gap(&planner, planner.out.count);
            struct step *step = add(&planner, STEP_ACCESS);
            step->record = (uint32_t)i;
        } else if (access->kind != TRACE_BLOCK)
            add_access(&planner, i);
    }
    planner.out.excess = planner.gap < 0 ? (uint64_t)-planner.gap : 0;
    flush_gap(&planner, planner.out.count); /* what followed the last access */
    free(planner.last_use);
    return planner.out;
}

void replay_steps_free(struct replay_steps *steps) {
    free(steps->steps);
    *steps = (struct replay_steps){0};
}
