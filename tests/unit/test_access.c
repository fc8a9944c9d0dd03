/* SPDX-License-Identifier: MIT
 *
 * The vocabulary: every primitive, width and lowering against plain memory, with guards. That its
 * instructions are the promised ones is scripts/audit's part, which reads this program too.
 */
/* LOWERED: unit/access/access_check.c */
#include <stdio.h>
#include <string.h>

#include "machine/feature.h"
#include "plan/registry.h"
#include "unit/access/access_check.h"
#include "unit/cmocka_all.h"

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
    unsigned features = feature_detect(), tried = 0, lowered = 0;
    size_t count;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    assert_int_equal(count, sizeof checks / sizeof checks[0]);
    for (size_t i = 0; i < count; i++) {
        char wrong[128];
        if (lowerings[i]->needs & ~features) {
            print_message("%s: not on this CPU\n", lowerings[i]->name);
            continue;
        }
        /* LDAR, LDAPR and STLR trap unless aligned, below FEAT_LSE2, but where that is tested. */
        const struct sequence *sequence = &lowerings[i]->sequence;
        bool ordered = strstr(sequence->load, "LDA") || strstr(sequence->store, "STL");
        bool tested = strstr(sequence->load, "TST") != NULL;
        tried += checks[i](features, !ordered || tested, wrong, sizeof wrong);
        lowered++;
        if (wrong[0])
            fail_msg("%s: %s", lowerings[i]->name, wrong);
    }
    printf("walked %u accesses (lowering x primitive x width x place) of %u lowerings\n", tried,
           lowered);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_primitive_does_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
