/* SPDX-License-Identifier: MIT
 *
 * Policies: what they are made of, how sound they are, and whom they are for. What they make of an
 * access is in test_policy_words.c.
 */
#include "fakes/policy_named.h"
#include "kernels/kernel.h"
#include "replay/policy_torn.h"
#include "replay/policy_verdict.h"

/* As a policy has it, which calls every plain access of x86-64 a MOV. */
static const char *in_words_of_policies(const char *sequence) {
    static char words[64];
    const char *rest = sequence + strlen("MOVDQU");
    bool vector = strncmp(sequence, "MOVDQU", strlen("MOVDQU")) == 0;
    snprintf(words, sizeof words, "%s%s", vector ? "MOV" : sequence, vector ? rest : "");
    return words;
}

static void assert_one_thing(const struct policy *policy, const struct mapping *mapping) {
    const struct sequence *it = &mapping->sequence;
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
    /* LDAPUR and STLUR that are not aligned fault without FEAT_LSE2, or are patched. */
    assert_int_equal(policy->needs & ~(policy->within_16 ? FEATURE_LSE2 : 0u), mapping->needs);
    assert_int_equal(policy->rmw_lse, (mapping->rmw_needs & FEATURE_LSE) != 0);
    assert_int_equal(strstr(policy->rmw, "LDAXR") != NULL, strstr(it->fetch_add, "LDAXR") != NULL);
    assert_int_equal(strstr(policy->rmw, "DMB") != NULL, strstr(it->fetch_add, "DMB") != NULL);
    assert_int_equal(policy_breaks(policy, mapping->isa, NULL) == NULL,
                     oracle_judge(mapping, REFERENCE_TSO)->hole_count == 0);
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

/* A name that a lowering and a policy have is of one thing, as readers and scripts/emulators take
 * it; and what is a lowering without exception is that, word for word. */
static void a_name_means_one_thing(void **state) {
    (void)state;
    static const char *const same[][2] = {{"fex-lrcpc", "fex-default"},
                                          {"fex-lrcpc2", "fex-ldapur"},
                                          {"box64-0", "box64"},
                                          {"qemu", "dmb-qemu"},
                                          {"qemu-dmbal", "dmb-qemu-dmbal"},
                                          {"qemu-llsc", "dmb-qemu-llsc"},
                                          {"risotto", "dmb-risotto"},
                                          {"risotto-dmbal", "dmb-risotto-dmbal"},
                                          {"all-dmb-full", "dmb-full"},
                                          {"risotto-llsc", "dmb-risotto-llsc"}};
    size_t count, mappings, shared[ISAS] = {0};
    const struct mapping *table = mapping_table(&mappings);
    for (int isa = 0; isa < ISAS; isa++) {
        const struct policy *all = policies((enum isa)isa, &count);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < mappings; j++)
                if (table[j].isa == (enum isa)isa && strcmp(table[j].name, all[i].name) == 0) {
                    assert_string_equal(all[i].mapping, all[i].name);
                    assert_one_thing(&all[i], &table[j]);
                    shared[isa]++;
                }
    }
    assert_int_equal(shared[ISA_AARCH64], 2);
    assert_int_equal(shared[ISA_X86_64], 4);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_one_thing(policy_of(same[i][0]), mapping_named(same[i][1], ISA_AARCH64));
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
    assert_int_equal(tried, 3 + 17);
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

/* What the program lists is in order: the rest is what breaks it. */
static void volatile_metadata_is_as_sound_as_the_list(void **state) {
    (void)state;
    static const char *const names[] = {"fex-lrcpc-volatile-5", "box64-volatile-20"};
    for (size_t i = 0; i < 2; i++) {
        const struct verdict *verdict = policy_verdict(policy_of(names[i]), ISA_AARCH64);
        assert_int_equal(verdict->unsound, 0);
        assert_null(oracle_hole(verdict, 1u << KIND_BYTE | 1u << KIND_UNALIGNED, 0));
        assert_non_null(oracle_hole(verdict, 1u << KIND_UNLISTED, 0));
    }
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

static unsigned torn(const char *policy, struct trace_access access, unsigned features) {
    struct trace_stream stream = {&access, 1};
    const struct trace_window window = {.streams = &stream, .stream_count = 1};
    return policy_torn(policy_of(policy), ISA_AARCH64, &window, features);
}

/* By where the accesses of a window lie, by what the policy has for them, and by FEAT_LSE2. */
static void what_is_no_single_access(void **state) {
    (void)state;
    const struct trace_access load = {.kind = TRACE_LOAD, .size = 8, .count = 1};
    struct trace_access one = load;
    assert_int_equal(torn("plain", one, 0), 0);
    one.offset = 4;
    assert_int_equal(torn("plain", one, 0), TORN_OVER_16);
    assert_int_equal(torn("plain", one, FEATURE_LSE2), 0);
    one.offset = 12;
    assert_int_equal(torn("all-dmb-full", one, FEATURE_LSE2), TORN_OVER_16);
    one.offset = 60; /* over a line nothing is promised */
    assert_int_equal(torn("plain", one, 0), 0);
    one = load;
    one.size = 16;
    one.vector = true;
    assert_int_equal(torn("fex-lrcpc", one, 0), TORN_VECTOR);
    assert_int_equal(torn("fex-lrcpc", one, FEATURE_LSE2), 0);
    one = (struct trace_access){.kind = TRACE_RMW, .op = TRACE_CMPXCHG, .size = 16, .count = 1};
    assert_int_equal(torn("fex-armv8", one, 0), 0);
    assert_int_equal(torn("fex-armv8-llsc", one, 0), TORN_CMPXCHG16B);
    assert_int_equal(torn("fex-armv8-llsc", one, FEATURE_LSE2), 0);
    assert_int_equal(torn("box64-1-1-llsc", one, 0), 0); /* writes the old pair back */
    one = (struct trace_access){.kind = TRACE_RMW, .size = 4, .offset = 2, .count = 1};
    assert_int_equal(torn("qemu", one, FEATURE_LSE2), TORN_SPLIT_LOCK);
    one = (struct trace_access){
        .kind = TRACE_MOVS, .size = 8, .offset = 8, .to_offset = 256, .count = 40};
    assert_int_equal(torn("fex-lrcpc2", one, 0), 0);
    assert_int_equal(torn("fex-lrcpc2-mops", one, 0), TORN_COPY);
    one.size = 4;
    one.offset = 4;
    assert_int_equal(torn("fex-lrcpc2", one, 0), TORN_COPY);
    assert_int_equal(torn("box64-0", one, 0), 0);
    const unsigned any = policy_torn(policy_of("fex-armv8-llsc"), ISA_AARCH64, NULL, 0);
    assert_int_equal(any,
                     TORN_OVER_16 | TORN_VECTOR | TORN_CMPXCHG16B | TORN_SPLIT_LOCK | TORN_COPY);
    assert_int_equal(policy_torn(policy_of("plain"), ISA_X86_64, NULL, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policies_are_as_sound_as_their_schemes),
        cmocka_unit_test(a_window_is_judged_by_what_it_does),
        cmocka_unit_test(volatile_metadata_is_as_sound_as_the_list),
        cmocka_unit_test(what_is_no_single_access),
        cmocka_unit_test(a_name_means_one_thing),
        cmocka_unit_test(no_lse_leaves_no_rmw_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
