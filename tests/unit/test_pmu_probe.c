/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=perf_evsel__open,--wrap=perf_evsel__close,--wrap=cpuname_midr */
/* LINK: -Wl,--wrap=perf_evsel__enable,--wrap=perf_evsel__disable,--wrap=perf_evsel__read */
/* LINK: -Wl,--wrap=perf_evsel__mmap,--wrap=perf_evsel__munmap,--wrap=perf_evsel__mmap_base */
/* test_pmu_probe.c: what `tsobench probe --pmu` says of machines that are open, closed, or half. */
#include <jansson.h>

#include "fakes/fake_perf.h"
#include "fakes/plant_core.h"
#include "probe/machine_parts.h"
#include "probe/pmu_probe.h"
#include "unit/cmocka_all.h"

#define KERNEL "/proc/sys/kernel/"

static int begin(void **state) {
    fake_begin();
    plant_begin(state);
    plant_core("armv8_cortex_a76", "9", 0, PLANT_CPUS - 1, A76);
    plant(KERNEL "perf_event_paranoid", "2\n");
    plant(KERNEL "perf_user_access", "1\n");
    plant("/proc/self/status", "Name:\tt\nCapEff:\t0000000000000000\n");
    return 0;
}

static json_t *pmu_of(const json_t *probe) {
    return json_array_get(json_object_get(probe, "pmus"), 0);
}

/* The commands, in a row. */
static const char *commands(const json_t *probe) {
    static char text[8192];
    size_t i;
    json_t *row;
    text[0] = 0;
    json_array_foreach(json_object_get(probe, "restrictions"), i, row) {
        const char *command = json_string_value(json_object_get(row, "command"));
        strcat(strcat(text, command ? command : "-"), ";");
    }
    return text;
}

static void an_open_machine(void **state) {
    (void)state;
    fake.counters = 7;
    fake.user = true;
    json_t *probe = pmu_probe(), *pmu = pmu_of(probe);
    assert_string_equal(json_string_value(json_object_get(pmu, "name")), "armv8_cortex_a76");
    assert_int_equal(json_integer_value(json_object_get(pmu, "counters")), 7);
    assert_true(json_is_false(json_object_get(pmu, "counters_at_least")));
    assert_string_equal(json_string_value(json_object_get(pmu, "read")), "user");
    assert_true(json_array_size(json_object_get(pmu, "sets")) > 4);
    assert_true(json_array_size(json_object_get(pmu, "missing")) > 4);
    assert_string_equal(commands(probe), "");
    json_decref(probe);
    /* More counters than a group of ours has places. */
    fake.counters = 0;
    probe = pmu_probe();
    assert_true(json_is_true(json_object_get(pmu_of(probe), "counters_at_least")));
    json_decref(probe);
    /* One that is announced but never free. */
    fake.usable = 6;
    probe = pmu_probe();
    assert_int_equal(json_integer_value(json_object_get(pmu_of(probe), "counters")), 6);
    json_decref(probe);
}

static void each_restriction_has_its_command(void **state) {
    (void)state;
    plant(KERNEL "perf_event_paranoid", "3\n");
    plant(KERNEL "perf_user_access", "0\n");
    plant(KERNEL "nmi_watchdog", "1\n");
    fake.refuse_all = EACCES;
    json_t *probe = pmu_probe();
    assert_non_null(strstr(commands(probe), "sysctl kernel.perf_event_paranoid=2, or: setcap "
                                            "cap_perfmon+ep /"));
    assert_non_null(strstr(commands(probe), "sysctl kernel.perf_user_access=1;"));
    assert_non_null(strstr(commands(probe), "sysctl kernel.nmi_watchdog=0;"));
    assert_true(json_is_null(json_object_get(pmu_of(probe), "counters")));
    assert_non_null(
        strstr(json_string_value(json_object_get(pmu_of(probe), "reason")), "not permitted"));
    json_decref(probe);
    /* Whoever has the capability need not be let. */
    plant("/proc/self/status", "Name:\tt\nCapEff:\t0000004000000000\n");
    fake.refuse_all = 0;
    probe = pmu_probe();
    assert_null(strstr(commands(probe), "paranoid"));
    json_decref(probe);
    /* Permitted by the kernel, and yet refused: a container. */
    fake.refuse_all = EPERM;
    probe = pmu_probe();
    assert_non_null(strstr(commands(probe), "--cap-add PERFMON"));
    json_decref(probe);
}

/* By errno: each is another cause, and has another remedy, also in machine.json. */
static void each_error_has_its_remedy(void **state) {
    (void)state;
    static const struct {
        int error;
        const char *remedy;
    } cases[] = {
        {ENOSYS, "seccomp=unconfined"}, {EPERM, "docker run --cap-add PERFMON"},
        {EACCES, "--cap-add PERFMON"},  {EMFILE, "ulimit -n"},
        {ENOPKG, "scripts/setup"},      {ENOENT, "whose driver counts cycles"},
        {EINVAL, "whose driver"},       {EIO, "whose driver"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fake.refuse_all = cases[i].error;
        json_t *probe = pmu_probe(), *machine = json_object();
        assert_non_null(strstr(commands(probe), cases[i].remedy));
        json_t *missing = machine_missing(machine), *row;
        size_t k;
        unsigned seen = 0;
        json_array_foreach(missing, k, row) {
            if (strncmp(json_string_value(json_object_get(row, "what")), "cycle", 5) == 0)
                seen += strstr(json_string_value(json_object_get(row, "how")), cases[i].remedy) &&
                        strchr(json_string_value(json_object_get(row, "how")), '/') == NULL;
        }
        assert_int_equal(seen, cases[i].error == ENOPKG ? 0 : 1); /* whose remedy is a file */
        json_decref(missing);
        json_decref(machine);
        json_decref(probe);
    }
}

static void no_pmu(void **state) {
    (void)state;
    plant("/sys/bus/event_source/devices/armv8_cortex_a76/cpus", "1023\n");
    json_t *probe = pmu_probe();
    assert_int_equal(json_array_size(json_object_get(probe, "pmus")), 0);
    assert_int_equal(json_array_size(json_object_get(probe, "restrictions")), 1);
    json_decref(probe);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_open_machine, begin, plant_end),
        cmocka_unit_test_setup_teardown(each_restriction_has_its_command, begin, plant_end),
        cmocka_unit_test_setup_teardown(each_error_has_its_remedy, begin, plant_end),
        cmocka_unit_test_setup_teardown(no_pmu, begin, plant_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
