/* SPDX-License-Identifier: MIT
 *
 * Every kernel's check can fail: all kernels once more under a lowering with faults to plant. Each
 * must see a data access that went wrong; and, if threads share anything in it, one of the faults
 * of ordering and atomicity that a wrong lowering, or a wrong kernel, would have.
 */
/* UNSANITIZED: kernels are compiled without sanitizers in every build */
/* BROKEN: kernels */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakes/broken/broken_hooks.h"
#include "fakes/kernel_bench.h"
#include "probe/machine.h"

extern const struct lowering lowering_broken;

enum broken_fault broken_planted;

/* What broken.h keeps of a thread, from one sample to the next. */
enum { KEPT_LOADS = 4096 }; /* words: more than a ring has */
static struct thread_state {
    unsigned chances;
    uint8_t last[64]; /* what was loaded */
    void *late;       /* where to */
    size_t late_bytes;
    uint8_t late_value[64];
    struct {
        const void *from;
        uint8_t value[8];
    } loads[KEPT_LOADS];
} thread_states[MAX_THREADS];
static _Thread_local struct thread_state *thread_state = thread_states;

int broken_now(enum broken_fault fault) {
    return broken_planted == fault && ++thread_state->chances % 13 == 0;
}

void broken_pause(void) {
    int turns = ++thread_state->chances % 13 ? 40 : 2000;
    for (int i = 0; i < turns; i++)
        __asm__ volatile("" ::: "memory");
}

static bool is_data(const char *op) {
    return op[0] == 'd';
}

void broken_finish(void) {
    if (thread_state->late)
        memcpy(thread_state->late, thread_state->late_value, thread_state->late_bytes);
    thread_state->late = NULL;
}

/* A thread sees its own stores, late or not. */
static void finish_if_overlaps(const void *p, size_t bytes) {
    uintptr_t late = (uintptr_t)thread_state->late, at = (uintptr_t)p;
    if (late && at < late + thread_state->late_bytes && late < at + bytes)
        broken_finish();
}

static void keep_load(const void *p, const void *value, size_t bytes) {
    unsigned slot = (uintptr_t)p / 8 % KEPT_LOADS;
    thread_state->loads[slot].from = bytes == 8 ? p : NULL;
    if (bytes == 8)
        memcpy(thread_state->loads[slot].value, value, 8);
}

void broken_before_load(const char *op, const void *p, size_t bytes) {
    if (is_data(op))
        finish_if_overlaps(p, bytes);
}

void broken_after_load(const char *op, const void *p, void *value, size_t bytes) {
    if (!is_data(op) || broken_planted == FAULT_NONE)
        return;
    if (broken_now(FAULT_WRONG_LOAD))
        *(uint8_t *)value ^= 4;
    if (bytes <= sizeof thread_state->last && broken_now(FAULT_LOST_LOAD))
        memcpy(value, thread_state->last, bytes);
    if (bytes <= sizeof thread_state->last)
        memcpy(thread_state->last, value, bytes);
    unsigned slot = (uintptr_t)p / 8 % KEPT_LOADS;
    if (bytes == 8 && thread_state->loads[slot].from == p && broken_now(FAULT_STALE_LOAD))
        memcpy(value, thread_state->loads[slot].value, 8);
    else
        keep_load(p, value, bytes);
}

int broken_may_store(const char *op, void *p, const void *value, size_t bytes) {
    if (!is_data(op) || broken_planted == FAULT_NONE)
        return 1;
    if (broken_now(FAULT_LOST_STORE))
        return 0;
    keep_load(p, value, bytes); /* one's own store is not stale */
    if (broken_planted != FAULT_LATE_STORE)
        return 1;
    broken_finish();
    thread_state->late = p;
    thread_state->late_bytes = bytes;
    memcpy(thread_state->late_value, value, bytes);
    return 0;
}

void broken_after_store(const char *op) {
    if (is_data(op) || thread_state->late == NULL)
        return;
    broken_pause();
    broken_finish();
}

/* ---- one kernel, one fault ---- */

static void (*kernel_run)(struct work *work, unsigned thread, uint64_t ops);

static unsigned arrived;

/* All at once: a sample takes less time than to start a thread. */
static void run_and_finish(struct work *work, unsigned thread, uint64_t ops) {
    __atomic_fetch_add(&arrived, 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&arrived, __ATOMIC_ACQUIRE) < work->threads)
        sched_yield();
    thread_state = &thread_states[thread];
    kernel_run(work, thread, ops);
    broken_finish();
}

/* Samples until the check refuses one. */
static bool is_seen(const struct kernel *kernel, unsigned threads, enum broken_fault fault) {
    const int samples = threads > 1 ? 2000 : 300;
    /* Threads must meet; one alone needs only some chances. */
    const uint64_t ops = threads > 1 ? 1000 : 50;
    struct params params = {.axes = kernel->axes};
    struct member members[MAX_THREADS] = {0};
    struct bench bench;
    const char *wrong = NULL;
    kernel_run = kernel->run;
    broken_planted = FAULT_NONE;
    bench_open(&bench, kernel, &params, threads);
    for (int i = 0; i < samples && !wrong; i++) {
        bench.work.nonce = bench.nonces++ * UINT64_C(0xd1342543de82ef95);
        kernel->prepare(&bench.work, ops);
        for (unsigned thread = 0; thread < threads; thread++)
            members[thread] = (struct member){
                .work = bench.work, .run = run_and_finish, .thread = thread, .ops = ops};
        arrived = 0;
        run_all(members, threads);
        wrong = kernel->check(&bench.work, ops);
        if (i == 0 && wrong)
            fail_msg("%s without a fault: %s", kernel->name, wrong);
        broken_planted = fault;
    }
    return wrong != NULL;
}

/* In a process of its own: a kernel whose order is broken may loop or crash, and then its check
 * has seen nothing. */
enum outcome { MISSED, SEEN, LOST }; /* with an exit status that is nobody else's */
enum { EXIT_BASE = 40 };
static enum outcome plant(const struct kernel *kernel, unsigned threads, enum broken_fault fault) {
    pid_t child = fork();
    if (child == 0) {
        static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
        for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
            signal(deadly[i], SIG_DFL); /* cmocka's handler would go on */
        alarm(5);
        _exit(EXIT_BASE + (is_seen(kernel, threads, fault) ? SEEN : MISSED));
    }
    int status;
    while (waitpid(child, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    if (WIFSIGNALED(status))
        return LOST;
    assert_in_range(WEXITSTATUS(status), EXIT_BASE + MISSED, EXIT_BASE + SEEN);
    return (enum outcome)(WEXITSTATUS(status) - EXIT_BASE);
}

static void report(const struct kernel *kernel, enum broken_fault fault, enum outcome outcome) {
    static const char *const faults[] = {"none",       "lost store", "wrong load",  "lost load",
                                         "late store", "stale load", "torn update", "no fence"};
    static const char *const outcomes[] = {"missed", "seen", "lost: it hung or crashed"};
    printf("%-20s %-12s %s\n", kernel->name, faults[fault], outcomes[outcome]);
}

/* Whether one of the faults from first to last is seen; they are tried in turn. */
static bool sees_one(const struct kernel *kernel, unsigned threads, enum broken_fault first,
                     enum broken_fault last) {
    for (enum broken_fault fault = first; fault <= last; fault++) {
        enum outcome outcome = plant(kernel, threads, fault);
        report(kernel, fault, outcome);
        if (outcome == SEEN)
            return true;
    }
    return false;
}

static unsigned uses_at_centre(const struct kernel *kernel) {
    struct params params = {.axes = kernel->axes};
    return kernel->uses & ~(kernel->without ? kernel->without(&params) : 0);
}

static void each_check_sees_a_wrong_access(void **state) {
    (void)state;
    for (const struct kernel *const *k = lowering_broken.kernels; *k; k++)
        if (!(*k)->forms_only && uses_at_centre(*k) & (USES_LOAD | USES_STORE) &&
            !sees_one(*k, (*k)->min_threads, FAULT_LOST_STORE, FAULT_LOST_LOAD))
            fail_msg("%s sees no wrong access", (*k)->name);
}

/* Threads share something if a kernel runs on several and synchronises them. */
static bool shares(const struct kernel *kernel) {
    return kernel->max_threads != 1 && !kernel->forms_only;
}

static void each_check_sees_a_wrong_order(void **state) {
    (void)state;
    for (const struct kernel *const *k = lowering_broken.kernels; *k; k++)
        if (shares(*k) && !sees_one(*k, 2, FAULT_LATE_STORE, FAULT_NO_FENCE))
            fail_msg("%s sees no wrong order", (*k)->name);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_check_sees_a_wrong_access),
        cmocka_unit_test(each_check_sees_a_wrong_order),
    };
#ifdef __SANITIZE_ADDRESS__
    puts("the checks are the same C without sanitizers, and threads race more there");
    return 77;
#endif
    if (machine_source() != SOURCE_MEASURED) {
        puts("the checks are the same C everywhere, and threads hardly race under emulation");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
