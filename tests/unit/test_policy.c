/* SPDX-License-Identifier: MIT
 *
 * Policies: what they make of an access, which is written out here again for some; how sound they
 * are; and whom they are for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernel.h"
#include "plan/registry.h"
#include "replay/policy.h"
#include "replay/policy_verdict.h"
#include "unit/cmocka_all.h"

/* The words of a stream's records by a policy, in one line. */
static const char *line_of(const char *name, const struct trace_access *accesses, size_t count) {
    static char line[1024];
    struct trace_stream stream = {(struct trace_access *)accesses, count};
    size_t known;
    const struct policy *all = policies(ISA_AARCH64, &known), *policy = NULL;
    for (size_t i = 0; i < known; i++)
        policy = strcmp(all[i].name, name) ? policy : &all[i];
    assert_non_null(policy);
    struct words *words = policy_words(policy, &stream);
    line[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *parts[] = {words[i].before, words[i].access, words[i].store, words[i].after};
        for (size_t p = 0; p < 4; p++)
            if (parts[p] && *parts[p]) {
                strcat(line, *line ? " | " : "");
                strcat(line, parts[p]);
            }
    }
    free(words);
    return line;
}

/* As the catalogue of lowerings has it: each line by hand from the translators' sources. */
static void policies_are_what_translators_do(void **state) {
    (void)state;
    const struct trace_access load = {.kind = TRACE_LOAD, .size = 8, .count = 1};
    const struct trace_access store = {.kind = TRACE_STORE, .size = 8, .count = 1};
    struct trace_access block[] = {load, store, load, store, store, store, store};
    struct trace_access one = store;
    assert_string_equal(line_of("box64-1-1", &one, 1), "DMB ISHLD | STR | DMB ISHST");
    assert_string_equal(line_of("box64-0", &one, 1), "STR");
    assert_string_equal(line_of("box64-1-0", block, 7),
                        "LDR | DMB ISH | STR | LDR | STR | STR | STR | DMB ISH | STR | DMB ISH");
    assert_string_equal(line_of("box64-1-2", block, 7),
                        "LDR | DMB ISHLD | STR | LDR | STR | STR | STR | STR | DMB ISHST");
    assert_string_equal(line_of("box64-3-1", block, 7),
                        "LDR | DMB ISHLD | STR | LDR | STR | STR | DMB ISH | STR | DMB ISHST | "
                        "STR | DMB ISHST");
    assert_string_equal(line_of("box64-4-1", block, 4),
                        "DMB ISHLD; LDR | DMB ISHLD | STR | DMB ISH | DMB ISHLD; LDR | DMB ISHST | "
                        "STR | DMB ISHST");
    one.vector = true;
    assert_string_equal(line_of("box64-1-1", &one, 1), "STR");
    assert_string_equal(line_of("box64-2-1", &one, 1), "DMB ISHLD | STR | DMB ISHST");
    assert_string_equal(line_of("fex-lrcpc", &one, 1), "STR");
    assert_string_equal(line_of("fex-lrcpc-vector", &one, 1), "DMB ISH; STR");
    one = store;
    one.offset = 4;
    assert_string_equal(line_of("fex-lrcpc", &one, 1), "DMB ISH; STR");
    assert_string_equal(line_of("fex-lrcpc-lse2", &one, 1), "NOP; STLR");
    one.offset = 12;
    assert_string_equal(line_of("fex-lrcpc-lse2", &one, 1), "DMB ISH; STR");
    one = store;
    one.base = TRACE_BASE_STACK;
    assert_string_equal(line_of("fex-lrcpc2", &one, 1), "STR");
    assert_string_equal(line_of("all-ldapur-stlur", &one, 1), "STLUR");
    one = load;
    one.size = 1;
    assert_string_equal(line_of("fex-armv8", &one, 1), "LDAR");
    assert_string_equal(line_of("fex-armv8", &load, 1), "LDAR; NOP");
    one = (struct trace_access){.kind = TRACE_RMW, .op = TRACE_CMPXCHG, .size = 8, .count = 1};
    assert_string_equal(line_of("box64-0", &one, 1), "DMB ISH; LDAXR-STLXR; DMB ISH");
    one.op = TRACE_ADD;
    assert_string_equal(line_of("box64-3-1", &one, 1), "DMB ISH; AL; DMB ISH");
    assert_string_equal(line_of("box64-3-1-llsc", &one, 1), "DMB ISH; LDAXR-STLXR; DMB ISH");
    assert_string_equal(line_of("fex-armv8", &one, 1), "AL");
    assert_string_equal(line_of("fex-armv8-llsc", &one, 1), "LDAXR-STLXR");
    one.offset = 60;
    assert_string_equal(line_of("box64-0", &one, 1), "DMB ISH; LDR-STR; DMB ISH");
}

/* As a policy has it, which calls every plain access of x86-64 a MOV. */
static const char *in_words_of_policies(const char *sequence) {
    static char words[64];
    const char *rest = sequence + strlen("MOVDQU");
    bool vector = strncmp(sequence, "MOVDQU", strlen("MOVDQU")) == 0;
    snprintf(words, sizeof words, "%s%s", vector ? "MOV" : sequence, vector ? rest : "");
    return words;
}

static void assert_one_thing(const struct policy *policy, const struct lowering *lowering) {
    const struct sequence *it = &lowering->sequence;
    assert_string_equal(policy->load, it->load);
    assert_string_equal(policy->store, it->store);
    assert_string_equal(policy->load_byte ? policy->load_byte : policy->load,
                        it->load_byte ? it->load_byte : it->load);
    assert_string_equal(policy->store_byte ? policy->store_byte : policy->store,
                        it->store_byte ? it->store_byte : it->store);
    assert_string_equal(policy->load_vector ? policy->load_vector : policy->load,
                        in_words_of_policies(it->load_vec16));
    assert_string_equal(policy->store_vector ? policy->store_vector : policy->store,
                        in_words_of_policies(it->store_vec16));
    assert_int_equal(policy->needs, lowering->needs);
    assert_int_equal(policy->rmw_lse, (lowering->rmw_needs & FEATURE_LSE) != 0);
    assert_int_equal(strstr(policy->rmw, "LDAXR") != NULL, strstr(it->fetch_add, "LDAXR") != NULL);
    assert_int_equal(strstr(policy->rmw, "DMB") != NULL, strstr(it->fetch_add, "DMB") != NULL);
    const struct mapping mapping = mapping_of(lowering, isa_here());
    assert_int_equal(policy_breaks(policy, isa_here(), NULL) == NULL,
                     oracle_judge(&mapping, REFERENCE_TSO)->hole_count == 0);
    /* A recorded MFENCE stays what translators make of it, where a lowering's is its own idea. */
    const struct {
        const char *name, *policy, *lowering;
    } known[] = {{"sc-lock-add", "MFENCE", "LOCK ADD"},
                 {"plain", "DMB SY", "DMB ISH"},
                 {policy->name, it->fence, it->fence}}; /* the rest: the same */
    size_t i = 0;
    while (strcmp(known[i].name, policy->name) || strcmp(known[i].lowering, it->fence))
        i++;
    assert_string_equal(policy->fence[0], known[i].policy);
}

/* A lowering and a policy of one name are one thing: scripts/emulators and readers take them so. */
static void a_name_means_one_thing(void **state) {
    (void)state;
    size_t count, lowering_count, shared = 0;
    const struct policy *all = policies(isa_here(), &count);
    const struct lowering *const *lowerings = registry_lowerings(&lowering_count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < lowering_count; j++)
            if (strcmp(all[i].name, lowerings[j]->name) == 0) {
                assert_one_thing(&all[i], lowerings[j]);
                shared++;
            }
    assert_true(shared >= 2);
}

static const struct policy *policy_of(const char *name) {
    size_t count;
    const struct policy *all = policies(ISA_AARCH64, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    fail_msg("no policy %s", name);
    return NULL;
}

/* On a CPU without FEAT_LSE there is, of the plain policy, of FEX and of box64 in each of its
 * settings, another that is the same but for its RMWs, and needs no LSE for them. */
static void no_lse_leaves_no_rmw_out(void **state) {
    (void)state;
    static const char *const fex[] = {"plain", "fex-armv8", "fex-armv8-vector"};
    struct trace_access rmw = {.kind = TRACE_RMW, .op = TRACE_ADD, .size = 8, .count = 1};
    struct trace_stream stream = {&rmw, 1};
    const struct trace_window window = {.streams = &stream, .stream_count = 1};
    const struct trace_access some[] = {
        {.kind = TRACE_LOAD, .size = 8, .count = 1},
        {.kind = TRACE_STORE, .size = 1, .offset = 5, .count = 1},
        {.kind = TRACE_STORE, .size = 4, .offset = 15, .count = 1},
        {.kind = TRACE_STORE, .size = 16, .vector = true, .offset = 32, .count = 1},
        {.kind = TRACE_MOVS, .size = 8, .offset = 64, .to_offset = 512, .count = 9}};
    enum { SOME = sizeof some / sizeof *some };
    size_t count, tried = 0;
    const struct policy *all = policies(ISA_AARCH64, &count);
    for (size_t i = 0; i < count; i++) {
        const struct policy *it = &all[i];
        char name[64], line[1024];
        bool wanted = strncmp(it->name, "box64-", 6) == 0;
        for (size_t k = 0; k < sizeof fex / sizeof *fex; k++)
            wanted |= strcmp(it->name, fex[k]) == 0;
        if (!wanted || it->lacks)
            continue;
        const char *end = strstr(it->name, "-vector");
        int length = end ? (int)(end - it->name) : (int)strlen(it->name);
        snprintf(name, sizeof name, "%.*s-llsc%s", length, it->name, end ? end : "");
        assert_int_equal(policy_needs(it, &window), FEATURE_LSE);
        assert_int_equal(policy_needs(policy_of(name), &window), 0);
        assert_int_equal(policy_of(name)->lacks, FEATURE_LSE);
        snprintf(line, sizeof line, "%s", line_of(it->name, some, SOME));
        assert_string_equal(line_of(name, some, SOME), line);
        tried++;
    }
    assert_int_equal(tried, 3 + 13);
}

/* Which are sound for any program, and how many tests break some of the others: what herd7 has of
 * the schemes that they are (data/schemes.tsv). */
static void policies_are_as_sound_as_their_schemes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned unsound;
        const char *breaks;
    } known[] = {{"plain", 60, "MP"},           {"qemu", 4, "SB+cas-fail-read"},
                 {"qemu-llsc", 16, "SB+xchgs"}, {"risotto", 3, "SB+cas-fail-read"},
                 {"box64-0", 57, "MP"},         {"box64-1-0", 27, "MP"},
                 {"box64-3-2", 51, "MP"},       {"box64-4-1", 1, "LB+padded"},
                 {"fex-lrcpc2", 0, "MP"},       {"all-ishld-stlr", 0, NULL}};
    unsigned sound = 0;
    size_t count;
    for (int isa = 0; isa < ISAS; isa++) {
        const struct policy *all = policies((enum isa)isa, &count);
        assert_true(count <= MAX_POLICIES);
        assert_string_equal(all[0].name, "plain");
        for (size_t i = 0; i < count; i++) {
            const char *breaks = policy_breaks(&all[i], (enum isa)isa, NULL);
            assert_true(isa == ISA_AARCH64 || breaks == NULL);
            sound += isa == ISA_AARCH64 && breaks == NULL;
            for (size_t k = 0; k < sizeof known / sizeof *known && isa == ISA_AARCH64; k++) {
                if (strcmp(known[k].name, all[i].name) != 0)
                    continue;
                assert_int_equal(policy_verdict(&all[i], ISA_AARCH64)->unsound, known[k].unsound);
                if (known[k].breaks)
                    assert_string_equal(breaks, known[k].breaks);
                else
                    assert_null(breaks);
            }
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(all[i].name, all[j].name);
        }
    }
    assert_int_equal(sound, 11);
}

/* By what is in it: without vectors, stack, bytes and REP, FEX's policy is sound. */
static void a_window_is_judged_by_what_it_does(void **state) {
    (void)state;
    struct trace_access accesses[] = {{.kind = TRACE_LOAD, .size = 8, .count = 1},
                                      {.kind = TRACE_RMW, .op = TRACE_XADD, .size = 8, .count = 1}};
    struct trace_stream stream = {accesses, 2};
    struct trace_window window = {.streams = &stream, .stream_count = 1};
    size_t count;
    const struct policy *all = policies(ISA_AARCH64, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, "fex-lrcpc2") == 0 || strcmp(all[i].name, "qemu") == 0) {
            bool fex = *all[i].name == 'f';
            accesses[0].vector = false;
            accesses[1].op = TRACE_XADD;
            assert_null(policy_breaks(&all[i], ISA_AARCH64, &window));
            accesses[0].vector = true;
            assert_int_equal(policy_breaks(&all[i], ISA_AARCH64, &window) != NULL, fex);
            accesses[0].vector = false;
            accesses[1].op = TRACE_CMPXCHG;
            assert_int_equal(policy_breaks(&all[i], ISA_AARCH64, &window) != NULL, !fex);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policies_are_what_translators_do),
        cmocka_unit_test(policies_are_as_sound_as_their_schemes),
        cmocka_unit_test(a_window_is_judged_by_what_it_does),
        cmocka_unit_test(a_name_means_one_thing),
        cmocka_unit_test(no_lse_leaves_no_rmw_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
