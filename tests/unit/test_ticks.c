/* SPDX-License-Identifier: MIT
 *
 * test_ticks.c: the counter against the system's clock, and the add chain against a chain of
 * another instruction whose latency is known.
 */
/* MEASURES: latencies */
#include <stdbool.h>
#include <time.h>

#include "machine/ticks.h"
#include "machine/virt.h"
#include "unit/cmocka_all.h"

static bool emulated(void) {
    char how[96];
    return virt_emulated(how, sizeof how);
}

static double now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void rate_is_the_clock_s(void **state) {
    (void)state;
    double rate = ticks_per_ns(), from = now_ns(), to;
    uint64_t begin = ticks_begin();
    do
        to = now_ns();
    while (to - from < 50e6);
    double ticks = (double)(ticks_end() - begin);
    assert_true(ticks / rate > 0.99 * (to - from) && ticks / rate < 1.01 * (to - from) + 1e5);

    ticks_use_rate(3.25);
    assert_true(ticks_per_ns() == 3.25);
    ticks_use_rate(rate);
}

/* Every difference is so many steps; a step taken too large (or the cost of reading taken for a
 * step) fails here. */
static void step_divides_differences(void **state) {
    (void)state;
    if (emulated()) /* its steps are of 62.5 ticks */
        skip();
    uint64_t step = ticks_step();
    assert_true(step > 0);
    for (int i = 0; i < 1000; i++) {
        uint64_t difference = ticks_now();
        difference = ticks_now() - difference;
        assert_int_equal(difference % step, 0);
        assert_true(difference > ticks_overhead() / 2);
    }
}

static void chain_is_long_enough(void **state) {
    (void)state;
    assert_int_equal(ticks_chain_adds() % 12000, 0);
    assert_in_range(ticks_chain_adds() / 12000, 1, 8);
    uint64_t ticks = ticks_chain();
    assert_true(ticks > 0);
    if (!emulated() && ticks_chain_adds() < 8 * 12000)
        assert_true(ticks / ticks_step() >= 300);
}

static void a_core_is_wider_than_one(void **state) {
    (void)state;
    if (emulated())
        skip();
    /* In-order cores make two additions a cycle; nobody has an adder for each chain. */
    double width = ticks_issue_width();
    print_message("%.2f independent additions a cycle\n", width);
    assert_true(width > 1.2 && width < 8.1);
}

#if defined(__x86_64__)
/* A store's instruction is done long before the store is. Lines are thrown out of the caches, and
 * stored to: a stamp that does not wait for the stores comes much sooner. */
static double store_ns(bool drained) {
    enum { LINES = 24, LINE = 64 };
    static volatile char lines[LINES * LINE];
    double best = 1e9;
    for (int i = 0; i < 500; i++) {
        for (int k = 0; k < LINES; k++)
            __builtin_ia32_clflush((const void *)(lines + k * LINE));
        uint64_t begin = ticks_begin(), end;
        for (int k = 0; k < LINES; k++)
            lines[k * LINE] = 1;
        if (drained) {
            end = ticks_end();
        } else {
            __builtin_ia32_lfence();
            end = __builtin_ia32_rdtsc();
        }
        double ns = (double)(end - begin) / ticks_per_ns();
        best = ns < best ? ns : best;
    }
    return best;
}

static void stores_are_inside_a_sample(void **state) {
    (void)state;
    if (emulated())
        skip();
    double drained = store_ns(true), undrained = store_ns(false);
    print_message("24 stores that miss: %.0f ns, without waiting %.0f ns\n", drained, undrained);
    assert_true(drained > undrained + 50);
}

/* A 64-bit IMUL takes 3 cycles on every Intel core since 2008 and every AMD core since 2017. */
static double multiplication_ticks(void) {
    enum { TURNS = 40, CHAIN = 100 };
    uint64_t value = 3, factor = 5, turns = TURNS, begin = ticks_begin();
    __asm__ volatile("1:\n\t.rept 100\n\timulq %2, %0\n\t.endr\n\tsubq $1, %1\n\tjnz 1b"
                     : "+r"(value), "+r"(turns)
                     : "r"(factor)
                     : "cc");
    return (double)(ticks_end() - begin - ticks_overhead()) / (TURNS * CHAIN);
}

static void an_addition_is_a_cycle(void **state) {
    (void)state;
    if (emulated())
        skip();
    /* The clock moves: the best agreement of neighbours is the finding. */
    double best = 9;
    for (int i = 0; i < 2000; i++) {
        double add = (double)ticks_chain() / (double)ticks_chain_adds();
        double distance = multiplication_ticks() / add - 3;
        distance = distance < 0 ? -distance : distance;
        best = distance < best ? distance : best;
    }
    assert_true(best < 0.05);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_is_the_clock_s),
        cmocka_unit_test(step_divides_differences),
        cmocka_unit_test(chain_is_long_enough),
        cmocka_unit_test(a_core_is_wider_than_one),
#if defined(__x86_64__)
        cmocka_unit_test(stores_are_inside_a_sample),
        cmocka_unit_test(an_addition_is_a_cycle),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
