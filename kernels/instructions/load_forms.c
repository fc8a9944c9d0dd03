/* SPDX-License-Identifier: MIT
 *
 * load_forms: every form of load that a lowering uses, by itself. Latency: the address of each
 * waits for the value of the one before it, by one addition. Throughput: loads that wait for
 * nothing.
 */
#define FORM_KERNEL load_forms
#include "form.h"

#define LOAD_ROW(bits, id, name, needs, text)                                                      \
    ALWAYS_INLINE uint64_t load_##id##_##bits(uint8_t *place, uint64_t n) {                        \
        uint64_t value; /* narrow ones fill all of it with zeros */                                \
        __asm__ volatile(RECORDED_FORM(name, #bits, text)                                          \
                         : [value] "=r"(value)                                                     \
                         : [memory] FORM_MEMORY((uint##bits##_t *)(void *)(place + n))             \
                         : "memory", "cc");                                                        \
        return value;                                                                              \
    }                                                                                              \
    DEFINE_FORM_RUNS(id, bits, load_##id##_##bits, false)
#define VECTOR_ROW(bits, id, name, needs, text)                                                    \
    ALWAYS_INLINE uint64_t load_##id##_##bits(uint8_t *place, uint64_t n) {                        \
        vec16 value;                                                                               \
        __asm__ volatile(                                                                          \
            RECORDED_FORM(name, #bits, text)                                                       \
            : [value] "=x"(value)                                                                  \
            : [memory] FORM_MEMORY((vec16_place *)(void *)(place + n)), [at] "r"(place + n)        \
            : "memory", "cc");                                                                     \
        return pair_of_vec16(value).low;                                                           \
    }                                                                                              \
    DEFINE_FORM_RUNS(id, bits, load_##id##_##bits, false)
#define PAIR_ROW(bits, id, name, needs, text)                                                      \
    ALWAYS_INLINE uint64_t load_##id##_##bits(uint8_t *place, uint64_t n) {                        \
        uint64_t low, high;                                                                        \
        __asm__ volatile(RECORDED_FORM(name, "64", text)                                           \
                         : [low] "=&r"(low), [high] "=&r"(high)                                    \
                         : [memory] FORM_MEMORY((uint64_t *)(void *)(place + n)),                  \
                           [above] "m"(*(uint64_t *)(void *)(place + n + 8)), [at] "r"(place + n)  \
                         : "memory", "cc");                                                        \
        return low;                                                                                \
    }                                                                                              \
    DEFINE_FORM_RUNS(id, bits, load_##id##_##bits, false)

#define LOOP_ROW(bits, id, name, needs, text)                                                      \
    ALWAYS_INLINE uint64_t load_##id##_##bits(uint8_t *place, uint64_t n) {                        \
        uint64_t low, high;                                                                        \
        uint32_t status;                                                                           \
        __asm__ volatile(RECORDED_FORM(name, "64", text)                                           \
                         : [low] "=&r"(low), [high] "=&r"(high), [status] "=&r"(status)            \
                         : [memory] FORM_MEMORY((struct pair *)(void *)(place + n))                \
                         : "memory", "cc");                                                        \
        return low;                                                                                \
    }                                                                                              \
    DEFINE_FORM_RUNS(id, bits, load_##id##_##bits, false)
/* Compares with 0 and writes 0: nothing, or what is there. */
#define CASP_ROW(bits, id, name, needs, text)                                                      \
    DEFINE_PAIR_EXCHANGE(id, name, text, "+&r")                                                    \
    ALWAYS_INLINE uint64_t load_##id##_##bits(uint8_t *place, uint64_t n) {                        \
        return pair_##id(place + n, 0, 0).low;                                                     \
    }                                                                                              \
    DEFINE_FORM_RUNS(id, bits, load_##id##_##bits, false)

PLAIN_LOAD_FORM(LOAD_ROW, 8)
PLAIN_LOAD_FORM(LOAD_ROW, 16)
PLAIN_LOAD_FORM(LOAD_ROW, 32)
PLAIN_LOAD_FORM(LOAD_ROW, 64)
PLAIN_VECTOR_LOAD_FORM(VECTOR_ROW, 128)
DEFINE_PLAIN_FORM(load_forms, FORM_CASE(128))

#if FORMS_HERE
LOAD_FORMS(LOAD_ROW, 8)
LOAD_FORMS(LOAD_ROW, 16)
LOAD_FORMS(LOAD_ROW, 32)
LOAD_FORMS(LOAD_ROW, 64)
VECTOR_LOAD_FORMS(VECTOR_ROW, 128)
PAIR_LOAD_FORMS(PAIR_ROW, 128)
AT_ONCE_LOAD_FORMS(LOOP_ROW, CASP_ROW, 128)
#define WIDE_FORMS(ROW, bits)                                                                      \
    VECTOR_LOAD_FORMS(ROW, bits) PAIR_LOAD_FORMS(ROW, bits) AT_ONCE_LOAD_FORMS(ROW, ROW, bits)
static const struct variant *const tables[2][5] = {
    FORM_TABLES(throughput, LOAD_FORMS, WIDE_FORMS),
    FORM_TABLES(latency, LOAD_FORMS, WIDE_FORMS),
};
#define FORMS(params) form_choose(tables, params)
#endif

static const struct axis axes[] = {
    {"access", AXIS_WORD, {FORM_ACCESSES}},
    {"measure", AXIS_WORD, {{"latency", 0, 0}, {"throughput", 0, 0}}},
    {0},
};

FORMS_KERNEL(load_forms, .summary = "single loads of every form, by width and place", .op = "load",
             .setup = form_setup, .may_fault = true)
