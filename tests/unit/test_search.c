/* SPDX-License-Identifier: MIT
 *
 * The search for the cheapest mapping finds what judging all of them finds: with judges that are
 * made up, and with the oracle on a small menu.
 */
#include <math.h>
#include <stdlib.h>

#include "advise/search.h"
#include "oracle/oracle.h"
#include "stats/rng.h"
#include "unit/cmocka_all.h"

static int by_value(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static struct search_menu made_up(struct rng *rng, size_t most) {
    struct search_menu menu = {0};
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++) {
        menu.count[i] = 1 + rng_below(rng, most);
        for (size_t k = 0; k < menu.count[i]; k++)
            menu.cost[i][k] = (double)rng_below(rng, 1000);
        qsort(menu.cost[i], menu.count[i], sizeof *menu.cost[i], by_value);
    }
    return menu;
}

/* What breaks: these sequences of these operations together. */
struct holes {
    size_t count;
    unsigned operations[16];
    uint8_t of[16][SEARCH_OPERATIONS];
};

static unsigned judge_made_up(const struct search_choice *choice, void *data, size_t *why) {
    const struct holes *holes = data;
    for (size_t h = 0; h < holes->count; h++) {
        bool falls = true;
        for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
            falls &= !(holes->operations[h] >> i & 1) || choice->of[i] <= holes->of[h][i];
        *why = h;
        if (falls)
            return holes->operations[h];
    }
    return 0;
}

/* The least cost of all choices that the judge accepts, by judging every one; INFINITY: none. */
static double least_of_all(const struct search_menu *menu, search_judge *judge, void *data) {
    struct search_choice choice = {0};
    double least = INFINITY;
    for (unsigned at = 0; at < SEARCH_OPERATIONS;) {
        double cost = 0;
        size_t why;
        for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
            cost += menu->cost[i][choice.of[i]];
        if (cost < least && judge(&choice, data, &why) == 0)
            least = cost;
        for (at = 0; at < SEARCH_OPERATIONS && (size_t)++choice.of[at] == menu->count[at]; at++)
            choice.of[at] = 0;
    }
    return least;
}

static void test_made_up(void **state) {
    (void)state;
    struct rng rng;
    unsigned none = 0, some = 0;
    rng_seed(&rng, 7);
    for (int turn = 0; turn < 300; turn++) {
        struct search_menu menu = made_up(&rng, 4);
        struct holes holes = {.count = 1 + rng_below(&rng, 8)};
        for (size_t h = 0; h < holes.count; h++) {
            holes.operations[h] = 1 + (unsigned)rng_below(&rng, (1u << SEARCH_OPERATIONS) - 1);
            for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
                holes.of[h][i] = (uint8_t)rng_below(&rng, menu.count[i]);
        }
        double least = least_of_all(&menu, judge_made_up, &holes);
        struct search_result found = search_cheapest(&menu, judge_made_up, &holes, 3, INFINITY);
        assert_true(found.judged <= found.possible);
        if (isinf(least)) {
            none++;
            assert_int_equal(found.accepted_count, 0);
        } else {
            some++;
            assert_true(found.accepted_count > 0 && found.accepted[0].cost == least);
            for (size_t i = 0; i < found.refused_count; i++)
                assert_true(found.refused[i].choice.cost <= least);
            for (size_t i = 1; i < found.accepted_count; i++)
                assert_true(found.accepted[i].cost >= found.accepted[i - 1].cost);
        }
        free(found.accepted);
    }
    assert_true(none > 10 && some > 100);
}

/* ---- with the oracle ---- */

static const char *const words[SEARCH_OPERATIONS][4] = {{"LDR", "LDAPR", "LDR; DMB ISHLD"},
                                                        {"STR", "DMB ISHST; STR", "STLR"},
                                                        {"SWP", "SWPAL"},
                                                        {"LDADD", "LDADDAL"},
                                                        {"CASAL", "DMB ISH; CASAL"},
                                                        {"ISB", "DMB ISH"}};
enum { LOAD, STORE, EXCHANGE, ADD, CMPXCHG, FENCE };

static unsigned judge_oracle(const struct search_choice *choice, void *data, size_t *why) {
    static const enum test_kind kinds[] = {
        TEST_LOAD, TEST_STORE, TEST_EXCHANGE, TEST_FETCH_ADD, TEST_COMPARE_EXCHANGE, TEST_FENCE};
    struct mapping mapping = {.name = "a candidate", .used_by = "", .isa = ISA_AARCH64};
    struct sequence *it = &mapping.sequence;
    size_t count;
    (void)data;
    it->load = words[LOAD][choice->of[LOAD]];
    it->store = words[STORE][choice->of[STORE]];
    it->exchange = words[EXCHANGE][choice->of[EXCHANGE]];
    it->fetch_add = words[ADD][choice->of[ADD]];
    it->compare_exchange = words[CMPXCHG][choice->of[CMPXCHG]];
    it->fence = words[FENCE][choice->of[FENCE]];
    const struct hole *hole = oracle_hole(oracle_judge(&mapping, REFERENCE_TSO), 0, ~0u);
    if (hole == NULL)
        return 0;
    unsigned blame = 0, in_test = tests_all(&count)[hole->test].kinds;
    *why = hole->test;
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
        blame |= (in_test >> kinds[i] & 1) << i;
    return blame;
}

static struct search_menu menu_with(double ldapr, double ishld, double ishst, double stlr) {
    return (struct search_menu){
        .count = {3, 3, 2, 2, 2, 2},
        .cost = {{0, ldapr, ishld}, {0, ishst, stlr}, {0, 1}, {0, 1}, {0, 2}, {0, 3}}};
}

static void test_oracle(void **state) {
    (void)state;
    /* A barrier before stores costs less than STLR: then CASAL needs one, too. */
    struct search_menu menu = menu_with(1, 5, 2, 20);
    struct search_result found = search_cheapest(&menu, judge_oracle, NULL, 1, INFINITY);
    assert_true(found.accepted[0].cost == least_of_all(&menu, judge_oracle, NULL));
    assert_string_equal(words[LOAD][found.accepted[0].of[LOAD]], "LDAPR");
    assert_string_equal(words[STORE][found.accepted[0].of[STORE]], "DMB ISHST; STR");
    assert_string_equal(words[CMPXCHG][found.accepted[0].of[CMPXCHG]], "DMB ISH; CASAL");
    assert_true(found.judged < found.possible);
    free(found.accepted);
    /* The other way round CASAL is enough. */
    menu = menu_with(1, 5, 2, 3);
    found = search_cheapest(&menu, judge_oracle, NULL, 1, INFINITY);
    assert_true(found.accepted[0].cost == least_of_all(&menu, judge_oracle, NULL));
    assert_string_equal(words[STORE][found.accepted[0].of[STORE]], "STLR");
    assert_string_equal(words[CMPXCHG][found.accepted[0].of[CMPXCHG]], "CASAL");
    free(found.accepted);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_made_up),
                                       cmocka_unit_test(test_oracle)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
