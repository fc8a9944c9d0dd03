/* SPDX-License-Identifier: MIT
 *
 * cheapest.h: the cheapest sound mapping that a run's sequences can be put together to.
 *
 * Every sequence that was measured for a load, a store, a locked instruction and MFENCE in the
 * memory model of plain code is on the menu; the oracle judges. What was not measured is a full
 * barrier, and costs nothing in the sum. Vectors, unaligned accesses and copies are not searched.
 */
#ifndef CHEAPEST_H
#define CHEAPEST_H

#include "advise/advise.h"
#include "base/page.h"

/* A mapping put together of measured sequences. */
struct assembled {
    const struct candidate *uses[OPERATIONS]; /* NULL: not searched, or not measured */
    struct difference over_plain;             /* weighted, ns */
    struct difference over_best;              /* likewise, over the cheapest sound one */
    char breaks[96]; /* of an unsound one: the test and the outcome; else "" */
};

enum { MOST_ASSEMBLED = 8 };
struct cheapest {
    const char *refused; /* why there is nothing to search, or NULL */
    uint64_t possible, judged;
    struct assembled sound[MOST_ASSEMBLED]; /* the cheapest first */
    size_t sound_count;
    struct assembled unsound[MOST_ASSEMBLED]; /* cheaper than all sound ones, the dearest last */
    size_t unsound_count;
};

struct cheapest *cheapest_make(const struct advice *advice);
void cheapest_print(const struct cheapest *cheapest, const struct advice *advice,
                    const struct page *page);
/* An object as recommend --help describes it, which the caller owns. */
json_t *cheapest_json(const struct cheapest *cheapest);

#endif
