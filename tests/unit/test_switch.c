/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=prctl,--wrap=stats_interval */
/* test_switch.c: the cost of the switch on a kernel that has one, played by a wrapped prctl. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "events/switchcost.h"
#include "stats/stats.h"
#include "unit/cmocka_all.h"

static bool offered, to_new_threads;
static int of_all;
static __thread int of_this;

int __wrap_prctl(int option, ...);
int __wrap_prctl(int option, ...) {
    va_list arguments;
    va_start(arguments, option);
    long model = va_arg(arguments, long);
    va_end(arguments);
    int *now = to_new_threads ? &of_all : &of_this;
    errno = EINVAL;
    if (!offered)
        return -1;
    if (option == 0x4d4d444c)
        *now = (int)model;
    return option == 0x4d4d444c ? 0 : *now;
}

/* As of samples that took no tick of a slow counter. */
static bool timeless;
struct interval __real_stats_interval(struct block_values *blocks, size_t count, uint64_t seed);
struct interval __wrap_stats_interval(struct block_values *blocks, size_t count, uint64_t seed);
struct interval __wrap_stats_interval(struct block_values *blocks, size_t count, uint64_t seed) {
    struct interval interval = __real_stats_interval(blocks, count, seed);
    if (timeless)
        interval.low = NAN;
    return interval;
}

static unsigned count(void) {
    unsigned events = 0;
    while (switchcost_events[events].name)
        events++;
    return events;
}

static const json_t *find(const json_t *results, const char *event) {
    size_t index;
    const json_t *result;
    json_array_foreach(results, index, result) {
        if (strcmp(json_string_value(json_object_get(result, "event")), event) == 0)
            return result;
    }
    fail_msg("no event %s", event);
    return NULL;
}

static void assert_measured(const json_t *result) {
    json_t *ns = json_object_get(result, "ns");
    assert_non_null(ns);
    double value = json_real_value(json_array_get(ns, 0));
    assert_true(value > 0 && json_real_value(json_array_get(ns, 1)) <= value &&
                json_real_value(json_array_get(ns, 2)) >= value);
}

static void without_a_switch(void **state) {
    (void)state;
    offered = false;
    json_t *results = event_measure(switchcost_events, count());
    assert_measured(find(results, "null syscall"));
    assert_measured(find(results, "context switches, same"));
    assert_measured(find(results, "thread"));
    assert_measured(find(results, "fork"));
    assert_non_null(json_object_get(find(results, "switch of the model"), "skipped"));
    assert_non_null(json_object_get(find(results, "context switches, different"), "skipped"));
    json_decref(results);
    json_t *inheritance = switchcost_inheritance();
    assert_non_null(json_object_get(inheritance, "skipped"));
    json_decref(inheritance);
}

#if defined(__aarch64__)
static void with_a_switch(void **state) {
    (void)state;
    offered = true;
    json_t *results = event_measure(switchcost_events, count());
    assert_measured(find(results, "switch of the model"));
    assert_measured(find(results, "context switches, different"));
    json_decref(results);
}

static const char *inherited(const char *by) {
    static char text[32];
    json_t *inheritance = switchcost_inheritance();
    const char *model = json_string_value(json_object_get(inheritance, by));
    strcpy(text, model ? model : "");
    json_decref(inheritance);
    return text;
}

static void inheritance_is_what_it_is(void **state) {
    (void)state;
    offered = to_new_threads = true;
    assert_string_equal(inherited("thread"), "tso");
    assert_string_equal(inherited("fork"), "tso");
    to_new_threads = false;
    assert_string_equal(inherited("thread"), "weak");
    assert_string_equal(inherited("fork"), "tso");
}
#endif

/* A process that dies says nothing, and the others' numbers do not stand for it. */
static const char *open_here(void) {
    return NULL;
}

static const char *run_dying(unsigned ops) {
    (void)ops;
    _exit(3);
}

static const char *run_failing(unsigned ops) {
    return ops ? "it failed" : NULL;
}

static void failures_are_skips(void **state) {
    (void)state;
    const struct event dying = {"dies", "", open_here, NULL, run_dying, NULL, 1};
    const struct event failing = {"fails", "", open_here, NULL, run_failing, NULL, 0};
    json_t *results = event_measure(&dying, 1);
    assert_non_null(json_object_get(find(results, "dies"), "skipped"));
    json_decref(results);
    results = event_measure(&failing, 1);
    assert_string_equal(json_string_value(json_object_get(find(results, "fails"), "skipped")),
                        "it failed");
    json_decref(results);
}

static const char *run_nothing(unsigned ops) {
    (void)ops;
    return NULL;
}

static void an_event_without_an_interval_is_a_skip(void **state) {
    (void)state;
    const struct event nothing = {"nothing", "", open_here, NULL, run_nothing, NULL, 1};
    timeless = true;
    json_t *results = event_measure(&nothing, 1);
    timeless = false;
    assert_int_equal(json_array_size(results), 1);
    assert_non_null(json_object_get(find(results, "nothing"), "skipped"));
    json_decref(results);
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1) /* executed by the event of that name */
        _exit(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_switch),
#if defined(__aarch64__)
        cmocka_unit_test(with_a_switch),
        cmocka_unit_test(inheritance_is_what_it_is),
#endif
        cmocka_unit_test(failures_are_skips),
        cmocka_unit_test(an_event_without_an_interval_is_a_skip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
