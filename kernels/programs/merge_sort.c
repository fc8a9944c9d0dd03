/* SPDX-License-Identifier: MIT
 *
 * merge_sort: bottom-up merge sort (von Neumann, 1945; Knuth, The Art of Computer Programming 3,
 * 5.2.4) of runs of an array, one run an operation: what an external sort, or the lower levels of
 * any merge sort, do. So every operation is the same work, and the array is walked in sequence.
 *
 * Fours come sorted out of registers (Batcher's network, 1968); merges go to and fro between two
 * buffers and the last one to the output. They do not branch on keys, whose order no branch
 * predictor knows: else mispredictions would be what is measured.
 *
 * The keys are the input's words plus a number that is another one in each operation, so the order
 * is new each time: else a predictor would learn the ends of the merges of a small array, and the
 * first round over it would be slower than the rest. The C library's qsort calls back for
 * every comparison, which is other work: there is no reference.
 */
#include "access.h"
#include "pattern.h"

enum { MAX_RUN = 512, FOUR = 4 };

/* What is added to the words of the sample's op-th run. */
ALWAYS_INLINE uint64_t addend(uint64_t nonce, uint64_t op) {
    return nonce + op * UINT64_C(0x9e3779b97f4a7c15);
}

struct state {
    LINE_ALIGNED uint64_t buffer[2][MAX_RUN];
    uint64_t run;    /* words of one: a power of two, at least 8 */
    uint64_t runs;   /* in the array */
    uint64_t cursor; /* the next run */
    uint64_t start;  /* cursor before the sample */
    uint64_t done;   /* operations of the sample */
};

static uint64_t *words(const struct work *work, int output, uint64_t run) {
    const struct state *state = work->state;
    return (uint64_t *)(void *)(work->arena + (output ? work->footprint : 0)) + run * state->run;
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->run = param_number(work->params, "run");
    state->runs = work->footprint / 8 / state->run;
    for (uint64_t i = 0; i < state->runs * state->run; i++) {
        words(work, 0, 0)[i] = pattern_random(0, i);
        words(work, 1, 0)[i] = 0;
    }
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    state->start = state->cursor;
    state->done = 0;
}

ALWAYS_INLINE void order(uint64_t *a, uint64_t *b) {
    uint64_t low = *a < *b ? *a : *b, high = *a < *b ? *b : *a;
    *a = low;
    *b = high;
}

ALWAYS_INLINE void sort_four(const uint64_t *from, uint64_t *to, uint64_t added) {
    uint64_t a = data_load64(from) + added, b = data_load64(from + 1) + added;
    uint64_t c = data_load64(from + 2) + added, d = data_load64(from + 3) + added;
    order(&a, &b);
    order(&c, &d);
    order(&a, &c);
    order(&b, &d);
    order(&b, &c);
    data_store64(to, a);
    data_store64(to + 1, b);
    data_store64(to + 2, c);
    data_store64(to + 3, d);
}

/* Of two sorted sequences of `width` words, one behind the other. */
ALWAYS_INLINE void merge(const uint64_t *from, uint64_t *to, uint64_t width) {
    const uint64_t *left = from, *middle = from + width, *right = middle, *end = middle + width;
    while (left != middle && right != end) {
        uint64_t x = data_load64(left), y = data_load64(right), is_right = y < x;
        data_store64(to++, is_right ? y : x);
        right += is_right;
        left += 1 - is_right;
    }
    for (; left != middle; left++)
        data_store64(to++, data_load64(left));
    for (; right != end; right++)
        data_store64(to++, data_load64(right));
}

ALWAYS_INLINE void sort_run(const uint64_t *from, uint64_t *to, uint64_t *buffer, uint64_t run,
                            uint64_t added) {
    uint64_t *source = buffer, *target = buffer + MAX_RUN;
    for (uint64_t i = 0; i < run; i += FOUR)
        sort_four(from + i, source + i, added);
    for (uint64_t width = FOUR; width < run; width *= 2) {
        target = width * 2 == run ? to : target;
        for (uint64_t i = 0; i < run; i += 2 * width)
            merge(source + i, target + i, width);
        uint64_t *swap = source;
        source = target;
        target = swap;
    }
}

void RUN_SYMBOL(merge_sort)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    const uint64_t *from = private_load_pointer(&work->arena);
    uint64_t *to = (uint64_t *)((uint64_t)from + private_load64(&work->footprint));
    uint64_t run = private_load64(&state->run), runs = private_load64(&state->runs);
    uint64_t cursor = private_load64(&state->cursor), nonce = private_load64(&work->nonce);
    for (uint64_t i = 0; i < ops; i++) {
        sort_run(from + cursor * run, to + cursor * run, state->buffer[0], run, addend(nonce, i));
        cursor++;
        cursor = cursor == runs ? 0 : cursor;
    }
    private_store64(&state->cursor, cursor);
    private_store64(&state->done, ops);
}

/* In order, and the same multiset: sums of all keys, and of their scrambled squares, agree. */
static const char *check_run(const struct work *work, uint64_t op) {
    const struct state *state = work->state;
    uint64_t run = (state->start + op) % state->runs;
    const uint64_t *in = words(work, 0, run), *out = words(work, 1, run);
    uint64_t sum = 0, squares = 0;
    for (uint64_t i = 0; i < state->run; i++) {
        uint64_t key = in[i] + addend(work->nonce, op);
        if (i && out[i - 1] > out[i])
            return "a run is not in order";
        sum += key - out[i];
        squares += (key ^ key >> 32) * (key | 1) - (out[i] ^ out[i] >> 32) * (out[i] | 1);
    }
    return sum || squares ? "a run holds other keys" : NULL;
}

static const char *check(struct work *work, uint64_t ops) {
    enum { PROBES = 3 };
    const struct state *state = work->state;
    if (state->done != ops || state->cursor != (state->start + ops) % state->runs)
        return "another number of runs was sorted";
    uint64_t back = ops < state->runs ? ops : state->runs;
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t op = ops - 1 - (i ? pattern_random(work->nonce, i) % back : 0);
        const char *wrong = check_run(work, op);
        if (wrong)
            return wrong;
    }
    return NULL;
}

static uint64_t bytes(const struct work *work) {
    const struct state *state = work->state;
    return 2 * sizeof(uint64_t) * state->run;
}

static const struct axis axes[] = {
    {"run", AXIS_NUMBER, {{"128", 0, 0}, {"32", 2, 0}, {"512", 2, 0}}},
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 2, 0}, {"L3", 2, 0}, {"DRAM", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(merge_sort);
const struct kernel KERNEL_SYMBOL(merge_sort) = {
    .name = "merge_sort",
    .family = "programs",
    .summary = "merge sort of runs of an array of 8-byte keys",
    .op = "run",
    .weight = 1,
    .uses = USES_LOAD | USES_STORE,
    .streams = 2,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(merge_sort),
    .check = check,
    .bytes = bytes,
};
