/* SPDX-License-Identifier: MIT
 *
 * fill.c: what a user's mapping leaves out, made of what it has.
 */
#include "mapping/fill.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *mapping_keep(struct mapping *mapping, const char *text) {
    size_t length = strlen(text) + 1, used = 0;
    while (mapping->text[used])
        used += strlen(mapping->text + used) + 1;
    /* Room for all was made by mapping_parse(). */
    return memcpy(mapping->text + used, text, length);
}

/* "LDAPR; LDAPR" of "LDAPR". */
static const char *twice(struct mapping *mapping, const char *words) {
    char out[2 * MAX_SEQUENCE + 2];
    snprintf(out, sizeof out, "%s; %s", words, words);
    return mapping_keep(mapping, out);
}

static const char *replaced(struct mapping *mapping, const char *words, const char *from,
                            const char *to) {
    char out[2 * MAX_SEQUENCE];
    const char *at = strstr(words, from);
    snprintf(out, sizeof out, "%.*s%s%s", (int)(at - words), words, to, at + strlen(from));
    return mapping_keep(mapping, out);
}

static const char *pair_of_cas(struct mapping *mapping, const char *words) {
    char out[2 * MAX_SEQUENCE], word[MAX_WORD], next[MAX_WORD];
    size_t used = 0;
    for (; (words = mapping_next_word(words, word)) != NULL;) {
        size_t length = strlen(word);
        const char *rest = mapping_next_word(words, next);
        if (text_same(word, "EOR") && rest && text_same(next, "CBNZ")) { /* two halves by flags */
            used += (size_t)snprintf(out + used, sizeof out - used, "; CMP; CCMP; B.NE");
            words = rest;
            continue;
        }
        if (strncmp(word, "CAS", 3) == 0)
            snprintf(out + used, sizeof out - used, "%sCASP%s", used ? "; " : "", word + 3);
        else if (length > 2 && text_same(word + length - 2, "XR"))
            snprintf(out + used, sizeof out - used, "%s%.*sP", used ? "; " : "", (int)length - 1,
                     word);
        else
            snprintf(out + used, sizeof out - used, "%s%s%s", used ? "; " : "", word,
                     text_same(word, "CMP") ? "; CCMP" : "");
        used += strlen(out + used);
    }
    return mapping_keep(mapping, out);
}

void mapping_fill_in(struct mapping *mapping) {
    struct sequence *it = &mapping->sequence;
    bool x86 = mapping->isa == ISA_X86_64;
    bool plain_load = x86 || strstr(it->load, "LDR"), plain_store = strstr(it->store, "STR");
    bool tested = strstr(it->load, "TST"), moved = x86 && strstr(it->store, "MOV");
    if (it->load_pair == NULL)
        it->load_pair = twice(mapping, it->load);
    if (it->store_pair == NULL)
        it->store_pair = twice(mapping, it->store);
    const char *half_load = plain_load && !tested ? it->load : "LDR; DMB ISHLD";
    const char *half_store = plain_store && !strstr(it->store, "TST") ? it->store : "DMB ISH; STR";
    if (x86)
        half_store = moved ? it->store : "MOV; MFENCE";
    if (it->load_vec16 == NULL)
        it->load_vec16 = x86 ? replaced(mapping, it->load, "MOV", "MOVDQU") : half_load;
    if (it->load_vec32 == NULL)
        it->load_vec32 = x86 ? replaced(mapping, it->load, "MOV", "VMOVDQU")
                             : replaced(mapping, half_load, "LDR", "LDP");
    if (it->store_vec16 == NULL)
        it->store_vec16 = x86 ? replaced(mapping, half_store, "MOV", "MOVDQU") : half_store;
    if (it->store_vec32 == NULL)
        it->store_vec32 = x86 ? replaced(mapping, half_store, "MOV", "VMOVDQU")
                              : replaced(mapping, half_store, "STR", "STP");
    if (it->compare_exchange_pair == NULL)
        it->compare_exchange_pair =
            x86 ? "LOCK CMPXCHG16B" : pair_of_cas(mapping, it->compare_exchange);
    if (it->copy == NULL)
        it->copy = x86 ? replaced(mapping, half_store, "MOV", "REP MOVSB")
                       : "DMB ISH; CPYFP; CPYFM; CPYFE; DMB ISH";
    if (mapping->load_unaligned == NULL && !plain_load)
        mapping->load_unaligned = "LDR; DMB ISHLD";
    if (mapping->store_unaligned == NULL && !plain_store && !x86)
        mapping->store_unaligned = "DMB ISH; STR";
}

void mapping_sum_needs(struct mapping *mapping) {
    for (size_t row = 0; row < OPERATION_ROWS; row++) {
        char word[MAX_WORD];
        const char *rest = mapping_sequence(mapping, row);
        const char *key = operation_rows[row].key;
        bool rmw = text_same(key, "exchange") || text_same(key, "fetch_add") ||
                   strncmp(key, "compare", 7) == 0;
        while (rest && !text_same(key, "copy") && (rest = mapping_next_word(rest, word)) != NULL)
            *(rmw ? &mapping->rmw_needs : &mapping->needs) |=
                instruction_named(mapping->isa, word)->feature;
    }
}
