/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=prctl */
/* test_memmodel.c: every answer that a kernel can give to the memory-model prctl, played by a
 * kernel of our own. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "machine/memmodel.h"
#include "unit/cmocka_all.h"

enum { GET = 0x6d4d444c, SET = 0x4d4d444c, DEFAULT = 0, TSO = 1 };

static const uint32_t apple = 0x61u << 24 | 0xf << 16 | 0x023 << 4;

/* What the kernel returns to SET of each model and shows to GET after it; < 0 is an errno. */
static struct kernel_answers { int set_default, set_tso, get_default, get_tso; } kernel;
static int model, calls;

int __wrap_prctl(int option, ...) {
    long arguments[4];
    va_list list;
    va_start(list, option);
    for (int i = 0; i < 4; i++)
        arguments[i] = va_arg(list, long);
    va_end(list);
    calls++;
    assert_true(option == GET || option == SET); /* 71 is somebody else's */
    assert_int_equal(arguments[1] | arguments[2] | arguments[3], 0);
    int answer;
    if (option == SET) {
        assert_in_range(arguments[0], DEFAULT, TSO);
        answer = arguments[0] == TSO ? kernel.set_tso : kernel.set_default;
        if (answer == 0)
            model = (int)arguments[0];
    } else {
        assert_int_equal(arguments[0], 0);
        answer = model == TSO ? kernel.get_tso : kernel.get_default;
    }
    if (answer >= 0)
        return answer;
    errno = -answer;
    return -1;
}

static const struct {
    const char *name;
    struct kernel_answers answers;
    bool weak, tso, fixed;
    int set_weak, set_tso; /* what memmodel_set() returns */
    const char *reason;
} kernels[] = {
    {"no such prctl",
     {-EINVAL, -EINVAL, -EINVAL, -EINVAL},
     true,
     false,
     false,
     0,
     -EINVAL,
     "no switch"},
    {"switch", {0, 0, DEFAULT, TSO}, true, true, false, 0, 0, "each thread"},
    {"always TSO, not on our list",
     {0, 0, DEFAULT, DEFAULT},
     false,
     false,
     true,
     0,
     -EIO,
     "kernel's word"},
    {"broken switch of a guest",
     {0, -EINVAL, DEFAULT, DEFAULT},
     true,
     false,
     false,
     0,
     -EINVAL,
     "hypervisor"},
    {"refused", {-EPERM, -EPERM, -EPERM, -EPERM}, true, false, false, 0, -EPERM, "refused"},
    {"no prctl in the emulator",
     {-ENOSYS, -ENOSYS, -ENOSYS, -ENOSYS},
     true,
     false,
     false,
     0,
     -ENOSYS,
     "refused"},
    {"cannot be switched off",
     {-EINVAL, 0, DEFAULT, TSO},
     false,
     true,
     false,
     -EINVAL,
     0,
     "not off"},
    {"off is a lie", {0, 0, TSO, TSO}, false, true, false, -EIO, 0, "not off"},
    {"cannot be read", {0, 0, -EINVAL, -EINVAL}, true, false, false, -EINVAL, -EINVAL, "answers"},
    {"some third model", {0, 0, DEFAULT, 7}, true, false, false, 0, -EIO, "answers 7"},
};

static void every_kernel(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        struct memmodel_support support;
        print_message("%s\n", kernels[i].name);
        kernel = kernels[i].answers;
        model = DEFAULT;
        memmodel_probe_arm64(apple, &support);
        assert_int_equal(support.can_weak, kernels[i].weak);
        assert_int_equal(support.can_tso, kernels[i].tso);
        assert_int_equal(support.fixed, kernels[i].fixed);
        assert_non_null(strstr(support.reason, kernels[i].reason));
        assert_int_equal(memmodel_can(&support, MEMMODEL_TSO), kernels[i].tso);
        if (kernel.set_default == 0)
            assert_int_equal(model, DEFAULT);
        assert_int_equal(memmodel_set_arm64(MEMMODEL_TSO), kernels[i].set_tso);
        /* Switching off may only be believed where it is true. */
        assert_int_equal(memmodel_set_arm64(MEMMODEL_WEAK), kernels[i].set_weak);
    }
}

static void listed_cores_are_not_asked(void **state) {
    (void)state;
    const uint32_t listed[] = {0x4e0f0030, 0x4e0f0040, 0x461f0010};
    kernel = kernels[0].answers;
    calls = 0;
    for (int i = 0; i < 3; i++) {
        struct memmodel_support support;
        memmodel_probe_arm64(listed[i], &support);
        assert_true(support.fixed && !support.can_weak && !support.can_tso);
        assert_non_null(strstr(support.reason, "always TSO"));
    }
    assert_int_equal(memmodel_set_arm64(MEMMODEL_FIXED_TSO), 0);
    assert_int_equal(calls, 0);
}

static void this_machine(void **state) {
    (void)state;
    struct memmodel_support support;
    kernel = kernels[0].answers;
    memmodel_probe(&support);
    assert_true(support.reason[0]);
#if defined(__x86_64__)
    assert_true(support.fixed && !support.can_weak && !support.can_tso);
    assert_int_equal(memmodel_set(MEMMODEL_FIXED_TSO), 0);
    assert_int_equal(memmodel_set(MEMMODEL_WEAK), -EINVAL);
    assert_int_equal(memmodel_set(MEMMODEL_TSO), -EINVAL);
#else
    assert_int_equal(memmodel_set(support.fixed ? MEMMODEL_FIXED_TSO : MEMMODEL_WEAK), 0);
#endif
}

static void names(void **state) {
    (void)state;
    enum memmodel parsed;
    for (unsigned i = 0; i < MEMMODEL_COUNT; i++) {
        assert_true(memmodel_parse(memmodel_name((enum memmodel)i), &parsed));
        assert_int_equal(parsed, i);
    }
    assert_false(memmodel_parse("strong", &parsed));
    assert_false(memmodel_parse("", &parsed));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kernel),
        cmocka_unit_test(listed_cores_are_not_asked),
        cmocka_unit_test(this_machine),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
