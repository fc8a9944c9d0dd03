/* SPDX-License-Identifier: MIT */
#include "advise/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"

const struct searched searched[JUDGED_OPERATIONS] = {
    {OPERATION_LOAD,
     TEST_LOAD,
     offsetof(struct sequence, load),
     {"LDR", "MOV"},
     {"DMB ISH; LDR; DMB ISH", "MFENCE; MOV; MFENCE"}},
    {OPERATION_STORE,
     TEST_STORE,
     offsetof(struct sequence, store),
     {"STR", "MOV"},
     {"DMB ISH; STR; DMB ISH", "MFENCE; MOV; MFENCE"}},
    {OPERATION_EXCHANGE,
     TEST_EXCHANGE,
     offsetof(struct sequence, exchange),
     {"", ""},
     {"DMB ISH; SWPAL; DMB ISH", "XCHG"}},
    {OPERATION_ADD,
     TEST_FETCH_ADD,
     offsetof(struct sequence, fetch_add),
     {"", ""},
     {"DMB ISH; LDADDAL; DMB ISH", "LOCK XADD"}},
    {OPERATION_CMPXCHG,
     TEST_COMPARE_EXCHANGE,
     offsetof(struct sequence, compare_exchange),
     {"", ""},
     {"DMB ISH; CASAL; DMB ISH", "LOCK CMPXCHG"}},
    {OPERATION_FENCE,
     TEST_FENCE,
     offsetof(struct sequence, fence),
     {"", ""},
     {"DMB ISH", "MFENCE"}},
    {OPERATION_LOAD16,
     TEST_LOAD,
     offsetof(struct sequence, load_pair),
     {"LDR", "MOV"},
     {NULL, NULL}},
    {OPERATION_STORE16,
     TEST_STORE,
     offsetof(struct sequence, store_pair),
     {"STR", "MOV"},
     {NULL, NULL}},
    {OPERATION_CMPXCHG16B,
     TEST_COMPARE_EXCHANGE_PAIR,
     offsetof(struct sequence, compare_exchange_pair),
     {"", ""},
     {NULL, NULL}},
};

enum isa advice_isa(const struct advice *advice) {
    return text_same(advice->architecture, "x86_64") ? ISA_X86_64 : ISA_AARCH64;
}

/* A word of a sequence of 16 bytes as the oracle has it: "" where it is no access. Aligned moves
 * are as others; what goes on between registers, and the retry of x86, is left out. */
static const char *wide_word(const char *word, bool compares) {
    static const char *const moves[] = {"MOVDQA", "MOVAPS", "VMOVDQA"};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (text_same(word, moves[i]))
            return "MOVDQU";
    if (text_same(word, "B NE")) /* of b.ne */
        return "B.NE";
    return compares && (text_same(word, "MOV") || text_same(word, "JNE")) ? "" : word;
}

static void widen(char words[SEQUENCE_TEXT]) {
    char copy[SEQUENCE_TEXT], word[MAX_WORD];
    bool compares = strstr(words, "CASP") || strstr(words, "CMPXCHG16B");
    size_t used = 0;
    memcpy(copy, words, SEQUENCE_TEXT);
    for (const char *rest = copy; (rest = mapping_next_word(rest, word)) != NULL;) {
        const char *kept = wide_word(word, compares);
        if (*kept)
            used += (size_t)snprintf(words + used, SEQUENCE_TEXT - used, "%s%s", used ? "; " : "",
                                     kept);
    }
}

void words_of(unsigned which, enum isa isa, const char *name, char out[SEQUENCE_TEXT]) {
    const struct searched *it = &searched[which];
    size_t used = 0;
    if (text_same(name, "plain")) {
        snprintf(out, SEQUENCE_TEXT, "%s", it->plain[isa]);
        return;
    }
    for (; *name && used + 3 < SEQUENCE_TEXT; name++)
        if (*name == '+' || *name == ',')
            used += (size_t)sprintf(out + used, ";%s", name[1] == ' ' ? "" : " ");
        else
            out[used++] = (char)(*name == '.' ? ' ' : toupper((unsigned char)*name));
    out[used] = '\0';
    if (which >= SEARCH_OPERATIONS)
        widen(out);
    /* Its old value is not wanted there, but is in a test. */
    if (it->kind == TEST_FETCH_ADD && text_same(out, "LOCK ADD"))
        snprintf(out, SEQUENCE_TEXT, "LOCK XADD");
}

const struct hole *words_hole(enum isa isa, const char *const words[JUDGED_OPERATIONS]) {
    struct mapping mapping = {.name = "a candidate", .used_by = "", .isa = isa};
    for (unsigned i = 0; i < JUDGED_OPERATIONS; i++)
        *(const char **)((char *)&mapping.sequence + searched[i].place) = words[i];
    const struct verdict *verdict =
        oracle_judge(&mapping, isa == ISA_X86_64 ? REFERENCE_SC : REFERENCE_TSO);
    if (verdict->unknown)
        die(EXIT_FAILED, "a measured sequence cannot be judged: %s", verdict->why);
    return oracle_hole(verdict, 1u << KIND_PAIR, ~0u);
}
