/* SPDX-License-Identifier: MIT
 *
 * The vocabulary: every primitive, width and lowering against plain memory, with guards. That its
 * instructions are the promised ones is scripts/audit's part, which reads this program too.
 */
/* LOWERED: access/access_check.c */
#include <string.h>

#include "access/access_check.h"
#include "cmocka_all.h"
#include "feature.h"
#include "registry.h"

#define LOWERING(id) extern access_check access_check_##id;
#include "lowerings.def"
#undef LOWERING

static access_check *const checks[] = {
#define LOWERING(id) access_check_##id,
#include "lowerings.def"
#undef LOWERING
};

static void every_primitive_does_what_it_says(void **state) {
    (void)state;
    unsigned features = feature_detect();
    size_t count;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    assert_int_equal(count, sizeof checks / sizeof checks[0]);
    for (size_t i = 0; i < count; i++) {
        char wrong[128];
        if (lowerings[i]->needs & ~features) {
            print_message("%s: not on this CPU\n", lowerings[i]->name);
            continue;
        }
        /* LDAR, LDAPR and STLR trap unless aligned, below FEAT_LSE2. */
        bool ordered = strstr(lowerings[i]->sequence.load, "LDA") != NULL;
        checks[i](features, !ordered, wrong, sizeof wrong);
        if (wrong[0])
            fail_msg("%s: %s", lowerings[i]->name, wrong);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_primitive_does_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
