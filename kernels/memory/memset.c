/* SPDX-License-Identifier: MIT
 *
 * memset: fills an array, element by element, each stored by the lowering. `value`: another in
 * every call, so that check sees each of them; or zero, which is what most programs ask for, what
 * DC ZVA can write, and what some cores write faster than anything else.
 *
 * Beside it the C library's memset, and forms: stores past the cache, the CPU's own fill, DC ZVA.
 */
#include "bulk.h"
#include "forms.h"

static bool is_zero(const struct params *params) {
    return strcmp(param_word(params, "value"), "zero") == 0;
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct bulk *bulk = work->state;
    bulk->element = element_named(param_word(work->params, "bytes"));
    bulk->step = !is_zero(work->params);
    bulk_setup(work, 64);
    pattern_fill(work->arena, work->footprint);
}

/* A word of the byte that a call fills with: the last of its value. */
ALWAYS_INLINE uint64_t word_of(uint64_t value) {
    return (value & 255) * UINT64_C(0x0101010101010101);
}

static uint64_t wanted(const struct work *work, uint64_t ops, uint64_t offset) {
    const struct bulk *bulk = work->state;
    return word_of(bulk->value + bulk->step * bulk_last_call(bulk, ops, offset));
}

static void prepare(struct work *work, uint64_t ops) {
    struct bulk *bulk = work->state;
    bulk_prepare(work);
    bulk->value = bulk->step ? work->nonce : 0;
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t offset = bulk_probe(work, ops, i);
        bulk_put(work, 0, offset, ~wanted(work, ops, offset));
    }
}

static const char *check(struct work *work, uint64_t ops) {
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t offset = bulk_probe(work, ops, i);
        if (bulk_get(work, 0, offset) != wanted(work, ops, offset))
            return "a word was not filled";
    }
    return bulk_check(work, ops);
}

/* A word as an element. */
ALWAYS_INLINE uint8_t element8(uint64_t word) {
    return (uint8_t)word;
}
ALWAYS_INLINE uint64_t element64(uint64_t word) {
    return word;
}
ALWAYS_INLINE struct pair element_pair(uint64_t word) {
    return (struct pair){word, word};
}
ALWAYS_INLINE vec16 element_vec16(uint64_t word) {
    return vec16_of_pair(element_pair(word));
}
#if defined(__x86_64__)
ALWAYS_INLINE VEC32_TARGET vec32 element_vec32(uint64_t word) {
    typedef uint64_t words __attribute__((vector_size(32)));
    return (vec32)(words){word, word, word, word};
}
ALWAYS_INLINE VEC64_TARGET vec64 element_vec64(uint64_t word) {
    typedef uint64_t words __attribute__((vector_size(64)));
    return (vec64)(words){word, word, word, word, word, word, word, word};
}
#else
ALWAYS_INLINE vec32 element_vec32(uint64_t word) {
    return (vec32){element_vec16(word), element_vec16(word)};
}
#endif

/* A call that fills: batches of `count` elements, and what is left one by one. */
#define DEFINE_FILL(name, type, count, target, element, store, end)                                \
    target static uint64_t RUN_SYMBOL(name)(uint8_t * to, uint64_t apart, uint64_t bytes,          \
                                            uint64_t value) {                                      \
        enum { COUNT = count, SIZE = sizeof(type) };                                               \
        const type filling = element(word_of(value));                                              \
        (void)apart;                                                                               \
        for (; bytes >= COUNT * SIZE; bytes -= COUNT * SIZE, to += COUNT * SIZE)                   \
            _Pragma("GCC unroll 16") for (int i = 0; i < COUNT; i++)                               \
                store((void *)(to + i * SIZE), filling);                                           \
        for (; bytes; bytes -= SIZE, to += SIZE)                                                   \
            store((void *)to, filling);                                                            \
        end;                                                                                       \
        return 0;                                                                                  \
    }
DEFINE_FILL(memset_1, uint8_t, 8, , element8, data_store8, )
DEFINE_FILL(memset_8, uint64_t, 8, , element64, data_store64, )
DEFINE_FILL(memset_16pair, struct pair, 8, , element_pair, data_store_pair, )
DEFINE_FILL(memset_16vec, vec16, 8, , element_vec16, data_store_vec16, )
DEFINE_FILL(memset_32vec, vec32, 8, VEC32_TARGET, element_vec32, data_store_vec32, )
#ifdef VEC64_TARGET
DEFINE_FILL(memset_64vec, vec64, 4, VEC64_TARGET, element_vec64, data_store_vec64, )
#endif

void RUN_SYMBOL(memset)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct bulk *bulk = private_load_pointer(&work->state);
    switch (private_load32(&bulk->element)) {
    case ELEMENT_1:
        return bulk_run(work, ops, RUN_SYMBOL(memset_1));
    case ELEMENT_8:
        return bulk_run(work, ops, RUN_SYMBOL(memset_8));
    case ELEMENT_16PAIR:
        return bulk_run(work, ops, RUN_SYMBOL(memset_16pair));
    case ELEMENT_16VEC:
        return bulk_run(work, ops, RUN_SYMBOL(memset_16vec));
#ifdef VEC64_TARGET
    case ELEMENT_64VEC:
        return bulk_run(work, ops, RUN_SYMBOL(memset_64vec));
#endif
    default:
        return bulk_run(work, ops, RUN_SYMBOL(memset_32vec));
    }
}

ALWAYS_INLINE uint64_t libc_call(uint8_t *to, uint64_t apart, uint64_t bytes, uint64_t value) {
    (void)apart;
    memset(to, (int)(value & 255), bytes);
    return 0;
}
void REFERENCE_SYMBOL(memset_libc)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    bulk_run(work, ops, libc_call);
}

#define DEFINE_STREAM_FILL(prefix, suffix, type, count, target)                                    \
    DEFINE_FILL(prefix##suffix##_call, type, count, target, element##suffix, stream_store##suffix, \
                stream_end())                                                                      \
    void RUN_SYMBOL(prefix##suffix)(struct work * work, unsigned thread, uint64_t ops) {           \
        (void)thread;                                                                              \
        bulk_run(work, ops, RUN_SYMBOL(prefix##suffix##_call));                                    \
    }
DEFINE_STREAMS(DEFINE_STREAM_FILL, memset_stream)

ALWAYS_INLINE uint64_t own_call(uint8_t *to, uint64_t apart, uint64_t bytes, uint64_t value) {
    (void)apart;
    fill(to, (uint8_t)value, bytes);
    return 0;
}
void RUN_SYMBOL(memset_own)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    bulk_run(work, ops, own_call);
}

#if defined(__aarch64__)
ALWAYS_INLINE uint64_t zero_call(uint8_t *to, uint64_t apart, uint64_t bytes, uint64_t value) {
    (void)apart;
    (void)value;
    for (; bytes; bytes -= 64, to += 64)
        zero_block(to);
    return 0;
}
void RUN_SYMBOL(memset_zero)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    bulk_run(work, ops, zero_call);
}
#define ZERO_VARIANT {"dc-zva", VARIANT_FORM, FEATURE_ZVA, RUN_SYMBOL(memset_zero)},
#define ZERO_WEIGHT  0
#else
#define ZERO_VARIANT
#define ZERO_WEIGHT 1
#endif

static const struct variant *variants(const struct params *params) {
#define LIBC                                                                                       \
    { "libc", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(memset_libc) }
#define OWN                                                                                        \
    { FILL_FORM, VARIANT_FORM, FILL_NEEDS, RUN_SYMBOL(memset_own) }
    static const struct variant zero[][5] = {
        STREAM_VARIANTS(memset_stream, LIBC, ZERO_VARIANT OWN)};
    static const struct variant varied[][5] = {STREAM_VARIANTS(memset_stream, LIBC, OWN)};
    enum element element = element_named(param_word(params, "bytes"));
    return is_zero(params) ? zero[element] : varied[element];
}

static const struct axis axes[] = {
    {"bytes",
     AXIS_WORD,
     {{"8", 0, 0},
      {"32vec", 1, VEC32_NEEDS},
#ifdef VEC64_TARGET
      {"64vec", 1, FEATURE_AVX512},
#endif
      {"1", 2, 0},
      {"16pair", 2, 0},
      {"16vec", 2, 0}}},
    BULK_SIZE,
    {"value", AXIS_WORD, {{"varied", 0, 0}, {"zero", ZERO_WEIGHT, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(memset);
const struct kernel KERNEL_SYMBOL(memset) = {
    .name = "memset",
    .family = "memory",
    .summary = "fills an array, element by element",
    .op = "fill",
    .weight = 1,
    .uses = USES_STORE | USES_VECTOR | USES_PAIR,
    .without = element_without,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct bulk),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(memset),
    .check = check,
    .bytes = bulk_bytes,
    .variants = variants,
};
