/* SPDX-License-Identifier: MIT
 *
 * Which cores have which erratum, by MIDR; and that each lowering's erratum is a known one.
 */
#include <string.h>

#include "machine/errata.h"
#include "plan/registry.h"
#include "unit/cmocka_all.h"

static void cores_and_revisions(void **state) {
    (void)state;
    assert_true(errata_has(0x410fd4f0, ERRATUM_LDAPUR));  /* Neoverse V2 r0p0 */
    assert_true(errata_has(0x411fd821, ERRATUM_LDAPUR));  /* Cortex-X4 r1p1 */
    assert_false(errata_has(0x410fd401, ERRATUM_LDAPUR)); /* Neoverse V1 */
    assert_false(errata_has(0x510fd4f0, ERRATUM_LDAPUR)); /* that part of another vendor */
    assert_true(errata_has(0x410fd421, ERRATUM_A78AE));   /* r0p1 */
    assert_false(errata_has(0x410fd422, ERRATUM_A78AE));  /* r0p2 */
    assert_false(errata_has(0x411fd420, ERRATUM_A78AE));  /* r1p0 */
    assert_false(errata_has(0x410fd4f0, 0));
    assert_false(errata_has(0, ERRATUM_LDAPUR));
}

static void every_lowering_names_a_known_one(void **state) {
    (void)state;
    size_t count;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    for (size_t i = 0; i < count; i++) {
        unsigned erratum = lowerings[i]->erratum;
        assert_true((erratum != 0) == (*errata_effect(erratum) != '\0'));
        bool ldapur = strstr(lowerings[i]->sequence.load, "LDAPUR") != NULL;
        assert_int_equal(erratum, ldapur ? ERRATUM_LDAPUR : 0);
    }
}

static void this_machine(void **state) {
    (void)state;
    const unsigned cpu = 0;
    json_t *list = errata_json(&cpu, 1);
    assert_true(json_is_array(list));
    assert_int_equal(json_array_size(list) > 0,
                     errata_on(&cpu, 1, ERRATUM_LDAPUR) || errata_on(&cpu, 1, ERRATUM_A78AE));
    json_decref(list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cores_and_revisions),
        cmocka_unit_test(every_lowering_names_a_known_one),
        cmocka_unit_test(this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
