/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=uname */
/* test_machine.c: what is said of this machine, of made-up ones, and what must not be said. */
#include <ctype.h>
#include <stdbool.h>
#include <sys/utsname.h>

#include "base/private.h"
#include "fakes/plant.h"
#include "machine/virt.h"
#include "probe/environment.h"
#include "probe/machine.h"
#include "unit/cmocka_all.h"

#if defined(__x86_64__)
#define OTHER_CPU "cpu:type:aarch64:feature:,0000,0001\n"
#else
#define OTHER_CPU "cpu:type:x86,ven0000fam0006mod00CF:feature:,0000\n"
#endif

int __real_uname(struct utsname *names);

int __wrap_uname(struct utsname *names) {
    int result = __real_uname(names);
    strcpy(names->nodename, "sesame-host");
    return result;
}

static json_t *find_missing(const json_t *machine, const char *what) {
    size_t index;
    json_t *entry;
    json_array_foreach(json_object_get(machine, "missing"), index, entry) {
        assert_true(json_string_length(json_object_get(entry, "why")) > 0);
        assert_true(json_string_length(json_object_get(entry, "how")) > 0);
        if (strstr(json_string_value(json_object_get(entry, "what")), what))
            return entry;
    }
    return NULL;
}

static void this_machine(void **state) {
    (void)state;
    const char *const keys[] = {
        "machine", "source",         "architecture", "cpus",  "cores",     "features", "memory",
        "system",  "virtualization", "memory_model", "clock", "frequency", "pmus",     "missing"};
    json_t *machine = machine_probe();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_non_null(json_object_get(machine, keys[i]));
    const char *source = json_string_value(json_object_get(machine, "source"));
    assert_string_equal(source, source_name(machine_source()));
    char *text = json_dumps(machine, 0);
    assert_null(strstr(text, "sesame"));
    free(text);
    json_decref(machine);
}

static void slug_is_a_folder_name(void **state) {
    (void)state;
    char slug[128], again[128], tiny[8];
    machine_slug(slug, sizeof slug);
    machine_slug(again, sizeof again);
    assert_string_equal(slug, again);
    assert_true(isalnum((unsigned char)slug[0]));
    for (const char *c = slug; *c; c++)
        assert_true(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '-' ||
                    *c == '+');
    assert_null(strstr(slug, "--"));
    assert_true(slug[strlen(slug) - 1] != '-');
    machine_slug(tiny, sizeof tiny);
    assert_true(strlen(tiny) < sizeof tiny);
}

/* An arm64 program on an x86 machine, or the other way round, is emulated, whatever else the
 * emulator makes up. */
static void emulation(void **state) {
    (void)state;
    char how[96], slug[128];
    plant("/sys/devices/system/cpu/modalias", OTHER_CPU);
    assert_int_equal(machine_source(), SOURCE_EMULATED);
    assert_true(virt_emulated(how, sizeof how));
    assert_non_null(strstr(how, "another architecture"));
    machine_slug(slug, sizeof slug);
    assert_non_null(strstr(slug, "-emulated"));

    plant("/sys/devices/system/cpu/modalias", "");
    plant("/proc/self/comm", "qemu-aarch64\n");
    assert_int_equal(machine_source(), SOURCE_EMULATED);
    assert_true(virt_emulated(how, sizeof how));
    assert_string_equal(how, "qemu-aarch64");
    assert_true(virt_ends_at_exec());

    plant("/proc/self/comm", "tsobench\n");
    assert_false(virt_ends_at_exec());
}

/* The tree of another machine does not make an emulator of this one. */
static void no_emulation(void **state) {
    (void)state;
    sysfile_root = "";
    char how[96];
    bool here = virt_emulated(how, sizeof how);
    sysfile_root = plant_root;
#if defined(__x86_64__)
    plant("/sys/devices/system/cpu/modalias", "cpu:type:x86,ven0002fam0019mod0011:feature:,0000\n");
#else
    plant("/sys/devices/system/cpu/modalias", "cpu:type:aarch64:feature:,0000,0001\n");
    plant("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1", "0x414fd0c1\n");
#endif
    plant("/proc/self/comm", "tsobench\n");
    if (here) /* then by what only the CPU shows */
        skip();
    assert_int_equal(machine_source(), SOURCE_MEASURED);
}

#if defined(__aarch64__)
static void expect_hypervisor(const char *name, const char *path, const char *text) {
    char seen[64], evidence[96];
    plant(path, text);
    assert_true(virt_hypervisor(seen, sizeof seen));
    assert_string_equal(seen, name);
    assert_true(virt_evidence(evidence, sizeof evidence));
    assert_non_null(strstr(evidence, ": "));
    assert_non_null(strstr(text, strstr(evidence, ": ") + 2));
    assert_null(private_part(evidence));
}

static void hypervisors(void **state) {
    (void)state;
    char name[64];
    assert_false(virt_hypervisor(name, sizeof name));
    assert_false(virt_evidence(name, sizeof name));
    plant("/proc/cmdline", "quiet\n");
    assert_false(virt_hypervisor(name, sizeof name));
    expect_hypervisor("hypervisor", "/sys/firmware/devicetree/base/compatible",
                      "linux,dummy-virt\n");
    expect_hypervisor("qemu", "/sys/firmware/devicetree/base/fw-cfg@9020000/compatible",
                      "qemu,fw-cfg-mmio\n");
    expect_hypervisor("kvm", "/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
    plant("/sys/class/dmi/id/product_name", "c7g.metal\n");
    assert_false(virt_hypervisor(name, sizeof name));
    plant("/sys/class/dmi/id/product_name", "c7g.large\n");
    expect_hypervisor("libkrun", "/proc/cmdline", "rw quiet no-kvmapf init=/init.krun KRUN=1\n");
}

/* What a guest cannot see of its own accelerator, scripts/guest tells it. */
static void guests(void **state) {
    (void)state;
    char how[96], slug[128];
    plant("/sys/devices/system/cpu/modalias", "cpu:type:aarch64:feature:,0000,0001\n");
    plant("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1", "0x414fd0c1\n");
    plant("/proc/self/comm", "tsobench\n");
    expect_hypervisor("kvm", "/proc/cmdline", "tsobench.guest=kvm console=ttyAMA0\n");
    assert_int_equal(machine_source(), SOURCE_MEASURED);
    machine_slug(slug, sizeof slug);
    assert_non_null(strstr(slug, "-kvm"));
    expect_hypervisor("qemu", "/proc/cmdline", "tsobench.guest=tcg console=ttyAMA0\n");
    assert_int_equal(machine_source(), SOURCE_EMULATED);
    assert_true(virt_emulated(how, sizeof how));
    assert_non_null(strstr(how, "command line"));
}
#endif

static void what_is_missing(void **state) {
    (void)state;
    const char *const governors[] = {"schedutil\n", "performance\n"};
    for (int i = 0; i < 2; i++) {
        char path[96];
        for (int cpu = 0; cpu < 64; cpu++) {
            snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor",
                     cpu);
            plant(path, governors[i]);
        }
        plant("/sys/kernel/mm/transparent_hugepage/enabled",
              i ? "always [madvise] never\n" : "always madvise [never]\n");
        json_t *machine = machine_probe();
        assert_true((find_missing(machine, "steady clock") == NULL) == (i == 1));
        assert_true((find_missing(machine, "huge pages") == NULL) == (i == 1));
        assert_non_null(find_missing(machine, "counters")); /* no PMU is planted */
        json_decref(machine);
    }
}

/* The remedy is one that this kernel has. */
static void no_huge_pages(void **state) {
    (void)state;
    json_t *machine = machine_probe();
    const json_t *row = find_missing(machine, "huge pages");
    assert_non_null(row);
    assert_non_null(strstr(json_string_value(json_object_get(row, "how")), "CONFIG_TRANS"));
    json_decref(machine);
}

/* A kernel that has no such list prints a pointer to nothing. */
static void no_list(void **state) {
    (void)state;
    plant("/sys/devices/system/cpu/nohz_full", "(null)\n");
    plant("/sys/devices/system/cpu/isolated", "1\n");
    json_t *machine = machine_probe(), *system = json_object_get(machine, "system");
    assert_null(json_object_get(system, "nohz_full_cpus"));
    assert_string_equal(json_string_value(json_object_get(system, "isolated_cpus")), "1");
    json_decref(machine);
}

static const char *recorded(const json_t *rows, const char *name) {
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row) {
        if (strcmp(json_string_value(json_object_get(row, "name")), name) == 0)
            return json_string_value(json_object_get(row, "value"));
    }
    return NULL;
}

static void environment(void **state) {
    (void)state;
    static const char *const variables[][3] = {
        {"FEX_TSOENABLED", "1", "1"},
        {"FEX_STRICTINPROCESSSPLITLOCKS", "0", "0"},
        {"BOX64_PROFILE", "safest", "safest"},
        {"BOX64_DYNAREC_VOLATILE_METADATA", "2", "2"},
        {"XEMU_TSO", "on", "on"},
        {"QEMU_CPU", "max,pauth-impdef=on", "max,pauth-impdef=on"},
        {"GLIBC_TUNABLES", "glibc.malloc.hugetlb=2:glibc.cpu.x=3",
         "glibc.malloc.hugetlb=2:glibc.cpu.x=3"},
        {"MALLOC_PERTURB_", "7", "7"},
        {"LD_BIND_NOW", "1", "1"},
        {"LD_PRELOAD_FOR_TEST", "/home/somebody/lib.so:/usr/lib/x.so y", "lib.so:x.so y"},
        {"HWLOC_SYNTHETIC", "pu:2\033[2J", "pu:2?[2J"},
        {"TSOBENCH_TRACES", "/home/somebody/traces", "traces"},
        {"LD_AUDIT", "somebody@somewhere", "not shown"},
        {"SOMETHING_ELSE", "1", NULL},
        {"XFEX_A", "1", NULL},
    };
    const size_t count = sizeof variables / sizeof *variables;
    char text[1024];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    setenv("BOX86_LONG", text, 1);
    for (size_t i = 0; i < count; i++)
        setenv(variables[i][0], variables[i][1], 1);
    json_t *rows = environment_recorded();
    for (size_t i = 0; i < count; i++) {
        const char *value = recorded(rows, variables[i][0]);
        assert_int_equal(value == NULL, variables[i][2] == NULL);
        if (value)
            assert_string_equal(value, variables[i][2]);
        unsetenv(variables[i][0]);
    }
    assert_int_equal(strlen(recorded(rows, "BOX86_LONG")), 127);
    unsetenv("BOX86_LONG");
    json_decref(rows);
}

static void containers(void **state) {
    (void)state;
    char name[64];
    assert_false(virt_container(name, sizeof name));
    plant("/.dockerenv", "");
    assert_true(virt_container(name, sizeof name));
    assert_string_equal(name, "docker");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(this_machine),
        cmocka_unit_test(slug_is_a_folder_name),
        cmocka_unit_test_setup_teardown(emulation, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(no_emulation, plant_begin, plant_end),
#if defined(__aarch64__)
        cmocka_unit_test_setup_teardown(hypervisors, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(guests, plant_begin, plant_end),
#endif
        cmocka_unit_test_setup_teardown(what_is_missing, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(no_huge_pages, plant_begin, plant_end),
        cmocka_unit_test_setup_teardown(no_list, plant_begin, plant_end),
        cmocka_unit_test(environment),
        cmocka_unit_test_setup_teardown(containers, plant_begin, plant_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
