/* SPDX-License-Identifier: MIT
 *
 * test_cpuname.c: names of cores and CPU features.
 */
#include <string.h>

#include "fakes/plant.h"
#include "machine/cpuname.h"
#include "machine/feature.h"
#include "unit/cmocka_all.h"

static void midr_names(void **state) {
    (void)state;
    assert_string_equal(cpuname_of_midr(0x413fd0c1), "Arm Neoverse-N1"); /* any revision */
    assert_string_equal(cpuname_of_midr(0x410fd0c0), "Arm Neoverse-N1");
    assert_string_equal(cpuname_of_midr(0x611f0230), "Apple M1 Firestorm");
    assert_string_equal(cpuname_of_midr(0x461f0010), "Fujitsu A64FX");
    assert_null(cpuname_of_midr(0x41ffdff0));
    assert_null(cpuname_of_midr(0));
}

static void brands(void **state) {
    (void)state;
    const char *const cases[][2] = {
        {"Intel(R) Xeon(R) Processor", "Intel Xeon Processor"},
        {"      Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz", "Intel Core i7-6700K CPU"},
        {"AMD EPYC 9R14   ", "AMD EPYC 9R14"},
        {"  ", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char brand[64];
        strcpy(brand, cases[i][0]);
        cpuname_clean(brand);
        assert_string_equal(brand, cases[i][1]);
    }
}

static void files(void **state) {
    (void)state;
    char value[32];
    uint64_t number;
    plant("/proc/cpuinfo", "processor\t: 0\nCPU part\t: 0xd05\n\n"
                           "processor\t: 1\nCPU part\t: 0xd0b\n");
    assert_true(sysfile_value(value, sizeof value, "/proc/cpuinfo", "processor", 1, "CPU part"));
    assert_string_equal(value, "0xd0b");
    assert_false(sysfile_value(value, sizeof value, "/proc/cpuinfo", "processor", 2, "CPU part"));
    assert_false(sysfile_value(value, sizeof value, "/proc/cpuinfo", "processor", 1, "CPU"));
    plant("/n", "0x10\n");
    assert_true(sysfile_number(&number, "/n") && number == 16);
    plant("/n", "010\n");
    assert_true(sysfile_number(&number, "/n") && number == 10);
    plant("/n", "max\n");
    assert_false(sysfile_number(&number, "/n"));
    plant("/n", "\n");
    assert_false(sysfile_line(value, sizeof value, "/n"));
}

#if defined(__aarch64__)
static void cores_of_this_machine(void **state) {
    (void)state;
    char name[96];
    plant("/sys/devices/system/cpu/cpu5/regs/identification/midr_el1", "0x00000000611f0230\n");
    assert_int_equal(cpuname_midr(5), 0x611f0230);
    cpuname_of(5, name, sizeof name);
    assert_string_equal(name, "Apple M1 Firestorm");
    plant("/sys/devices/system/cpu/cpu5/regs/identification/midr_el1", "0x0000000041ffdff0\n");
    cpuname_of(5, name, sizeof name);
    assert_string_equal(name, "arm64 core 0x41/0xdff");
}
#endif

static void features(void **state) {
    (void)state;
    char text[96];
    /* Bits of a Graviton2 and of a Graviton3. */
    assert_int_equal(feature_from_hwcap(0x119fff, 0), FEATURE_LSE | FEATURE_LRCPC | FEATURE_LDN);
    assert_int_equal(feature_from_hwcap(1u << 8 | 1u << 15 | 1u << 25 | 1u << 26, 0),
                     FEATURE_LSE | FEATURE_LRCPC | FEATURE_LSE2 | FEATURE_LRCPC2);
    assert_int_equal(feature_from_hwcap(0, UINT64_C(1) << 43 | UINT64_C(1) << 46),
                     FEATURE_MOPS | FEATURE_LRCPC3);
    const uint32_t osxsave = 1u << 27, avx = 1u << 28;
    const uint32_t f = 1u << 16, bw = 1u << 30, vl = 1u << 31, all = f | bw | vl;
    assert_int_equal(feature_from_cpuid(osxsave | avx, all, 0xe7), FEATURE_AVX | FEATURE_AVX512);
    assert_int_equal(feature_from_cpuid(osxsave | avx, all, 0x7), FEATURE_AVX);
    assert_int_equal(feature_from_cpuid(osxsave | avx, f, 0xe7), FEATURE_AVX);
    assert_int_equal(feature_from_cpuid(osxsave | avx, f | vl, 0xe7), FEATURE_AVX);
    assert_int_equal(feature_from_cpuid(avx, all, 0xe7), 0);
    assert_int_equal(feature_from_cpuid(osxsave | avx, all, 0x3), 0);

    feature_missing(FEATURE_LSE | FEATURE_LRCPC, FEATURE_LSE, text, sizeof text);
    assert_string_equal(text, "this CPU has no FEAT_LRCPC");
    feature_missing(FEATURE_LSE | FEATURE_LRCPC, 0, text, sizeof text);
    assert_string_equal(text, "this CPU has no FEAT_LSE, FEAT_LRCPC");
    feature_missing(FEATURE_LSE, FEATURE_LSE, text, sizeof text);
    assert_string_equal(text, "");
    feature_missing(~0u, 0, text, 20);
    assert_string_equal(text, "this CPU has no FEA");
}

/* What the compiler's own test of the CPU says. */
static void features_of_this_machine(void **state) {
    (void)state;
#if defined(__x86_64__)
    __builtin_cpu_init();
    assert_int_equal(!!(feature_detect() & FEATURE_AVX), !!__builtin_cpu_supports("avx"));
    assert_int_equal(!!(feature_detect() & FEATURE_AVX512),
                     __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                         __builtin_cpu_supports("avx512vl"));
#else
    assert_int_equal(feature_detect() & (FEATURE_AVX | FEATURE_AVX512), 0);
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(midr_names),
        cmocka_unit_test(brands),
        cmocka_unit_test_setup_teardown(files, plant_begin, plant_end),
#if defined(__aarch64__)
        cmocka_unit_test_setup_teardown(cores_of_this_machine, plant_begin, plant_end),
#endif
        cmocka_unit_test(features),
        cmocka_unit_test(features_of_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
