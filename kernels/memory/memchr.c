/* SPDX-License-Identifier: MIT
 *
 * memchr: looks for a zero byte, which is near the end of what it looks through: loads that
 * nothing waits for but a branch, which is never taken before. Words are tested by the bit trick
 * (Mycroft, comp.arch, 1987), vectors by comparing; a batch of them at once, then one by one.
 *
 * The result is the sum of the places found. The references are the C library's memchr and strlen.
 */
#include "bulk.h"

#if defined(__x86_64__)
#include <immintrin.h>
#else
#include <arm_neon.h>
#endif

enum { FARTHEST = 48 }; /* from the end of a call, less of a small one */

/* What is nowhere zero. */
static uint64_t filling(uint64_t offset) {
    return pattern_word(offset) | UINT64_C(0x0101010101010101);
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct bulk *bulk = work->state;
    bulk->element = element_named(param_word(work->params, "bytes"));
    bulk_setup(work, 64);
    for (uint64_t offset = 0; offset < bulk->bytes; offset += 8)
        bulk_put(work, 0, offset, filling(offset));
    for (uint64_t end = bulk->call; end <= bulk->bytes; end += bulk->call)
        *bulk_at(work, 0, end - 1) = 0; /* for strlen, where no sample has put another */
}

/* Calls that the sample makes in different places. */
static uint64_t places(const struct bulk *bulk, uint64_t ops) {
    uint64_t all = bulk->bytes / bulk->call;
    return ops < all ? ops : all;
}

/* Where the i-th call of the sample begins, and where it finds its zero from there. */
static uint64_t begin_of(const struct bulk *bulk, uint64_t i) {
    return (bulk->start + i * bulk->call) % bulk->bytes;
}

static uint64_t zero_of(const struct work *work, uint64_t i) {
    const struct bulk *bulk = work->state;
    uint64_t near = bulk->call / 4 < FARTHEST ? bulk->call / 4 : FARTHEST;
    return bulk->call - 2 - pattern_random(work->nonce, i) % near;
}

static void prepare(struct work *work, uint64_t ops) {
    const struct bulk *bulk = work->state;
    bulk_prepare(work);
    for (uint64_t i = 0; i < places(bulk, ops); i++)
        *bulk_at(work, 0, begin_of(bulk, i) + zero_of(work, i)) = 0;
}

static const char *check(struct work *work, uint64_t ops) {
    const struct bulk *bulk = work->state;
    uint64_t sum = 0, count = places(bulk, ops);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t place = begin_of(bulk, i) + zero_of(work, i), word = filling(place & ~7ul);
        sum += zero_of(work, i) * ((ops - 1 - i) / count + 1);
        *bulk_at(work, 0, place) = (uint8_t)(word >> place % 8 * 8);
    }
    if (bulk->result != sum)
        return "zeros were found at other places";
    return bulk_check(work, ops);
}

/* Of an element: 0, or a number whose lowest bit tells the first zero byte, times a scale. */
ALWAYS_INLINE uint64_t zeros_1(uint8_t value) {
    return value == 0;
}
ALWAYS_INLINE uint64_t zeros_8(uint64_t value) {
    return (value - UINT64_C(0x0101010101010101)) & ~value & UINT64_C(0x8080808080808080);
}
/* Whether a batch has any. */
ALWAYS_INLINE uint64_t any_1(const uint8_t batch[1]) {
    return zeros_1(batch[0]);
}
ALWAYS_INLINE uint64_t any_8(const uint64_t batch[4]) {
    return zeros_8(batch[0]) | zeros_8(batch[1]) | zeros_8(batch[2]) | zeros_8(batch[3]);
}

#if defined(__x86_64__)
enum { SCALE_VEC16 = 1 };
ALWAYS_INLINE uint64_t zeros_vec16(vec16 value) {
    return (uint32_t)_mm_movemask_epi8((__m128i)(value == 0));
}
ALWAYS_INLINE uint64_t any_vec16(const vec16 batch[4]) {
    __m128i left = _mm_min_epu8((__m128i)batch[0], (__m128i)batch[1]);
    __m128i right = _mm_min_epu8((__m128i)batch[2], (__m128i)batch[3]);
    return zeros_vec16((vec16)_mm_min_epu8(left, right));
}
ALWAYS_INLINE VEC64_TARGET uint64_t zeros_vec64(vec64 value) {
    return _mm512_testn_epi8_mask((__m512i)value, (__m512i)value);
}
ALWAYS_INLINE VEC64_TARGET uint64_t any_vec64(const vec64 batch[4]) {
    __m512i left = _mm512_min_epu8((__m512i)batch[0], (__m512i)batch[1]);
    __m512i right = _mm512_min_epu8((__m512i)batch[2], (__m512i)batch[3]);
    return zeros_vec64((vec64)_mm512_min_epu8(left, right));
}
#else
enum { SCALE_VEC16 = 4 };
ALWAYS_INLINE uint64_t zeros_vec16(vec16 value) {
    uint8x8_t halves = vshrn_n_u16(vreinterpretq_u16_u8(vceqzq_u8((uint8x16_t)value)), 4);
    return vget_lane_u64(vreinterpret_u64_u8(halves), 0);
}
ALWAYS_INLINE vec16 least(vec16 left, vec16 right) {
    return (vec16)vminq_u8((uint8x16_t)left, (uint8x16_t)right);
}
ALWAYS_INLINE uint64_t any_vec16(const vec16 batch[4]) {
    return zeros_vec16(least(least(batch[0], batch[1]), least(batch[2], batch[3])));
}
#endif

/* A call that looks through batches of `count` elements, then through elements. */
#define DEFINE_SCAN(name, type, count, target, load, any, zeros, scale)                            \
    target static uint64_t RUN_SYMBOL(name)(uint8_t * at, uint64_t apart, uint64_t bytes,          \
                                            uint64_t value) {                                      \
        enum { COUNT = count, SIZE = sizeof(type) };                                               \
        const uint8_t *p = at, *end = at + bytes;                                                  \
        (void)apart;                                                                               \
        (void)value;                                                                               \
        for (; end - p >= COUNT * SIZE; p += COUNT * SIZE) {                                       \
            type batch[COUNT];                                                                     \
            _Pragma("GCC unroll 16") for (int i = 0; i < COUNT; i++) batch[i] =                    \
                load((const void *)(p + i * SIZE));                                                \
            if (any(batch))                                                                        \
                break;                                                                             \
        }                                                                                          \
        for (; p != end; p += SIZE) {                                                              \
            uint64_t found = zeros(load((const void *)p));                                         \
            if (found)                                                                             \
                return (uint64_t)(p - at) + (uint64_t)__builtin_ctzll(found) / (scale);            \
        }                                                                                          \
        return bytes;                                                                              \
    }
DEFINE_SCAN(memchr_1, uint8_t, 1, , data_load8, any_1, zeros_1, 1)
DEFINE_SCAN(memchr_8, uint64_t, 4, , data_load64, any_8, zeros_8, 8)
DEFINE_SCAN(memchr_16vec, vec16, 4, , data_load_vec16, any_vec16, zeros_vec16, SCALE_VEC16)
#ifdef VEC64_TARGET
DEFINE_SCAN(memchr_64vec, vec64, 4, VEC64_TARGET, data_load_vec64, any_vec64, zeros_vec64, 1)
#endif

void RUN_SYMBOL(memchr)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct bulk *bulk = private_load_pointer(&work->state);
    switch (private_load32(&bulk->element)) {
    case ELEMENT_1:
        return bulk_run(work, ops, RUN_SYMBOL(memchr_1));
    case ELEMENT_8:
        return bulk_run(work, ops, RUN_SYMBOL(memchr_8));
#ifdef VEC64_TARGET
    case ELEMENT_64VEC:
        return bulk_run(work, ops, RUN_SYMBOL(memchr_64vec));
#endif
    default:
        return bulk_run(work, ops, RUN_SYMBOL(memchr_16vec));
    }
}

ALWAYS_INLINE uint64_t libc_call(uint8_t *at, uint64_t apart, uint64_t bytes, uint64_t value) {
    (void)apart;
    (void)value;
    const uint8_t *found = memchr(at, 0, bytes);
    return found ? (uint64_t)(found - at) : bytes;
}
void REFERENCE_SYMBOL(memchr_libc)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    bulk_run(work, ops, libc_call);
}
ALWAYS_INLINE uint64_t strlen_call(uint8_t *at, uint64_t apart, uint64_t bytes, uint64_t value) {
    (void)apart;
    (void)bytes;
    (void)value;
    return strlen((const char *)at);
}
void REFERENCE_SYMBOL(memchr_strlen)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    bulk_run(work, ops, strlen_call);
}

VARIANTS({"libc", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(memchr_libc)},
         {"libc-strlen", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(memchr_strlen)})

static const struct axis axes[] = {
    {"bytes",
     AXIS_WORD,
     {{"8", 0, 0},
      {"16vec", 1, 0},
#ifdef VEC64_TARGET
      {"64vec", 1, FEATURE_AVX512},
#endif
      {"1", 2, 0}}},
    BULK_SIZE,
    {0},
};

extern const struct kernel KERNEL_SYMBOL(memchr);
const struct kernel KERNEL_SYMBOL(memchr) = {
    .name = "memchr",
    .family = "memory",
    .summary = "looks through an array for a byte that is near its end",
    .op = "search",
    .weight = 1,
    .uses = USES_LOAD | USES_VECTOR,
    .without = element_without,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct bulk),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(memchr),
    .check = check,
    .bytes = bulk_bytes,
    .variants = variants,
};
