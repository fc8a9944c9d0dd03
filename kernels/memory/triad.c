/* SPDX-License-Identifier: MIT
 *
 * triad: a = b + s * c over arrays of doubles, as in STREAM (McCalpin, 1995): two streams of loads
 * and one of stores, with arithmetic between them. The multiplication is not fused with the
 * addition, so that the result is the same everywhere. Bytes are counted as STREAM does: all three
 * arrays.
 */
#include "bulk.h"

enum { A, B, C };

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The i-th number of a series: whole, and so small that all arithmetic is exact. */
static uint64_t number(uint64_t i) {
    return bits_of((double)(pattern_random(0, i) >> 24));
}

static double factor(uint64_t nonce) {
    return (double)(3 + nonce % 61);
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct bulk *bulk = work->state;
    bulk->element = element_named(param_word(work->params, "bytes"));
    bulk_setup(work, 64);
    for (uint64_t offset = 0; offset < bulk->bytes; offset += 8) {
        bulk_put(work, A, offset, 0);
        bulk_put(work, B, offset, number(offset));
        bulk_put(work, C, offset, number(~offset));
    }
}

static void prepare(struct work *work, uint64_t ops) {
    struct bulk *bulk = work->state;
    bulk_prepare(work);
    bulk->value = bits_of(factor(work->nonce));
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t offset = bulk_probe(work, ops, i);
        bulk_put(work, A, offset, 0);
        bulk_put(work, B, offset, number(offset ^ work->nonce));
        bulk_put(work, C, offset, number(~offset ^ work->nonce));
    }
}

static const char *check(struct work *work, uint64_t ops) {
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t offset = bulk_probe(work, ops, i);
        double b = double_of(number(offset ^ work->nonce));
        double c = double_of(number(~offset ^ work->nonce));
        if (bulk_get(work, A, offset) != bits_of(b + factor(work->nonce) * c))
            return "a sum is not there, or not right";
    }
    return bulk_check(work, ops);
}

/* Elements as vectors of doubles. */
typedef double lanes2 __attribute__((vector_size(16)));
ALWAYS_INLINE uint64_t sum_8(uint64_t b, uint64_t c, double s) {
    union {
        uint64_t bits;
        double number;
    } left = {b}, right = {c};
    left.number += s * right.number;
    return left.bits;
}
ALWAYS_INLINE vec16 sum_vec16(vec16 b, vec16 c, double s) {
    return (vec16)((lanes2)b + s * (lanes2)c);
}
#if defined(__x86_64__)
typedef double lanes4 __attribute__((vector_size(32)));
typedef double lanes8 __attribute__((vector_size(64)));
ALWAYS_INLINE VEC32_TARGET vec32 sum_vec32(vec32 b, vec32 c, double s) {
    return (vec32)((lanes4)b + s * (lanes4)c);
}
ALWAYS_INLINE VEC64_TARGET vec64 sum_vec64(vec64 b, vec64 c, double s) {
    return (vec64)((lanes8)b + s * (lanes8)c);
}
#else
ALWAYS_INLINE vec32 sum_vec32(vec32 b, vec32 c, double s) {
    return (vec32){sum_vec16(b.low, c.low, s), sum_vec16(b.high, c.high, s)};
}
#endif

/* A call of batches of `count` elements, and what is left one by one. */
#define DEFINE_TRIAD(name, type, count, target, sum, load, store)                                  \
    target static uint64_t RUN_SYMBOL(name)(uint8_t * a, uint64_t apart, uint64_t bytes,           \
                                            uint64_t value) {                                      \
        enum { COUNT = count, SIZE = sizeof(type) };                                               \
        const uint8_t *b = a + apart, *c = b + apart;                                              \
        union {                                                                                    \
            uint64_t bits;                                                                         \
            double number;                                                                         \
        } s = {value};                                                                             \
        for (; bytes >= COUNT * SIZE; bytes -= COUNT * SIZE) {                                     \
            type batch[COUNT];                                                                     \
            _Pragma("GCC unroll 16") for (int i = 0; i < COUNT; i++) batch[i] = sum(               \
                load((const void *)(b + i * SIZE)), load((const void *)(c + i * SIZE)), s.number); \
            _Pragma("GCC unroll 16") for (int i = 0; i < COUNT; i++)                               \
                store((void *)(a + i * SIZE), batch[i]);                                           \
            a += COUNT * SIZE;                                                                     \
            b += COUNT * SIZE;                                                                     \
            c += COUNT * SIZE;                                                                     \
        }                                                                                          \
        for (; bytes; bytes -= SIZE, a += SIZE, b += SIZE, c += SIZE)                              \
            store((void *)a, sum(load((const void *)b), load((const void *)c), s.number));         \
        return 0;                                                                                  \
    }
DEFINE_TRIAD(triad_8, uint64_t, 8, , sum_8, data_load64, data_store64)
DEFINE_TRIAD(triad_16vec, vec16, 8, , sum_vec16, data_load_vec16, data_store_vec16)
DEFINE_TRIAD(triad_32vec, vec32, 4, VEC32_TARGET, sum_vec32, data_load_vec32, data_store_vec32)
#ifdef VEC64_TARGET
DEFINE_TRIAD(triad_64vec, vec64, 4, VEC64_TARGET, sum_vec64, data_load_vec64, data_store_vec64)
#endif

void RUN_SYMBOL(triad)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct bulk *bulk = private_load_pointer(&work->state);
    switch (private_load32(&bulk->element)) {
    case ELEMENT_8:
        return bulk_run(work, ops, RUN_SYMBOL(triad_8));
    case ELEMENT_16VEC:
        return bulk_run(work, ops, RUN_SYMBOL(triad_16vec));
#ifdef VEC64_TARGET
    case ELEMENT_64VEC:
        return bulk_run(work, ops, RUN_SYMBOL(triad_64vec));
#endif
    default:
        return bulk_run(work, ops, RUN_SYMBOL(triad_32vec));
    }
}

static uint64_t bytes(const struct work *work) {
    return 3 * bulk_bytes(work);
}

static const struct axis axes[] = {
    {"bytes",
     AXIS_WORD,
     {{"8", 0, 0},
      {"32vec", 1, VEC32_NEEDS},
#ifdef VEC64_TARGET
      {"64vec", 1, FEATURE_AVX512},
#endif
      {"16vec", 2, 0}}},
    BULK_SIZE,
    {0},
};

extern const struct kernel KERNEL_SYMBOL(triad);
const struct kernel KERNEL_SYMBOL(triad) = {
    .name = "triad",
    .family = "memory",
    .summary = "a = b + s * c over arrays of doubles",
    .op = "call",
    .weight = 1,
    .uses = USES_LOAD | USES_STORE | USES_VECTOR,
    .without = element_without,
    .streams = 3,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct bulk),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(triad),
    .check = check,
    .bytes = bytes,
};
