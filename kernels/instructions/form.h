/* SPDX-License-Identifier: MIT
 *
 * form.h: kernels that time single instructions, or the few that a lowering makes of one access.
 *
 * Such a kernel has a list of forms (forms_<arch>.h, a line a form) and one step for all of them.
 * A step is given a place in memory and a number n, does what its form does there, and returns the
 * next n. In the latency loop each step waits for the number of the one before it. In the
 * throughput loop steps go round WORDS places, each on its own line, and wait for nothing.
 *
 * A step that writes leaves n where it worked and makes the next number n + 1; one that only reads
 * finds n there and keeps it. So memory and the last number say how many steps were made and that
 * each saw what the one before it had left.
 */
#ifndef FORM_H
#define FORM_H

#include <string.h>
#include <unistd.h>

#include "access.h"
#include "element.h"
#include "form_state.h"
#include "pairs.h"

/* The parameter `access`: its bytes and where they lie; "in16": unaligned inside 16 bytes. */
#define FORM_ACCESSES                                                                              \
    {"8", 0, 0}, {"1", 2, 0}, {"2", 2, 0}, {"4", 2, 0}, {"16", 1, 0}, {"8-in16", 2, 0},            \
        {"8-over16", 1, 0}, {"8-over-line", 1, 0}, {"8-over-page", 2, 0}, {"4-over16", 3, 0},      \
        {"4-over-line", 3, 0}, {"2-over16", 3, 0}, {"16-over16", 2, 0}, {"16-over-line", 3, 0}, {  \
        "16-over-page", 3, 0                                                                       \
    }

/* Lays out the words at "access", or aligned words of 8 bytes for a kernel without it. */
static inline void form_lay_out(struct work *work, const char *access) {
    struct form_state *state = work->state;
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), bytes = strtoul(access, NULL, 10);
    const char *over = strchr(access, '-');
    uint64_t first = ((uint64_t)state->area / page + 1) * page;
    state->bits = 8 * bytes;
    state->stride = LINE_BYTES;
    if (over && strcmp(over, "-in16") == 0)
        first += (16 - bytes) / 2;
    else if (over && strcmp(over, "-over16") == 0)
        first += 16 - bytes / 2;
    else if (over && strcmp(over, "-over-line") == 0)
        first += LINE_BYTES - bytes / 2;
    else if (over) {
        state->stride = page;
        first += page - bytes / 2;
    }
    state->place = (uint8_t *)first;
}

static inline uint64_t form_mask(const struct form_state *state) {
    return state->bits < 64 ? (UINT64_C(1) << state->bits) - 1 : UINT64_MAX;
}

static inline void form_prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct form_state *state = work->state;
    state->start = work->nonce & form_mask(state);
    state->done = 0;
    state->last = ~state->start;
}

static inline const char *form_check(struct work *work, uint64_t ops) {
    const struct form_state *state = work->state;
    uint64_t places = state->latency ? 1 : WORDS, mask = form_mask(state);
    if (state->done != ops)
        return "another number of steps was made";
    if (((state->last - state->start) & mask) !=
        ((state->writes ? (ops - 1) / places + 2 : 0) & mask))
        return "the last step saw another number";
    for (uint64_t i = 0; i < places; i++) {
        uint64_t found[2] = {0, 0}, steps = state->writes ? (ops + places - 1 - i) / places : 0;
        memcpy(found, state->place + i * state->stride, state->bits / 8);
        if (found[0] != ((state->start + steps) & mask) ||
            (state->bits == 128 && found[1] != found[0]))
            return "a word is not what the steps make it";
    }
    return NULL;
}

/* What is there before the first step: the compiler's choice of instructions is the same for all
 * forms, and part of none. */
ALWAYS_INLINE void form_fill(uint8_t *place, uint64_t stride, unsigned bits, uint64_t value) {
    for (unsigned i = 0; i < WORDS; i++, place += stride)
        switch (bits) {
        case 8:
            private_store8(place, (uint8_t)value);
            break;
        case 16:
            private_store16((uint16_t *)(void *)place, (uint16_t)value);
            break;
        case 32:
            private_store32((uint32_t *)(void *)place, (uint32_t)value);
            break;
        case 128:
            private_store64((uint64_t *)(void *)(place + 8), value);
            __attribute__((fallthrough));
        default:
            private_store64((uint64_t *)(void *)place, value);
        }
}

typedef uint64_t form_step(uint8_t *place, uint64_t n);

/* The loop around a step that is known where it is compiled. A step that only reads is given
 * `place` so that place + n is where it reads: that address is what waits. */
ALWAYS_INLINE void form_run(struct work *work, uint64_t ops, unsigned bits, form_step *step,
                            bool latency, bool writes) {
    struct form_state *state = private_load_pointer(&work->state);
    uint8_t *place = private_load_pointer(&state->place);
    uint64_t stride = private_load64(&state->stride), start = private_load64(&state->start);
    uint64_t n = writes ? start + 1 : start, done = 1, last;
    form_fill(place, stride, bits, start);
    place -= writes ? 0 : start;
    if (latency) {
        for (; done + UNROLL <= ops; done += UNROLL)
#pragma GCC unroll 16
            for (unsigned i = 0; i < UNROLL; i++)
                n = step(place, n);
        for (; done < ops; done++)
            n = step(place, n);
        last = step(place, n);
    } else {
        for (; done + UNROLL <= ops; done += UNROLL)
#pragma GCC unroll 2
            for (unsigned round = 0; round < UNROLL / WORDS; round++, n += writes)
#pragma GCC unroll 8
                for (unsigned i = 0; i < WORDS; i++)
                    step(place + i * stride, n);
        if (done + WORDS <= ops) {
            for (unsigned i = 0; i < WORDS; i++)
                step(place + i * stride, n);
            done += WORDS;
            n += writes;
        }
        for (; done < ops; done++, place += stride)
            step(place, n);
        last = step(place, n);
    }
    private_store64(&state->last, last);
    private_store64(&state->done, done);
    private_store32(&state->writes, writes);
}

/* The functions of a form, by its step. FORM_KERNEL is the kernel's name, without quotes. */
#define FORM_RUN(id, bits, loop) FORM_RUN_(FORM_KERNEL, id, bits, loop, LOWERING_ID)
#define FORM_RUN_(...)           FORM_RUN__(__VA_ARGS__)
#define FORM_RUN__(kernel, id, bits, loop, lowering)                                               \
    run_##kernel##_##id##_##bits##_##loop##__##lowering
#define DEFINE_FORM_RUN(id, bits, loop, step, latency, writes)                                     \
    void FORM_RUN(id, bits, loop)(struct work * work, unsigned thread, uint64_t ops) {             \
        (void)thread;                                                                              \
        form_run(work, ops, bits, step, latency, writes);                                          \
    }
#define DEFINE_FORM_RUNS(id, bits, step, writes)                                                   \
    DEFINE_FORM_RUN(id, bits, latency, step, true, writes)                                         \
    DEFINE_FORM_RUN(id, bits, throughput, step, false, writes)

/* Where forms are compiled, FORMS, which the kernel defines, is its variants at a point. */
#if FORMS_HERE
#define FORMS_OR_NONE(params) FORMS(params)
#else
#define FORMS_OR_NONE(params) NULL
#endif

/* Defines the kernel: what all of these have in common, then its own fields. */
#define FORMS_KERNEL(name_, ...)                                                                   \
    static const struct variant *variants(const struct params *params) {                           \
        (void)params;                                                                              \
        return FORMS_OR_NONE(params);                                                              \
    }                                                                                              \
    extern const struct kernel KERNEL_SYMBOL(name_);                                               \
    const struct kernel KERNEL_SYMBOL(name_) = {                                                   \
        .name = #name_,                                                                            \
        .family = "instructions",                                                                  \
        .weight = 1,                                                                               \
        .min_threads = 1,                                                                          \
        .max_threads = 1,                                                                          \
        .state_bytes = sizeof(struct form_state),                                                  \
        .axes = axes,                                                                              \
        .prepare = form_prepare,                                                                   \
        .run = RUN_SYMBOL(name_),                                                                  \
        .check = form_check,                                                                       \
        .variants = variants,                                                                      \
        .forms_only = true,                                                                        \
        __VA_ARGS__,                                                                               \
    };

/* FORMS(ROW, bits) for each number of bits, ROW being one of these. */
#define FORM_ROW_latency(bits, id, name, needs, text)                                              \
    {name, VARIANT_FORM, needs, FORM_RUN(id, bits, latency)},
#define FORM_ROW_throughput(bits, id, name, needs, text)                                           \
    {name, VARIANT_FORM, needs, FORM_RUN(id, bits, throughput)},
#define FORM_TABLE(loop, FORMS, bits)                                                              \
    (const struct variant[]) {                                                                     \
        FORMS(FORM_ROW_##loop, bits) {                                                             \
            0                                                                                      \
        }                                                                                          \
    }
#define FORM_TABLES(loop, FORMS, WIDE)                                                             \
    {                                                                                              \
        FORM_TABLE(loop, FORMS, 8), FORM_TABLE(loop, FORMS, 16), FORM_TABLE(loop, FORMS, 32),      \
            FORM_TABLE(loop, FORMS, 64), FORM_TABLE(loop, WIDE, 128)                               \
    }
#define FORM_CASE(size)                                                                            \
    case size:                                                                                     \
        if (latency)                                                                               \
            return FORM_RUN(plain, size, latency)(work, thread, ops);                              \
        return FORM_RUN(plain, size, throughput)(work, thread, ops);

/* The kernel's own function: the plain form at any width. WIDEST_CASE: FORM_CASE(128) or nothing.
 */
#define DEFINE_PLAIN_FORM(kernel, WIDEST_CASE)                                                     \
    void RUN_SYMBOL(kernel)(struct work * work, unsigned thread, uint64_t ops) {                   \
        struct form_state *state = private_load_pointer(&work->state);                             \
        uint32_t latency = private_load32(&state->latency);                                        \
        switch (private_load64(&state->bits)) {                                                    \
            FORM_CASE(8)                                                                           \
            FORM_CASE(16)                                                                          \
            FORM_CASE(32)                                                                          \
            WIDEST_CASE                                                                            \
        default:                                                                                   \
            if (latency)                                                                           \
                return FORM_RUN(plain, 64, latency)(work, thread, ops);                            \
            return FORM_RUN(plain, 64, throughput)(work, thread, ops);                             \
        }                                                                                          \
    }

static inline bool form_measures_latency(const struct params *params) {
    return strcmp(param_word(params, "measure"), "latency") == 0;
}

/* For a kernel with the parameters `access` and `measure`. */
static inline void form_setup(struct work *work, unsigned thread) {
    (void)thread;
    struct form_state *state = work->state;
    state->latency = form_measures_latency(work->params);
    form_lay_out(work, param_word(work->params, "access"));
}

ALWAYS_INLINE const struct variant *form_choose(const struct variant *const tables[2][5],
                                                const struct params *params) {
    static const char *const bytes[] = {"1", "2", "4", "8", "16"};
    const char *access = param_word(params, "access");
    unsigned width = 0;
    while (strncmp(access, bytes[width], strcspn(access, "-")) != 0 ||
           bytes[width][strcspn(access, "-")] != 0)
        width++;
    return tables[form_measures_latency(params)][width];
}

#endif
