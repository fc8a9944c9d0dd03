/* SPDX-License-Identifier: MIT
 *
 * test_arena.c: the page size that is reported against the number of page faults.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/arena.h"
#include "machine/virt.h"
#include "unit/cmocka_all.h"

enum { MIB = 1 << 20, BYTES = 4 * MIB };

static unsigned base_kib(void) {
    return (unsigned)sysconf(_SC_PAGESIZE) / 1024;
}

static void skip_under_emulator(void) {
    char how[96];
    if (virt_emulated(how, sizeof how)) /* its smaps is made up */
        skip();
}

static long faults(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

static void memory_is_zeroed_and_aligned(void **state) {
    (void)state;
    const size_t sizes[] = {0, 1, 4096, 2 * MIB, 2 * MIB + 1, BYTES};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *arena = arena_alloc(sizes[i]);
        assert_non_null(arena);
        assert_int_equal((uintptr_t)arena % (2 * MIB), 0);
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(arena[k], 0);
        memset(arena, 1, sizes[i]);
        arena_free(arena);
    }
    arena_free(NULL);
    assert_null(arena_alloc(SIZE_MAX));
    assert_null(arena_alloc((size_t)1 << 62));
}

static void page_size_is_what_faults_say(void **state) {
    (void)state;
    skip_under_emulator();
    char *arena = arena_alloc(BYTES);
    assert_int_equal(arena_page_kib(arena, BYTES), 0); /* not touched */
    long before = faults();
    memset(arena, 1, BYTES);
    long taken = faults() - before;
    unsigned kib = arena_page_kib(arena, BYTES);
    print_message("%u KiB, %ld faults\n", kib, taken);
    if (kib > base_kib())
        assert_true(taken < 100);
    else if (kib == base_kib()) /* the kernel may map 16 small pages at a fault */
        assert_true(taken >= (long)(BYTES / 1024 / kib / 16));
    arena_free(arena);
}

static void small_pages_are_seen(void **state) {
    (void)state;
    skip_under_emulator();
    char *arena = arena_alloc(BYTES);
    madvise(arena, BYTES, MADV_NOHUGEPAGE);
    memset(arena, 1, BYTES);
    assert_int_equal(arena_page_kib(arena, BYTES), base_kib());
    /* A hole */
    madvise(arena + MIB, MIB, MADV_DONTNEED);
    assert_int_equal(arena_page_kib(arena, BYTES), 0);
    arena_free(arena);
}

static void mixed_pages_are_seen(void **state) {
    (void)state;
    skip_under_emulator();
    char *arena = arena_alloc(BYTES);
    arena[0] = 1; /* by now, a huge page if there are any */
    if (arena_page_kib(arena, 1) == base_kib())
        skip();
    madvise(arena, BYTES, MADV_NOHUGEPAGE);
    memset(arena, 1, BYTES);
    assert_int_equal(arena_page_kib(arena, BYTES), 0);
    arena_free(arena);
}

/* Neighbours are of one kind, and still each tells its own. */
static void neighbours_are_apart(void **state) {
    (void)state;
    skip_under_emulator();
    char *arenas[4];
    for (int i = 0; i < 4; i++) {
        arenas[i] = arena_alloc(2 * MIB);
        if (i % 2)
            memset(arenas[i], 1, 2 * MIB);
    }
    for (int i = 0; i < 4; i++) {
        unsigned kib = arena_page_kib(arenas[i], 2 * MIB);
        assert_true(i % 2 ? kib > 0 : kib == 0);
    }
    for (int i = 0; i < 4; i++)
        arena_free(arenas[i]);
}

static void write_outside(char *at) {
    pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* neither cmocka's handler nor a sanitizer's */
        *(volatile char *)at = 1;
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

static void writes_outside_die(void **state) {
    (void)state;
    char *arena = arena_alloc(2 * MIB);
    write_outside(arena - 1);
    write_outside(arena + 2 * MIB);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(page_size_is_what_faults_say),
        cmocka_unit_test(small_pages_are_seen),
        cmocka_unit_test(mixed_pages_are_seen),
        cmocka_unit_test(neighbours_are_apart),
        cmocka_unit_test(writes_outside_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
