/* SPDX-License-Identifier: MIT
 *
 * Replays of made-up streams in which everything is mixed at random: the disassembler finds in the
 * code of every policy, of both ISAs, just the accesses that the stream has, on what the loads have
 * loaded that the stream names; and does not where a fault is planted: an access dropped, of
 * another size, two swapped, elsewhere, a barrier missing or another, a value from another load or
 * from none. Code of this machine runs whatever is in the registers before.
 */
#include <stdio.h>
#include <string.h>

#include "fakes/random_stream.h"
#include "machine/feature.h"
#include "plan/plan.h"
#include "replay/disassemble.h"
#include "replay/replay_check.h"
#include "replay/trace_kernel.h"
#include "unit/cmocka_all.h"

static void free_pieces(struct checked *pieces, size_t count) {
    for (size_t i = 0; i < count; i++)
        replay_code_free(&pieces[i].code);
    free(pieces);
}

/* The code of all policies, with either addressing. */
static struct checked *pieces_of(enum isa isa, const struct trace_stream *stream, size_t *count) {
    const struct policy *all = policies(isa, count);
    *count *= 2;
    struct checked *pieces = calloc(*count, sizeof *pieces);
    assert_non_null(pieces);
    for (size_t i = 0; i < *count; i++) {
        enum addressing addressing = i % 2 ? ADDRESSING_SAME : ADDRESSING_FOLDED;
        pieces[i] = (struct checked){
            .isa = isa, .policy = &all[i / 2], .stream = stream, .addressing = addressing};
        pieces[i].code = replay_generate(isa, pieces[i].policy, stream, addressing);
    }
    return pieces;
}

static void code_does_what_the_stream_says(void **state) {
    (void)state;
    struct rng rng;
    rng_seed(&rng, 20);
    for (int round = 0; round < 6; round++) {
        struct trace_stream stream = random_stream(&rng, 250);
        for (int isa = 0; isa < ISAS; isa++) {
            size_t count;
            struct checked *pieces = pieces_of((enum isa)isa, &stream, &count);
            size_t wrong = replay_check(pieces, count);
            for (size_t i = 0; wrong && i < count; i++)
                if (pieces[i].why[0])
                    fail_msg("%s: %s", pieces[i].policy->name, pieces[i].why);
            free_pieces(pieces, count);
        }
        free(stream.accesses);
    }
}

/* A stream, the same with something else in it, and code of the one held against the other. */
static void expect_fault(const struct trace_stream *said, const struct trace_stream *done,
                         const char *what) {
    for (int isa = 0; isa < ISAS; isa++) {
        size_t count;
        struct checked *pieces = pieces_of((enum isa)isa, done, &count);
        for (size_t i = 0; i < count; i++)
            pieces[i].stream = said;
        size_t wrong = replay_check(pieces, count);
        if (wrong != count)
            fail_msg("%s: not seen in %zu of %zu pieces of %s", what, count - wrong, count,
                     isa_name((enum isa)isa));
        free_pieces(pieces, count);
    }
}

static const struct trace_access eight[] = {
    {.kind = TRACE_LOAD, .size = 8, .displacement = 16, .gap = 2, .offset = 4096, .count = 1},
    {.kind = TRACE_STORE, .size = 8, .displacement = 8, .gap = 1, .offset = 512, .count = 1},
    {.kind = TRACE_LOAD, .size = 4, .offset = 5000, .count = 1, .address_from = 2},
    {.kind = TRACE_BLOCK},
    {.kind = TRACE_STORE, .size = 16, .vector = true, .gap = 3, .offset = 528, .count = 1},
    {.kind = TRACE_RMW, .op = TRACE_XADD, .size = 8, .offset = 64, .count = 1, .data_from = 3},
    {.kind = TRACE_MOVS, .size = 8, .offset = 1024, .to_offset = 2048, .count = 9},
    {.kind = TRACE_FENCE, .op = TRACE_MFENCE},
};
enum { EIGHT = sizeof eight / sizeof *eight };

static void faults_in_accesses_are_seen(void **state) {
    (void)state;
    struct trace_access changed[EIGHT], said[EIGHT];
    struct trace_stream right = {said, EIGHT}, wrong = {changed, EIGHT};
    memcpy(said, eight, sizeof said);

    memcpy(changed, eight, sizeof changed);
    wrong.count--;
    expect_fault(&right, &wrong, "the last dropped");
    expect_fault(&wrong, &right, "one more");
    wrong.count = EIGHT - 1;
    memmove(&changed[1], &changed[2], (EIGHT - 2) * sizeof *changed);
    expect_fault(&right, &wrong, "one amid dropped");
    wrong.count = EIGHT;

    memcpy(changed, eight, sizeof changed);
    changed[0].size = 4;
    expect_fault(&right, &wrong, "size");
    memcpy(changed, eight, sizeof changed);
    changed[1].offset += 8;
    expect_fault(&right, &wrong, "offset");
    memcpy(changed, eight, sizeof changed);
    changed[6].to_offset += 8;
    expect_fault(&right, &wrong, "where REP MOVS goes");
    memcpy(changed, eight, sizeof changed);
    changed[0] = eight[1];
    changed[1] = eight[0];
    expect_fault(&right, &wrong, "two swapped");
    memcpy(changed, eight, sizeof changed);
    changed[1].kind = TRACE_LOAD;
    expect_fault(&right, &wrong, "a load for a store");
    memcpy(changed, eight, sizeof changed);
    changed[5].size = 4;
    expect_fault(&right, &wrong, "an RMW's size");
    memcpy(changed, eight, sizeof changed);
    changed[6].count = 8;
    expect_fault(&right, &wrong, "a REP's count");
}

static void faults_in_values_are_seen(void **state) {
    (void)state;
    struct trace_access changed[EIGHT], said[EIGHT];
    struct trace_stream right = {said, EIGHT}, wrong = {changed, EIGHT};
    memcpy(said, eight, sizeof said);
    said[4].data_from = 4; /* the first load; of the second, the address comes from it */

    memcpy(changed, said, sizeof changed);
    changed[2].address_from = 0;
    expect_fault(&right, &wrong, "an address that waits for no load");
    expect_fault(&wrong, &right, "an address that waits for a load");
    memcpy(changed, said, sizeof changed);
    changed[4].address_from = 2;
    said[4].address_from = 4;
    expect_fault(&right, &wrong, "an address from another load");
    memcpy(changed, said, sizeof changed);
    changed[4].data_from = 2;
    expect_fault(&right, &wrong, "data from another load");
    changed[4].data_from = 0;
    expect_fault(&right, &wrong, "data from no load");
    expect_fault(&wrong, &right, "data from a load");
    memcpy(changed, said, sizeof changed);
    changed[5].data_from = 5;
    expect_fault(&right, &wrong, "an RMW's data from another load");
}

/* The code without these bytes at its first place from `begin` on: others of the same number, which
 * do nothing. Whether it has them. */
static bool plant(struct replay_code *code, size_t begin, size_t end, const char *old,
                  const char *nothing, size_t count) {
    for (size_t at = begin; at + count <= end; at++)
        if (memcmp(code->bytes + at, old, count) == 0) {
            memcpy(code->bytes + at, nothing, count);
            return true;
        }
    return false;
}

/* CMPXCHG16B, and a load whose address comes from it: the old fault, of a result that nothing
 * wrote, in every policy. */
static void a_result_that_nothing_writes_is_seen(void **state) {
    (void)state;
    static const struct {
        const char *old, *nothing;
        size_t count;
    } moves[ISAS][2] = {
        [ISA_AARCH64] = {{"\xf0\x03\x04\xaa", "\x31\x02\x02\x8b", 4},  /* mov x16, x4; add */
                         {"\xf0\x03\x05\xaa", "\x31\x02\x02\x8b", 4}}, /* mov x16, x5 */
        [ISA_X86_64] = {{"\x49\x89\xc3", "\x48\x01\xda", 3}},          /* mov r11, rax; add */
    };
    struct trace_access pair[] = {
        {.kind = TRACE_RMW, .op = TRACE_CMPXCHG, .size = 16, .offset = 64, .count = 1},
        {.kind = TRACE_LOAD, .size = 8, .offset = 4096, .count = 1, .address_from = 1}};
    struct trace_stream stream = {pair, 2};
    for (int isa = 0; isa < ISAS; isa++) {
        size_t count;
        struct checked *pieces = pieces_of((enum isa)isa, &stream, &count);
        assert_int_equal(replay_check(pieces, count), 0);
        for (size_t i = 0; i < count; i++) {
            struct replay_code *code = &pieces[i].code;
            bool planted = false;
            for (size_t m = 0; m < 2 && moves[isa][m].count && !planted; m++)
                planted = plant(code, code->begin, code->end, moves[isa][m].old,
                                moves[isa][m].nothing, moves[isa][m].count);
            assert_true(planted);
        }
        assert_int_equal(replay_check(pieces, count), count);
        for (size_t i = 0; i < count; i++)
            assert_non_null(strstr(pieces[i].why, isa == ISA_AARCH64 ? "nothing has written"
                                                                     : "dependences are missing"));
        free_pieces(pieces, count);
    }
}

/* Each word of the code that is a barrier or NOP of the policy, replaced by an addition, is missed;
 * and the words of one policy are not those of another. */
static void faults_in_words_are_seen(void **state) {
    (void)state;
    static const uint32_t barriers[] = {0xd503201f, 0xd5033bbf, 0xd50339bf, 0xd5033abf,
                                        0xd5033fbf, 0xd5033dbf, 0xd5033ebf};
    struct trace_access accesses[EIGHT];
    struct trace_stream stream = {accesses, EIGHT};
    size_t count, planted = 0;
    memcpy(accesses, eight, sizeof accesses);
    struct checked *pieces = pieces_of(ISA_AARCH64, &stream, &count);
    for (size_t i = 0; i < count; i++) {
        struct replay_code *code = &pieces[i].code;
        for (size_t at = code->begin; at < code->end; at += 4) {
            uint32_t word;
            bool barrier = false;
            memcpy(&word, code->bytes + at, sizeof word);
            for (size_t b = 0; b < sizeof barriers / sizeof *barriers; b++)
                barrier |= word == barriers[b];
            if (barrier) {
                const uint32_t add = 0x8b020231; /* add x17, x17, x2 */
                memcpy(code->bytes + at, &add, sizeof add);
                planted++;
                break;
            }
        }
    }
    assert_int_equal(replay_check(pieces, count), count); /* each has a fence, if nothing else */
    assert_int_equal(planted, count);
    free_pieces(pieces, count);

    for (int isa = 0; isa < ISAS; isa++) {
        pieces = pieces_of((enum isa)isa, &stream, &count);
        const struct policy *plain = pieces[0].policy;
        for (size_t i = 2; i < count; i++)
            pieces[i].policy = plain;
        replay_check(pieces, count);
        for (size_t i = 2; i < count; i++) {
            const struct replay_code *ours = &pieces[i].code, *plains = &pieces[i % 2].code;
            bool same =
                ours->size == plains->size && memcmp(ours->bytes, plains->bytes, ours->size) == 0;
            assert_int_equal(pieces[i].why[0] == '\0', same); /* where nothing is listed */
        }
        free_pieces(pieces, count);
    }
}

/* Code for this machine runs and leaves zeros, whatever was in the registers; code that needs a 0
 * which it does not make is seen. */
static void code_runs(void **state) {
    (void)state;
#ifdef __aarch64__
    const char *zero = "\x02\x00\x80\xd2", *nothing = "\x1f\x20\x03\xd5"; /* mov x2, #0; nop */
    const size_t bytes = 4;
#else
    const char *zero = "\x48\x31\xdb", *nothing = "\x90\x90\x90"; /* xor rbx, rbx; nop */
    const size_t bytes = 3;
#endif
    struct rng rng;
    for (uint64_t seed = 21; seed < 25; seed++) {
        rng_seed(&rng, seed);
        struct trace_stream stream = random_stream(&rng, 250);
        struct trace_window window = {.streams = &stream, .stream_count = 1};
        size_t count, ran = 0;
        struct checked *pieces = pieces_of(isa_here(), &stream, &count);
        for (size_t i = 0; i < count; i++) {
            struct replay_code *code = &pieces[i].code;
            if (policy_needs(pieces[i].policy, &window) & ~feature_detect())
                continue;
            const char *wrong = replay_execute(code, RANDOM_ARENA, 3);
            if (wrong)
                fail_msg("seed %d, %s: %s", (int)seed, pieces[i].policy->name, wrong);
            assert_true(plant(code, 0, code->begin, zero, nothing, bytes));
            assert_non_null(replay_execute(code, RANDOM_ARENA, 3));
            ran++;
        }
        assert_true(ran >= 2);
        free_pieces(pieces, count);
        free(stream.accesses);
    }
}

int main(void) {
    for (int isa = 0; isa < ISAS; isa++)
        if (disassemble_lacks((enum isa)isa)) {
            printf("skipped: package %s is not installed\n", disassemble_lacks((enum isa)isa));
            return 77;
        }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_does_what_the_stream_says),
        cmocka_unit_test(faults_in_accesses_are_seen),
        cmocka_unit_test(faults_in_values_are_seen),
        cmocka_unit_test(a_result_that_nothing_writes_is_seen),
        cmocka_unit_test(faults_in_words_are_seen),
        cmocka_unit_test(code_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
