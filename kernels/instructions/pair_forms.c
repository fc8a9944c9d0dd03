/* SPDX-License-Identifier: MIT
 *
 * pair_forms: two accesses in turn, ordered ones and plain ones: a load right after a store
 * (LDAPR may pass an STLR, LDAR may not), and a line that is touched by both kinds (FEX issue 4484:
 * some cores stall). To the same word a load takes what the store before it left, plus one, to the
 * next store; else pairs wait for nothing, and go round lines that are in L1.
 */
#define FORM_KERNEL pair_forms
#include "form.h"

enum kind { STORE_LOAD_PAIR, LOAD_LOAD_PAIR, STORE_STORE_PAIR };
enum to { TO_SAME, TO_LINE, TO_OTHER, TO_COUNT };
/* From the first word: another one of its line, or of a line that no first word has. */
enum { OFFSET_same = 0, OFFSET_line = 8, OFFSET_other = 2 * WORDS * LINE_BYTES };

/* Both places of a step from one register: the compiler would keep all places, for which x86-64 has
 * too few registers, and would load some of them between the accesses. */
#if defined(__x86_64__)
#define ONE_REGISTER(place) __asm__("" : "+r"(place))
#else
#define ONE_REGISTER(place)
#endif
#define SECOND(place, to) FORM_MEMORY((uint64_t *)(void *)((place) + OFFSET_##to))
#define STORE_LOAD_STEP(id, to, name, text)                                                        \
    ALWAYS_INLINE uint64_t store_load_##id##_##to(uint8_t *place, uint64_t n) {                    \
        uint64_t value = n, loaded;                                                                \
        ONE_REGISTER(place);                                                                       \
        __asm__ volatile(RECORDED_FORM(name, "64", text)                                           \
                         : [value] "+&r"(value), [loaded] "=&r"(loaded),                           \
                           [memory] "=" FORM_MEMORY((uint64_t *)(void *)place)                     \
                         : [second] SECOND(place, to)                                              \
                         : "memory", "cc");                                                        \
        return (OFFSET_##to ? n : loaded) + 1;                                                     \
    }                                                                                              \
    DEFINE_FORM_RUN(store_load_##id, 64, to, store_load_##id##_##to, !OFFSET_##to, true)
#define LOAD_LOAD_STEP(id, to, name, text)                                                         \
    ALWAYS_INLINE uint64_t load_load_##id##_##to(uint8_t *place, uint64_t n) {                     \
        uint64_t value, loaded;                                                                    \
        place += n;                                                                                \
        ONE_REGISTER(place);                                                                       \
        __asm__ volatile(                                                                          \
            RECORDED_FORM(name, "64", text)                                                        \
            : [value] "=&r"(value), [loaded] "=&r"(loaded)                                         \
            : [memory] FORM_MEMORY((uint64_t *)(void *)place), [second] SECOND(place, to)          \
            : "memory", "cc");                                                                     \
        return value;                                                                              \
    }                                                                                              \
    DEFINE_FORM_RUN(load_load_##id, 64, to, load_load_##id##_##to, false, false)
#define STORE_STORE_STEP(id, to, name, text)                                                       \
    ALWAYS_INLINE uint64_t store_store_##id##_##to(uint8_t *place, uint64_t n) {                   \
        ONE_REGISTER(place);                                                                       \
        __asm__ volatile(                                                                          \
            RECORDED_FORM(name, "64", text)                                                        \
            : [memory] "=" FORM_MEMORY((uint64_t *)(void *)place), [second] "=" SECOND(place, to)  \
            : [value] "r"(n)                                                                       \
            : "memory", "cc");                                                                     \
        return n + 1;                                                                              \
    }                                                                                              \
    DEFINE_FORM_RUN(store_store_##id, 64, to, store_store_##id##_##to, false, true)
#define STORE_LOAD_ROW(id, name, needs, text)                                                      \
    STORE_LOAD_STEP(id, same, name, text)                                                          \
    STORE_LOAD_STEP(id, line, name, text)                                                          \
    STORE_LOAD_STEP(id, other, name, text)
#define LOAD_LOAD_ROW(id, name, needs, text)                                                       \
    LOAD_LOAD_STEP(id, same, name, text)                                                           \
    LOAD_LOAD_STEP(id, line, name, text)                                                           \
    LOAD_LOAD_STEP(id, other, name, text)
#define STORE_STORE_ROW(id, name, needs, text)                                                     \
    STORE_STORE_STEP(id, same, name, text)                                                         \
    STORE_STORE_STEP(id, line, name, text)                                                         \
    STORE_STORE_STEP(id, other, name, text)

PLAIN_STORE_LOAD_FORM(STORE_LOAD_ROW)
PLAIN_LOAD_LOAD_FORM(LOAD_LOAD_ROW)
PLAIN_STORE_STORE_FORM(STORE_STORE_ROW)

#define PAIR_CASE(KIND, kind, to, TO)                                                              \
    case TO_COUNT *KIND + TO:                                                                      \
        return FORM_RUN(kind##_plain, 64, to)(work, thread, ops);
#define PAIR_CASES(KIND, kind)                                                                     \
    PAIR_CASE(KIND, kind, same, TO_SAME)                                                           \
    PAIR_CASE(KIND, kind, line, TO_LINE)                                                           \
    PAIR_CASE(KIND, kind, other, TO_OTHER)

void RUN_SYMBOL(pair_forms)(struct work *work, unsigned thread, uint64_t ops) {
    struct form_state *state = private_load_pointer(&work->state);
    switch (private_load32(&state->kind)) {
        PAIR_CASES(STORE_LOAD_PAIR, store_load)
        PAIR_CASES(LOAD_LOAD_PAIR, load_load)
        PAIR_CASES(STORE_STORE_PAIR, store_store)
    }
}

static unsigned kind_and_to(const struct params *params) {
    const char *pair = param_word(params, "pair"), *to = param_word(params, "to");
    unsigned kind = strcmp(pair, "store-load") == 0  ? STORE_LOAD_PAIR
                    : strcmp(pair, "load-load") == 0 ? LOAD_LOAD_PAIR
                                                     : STORE_STORE_PAIR;
    return TO_COUNT * kind + (strcmp(to, "same") == 0   ? TO_SAME
                              : strcmp(to, "line") == 0 ? TO_LINE
                                                        : TO_OTHER);
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct form_state *state = work->state;
    state->kind = kind_and_to(work->params);
    state->latency = state->kind == TO_COUNT * STORE_LOAD_PAIR + TO_SAME;
    form_lay_out(work, "8");
}

#if FORMS_HERE
STORE_LOAD_FORMS(STORE_LOAD_ROW)
LOAD_LOAD_FORMS(LOAD_LOAD_ROW)
STORE_STORE_FORMS(STORE_STORE_ROW)
#define PAIR_VARIANT(kind, id, to, name, needs)                                                    \
    {name, VARIANT_FORM, needs, FORM_RUN(kind##_##id, 64, to)},
#define STORE_LOAD_same(id, name, needs, text)   PAIR_VARIANT(store_load, id, same, name, needs)
#define STORE_LOAD_line(id, name, needs, text)   PAIR_VARIANT(store_load, id, line, name, needs)
#define STORE_LOAD_other(id, name, needs, text)  PAIR_VARIANT(store_load, id, other, name, needs)
#define LOAD_LOAD_same(id, name, needs, text)    PAIR_VARIANT(load_load, id, same, name, needs)
#define LOAD_LOAD_line(id, name, needs, text)    PAIR_VARIANT(load_load, id, line, name, needs)
#define LOAD_LOAD_other(id, name, needs, text)   PAIR_VARIANT(load_load, id, other, name, needs)
#define STORE_STORE_same(id, name, needs, text)  PAIR_VARIANT(store_store, id, same, name, needs)
#define STORE_STORE_line(id, name, needs, text)  PAIR_VARIANT(store_store, id, line, name, needs)
#define STORE_STORE_other(id, name, needs, text) PAIR_VARIANT(store_store, id, other, name, needs)
static const struct variant tables[][16] = {
    {STORE_LOAD_FORMS(STORE_LOAD_same){0}},    {STORE_LOAD_FORMS(STORE_LOAD_line){0}},
    {STORE_LOAD_FORMS(STORE_LOAD_other){0}},   {LOAD_LOAD_FORMS(LOAD_LOAD_same){0}},
    {LOAD_LOAD_FORMS(LOAD_LOAD_line){0}},      {LOAD_LOAD_FORMS(LOAD_LOAD_other){0}},
    {STORE_STORE_FORMS(STORE_STORE_same){0}},  {STORE_STORE_FORMS(STORE_STORE_line){0}},
    {STORE_STORE_FORMS(STORE_STORE_other){0}},
};
#define FORMS(params) tables[kind_and_to(params)]
#endif

static const struct axis axes[] = {
    {"pair", AXIS_WORD, {{"store-load", 0, 0}, {"load-load", 1, 0}, {"store-store", 1, 0}}},
    {"to", AXIS_WORD, {{"other", 0, 0}, {"same", 1, 0}, {"line", 1, 0}}},
    {0},
};

FORMS_KERNEL(pair_forms,
             .summary = "ordered and plain accesses in turn, to one word, line or two lines",
             .op = "pair", .setup = setup)
