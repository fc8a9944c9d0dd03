/* SPDX-License-Identifier: MIT
 *
 * sweep.h: what programs that sweep a grid have in common. There are two grids; a sweep reads one
 * and writes the other, the next one back. Each thread has a band of rows; an operation is a row
 * of each band, the next call goes on with the next row.
 *
 * Neighbours wait for each other only: before a sweep a thread waits until the bands beside its
 * own have finished the sweep before. Then their rows at the border are written, and what they
 * read of this thread's is no longer needed.
 *
 * The rows around the grid are never written. A row carries a stamp, the sweep that wrote it: a
 * thread looks at those of its neighbours, so a sweep that was announced too early is seen.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <string.h>

#include "access.h"
#include "pattern.h"

enum { MAX_BANDS = 256 };

struct band {
    LINE_ALIGNED uint64_t finished; /* sweeps, ever: for the neighbours */
    LINE_ALIGNED uint64_t done;     /* rows, ever: the thread's own */
    uint64_t wrong;                 /* bits in which a neighbour's stamp was not what it must be */
};

struct sweep {
    LINE_ALIGNED uint64_t rows; /* of a band */
    uint64_t grid_rows;         /* of a grid, with the two around */
    uint64_t start;             /* rows that each band had done before the sample */
    struct band band[MAX_BANDS];
};

/* How a grid lies in memory, in words. */
struct shape {
    uint64_t row;   /* words of a row */
    uint64_t stamp; /* the word of a row that no cell uses */
};

/* From the first grid to the second. The number of rows is odd, so no load follows a store that
 * has its low 12 address bits, which cores may take for a dependence (4K aliasing). */
ALWAYS_INLINE uint64_t sweep_offset(uint64_t grid_rows, struct shape shape) {
    return grid_rows * shape.row;
}

/* Of generation g: what sweep g - 1 wrote and sweep g reads. */
static inline uint64_t *sweep_row(const struct work *work, struct shape shape, uint64_t generation,
                                  uint64_t row) {
    const struct sweep *sweep = work->state;
    uint64_t grid = generation % 2 ? sweep_offset(sweep->grid_rows, shape) : 0;
    return (uint64_t *)(void *)work->arena + grid + row * shape.row;
}

/* The number of rows is odd. */
static inline uint64_t sweep_grid_rows(uint64_t footprint, struct shape shape) {
    uint64_t rows = footprint / sizeof(uint64_t) / shape.row;
    return rows - 1 + rows % 2;
}

/* Whether each thread gets a row of its own. */
static inline bool sweep_fits(uint64_t footprint, unsigned threads, struct shape shape) {
    return sweep_grid_rows(footprint, shape) >= threads + UINT64_C(2);
}

/* Each thread writes its band and, first and last, the row around. */
static inline void sweep_setup(struct work *work, unsigned thread, struct shape shape,
                               uint64_t (*word)(uint64_t)) {
    struct sweep *sweep = work->state;
    sweep->grid_rows = sweep_grid_rows(work->footprint, shape);
    sweep->rows = (sweep->grid_rows - 2) / work->threads;
    memset(&sweep->band[thread], 0, sizeof sweep->band[thread]);
    uint64_t first = thread == 0 ? 0 : 1 + thread * sweep->rows;
    uint64_t end = 1 + (thread + 1) * sweep->rows + (thread + 1 == work->threads);
    for (uint64_t grid = 0; grid < 2; grid++)
        for (uint64_t row = first; row < end; row++) {
            uint64_t *words = sweep_row(work, shape, grid, row);
            for (uint64_t i = 0; i < shape.row; i++)
                words[i] = i == shape.stamp ? 0 : word(row * shape.row + i);
        }
}

static inline void sweep_prepare(struct work *work) {
    struct sweep *sweep = work->state;
    sweep->start = sweep->band[0].done;
    for (unsigned i = 0; i < work->threads; i++)
        sweep->band[i].wrong = 0;
}

/* Until `band` has finished as many sweeps; the wrong bits of the stamp it has left. */
ALWAYS_INLINE uint64_t sweep_await(const struct band *band, uint64_t sweeps,
                                   const uint64_t *stamp) {
    while ((int64_t)(sync_load64(&band->finished) - sweeps) < 0)
        cpu_relax();
    return data_load64(stamp) ^ sweeps;
}

/* The timed code. step(from, to, source) makes one row: `from` in the grid that is read, `to` its
 * place in the other; source is the same for all cells and follows from the nonce. */
ALWAYS_INLINE void sweep_run(struct work *work, unsigned thread, uint64_t ops, struct shape shape,
                             void (*step)(const uint64_t *from, uint64_t *to, uint64_t source)) {
    struct sweep *sweep = private_load_pointer(&work->state);
    struct band *band = &sweep->band[thread];
    uint64_t rows = private_load64(&sweep->rows), done = private_load64(&band->done);
    uint64_t threads = private_load32(&work->threads), wrong = 0;
    uint64_t *grid = private_load_pointer(&work->arena);
    uint64_t other = sweep_offset(private_load64(&sweep->grid_rows), shape);
    uint64_t source = private_load64(&work->nonce) * UINT64_C(0x9e3779b97f4a7c15) >> 44;
    uint64_t first = (1 + thread * rows) * shape.row, sweeps = done / rows, row = done % rows;
    private_store64(&band->done, done + ops);
    while (ops) {
        const uint64_t *from = grid + (sweeps % 2 ? other : 0) + first;
        uint64_t *to = grid + (sweeps % 2 ? 0 : other) + first;
        uint64_t last = ops < rows - row ? row + ops : rows;
        if (row == 0 && thread > 0)
            wrong |= sweep_await(band - 1, sweeps, from - shape.row + shape.stamp);
        if (row == 0 && thread + 1 < threads)
            wrong |= sweep_await(band + 1, sweeps, from + rows * shape.row + shape.stamp);
        ops -= last - row;
        from += row * shape.row;
        to += row * shape.row;
        for (; row < last; row++) {
            step(from, to, source);
            data_store64(to + shape.stamp, sweeps + 1);
            from += shape.row;
            to += shape.row;
        }
        if (row == rows) {
            sync_store64(&band->finished, ++sweeps);
            row = 0;
        }
    }
    private_store64(&band->wrong, wrong);
}

/* Looks at rows of the last sweep. wrong(from, to, source) says whether a row differs from what
 * step() makes of the grid before. */
static inline const char *sweep_check(const struct work *work, uint64_t ops, struct shape shape,
                                      bool (*wrong)(const uint64_t *from, const uint64_t *to,
                                                    uint64_t source)) {
    enum { BANDS = 16, ROWS = 4 };
    const struct sweep *sweep = work->state;
    uint64_t end = sweep->start + ops, source = work->nonce * UINT64_C(0x9e3779b97f4a7c15) >> 44;
    uint64_t sweeps = (end - 1) / sweep->rows, rows = end - sweeps * sweep->rows;
    uint64_t fresh = ops < rows ? ops : rows; /* rows of the last sweep and of this sample */
    for (unsigned i = 0; i < work->threads; i++) {
        if (sweep->band[i].done != end)
            return "another number of rows was done";
        if (sweep->band[i].wrong)
            return "a sweep was announced before its rows were there";
    }
    for (uint64_t i = 0; i < work->threads && i < BANDS; i++) {
        uint64_t band = work->threads <= BANDS ? i : pattern_random(work->nonce, i) % work->threads;
        for (uint64_t k = 0; k < ROWS; k++) {
            uint64_t back = k == 0   ? 0
                            : k == 1 ? fresh - 1
                                     : pattern_random(work->nonce, i * ROWS + k) % fresh;
            uint64_t row = 1 + band * sweep->rows + rows - 1 - back;
            const uint64_t *to = sweep_row(work, shape, sweeps + 1, row);
            if (wrong(sweep_row(work, shape, sweeps, row), to, source))
                return "a cell is not what its neighbours make of it";
            if (to[shape.stamp] != sweeps + 1)
                return "a row is of another sweep";
        }
    }
    return NULL;
}

#endif
