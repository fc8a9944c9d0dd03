/* SPDX-License-Identifier: MIT */
/* test_steady.c: no cell is favoured: with a planted kernel whose code gets faster the more often
 * it has been executed lately, as branch predictors make it, one that needs a longer lead-in, and
 * one that is slow at first. Its time is that of a clock which it moves itself: what else runs on
 * the machine changes nothing. */
#include <math.h>
#include <sched.h>
#include <string.h>

#include "machine/ticks.h"

static uint64_t now; /* of the clock, in ns */

/* Longer than any sample here that is not calibrated, so that operations are not rounded to few. */
enum { SAMPLE_NS = 100000, CHAIN_NS = 4000 };

#define ticks_begin()            now
#define ticks_end()              now
#define ticks_chain()            (uint64_t) CHAIN_NS
#define ticks_per_ns()           1.0
#define ticks_sample_ns(threads) ((void)(threads), (double)SAMPLE_NS)
#include "block/runner.c" /* in place of the library's, which has the machine's clock */

#include "plan/registry.h"
#include "stats/stats.h"
#include "threads/crew.h"
#include "unit/cmocka_all.h"

enum { CODES = 6, CELLS = CODES + 2, OTHER = 3, MEMORY = 64, ROUNDS = 200, OPS = 400 };

/* What a predictor knows: which code was executed in the last so many calls. */
static unsigned lately[MEMORY], calls;
static unsigned executions[CODES]; /* all in all */
static const double op_ns = 50;    /* of an operation of code that is not known */
static double learning;            /* how much faster code is when nothing else is executed */
static double cold;                /* how much slower the first operation after other code is */
static uint64_t cold_ops, warm;    /* after how many it is not; how many have been done */
static unsigned last;
static double thawing; /* how much slower all is until the last code has been executed */

static void execute(unsigned code, uint64_t ops) {
    unsigned known = 0;
    for (unsigned i = 0; i < MEMORY; i++)
        known += lately[i] == code + 1;
    double learned = 1 - learning * known / MEMORY;
    lately[calls++ % MEMORY] = code + 1;
    executions[code]++;
    warm = code == last ? warm : 0;
    last = code;
    for (uint64_t i = 0; i < ops; i++, warm++) {
        double left = warm < cold_ops ? 1 - (double)warm / (double)cold_ops : 0;
        double slow = executions[CODES - 1] ? 0 : thawing;
        now += (uint64_t)(op_ns * learned * (1 + cold * left) * (1 + slow));
    }
}

#define CODE(number)                                                                               \
    static void run_##number(struct work *work, unsigned thread, uint64_t ops) {                   \
        (void)work, (void)thread;                                                                  \
        execute(number, ops);                                                                      \
    }
#define ALL(ROW) ROW(0) ROW(1) ROW(2) ROW(3) ROW(4) ROW(5)
ALL(CODE)

static void setup(struct work *work, unsigned thread) {
    (void)work, (void)thread;
}

static void prepare(struct work *work, uint64_t ops) {
    (void)work, (void)ops;
}

static const char *check(struct work *work, uint64_t ops) {
    (void)work, (void)ops;
    return NULL;
}

static const struct axis no_axes[] = {{0}};
static struct kernel kernel = {.name = "fake",
                               .family = "tests",
                               .op = "turn",
                               .min_threads = 1,
                               .state_bytes = 64,
                               .axes = no_axes,
                               .setup = setup,
                               .prepare = prepare,
                               .run = run_0,
                               .check = check};

/* The baseline, it again, the same again in another memory model (which none is), and other code.
 */
static struct set set_of(void) {
    size_t count;
    const struct lowering *plain = registry_lowerings(&count)[0];
    static void (*const runs[CELLS])(struct work *, unsigned, uint64_t) = {
        run_0, run_0, run_0, run_1, run_2, run_3, run_4, run_5};
    struct set set = {.kernel = &kernel, .threads = 1, .cell_count = CELLS};
    for (unsigned i = 0; i < CELLS; i++)
        set.cells[i] = (struct cell){
            .name = plain->name, .model = MEMMODEL_FIXED_TSO, .lowering = plain, .run = runs[i]};
    return set;
}

static struct crew *crew_of_one(void) {
    char why[128];
    static unsigned cpu;
    cpu = (unsigned)sched_getcpu();
    struct crew *crew = crew_start(&cpu, 1, why, sizeof why);
    assert_non_null(crew);
    return crew;
}

static void reset(void) {
    memset(lately, 0, sizeof lately);
    memset(executions, 0, sizeof executions);
    calls = 0;
    cold = learning = thawing = 0;
    cold_ops = warm = 0;
}

/* Of `which` samples to the baseline's in the same round. */
static double ratio(const struct runner *runner, unsigned which) {
    double ratios[ROUNDS];
    for (unsigned i = 0; i < ROUNDS; i++)
        ratios[i] = (double)runner->samples[which].ticks[i] / (double)runner->samples[0].ticks[i];
    return stats_median(ratios, ROUNDS);
}

static const uint64_t ops[MAX_CELLS] = {OPS, OPS, OPS, OPS, OPS, OPS, OPS, OPS};

static void all_rounds(struct runner *runner) {
    runner_calibrate(runner, ops);
    runner_begin(runner, ROUNDS);
    for (int i = 0; i < ROUNDS; i++)
        runner_round(runner);
}

static void no_code_is_executed_more_often(void **state) {
    (void)state;
    struct crew *crew = crew_of_one();
    struct runner runner;
    struct set set = set_of();
    reset();
    learning = 0.6;
    runner_open(&runner, &set, crew, 1);
    all_rounds(&runner);
    assert_int_equal(executions[0], 3 * executions[1]);
    double favoured = ratio(&runner, OTHER);
    runner_close(&runner);

    reset();
    learning = 0.6;
    runner_open(&runner, &set, crew, 1);
    runner_balance(&runner);
    assert_int_equal(runner.slots, 3 * CODES);
    all_rounds(&runner);
    for (unsigned code = 1; code < CODES; code++)
        assert_int_equal(executions[code], executions[0]);
    double fair = ratio(&runner, OTHER), again = ratio(&runner, 1);
    print_message("other code / the same: %.4f unbalanced, %.4f balanced, A/A %.4f\n", favoured,
                  fair, again);
    assert_true(favoured > 1.03); /* the planted fault: 60 % of 3/8 less 1/8 */
    assert_true(fabs(fair - 1) < 0.001 && fabs(again - 1) < 0.001);
    runner_close(&runner);
    crew_stop(crew);
}

/* Samples of one cell apart: late in their round / early, after their own code / after other. */
static void split(const struct runner *runner, double apart[2]) {
    double of[2][2][ROUNDS]; /* by place and by predecessor */
    size_t count[2][2] = {{0}};
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned i = 1; i < runner->slots; i++) {
            const unsigned *order = runner->order + round * runner->slots;
            if (order[i] != OTHER)
                continue;
            double ticks = (double)runner->samples[OTHER].ticks[round];
            unsigned late = i >= runner->slots / 2, same = order[i - 1] % CELLS == OTHER;
            of[0][late][count[0][late]++] = ticks;
            of[1][same][count[1][same]++] = ticks;
        }
    for (unsigned by = 0; by < 2; by++) {
        assert_true(count[by][0] > ROUNDS / 20 && count[by][1] > ROUNDS / 20);
        apart[by] = stats_median(of[by][1], count[by][1]) / stats_median(of[by][0], count[by][0]);
    }
    print_message("late / early: %.4f, after its own code / after other: %.4f\n", apart[0],
                  apart[1]);
}

/* Where a sample stands in its round, and what stood before it, is in the order: neither must
 * matter, and each must be seen often enough to say so. */
static void neither_place_nor_predecessor_matters(void **state) {
    (void)state;
    /* Of code that is cold for so much of a sample: the lead-in takes it, or must be seen not to.
     */
    static const double cold_samples[] = {0.8 * LEAD_IN_LEAST, 4 * LEAD_IN_LEAST};
    struct crew *crew = crew_of_one();
    double apart[2][2];
    for (unsigned i = 0; i < 2; i++) {
        struct runner runner;
        struct set set = set_of();
        reset();
        cold = 1;
        cold_ops = (uint64_t)(cold_samples[i] * OPS);
        runner_open(&runner, &set, crew, 1);
        runner_balance(&runner);
        all_rounds(&runner);
        split(&runner, apart[i]);
        runner_close(&runner);
    }
    assert_true(fabs(apart[0][0] - 1) < 0.001 && fabs(apart[0][1] - 1) < 0.001);
    assert_true(apart[1][1] < 0.9);
    crew_stop(crew);
}

static void a_lead_in_is_as_long_as_it_must_be(void **state) {
    (void)state;
    /* What is as cold after the longest lead-in as after the shortest is seen by none. */
    static const struct { double cold_samples, found; } cases[] = {{0, LEAD_IN_LEAST}, {0.8, 1}};
    struct crew *crew = crew_of_one();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct runner runner;
        struct set set = set_of();
        reset();
        runner_open(&runner, &set, crew, 1);
        runner_balance(&runner);
        runner_calibrate(&runner, ops);
        cold_ops = (uint64_t)(cases[i].cold_samples * OPS);
        cold = 1;
        runner_settle(&runner, 0, false);
        print_message("cold for %.1f samples: a lead-in of %.2f%s\n", cases[i].cold_samples,
                      runner.lead_in, runner.settled ? "" : ", which is not enough");
        assert_true(runner.lead_in == cases[i].found && runner.settled);
        runner_settle(&runner, 2, false); /* as another block found it */
        assert_true(runner.lead_in == 2 && !runner.settled);
        runner_close(&runner);
    }
    crew_stop(crew);
}

/* What is calibrated first finds caches, predictors and clock cold. */
static void the_same_code_has_samples_of_one_length(void **state) {
    (void)state;
    struct crew *crew = crew_of_one();
    struct runner runner;
    struct set set = set_of();
    for (unsigned i = OTHER; i < CELLS; i++)
        set.cells[i].name = "other"; /* what has the baseline's name has its operations */
    reset();
    thawing = 1;
    runner_open(&runner, &set, crew, 1);
    runner_calibrate(&runner, NULL);
    for (unsigned i = 1; i < CELLS; i++) {
        double to_baseline = (double)runner.samples[i].ops / (double)runner.samples[0].ops;
        print_message("cell %u: %.3f of the baseline's operations\n", i, to_baseline);
        assert_true(fabs(to_baseline - 1) < 0.01); /* else the last has twice as many */
    }
    runner_close(&runner);
    crew_stop(crew);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_code_is_executed_more_often),
        cmocka_unit_test(neither_place_nor_predecessor_matters),
        cmocka_unit_test(a_lead_in_is_as_long_as_it_must_be),
        cmocka_unit_test(the_same_code_has_samples_of_one_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
