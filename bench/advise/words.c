/* SPDX-License-Identifier: MIT */
#include "advise/words.h"

#include <ctype.h>
#include <stdio.h>

#include "base/die.h"
#include "base/text.h"

const struct searched searched[SEARCH_OPERATIONS] = {
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
};

enum isa advice_isa(const struct advice *advice) {
    return text_same(advice->architecture, "x86_64") ? ISA_X86_64 : ISA_AARCH64;
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
    /* Its old value is not wanted there, but is in a test. */
    if (it->kind == TEST_FETCH_ADD && text_same(out, "LOCK ADD"))
        snprintf(out, SEQUENCE_TEXT, "LOCK XADD");
}

const struct hole *words_hole(enum isa isa, const char *const words[SEARCH_OPERATIONS]) {
    struct mapping mapping = {.name = "a candidate", .used_by = "", .isa = isa};
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
        *(const char **)((char *)&mapping.sequence + searched[i].place) = words[i];
    const struct verdict *verdict =
        oracle_judge(&mapping, isa == ISA_X86_64 ? REFERENCE_SC : REFERENCE_TSO);
    if (verdict->unknown)
        die(EXIT_FAILED, "a measured sequence cannot be judged: %s", verdict->why);
    return oracle_hole(verdict, 0, ~0u);
}
