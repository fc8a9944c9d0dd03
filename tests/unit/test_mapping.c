/* SPDX-License-Identifier: MIT
 *
 * Mappings as text: what the headers say is what the program was built of, every mapping of ours
 * reads back as it was printed, and what is wrong in a user's is said with its place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mapping/mapping.h"
#include "plan/registry.h"
#include "unit/cmocka_all.h"

static bool same(const char *one, const char *other) {
    return one == other || (one && other && strcmp(one, other) == 0);
}

static void assert_same(const struct mapping *one, const struct mapping *other) {
    for (size_t row = 0; row < OPERATION_SEQUENCES; row++)
        if (!same(mapping_sequence(one, row), mapping_sequence(other, row)))
            fail_msg("%s: %s is `%s', not `%s'", one->name, operation_rows[row].key,
                     mapping_sequence(one, row), mapping_sequence(other, row));
    assert_string_equal(one->name, other->name);
    assert_int_equal(one->isa, other->isa);
    assert_int_equal(one->coverage, other->coverage);
}

static void headers_say_what_was_built(void **state) {
    (void)state;
    size_t count, known;
    const struct lowering *const *built = registry_lowerings(&count);
    const struct mapping *all = mapping_table(&known);
    size_t here = 0;
    for (size_t i = 0; i < known; i++)
        here += all[i].isa == isa_here();
    assert_int_equal(here, count);
    assert_true(known > count + 3);
    for (size_t i = 0; i < count; i++) {
        struct mapping mapping = mapping_of(built[i], isa_here());
        assert_same(mapping_named(built[i]->name, isa_here()), &mapping);
    }
}

static void every_word_is_known(void **state) {
    (void)state;
    size_t count;
    const struct mapping *all = mapping_table(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t row = 0; row < OPERATION_ROWS; row++) {
            char word[MAX_WORD];
            const char *rest = mapping_sequence(&all[i], row);
            while (rest && (rest = mapping_next_word(rest, word)) != NULL)
                if (instruction_named(all[i].isa, word) == NULL)
                    fail_msg("%s: %s has `%s'", all[i].name, operation_rows[row].key, word);
        }
}

static void ours_read_back_as_printed(void **state) {
    (void)state;
    size_t count;
    const struct mapping *all = mapping_table(&count);
    for (size_t i = 0; i < count; i++) {
        char *text;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        mapping_print(&all[i], out);
        fclose(out);
        struct mapping *read = mapping_parse("ours", text);
        assert_same(read, &all[i]);
        if (all[i].coverage == COVERAGE_SYNC)
            assert_string_equal(read->data.load, all[i].data.load);
        mapping_free(read);
        free(text);
    }
}

#define WHOLE                                                                                      \
    "load = ldapr {value}, [{address}]\nstore=stlr\nexchange = swpal\n"                            \
    "compare_exchange = dmb  ish ; CASAL\nfetch_add = ldaxr; stlxr; dmb ish\nfence = DMB ISH\n"

static void a_text_is_normalised_and_completed(void **state) {
    (void)state;
    struct mapping *it = mapping_parse("a/b/mine.map", "# mine\n" WHOLE);
    assert_string_equal(it->name, "mine");
    assert_string_equal(it->sequence.load, "LDAPR");
    assert_string_equal(it->sequence.compare_exchange, "DMB ISH; CASAL");
    assert_string_equal(it->sequence.fetch_add, "LDAXR; ADD; STLXR; CBNZ; DMB ISH");
    assert_string_equal(it->sequence.load_pair, "LDAPR; LDAPR");
    assert_string_equal(it->sequence.load_vec16, "LDR; DMB ISHLD");
    assert_string_equal(it->sequence.store_vec32, "DMB ISH; STP");
    assert_string_equal(it->sequence.compare_exchange_pair, "DMB ISH; CASPAL");
    assert_string_equal(it->sequence.copy, "DMB ISH; CPYFP; CPYFM; CPYFE; DMB ISH");
    assert_string_equal(it->load_unaligned, "LDR; DMB ISHLD");
    assert_int_equal(it->needs, FEATURE_LRCPC);
    assert_int_equal(it->rmw_needs, FEATURE_LSE);
    mapping_free(it);
    it = mapping_parse("y", "load = ldr; dmb ishld\nload_byte = ldr; cbnz; isb\nstore = stlr\n"
                            "load_pair = ldr; cbnz; ldr; cbnz\nexchange = swpal\nfence = dmb ish\n"
                            "compare_exchange = prfm pstl1strm; ldxr; stlxr; dmb ish\n"
                            "fetch_add = prfm pstl1strm; ldxr; add; stlxr; cbnz; dmb ish\n");
    assert_string_equal(it->sequence.load_pair, "LDR; CBNZ; LDR; CBNZ");
    assert_string_equal(it->sequence.compare_exchange,
                        "PRFM PSTL1STRM; LDXR; CMP; B.NE; STLXR; CBNZ; DMB ISH");
    assert_string_equal(it->sequence.compare_exchange_pair,
                        "PRFM PSTL1STRM; LDXP; CMP; CCMP; B.NE; STLXP; CBNZ; DMB ISH");
    mapping_free(it);
    it = mapping_parse("x", "isa = x86-64\nload = MOV\nstore = MOV; LOCK ADD\nexchange = XCHG\n"
                            "compare_exchange = LOCK CMPXCHG\nfetch_add = LOCK XADD\n"
                            "fence = mfence\nname = mine-2\n");
    assert_string_equal(it->name, "mine-2");
    assert_string_equal(it->sequence.store_vec16, "MOVDQU; LOCK ADD");
    assert_string_equal(it->sequence.store_pair, "MOV; LOCK ADD; MOV; LOCK ADD");
    mapping_free(it);
}

/* What mapping_parse() says as it dies. */
static void dies(const char *text, const char *message) {
    int ends[2];
    char said[512] = "";
    assert_return_code(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        mapping_parse("f.map", text);
        _exit(0);
    }
    close(ends[1]);
    for (ssize_t got, used = 0;
         (got = read(ends[0], said + used, sizeof said - 1 - (size_t)used)) > 0;)
        used += got;
    close(ends[0]);
    int status;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 2 || strstr(said, message) == NULL)
        fail_msg("status %d, said `%s', not `%s'", status, said, message);
}

static void what_is_wrong_is_said_with_its_place(void **state) {
    (void)state;
    dies(WHOLE "load = LDR\n", "f.map:7:1: load is there twice");
    dies("load = LDR; LDRAP\n", "f.map:1:13: unknown instruction `LDRAP' of aarch64");
    dies("load = STR\n", "f.map:1:8: STR cannot stand in load");
    dies("\nload = LDR; LDR\n", "f.map:2:8: load: it has too many accesses");
    dies("load = ldapr {valve}, [{address}]\n", "f.map:1:13: LDAPR is written");
    dies("loab = LDR\n", "f.map:1:1: unknown key `loab'; nearest: `load'");
    dies("load LDR\n", "f.map:1:1: a line is");
    dies("load =\n", "load is empty");
    dies("load = DMB ISH\n", "load: it has no access");
    dies("load = LDR;; DMB ISHLD\n", "f.map:1:12: an instruction is missing");
    dies("exchange = LDAXR\n", "exclusives come as one load and then one store");
    dies("exchange = STXR; LDXR\n", "exclusives come as one load and then one store");
    dies("load = LDR; B; LDAR\n", "tests and branches");
    dies("load = LDR; CBNZ; CBNZ\n", "tests and branches");
    dies("load = LDR; EOR; CBNZ\n", "tests and branches");
    dies("load = CBNZ; LDR\n", "tests and branches");
    dies("load = LDR; CBNZ; LDR; CBNZ\n", "it has too many accesses");
    dies("store = STR; CBNZ\n", "tests and branches");
    dies("load = prfm pstl1strm\n", "load: it has no access");
    dies("load = prfm pldl1keep; ldr\n", "unknown instruction");
    dies("isa = mips\n", "f.map:1:7: isa is aarch64 or x86-64");
    dies("isa = x86-64\nload = LDR\n", "f.map:2:8: unknown instruction `LDR' of x86-64");
    dies("load = LDR\nisa = x86-64\n", "isa stands before the sequences");
    dies("load = LDR\n", "f.map:2:1: store is left out");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_say_what_was_built),
        cmocka_unit_test(every_word_is_known),
        cmocka_unit_test(ours_read_back_as_printed),
        cmocka_unit_test(a_text_is_normalised_and_completed),
        cmocka_unit_test(what_is_wrong_is_said_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
