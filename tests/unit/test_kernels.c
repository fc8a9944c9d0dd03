/* SPDX-License-Identifier: MIT
 *
 * Every kernel under every lowering with one, two and four threads: the result is right. Plain
 * and all variants at every point of the parameter space, other lowerings at the points that
 * differ from the centre in one parameter, on several threads at the centre. And each check can
 * fail: one operation too few, memory that changed, a message from another sample; test_faults.c
 * breaks the accesses themselves.
 */
/* UNSANITIZED: kernels are compiled without sanitizers in every build */
/* COST: 60 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "fakes/kernel_bench.h"
#include "threads/fault.h"

/* Faults to plant in a sample. */
enum fault { NONE, ONE_LESS, SPOIL_BEFORE, SPOIL_AFTER, OTHER_NONCE };

static void spoil(struct bench *bench, enum fault fault) {
    uint64_t *words = (uint64_t *)(void *)bench->work.arena;
    for (size_t i = 0; i < bench->arena_bytes / sizeof *words; i++)
        words[i] = fault == SPOIL_BEFORE ? words[0] : ~words[i];
}

/* A sample as the runner takes it, with a lead-in; what check() says. */
static const char *sample(struct bench *bench, uint64_t ops, enum fault fault) {
    struct work *work = &bench->work;
    struct member members[MAX_THREADS] = {0};
    for (unsigned i = 0; i < work->threads; i++)
        members[i] =
            (struct member){.work = *work, .run = bench->run, .thread = i, .ops = ops / 2 + 1};
    run_all(members, work->threads);

    work->nonce = bench->nonces++ * UINT64_C(0xd1342543de82ef95);
    bench->kernel->prepare(work, ops);
    for (unsigned i = 0; i < work->threads; i++) {
        members[i].work = *work;
        members[i].ops = ops;
    }
    if (fault == ONE_LESS) /* by one thread if they do not wait for each other */
        for (unsigned i = 0; i < (bench->kernel->joint ? work->threads : 1); i++)
            members[i].ops--;
    if (fault == OTHER_NONCE)
        members[work->threads - 1].work.nonce ^= 64;
    if (fault == SPOIL_BEFORE)
        spoil(bench, fault);
    run_all(members, work->threads);
    if (fault == SPOIL_AFTER)
        spoil(bench, fault);
    return bench->kernel->check(work, ops);
}

/* In how many parameters the point is not the centre. */
static unsigned away_from_centre(const struct kernel *kernel, const struct params *params) {
    unsigned away = 0;
    for (unsigned i = 0; kernel->axes[i].key; i++)
        away += params->chosen[i] != 0;
    return away;
}

/* Whether it is one point of many that differ in nothing new: code of another function is tried at
 * the centre of the other parameters alone. */
static bool is_spared(const struct kernel *kernel, const struct params *params, unsigned threads,
                      bool is_plain) {
    unsigned away = away_from_centre(kernel, params);
    if (is_plain)
        return away > 1 && kernel_run_at(kernel, params, threads) != kernel->run;
    return away > (threads == 1);
}

static void call_one_time(void *context, unsigned thread) {
    struct bench *bench = context;
    bench->run(&bench->work, thread, 1);
}

static unsigned cut_short;

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* `variant`: of the kernel's, or NULL for the kernel itself under the lowering. */
static void try_point(const struct lowering *lowering, const struct kernel *kernel,
                      const struct params *params, unsigned threads,
                      const struct variant *variant) {
    static const uint64_t all_ops[] = {1, 2, 3, 97, 5001};
    /* Threads may be more than CPUs here, and one that waits spins until its time is over. */
    size_t count = threads > 2 ? 3 : threads == 2 ? 4 : 5;
    struct bench bench;
    bench_open(&bench, kernel, params, threads);
    if (variant)
        bench.run = variant->run;
    while (count > 3 && kernel->bytes && kernel->bytes(&bench.work) * all_ops[count - 1] > 2 << 20)
        count--;
    if (kernel->may_fault && fault_of(call_one_time, &bench, 0)) {
        assert_true(variant || strcmp(lowering->name, "plain")); /* all are compared with it */
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t begin = now_ms();
        const char *wrong = sample(&bench, all_ops[i], NONE);
        if (wrong)
            fail_msg("%s under %s, %u threads, %u ops: %s", kernel->name,
                     variant ? variant->name : lowering->name, threads, (unsigned)all_ops[i],
                     wrong);
        /* Threads that wait for each other on one CPU hand over once in a time slice. */
        if (i + 1 < count && now_ms() - begin > 20) {
            cut_short++;
            break;
        }
    }
    bench_close(&bench);
}

/* Of the baseline's kernel. How many it tried. */
static unsigned try_variants(const struct kernel *kernel, const struct params *params,
                             unsigned threads, unsigned features) {
    unsigned tried = 0;
    const struct variant *variant = kernel->variants ? kernel->variants(params) : NULL;
    for (; variant && variant->name; variant++)
        if (((variant->needs | needs_of_point(kernel, params)) & ~features) == 0) {
            try_point(NULL, kernel, params, threads, variant);
            tried++;
        }
    return tried;
}

/* How many combinations of kernel, lowering or variant, parameters and threads it tried. */
static unsigned try_lowering(const struct lowering *lowering, bool is_plain) {
    unsigned features = feature_detect(), tried = 0;
    for (const struct kernel *const *k = lowering->kernels; *k; k++) {
        struct params params = {.axes = (*k)->axes};
        do
            for (unsigned threads = 1; threads <= MAX_THREADS; threads *= 2) {
                if (!fits(*k, &params, threads) || is_spared(*k, &params, threads, is_plain))
                    continue;
                if (available(lowering, *k, &params, features)) {
                    try_point(lowering, *k, &params, threads, NULL);
                    tried++;
                }
                if (is_plain)
                    tried += try_variants(*k, &params, threads, features);
            }
        while (next_point(*k, &params));
    }
    return tried;
}

static void every_kernel_is_right_under_every_lowering(void **state) {
    (void)state;
    size_t count;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    unsigned tried = try_lowering(registry_twin(), false);
    for (size_t i = 0; i < count; i++)
        tried += try_lowering(lowerings[i], i == 0);
    printf("walked %u combinations of kernel x lowering or variant x parameters x threads\n",
           tried);
    printf("%u of them with fewer operations: their threads did not run at the same time\n",
           cut_short);
}

/* Of the baseline, at each point: the check must see this fault. */
static void plant(enum fault fault,
                  bool (*concerns)(const struct kernel *kernel, const struct params *params)) {
    size_t count;
    const struct lowering *plain = registry_lowerings(&count)[0];
    unsigned planted = 0;
    for (const struct kernel *const *k = plain->kernels; *k; k++) {
        struct params params = {.axes = (*k)->axes};
        do {
            unsigned threads = (*k)->max_threads == 1 ? 1 : 2;
            if (!concerns(*k, &params) || !available(plain, *k, &params, feature_detect()))
                continue;
            struct bench bench;
            bench_open(&bench, *k, &params, threads);
            assert_null(sample(&bench, 3, NONE));
            if (sample(&bench, 3, fault) == NULL)
                fail_msg("%s does not see fault %d", (*k)->name, (int)fault);
            bench_close(&bench);
            planted++;
        } while (next_point(*k, &params));
    }
    assert_true(planted > 0);
}

static bool every(const struct kernel *kernel, const struct params *params) {
    (void)kernel, (void)params;
    return true;
}

static bool stores_at(const struct kernel *kernel, const struct params *params) {
    return kernel->uses & ~(kernel->without ? kernel->without(params) : 0u) & USES_STORE;
}

static bool only_loads(const struct kernel *kernel, const struct params *params) {
    return kernel->streams && !stores_at(kernel, params);
}

static bool stores_to_arrays(const struct kernel *kernel, const struct params *params) {
    return kernel->streams && stores_at(kernel, params);
}

static void one_operation_too_few_is_seen(void **state) {
    (void)state;
    plant(ONE_LESS, every);
}

static void other_contents_are_seen(void **state) {
    (void)state;
    plant(SPOIL_BEFORE, only_loads);
    plant(SPOIL_AFTER, stores_to_arrays);
}

static bool joint(const struct kernel *kernel, const struct params *params) {
    (void)params;
    return kernel->joint;
}

static void a_message_from_another_sample_is_seen(void **state) {
    (void)state;
    plant(OTHER_NONCE, joint);
}

/* Whether this array of memcpy begins at an odd address. */
static bool is_odd(const struct params *params, const char *array) {
    const char *word = param_word(params, "unaligned");
    return strcmp(word, array) == 0 || strcmp(word, "both") == 0;
}

/* Its check looks at some words of a sample. */
static void memcpy_copies_every_byte(void **state) {
    (void)state;
    size_t count;
    const struct lowering *plain = registry_lowerings(&count)[0];
    const struct kernel *kernel = registry_kernel(plain, "memcpy");
    struct params params = {.axes = kernel->axes};
    do {
        if (!available(plain, kernel, &params, feature_detect()))
            continue;
        struct bench bench;
        bench_open(&bench, kernel, &params, 1);
        uint8_t *from = bench.work.arena + is_odd(&params, "from");
        uint8_t *to = bench.work.arena + bench.work.footprint + is_odd(&params, "to") +
                      (is_odd(&params, "from") ? 64 : 0);
        uint64_t copied = kernel->bytes(&bench.work);
        memset(to, 1, bench.work.footprint);
        kernel->run(&bench.work, 0, 1);
        assert_memory_equal(from, to, copied);
        for (uint64_t i = copied; i < bench.work.footprint; i++)
            assert_int_equal(to[i], 1);
        for (const struct variant *v = kernel->variants(&params); v->name; v++) {
            memset(to, 1, bench.work.footprint);
            v->run(&bench.work, 0, bench.work.footprint / copied);
            assert_memory_equal(from, to, bench.work.footprint / copied * copied);
        }
        memset(to, 0, bench.work.footprint); /* what is behind its place */
        bench_close(&bench);
    } while (next_point(kernel, &params));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kernel_is_right_under_every_lowering),
        cmocka_unit_test(memcpy_copies_every_byte),
        cmocka_unit_test(one_operation_too_few_is_seen),
        cmocka_unit_test(other_contents_are_seen),
        cmocka_unit_test(a_message_from_another_sample_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
