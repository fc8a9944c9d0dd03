/* SPDX-License-Identifier: MIT
 *
 * policy_given.c: a user's mapping as a policy: what replays do of it.
 */
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "kernels/needs.h"
#include "mapping/given.h"
#include "replay/policy_given.h"

/* An operation under way: from a mapping's words to a policy's. */
struct translation {
    const struct mapping *mapping;
    bool failed;
};

static bool is_of_class(enum isa isa, const char *word, unsigned classes) {
    return classes >> instruction_named(isa, word)->class & 1;
}

static const char *fail(struct translation *of, const char *key, const char *words) {
    if (!of->failed)
        warn("%s is left out of replays, which have no form for its %s: %s", of->mapping->name, key,
             words);
    of->failed = true;
    return NULL;
}

/* A load or store: one access that the emitters know, and barriers. x86-64's vectors are MOV, too.
 */
static const char *access_words(struct translation *of, const char *key, const char *words) {
    static const char *const known[] = {"LDR",  "LDAR",  "LDAPR", "LDAPUR", "STR",
                                        "STLR", "STLUR", "MOV",   "XCHG",   "MOVDQU"};
    char word[MAX_WORD], out[MAX_SEQUENCE] = "";
    size_t used = 0, accesses = 0;
    if (words == NULL)
        return NULL;
    for (const char *rest = words; (rest = mapping_next_word(rest, word)) != NULL;) {
        bool barrier =
            is_of_class(of->mapping->isa, word, 1u << CLASS_BARRIER | 1u << CLASS_NOTHING);
        size_t i = 0;
        while (i < sizeof known / sizeof *known && !text_same(known[i], word))
            i++;
        accesses += !barrier;
        if (!barrier && i == sizeof known / sizeof *known)
            return fail(of, key, words);
        used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", used ? "; " : "",
                                 text_same(word, "MOVDQU") ? "MOV" : word);
    }
    return accesses == 1 ? text_kept(out) : fail(of, key, words);
}

/* A read-modify-write: an LSE instruction with acquire and release is AL, a loop around exclusives
 * named by the two of them. */
static const char *modify_words(struct translation *of, const char *key, const char *words) {
    static const struct {
        const char *from, *to;
    } forms[] = {{"SWPAL", "AL"},
                 {"LDADDAL", "AL"},
                 {"CASAL", "AL"},
                 {"LDAXR; STLXR; CBNZ", "LDAXR-STLXR"},
                 {"LDAXR; ADD; STLXR; CBNZ", "LDAXR-STLXR"},
                 {"LDAXR; CMP; B.NE; STLXR; CBNZ", "LDAXR-STLXR"},
                 {"LDXR; STXR; CBNZ", "LDXR-STXR"},
                 {"LDXR; ADD; STXR; CBNZ", "LDXR-STXR"},
                 {"LDXR; CMP; B.NE; STXR; CBNZ", "LDXR-STXR"}};
    char word[MAX_WORD], out[2 * MAX_SEQUENCE];
    if (of->mapping->isa == ISA_X86_64)
        return text_same(words, "XCHG") || text_same(words, "LOCK XADD") ||
                       text_same(words, "LOCK CMPXCHG")
                   ? "LOCK"
                   : fail(of, key, words);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *at = strstr(words, forms[i].from), *end = at + strlen(forms[i].from);
        if (at == NULL || (at > words && at[-1] != ' ') || (*end != ';' && *end != '\0'))
            continue;
        snprintf(out, sizeof out, "%.*s%s%s", (int)(at - words), words, forms[i].to, end);
        for (const char *rest = out; (rest = mapping_next_word(rest, word)) != NULL;)
            if (!text_same(word, forms[i].to) &&
                !is_of_class(ISA_AARCH64, word, 1u << CLASS_BARRIER | 1u << CLASS_NOTHING))
                return fail(of, key, words);
        return text_kept(out);
    }
    return fail(of, key, words);
}

static const char *fence_words(struct translation *of) {
    const char *words = of->mapping->sequence.fence;
    char word[MAX_WORD];
    for (const char *rest = words; (rest = mapping_next_word(rest, word)) != NULL;)
        if (!is_of_class(of->mapping->isa, word, 1u << CLASS_BARRIER | 1u << CLASS_NOTHING))
            return fail(of, "fence", words);
    return words;
}

/* REP: the CPU's own with what the mapping puts after its copies, or element by element. */
static void set_rep(struct policy *policy, const struct mapping *mapping) {
    const char *after = strstr(mapping->sequence.copy, "REP MOVSB; ");
    policy->rep = mapping->isa == ISA_X86_64 ? REP_NATIVE : REP_ELEMENTS;
    if (policy->rep == REP_NATIVE && after)
        policy->rep_after = after + strlen("REP MOVSB; ");
}

bool policy_of_mapping(const struct mapping *mapping, struct policy *policy) {
    struct translation of = {mapping, false};
    const struct sequence *from = &mapping->sequence;
    bool x86 = mapping->isa == ISA_X86_64;
    bool near = strstr(from->load, "LDAPUR") || strstr(from->store, "STLUR");
    *policy = (struct policy){
        .name = mapping->name,
        .used_by = "",
        .load = access_words(&of, "load", from->load),
        .store = access_words(&of, "store", from->store),
        .load_byte = access_words(&of, "load_byte", from->load_byte),
        .store_byte = access_words(&of, "store_byte", from->store_byte),
        .load_vector = access_words(&of, "load_vec16", from->load_vec16),
        .store_vector = access_words(&of, "store_vec16", from->store_vec16),
        .load_unaligned = access_words(&of, "load_unaligned", mapping->load_unaligned),
        .store_unaligned = access_words(&of, "store_unaligned", mapping->store_unaligned),
        .within_16 = near,
        .rmw = modify_words(&of, "fetch_add", from->fetch_add),
        .exchange = modify_words(&of, "exchange", from->exchange),
        .compare_exchange = modify_words(&of, "compare_exchange", from->compare_exchange),
        .compares_all = true,
        .fence = {fence_words(&of), x86 ? "LFENCE" : "DMB ISHLD", x86 ? "SFENCE" : "DMB ISHST"},
        .needs = mapping->needs | (near ? (unsigned)FEATURE_LSE2 : 0),
        .rmw_lse = (mapping->rmw_needs & FEATURE_LSE) != 0};
    set_rep(policy, mapping);
    return !of.failed;
}
