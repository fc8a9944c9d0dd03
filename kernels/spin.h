/* SPDX-License-Identifier: MIT
 *
 * spin.h: what a thread does between two looks at a word that another one is to change: the
 * parameter `spin` of the kernels that wait. Its first value is the ISA's own hint, YIELD or PAUSE,
 * with the kernel's code as it is without the parameter; every other one is the same code with
 * another hint, a function of its own, so that no loop has to choose. On one thread nobody waits,
 * and there are no others.
 *
 * ISB and SB are no hints: they hold a core up for some tens of cycles, as PAUSE does and YIELD, on
 * most cores a NOP, does not. WFE watches one word (asm/aarch64.h): a kernel that waits for several
 * at once defines SPIN_ON_SEVERAL before this is included, and has none.
 */
#ifndef SPIN_H
#define SPIN_H

#include <string.h>

#include "access.h"

#ifdef SPIN_ON_SEVERAL
#define SPIN_HINTS SPIN_PLAIN_HINTS
#else
#define SPIN_HINTS(ROW, ...)                                                                       \
    SPIN_PLAIN_HINTS(ROW, __VA_ARGS__) SPIN_WATCHING_HINTS(ROW, __VA_ARGS__)
#endif

/* The weight of the hints but the usual one: in the exhaustive suite; 2 for a kernel that stands
 * for the others in the full one. */
#ifndef SPIN_WEIGHT
#define SPIN_WEIGHT 3
#endif

/* In the order of the parameter's values. */
#define SPIN_ENUM(id, ...) SPIN_##id,
enum spin { SPIN_usual, SPIN_HINTS(SPIN_ENUM, 0) SPIN_COUNT };

#define SPIN_VALUE(id, needs, weight) {#id, weight, needs},
#define SPIN_AXIS                                                                                  \
    {                                                                                              \
        "spin", AXIS_UNSAID, {                                                                     \
            {SPIN_USUAL, 0, 0}, SPIN_HINTS(SPIN_VALUE, SPIN_WEIGHT)                                \
        }                                                                                          \
    }

/* spin_on64(spin, p, seen): once, after a look at *p that found `seen` there. */
#define SPIN_RECORDED(name)         __asm__ volatile(RECORDED_FORM(name, "", name))
#define SPIN_DO_none(bits, p, seen) (void)0
#define SPIN_CASE(id, needs, bits)                                                                 \
    case SPIN_##id:                                                                                \
        SPIN_DO_##id(bits, p, seen);                                                               \
        break;
#define DEFINE_SPIN(bits)                                                                          \
    ALWAYS_INLINE void spin_on##bits(enum spin spin, const uint##bits##_t *p,                      \
                                     uint##bits##_t seen) {                                        \
        (void)p, (void)seen;                                                                       \
        switch (spin) {                                                                            \
            SPIN_CASE(usual, 0, bits)                                                              \
            SPIN_HINTS(SPIN_CASE, bits)                                                            \
        case SPIN_COUNT:                                                                           \
            break;                                                                                 \
        }                                                                                          \
    }
DEFINE_SPIN(32)
DEFINE_SPIN(64)
#undef DEFINE_SPIN

static inline run_function *spin_choose(run_function *const runs[SPIN_COUNT],
                                        const struct params *params, unsigned threads) {
    unsigned axis = 0;
    while (strcmp(params->axes[axis].key, "spin") != 0)
        axis++;
    unsigned spin = params->chosen[axis];
    return spin != SPIN_usual && threads < 2 ? NULL : runs[spin];
}

/* Defines the timed code of the kernel `name`, a function for each hint, and run_at(), which
 * chooses one. In each, spinning(work, thread, ops, spin) is to become part of it. */
#define SPIN_RUN(id, needs, name, spinning)                                                        \
    void RUN_SYMBOL(name##_spin_##id)(struct work * work, unsigned thread, uint64_t ops) {         \
        spinning(work, thread, ops, SPIN_##id);                                                    \
    }
#define SPIN_POINTER(id, needs, name, spinning) RUN_SYMBOL(name##_spin_##id),
#define SPIN_RUNS(name, spinning)                                                                  \
    void RUN_SYMBOL(name)(struct work * work, unsigned thread, uint64_t ops) {                     \
        spinning(work, thread, ops, SPIN_usual);                                                   \
    }                                                                                              \
    SPIN_HINTS(SPIN_RUN, name, spinning)                                                           \
    static run_function *run_at(const struct params *params, unsigned threads) {                   \
        static run_function *const runs[SPIN_COUNT] = {RUN_SYMBOL(name),                           \
                                                       SPIN_HINTS(SPIN_POINTER, name, spinning)};  \
        return spin_choose(runs, params, threads);                                                 \
    }

#endif
