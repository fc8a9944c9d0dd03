/* SPDX-License-Identifier: MIT
 *
 * memcpy: a copy as compilers and libraries write it, element by element, each loaded and stored
 * by the lowering. A batch of loads, then the batch of stores: what wide copies do anyway, and
 * the order in which a lowering by barriers pays least. The arrays are a multiple of 1 KiB apart
 * and walked alike, so no load has the low 12 address bits of a store just before it, which cores
 * may take for a dependence (4K aliasing); no other offset was faster.
 *
 * One operation is one call that copies `size` bytes; of sizes above 2 MiB 64 KiB, the next call
 * the next part. The reference is the C library's memcpy.
 */
#include "element.h"
#include "pattern.h"

/* Larger arrays are walked by calls of WALK_CALL: a sample is then short under any lowering. */
enum { PROBES = 32, LARGEST_CALL = 2 << 20, WALK_CALL = 64 << 10 };

struct state {
    enum element element;
    uint64_t call;   /* bytes of one call */
    uint64_t bytes;  /* of each array, a multiple of call */
    uint64_t cursor; /* offset of the next call */
    uint64_t start;  /* cursor before the sample */
    uint64_t calls;  /* made in the sample */
};

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->element = element_named(param_word(work->params, "bytes"));
    /* Loops move up to 512 bytes at once. */
    state->call = (work->footprint <= LARGEST_CALL ? work->footprint : WALK_CALL) & ~511ul;
    state->bytes = work->footprint / state->call * state->call;
    pattern_fill(work->arena, 2 * work->footprint);
}

/* Byte offsets of the words that check looks at: first and last of what the sample copies, and
 * some in between. */
static uint64_t probe(const struct work *work, uint64_t ops, uint64_t i) {
    const struct state *state = work->state;
    uint64_t random = pattern_random(work->nonce, i);
    uint64_t copied = ops < state->bytes / state->call ? ops * state->call : state->bytes;
    uint64_t offset = i == 0 ? 0 : i == 1 ? copied - 8 : random % copied & ~7ul;
    return (state->start + offset) % state->bytes;
}

static uint64_t *word(const struct work *work, int destination, uint64_t offset) {
    return (uint64_t *)(void *)(work->arena + (destination ? work->footprint : 0) + offset);
}

static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    state->start = state->cursor;
    state->calls = 0;
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t offset = probe(work, ops, i), value = work->nonce + pattern_word(offset);
        *word(work, 0, offset) = value;
        *word(work, 1, offset) = ~value;
    }
}

/* A loop over batches of elements. */
#define DEFINE_COPY(name, type, count, target, load, store)                                        \
    target static void RUN_SYMBOL(name)(void *to_, const void *from_, uint64_t bytes) {            \
        enum { COUNT = count };                                                                    \
        const uint8_t *from = from_;                                                               \
        for (uint8_t *to = to_, *end = to + bytes; to != end;) {                                   \
            type batch[COUNT];                                                                     \
            _Pragma("GCC unroll 16") for (int i = 0; i < COUNT; i++) batch[i] =                    \
                load((const void *)(from + i * (int)sizeof(type)));                                \
            _Pragma("GCC unroll 16") for (int i = 0; i < COUNT; i++)                               \
                store((void *)(to + i * (int)sizeof(type)), batch[i]);                             \
            from += sizeof batch;                                                                  \
            to += sizeof batch;                                                                    \
        }                                                                                          \
    }
DEFINE_COPY(memcpy_1, uint8_t, 8, , data_load8, data_store8)
DEFINE_COPY(memcpy_8, uint64_t, 8, , data_load64, data_store64)
DEFINE_COPY(memcpy_16pair, struct pair, 4, , data_load_pair, data_store_pair)
DEFINE_COPY(memcpy_16vec, vec16, 8, , data_load_vec16, data_store_vec16)
DEFINE_COPY(memcpy_32vec, vec32, 8, VEC32_TARGET, data_load_vec32, data_store_vec32)
#ifdef VEC64_TARGET
DEFINE_COPY(memcpy_64vec, vec64, 8, VEC64_TARGET, data_load_vec64, data_store_vec64)
#endif
#undef DEFINE_COPY
static void RUN_SYMBOL(memcpy_any)(void *to, const void *from, uint64_t bytes) {
    data_copy(to, from, bytes);
}

/* With a constant `copy` it is called directly. */
ALWAYS_INLINE void call_all(struct work *work, uint64_t ops,
                            void (*copy)(void *, const void *, uint64_t)) {
    struct state *state = private_load_pointer(&work->state);
    uint8_t *from = private_load_pointer(&work->arena);
    uint8_t *to = from + private_load64(&work->footprint);
    uint64_t cursor = private_load64(&state->cursor), bytes = private_load64(&state->bytes);
    uint64_t call = private_load64(&state->call), calls = 0;
    for (; calls < ops; calls++) {
        copy(to + cursor, from + cursor, call);
        cursor += call;
        cursor = cursor == bytes ? 0 : cursor;
    }
    private_store64(&state->cursor, cursor);
    private_store64(&state->calls, calls);
}

void RUN_SYMBOL(memcpy)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    switch (private_load32(&state->element)) {
    case ELEMENT_1:
        return call_all(work, ops, RUN_SYMBOL(memcpy_1));
    case ELEMENT_8:
        return call_all(work, ops, RUN_SYMBOL(memcpy_8));
    case ELEMENT_16PAIR:
        return call_all(work, ops, RUN_SYMBOL(memcpy_16pair));
    case ELEMENT_16VEC:
        return call_all(work, ops, RUN_SYMBOL(memcpy_16vec));
#ifdef VEC64_TARGET
    case ELEMENT_64VEC:
        return call_all(work, ops, RUN_SYMBOL(memcpy_64vec));
#endif
    case ELEMENT_ANY:
        return call_all(work, ops, RUN_SYMBOL(memcpy_any));
    default:
        return call_all(work, ops, RUN_SYMBOL(memcpy_32vec));
    }
}

void REFERENCE_SYMBOL(memcpy_libc)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    call_all(work, ops, (void (*)(void *, const void *, uint64_t))(void (*)(void))memcpy);
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    if (state->calls != ops)
        return "another number of calls was made";
    if (state->cursor != (state->start + ops * state->call) % state->bytes)
        return "the walk ended at another place";
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t offset = probe(work, ops, i);
        if (*word(work, 1, offset) != work->nonce + pattern_word(offset))
            return "a word was not copied";
    }
    return NULL;
}

static uint64_t bytes(const struct work *work) {
    const struct state *state = work->state;
    return state->call;
}

static const struct variant *variants(const struct params *params) {
    static const struct variant table[] = {
        {"libc", VARIANT_REFERENCE, 0, REFERENCE_SYMBOL(memcpy_libc)},
        {0},
    };
    (void)params;
    return table;
}

static const struct axis axes[] = {
    {"bytes",
     AXIS_WORD,
     {{"8", 0, 0},
      {"32vec", 0, VEC32_NEEDS},
#ifdef VEC64_TARGET
      {"64vec", 0, FEATURE_AVX512},
#endif
      {"1", 1, 0},
      {COPY_WORD, 1, COPY_NEEDS},
      {"16pair", 1, 0},
      {"16vec", 1, 0}}},
    {"size",
     AXIS_FOOTPRINT,
     {{"16K", 0, 0},
      {"1K", 1, 0},
      {"256K", 1, 0},
      {"L2", 1, 0},
      {"L3", 1, 0},
      {"4K", 2, 0},
      {"64K", 2, 0},
      {"1M", 2, 0},
      {"DRAM", 2, 0}}},
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
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(memcpy),
    .check = check,
    .bytes = bytes,
    .variants = variants,
};
