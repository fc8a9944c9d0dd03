/* SPDX-License-Identifier: MIT
 *
 * rep_movs: a guest's REP MOVS of `bytes` wide elements as translators make it. The lowerings: a
 * loop that loads and stores one element after the other, what FEX emits with
 * MemcpySetTSOEnabled; not unrolled, as there. The forms leave the order among the elements open,
 * which x86 allows the stores of its fast strings too:
 *
 *   plain-vector  32 bytes at once, twice in a loop: FEX as it ships, in no order with what is
 *                 around it, and so unsound on a weak CPU
 *   dmb-vector    the same between two DMB ISH, and sound
 *   plain-rep, plain-mops, dmb-mops    the same by the CPU's own loop
 *
 * memcpy has the wide copies that a program makes itself, in which a lowering orders each access.
 */
#include "copy.h"
#include "forms.h"

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct bulk *bulk = work->state;
    bulk->element = element_named(param_word(work->params, "bytes"));
    copy_setup(work, 64);
}

#define DEFINE_MOVS(bits)                                                                          \
    static uint64_t RUN_SYMBOL(rep_movs_##bits)(uint8_t * from_, uint64_t apart, uint64_t bytes,   \
                                                uint64_t value) {                                  \
        const uint##bits##_t *from = (const void *)from_;                                          \
        uint##bits##_t *to = (void *)(from_ + apart);                                              \
        (void)value;                                                                               \
        for (; bytes; bytes -= sizeof *to)                                                         \
            data_store##bits(to++, data_load##bits(from++));                                       \
        return 0;                                                                                  \
    }
DEFINE_MOVS(8)
DEFINE_MOVS(16)
DEFINE_MOVS(32)
DEFINE_MOVS(64)

void RUN_SYMBOL(rep_movs)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct bulk *bulk = private_load_pointer(&work->state);
    switch (private_load32(&bulk->element)) {
    case ELEMENT_1:
        return bulk_run(work, ops, RUN_SYMBOL(rep_movs_8));
    case ELEMENT_2:
        return bulk_run(work, ops, RUN_SYMBOL(rep_movs_16));
    case ELEMENT_4:
        return bulk_run(work, ops, RUN_SYMBOL(rep_movs_32));
    default:
        return bulk_run(work, ops, RUN_SYMBOL(rep_movs_64));
    }
}

DEFINE_COPY(rep_movs_vector_loop, vec32, 2, VEC32_TARGET, private_load_vec32, private_store_vec32,
            false)
static uint64_t RUN_SYMBOL(rep_movs_own_loop)(uint8_t *from, uint64_t apart, uint64_t bytes,
                                              uint64_t value) {
    (void)value;
    private_copy(from + apart, from, bytes);
    return 0;
}

/* A call by one of these loops, and what stands on both sides of it. */
#define DEFINE_FORM(name, loop, around)                                                            \
    ALWAYS_INLINE uint64_t name##_call(uint8_t *from, uint64_t apart, uint64_t bytes,              \
                                       uint64_t value) {                                           \
        around;                                                                                    \
        uint64_t result = RUN_SYMBOL(loop)(from, apart, bytes, value);                             \
        around;                                                                                    \
        return result;                                                                             \
    }                                                                                              \
    void RUN_SYMBOL(rep_movs_##name)(struct work * work, unsigned thread, uint64_t ops) {          \
        (void)thread;                                                                              \
        bulk_run(work, ops, name##_call);                                                          \
    }
DEFINE_FORM(plain_vector, rep_movs_vector_loop, )
DEFINE_FORM(plain_own, rep_movs_own_loop, )
#if defined(__aarch64__)
DEFINE_FORM(dmb_vector, rep_movs_vector_loop, barrier())
DEFINE_FORM(dmb_own, rep_movs_own_loop, barrier())
#endif

ALWAYS_INLINE uint64_t libc_call(uint8_t *from, uint64_t apart, uint64_t bytes, uint64_t value) {
    (void)value;
    memcpy(from + apart, from, bytes);
    return 0;
}
void REFERENCE_SYMBOL(rep_movs_libc)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    bulk_run(work, ops, libc_call);
}

static const struct variant *variants(const struct params *params) {
    static const struct variant table[] = {
        {"libc", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(rep_movs_libc)},
        {"plain-vector", VARIANT_FORM, VEC32_NEEDS, RUN_SYMBOL(rep_movs_plain_vector)},
        {"plain-" COPY_WORD, VARIANT_FORM, COPY_NEEDS, RUN_SYMBOL(rep_movs_plain_own)},
#if defined(__aarch64__)
        {"dmb-vector", VARIANT_FORM, VEC32_NEEDS, RUN_SYMBOL(rep_movs_dmb_vector)},
        {"dmb-" COPY_WORD, VARIANT_FORM, COPY_NEEDS, RUN_SYMBOL(rep_movs_dmb_own)},
#endif
        {0},
    };
    (void)params;
    return table;
}

static const struct axis axes[] = {
    {"bytes", AXIS_WORD, {{"1", 0, 0}, {"8", 1, 0}, {"2", 2, 0}, {"4", 2, 0}}},
    BULK_SIZE,
    {0},
};

extern const struct kernel KERNEL_SYMBOL(rep_movs);
const struct kernel KERNEL_SYMBOL(rep_movs) = {
    .name = "rep_movs",
    .family = "memory",
    .summary =
        "a guest's REP MOVS as translators make it: by elements, vectors, the CPU's own loop",
    .op = "copy",
    .weight = 2,
    .uses = USES_LOAD | USES_STORE,
    .streams = 2,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct bulk),
    .axes = axes,
    .setup = setup,
    .prepare = copy_prepare,
    .run = RUN_SYMBOL(rep_movs),
    .check = copy_check,
    .bytes = bulk_bytes,
    .variants = variants,
};
