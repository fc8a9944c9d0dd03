/* SPDX-License-Identifier: MIT
 *
 * rmw_forms: every form of read-modify-write that a lowering uses, by itself, beside a plain load,
 * addition and store. Latency: all on one word, so that each waits for the one before it.
 * Throughput: on words of their own lines in turn. 16 bytes can be compared and exchanged:
 * CMPXCHG16B.
 */
#define FORM_KERNEL rmw_forms
#include "form.h"

#define RMW_STEP(bits, id, name, text, initial, constraint, returns, ...)                          \
    ALWAYS_INLINE uint64_t rmw_##id##_##bits(uint8_t *place, uint64_t n) {                         \
        uint64_t old = initial, fresh;                                                             \
        uint32_t status;                                                                           \
        __asm__ volatile(RECORDED_FORM(name, #bits, text)                                          \
                         : [old] constraint(old), [fresh] "=&r"(fresh), [status] "=&r"(status),    \
                           [memory] "+" FORM_MEMORY((uint##bits##_t *)(void *)(place))             \
                         : __VA_ARGS__                                                             \
                         : "memory", "cc");                                                        \
        return returns;                                                                            \
    }
/* What only adds has no old value to tell. */
#define SUM_ROW(bits, id, name, needs, text)                                                       \
    RMW_STEP(bits, id, name, text, 1, FORM_OLD, n + 1, [one] "r"(UINT64_C(1)))                     \
    DEFINE_FORM_RUNS(id, bits, rmw_##id##_##bits, true)
#define SWAP_ROW(bits, id, name, needs, text)                                                      \
    RMW_STEP(bits, id, name, text, n, FORM_OLD, old + 2, [n] "r"(n))                               \
    DEFINE_FORM_RUNS(id, bits, rmw_##id##_##bits, true)
#if defined(__x86_64__)
#define CAS_OLD "+&a"
#else
#define CAS_OLD "+&r"
#endif
#define CAS_ROW(bits, id, name, needs, text)                                                       \
    RMW_STEP(bits, id, name, text, n - 1, CAS_OLD, old + 2, [n] "r"(n))                            \
    DEFINE_FORM_RUNS(id, bits, rmw_##id##_##bits, true)
/* Its place is `place + n`, it wants what is not there, and has what is. */
#define FAIL_ROW(bits, id, name, needs, text)                                                      \
    RMW_STEP(bits, id, name, text, n + 1, CAS_OLD, (uint##bits##_t)old, [n] "r"(n))                \
    ALWAYS_INLINE uint64_t fail_##id##_##bits(uint8_t *place, uint64_t n) {                        \
        return rmw_##id##_##bits(place + n, n);                                                    \
    }                                                                                              \
    DEFINE_FORM_RUNS(id, bits, fail_##id##_##bits, false)

/* 16 bytes, both halves alike. */
#define PAIR_SUM_ROW(bits, id, name, needs, text)                                                  \
    ALWAYS_INLINE uint64_t rmw_##id##_##bits(uint8_t *place, uint64_t n) {                         \
        uint64_t low, high;                                                                        \
        __asm__ volatile(RECORDED_FORM(name, "64", text)                                           \
                         : [low] "=&r"(low), [high] "=&r"(high),                                   \
                           [memory] "+" FORM_MEMORY((struct pair *)(void *)place)                  \
                         : [one] "r"(UINT64_C(1)), [at] "r"(place)                                 \
                         : "memory", "cc");                                                        \
        return n + 1;                                                                              \
    }                                                                                              \
    DEFINE_FORM_RUNS(id, bits, rmw_##id##_##bits, true)
#define PAIR_RUNS(bits, id)                                                                        \
    ALWAYS_INLINE uint64_t rmw_##id##_##bits(uint8_t *place, uint64_t n) {                         \
        return pair_##id(place, n - 1, n).low + 2;                                                 \
    }                                                                                              \
    DEFINE_FORM_RUNS(id, bits, rmw_##id##_##bits, true)
#define PAIR_FAIL_RUNS(bits, id)                                                                   \
    ALWAYS_INLINE uint64_t fail_##id##_##bits(uint8_t *place, uint64_t n) {                        \
        return pair_##id(place + n, n + 1, n).low;                                                 \
    }                                                                                              \
    DEFINE_FORM_RUNS(id, bits, fail_##id##_##bits, false)
#define LOOP_ROW(bits, id, name, needs, text) DEFINE_PAIR_LOOP(id, name, text) PAIR_RUNS(bits, id)
#define LOOP_FAIL_ROW(bits, id, name, needs, text)                                                 \
    DEFINE_PAIR_LOOP(id, name, text) PAIR_FAIL_RUNS(bits, id)
#define CASP_ROW(bits, id, name, needs, text)                                                      \
    DEFINE_PAIR_EXCHANGE(id, name, text, "+&r") PAIR_RUNS(bits, id)
#define CASP_FAIL_ROW(bits, id, name, needs, text)                                                 \
    DEFINE_PAIR_EXCHANGE(id, name, text, "+&r") PAIR_FAIL_RUNS(bits, id)

PLAIN_RMW_FORM(8)
PLAIN_RMW_FORM(16)
PLAIN_RMW_FORM(32)
PLAIN_RMW_FORM(64)
PLAIN_PAIR_RMW_FORM(PAIR_SUM_ROW, 128)
DEFINE_PLAIN_FORM(rmw_forms, FORM_CASE(128))

#if FORMS_HERE
RMW_FORMS(SUM_ROW, SWAP_ROW, CAS_ROW, FAIL_ROW, 8)
RMW_FORMS(SUM_ROW, SWAP_ROW, CAS_ROW, FAIL_ROW, 16)
RMW_FORMS(SUM_ROW, SWAP_ROW, CAS_ROW, FAIL_ROW, 32)
RMW_FORMS(SUM_ROW, SWAP_ROW, CAS_ROW, FAIL_ROW, 64)
PAIR_RMW_FORMS(LOOP_ROW, LOOP_FAIL_ROW, CASP_ROW, CASP_FAIL_ROW, 128)
#define ALL_FORMS(ROW, bits)  RMW_FORMS(ROW, ROW, ROW, ROW, bits)
#define WIDE_FORMS(ROW, bits) PAIR_RMW_FORMS(ROW, ROW, ROW, ROW, bits)
static const struct variant *const tables[2][5] = {
    FORM_TABLES(throughput, ALL_FORMS, WIDE_FORMS),
    FORM_TABLES(latency, ALL_FORMS, WIDE_FORMS),
};
#define FORMS(params) form_choose(tables, params)
#endif

static const struct axis axes[] = {
    {"access",
     AXIS_WORD,
     {{"8", 0, 0},
      {"4", 1, 0},
      {"1", 2, 0},
      {"2", 2, 0},
      {"8-in16", 2, 0},
      {"8-over16", 2, 0},
      {"8-over-line", 2, 0},
      {"8-over-page", 3, 0},
      {"16", 1, 0}}},
    {"measure", AXIS_WORD, {{"latency", 0, 0}, {"throughput", 1, 0}}},
    {0},
};

FORMS_KERNEL(rmw_forms, .summary = "single read-modify-writes of every form, by width and place",
             .op = "read-modify-write", .setup = form_setup, .may_fault = true)
