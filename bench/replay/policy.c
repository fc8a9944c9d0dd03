/* SPDX-License-Identifier: MIT */
#include "replay/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "kernels/kernel.h"
#include "mapping/given.h"
#include "replay/policy_given.h"

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

const struct policy *policies(enum isa isa, size_t *count) {
    static struct policy all[ISAS][MAX_POLICIES];
    static size_t counts[ISAS], seen;
    if (counts[isa] == 0 || seen != given_count()) {
        for (int i = 0; i < ISAS; i++) {
            counts[i] = policies_compiled((enum isa)i);
            memcpy(all[i], i == ISA_AARCH64 ? aarch64 : x86_64, counts[i] * sizeof **all);
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
        die(EXIT_USAGE, "more than %d policies are named", MAX_POLICIES);
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
            if (rep && policy->rep == REP_MOPS)
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
    const char *unaligned = store ? policy->store_unaligned : policy->load_unaligned;
    unsigned size = access->size > 16 ? 16 : access->size == 10 ? 8 : access->size;
    uint64_t offset = store && access->kind == TRACE_MOVS ? access->to_offset : access->offset;
    bool rep = access->kind == TRACE_MOVS || access->kind == TRACE_STOS;
    if (access->base == TRACE_BASE_STACK && stack && !rep)
        return stack;
    if (store && access->nontemporal && policy->store_nontemporal)
        return policy->store_nontemporal;
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
        (policy->compares_all || (access->size > 1 && access->size <= 8)))
        return either(policy->compare_exchange, policy->rmw);
    return policy->rmw;
}

/* Whether box64 counts the record among the writes of its block at this level. */
static bool counted_write(const struct policy *policy, const struct trace_access *access) {
    bool store =
        access->kind == TRACE_STORE || access->kind == TRACE_MOVS || access->kind == TRACE_STOS;
    return store && !access->nontemporal && (policy->strongmem >= 2 || !access->vector);
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
            words[i].before = policy->weakbarrier ? "DMB ISHLD" : "DMB ISH";
        else if (i == last && policy->weakbarrier != 2)
            words[i].before = policy->weakbarrier ? "DMB ISHST" : "DMB ISH";
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
        *words = (struct words){.before = "", .access = "", .after = ""};
        switch ((enum trace_kind)access->kind) {
        case TRACE_LOAD:
        case TRACE_STORE:
            words->access = access_words(policy, access, access->kind == TRACE_STORE);
            break;
        case TRACE_RMW:
            words->access = rmw_words(policy, access);
            break;
        case TRACE_MOVS:
            words->access = access_words(policy, access, false);
            words->store = access_words(policy, access, true);
            break;
        case TRACE_STOS:
            words->store = access_words(policy, access, true);
            break;
        case TRACE_FENCE:
            words->access = policy->fence[access->op];
            break;
        case TRACE_BLOCK:
        case TRACE_KINDS:
            break;
        }
        if (words->store || (access->kind == TRACE_MOVS)) {
            words->before = either(policy->rep_before, "");
            words->after = either(policy->rep_after, "");
        }
    }
    for (size_t begin = 0; policy->strongmem && begin < stream->count;) {
        size_t end = begin + 1;
        while (end < stream->count && stream->accesses[end].kind != TRACE_BLOCK)
            end++;
        strongmem_words(policy, stream->accesses + begin, all + begin, end - begin);
        begin = end;
    }
    return all;
}
