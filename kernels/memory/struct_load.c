/* SPDX-License-Identifier: MIT
 *
 * struct_load: sums the fields of an array of structures of 8-byte fields, two structures at once:
 * vector loads, taken apart in registers. The forms are arm64's loads that take apart themselves,
 * LD2 to LD4, for which Apple's cores have a switch in TSO mode (HID9, TSOSerializeVLDmicroops).
 * x86 has no such instruction.
 *
 * The result is the sum over the fields, each times its number from 1, so that a field that takes
 * another's place is seen.
 */
#include "bulk.h"
#include "forms.h"

enum { MAX_FIELDS = 4, UNROLL = 4, PAIR = 16 };

struct state {
    struct bulk bulk;
    uint64_t fields;
    uint64_t planted; /* offset of the word that the sample's nonce was added to */
};

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    state->fields = param_number(work->params, "fields");
    bulk_setup(work, state->fields * PAIR * UNROLL);
    pattern_fill(work->arena, work->footprint);
}

/* Adds to a word of what the sample's first call reads, so that each sample has its own sum. */
static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    (void)ops;
    bulk_prepare(work);
    state->planted = state->bulk.start + pattern_random(work->nonce, 0) % state->bulk.call / 8 * 8;
    bulk_put(work, 0, state->planted, bulk_get(work, 0, state->planted) + work->nonce);
}

/* The sum over a call from `offset` on, of what setup wrote: pattern_word() is linear. */
static uint64_t sum_of(const struct state *state, uint64_t offset) {
    uint64_t count = state->bulk.call / 8 / state->fields, sum = 0;
    for (uint64_t field = 0; field < state->fields; field++) {
        uint64_t first = pattern_word(offset / 8 + field);
        uint64_t step = pattern_word(state->fields) - pattern_word(0);
        sum += (field + 1) * (count * first + count * (count - 1) / 2 * step);
    }
    return sum;
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    const struct bulk *bulk = &state->bulk;
    uint64_t sum = 0, places = bulk->bytes / bulk->call;
    uint64_t field = state->planted / 8 % state->fields;
    for (uint64_t i = 0; i < ops; i++)
        sum += sum_of(state, (bulk->start + i * bulk->call) % bulk->bytes);
    sum += ((ops - 1) / places + 1) * (field + 1) * work->nonce;
    bulk_put(work, 0, state->planted, pattern_word(state->planted / 8));
    return bulk->result != sum ? "the sum of the fields is another" : bulk_check(work, ops);
}

/* Fields of two structures, as many as there are. No array: compilers keep one in memory. */
struct taken {
    vec16_words a, b, c, d;
};

/* Vector loads, and shuffles: a structure's words follow each other in what was loaded. */
ALWAYS_INLINE struct taken take(const uint8_t *p, unsigned fields) {
    const vec16_words none = {0};
    vec16_words a = (vec16_words)data_load_vec16(p);
    vec16_words b = (vec16_words)data_load_vec16(p + PAIR);
    vec16_words c = fields > 2 ? (vec16_words)data_load_vec16(p + 2 * PAIR) : none;
    vec16_words d = fields > 3 ? (vec16_words)data_load_vec16(p + 3 * PAIR) : none;
    switch (fields) {
    case 2:
        return (struct taken){{a[0], b[0]}, {a[1], b[1]}, none, none};
    case 3:
        return (struct taken){{a[0], b[1]}, {a[1], c[0]}, {b[0], c[1]}, none};
    default:
        return (struct taken){{a[0], c[0]}, {a[1], c[1]}, {b[0], d[0]}, {b[1], d[1]}};
    }
}

#if defined(__aarch64__)
/* Into registers in a row, which only names can say. */
#define DEFINE_TAKE(name, list)                                                                    \
    ALWAYS_INLINE struct taken take_##name(const uint8_t *p, unsigned fields) {                    \
        register vec16_words a __asm__("v16");                                                     \
        register vec16_words b __asm__("v17");                                                     \
        register vec16_words c __asm__("v18");                                                     \
        register vec16_words d __asm__("v19");                                                     \
        (void)fields;                                                                              \
        __asm__ volatile(RECORDED_FORM(#name, "128", #name " {" list "}, [%4]")                    \
                         : "=w"(a), "=w"(b), "=w"(c), "=w"(d)                                      \
                         : "r"(p)                                                                  \
                         : "memory");                                                              \
        return (struct taken){a, b, c, d};                                                         \
    }
DEFINE_TAKE(ld2, "v16.2d, v17.2d")
DEFINE_TAKE(ld3, "v16.2d, v17.2d, v18.2d")
DEFINE_TAKE(ld4, "v16.2d, v17.2d, v18.2d, v19.2d")
#else
#define take_ld2 take
#define take_ld3 take
#define take_ld4 take
#endif

/* A call, of so many fields. */
#define DEFINE_SUM(name, fields, take)                                                             \
    static uint64_t RUN_SYMBOL(struct_load_##name)(uint8_t * at, uint64_t apart, uint64_t bytes,   \
                                                   uint64_t value) {                               \
        const uint64_t step = fields * PAIR;                                                       \
        vec16_words a = {0}, b = {0}, c = {0}, d = {0};                                            \
        (void)apart;                                                                               \
        (void)value;                                                                               \
        for (; bytes; bytes -= UNROLL * step, at += UNROLL * step)                                 \
            _Pragma("GCC unroll 4") for (unsigned i = 0; i < UNROLL; i++) {                        \
                struct taken taken = take(at + i * step, fields);                                  \
                a += taken.a;                                                                      \
                b += taken.b;                                                                      \
                c += fields > 2 ? taken.c : (vec16_words){0};                                      \
                d += fields > 3 ? taken.d : (vec16_words){0};                                      \
            }                                                                                      \
        return a[0] + a[1] + 2 * (b[0] + b[1]) + 3 * (c[0] + c[1]) + 4 * (d[0] + d[1]);            \
    }
DEFINE_SUM(2, 2, take)
DEFINE_SUM(3, 3, take)
DEFINE_SUM(4, 4, take)

void RUN_SYMBOL(struct_load)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    switch (private_load64(&state->fields)) {
    case 2:
        return bulk_run(work, ops, RUN_SYMBOL(struct_load_2));
    case 3:
        return bulk_run(work, ops, RUN_SYMBOL(struct_load_3));
    default:
        return bulk_run(work, ops, RUN_SYMBOL(struct_load_4));
    }
}

#define DEFINE_FORM(name, fields)                                                                  \
    DEFINE_SUM(name##_call, fields, take_##name)                                                   \
    void RUN_SYMBOL(struct_load_##name)(struct work * work, unsigned thread, uint64_t ops) {       \
        (void)thread;                                                                              \
        bulk_run(work, ops, RUN_SYMBOL(struct_load_##name##_call));                                \
    }
DEFINE_FORM(ld2, 2)
DEFINE_FORM(ld3, 3)
DEFINE_FORM(ld4, 4)

static const struct variant *variants(const struct params *params) {
    static const struct variant tables[][2] = {
        {{"ld2", VARIANT_FORM, FEATURE_LDN, RUN_SYMBOL(struct_load_ld2)}},
        {{"ld3", VARIANT_FORM, FEATURE_LDN, RUN_SYMBOL(struct_load_ld3)}},
        {{"ld4", VARIANT_FORM, FEATURE_LDN, RUN_SYMBOL(struct_load_ld4)}},
    };
    return tables[param_number(params, "fields") - 2];
}

static const struct axis axes[] = {
    {"fields", AXIS_NUMBER, {{"2", 0, 0}, {"3", 1, 0}, {"4", 1, 0}}},
    {"size", AXIS_FOOTPRINT, {{"16K", 0, 0}, {"L2", 1, 0}, {"L3", 1, 0}, {"DRAM", 2, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(struct_load);
const struct kernel KERNEL_SYMBOL(struct_load) = {
    .name = "struct_load",
    .family = "memory",
    .summary = "sums over an array of structures: vector loads, and loads that take apart",
    .op = "call",
    .weight = 2,
    .uses = USES_LOAD | USES_VECTOR,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(struct_load),
    .check = check,
    .bytes = bulk_bytes,
    .variants = variants,
};
