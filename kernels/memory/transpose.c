/* SPDX-License-Identifier: MIT
 *
 * transpose: a square matrix of 8-byte elements. Rows are loaded, columns stored: every store is
 * to another line than the one before it, and where a column is larger than a cache each of them
 * misses. `order`: row after row, or tiles of 8 by 8, whose lines are full before they are left.
 *
 * One operation is 64 elements, in groups of 8 of a row. The number of rows is 8 modulo 16: what
 * powers of two do to the sets of a cache is another subject.
 */
#include <math.h>
#include <string.h>

#include "access.h"
#include "pattern.h"

enum { GROUP = 8, PROBES = 16 };

struct state {
    uint32_t tiles;  /* the order: tiles instead of rows */
    uint64_t rows;   /* and columns */
    uint64_t row;    /* of the next operation's first element */
    uint64_t column; /* of it */
    uint64_t start;  /* operations before the sample, modulo those of a matrix */
};

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->tiles = strcmp(param_word(work->params, "order"), "tiles") == 0;
    state->rows = ((uint64_t)sqrt((double)work->footprint / 8) - GROUP) / 16 * 16 + GROUP;
    pattern_fill(work->arena, 2 * work->footprint);
}

/* Operations that make a matrix; and how many of them came before an element. */
static uint64_t all_of(const struct state *state) {
    return state->rows * state->rows / (GROUP * GROUP);
}

static uint64_t done(const struct state *state) {
    uint64_t column = state->column / GROUP, across = state->rows / GROUP;
    return state->tiles ? state->row / GROUP * across + column
                        : (state->row * across + column) / GROUP;
}

/* The places of an element of the sample, in the matrix and in its transpose. */
struct place {
    uint64_t *from, *to;
};

static struct place place_of(const struct work *work, uint64_t element) {
    const struct state *state = work->state;
    uint64_t op = (state->start + element / (GROUP * GROUP)) % all_of(state);
    uint64_t in = element % (GROUP * GROUP), across = state->rows / GROUP, row, column;
    if (state->tiles) {
        row = op / across * GROUP + in / GROUP;
        column = op % across * GROUP + in % GROUP;
    } else {
        row = (op * GROUP * GROUP + in) / state->rows;
        column = (op * GROUP * GROUP + in) % state->rows;
    }
    uint64_t *from = (uint64_t *)(void *)work->arena;
    uint64_t *to = (uint64_t *)(void *)(work->arena + work->footprint);
    return (struct place){from + row * state->rows + column, to + column * state->rows + row};
}

static uint64_t probe(const struct work *work, uint64_t ops, uint64_t i) {
    uint64_t elements = ops * GROUP * GROUP;
    return i == 0 ? 0 : i == 1 ? elements - 1 : pattern_random(work->nonce, i) % elements;
}

/* Whatever is planted twice is planted alike. */
static uint64_t value_of(const struct work *work, const uint64_t *from) {
    return work->nonce + (uint64_t)(from - (uint64_t *)(void *)work->arena);
}

static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    state->start = done(state);
    for (uint64_t i = 0; i < PROBES; i++) {
        struct place place = place_of(work, probe(work, ops, i));
        *place.from = value_of(work, place.from);
        *place.to = ~*place.from;
    }
}

ALWAYS_INLINE void group(const uint64_t *from, uint64_t *to, uint64_t rows) {
    uint64_t value[GROUP];
#pragma GCC unroll 8
    for (int i = 0; i < GROUP; i++)
        value[i] = data_load64(from + i);
#pragma GCC unroll 8
    for (int i = 0; i < GROUP; i++, to += rows)
        data_store64(to, value[i]);
}

/* With a constant order this is one loop. */
ALWAYS_INLINE void walk(struct work *work, uint64_t ops, bool tiles) {
    struct state *state = private_load_pointer(&work->state);
    const uint64_t *from = private_load_pointer(&work->arena);
    uint64_t *to = (uint64_t *)((uint64_t)from + private_load64(&work->footprint));
    const uint64_t rows = private_load64(&state->rows);
    uint64_t row = private_load64(&state->row), column = private_load64(&state->column);
    for (uint64_t groups = ops * GROUP; groups; groups -= tiles ? GROUP : 1) {
        for (unsigned i = 0; i < (tiles ? GROUP : 1); i++)
            group(from + (row + i) * rows + column, to + column * rows + row + i, rows);
        column += GROUP;
        if (column == rows) {
            column = 0;
            row += tiles ? GROUP : 1;
            row = row == rows ? 0 : row;
        }
    }
    private_store64(&state->row, row);
    private_store64(&state->column, column);
}

void RUN_SYMBOL(transpose)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    if (private_load32(&state->tiles))
        walk(work, ops, true);
    else
        walk(work, ops, false);
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    if (done(state) != (state->start + ops) % all_of(state))
        return "the walk ended at another place";
    for (uint64_t i = 0; i < PROBES; i++) {
        struct place place = place_of(work, probe(work, ops, i));
        if (*place.to != value_of(work, place.from))
            return "an element is not where it belongs";
    }
    return NULL;
}

static uint64_t bytes(const struct work *work) {
    (void)work;
    return GROUP * GROUP * sizeof(uint64_t);
}

static const struct axis axes[] = {
    {"order", AXIS_WORD, {{"rows", 0, 0}, {"tiles", 1, 0}}},
    {"size", AXIS_FOOTPRINT, {{"L2", 0, 0}, {"16K", 1, 0}, {"L3", 1, 0}, {"DRAM", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(transpose);
const struct kernel KERNEL_SYMBOL(transpose) = {
    .name = "transpose",
    .family = "memory",
    .summary = "transposes a matrix of 8-byte elements, row by row or in tiles",
    .op = "64 elements",
    .weight = 2,
    .uses = USES_LOAD | USES_STORE,
    .streams = 2,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(transpose),
    .check = check,
    .bytes = bytes,
};
