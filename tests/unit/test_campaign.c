/* SPDX-License-Identifier: MIT
 *
 * Campaigns: which block comes next, without measuring anything: blocks are made up here, with a
 * known spread, and the campaign must ask for more exactly where that is needed.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "block/block.h"
#include "run/campaign.h"

static struct plan small_plan(void) {
    struct plan_request request = {.suite = plan_suite("smoke"), .cpu_count = 2, .features = ~0u};
    for (int i = 0; i < 4; i++)
        request.level[i].bytes = 1 << 16;
    request.model[MEMMODEL_FIXED_TSO] = true;
    return plan_make(&request);
}

/* A block of `set` whose cells all take 1000 ticks but for the second, which takes `ticks`. */
static json_t *made_up(const struct set *set, int ticks) {
    json_t *cells = json_array();
    for (unsigned i = 0; i < set->cell_count; i++) {
        const struct cell *cell = &set->cells[i];
        int mine = i == 1 ? ticks : 100000;
        json_array_append_new(cells, json_pack("{s:s, s:s, s:s, s:i, s:[i, i, n], s:i}", "lowering",
                                               cell->name, "role", role_name(cell->role), "model",
                                               memmodel_name(cell->model), "ops", 10 + (int)i,
                                               "ticks", mine, mine, "check_failed", 0));
    }
    return json_pack("{s:s, s:s, s:i, s:o}", "type", "block", "set", set->name, "rounds", 3,
                     "cells", cells);
}

static void absorb(struct campaign *campaign, json_t *line) {
    campaign_absorb(campaign, line);
    json_decref(line);
}

/* What a block leaves out keeps its place: the next block is told the right numbers. */
static void a_cell_that_faulted_keeps_its_place(void **state) {
    (void)state;
    struct plan plan = small_plan();
    struct campaign campaign;
    struct campaign_options options = {.min_blocks = 2, .max_blocks = 2, .limit_seconds = 100};
    campaign_open(&campaign, &plan, &options);
    size_t index = 0;
    while (!plan.sets[index].kernel->may_fault)
        index++;
    const struct set *set = &plan.sets[index];
    enum { GONE = 3 };
    assert_true(set->cell_count > GONE + 1);
    for (int block = 0; block < 2; block++) {
        json_t *line = made_up(set, 100000);
        json_array_remove(json_object_get(line, "cells"), GONE);
        absorb(&campaign, line);
    }
    struct job job = {.request.suite = plan_suite("smoke"), .source = SOURCE_MEASURED}, parsed;
    for (unsigned i = 0; i < set->cell_count; i++)
        job.ops[i] = campaign.sets[index].ops[i];
    char *text = job_print(&job);
    job_parse(&parsed, text);
    free(text);
    for (unsigned i = 0; i < set->cell_count; i++)
        assert_int_equal(parsed.ops[i], i == GONE ? 0 : 10 + i);
    assert_true(campaign_half_width(&campaign, (unsigned)index) < 1e-9);
    campaign_close(&campaign);
    plan_free(&plan);
}

static void every_set_gets_its_blocks_and_noisy_ones_more(void **state) {
    (void)state;
    struct plan plan = small_plan();
    struct campaign campaign;
    struct campaign_options options = {.min_blocks = 6,
                                       .max_blocks = 9,
                                       .limit_seconds = 100,
                                       .target_single = 0.002,
                                       .target_multi = 0.002,
                                       .seed = 5};
    campaign_open(&campaign, &plan, &options);
    assert_int_equal(campaign_remaining(&campaign), 6 * plan.count);
    for (int index; (index = campaign_next(&campaign, 1)) >= 0;) {
        /* Set 0 wavers by 2 % from block to block; the others by 0.02 %. */
        int step = index == 0 ? 1000 : 10;
        int ticks = 100000 + step * (int)(campaign.sets[index].blocks % 3);
        absorb(&campaign, made_up(&plan.sets[index], ticks));
    }
    assert_int_equal(campaign.sets[0].blocks, 9);
    for (size_t i = 1; i < plan.count; i++)
        assert_int_equal(campaign.sets[i].blocks, 6);
    assert_true(campaign_half_width(&campaign, 0) > 0.002);
    assert_true(campaign_half_width(&campaign, 1) < 0.002);
    assert_int_equal(campaign.sets[0].rounds, 3);
    assert_int_equal(campaign.sets[0].ops[0], 10);
    campaign_close(&campaign);
    plan_free(&plan);
}

static void the_limit_stops_extra_blocks_only(void **state) {
    (void)state;
    struct plan plan = small_plan();
    struct campaign campaign;
    struct campaign_options options = {.min_blocks = 2, .max_blocks = 50, .limit_seconds = 10};
    campaign_open(&campaign, &plan, &options);
    for (int index; (index = campaign_next(&campaign, 11)) >= 0;)
        absorb(&campaign, made_up(&plan.sets[index], 100000));
    for (size_t i = 0; i < plan.count; i++)
        assert_int_equal(campaign.sets[i].blocks, 2);
    campaign_close(&campaign);
    plan_free(&plan);
}

static void a_set_that_keeps_dying_is_given_up(void **state) {
    (void)state;
    struct plan plan = small_plan();
    struct campaign campaign;
    struct campaign_options options = {.min_blocks = 5,
                                       .max_blocks = 5,
                                       .limit_seconds = 10,
                                       .target_single = 1,
                                       .target_multi = 1};
    campaign_open(&campaign, &plan, &options);
    unsigned tries = 0;
    for (int index; (index = campaign_next(&campaign, 0)) >= 0;) {
        if (index == 2) {
            tries++;
            absorb(&campaign, json_pack("{s:s, s:s}", "type", "failed", "set", plan.sets[2].name));
        } else {
            absorb(&campaign, made_up(&plan.sets[index], 100000));
        }
    }
    assert_int_equal(tries, CAMPAIGN_TRIES);
    assert_int_equal(campaign.failed, CAMPAIGN_TRIES);
    assert_int_equal(campaign.done, 5 * (plan.count - 1));
    assert_int_equal(campaign_remaining(&campaign), 0);
    assert_int_equal(campaign_lacking(&campaign), 1);
    /* The next session tries it again, as blocks of other numbers. */
    campaign_resume(&campaign);
    assert_int_equal(campaign_remaining(&campaign), 5);
    assert_int_equal(campaign_next(&campaign, 0), 2);
    assert_int_equal(campaign.sets[2].attempts, CAMPAIGN_TRIES);
    campaign_close(&campaign);
    plan_free(&plan);
}

/* What made a block fail may pass: the set comes again after the others, and misses nothing. */
static void a_set_that_failed_once_has_all_its_blocks(void **state) {
    (void)state;
    struct plan plan = small_plan();
    struct campaign campaign;
    struct campaign_options options = {.min_blocks = 2, .max_blocks = 2, .limit_seconds = 10};
    campaign_open(&campaign, &plan, &options);
    size_t steps = 0, failed_at = 0, again_at = 0;
    for (int index; (index = campaign_next(&campaign, 0)) >= 0; steps++) {
        if (index == 2 && failed_at == 0) {
            failed_at = steps + 1;
            absorb(&campaign, json_pack("{s:s, s:s}", "type", "failed", "set", plan.sets[2].name));
            assert_true(campaign_patience(&campaign, 2) > 0);
            continue;
        }
        if (index == 2 && again_at == 0)
            again_at = steps;
        absorb(&campaign, made_up(&plan.sets[index], 100000));
    }
    assert_true(again_at > plan.count - 1); /* in a later pass */
    assert_int_equal(steps, 2 * plan.count + 1);
    for (size_t i = 0; i < plan.count; i++)
        assert_int_equal(campaign.sets[i].blocks, 2);
    assert_int_equal(campaign_lacking(&campaign), 0);
    assert_true(campaign_patience(&campaign, 2) == 0);
    campaign_close(&campaign);
    plan_free(&plan);
}

static void seeds_differ_and_repeat(void **state) {
    (void)state;
    struct plan plan = small_plan();
    struct campaign a, b;
    struct campaign_options options = {.min_blocks = 2, .max_blocks = 2, .seed = 9};
    campaign_open(&a, &plan, &options);
    campaign_open(&b, &plan, &options);
    assert_true(campaign_seed(&a, 0) == campaign_seed(&b, 0));
    assert_true(campaign_seed(&a, 0) != campaign_seed(&a, 1));
    uint64_t first = campaign_seed(&a, 0);
    absorb(&a, made_up(&plan.sets[0], 100000));
    assert_true(campaign_seed(&a, 0) != first);
    campaign_close(&a);
    campaign_close(&b);
    plan_free(&plan);
}

/* A job survives its journey to the block's process. */
static void jobs_survive_json(void **state) {
    (void)state;
    struct job job = {.block = 3, .seed = INT64_MAX, .rounds = 7, .ticks_per_ns = 2.3456789012345},
               back;
    job.request =
        (struct plan_request){.suite = plan_suite("full"), .cpu_count = 2, .features = 0x30001};
    job.request.model[MEMMODEL_TSO] = true;
    job.request.level[2].bytes = UINT64_C(1) << 40;
    snprintf(job.request.level[3].reason, sizeof job.request.level[3].reason, "because");
    snprintf(job.set, sizeof job.set, "memcpy/a=b/threads=1");
    job.source = SOURCE_MEASURED;
    job.cpus[0] = 1;
    job.cpus[1] = 5;
    job.ops[0] = UINT64_C(1) << 33;
    job.ops[1] = 2;
    char *text = job_print(&job);
    job_parse(&back, text);
    free(text);
    assert_memory_equal(&job, &back, sizeof job);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_that_faulted_keeps_its_place),
        cmocka_unit_test(every_set_gets_its_blocks_and_noisy_ones_more),
        cmocka_unit_test(the_limit_stops_extra_blocks_only),
        cmocka_unit_test(a_set_that_keeps_dying_is_given_up),
        cmocka_unit_test(a_set_that_failed_once_has_all_its_blocks),
        cmocka_unit_test(seeds_differ_and_repeat),
        cmocka_unit_test(jobs_survive_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
