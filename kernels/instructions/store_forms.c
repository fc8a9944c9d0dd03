/* SPDX-License-Identifier: MIT
 *
 * store_forms: every form of store that a lowering uses, by itself. Latency: each is read back by
 * a plain load, plus one, which is what the next one stores: the way through the store buffer.
 * Throughput: stores that wait for nothing.
 */
#define FORM_KERNEL store_forms
#include "form.h"

/* The plain loads that read back. */
#define RELOAD_ROW(bits, id, name, needs, text)                                                    \
    ALWAYS_INLINE uint64_t reload_##bits(const uint8_t *place) {                                   \
        uint64_t value;                                                                            \
        __asm__ volatile(RECORDED_FORM(name, #bits, text)                                          \
                         : [value] "=r"(value)                                                     \
                         : [memory] FORM_MEMORY((const uint##bits##_t *)(const void *)place)       \
                         : "memory");                                                              \
        return value;                                                                              \
    }
#define RELOAD_VECTOR_ROW(bits, id, name, needs, text)                                             \
    ALWAYS_INLINE uint64_t reload_##bits(const uint8_t *place) {                                   \
        vec16 value;                                                                               \
        __asm__ volatile(RECORDED_FORM(name, #bits, text)                                          \
                         : [value] "=x"(value)                                                     \
                         : [memory] FORM_MEMORY((const vec16_place *)(const void *)place)          \
                         : "memory");                                                              \
        return pair_of_vec16(value).low;                                                           \
    }
PLAIN_LOAD_FORM(RELOAD_ROW, 8)
PLAIN_LOAD_FORM(RELOAD_ROW, 16)
PLAIN_LOAD_FORM(RELOAD_ROW, 32)
PLAIN_LOAD_FORM(RELOAD_ROW, 64)
PLAIN_VECTOR_LOAD_FORM(RELOAD_VECTOR_ROW, 128)

#define DEFINE_STEPS(id, bits, reload)                                                             \
    ALWAYS_INLINE uint64_t store_##id##_##bits(uint8_t *place, uint64_t n) {                       \
        only_store_##id##_##bits(place, n);                                                        \
        return n + 1;                                                                              \
    }                                                                                              \
    ALWAYS_INLINE uint64_t pass_##id##_##bits(uint8_t *place, uint64_t n) {                        \
        only_store_##id##_##bits(place, n);                                                        \
        return reload(place) + 1;                                                                  \
    }                                                                                              \
    DEFINE_FORM_RUN(id, bits, latency, pass_##id##_##bits, true, true)                             \
    DEFINE_FORM_RUN(id, bits, throughput, store_##id##_##bits, false, true)
/* XCHG has the old value in its register: an output that nobody reads. */
#define STORE_ROW(bits, id, name, needs, text)                                                     \
    ALWAYS_INLINE void only_store_##id##_##bits(uint8_t *place, uint64_t value) {                  \
        __asm__ volatile(                                                                          \
            RECORDED_FORM(name, #bits, text)                                                       \
            : [value] "+r"(value), [memory] "=" FORM_MEMORY((uint##bits##_t *)(void *)place)       \
            :                                                                                      \
            : "memory", "cc");                                                                     \
    }                                                                                              \
    DEFINE_STEPS(id, bits, reload_##bits)
#define VECTOR_ROW(bits, id, name, needs, text)                                                    \
    ALWAYS_INLINE void only_store_##id##_##bits(uint8_t *place, uint64_t n) {                      \
        vec16 value = vec16_of_pair((struct pair){n, n});                                          \
        __asm__ volatile(RECORDED_FORM(name, #bits, text)                                          \
                         : [memory] "=" FORM_MEMORY((vec16_place *)(void *)place)                  \
                         : [value] "x"(value), [at] "r"(place)                                     \
                         : "memory", "cc");                                                        \
    }                                                                                              \
    DEFINE_STEPS(id, bits, reload_##bits)
#define PAIR_ROW(bits, id, name, needs, text)                                                      \
    ALWAYS_INLINE void only_store_##id##_##bits(uint8_t *place, uint64_t n) {                      \
        __asm__ volatile(                                                                          \
            RECORDED_FORM(name, "64", text)                                                        \
            : [memory] "=" FORM_MEMORY((uint64_t *)(void *)place), [above] "=m"(*(                 \
                                                                       uint64_t *)(void *)(place + \
                                                                                           8))     \
            : [low] "r"(n), [high] "r"(n), [at] "r"(place)                                         \
            : "memory", "cc");                                                                     \
    }                                                                                              \
    DEFINE_STEPS(id, bits, reload_64)

#define LOOP_ROW(bits, id, name, needs, text)                                                      \
    ALWAYS_INLINE void only_store_##id##_##bits(uint8_t *place, uint64_t n) {                      \
        uint64_t low, high;                                                                        \
        uint32_t status;                                                                           \
        __asm__ volatile(RECORDED_FORM(name, "64", text)                                           \
                         : [low] "=&r"(low), [high] "=&r"(high), [status] "=&r"(status),           \
                           [memory] "+" FORM_MEMORY((struct pair *)(void *)place)                  \
                         : [n] "r"(n)                                                              \
                         : "memory");                                                              \
    }                                                                                              \
    DEFINE_STEPS(id, bits, reload_64)
#define CASP_ROW(bits, id, name, needs, text)                                                      \
    DEFINE_PAIR_EXCHANGE(id, name, text, "=&r")                                                    \
    ALWAYS_INLINE void only_store_##id##_##bits(uint8_t *place, uint64_t n) {                      \
        pair_##id(place, n, n);                                                                    \
    }                                                                                              \
    DEFINE_STEPS(id, bits, reload_64)

PLAIN_STORE_FORM(STORE_ROW, 8)
PLAIN_STORE_FORM(STORE_ROW, 16)
PLAIN_STORE_FORM(STORE_ROW, 32)
PLAIN_STORE_FORM(STORE_ROW, 64)
PLAIN_VECTOR_STORE_FORM(VECTOR_ROW, 128)
DEFINE_PLAIN_FORM(store_forms, FORM_CASE(128))

#if FORMS_HERE
STORE_FORMS(STORE_ROW, 8)
STORE_FORMS(STORE_ROW, 16)
STORE_FORMS(STORE_ROW, 32)
STORE_FORMS(STORE_ROW, 64)
VECTOR_STORE_FORMS(VECTOR_ROW, 128)
PAIR_STORE_FORMS(PAIR_ROW, 128)
AT_ONCE_STORE_FORMS(LOOP_ROW, CASP_ROW, 128)
#define WIDE_FORMS(ROW, bits)                                                                      \
    VECTOR_STORE_FORMS(ROW, bits) PAIR_STORE_FORMS(ROW, bits) AT_ONCE_STORE_FORMS(ROW, ROW, bits)
static const struct variant *const tables[2][5] = {
    FORM_TABLES(throughput, STORE_FORMS, WIDE_FORMS),
    FORM_TABLES(latency, STORE_FORMS, WIDE_FORMS),
};
#define FORMS(params) form_choose(tables, params)
#endif

static const struct axis axes[] = {
    {"access", AXIS_WORD, {FORM_ACCESSES}},
    {"measure", AXIS_WORD, {{"latency", 0, 0}, {"throughput", 0, 0}}},
    {0},
};

FORMS_KERNEL(store_forms, .summary = "single stores of every form, by width and place",
             .op = "store", .setup = form_setup, .may_fault = true)
