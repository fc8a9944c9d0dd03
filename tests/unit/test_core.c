/* SPDX-License-Identifier: MIT
 *
 * The code that a core is asked by, and what is made of its times. Of both ISAs the disassembler
 * finds each instruction that is asked about as often as it should stand there; on this machine the
 * code takes as many turns as it is told, with the lines of its table, and leaves memory as it was.
 * Answers that are planted in times are read from them; where two or none are, there is none.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/answers.h"
#include "core/region.h"
#include "machine/feature.h"
#include "replay/disassemble.h"
#include "stats/rng.h"
#include "unit/cmocka_all.h"

enum { BLOCKS = 8 };

/* ---- code ---- */

static void lines_are_a_bijection(void **state) {
    (void)state;
    for (unsigned bits = 1; bits < 16; bits += 3) {
        size_t count = (size_t)1 << bits;
        char *seen = calloc(count, 1);
        unsigned near = 0;
        for (uint64_t i = 0; i < count; i++) {
            uint64_t index = region_index(i, bits);
            assert_true(index < count && !seen[index]);
            seen[index] = 1;
            uint64_t next = region_index(i + 1, bits);
            near += (next > index ? next - index : index - next) < 32;
        }
        if (bits > 10) /* pages have 32 lines of 128 bytes: hardly any two come together */
            assert_true(near < count / 100);
        free(seen);
    }
}

/* How often a word stands in code: "DMB ISH" and not "DMB ISHST". */
static size_t count_word(const struct instruction *all, size_t count, const char *word) {
    char text[160], name[MAX_WORD];
    size_t found = 0, length = strlen(word);
    for (size_t i = 0; i <= length; i++)
        name[i] = (char)tolower((unsigned char)word[i]);
    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%s %s", all[i].mnemonic, all[i].operands);
        bool same = strncmp(text, name, length) == 0;
        found += same && (text[length] == ' ' || text[length] == '\0');
        assert_false(strstr(text, "(bad)") || strstr(text, "undefined"));
    }
    return found;
}

static size_t acts_with(const struct act acts[TURN_ACTS], const char *word) {
    size_t found = 0;
    for (size_t i = 0; i < TURN_ACTS; i++)
        found += acts[i].words && strcmp(acts[i].words, word) == 0;
    return found;
}

static size_t wanted(const struct turn *turn, struct turn_point point, const char *word) {
    return (point.parts & PART_BEFORE ? acts_with(turn->before, word) : 0) +
           (point.parts & PART_EACH ? point.count * acts_with(turn->each, word) : 0) +
           (point.parts & PART_AFTER ? acts_with(turn->after, word) : 0);
}

/* Instructions that stand in a turn for nothing else. Alignment takes NOPs. */
static void expect_words(enum isa isa, const struct probe *probe, struct turn_point point) {
    static const char *const told[] = {"STLR",    "LDAPR",     "LDAR",      "XCHG",
                                       "DMB ISH", "DMB ISHST", "DMB ISHLD", "SFENCE",
                                       "ISB",     "MFENCE",    "LFENCE",    "DSB ISH"};
    struct turn_code code = turn_generate(isa, &probe->turn, &point, 1);
    size_t count;
    struct instruction *all = disassemble(isa, code.code.bytes, code.code.size, &count);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *word = told[i];
        bool fence = isa == ISA_AARCH64 ? !strcmp(word, "ISB") || !strcmp(word, "DSB ISH")
                                        : !strcmp(word, "MFENCE") || !strcmp(word, "LFENCE");
        size_t want = wanted(&probe->turn, point, word) + fence;
        size_t found = count_word(all, count, word);
        if (found != want)
            fail_msg("%s, %u of them: %s stands there %zu times, want %zu", probe->id, point.count,
                     word, found, want);
    }
    free(all);
    turn_code_free(&code);
}

static void code_is_what_is_asked(void **state) {
    (void)state;
    for (int isa = 0; isa < ISAS; isa++) {
        size_t count;
        struct probe *probes = probes_of((enum isa)isa, NULL, &count);
        assert_true(count > 30);
        for (size_t i = 0; i < count; i++) {
            struct turn_point points[PROBE_POINTS];
            size_t all = probe_points(&probes[i], points);
            assert_true(all >= 2 && all <= PROBE_POINTS);
            expect_words((enum isa)isa, &probes[i], points[all > 9 ? 9 : all - 1]);
            for (size_t k = 0; k < i; k++)
                assert_string_not_equal(probes[i].id, probes[k].id);
        }
        free(probes);
    }
}

static bool is_zero(const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i])
            return false;
    return true;
}

static void run_points(const struct probe *probe, struct region *region) {
    static uint64_t table[TURN_MISSES * 3];
    struct turn_point points[PROBE_POINTS];
    size_t all = probe_points(probe, points);
    points[1] = points[all / 2]; /* the first, one in the middle, the last */
    points[2] = points[all - 1];
    struct turn_code code = turn_generate(isa_here(), &probe->turn, points, 3);
    replay_function *mapped = replay_map(&code.code);
    assert_non_null(mapped);
    for (size_t i = 0; i < 3; i++) {
        unsigned misses = turn_misses(&probe->turn, points[i]);
        turn_function *function;
        uintptr_t address;
        memcpy(&address, &mapped, sizeof address);
        address += code.begin[i];
        memcpy(&function, &address, sizeof function);
        region_lines(region, table, 3ul * misses);
        uint64_t end = function(region->hits, table, 3, 0);
        if (end != (uintptr_t)(table + 3ul * misses))
            fail_msg("%s, %u of them: it ends elsewhere in its table", probe->id, points[i].count);
    }
    replay_unmap(mapped, &code.code);
    turn_code_free(&code);
}

/* Emulators trap on ordered accesses that are not aligned, as some cores do. */
static void code_runs(void **state) {
    struct region region;
    char why[160];
    size_t count;
    unsigned have = feature_detect();
    (void)state;
    if (replay_refused())
        skip();
    assert_true(region_make(&region, 0, SOURCE_EMULATED, why, sizeof why));
    struct probe *probes = probes_of(isa_here(), NULL, &count);
    for (size_t i = 0; i < count; i++)
        if ((turn_needs(isa_here(), &probes[i].turn) & ~have) == 0 &&
            (isa_here() == ISA_X86_64 || strstr(probes[i].words, "across") == NULL))
            run_points(&probes[i], &region);
    assert_true(is_zero(region.lines, (size_t)128 << region.bits));
    assert_true(is_zero(region.hits, hits_bytes()));
    free(probes);
    region_free(&region);
}

/* ---- answers ---- */

/* Times of a turn, from which `plant` makes those of each block. */
typedef double planted(const struct survey_code *code, size_t point);

static struct answer read_answer(const char *id, planted *plant) {
    static struct survey_code code;
    static struct probe probe;
    size_t count;
    struct rng rng;
    rng_seed(&rng, 3);
    struct probe *probes = probes_of(isa_here(), id, &count);
    assert_int_equal(count, 1);
    probe = probes[0];
    code = (struct survey_code){.mapped = NULL};
    code.count = probe_points(&probe, code.points);
    double *values = calloc(BLOCKS * (code.count + 1), sizeof *values);
    for (size_t b = 0; b < BLOCKS; b++) {
        double *row = values + b * (code.count + 1);
        for (size_t p = 0; p < code.count; p++)
            row[p] = plant(&code, p) * (1 + 0.004 * (rng_double(&rng) - 0.5));
        row[code.count] = 2; /* GHz */
    }
    struct answer answer = answer_of(&probe, &code, values, BLOCKS, 1);
    free(values);
    free(probes);
    free(answer.ns);
    answer.ns = NULL;
    return answer;
}

static void expect_answer(struct answer answer, double value, double tolerance) {
    if (!(fabs(answer.value.value - value) <= tolerance))
        fail_msg("%s: %g [%g, %g] (%s), want %g", answer.probe->id, answer.value.value,
                 answer.value.low, answer.value.high, answer.undecided, value);
    assert_true(answer.value.low <= answer.value.value && answer.value.value <= answer.value.high);
    assert_string_equal(answer.undecided, "");
    assert_string_not_equal(answer.how, "");
}

static void expect_none(struct answer answer, const char *why) {
    if (!isnan(answer.value.value) || strstr(answer.undecided, why) == NULL)
        fail_msg("%s: %g, `%s', want `%s'", answer.probe->id, answer.value.value, answer.undecided,
                 why);
}

static double knee_at_48(const struct survey_code *code, size_t point) {
    unsigned n = code->points[point].count;
    return 100 + 0.2 * n + (n > 48 ? 80 : 0);
}

static double two_knees(const struct survey_code *code, size_t point) {
    unsigned n = code->points[point].count;
    return 100 + 0.2 * n + (n > 48 ? 80 : 0) + (n > 100 ? 90 : 0);
}

static double flat(const struct survey_code *code, size_t point) {
    return 100 + 0.2 * code->points[point].count;
}

static double noise(const struct survey_code *code, size_t point) {
    static struct rng rng;
    (void)code;
    if (rng.s[0] == 0)
        rng_seed(&rng, 11);
    return 100 * (0.2 + 3 * rng_double(&rng)) + (double)(point % 2);
}

static void knees(void **state) {
    const char *store = isa_here() == ISA_X86_64 ? "store-buffer/MOV" : "store-buffer/STR";
    const char *loads = isa_here() == ISA_X86_64 ? "load-queue/MOV" : "load-queue/LDR";
    (void)state;
    expect_answer(read_answer(store, knee_at_48), 48, 1);
    expect_answer(read_answer(loads, knee_at_48), 50, 1); /* the misses are loads, too */
    expect_none(read_answer(store, two_knees), "2 knees");
    expect_none(read_answer(store, flat), "no knee up to 192");
    expect_none(read_answer(store, noise), "");
}

static double four_at_a_time(const struct survey_code *code, size_t point) {
    unsigned n = code->points[point].count;
    return 40 + (n == 0 ? 0 : n < 4 ? 100 : 25.0 * n);
}

/* Of READ_WAIT: 10 ns of a fence, 90 and 100 of the misses. */
static double at_once(const struct survey_code *code, size_t point) {
    static const double ns[WAIT_POINTS] = {10, 10, 100, 110, 112};
    (void)code;
    return ns[point];
}

static double one_after_the_other(const struct survey_code *code, size_t point) {
    static const double ns[WAIT_POINTS] = {10, 30, 100, 110, 220};
    (void)code;
    return ns[point];
}

static double half(const struct survey_code *code, size_t point) {
    static const double ns[WAIT_POINTS] = {10, 10, 110, 110, 160};
    (void)code;
    return ns[point];
}

static void rates_and_waits(void **state) {
    bool x86 = isa_here() == ISA_X86_64;
    const char *store = x86 ? "store-overlap/MOV" : "store-overlap/STR";
    const char *rate = x86 ? "stores-a-cycle/MOV" : "stores-a-cycle/STR";
    const char *waits = x86 ? "waits-for-store/MFENCE" : "waits-for-store/DMB ISH";
    (void)state;
    expect_answer(read_answer(store, four_at_a_time), 4, 0.2);
    expect_answer(read_answer(rate, flat), 2.5, 0.1); /* 0.2 ns at 2 GHz */
    struct answer answer = read_answer(waits, at_once);
    expect_answer(answer, 1, 0.1);
    assert_string_equal(answer.word, "does not wait");
    answer = read_answer(waits, one_after_the_other);
    expect_answer(answer, 2, 0.1);
    assert_string_equal(answer.word, "waits");
    expect_none(read_answer(waits, half), "neither yes nor no");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_a_bijection),
        cmocka_unit_test(code_is_what_is_asked),
        cmocka_unit_test(code_runs),
        cmocka_unit_test(knees),
        cmocka_unit_test(rates_and_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
