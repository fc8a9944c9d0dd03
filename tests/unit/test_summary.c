/* SPDX-License-Identifier: MIT
 *
 * From samples to rows, with numbers that can be checked by hand: pairing, units, floors, flags,
 * proofs.
 */
#include <math.h>

#include "fakes/made_run.h"
#include "samples/proof.h"
#include "summary/summary.h"
#include "unit/cmocka_all.h"

static void assert_near(double got, double want) {
    if (!(fabs(got - want) <= 1e-12 * fabs(want)))
        fail_msg("got %.17g, want %.17g", got, want);
}

static const struct summary_row *find(const struct summary *summary, const char *role,
                                      const char *lowering, const char *model) {
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        if (strcmp(role_name(row->role), role) == 0 && strcmp(row->lowering, lowering) == 0 &&
            strcmp(memmodel_name(row->model), model) == 0)
            return row;
    }
    fail_msg("no row %s %s %s", role, lowering, model);
    return NULL;
}

static const char *flags(const struct summary *summary, const struct summary_row *row) {
    static char text[512];
    FILE *out = fmemopen(text, sizeof text, "w");
    summary_print_flags(summary, row, out);
    fclose(out);
    return text;
}

/* The clock doubles within the block; ratios do not care, and a spoiled sample takes its round
 * out of its own pairs only. The slower cell makes half the operations in a sample. */
static const struct made_cell cells[] = {
    {"plain", "baseline", "tso", "true", 100, "1000,1000,2000,2000,2000"},
    {"plain", "aa", "tso", "true", 100, "1000,1001,2000,2000,1998"},
    {"plain", "twin", "tso", "true", 100, "1010,1010,2020,2020,2020"},
    {"plain", "lowering", "weak", "false", 100, "900,900,null,1800,1800"},
    {"ldar-stlr", "lowering", "weak", "true", 50, "1000,1000,2000,2000,99999"},
    {"native", "lowering", "weak", "true", 100, "1005,1005,2010,2010,2010"},
    {"libc", "reference", "tso", "null", 100, "500,500,1000,1000,1000"},
};
enum { CELLS = sizeof cells / sizeof cells[0] };

static const char battery[] =
    "{\"model\":\"tso\",\"test\":\"MP\",\"runs\":100,\"relaxed\":0,\"forbidden\":true},"
    "{\"model\":\"tso\",\"test\":\"SB\",\"runs\":100,\"relaxed\":40,\"forbidden\":false},"
    "{\"model\":\"weak\",\"test\":\"MP\",\"runs\":100,\"relaxed\":3,\"forbidden\":true}";

static void numbers(void **state) {
    (void)state;
    made_append(MADE_BEGIN);
    for (unsigned b = 0; b < 3; b++)
        made_block("k", 2, b, cells, CELLS, battery);
    struct samples *run = samples_read(made_directory);
    struct summary *summary = summary_build(run);
    assert_int_equal(summary->count, CELLS + 1);

    /* Median of 5 samples: 2000 ticks / 2 per ns / (100 operations x 2 threads). */
    const struct summary_row *row = find(summary, "baseline", "plain", "tso");
    assert_near(row->ns.value, 5);
    assert_near(row->cycles, 15); /* 3 GHz */
    assert_true(isnan(row->ratio.value) && isnan(row->floor) && row->centre);
    assert_int_equal(row->tally.samples, 15);
    assert_string_equal(flags(summary, row), "baseline centre one-layout drift=20.0% preempted=3");

    row = find(summary, "aa", "plain", "tso");
    assert_near(row->ratio.value, 1);
    row = find(summary, "twin", "plain", "tso");
    assert_near(row->ratio.value, 1.01);
    assert_true(row->floor == 0); /* of A/A, which is exact here */

    row = find(summary, "lowering", "plain", "weak");
    assert_near(row->ratio.value, 0.9);
    assert_near(row->ratio.low, 0.9);
    assert_true(row->floor == 0); /* the same code: noise only */
    assert_string_equal(flags(summary, row), "centre unsound drift=25.0% preempted=3 spoiled=3");

    row = find(summary, "lowering", "ldar-stlr", "weak");
    assert_near(row->ratio.value, 2);
    assert_near(row->floor, stats_reach(find(summary, "twin", "plain", "tso")->ratio));
    assert_false(row->below_floor);

    row = find(summary, "lowering", "native", "weak");
    assert_near(row->ratio.value, 1.005);
    assert_true(row->below_floor); /* half of what the address alone does */

    row = find(summary, "reference", "libc", "tso");
    assert_near(row->ratio.value, 0.5);
    row = find(summary, "", "ldapr-stlr", "weak");
    assert_string_equal(flags(summary, row), "skipped=this_CPU_has_no_FEAT_LRCPC");
    summary_free(summary);
    samples_free(run);
}

static void one_block_and_failures_say_so(void **state) {
    (void)state;
    made_append(MADE_BEGIN);
    made_block("k", 1, 0, cells, CELLS, "");
    made_append("{\"format\":1,\"type\":\"failed\",\"set\":\"k/x=1/threads=1\","
                "\"kernel\":\"k\",\"params\":\"x=1\",\"threads\":1,\"block\":1,"
                "\"reason\":\"SIGILL\"}\n"
                "{\"format\":1,\"type\":\"failed\",\"set\":\"m\",\"kernel\":\"m\",\"params\":\"\","
                "\"threads\":1,\"block\":0,\"reason\":\"hung for 120 s\"}\n");
    struct samples *run = samples_read(made_directory);
    struct summary *summary = summary_build(run);
    assert_string_equal(flags(summary, find(summary, "lowering", "ldar-stlr", "weak")),
                        "failed=SIGILL centre wide one-block drift=20.0% preempted=1 unproven");
    assert_string_equal(flags(summary, &summary->rows[summary->count - 1]),
                        "failed=hung_for_120_s");
    summary_free(summary);
    samples_free(run);
}

/* Each mode's claim against what a battery saw. */
static void proofs(void **state) {
    (void)state;
    static const struct {
        const char *model;
        int relaxed;
        const char *forbidden, *flag;
    } cases[] = {{"tso", 0, "true", NULL},
                 {"tso", 1, "true", "mode-disproved"},
                 {"fixed-tso", 0, "short", "unproven"},
                 {"tso", 1, "short", "mode-disproved"}, /* one outcome contradicts it */
                 {"fixed-tso", 7, "false", "unproven"}, /* only a test that TSO allows was run */
                 {"weak", 2, "true", NULL},
                 {"weak", 0, "true", "weak-not-demonstrated"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[256];
        unlink(made_samples);
        made_append(MADE_BEGIN);
        bool few = strcmp(cases[i].forbidden, "short") == 0;
        snprintf(line, sizeof line,
                 "{\"model\":\"%s\",\"test\":\"MP\",\"runs\":%d,\"relaxed\":%d,\"forbidden\":%s}",
                 cases[i].model, few ? PROOF_RUNS - 1 : PROOF_RUNS, cases[i].relaxed,
                 few ? "true" : cases[i].forbidden);
        made_block("k", 1, 0, cells, CELLS, line);
        struct samples *run = samples_read(made_directory);
        enum memmodel model;
        assert_true(memmodel_parse(cases[i].model, &model));
        struct proof proof = proof_of(run, NULL, model);
        const char *flag = proof_flag(&proof);
        if (cases[i].flag == NULL)
            assert_null(flag);
        else
            assert_string_equal(flag, cases[i].flag);
        samples_free(run);
    }
}

/* The median over all blocks of what the kernel itself says; a spoiled sample says nothing, and 0
 * is a number. Cells end where made_block() goes on. */
static void a_metric_is_a_column(void **state) {
    (void)state;
    static const struct made_cell lock[] = {
        {"plain", "baseline", "tso", "true", 100,
         "1000,1000,null,1000,1000],\"metric\":[0.5,1,null,0.25,0"},
        {"native", "lowering", "weak", "true", 100,
         "900,900,900,900,900],\"metric\":[0.9,0.9,0.8,0.9,0.9"}};
    made_append(MADE_BEGIN);
    for (unsigned b = 0; b < 2; b++)
        made_block_with("k", 2, b, lock, 2, "", "\"metric\":\"evenness\",");
    struct samples *run = samples_read(made_directory);
    struct summary *summary = summary_build(run);
    assert_string_equal(run->sets[0].metric, "evenness");
    assert_near(find(summary, "baseline", "plain", "tso")->metric, 0.375);
    assert_near(find(summary, "lowering", "native", "weak")->metric, 0.9);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    summary_write_tsv(summary, out);
    fclose(out);
    assert_non_null(strstr(text, "\t0.9\t0.9\t0.9\t0.9\t"));
    free(text);
    summary_free(summary);
    samples_free(run);
}

static void the_file_has_all_columns(void **state) {
    (void)state;
    char *text;
    size_t size, columns = 1;
    made_append(MADE_BEGIN);
    for (unsigned b = 0; b < 3; b++)
        made_block("k", 2, b, cells, CELLS, battery);
    struct samples *run = samples_read(made_directory);
    struct summary *summary = summary_build(run);
    FILE *out = open_memstream(&text, &size);
    summary_write_tsv(summary, out);
    fclose(out);
    for (const char *p = text; *p != '\n'; p++)
        columns += *p == '\t';
    assert_int_equal(columns, 18);
    size_t tabs = 0, lines = 0;
    for (const char *p = text; *p; p++) {
        tabs += *p == '\t';
        lines += *p == '\n';
    }
    assert_int_equal(lines, CELLS + 2);
    assert_int_equal(tabs, lines * 17);
    /* Of four samples the geometric mean of 900 and 1800 ticks. */
    assert_non_null(strstr(text, "\nk/x=1/threads=2\tk\tx=1\t2\tplain\tall\tweak\tunsound\tmeasured"
                                 "\t12\t3.182\t9.5459\t0.9\t0.9\t0.9\t\t0\tcentre unsound"));
    free(text);
    summary_free(summary);
    samples_free(run);
}

/* The same code in two models: as many instructions, or nearly. */
static void same_code_takes_as_many_instructions(void **state) {
    (void)state;
    static const struct {
        unsigned threads;
        const char *weak, *flag;
    } cases[] = {
        {1, "200000,200000,200000,null,1", NULL}, /* one sample is not the median */
        {1, "200900,200900,200900,200900,200900", NULL},
        {1, "201100,201100,201100,201100,201100", "instructions=+0.55%"},
        {1, "100000,100000,100000,100000,100000", "instructions=-50.00%"},
        {2, "201100,201100,201100,201100,201100", NULL}, /* they wait for each other */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char ticks[256];
        snprintf(ticks, sizeof ticks, "1000,1000,1000,1000,1000],\"instructions\":[%s",
                 cases[i].weak);
        const struct made_cell counted[] = {
            {"plain", "baseline", "tso", "true", 100,
             "1000,1000,1000,1000,1000],\"instructions\":[200000,200000,200000,200000,200000"},
            {"plain", "lowering", "weak", "false", 100, ticks},
            {"dmb-full", "lowering", "weak", "true", 100,
             "1000,1000,1000,1000,1000],\"instructions\":[900000,900000,900000,900000,900000"},
        };
        unlink(made_samples);
        made_append(MADE_BEGIN);
        made_block("k", cases[i].threads, 0, counted, 3, "");
        made_append(MADE_END);
        struct samples *run = samples_read(made_directory);
        struct summary *summary = summary_build(run);
        const struct summary_row *row = find(summary, "lowering", "plain", "weak");
        const char *flag = strstr(flags(summary, row), "instructions=");
        if (cases[i].flag == NULL)
            assert_null(flag);
        else
            assert_memory_equal(flag, cases[i].flag, strlen(cases[i].flag));
        row = find(summary, "lowering", "dmb-full", "weak"); /* which is other code */
        assert_null(strstr(flags(summary, row), "instructions="));
        summary_free(summary);
        samples_free(run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers, made_begin, made_end),
        cmocka_unit_test_setup_teardown(one_block_and_failures_say_so, made_begin, made_end),
        cmocka_unit_test_setup_teardown(proofs, made_begin, made_end),
        cmocka_unit_test_setup_teardown(a_metric_is_a_column, made_begin, made_end),
        cmocka_unit_test_setup_teardown(same_code_takes_as_many_instructions, made_begin, made_end),
        cmocka_unit_test_setup_teardown(the_file_has_all_columns, made_begin, made_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
