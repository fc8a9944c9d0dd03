/* SPDX-License-Identifier: MIT
 *
 * Calls that fault come back with their signal, on any thread, more than once, and calls that do
 * not come back with 0.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

#include "threads/fault.h"
#include "unit/cmocka_all.h"

static void harmless(void *context, unsigned thread) {
    ((unsigned *)context)[thread]++;
}

static void segfault(void *context, unsigned thread) {
    (void)thread;
    *(volatile char *)context = 1;
}

static void illegal(void *context, unsigned thread) {
    (void)context, (void)thread;
    raise(SIGILL);
}

static void bus_error(void *context, unsigned thread) {
    (void)context, (void)thread;
    raise(SIGBUS);
}

static void *on_thread(void *forbidden) {
    unsigned called[2] = {0};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(fault_of(segfault, forbidden, 0), SIGSEGV);
        assert_int_equal(fault_of(harmless, called, 1), 0);
    }
    assert_int_equal(called[1], 3);
    return NULL;
}

static void a_fault_comes_back_as_its_signal(void **state) {
    (void)state;
    void *forbidden = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_t other;
    assert_int_equal(pthread_create(&other, NULL, on_thread, forbidden), 0);
    on_thread(forbidden);
    pthread_join(other, NULL);
    assert_int_equal(fault_of(illegal, NULL, 0), SIGILL);
    assert_int_equal(fault_of(bus_error, NULL, 0), SIGBUS);
    munmap(forbidden, 4096);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_fault_comes_back_as_its_signal)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
