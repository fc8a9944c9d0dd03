/* SPDX-License-Identifier: MIT
 *
 * oracle.h: is a mapping sound?
 *
 * Each test of tests.def becomes what the mapping makes of it. All final states that Arm's model
 * then allows (on x86-64: that a machine with store buffers reaches) are compared with all that
 * x86-TSO, or sequential consistency, allows. A state more: unsound. None more, but one fewer:
 * over-strong. What no test shows is not excluded; what is not modelled is named by
 * oracle_not_atomic().
 */
#ifndef ORACLE_H
#define ORACLE_H

#include "mapping/mapping.h"
#include "oracle/lower.h"
#include "oracle/tests.h"

/* One test under given sequences. */
struct comparison {
    bool unsound, over_strong;
    bool unknown;                  /* it cannot be judged: why */
    struct outcome extra, missing; /* a state more, a state fewer */
    char why[96];
};
/* Results are kept: the same again costs nothing. Valid until the next call. */
const struct comparison *oracle_compare(size_t test, enum isa isa, const struct lowered *lowered,
                                        enum reference reference);

/* The sequences of a test, all of scalars. */
void oracle_lower(const struct mapping *mapping, size_t test, struct lowered *lowered);

/* Writes folder/TEST.MAPPING.litmus for herd7; false, after a warning, where herd7 has no words for
 * it, and of x86-64. Dies where it cannot be written. */
bool oracle_export(const struct mapping *mapping, const struct test *test, const char *folder);

/* What the accesses of a mapping can be, beside the scalars that every test is made of. */
enum access_kind {
    KIND_SCALAR,
    KIND_DATA, /* of COVERAGE_SYNC; every program has it */
    KIND_VECTOR,
    KIND_VECTOR_HIGH, /* a second half that is accessed in another way than the first */
    KIND_VECTOR32,    /* holes have the four as KIND_VECTOR */
    KIND_VECTOR32_HIGH,
    KIND_PAIR,      /* two registers */
    KIND_PAIR_HIGH, /* holes have it as KIND_PAIR */
    KIND_COPY,
    KIND_UNALIGNED,
    KIND_STACK,
    KIND_BYTE,
    KIND_X87,
    KIND_UNLISTED, /* by volatile metadata */
    KINDS
};
const char *access_kind_name(enum access_kind kind); /* "vectors" */

/* Where sequences come from: fill() has those of a test in which the variables of the mask are
 * accessed by a kind and all others as scalars. Sets all of lowered. */
struct wording {
    enum isa isa;
    bool has[KINDS];     /* the kind differs from scalars */
    bool has_pairs;      /* CMPXCHG16B is judged */
    unsigned bit[KINDS]; /* what a hole says of it: 1 << kind, or 0 where no program can avoid it */
    void (*fill)(const struct wording *source, const struct test *test, enum access_kind kind,
                 unsigned mask, struct lowered *lowered);
};

/* Whether a user's mapping says nothing of a kind: then it is not judged. */
bool oracle_left_out(const struct mapping *mapping, enum access_kind kind);

/* A set of operations that break the reference together, and the test that shows it. No set is part
 * of another; the empty one is every program. */
struct hole {
    unsigned kinds;    /* bits of enum access_kind */
    unsigned test_ops; /* bits of enum test_kind: locked operations and fences */
    size_t test;
    struct lowered lowered; /* as it was shown */
    struct outcome state;
};
enum { HOLES = 48 };

struct verdict {
    const struct mapping *mapping;
    enum reference reference;
    unsigned unsound, over_strong; /* tests, of scalars */
    size_t unsound_tests[128], over_strong_tests[128];
    unsigned hole_count;
    struct hole holes[HOLES];
    bool unknown; /* some test cannot be judged: why */
    char why[96];
};

/* Judges a mapping, or returns what it said before of the same. Static storage; of a user's
 * mapping only until the next one, and as long as the mapping lives. Under COVERAGE_SYNC
 * programs have no data races: by tests all of whose accesses are sync ones, and by those in which
 * variables are data and races on them are kept off (judge_data). */
const struct verdict *oracle_judge(const struct mapping *mapping, enum reference reference);

/* The same of any source, into a verdict that is empty but for its reference. */
void oracle_judge_wording(const struct wording *source, struct verdict *verdict);

/* The hole that a program falls into which has these kinds and ops, or NULL. */
const struct hole *oracle_hole(const struct verdict *verdict, unsigned kinds, unsigned test_ops);

/* "every program", "vectors and CMPXCHG" */
void oracle_hole_name(const struct hole *hole, char *out, size_t size);

/* The variables that are data in it, as one word: "", "xz". */
void oracle_data_names(const struct hole *hole, char out[TEST_VARIABLES + 1]);

/* Bits of enum uses as kinds and ops, and the hole of a kernel with these uses. */
const struct hole *oracle_hole_of_uses(const struct verdict *verdict, unsigned uses);

/* Another promise than order, which the model does not have: that an access is one. */
enum torn {
    TORN_PAIR = 1u << 0,       /* two MOVs as one LDP or STP: in no order without FEAT_LSE2 */
    TORN_VECTOR = 1u << 1,     /* 16 aligned bytes in a vector register, likewise */
    TORN_CMPXCHG16B = 1u << 2, /* one that fails, by exclusives, likewise */
    TORN_OVER_16 = 1u << 3,    /* unaligned accesses inside a line; with FEAT_LSE2 over 16 bytes */
    TORN_COPY = 1u << 4,       /* elements of a copy in one go */
    TORN_SPLIT_LOCK = 1u << 5, /* locked instructions over what one atomic can do */
};
enum { TORN_KINDS = 6 };
/* What of a mapping may be torn on a CPU with these features. */
unsigned oracle_not_atomic(const struct mapping *mapping, unsigned features);

/* What breaks a mapping for kernels with these uses (enum uses), in weak mode, on a CPU with these
 * features: a litmus test; "undecided" where the oracle cannot judge it; or "torn-pair" or
 * "torn-CMPXCHG16B", whose two halves are no one access. NULL: it keeps x86-TSO. Static storage. */
const char *oracle_breaks(const struct mapping *mapping, unsigned uses, unsigned features);
const char *oracle_torn_text(enum torn torn);
const char *oracle_torn_name(enum torn torn); /* in a word: "split-lock" */

/* A state as "0:r0=1 1:r0=0 x=1". */
void oracle_state_text(const struct test *test, const struct outcome *state, char *out,
                       size_t size);

/* Prints an execution of a hole that one can follow. */
void oracle_explain(const struct verdict *verdict, const struct hole *hole, FILE *out);

#endif
