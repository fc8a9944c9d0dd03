/* SPDX-License-Identifier: MIT
 *
 * memmove: the copy from the last element to the first, as memmove does it where the destination
 * overlaps the end of the source. Here they do not overlap, so that each word has one right value
 * and the copy is the same work as memcpy's; so the reference, the C library's memmove, goes up.
 */
#include "copy.h"

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct bulk *bulk = work->state;
    bulk->element = element_named(param_word(work->params, "bytes"));
    copy_setup(work, 64);
}

DEFINE_COPIES(memmove, true)

void RUN_SYMBOL(memmove)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    copy_memmove(work, ops, RUN_SYMBOL(memmove_32vec));
}

ALWAYS_INLINE uint64_t libc_call(uint8_t *from, uint64_t apart, uint64_t bytes, uint64_t value) {
    (void)value;
    memmove(from + apart, from, bytes);
    return 0;
}
void REFERENCE_SYMBOL(memmove_libc)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    bulk_run(work, ops, libc_call);
}

VARIANTS({"libc", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(memmove_libc)})

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
    {0},
};

extern const struct kernel KERNEL_SYMBOL(memmove);
const struct kernel KERNEL_SYMBOL(memmove) = {
    .name = "memmove",
    .family = "memory",
    .summary = "copies between two arrays from the end to the beginning",
    .op = "copy",
    .weight = 2,
    .uses = USES_LOAD | USES_STORE | USES_VECTOR | USES_PAIR,
    .without = element_without,
    .streams = 2,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct bulk),
    .axes = axes,
    .setup = setup,
    .prepare = copy_prepare,
    .run = RUN_SYMBOL(memmove),
    .check = copy_check,
    .bytes = bulk_bytes,
    .variants = variants,
};
