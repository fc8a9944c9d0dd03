/* SPDX-License-Identifier: MIT */
#include "replay/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "kernels/kernel.h"
#include "mapping/given.h"
#include "replay/policy_given.h"
#include "stats/rng.h"

static const struct policy aarch64[] = {
#define POLICY(id, ...) {__VA_ARGS__},
#include "replay/policies_aarch64.def"
#undef POLICY
};

static const struct policy x86_64[] = {
#define POLICY(id, ...) {__VA_ARGS__},
#include "replay/policies_x86_64.def"
#undef POLICY
};

size_t policies_compiled(enum isa isa) {
    return isa == ISA_AARCH64 ? sizeof aarch64 / sizeof *aarch64 : sizeof x86_64 / sizeof *x86_64;
}

/* What a row has no sequence of is its lowering's. */
static void complete(struct policy *row, enum isa isa) {
    const struct mapping *mapping = row->mapping ? mapping_named(row->mapping, isa) : NULL;
    struct policy its;
    if (row->mapping == NULL)
        return;
    if (mapping == NULL || !policy_of_mapping(mapping, &its))
        die(EXIT_FAILED, "policy %s has no lowering %s for replays", row->name, row->mapping);
    if (row->load == NULL) {
        row->load = its.load;
        row->store = its.store;
        row->load_byte = its.load_byte;
        row->store_byte = its.store_byte;
    }
    if (row->load_vector == NULL) {
        row->load_vector = its.load_vector;
        row->store_vector = its.store_vector;
    }
    if (row->rmw == NULL) {
        row->rmw = its.rmw;
        row->exchange = its.exchange;
        row->compare_exchange = its.compare_exchange;
        row->compares_all = its.compares_all;
        row->rmw_lse = its.rmw_lse;
    }
    if (row->fence[0] == NULL)
        memcpy(row->fence, its.fence, sizeof row->fence);
    row->needs |= its.needs;
    row->within_16 |= its.within_16;
}

const struct policy *policies(enum isa isa, size_t *count) {
    static struct policy all[ISAS][MAX_POLICIES];
    static size_t counts[ISAS], seen;
    if (counts[isa] == 0 || seen != given_count()) {
        for (int i = 0; i < ISAS; i++) {
            counts[i] = policies_compiled((enum isa)i);
            memcpy(all[i], i == ISA_AARCH64 ? aarch64 : x86_64, counts[i] * sizeof **all);
            for (size_t k = 0; k < counts[i]; k++)
                complete(&all[i][k], (enum isa)i);
        }
        seen = given_count();
        for (size_t i = 0; i < seen && !given_tried(); i++) {
            enum isa of = given_at(i)->isa;
            for (size_t k = 0; k < counts[of]; k++)
                if (strcmp(all[of][k].name, given_at(i)->name) == 0)
                    die(EXIT_USAGE, "a policy has the name %s already: give the mapping another",
                        given_at(i)->name);
            counts[of] += policy_of_mapping(given_at(i), &all[of][counts[of]]);
        }
    }
    *count = counts[isa];
    return all[isa];
}

void policy_choose(struct policy_choice *choice, const char *name) {
    const char *names[ISAS * MAX_POLICIES];
    size_t known = 0, count;
    bool found = false;
    for (int isa = 0; isa < ISAS; isa++) {
        const struct policy *all = policies((enum isa)isa, &count);
        for (size_t i = 0; i < count; i++) {
            found |= strcmp(all[i].name, name) == 0;
            names[known++] = all[i].name;
        }
    }
    if (!found)
        text_unknown("policy", name, names, known);
    if (choice->count == MAX_POLICIES)
        die(EXIT_USAGE, "more than %d policies: name fewer with --policy", MAX_POLICIES);
    choice->names[choice->count++] = name;
}

bool policy_chosen(const struct policy_choice *choice, const struct policy *policy) {
    for (size_t i = 0; i < choice->count; i++)
        if (strcmp(choice->names[i], policy->name) == 0)
            return true;
    return choice->count == 0;
}

unsigned policy_needs(const struct policy *policy, const struct trace_window *window) {
    unsigned needs = policy->needs;
    for (size_t i = 0; i < window->stream_count; i++)
        for (size_t a = 0; a < window->streams[i].count; a++) {
            const struct trace_access *access = &window->streams[i].accesses[a];
            bool rep = access->kind == TRACE_MOVS || access->kind == TRACE_STOS;
            if (access->kind == TRACE_RMW && policy->rmw_lse)
                needs |= FEATURE_LSE;
            if (rep && policy_rep_way(policy, access) == REP_MOPS)
                needs |= FEATURE_MOPS;
            if (access->size >= 32 && policy->rep == REP_NATIVE)
                needs |= FEATURE_AVX;
        }
    return needs;
}

bool policy_is_access(const char *word) {
    return strncmp(word, "LD", 2) == 0 || strncmp(word, "ST", 2) == 0 || strcmp(word, "MOV") == 0 ||
           strcmp(word, "XCHG") == 0 || strcmp(word, "AL") == 0 || strcmp(word, "LOCK") == 0;
}

bool policy_aligned(const struct policy *policy, unsigned size, uint64_t offset) {
    return policy->within_16 ? offset % 16 + size <= 16 : offset % size == 0;
}

/* SETP sets bytes: FEX has it for elements of one, and where it sees the value to be 0. */
enum rep_way policy_rep_way(const struct policy *policy, const struct trace_access *access) {
    bool bytes = access->size == 1;
    if (policy->rep == REP_MOPS && access->kind == TRACE_STOS && !bytes &&
        access->op != TRACE_STORED_ZERO)
        return REP_QUADS;
    return policy->rep == REP_EIGHTS && !bytes ? REP_PLAIN : policy->rep;
}

bool policy_orders(const struct policy *policy, const struct trace_stream *stream, size_t record) {
    const struct trace_access *accesses = stream->accesses;
    if (policy->unlisted % 100 == 0)
        return policy->unlisted == 0;
    while (record &&
           (policy->strongmem ? accesses[record].kind != TRACE_BLOCK : accesses[record].same))
        record--;
    uint64_t number = record;
    return rng_split(&number) % 100 >= policy->unlisted;
}

static bool has_ordered_instruction(const char *sequence) {
    return strstr(sequence, "LDA") || strstr(sequence, "STL");
}

static const char *either(const char *first, const char *otherwise) {
    return first ? first : otherwise;
}

/* The sequence of a load or store, before box64's barriers. */
static const char *access_words(const struct policy *policy, const struct trace_access *access,
                                bool store) {
    const char *words = store ? policy->store : policy->load;
    const char *byte = store ? policy->store_byte : policy->load_byte;
    const char *vector = store ? policy->store_vector : policy->load_vector;
    const char *stack = store ? policy->store_stack : policy->load_stack;
    const char *x87 = store ? policy->store_x87 : policy->load_x87;
    const char *element = store ? policy->store_rep : policy->load_rep;
    const char *element_byte = store ? policy->store_rep_byte : policy->load_rep_byte;
    const char *unaligned = store ? policy->store_unaligned : policy->load_unaligned;
    unsigned size = access->size > 16 ? 16 : access->size == 10 ? 8 : access->size;
    uint64_t offset = store && access->kind == TRACE_MOVS ? access->to_offset : access->offset;
    bool rep = access->kind == TRACE_MOVS || access->kind == TRACE_STOS;
    if (access->base == TRACE_BASE_STACK && stack && !rep)
        return stack;
    if (store && access->nontemporal && policy->store_nontemporal)
        return policy->store_nontemporal;
    if (access->op == TRACE_BY_X87 && x87 && !rep)
        return x87;
    if (access->op == TRACE_BY_RET && policy->load_ret && !rep)
        return policy->load_ret;
    if (rep) {
        words = either(element, words);
        byte = either(element_byte, byte);
    }
    if (access->vector || access->size >= 16)
        words = either(vector, words);
    else if (access->size == 1)
        words = either(byte, words);
    /* The two parts of an x87 number, and of a wide vector, have one fate. */
    bool aligned = rep ? offset % size == 0 : policy_aligned(policy, size, offset);
    return has_ordered_instruction(words) && !aligned ? either(unaligned, words) : words;
}

/* An RMW that no LSE instruction and no exclusive pair can do is a split lock. Emulators make it
 * anything but one sequence (a signal handler, a mutex); here it is an access each way between
 * full barriers. */
static const char *rmw_words(const struct policy *policy, const struct trace_access *access) {
    if (strcmp(policy->rmw, "LOCK") && !policy_aligned(policy, access->size, access->offset))
        return "DMB ISH; LDR-STR; DMB ISH";
    if (access->op == TRACE_XCHG)
        return either(policy->exchange, policy->rmw);
    if (access->op == TRACE_CMPXCHG &&
        (policy->compares_all || access->size == 4 || access->size == 8))
        return either(policy->compare_exchange, policy->rmw);
    return policy->rmw;
}

/* Whether box64 counts the record among the writes of its block at this level: not what CALL pushes
 * and x87 stores. */
static bool counted_write(const struct policy *policy, const struct trace_access *access) {
    bool store =
        access->kind == TRACE_STORE || access->kind == TRACE_MOVS || access->kind == TRACE_STOS;
    bool counts = access->kind != TRACE_STORE || access->op == TRACE_BY_MOVE;
    return store && counts && !access->nontemporal && (policy->strongmem >= 2 || !access->vector);
}

/* Puts a barrier in front of those that are there. */
static void add_before(struct words *words, const char *barrier) {
    char both[64];
    snprintf(both, sizeof both, "%s%s%s", barrier, *words->before ? "; " : "", words->before);
    words->before = *words->before ? text_kept(both) : barrier;
}

/* The barriers of box64 (src/dynarec/dynarec_helper.h) in one block of the stream: before its first
 * write, before its last, after its last, and at levels 3 and 4 in between. */
static void strongmem_words(const struct policy *policy, const struct trace_access *accesses,
                            struct words *words, size_t count) {
    size_t last = count;
    for (size_t i = 0; i < count; i++)
        if (counted_write(policy, &accesses[i]))
            last = i;
    unsigned writes = 0;
    for (size_t i = 0; i < count; i++) {
        if (!counted_write(policy, &accesses[i]))
            continue;
        if (writes == 0)
            add_before(&words[i], policy->weakbarrier ? "DMB ISHLD" : "DMB ISH");
        else if (i == last && policy->weakbarrier != 2)
            add_before(&words[i], policy->weakbarrier ? "DMB ISHST" : "DMB ISH");
        writes++;
        if (i == last)
            words[i].after = policy->weakbarrier ? "DMB ISHST" : "DMB ISH";
        else if (policy->strongmem == 4 || (policy->strongmem == 3 && writes >= 3)) {
            words[i].after = "DMB ISH";
            writes = 1;
        }
    }
}

struct words *policy_words(const struct policy *policy, const struct trace_stream *stream) {
    struct words *all = allocate(stream->count ? stream->count : 1, sizeof *all);
    for (size_t i = 0; i < stream->count; i++) {
        const struct trace_access *access = &stream->accesses[i];
        struct words *words = &all[i];
        bool ordered = policy_orders(policy, stream, i);
        *words = (struct words){.before = "", .access = "", .after = ""};
        switch ((enum trace_kind)access->kind) {
        case TRACE_LOAD:
            words->access = ordered ? access_words(policy, access, false) : "LDR";
            break;
        case TRACE_STORE:
            words->access = ordered ? access_words(policy, access, true) : "STR";
            break;
        case TRACE_RMW:
            words->access = rmw_words(policy, access);
            break;
        case TRACE_MOVS:
            words->access = ordered ? access_words(policy, access, false) : "LDR";
            words->store = ordered ? access_words(policy, access, true) : "STR";
            break;
        case TRACE_STOS:
            words->store = ordered ? access_words(policy, access, true) : "STR";
            break;
        case TRACE_FENCE:
            words->access = policy->fence[access->op];
            break;
        case TRACE_BLOCK:
        case TRACE_KINDS:
            break;
        }
        if (access->kind == TRACE_MOVS && ordered)
            words->before = either(policy->movs_before, "");
        if (words->store)
            words->after = either(policy->rep_after, "");
    }
    for (size_t begin = 0; policy->strongmem && begin < stream->count;) {
        size_t end = begin + 1;
        while (end < stream->count && stream->accesses[end].kind != TRACE_BLOCK)
            end++;
        if (policy_orders(policy, stream, begin))
            strongmem_words(policy, stream->accesses + begin, all + begin, end - begin);
        begin = end;
    }
    return all;
}
