/* SPDX-License-Identifier: MIT
 *
 * data.c: what can be data in a test, so that threads synchronise by the rest.
 */
#include "oracle/tests.h"

/* Whether a thread accesses a variable, or writes it; and whether it has a sync read before its
 * first access, or a sync write behind its last. */
struct use {
    bool accesses, writes, locked, acquires, releases;
};
static struct use use_of(const struct test *test, unsigned thread, unsigned variable,
                         unsigned data) {
    struct use use = {.accesses = false};
    bool read = false;
    for (const struct test_op *op = test->ops[thread]; op->kind; op++) {
        bool load = op->kind == TEST_LOAD, store = op->kind == TEST_STORE;
        if (op->kind == TEST_FENCE)
            continue;
        if (op->variable == variable) {
            use.acquires = use.accesses ? use.acquires : read;
            use.releases = false;
            use.accesses = true;
            use.writes |= store;
            use.locked |= !load && !store;
        } else if (!(data >> op->variable & 1)) {
            read |= !store;
            use.releases |= !load && use.accesses;
        }
    }
    return use;
}

bool test_may_have_data(const struct test *test, unsigned data) {
    for (unsigned v = 0; v < TEST_VARIABLES; v++) {
        bool shared = false;
        for (unsigned thread = 0; data >> v & 1 && thread < test->threads; thread++) {
            struct use one = use_of(test, thread, v, data);
            for (unsigned k = 0; k < thread; k++) {
                struct use other = use_of(test, k, v, data);
                if (!one.accesses || !other.accesses || !(one.writes || other.writes))
                    continue;
                if (!(one.acquires && other.releases) && !(other.acquires && one.releases))
                    return false;
                shared = true;
            }
            if (one.locked)
                return false;
        }
        if (data >> v & 1 && !shared)
            return false;
    }
    return true;
}
