/* SPDX-License-Identifier: MIT
 *
 * turn.h: a turn: a few accesses whose time together says what a core does with them, and then a
 * fence that everything of the turn is waited for at, so that the next one finds the core empty.
 *
 * The code is generated: no compiler chooses an instruction or moves one, and hundreds of turns
 * that differ in how often something stands between two accesses take no compiler's time. Words of
 * instructions are those of mapping/instructions.def; what surrounds them is in turn_generate().
 */
#ifndef TURN_H
#define TURN_H

#include "mapping/mapping.h"
#include "replay/replay.h"

enum act_kind {
    ACT_END,
    ACT_LOAD,
    ACT_KEEP,    /* a load whose value others wait for: always 0 */
    ACT_STORE,   /* of 0 */
    ACT_PASS,    /* a store of the value that was kept last */
    ACT_BARRIER, /* no access: a barrier, or a NOP */
    ACT_MOVE,    /* from a register to another; the words are not looked at */
};

enum act_place {
    AT_NOTHING,
    AT_MISS,        /* a line that is in no cache, each time another, in another page */
    AT_MISS_AFTER,  /* likewise, but its address is known only when the kept value is */
    AT_MISSED,      /* the word that the last AT_MISS was of */
    AT_MISSED_LINE, /* words of its line, in turn */
    AT_HIT,         /* lines that are in the L1 cache, TURN_HITS of them in turn */
    AT_HIT_AFTER,   /* one of them; its address is known only when the kept value is */
    AT_WORD,        /* one word of one of them */
    AT_ALIGNED,     /* a word that is addressed as the next three are */
    AT_CROSS_16,    /* 8 bytes across 16, across a line (of 128 bytes, too), across a page */
    AT_CROSS_LINE,
    AT_CROSS_PAGE,
    AT_SHARED, /* a line that another thread may write */
};

struct act {
    enum act_kind kind;
    const char *words;
    enum act_place place;
};

enum { TURN_ACTS = 3, TURN_HITS = 8, TURN_MISSES = 128 };

/* What comes first, what is repeated, what comes last; ACT_END fills up. */
struct turn {
    struct act before[TURN_ACTS], each[TURN_ACTS], after[TURN_ACTS];
};

/* A turn as it is measured: how often what is repeated stands in it, and which parts do. */
enum { PART_BEFORE = 1, PART_EACH = 2, PART_AFTER = 4, PART_ALL = 7 };
struct turn_point {
    unsigned count, parts;
};

/* So many turns. The table has the misses of each turn, in order; `hits` is hits_bytes() of memory
 * at a page's boundary; all memory is 0 and stays so. */
typedef uint64_t turn_function(uint8_t *hits, const uint64_t *table, uint64_t turns, uint64_t zero);

/* The code of some points: a function each, at begin[i]. Dies when out of memory. Free with
 * turn_code_free(). */
struct turn_code {
    struct replay_code code;
    size_t *begin;
};
struct turn_code turn_generate(enum isa isa, const struct turn *turn,
                               const struct turn_point *points, size_t count);
void turn_code_free(struct turn_code *code);

/* How many lines of a point's turn miss; at most TURN_MISSES. */
unsigned turn_misses(const struct turn *turn, struct turn_point point);

/* The enum feature bits that its instructions need. */
unsigned turn_needs(enum isa isa, const struct turn *turn);

/* Where in the memory of hits another thread may write; and how much of it there is. */
enum { HITS_LINE = 128, HITS_SHARED = 3072 };
size_t hits_bytes(void);

#endif
