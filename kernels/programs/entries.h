/* SPDX-License-Identifier: MIT
 *
 * entries.h: what the searching programs have in common: which entry an operation asks for, when
 * it updates it, and values that tell on a wrong one.
 *
 * The entry of each operation is a step of sequence.h that begins at the sample's nonce. A value's
 * high half says whose it is, which every look-up verifies, its low half when it was last written,
 * which the check verifies for the last operations and some others.
 */
#ifndef ENTRIES_H
#define ENTRIES_H

#include "pattern.h"
#include "sequence.h"

/* Operation i of a sample has the stamp nonce + i, and updates what it finds if
 * stamp % period < updates. */
struct mix {
    uint64_t period, updates;
};

#define ENTRIES_MIXES                                                                              \
    {                                                                                              \
        "mix", AXIS_WORD, {                                                                        \
            {"7+1", 0, 0}, {"1+1", 1, 0}, {"0+1", 2, 0}, {                                         \
                "1+0", 2, 0                                                                        \
            }                                                                                      \
        }                                                                                          \
    }

/* Of a word "7+1": look-ups and updates; the sum is a power of two. */
static inline struct mix mix_of(const struct params *params) {
    const char *word = param_word(params, "mix");
    uint64_t updates = (uint64_t)(word[2] - '0');
    return (struct mix){updates + (uint64_t)(word[0] - '0'), updates};
}

static inline bool mix_updates(const struct mix *mix, uint64_t stamp) {
    return stamp % mix->period < mix->updates;
}

/* What the timed code leaves and the check reads. */
struct entries {
    uint64_t count; /* below 2^32 */
    struct mix mix;
    uint64_t end;   /* of the sequence, after a sample */
    uint64_t wrong; /* bits in which a value's owner differed from what it must be */
};

ALWAYS_INLINE uint64_t entries_index(uint64_t x, uint64_t count) {
    return (x >> 32) * count >> 32;
}

ALWAYS_INLINE uint64_t entries_value(uint64_t index, uint64_t stamp) {
    return ~index << 32 | (uint32_t)stamp;
}

/* The bits of a value's owner that are wrong. */
ALWAYS_INLINE uint64_t entries_wrong(uint64_t value, uint64_t index) {
    return (uint32_t)(value >> 32 ^ ~index);
}

ALWAYS_INLINE uint64_t entries_stamped(uint64_t value, uint64_t stamp) {
    return value >> 32 << 32 | (uint32_t)stamp;
}

static inline void entries_prepare(struct entries *entries) {
    entries->wrong = ~UINT64_C(0);
    entries->end = 0;
}

/* `value` finds an entry's value without trusting what the arena holds; NULL: not there. */
static inline const char *entries_check(const struct work *work, const struct entries *entries,
                                        uint64_t ops,
                                        const uint64_t *(*value)(const struct work *, uint64_t)) {
    enum { LAST = 32, OTHERS = 16 };
    uint64_t nonce = work->nonce;
    if (entries->end != sequence_jump(nonce, ops))
        return "wrong number of operations, or on the wrong entries";
    if (entries->wrong)
        return "a value that was found is not its entry's";
    for (uint64_t probe = 0; probe < LAST + OTHERS; probe++) {
        uint64_t i = probe < LAST ? ops - 1 - probe % ops : pattern_random(nonce, probe) % ops;
        uint64_t index = entries_index(sequence_jump(nonce, i + 1), entries->count);
        const uint64_t *found = value(work, index);
        if (found == NULL || entries_wrong(*found, index))
            return "an entry is not there any more";
        /* A later operation may have updated it again. */
        if (mix_updates(&entries->mix, nonce + i) && (uint32_t)(*found - (nonce + i)) >= ops - i)
            return "an update is not there";
    }
    return NULL;
}

#endif
