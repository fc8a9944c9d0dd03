/* SPDX-License-Identifier: MIT */
#include "battery.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "rng.h"

/* Plain accesses from the same vocabulary as the kernels, so that the audit sees them too. */
#define LOWERING_ID   battery
#define LOWERING_NAME "plain"
#if defined(__aarch64__)
#define LOWERING_HEADER "lowering/aarch64/plain.h"
#else
#define LOWERING_HEADER "lowering/x86_64/plain.h"
#endif
#include "access.h"

enum { MAX_THREADS = 4 };

/* The shared variables of one run, each on its own line, and what the threads read. */
struct instance {
    LINE_ALIGNED uint64_t x;
    LINE_ALIGNED uint64_t y;
    LINE_ALIGNED uint64_t seen[MAX_THREADS][2];
};

typedef void body(uint64_t *x, uint64_t *y, uint64_t *seen);

#define BODY(name, code)                                                                           \
    static void name(uint64_t *x, uint64_t *y, uint64_t *seen) {                                   \
        (void)x, (void)y, (void)seen;                                                              \
        code                                                                                       \
    }
#define W(variable, value) data_store64(variable, value);
#define R(variable, slot)  seen[slot] = data_load64(variable);

BODY(x1_y1, W(x, 1) W(y, 1))
BODY(ry_rx, R(y, 0) R(x, 1))
BODY(x1_ry, W(x, 1) R(y, 0))
BODY(y1_rx, W(y, 1) R(x, 0))
BODY(rx_y1, R(x, 0) W(y, 1))
BODY(ry_x1, R(y, 0) W(x, 1))
BODY(x2_y1, W(x, 2) W(y, 1))
BODY(y2_rx, W(y, 2) R(x, 0))
BODY(x1_y2, W(x, 1) W(y, 2))
BODY(y1_x2, W(y, 1) W(x, 2))
BODY(just_x1, W(x, 1))
BODY(just_y1, W(y, 1))
BODY(rx_ry, R(x, 0) R(y, 1))
#undef BODY
#undef W
#undef R

static bool saw_mp(const struct instance *i) {
    return i->seen[1][0] == 1 && i->seen[1][1] == 0;
}
static bool saw_sb(const struct instance *i) {
    return i->seen[0][0] == 0 && i->seen[1][0] == 0;
}
static bool saw_lb(const struct instance *i) {
    return i->seen[0][0] == 1 && i->seen[1][0] == 1;
}
static bool saw_s(const struct instance *i) {
    return i->seen[1][0] == 1 && i->x == 2;
}
static bool saw_r(const struct instance *i) {
    return i->y == 2 && i->seen[1][0] == 0;
}
static bool saw_22w(const struct instance *i) {
    return i->x == 1 && i->y == 1;
}
static bool saw_iriw(const struct instance *i) {
    return i->seen[2][0] == 1 && i->seen[2][1] == 0 && i->seen[3][0] == 1 && i->seen[3][1] == 0;
}

static const struct test {
    const char *name;
    unsigned threads;
    bool forbidden;
    body *bodies[MAX_THREADS];
    bool (*saw)(const struct instance *instance);
} tests[BATTERY_TESTS] = {
    {"MP", 2, true, {x1_y1, ry_rx}, saw_mp},
    {"LB", 2, true, {rx_y1, ry_x1}, saw_lb},
    {"S", 2, true, {x2_y1, ry_x1}, saw_s},
    {"2+2W", 2, true, {x1_y2, y1_x2}, saw_22w},
    {"IRIW", 4, true, {just_x1, just_y1, rx_ry, ry_rx}, saw_iriw},
    {"R", 2, false, {x1_y1, y2_rx}, saw_r},
    {"SB", 2, false, {x1_ry, y1_rx}, saw_sb},
};

struct battery {
    struct crew *crew;
    enum memmodel model;
    const struct test *test;
    struct instance *instances;
    unsigned runs;
    uint64_t seed;
    int error;
};

static void delay(uint64_t turns) {
    for (; turns; turns--)
        __asm__ volatile("");
}

static void run_test(void *context, unsigned thread) {
    struct battery *battery = context;
    struct rng rng;
    rng_seed(&rng, battery->seed + thread);
    if (thread < battery->test->threads && battery->model != MEMMODEL_FIXED_TSO) {
        int error = memmodel_set(battery->model);
        if (error)
            battery->error = error;
    }
    for (unsigned run = 0; run < battery->runs; run++) {
        struct instance *instance = &battery->instances[run];
        /* Warmth makes weak outcomes show: one variable owned here, the other only read. */
        if (thread == 0) {
            data_store64(&instance->y, 0);
            (void)data_load64(&instance->x);
        } else if (thread == 1) {
            (void)data_load64(&instance->x);
        }
        uint64_t turns = rng_below(&rng, 64);
        crew_barrier(battery->crew);
        delay(turns);
        if (thread < battery->test->threads)
            battery->test->bodies[thread](&instance->x, &instance->y, instance->seen[thread]);
        crew_barrier(battery->crew);
    }
}

int battery_run(struct crew *crew, enum memmodel model, unsigned runs, uint64_t seed,
                struct battery_result results[BATTERY_TESTS]) {
    struct battery battery = {.crew = crew, .model = model, .runs = runs, .seed = seed};
    battery.instances = aligned_alloc(LINE_BYTES, runs * sizeof *battery.instances);
    if (battery.instances == NULL)
        die(EXIT_FAILED, "out of memory for the litmus battery");
    for (unsigned i = 0; i < BATTERY_TESTS; i++) {
        const struct test *test = battery.test = &tests[i];
        results[i] = (struct battery_result){test->name, test->threads, test->forbidden, 0, 0};
        if (crew_threads(crew) < test->threads)
            continue;
        memset(battery.instances, 0, runs * sizeof *battery.instances);
        crew_all(crew, run_test, &battery);
        results[i].runs = runs;
        for (unsigned run = 0; run < runs; run++)
            results[i].relaxed += test->saw(&battery.instances[run]);
    }
    free(battery.instances);
    return battery.error;
}
