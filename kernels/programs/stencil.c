/* SPDX-License-Identifier: MIT
 *
 * stencil: Jacobi's iteration for Poisson's equation on a plane: each cell becomes the mean of its
 * four neighbours, plus a source. The values on the border are fixed.
 *
 * Fixed-point numbers: access.h moves integers, and a move to a floating-point register for every
 * load would be what bounds the loop. A row has 60 cells, so that the rows above and below are
 * still in L1 and each word comes once from where the grid lies. Cells begin at the third word:
 * vectors of two are then aligned.
 */
#include "element.h"
#include "sweep.h"

enum { ROW = 64, FIRST = 2, END = 62 };

static const struct shape shape = {.row = ROW, .stamp = ROW - 1};

struct state {
    struct sweep sweep;
    uint64_t is_vector;
};

static uint64_t word(uint64_t index) {
    return pattern_word(index) >> 40;
}

static bool fits(uint64_t footprint, unsigned threads) {
    return sweep_fits(footprint, threads, shape);
}

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    if (thread == 0)
        state->is_vector = strcmp(param_word(work->params, "bytes"), "16vec") == 0;
    sweep_setup(work, thread, shape, word);
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    sweep_prepare(work);
}

ALWAYS_INLINE void step_8(const uint64_t *from, uint64_t *to, uint64_t source) {
    const uint64_t *end = from + END;
    for (from += FIRST, to += FIRST; from != end; from++, to++) {
        uint64_t sum = data_load64(from - ROW) + data_load64(from - 1);
        sum += data_load64(from + 1) + data_load64(from + ROW);
        data_store64(to, sum / 4 + source);
    }
}

ALWAYS_INLINE void step_16vec(const uint64_t *from, uint64_t *to, uint64_t source) {
    const uint64_t *end = from + END;
    vec16_words sources = {source, source};
    for (from += FIRST, to += FIRST; from != end; from += 2, to += 2) {
        vec16_words sum = (vec16_words)data_load_vec16(from - ROW);
        sum += (vec16_words)data_load_vec16(from - 1);
        sum += (vec16_words)data_load_vec16(from + 1);
        sum += (vec16_words)data_load_vec16(from + ROW);
        data_store_vec16(to, (vec16)((sum >> 2) + sources));
    }
}

void RUN_SYMBOL(stencil)(struct work *work, unsigned thread, uint64_t ops) {
    struct state *state = private_load_pointer(&work->state);
    if (private_load64(&state->is_vector))
        sweep_run(work, thread, ops, shape, step_16vec);
    else
        sweep_run(work, thread, ops, shape, step_8);
}

static bool is_wrong(const uint64_t *from, const uint64_t *to, uint64_t source) {
    for (int i = FIRST; i < END; i++)
        if (to[i] != (from[i - ROW] + from[i - 1] + from[i + 1] + from[i + ROW]) / 4 + source)
            return true;
    return false;
}

static const char *check(struct work *work, uint64_t ops) {
    return sweep_check(work, ops, shape, is_wrong);
}

static unsigned without(const struct params *params) {
    return strcmp(param_word(params, "bytes"), "16vec") == 0 ? 0 : USES_VECTOR;
}

static const struct axis axes[] = {
    {"bytes", AXIS_WORD, {{"8", 0, 0}, {"16vec", 1, 0}}},
    {"footprint", AXIS_FOOTPRINT, {{"L2", 0, 0}, {"L3", 1, 0}, {"DRAM", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(stencil);
const struct kernel KERNEL_SYMBOL(stencil) = {
    .name = "stencil",
    .family = "programs",
    .summary = "five-point stencil on a plane, a band of rows a thread",
    .op = "row of each band",
    .weight = 2,
    .joint = true,
    .uses = USES_LOAD | USES_STORE | USES_VECTOR,
    .without = without,
    .streams = 2,
    .min_threads = 1,
    .max_threads = MAX_BANDS,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .extras = &(const struct kernel_extras){.fits = fits},
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(stencil),
    .check = check,
};
