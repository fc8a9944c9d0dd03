/* SPDX-License-Identifier: MIT
 *
 * fence_forms: every fence that a lowering uses: alone, right after a plain store, right after a
 * plain load, on lines that are in L1 and in turn. In place of the fence the baseline has a NOP.
 * What a fence costs after stores that miss is store_buffer's.
 */
#define FORM_KERNEL fence_forms
#include "form.h"

enum after { AFTER_NOTHING, AFTER_STORE, AFTER_LOAD };

#define FENCE_ROW(id, name, text)                                                                  \
    ALWAYS_INLINE uint64_t fence_##id##_alone(uint8_t *place, uint64_t n) {                        \
        (void)place;                                                                               \
        __asm__ volatile(RECORDED_FORM(name, "", text) : : : "memory", "cc");                      \
        return n;                                                                                  \
    }                                                                                              \
    ALWAYS_INLINE uint64_t fence_##id##_store(uint8_t *place, uint64_t n) {                        \
        private_store64((uint64_t *)(void *)place, n);                                             \
        fence_##id##_alone(place, n);                                                              \
        return n + 1;                                                                              \
    }                                                                                              \
    ALWAYS_INLINE uint64_t fence_##id##_load(uint8_t *place, uint64_t n) {                         \
        uint64_t value = private_load64((const uint64_t *)(const void *)(place + n));              \
        fence_##id##_alone(place, n);                                                              \
        return value;                                                                              \
    }                                                                                              \
    DEFINE_FORM_RUN(id, 64, alone, fence_##id##_alone, false, false)                               \
    DEFINE_FORM_RUN(id, 64, store, fence_##id##_store, false, true)                                \
    DEFINE_FORM_RUN(id, 64, load, fence_##id##_load, false, false)

FENCE_ROW(plain, "nop", "nop")

void RUN_SYMBOL(fence_forms)(struct work *work, unsigned thread, uint64_t ops) {
    struct form_state *state = private_load_pointer(&work->state);
    switch (private_load32(&state->kind)) {
    case AFTER_NOTHING:
        return FORM_RUN(plain, 64, alone)(work, thread, ops);
    case AFTER_STORE:
        return FORM_RUN(plain, 64, store)(work, thread, ops);
    default:
        return FORM_RUN(plain, 64, load)(work, thread, ops);
    }
}

static enum after after(const struct params *params) {
    const char *word = param_word(params, "after");
    return strcmp(word, "nothing") == 0 ? AFTER_NOTHING
           : strcmp(word, "store") == 0 ? AFTER_STORE
                                        : AFTER_LOAD;
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct form_state *state = work->state;
    state->kind = after(work->params);
    form_lay_out(work, "8");
}

#if FORMS_HERE
FENCE_FORMS(FENCE_ROW)
#define ALONE_ROW(id, name, text) {name, VARIANT_FORM, 0, FORM_RUN(id, 64, alone)},
#define STORE_ROW(id, name, text) {name, VARIANT_FORM, 0, FORM_RUN(id, 64, store)},
#define LOAD_ROW(id, name, text)  {name, VARIANT_FORM, 0, FORM_RUN(id, 64, load)},
static const struct variant tables[][16] = {
    [AFTER_NOTHING] = {FENCE_FORMS(ALONE_ROW){0}},
    [AFTER_STORE] = {FENCE_FORMS(STORE_ROW){0}},
    [AFTER_LOAD] = {FENCE_FORMS(LOAD_ROW){0}},
};
#define FORMS(params) tables[after(params)]
#endif

static const struct axis axes[] = {
    {"after", AXIS_WORD, {{"store", 0, 0}, {"nothing", 1, 0}, {"load", 1, 0}}},
    {0},
};

FORMS_KERNEL(fence_forms,
             .summary = "single fences of every form: alone, after a store, after a load",
             .op = "fence", .setup = setup)
