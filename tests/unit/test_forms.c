/* SPDX-License-Identifier: MIT
 *
 * Sequences in the loops of the instruction kernels, as generated code: of every lowering of both
 * ISAs the disassembler finds them there, whole and as often as there are steps; and on this
 * machine every kernel finds the result of the code right, at every point of its parameters.
 */
/* UNSANITIZED: kernels are compiled without sanitizers in every build */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "fakes/kernel_bench.h"
#include "forms/forms.h"
#include "forms/forms_emit.h"
#include "mapping/given.h"
#include "replay/disassemble.h"
#include "threads/fault.h"

/* The words between exclusives are other instructions of the loop, too. */
static bool is_told_apart(const char *word) {
    static const char *const others[] = {"ADD", "CMP", "B.NE", "CBNZ", "NOP"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(word, others[i]) == 0)
            return false;
    return true;
}

/* A word as the disassembler has it: an access of 8 bytes, or a barrier. */
static bool is_word(const struct instruction *found, const char *word) {
    char text[160], name[MAX_WORD];
    bool fence = strcmp(word, "LOCK ADD") == 0 || strcmp(word, "LOCK OR") == 0;
    snprintf(text, sizeof text, "%s %s", found->mnemonic, found->operands);
    for (size_t i = 0; i <= strlen(word); i++)
        name[i] = (char)tolower((unsigned char)word[i]);
    size_t length = strlen(name);
    if (strncmp(text, name, length) || (text[length] != ' ' && text[length] != '\0'))
        return false;
    if (strstr(found->operands, "[sp], #") ||
        strstr(found->operands, "[sp, #-")) /* saves registers */
        return false;
    bool access = strncmp(name, "mov", 3) == 0 || strncmp(name, "xchg", 4) == 0;
    return (!access || strchr(found->operands, '[')) && (!fence || strstr(text, "[rsp"));
}

static void expect_words(enum isa isa, const struct form_loop *loop, size_t times) {
    struct form_code form = form_generate(isa, loop);
    char word[MAX_WORD];
    size_t count, seen = 0, steps = 0;
    struct instruction *all = disassemble(isa, form.code.bytes, form.code.size, &count);
    const char *rest = loop->first;
    for (size_t i = 0; i < count; i++) {
        const char *next = mapping_next_word(rest, word);
        while (next && !is_told_apart(word))
            next = mapping_next_word(next, word);
        if (next && is_word(&all[i], word)) {
            seen++;
            rest = next;
        }
        while (*rest && mapping_next_word(rest, word) && !is_told_apart(word))
            rest = mapping_next_word(rest, word);
        if (*rest == '\0') {
            rest = loop->first;
            steps++;
        }
        if (strcmp(all[i].mnemonic, "(bad)") == 0 || strstr(all[i].mnemonic, "undefined"))
            fail_msg("%s: no instruction at 0x%zx", loop->first, all[i].offset);
    }
    if (steps != times || rest != loop->first)
        fail_msg("`%s' of %s, step %d: %zu times, want %zu", loop->first, isa_name(isa),
                 (int)loop->step, steps, times);
    assert_true(seen >= times);
    free(all);
    replay_code_free(&form.code);
}

static unsigned expect_all(const struct mapping *mapping) {
    const struct sequence *of = &mapping->sequence;
    const struct form_loop loops[] = {
        {.step = FORM_LOAD, .first = of->load, .bytes = 8, .latency = true},
        {.step = FORM_LOAD, .first = of->load_pair, .bytes = 16, .pair = true},
        {.step = FORM_STORE, .first = of->store_pair, .bytes = 16, .pair = true},
        {.step = FORM_STORE, .first = of->store, .bytes = 8},
        {.step = FORM_CHASE, .first = of->load, .bytes = 8, .latency = true},
        {.step = FORM_ADD, .first = of->fetch_add, .bytes = 8, .latency = true},
        {.step = FORM_EXCHANGE, .first = of->exchange, .bytes = 8},
        {.step = FORM_COMPARE, .first = of->compare_exchange, .bytes = 8},
        {.step = FORM_FAIL, .first = of->compare_exchange, .bytes = 8, .latency = true},
        {.step = FORM_FENCE, .first = of->fence, .bytes = 8},
    };
    unsigned tried = 0;
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
        char word[MAX_WORD];
        /* FEAT_LRCPC3 is not known to binutils before 2.41; NOPs align the loops, too. */
        bool nop =
            loops[i].first && (strstr(loops[i].first, "NOP") || strstr(loops[i].first, "IAPP") ||
                               strstr(loops[i].first, "STILP"));
        if (loops[i].first == NULL || nop || form_unencodable(mapping->isa, &loops[i], word))
            continue;
        expect_words(mapping->isa, &loops[i], loops[i].latency ? 16 + 1 + 1 : 16 + 8 + 1 + 1);
        tried++;
    }
    return tried;
}

static void sequences_are_in_the_code(void **state) {
    (void)state;
    size_t count;
    unsigned tried = 0;
    const struct mapping *all = mapping_table(&count);
    for (int isa = 0; isa < ISAS; isa++)
        if (disassemble_lacks((enum isa)isa)) {
            printf("skipped: package %s is not installed\n", disassemble_lacks((enum isa)isa));
            skip();
        }
    for (size_t i = 0; i < count; i++)
        tried += expect_all(&all[i]);
    printf("found %u sequences of %zu lowerings\n", tried, count);
    assert_true(tried > 5 * count);
}

static const char *const mappings[] = {
#ifdef __aarch64__
    "name = a\nload = LDR; DMB ISHLD\nstore = DMB ISH; STR\nexchange = SWPAL\n"
    "compare_exchange = CASAL\nfetch_add = LDADDAL\nfence = DMB ISH\nload_vec16 = LDR\n",
    "name = b\nload = LDAR\nstore = STLR\nexchange = LDAXR; STLXR\ncompare_exchange = LDAXR; "
    "STLXR\nfetch_add = LDXR; STXR\nfence = LDAR\n",
    "name = c\nload = LDUR\nstore = STUR\nexchange = SWP\ncompare_exchange = CAS\nfetch_add = "
    "STADD\nfence = SWPAL\nload_pair = LDP\nstore_pair = STP; DMB ISHST\n",
#else
    "isa = x86-64\nname = a\nload = MOV\nstore = XCHG\nexchange = XCHG\ncompare_exchange = LOCK "
    "CMPXCHG\nfetch_add = LOCK XADD\nfence = MFENCE\n",
    "isa = x86-64\nname = b\nload = LFENCE; MOV\nstore = MOV; LOCK ADD\nexchange = XCHG\n"
    "compare_exchange = LOCK CMPXCHG; MFENCE\nfetch_add = SFENCE; LOCK XADD\nfence = LOCK OR\n",
#endif
};

static void call_one_time(void *context, unsigned thread) {
    struct bench *bench = context;
    bench->run(&bench->work, thread, 1);
}

static const char *sample(struct bench *bench, uint64_t ops) {
    bench->run(&bench->work, 0, ops / 2 + 1);
    bench->work.nonce = bench->nonces++ * UINT64_C(0xd1342543de82ef95);
    bench->kernel->prepare(&bench->work, ops);
    bench->run(&bench->work, 0, ops);
    return bench->kernel->check(&bench->work, ops);
}

static unsigned try_point(const struct kernel *kernel, const struct params *params) {
    static const uint64_t all_ops[] = {1, 2, 3, 16, 17, 97, 5001};
    unsigned tried = 0;
    const struct variant *variant = forms_variants(kernel, params);
    for (; variant && variant->name; variant++) {
        struct bench bench;
        if ((variant->needs | needs_of_point(kernel, params)) & ~feature_detect())
            continue;
        bench_open(&bench, kernel, params, 1);
        bench.run = variant->run;
        bool faults = kernel->may_fault && fault_of(call_one_time, &bench, 0);
        for (size_t i = 0; i < sizeof all_ops / sizeof *all_ops && !faults; i++) {
            const char *wrong = sample(&bench, all_ops[i]);
            if (wrong)
                fail_msg("%s: %s, %u ops: %s", kernel->name, variant->name, (unsigned)all_ops[i],
                         wrong);
            tried++;
        }
        bench_close(&bench);
    }
    return tried;
}

static void the_kernels_find_the_code_right(void **state) {
    (void)state;
    unsigned kernels = 0;
    for (size_t i = 0; i < sizeof mappings / sizeof *mappings; i++)
        given_parse("test", mappings[i]);
    for (const struct kernel *const *k = registry_kernels(); *k; k++) {
        struct params params = {.axes = (*k)->axes};
        unsigned tried = 0;
        if (kernel_extras(*k)->open)
            continue;
        do
            tried += try_point(*k, &params);
        while (next_point(*k, &params));
        kernels += tried > 0;
    }
    assert_int_equal(kernels, 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_are_in_the_code),
        cmocka_unit_test(the_kernels_find_the_code_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
