/* SPDX-License-Identifier: MIT
 *
 * memcpy: a copy as compilers and libraries write it, element by element, each loaded and stored
 * by the lowering. A batch of loads, then the batch of stores: what wide copies do anyway, and
 * the order in which a lowering by barriers pays least. The arrays are a multiple of 64 bytes
 * apart and walked alike, so no load has the low 12 address bits of a store just before it, which
 * cores may take for a dependence (4K aliasing); no other offset was faster.
 *
 * One operation is one call that copies `size` bytes (bulk.h). `unaligned`: which array begins at
 * an odd address. The reference is the C library's memcpy; the forms are stores past the cache.
 */
#include "copy.h"
#include "forms.h"

static bool is_unaligned(const struct params *params, const char *array) {
    const char *word = param_word(params, "unaligned");
    return strcmp(word, array) == 0 || strcmp(word, "both") == 0;
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct bulk *bulk = work->state;
    bulk->element = element_named(param_word(work->params, "bytes"));
    copy_setup(work, 64);
    bulk->first = is_unaligned(work->params, "from");
    /* What is odd ends behind its place. */
    bulk->apart += is_unaligned(work->params, "to") - bulk->first + 64 * bulk->first;
}

DEFINE_COPIES(memcpy, false)
static uint64_t RUN_SYMBOL(memcpy_any)(uint8_t *from, uint64_t apart, uint64_t bytes,
                                       uint64_t value) {
    (void)value;
    data_copy(from + apart, from, bytes);
    return 0;
}

void RUN_SYMBOL(memcpy)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    copy_memcpy(work, ops, RUN_SYMBOL(memcpy_any));
}

ALWAYS_INLINE uint64_t libc_call(uint8_t *from, uint64_t apart, uint64_t bytes, uint64_t value) {
    (void)value;
    memcpy(from + apart, from, bytes);
    return 0;
}
void REFERENCE_SYMBOL(memcpy_libc)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    bulk_run(work, ops, libc_call);
}

/* A copy whose stores go past the cache, and are in order with what follows it. */
#define DEFINE_STREAM_COPY(prefix, suffix, type, count, target)                                    \
    DEFINE_COPY(prefix##suffix##_loop, type, count, target, private_load##suffix,                  \
                stream_store##suffix, false)                                                       \
    static uint64_t RUN_SYMBOL(prefix##suffix##_call)(uint8_t * from, uint64_t apart,              \
                                                      uint64_t bytes, uint64_t value) {            \
        uint64_t result = RUN_SYMBOL(prefix##suffix##_loop)(from, apart, bytes, value);            \
        stream_end();                                                                              \
        return result;                                                                             \
    }                                                                                              \
    void RUN_SYMBOL(prefix##suffix)(struct work * work, unsigned thread, uint64_t ops) {           \
        (void)thread;                                                                              \
        bulk_run(work, ops, RUN_SYMBOL(prefix##suffix##_call));                                    \
    }
DEFINE_STREAMS(DEFINE_STREAM_COPY, memcpy_stream)

static const struct variant *variants(const struct params *params) {
#define LIBC                                                                                       \
    { "libc", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(memcpy_libc) }
    static const struct variant tables[][3] = {STREAM_VARIANTS(memcpy_stream, LIBC, )};
    /* Stores past the cache must be aligned. */
    bool streams = !is_unaligned(params, "to");
    return tables[streams ? element_named(param_word(params, "bytes")) : ELEMENT_1];
}

static const struct axis axes[] = {
    {"bytes",
     AXIS_WORD,
     {{"8", 0, 0},
      {"32vec", 0, VEC32_NEEDS},
#ifdef VEC64_TARGET
      {"64vec", 1, FEATURE_AVX512},
#endif
      {"1", 2, 0},
      {COPY_WORD, 2, COPY_NEEDS},
      {"16pair", 2, 0},
      {"16vec", 2, 0}}},
    BULK_SIZE,
    {"unaligned", AXIS_WORD, {{"no", 0, 0}, {"to", 2, 0}, {"from", 2, 0}, {"both", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(memcpy);
const struct kernel KERNEL_SYMBOL(memcpy) = {
    .name = "memcpy",
    .family = "memory",
    .summary = "copies between two arrays, element by element",
    .op = "copy",
    .uses = USES_LOAD | USES_STORE | USES_VECTOR | USES_PAIR | USES_COPY,
    .without = element_without,
    .streams = 2,
    .min_threads = 1,
    .max_threads = 1,
    .may_fault = true, /* what is unaligned */
    .state_bytes = sizeof(struct bulk),
    .axes = axes,
    .setup = setup,
    .prepare = copy_prepare,
    .run = RUN_SYMBOL(memcpy),
    .check = copy_check,
    .bytes = bulk_bytes,
    .variants = variants,
};
