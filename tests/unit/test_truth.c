/* SPDX-License-Identifier: MIT
 *
 * Runs whose truth is known, because they are made up: a TSO tax of 0, 3 and 25 %, with noise,
 * drift, two modes and a dead cell. What the project says of them must be true.
 */
#include <math.h>

#include "claims/claims.h"
#include "fakes/made_run.h"
#include "stats/rng.h"
#include "summary/summary.h"
#include "unit/cmocka_all.h"

enum { BLOCKS = 10, ROUNDS = 60 };

/* What is wrong with a made-up run. */
struct world {
    double tax;         /* of plain@tso over plain@weak */
    double trend;       /* of the baseline, from first block to last */
    double modes;       /* distance of two modes that all cells share, by block */
    bool dead;          /* plain@weak has no sample that counts */
    const char *litmus; /* weak outcomes of MP under tso */
};

static double normal(struct rng *rng) {
    return sqrt(-2 * log(1 - rng_double(rng))) * cos(2 * M_PI * rng_double(rng));
}

static void write_cell(FILE *out, struct rng *rng, const char *lowering, const char *role,
                       const char *model, const char *sound, const double *clock, double truth,
                       bool dead) {
    double effect = 1 + 0.001 * normal(rng); /* of this process on this cell */
    fprintf(out,
            "%s{\"lowering\":\"%s\",\"role\":\"%s\",\"coverage\":\"all\",\"model\":\"%s\","
            "\"sound\":%s,\"witness\":null,\"symbol\":\"f\",\"ops\":1000,\"migrated\":0,"
            "\"preempted\":0,\"check_failed\":0,\"check_message\":null,\"ticks\":[",
            strcmp(role, "baseline") ? "," : "", lowering, role, model, sound);
    for (int i = 0; i < ROUNDS; i++) {
        double noise = exp(0.01 * normal(rng)) * (rng_below(rng, 50) ? 1 : 3);
        if (dead)
            fprintf(out, "%snull", i ? "," : "");
        else
            fprintf(out, "%s%.0f", i ? "," : "", 2e5 * clock[i] * truth * effect * noise);
    }
    for (int before = 1; before >= 0; before--) {
        fprintf(out, "],\"chain_%s\":[", before ? "before" : "after");
        for (int i = 0; i < ROUNDS; i++)
            fprintf(out, "%s%.0f", i ? "," : "", 8000 * clock[i]);
    }
    fputs("]}", out);
}

static void write_world(const struct world *world, uint64_t seed) {
    struct rng rng;
    rng_seed(&rng, seed);
    unlink(made_samples);
    made_append(MADE_BEGIN);
    FILE *out = fopen(made_samples, "a");
    for (int b = 0; b < BLOCKS; b++) {
        double clock[ROUNDS], base = 1 + 0.05 * normal(&rng);
        double mode = world->modes > 0 && b % 2 ? 1 + world->modes : 1;
        double trend = 1 + world->trend * b / (BLOCKS - 1);
        for (int i = 0; i < ROUNDS; i++) /* wanders, and all cells of a round see it */
            clock[i] = base * (1 + 0.02 * sin(i / 7.0));
        fprintf(out,
                "{\"format\":1,\"type\":\"block\",\"set\":\"ticket_lock/-/threads=1\",\"kernel\":"
                "\"ticket_lock\",\"params\":\"-\",\"op\":\"lock\",\"threads\":1,\"placement\":"
                "\"0\",\"footprint\":0,\"bytes_per_op\":0,\"page_kib\":4,\"block\":%d,\"seed\":"
                "\"0x1\",\"source\":\"measured\",\"time\":\"2026-11-22T13:45:00Z\",\"rounds\":%d,"
                "\"ticks_per_ns\":2,"
                "\"chain_adds\":12000,\"order\":[],\"cells\":[",
                b, ROUNDS);
        write_cell(out, &rng, "plain", "baseline", "tso", "true", clock, mode, false);
        write_cell(out, &rng, "plain", "aa", "tso", "true", clock, mode, false);
        write_cell(out, &rng, "plain", "twin", "tso", "true", clock, mode, false);
        write_cell(out, &rng, "plain", "lowering", "weak", "false", clock,
                   mode * trend / (1 + world->tax), world->dead);
        write_cell(out, &rng, "ldar-stlr", "lowering", "weak", "true", clock, mode * 2, false);
        fprintf(out,
                "],\"battery\":{\"before\":[{\"model\":\"tso\",\"test\":\"MP\",\"runs\":1000,"
                "\"relaxed\":%s,\"forbidden\":true},{\"model\":\"weak\",\"test\":\"MP\",\"runs\":"
                "1000,\"relaxed\":3,\"forbidden\":true}],\"after\":[]},\"skipped\":[]}\n",
                world->litmus ? world->litmus : "0");
    }
    fputs(MADE_END, out);
    fclose(out);
}

static const struct summary_row *row_of(const struct summary *summary, const char *lowering,
                                        const char *model, const char *role) {
    for (size_t i = 0; i < summary->count; i++)
        if (strcmp(summary->rows[i].lowering, lowering) == 0 &&
            strcmp(memmodel_name(summary->rows[i].model), model) == 0 &&
            strcmp(role_name(summary->rows[i].role), role) == 0)
            return &summary->rows[i];
    fail_msg("no row %s@%s", lowering, model);
    return NULL;
}

/* The made run against all claims. */
static struct tested_run *test_made(void) {
    static struct given_run given;
    given = (struct given_run){.directory = made_directory};
    return claims_test(&given, 1, 0, NULL);
}

static enum verdict verdict_of(const struct tested_run *run, const char *id) {
    for (size_t i = 0; i < claim_count; i++)
        if (strcmp(claims[i].id, id) == 0)
            return run->judgements[i].verdict;
    fail_msg("no claim %s", id);
    return NOT_TESTABLE;
}

static void write_machine(const char *core) {
    char path[128];
    snprintf(path, sizeof path, "%s/machine.json", made_directory);
    FILE *out = fopen(path, "w");
    fprintf(out, "{\"machine\":\"made-up\",\"cpus\":[{\"cpus\":\"0-3\",\"name\":\"%s\"}]}", core);
    fclose(out);
}

/* 40 runs at each tax: about two of 40 intervals may miss the truth, four are too many; what is
 * decided must be true. S7 says below 1.03, H17b says above 1.2 somewhere, H22 above 1.005. */
static void taxes(void **state) {
    (void)state;
    static const struct {
        double tax;
        enum verdict s7, h17b, h22;
    } cases[] = {{0, HOLDS, REFUTED, REFUTED},
                 {0.03, UNDECIDED, REFUTED, HOLDS},
                 {0.25, REFUTED, HOLDS, HOLDS}};
    write_machine("Apple M1 Firestorm");
    for (size_t i = 0; i < 3; i++) {
        int missed = 0, undecided = 0;
        struct world world = {.tax = cases[i].tax};
        for (uint64_t seed = 0; seed < 40; seed++) {
            write_world(&world, 100 * i + seed);
            struct tested_run *run = test_made();
            struct interval x = row_of(run->side.summary, "plain", "weak", "lowering")->ratio;
            missed += x.low > 1 / (1 + world.tax) || x.high < 1 / (1 + world.tax);
            assert_true(stats_half_width(x) < 0.005);
            undecided += verdict_of(run, "H22") == UNDECIDED; /* its threshold is near */
            assert_true(verdict_of(run, "H22") == cases[i].h22 ||
                        verdict_of(run, "H22") == UNDECIDED);
            assert_int_equal(verdict_of(run, "S7"), cases[i].s7);
            assert_int_equal(verdict_of(run, "H17b"), cases[i].h17b);
            assert_int_equal(verdict_of(run, "S1"), HOLDS); /* twice as slow */
            claims_free(run);
        }
        assert_true(undecided < 40);
        if (missed > 5)
            fail_msg("tax %g: %d of 40 intervals miss the truth", world.tax, missed);
    }
}

static void drift_is_flagged(void **state) {
    (void)state;
    struct world world = {.tax = 0.03, .trend = 0.05};
    write_world(&world, 1);
    struct samples *run = samples_read(made_directory);
    struct summary *summary = summary_build(run);
    const struct summary_row *row = row_of(summary, "plain", "weak", "lowering");
    assert_true(fabs(row->diagnosis.trend - 0.05) < 0.01);
    assert_true(row_of(summary, "ldar-stlr", "weak", "lowering")->diagnosis.trend == 0);
    assert_true(row_of(summary, "plain", "tso", "baseline")->diagnosis.bimodal == 0);
    summary_free(summary);
    samples_free(run);
}

/* Both modes are in all cells of a round, so the ratio does not care; the times are flagged. */
static void modes_are_flagged(void **state) {
    (void)state;
    struct world world = {.tax = 0.03, .modes = 0.3};
    write_world(&world, 2);
    struct samples *run = samples_read(made_directory);
    struct summary *summary = summary_build(run);
    const struct summary_row *row = row_of(summary, "plain", "weak", "lowering");
    assert_true(row->ratio.low < 1 / 1.03 && 1 / 1.03 < row->ratio.high);
    assert_true(fabs(row->diagnosis.bimodal - 0.3) < 0.02 && row->diagnosis.between_blocks);
    assert_true(row->diagnosis.trend == 0 && row->diagnosis.warm_up == 0);
    summary_free(summary);
    samples_free(run);
}

/* Nothing is claimed for a dead cell, a mode that was disproved, or cores that are not there. */
static void the_dead_support_nothing(void **state) {
    (void)state;
    static const struct {
        struct world world;
        const char *core;
        enum verdict s1;
    } cases[] = {{{.tax = 0.25, .dead = true}, "Apple M1 Firestorm", HOLDS},
                 {{.tax = 0.25, .litmus = "7"}, "Apple M1 Firestorm", NOT_TESTABLE},
                 {{.tax = 0.25}, "Arm Cortex-X4", HOLDS}};
    for (size_t i = 0; i < 3; i++) {
        write_machine(cases[i].core);
        write_world(&cases[i].world, 3);
        struct tested_run *run = test_made();
        assert_int_equal(verdict_of(run, "S7"), NOT_TESTABLE);
        assert_int_equal(verdict_of(run, "H17b"), NOT_TESTABLE);
        if (i < 2)
            assert_int_equal(verdict_of(run, "H22"), NOT_TESTABLE);
        assert_int_equal(verdict_of(run, "S1"), cases[i].s1);
        claims_free(run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(taxes, made_begin, made_end),
        cmocka_unit_test_setup_teardown(drift_is_flagged, made_begin, made_end),
        cmocka_unit_test_setup_teardown(modes_are_flagged, made_begin, made_end),
        cmocka_unit_test_setup_teardown(the_dead_support_nothing, made_begin, made_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
