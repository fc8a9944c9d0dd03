/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=perf_evsel__open,--wrap=perf_evsel__close,--wrap=cpuname_midr */
/* LINK: -Wl,--wrap=perf_evsel__enable,--wrap=perf_evsel__disable,--wrap=perf_evsel__read */
/* LINK: -Wl,--wrap=perf_evsel__mmap,--wrap=perf_evsel__munmap,--wrap=perf_evsel__mmap_base */
/* LINK: -Wl,--wrap=loops_find,--wrap=feature_detect */
/* test_pmu_selftest.c: a core whose events count what they shall not, or nothing, is found out; and
 * the loops are of as many instructions as they say. */
#include "fakes/fake_perf.h"
#include "fakes/plant.h"
#include "machine/cpuname.h"
#include "machine/feature.h"
#include "machine/topology.h"
#include "probe/machine.h"
#include "selftest/loops.h"
#include "selftest/pmu_selftest.h"
#include "unit/cmocka_all.h"

#define PMU "/sys/bus/event_source/devices/armv8_cortex_a76/"

uint32_t __wrap_cpuname_midr(unsigned cpu);
uint32_t __wrap_cpuname_midr(unsigned cpu) {
    (void)cpu;
    return 0x410fd0b0;
}

unsigned __real_feature_detect(void);
unsigned __wrap_feature_detect(void);
unsigned __wrap_feature_detect(void) {
    return FEATURE_LRCPC;
}

/* What the made-up core counts in a loop: how much of what, for each of its instructions. */
static struct {
    const char *loop;
    uint64_t code;
    double counts;
} core[16];

/* Its loops do not run: the core is told what has happened. */
#define FAKE_LOOP(id, title)                                                                       \
    static void id(uint64_t *word) {                                                               \
        (void)word;                                                                                \
        for (int i = 0; i < 16 && core[i].loop; i++)                                               \
            if (strcmp(core[i].loop, title) == 0)                                                  \
                fake_count(core[i].code, (uint64_t)(core[i].counts * LOOP_COUNT));                 \
    }
FAKE_LOOP(loads, "loads")
FAKE_LOOP(stores, "stores")
FAKE_LOOP(ldar, "ldar")
FAKE_LOOP(ldapr, "ldapr")
FAKE_LOOP(dmb_ish, "dmb-ish")
FAKE_LOOP(dmb_ishld, "dmb-ishld")

const struct known_loop *__wrap_loops_find(const char *name);
const struct known_loop *__wrap_loops_find(const char *name) {
    static const struct known_loop loops[] = {
        {"loads", 0, loads},     {"stores", 0, stores},
        {"ldar", 0, ldar},       {"ldapr", FEATURE_LRCPC, ldapr},
        {"dmb-ish", 0, dmb_ish}, {"dmb-ishld", FEATURE_MOPS, dmb_ishld}, /* which this CPU lacks */
    };
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++)
        if (strcmp(loops[i].name, name) == 0)
            return &loops[i];
    return NULL;
}

static int begin(void **state) {
    fake_begin();
    fake.quiet = true;
    memset(core, 0, sizeof core);
    plant_begin(state);
    plant(PMU "type", "9");
    plant(PMU "cpus", "0-1023");
    plant(PMU "events/cpu_cycles", "event=0x0011");
    plant(PMU "events/inst_retired", "event=0x0008");
    return 0;
}

static void is(int number, const char *loop, uint64_t code, double counts) {
    core[number].loop = loop;
    core[number].code = code;
    core[number].counts = counts;
}

static json_t *rows;
static char why[128];

static void run(void) {
    unsigned count;
    const unsigned *cpus = topology_cpus(&count);
    json_decref(rows);
    rows = pmu_selftest(cpus, count, why, sizeof why);
}

static json_t *row(const char *event, const char *loop) {
    size_t i;
    json_t *each;
    json_array_foreach(rows, i, each) {
        if (strcmp(json_string_value(json_object_get(each, "event")), event) == 0 &&
            strcmp(json_string_value(json_object_get(each, "loop")), loop) == 0)
            return each;
    }
    return NULL;
}

static void want(const char *event, const char *loop, bool trusted, const char *reason) {
    json_t *each = row(event, loop), *said = json_object_get(each, "reason");
    assert_non_null(each);
    assert_string_equal(json_string_value(json_object_get(each, "pmu")), "armv8_cortex_a76");
    assert_int_equal(json_is_true(json_object_get(each, "trusted")), trusted);
    if (reason)
        assert_string_equal(json_string_value(said), reason);
    else
        assert_true(json_is_null(said));
}

static void events_are_found_out(void **state) {
    (void)state;
    is(0, "loads", 0x08, 1.2);
    is(1, "loads", 0x70, 1.009);
    is(2, "stores", 0x71, 1.02);
    is(3, "ldar", 0x90, 1);
    is(4, "ldapr", 0x90, 1);
    run();
    want("instructions", "loads", true, NULL);
    want("LD_SPEC", "loads", true, NULL);
    want("ST_SPEC", "stores", false, "counted 102000 where 100000 are known");
    want("RC_LD_SPEC", "ldar", true, NULL);
    want("RC_LD_SPEC", "ldapr", true, "LDAPR is counted");
    /* The core opens it and counts nothing. */
    want("DMB_SPEC", "dmb-ish", false, "counted 0 where 100000 are known");
    assert_null(row("DMB_SPEC", "dmb-ishld"));
    assert_null(row("RC_ST_SPEC", "stlr"));
    assert_true(json_real_value(json_object_get(row("DMB_SPEC", "dmb-ish"), "error")) == -1);
}

static void ldapr_is_a_question(void **state) {
    (void)state;
    is(0, "ldar", 0x90, 1);
    run();
    want("RC_LD_SPEC", "ldar", true, NULL);
    want("RC_LD_SPEC", "ldapr", true, "LDAPR is not counted");
    is(1, "ldapr", 0x90, 0.5);
    run();
    want("RC_LD_SPEC", "ldapr", false, "counted 50000 where 100000 are known");
    is(0, "ldar", 0x90, 0); /* the event counts nothing, and so says nothing about LDAPR */
    is(1, "ldapr", 0x90, 0);
    run();
    want("RC_LD_SPEC", "ldapr", false, "counted 0 where 100000 are known");
}

static void counters_that_others_take(void **state) {
    (void)state;
    is(0, "loads", 0x70, 1);
    fake.shared = true;
    run();
    want("LD_SPEC", "loads", false, "others had its counter, or it did not open");
    assert_true(json_is_null(json_object_get(row("LD_SPEC", "loads"), "counted")));
}

static void overhead_is_of_both_ways(void **state) {
    (void)state;
    unsigned count;
    const unsigned *cpus = topology_cpus(&count);
    json_t *machine = json_object(), *overhead;
    pmu_describe(machine, cpus, count);
    overhead = json_object_get(machine, "pmu_overhead");
    assert_true(json_real_value(json_object_get(overhead, "syscall_ns")) > 0);
    assert_null(json_object_get(overhead, "user_ns"));
    assert_null(json_object_get(machine, "pmu_selftest_skipped"));
    json_decref(machine);

    fake.refuse_all = EPERM;
    machine = json_object();
    pmu_describe(machine, cpus, count);
    assert_true(json_is_null(json_object_get(machine, "pmu_overhead")));
    assert_int_equal(json_array_size(json_object_get(machine, "pmu_selftest")), 0);
    assert_non_null(
        strstr(json_string_value(json_object_get(machine, "pmu_selftest_skipped")), "paranoid"));
    json_decref(machine);
}

const struct known_loop *__real_loops_find(const char *name);

/* The real loops, which no counter here can count: they end, and one shows how often it went. */
static void loops_run(void **state) {
    (void)state;
    static const char *const names[] = {"loads",   "stores",     "ldar",  "stlr",
                                        "dmb-ish", "isb",        "dsb",   "dmb-ishld",
                                        "cas",     "exclusives", "ldapr", "locked"};
    unsigned have = __real_feature_detect();
    unsigned ran = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct known_loop *loop = __real_loops_find(names[i]);
        uint64_t word __attribute__((aligned(64))) = 0;
        if (loop == NULL || (loop->needs & ~have))
            continue;
        loop->run(&word);
        assert_int_equal(word, strcmp(names[i], "locked") == 0 ? LOOP_COUNT : 0);
        ran++;
    }
    assert_true(ran >= 3);
}

static int finish(void **state) {
    json_decref(rows);
    rows = NULL;
    return plant_end(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(events_are_found_out, begin, finish),
        cmocka_unit_test_setup_teardown(ldapr_is_a_question, begin, finish),
        cmocka_unit_test_setup_teardown(counters_that_others_take, begin, finish),
        cmocka_unit_test_setup_teardown(overhead_is_of_both_ways, begin, finish),
        cmocka_unit_test(loops_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
