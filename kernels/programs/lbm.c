/* SPDX-License-Identifier: MIT
 *
 * lbm: a lattice Boltzmann method in nine directions on a plane (D2Q9), with the push scheme: a
 * cell's nine densities are loaded, collide, and each is stored to another neighbour in the other
 * grid: as many stores as loads, in turn to nine places. 519.lbm of SPEC CPU2017 has this shape,
 * and the loops of its suite are where a tax of TSO mode was published (TOSTING, 2023).
 *
 * The collision is the one of diffusion (Wolf-Gladrow, 1995), with a source and some decay: the
 * fewest operations that such a method has, since the scatter is the subject. In fixed-point
 * numbers, for the reason that stencil.c gives.
 *
 * A row holds its nine directions one after the other. Cells at the border are never swept: they
 * only receive, and what they send stays as it was.
 */
#include "sweep.h"

enum { WIDTH = 16, DIRECTIONS = 9, ROW = WIDTH * DIRECTIONS };

/* No cell at the border sends or receives what is at rest. */
static const struct shape shape = {.row = ROW, .stamp = 0};

struct state {
    struct sweep sweep;
};

/* Below 2^16, so that sums and products stay within 64 bits. */
static uint64_t word(uint64_t index) {
    return pattern_word(index) >> 48;
}

static bool fits(uint64_t footprint, unsigned threads) {
    return sweep_fits(footprint, threads, shape);
}

static void setup(struct work *work, unsigned thread) {
    sweep_setup(work, thread, shape, word);
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    sweep_prepare(work);
}

/* Half of a density stays and half relaxes to its share of the cell's mass, in 36ths 16, 4 or 1:
 * the unit here is half a 36th, less one part in 64 that decays. */
ALWAYS_INLINE uint64_t unit_of(uint64_t mass, uint64_t source) {
    return (mass + source) * ((UINT64_C(1) << 32) / 72 / 64 * 63) >> 32;
}

/* The word, counted from a cell's first one, where direction d arrives. */
#define ARRIVES(d, down, right) ((d)*WIDTH + (down)*ROW + (right))

ALWAYS_INLINE void step(const uint64_t *from, uint64_t *to, uint64_t source) {
    const uint64_t *end = from + WIDTH - 1;
    for (from++, to++; from != end; from++, to++) {
        uint64_t rest = data_load64(from + 0 * WIDTH);
        uint64_t east = data_load64(from + 1 * WIDTH), north = data_load64(from + 2 * WIDTH);
        uint64_t west = data_load64(from + 3 * WIDTH), south = data_load64(from + 4 * WIDTH);
        uint64_t north_east = data_load64(from + 5 * WIDTH);
        uint64_t north_west = data_load64(from + 6 * WIDTH);
        uint64_t south_west = data_load64(from + 7 * WIDTH);
        uint64_t south_east = data_load64(from + 8 * WIDTH);
        uint64_t mass = rest + east + north + west + south;
        mass += north_east + north_west + south_west + south_east;
        uint64_t unit = unit_of(mass, source);
        data_store64(to + ARRIVES(5, -1, 1), north_east / 2 + unit);
        data_store64(to + ARRIVES(6, -1, -1), north_west / 2 + unit);
        data_store64(to + ARRIVES(7, 1, -1), south_west / 2 + unit);
        data_store64(to + ARRIVES(8, 1, 1), south_east / 2 + unit);
        data_store64(to + ARRIVES(1, 0, 1), east / 2 + 4 * unit);
        data_store64(to + ARRIVES(2, -1, 0), north / 2 + 4 * unit);
        data_store64(to + ARRIVES(3, 0, -1), west / 2 + 4 * unit);
        data_store64(to + ARRIVES(4, 1, 0), south / 2 + 4 * unit);
        data_store64(to + ARRIVES(0, 0, 0), rest / 2 + 16 * unit);
    }
}

void RUN_SYMBOL(lbm)(struct work *work, unsigned thread, uint64_t ops) {
    sweep_run(work, thread, ops, shape, step);
}

/* From tables, not as step() has it. */
static bool is_wrong(const uint64_t *from, const uint64_t *to, uint64_t source) {
    static const int down[] = {0, 0, -1, 0, 1, -1, -1, 1, 1};
    static const int right[] = {0, 1, 0, -1, 0, 1, -1, -1, 1};
    static const uint64_t weight[] = {16, 4, 4, 4, 4, 1, 1, 1, 1};
    for (int cell = 1; cell < WIDTH - 1; cell++) {
        uint64_t mass = 0;
        for (int d = 0; d < DIRECTIONS; d++)
            mass += from[d * WIDTH + cell];
        for (int d = 0; d < DIRECTIONS; d++)
            if (to[d * WIDTH + cell + down[d] * ROW + right[d]] !=
                from[d * WIDTH + cell] / 2 + weight[d] * unit_of(mass, source))
                return true;
    }
    return false;
}

static const char *check(struct work *work, uint64_t ops) {
    return sweep_check(work, ops, shape, is_wrong);
}

static uint64_t bytes(const struct work *work) {
    return (uint64_t)2 * 8 * DIRECTIONS * (WIDTH - 2) * work->threads;
}

static const struct axis axes[] = {
    {"footprint", AXIS_FOOTPRINT, {{"L2", 0, 0}, {"L3", 1, 0}, {"DRAM", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(lbm);
const struct kernel KERNEL_SYMBOL(lbm) = {
    .name = "lbm",
    .family = "programs",
    .summary = "lattice Boltzmann method, push scheme in nine directions, a band of rows a thread",
    .op = "row of each band",
    .weight = 1,
    .joint = true,
    .uses = USES_LOAD | USES_STORE,
    .streams = 2,
    .min_threads = 1,
    .max_threads = MAX_BANDS,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .extras = &(const struct kernel_extras){.fits = fits},
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(lbm),
    .check = check,
    .bytes = bytes,
};
