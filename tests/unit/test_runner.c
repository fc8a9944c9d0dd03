/* SPDX-License-Identifier: MIT */
/* LINK: -Wl,--wrap=perf_evsel__open,--wrap=perf_evsel__close,--wrap=cpuname_midr */
/* LINK: -Wl,--wrap=perf_evsel__enable,--wrap=perf_evsel__disable,--wrap=perf_evsel__read */
/* LINK: -Wl,--wrap=perf_evsel__mmap,--wrap=perf_evsel__munmap,--wrap=perf_evsel__mmap_base */
/* LINK: -Wl,--wrap=crew_barrier,--wrap=disturb_moved */
/* test_runner.c: what a runner counts, keeps and touches, with a kernel of our own: waiting for
 * other threads is not counted, a sample of a thread that was moved is spoiled, and no page of the
 * state is touched before its thread lays it out. */
#include <jansson.h>
#include <math.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include "block/block.h"
#include "block/runner.h"
#include "count/counting.h"
#include "fakes/fake_perf.h"
#include "fakes/plant_core.h"
#include "plan/registry.h"
#include "threads/crew.h"
#include "unit/cmocka_all.h"

enum { THREADS = 2, PAGES = 2, INSTRUCTIONS = 0x0008, WAITING = 1000000 };

/* A barrier is where a core executes much. Which is the last before the timed code? */
void __real_crew_barrier(struct crew *crew);
void __wrap_crew_barrier(struct crew *crew);
void __wrap_crew_barrier(struct crew *crew) {
    fake_count(INSTRUCTIONS, WAITING);
    __real_crew_barrier(crew);
}

static bool moved; /* every thread, always */
bool __wrap_disturb_moved(unsigned cpu);
bool __wrap_disturb_moved(unsigned cpu) {
    (void)cpu;
    return moved;
}

/* The kernel: a page of the state for each thread. It works as long as it is told to. */
static uint64_t page_bytes, spin;
static unsigned calls, touched_before;

static bool is_touched(const uint8_t *page) {
    unsigned char resident = 0;
    assert_int_equal(mincore((void *)page, page_bytes, &resident), 0);
    return resident & 1;
}

static void setup(struct work *work, unsigned thread) {
    uint8_t *page = (uint8_t *)work->state + thread * page_bytes;
    touched_before += is_touched(page);
    *page = 1;
}

static void prepare(struct work *work, uint64_t ops) {
    (void)work, (void)ops;
}

static void run(struct work *work, unsigned thread, uint64_t ops) {
    (void)work;
    calls += thread == 0;
    for (volatile uint64_t i = 0; i < ops * spin; i++) {
    }
}

static const char *check(struct work *work, uint64_t ops) {
    (void)work, (void)ops;
    return NULL;
}

static struct kernel kernel = {.name = "fake",
                               .family = "tests",
                               .op = "turn",
                               .min_threads = 1,
                               .setup = setup,
                               .prepare = prepare,
                               .run = run,
                               .check = check};
static const struct axis no_axes[] = {{0}};

static struct set set_of(unsigned threads) {
    size_t count;
    const struct lowering *plain = registry_lowerings(&count)[0];
    kernel.state_bytes = PAGES * page_bytes;
    kernel.axes = no_axes;
    struct set set = {.kernel = &kernel, .threads = threads, .cell_count = 1};
    set.cells[0] = (struct cell){
        .name = plain->name, .model = MEMMODEL_FIXED_TSO, .lowering = plain, .run = run};
    return set;
}

static cpu_set_t allowed; /* before a crew has pinned this thread */

static struct crew *crew_of(unsigned threads) {
    static unsigned cpus[THREADS];
    char why[128];
    unsigned found = 0;
    for (unsigned cpu = 0; cpu < CPU_SETSIZE && found < threads; cpu++)
        if (CPU_ISSET(cpu, &allowed))
            cpus[found++] = cpu;
    return found < threads ? NULL : crew_start(cpus, threads, why, sizeof why);
}

static int begin(void **state) {
    page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
    spin = 1000;
    moved = false;
    calls = touched_before = 0;
    memset(midr, 0, sizeof midr);
    fake_begin();
    return plant_begin(state);
}

static void waiting_for_others_is_not_counted(void **state) {
    (void)state;
    struct crew *crew = crew_of(THREADS);
    if (crew == NULL)
        skip();
    struct runner runner;
    struct set set = set_of(THREADS);
    const uint64_t ops = 10;
    plant_core("armv8_pmuv3_0", "8", 0, 255, N1);
    counting_choose("none"); /* cycles and instructions alone */
    fake.quiet = true;
    runner_open(&runner, &set, crew, 1);
    runner_calibrate(&runner, &ops);
    runner_begin(&runner, 4);
    for (int i = 0; i < 4; i++)
        runner_round(&runner);
    json_t *cell = json_object(), *count;
    size_t i;
    counting_add_cell(runner.counting, 0, 4, cell);
    json_t *counts = json_object_get(cell, "instructions");
    assert_int_equal(json_array_size(counts), 4);
    json_array_foreach(counts, i, count) {
        assert_true(json_is_integer(count));
        assert_true(json_integer_value(count) < WAITING);
    }
    json_decref(cell);
    runner_close(&runner);
    crew_stop(crew);
}

static void a_sample_of_a_moved_thread_is_spoiled(void **state) {
    (void)state;
    struct crew *crew = crew_of(1);
    struct runner runner;
    struct set set = set_of(1);
    assert_non_null(crew);
    runner_open(&runner, &set, crew, 1);
    moved = true;
    runner_calibrate(&runner, NULL);
    assert_true(calls <= 10 * 3); /* it gives up: two samples each, one with a lead-in */
    assert_int_equal(runner.samples[0].ops, 1);
    runner_begin(&runner, 1);
    runner_round(&runner);
    assert_true(runner.samples[0].ticks[0] == SPOILED);
    assert_int_equal(runner.samples[0].migrated, 1);

    moved = false;
    spin = 1;
    runner_calibrate(&runner, NULL);
    assert_true(runner.samples[0].ops > 1000);
    runner_begin(&runner, 1);
    runner_round(&runner);
    assert_true(runner.samples[0].ticks[0] > 0 && runner.samples[0].ticks[0] < SPOILED);
    assert_int_equal(runner.samples[0].migrated, 0);
    runner_close(&runner);
    crew_stop(crew);
}

static void a_state_is_first_touched_by_its_thread(void **state) {
    (void)state;
    struct crew *crew = crew_of(THREADS);
    if (crew == NULL)
        skip();
    struct runner runner;
    struct set set = set_of(THREADS);
    runner_open(&runner, &set, crew, 1);
    assert_int_equal(touched_before, 0);
    runner_close(&runner);
    crew_stop(crew);
}

static void *untouched(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    return memory;
}

static size_t touched_pages(const uint8_t *memory, size_t bytes) {
    size_t count = 0;
    for (size_t at = 0; at < bytes; at += page_bytes)
        count += is_touched(memory + at);
    return count;
}

/* Thread 0 prepares every sample: it must find no page of which no setup() had made a thread's. */
static void prepare_finds_a_state_laid_out(void **state) {
    (void)state;
    size_t count;
    const struct kernel *const *each = registry_lowerings(&count)[0]->kernels;
    for (; *each; each++) {
        const struct kernel *it = *each;
        struct params params = {.axes = it->axes};
        unsigned threads = it->max_threads && it->max_threads < 64 ? it->max_threads : 64;
        size_t streams = it->streams ? it->streams : 1, footprint = 1 << 20;
        size_t arena_bytes = streams * footprint + LINE_BYTES;
        if (it->max_threads == 1)
            continue;
        while (kernel_extras(it)->fits && !kernel_extras(it)->fits(footprint, threads))
            threads--;
        struct work work = {.params = &params,
                            .threads = threads,
                            .footprint = footprint,
                            .arena = untouched(arena_bytes),
                            .state = untouched(it->state_bytes + 1),
                            .nonce = 1};
        for (unsigned thread = 0; thread < threads; thread++)
            it->setup(&work, thread);
        size_t before = touched_pages(work.state, it->state_bytes);
        it->prepare(&work, 64);
        if (touched_pages(work.state, it->state_bytes) != before)
            fail_msg("%s with %u threads: prepare() is the first to touch a page of the state",
                     it->name, threads);
        munmap(work.arena, arena_bytes);
        munmap(work.state, it->state_bytes + 1);
    }
}

/* Long rounds get more time, and never without end. */
static void few_long_rounds_take_longer(void **state) {
    (void)state;
    assert_true(block_seconds(0.09, 0.001) == 0.09);
    assert_true(block_seconds(0.09, 0.01) == 0.16);
    assert_true(block_seconds(0.09, 0.3) == 0.36);
}

int main(void) {
    sched_getaffinity(0, sizeof allowed, &allowed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(waiting_for_others_is_not_counted, begin, plant_end),
        cmocka_unit_test_setup_teardown(a_sample_of_a_moved_thread_is_spoiled, begin, plant_end),
        cmocka_unit_test_setup_teardown(a_state_is_first_touched_by_its_thread, begin, plant_end),
        cmocka_unit_test_setup_teardown(prepare_finds_a_state_laid_out, begin, plant_end),
        cmocka_unit_test(few_long_rounds_take_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
