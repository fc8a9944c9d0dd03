/* SPDX-License-Identifier: MIT
 *
 * advise.h: from the cells of a run to advice: for each operation of an x86 guest the sequences
 * that were measured, which of them are sound together, and what is cheapest on this core.
 *
 * The question on arm64 is what gives x86-TSO, on x86-64 (which is TSO) what gives sequential
 * consistency. Costs are times over those of plain code in weak mode, or of the baseline where
 * there is no weak mode, paired within the rounds of a set. What a run did not measure is not
 * guessed. What sequences give is a row each of sequences.def, the rules by which they are sound
 * together rows of combinations.def, operations rows of operations.def. The oracle judges what a
 * rule chose, and refuses it where it is not sound.
 */
#ifndef ADVISE_H
#define ADVISE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/page.h"
#include "report/report.h"

enum kind {
    KIND_LOAD,
    KIND_STORE,
    KIND_EXCHANGE,
    KIND_ADD,
    KIND_CMPXCHG,
    KIND_CMPXCHG_FAILS,
    KIND_CMPXCHG16B,
    KIND_CMPXCHG16B_FAILS,
    KIND_LOAD16, /* 16 aligned bytes as one access */
    KIND_STORE16,
    KIND_FENCE,
    KIND_BULK
};

/* What a sequence gives, or a combination asks for. */
enum gives {
    GIVES_NOTHING = 0,
    BEFORE_LATER = 1u << 0,       /* is before all accesses that follow */
    AFTER_LOADS = 1u << 1,        /* is behind all loads before it */
    AFTER_STORES = 1u << 2,       /* is behind all stores before it */
    RELEASE = 1u << 3,            /* is a release, which a later acquire does not pass */
    RCSC = 1u << 4,               /* LDAR and STLR */
    LEADS = 1u << 5,              /* of bulk: its own loads are AFTER_LOADS, too */
    FULL = 1u << 6,               /* a full barrier, whatever stores are */
    FULL_AFTER_RELEASE = 1u << 7, /* one where all stores are releases */
    FULL_IN_RCSC = 1u << 8,       /* one where all accesses are LDAR and STLR */
    FULL_BARRIER = FULL | FULL_AFTER_RELEASE | FULL_IN_RCSC,
    FENCED_OFF = BEFORE_LATER | AFTER_LOADS | AFTER_STORES | RELEASE | RCSC | LEADS,
};

enum operation_id {
#define OPERATION(id, text, kind, kernel, parameters, latency, weight) OPERATION_##id,
#include "advise/operations.def"
#undef OPERATION
    OPERATIONS
};

struct operation {
    const char *id, *text;
    enum kind kind;
    const char *kernel, *parameters, *latency; /* latency: or NULL */
    double weight;
};
extern const struct operation operations[OPERATIONS];

struct sequence_fact {
    const char *architecture;
    enum kind kind;
    const char *name;
    unsigned gives;
    const char *atomic_with; /* the feature without which it is two accesses, or NULL */
};

struct combination {
    const char *architecture, *id, *text;
    bool tso; /* needs cells of a TSO mode */
    unsigned load, store, rmw, fence, bulk;
};

/* One sequence for one operation under one memory model, as measured. */
struct candidate {
    const struct sequence_fact *fact;
    const struct summary_row *row; /* NULL: put together from two others, see `sum` */
    size_t cell, base;             /* in row->set: the sequence, and what it is compared with */
    enum memmodel model;
    bool tso, sum;
    bool torn;               /* this machine lacks fact->atomic_with */
    double plain_ns;         /* of the code that it is compared with */
    struct interval ratio;   /* of the times */
    struct interval latency; /* likewise where each waits for the one before it; NAN */
    double latency_plain_ns;
    double floor;
    unsigned allowed;   /* bits: combinations in which it is sound */
    const char *breaks; /* the test that shows why it is in none; NULL: not known */
};

enum { MAX_OPTIONS = 48, MAX_COMBINATIONS = 8 };

struct advice_operation {
    const struct operation *operation;
    const struct sample_set *set; /* NULL: the run does not have it */
    struct candidate options[MAX_OPTIONS];
    size_t count;
};

/* A difference in ns with its 95 % interval, and what the method cannot tell from 0. Without blocks
 * enough for an interval, its ends are NAN; of a deterministic run, which wants none, both are the
 * value. */
struct difference {
    double value, low, high, floor;
};

struct advice_combination {
    const struct combination *combination;
    char evidence[96];                        /* that it is sound, or what breaks it */
    const char *refused;                      /* why it cannot be had in this run, or NULL */
    const struct candidate *uses[OPERATIONS]; /* NULL: nothing sound was measured */
    bool missing[OPERATIONS];                 /* another combination has something there */
    bool complete;
    struct difference over_plain, over_best; /* of the weighted sum, ns */
};

struct advice {
    const struct report *report;
    const char *architecture, *goal;
    enum memmodel reference; /* of the plain code */
    double weights[OPERATIONS];
    const char *weights_from;
    struct advice_operation operations[OPERATIONS];
    struct advice_combination combinations[MAX_COMBINATIONS];
    size_t combination_count;
    const struct advice_combination *best; /* NULL: none is complete */
};

/* Everything that follows from a run. weights: how often each operation comes, or NULL: those of
 * operations.def; from says where they are from. Dies with EXIT_USAGE where machine.json does not
 * say the architecture. The report must outlive it. */
struct advice *advice_make(const struct report *report, const double *weights, const char *from);
void advice_free(struct advice *advice);

/* What a choice of options (NULL: none) costs over plain code, and over another choice: weighted
 * sums of the operations, ns. An operation that one of the two lacks is left out. */
struct difference advice_over_plain(const struct advice *advice,
                                    const struct candidate *const uses[OPERATIONS]);
struct difference advice_over(const struct advice *advice,
                              const struct candidate *const uses[OPERATIONS],
                              const struct candidate *const other[OPERATIONS]);

/* How an option's time compares with that of another for the same operation, in ns. */
struct difference option_difference(const struct advice *advice, const struct candidate *option,
                                    const struct candidate *other);

/* Whether the interval, widened by the floor, holds 0. Without an interval nothing is a tie. */
bool difference_tie(const struct difference *difference);

/* The cheapest option that is sound in a combination, or in any: combination -1. NULL: none. */
const struct candidate *advice_cheapest(const struct advice *advice, size_t operation,
                                        int combination);

/* The next best of another name, of those that are sound in the same way. NULL: there is none. */
const struct candidate *advice_runner_up(const struct advice *advice, size_t operation,
                                         const struct candidate *best, int combination);

/* "+1.2 [+1.1, +1.3]", "= " before it where it is a tie; and [value, low, high], or null. */
void advice_difference_text(const struct difference *it, char *out, size_t size);
json_t *advice_difference_json(const struct difference *it);

/* Tables of the choice and of the combinations; then an object as recommend --help describes it,
 * which the caller owns. */
void advice_print(const struct advice *advice, const struct page *page);
json_t *advice_json(const struct advice *advice);

#endif
