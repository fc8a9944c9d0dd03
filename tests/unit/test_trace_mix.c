/* SPDX-License-Identifier: MIT */
/* test_trace_mix.c: counts of made-up windows, by hand. */
#include <math.h>

#include "fakes/made_trace.h"
#include "trace/trace_mix.h"
#include "unit/cmocka_all.h"

static void assert_near(double value, double wanted) {
    if (fabs(value - wanted) > 1e-9 * (1 + fabs(wanted)))
        fail_msg("%.17g is not %.17g", value, wanted);
}

static void a_window_is_counted(void **state) {
    (void)state;
    struct trace_mix mix = trace_mix_window(&made_trace()->windows[0]);
    assert_near(mix.instructions, 0x1p40);
    assert_near(mix.blocks, 2); /* one of each stream */
    assert_near(mix.loads.count, 3);
    assert_near(mix.loads.bytes, 4 + 10 + 2);
    assert_near(mix.loads.sizes[1] + mix.loads.sizes[2] + mix.loads.sizes[4], 3);
    assert_near(mix.loads.bases[TRACE_BASE_STACK], 1);
    assert_near(mix.loads.bases[TRACE_BASE_RIP], 1);
    assert_near(mix.loads.indexed, 1);
    assert_near(mix.loads.displaced, 1);
    assert_near(mix.loads.vector, 1);
    assert_near(mix.loads.unaligned, 2);
    assert_near(mix.loads.crosses_16, 0);
    assert_near(mix.loads.dependent, 0);
    assert_near(mix.stores.count, 2);
    assert_near(mix.stores.sizes[2] + mix.stores.sizes[7], 2);
    assert_near(mix.stores.vector, 1);
    assert_near(mix.stores.nontemporal, 1);
    assert_near(mix.stores.dependent, 1);
    assert_near(mix.stores.unaligned, 1);
    assert_near(mix.stores.crosses_16, 1); /* 64 bytes must */
    assert_near(mix.stores.crosses_line, 0);
    assert_near(mix.rmws.count, 2);
    assert_near(mix.rmw[TRACE_CMPXCHG], 1);
    assert_near(mix.rmw[TRACE_XADD], 1);
    assert_near(mix.rmws.bases[TRACE_BASE_SEGMENT], 1);
    assert_near(mix.movs.count, 1);
    assert_near(mix.movs.elements, 10);
    assert_near(mix.movs.bytes, 80);
    assert_near(mix.stos.bytes, 8192);
    assert_near(mix.fence[TRACE_SFENCE], 1);
    assert_near(mix.footprint_bytes, 8192);
    assert_near(mix.footprint_lines, 128);
    assert_near(mix.footprint_pages, 2);
    assert_near(mix.depth, 2);
}

static struct trace_mix mix_of(struct trace_access *accesses, size_t count) {
    struct trace_stream stream = {accesses, count};
    struct trace_window window = {
        .streams = &stream, .stream_count = 1, .arena_bytes = 8192, .instructions = 200};
    return trace_mix_window(&window);
}

static void what_crosses_is_counted(void **state) {
    (void)state;
    struct trace_access loads[] = {
        {.kind = TRACE_LOAD, .size = 8, .count = 1, .offset = 4},    /* nothing: only unaligned */
        {.kind = TRACE_LOAD, .size = 8, .count = 1, .offset = 12},   /* 16 */
        {.kind = TRACE_LOAD, .size = 8, .count = 1, .offset = 60},   /* 64 too */
        {.kind = TRACE_LOAD, .size = 8, .count = 1, .offset = 4089}, /* 4096 too */
        {.kind = TRACE_LOAD, .size = 8, .count = 1, .offset = 4088},
    };
    struct trace_mix mix = mix_of(loads, 5);
    assert_near(mix.loads.unaligned, 4);
    assert_near(mix.loads.crosses_16, 3);
    assert_near(mix.loads.crosses_line, 2);
    assert_near(mix.loads.crosses_page, 1);
    assert_near(trace_measure(&mix, MIX_unaligned), 80);
    assert_near(trace_measure(&mix, MIX_loads), 2.5);
    assert_near(trace_measure(&mix, MIX_rep_bytes), 0); /* there are none */
}

static void what_is_touched_twice_is_counted_once(void **state) {
    (void)state;
    struct trace_access accesses[] = {
        {.kind = TRACE_LOAD, .size = 8, .count = 1, .offset = 4092},
        {.kind = TRACE_STORE, .size = 4, .count = 1, .offset = 4094},
        {.kind = TRACE_LOAD, .size = 1, .count = 1, .offset = 0},
        {.kind = TRACE_MOVS, .size = 1, .count = 3, .offset = 1, .to_offset = 128},
        {.kind = TRACE_BLOCK},
    };
    struct trace_mix mix = mix_of(accesses, 5);
    assert_near(mix.footprint_bytes, 8 + 1 + 3 + 3);
    assert_near(mix.footprint_lines, 4);
    assert_near(mix.footprint_pages, 2);
}

static void chains_go_through_addresses_alone(void **state) {
    (void)state;
    struct trace_access accesses[] = {
        {.kind = TRACE_LOAD, .size = 8, .count = 1},
        {.kind = TRACE_LOAD, .size = 8, .count = 1, .address_from = 1},
        {.kind = TRACE_STORE, .size = 8, .count = 1, .address_from = 1, .data_from = 1},
        {.kind = TRACE_RMW, .size = 8, .count = 1, .address_from = 2, .data_from = 2},
        {.kind = TRACE_RMW, .size = 8, .count = 1, .data_from = 1},
        {.kind = TRACE_LOAD, .size = 8, .count = 1, .address_from = 1},
    };
    struct trace_mix mix = mix_of(accesses, 6);
    assert_near(mix.depth, 3);
    assert_near(mix.loads.dependent, 2);
    assert_near(trace_measure(&mix, MIX_dependent), 200 / 3.0);
}

/* Per instruction, each window as much as it stands for. */
static void a_trace_is_the_mean_of_its_windows(void **state) {
    (void)state;
    struct trace *trace = made_trace();
    struct trace_mix first = trace_mix_window(&trace->windows[0]),
                     second = trace_mix_window(&trace->windows[1]), mix = trace_mix(trace);
    assert_near(mix.instructions, (0x1p40 + 0x1p33) / 2);
    assert_near(mix.loads.count / mix.instructions,
                (0.1 * first.loads.count / 0x1p40 + 0.7 * second.loads.count / 0x1p33) / 0.8);
    assert_near(mix.rmw[TRACE_XADD] / mix.instructions, 0.1 / 0x1p40 / 0.8);
    assert_near(mix.footprint_bytes, (0.1 * 8192 + 0.7 * 2) / 0.8);
    assert_near(mix.depth, (0.1 * 2 + 0.7 * 1) / 0.8);
    trace->windows[0].stands_for = trace->windows[1].stands_for = 0;
    mix = trace_mix(trace);
    assert_near(mix.depth, 1.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_is_counted),
        cmocka_unit_test(what_crosses_is_counted),
        cmocka_unit_test(what_is_touched_twice_is_counted_once),
        cmocka_unit_test(chains_go_through_addresses_alone),
        cmocka_unit_test(a_trace_is_the_mean_of_its_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
