/* SPDX-License-Identifier: MIT
 *
 * judge.c: a mapping on all tests: with scalars alone, and with other kinds of access among them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "oracle/oracle.h"

const char *access_kind_name(enum access_kind kind) {
    static const char *const names[KINDS] = {
        [KIND_SCALAR] = "scalars",
        [KIND_DATA] = "data",
        [KIND_VECTOR] = "vectors",
        [KIND_VECTOR_HIGH] = "second halves of vectors",
        [KIND_VECTOR32] = "vectors of 32 bytes",
        [KIND_VECTOR32_HIGH] = "second halves of vectors of 32 bytes",
        [KIND_PAIR] = "pairs of registers",
        [KIND_PAIR_HIGH] = "second halves of pairs of registers",
        [KIND_COPY] = "copies",
        [KIND_UNALIGNED] = "unaligned accesses",
        [KIND_STACK] = "stack accesses",
        [KIND_BYTE] = "bytes",
        [KIND_X87] = "x87 accesses",
        [KIND_UNLISTED] = "unlisted accesses"};
    return names[kind];
}

/* The next word that orders something, as the model has it. */
static const char *next_ordering(const char *sequence, bool store, char word[MAX_WORD]) {
    const char *spelling = "";
    while (sequence && (*spelling == '\0' || text_same(spelling, "NOP"))) {
        sequence = mapping_next_word(sequence, word);
        spelling = lower_spelling(word, store);
    }
    if (sequence)
        memmove(word, spelling, strlen(spelling) + 1);
    return sequence;
}

static bool same_words(const char *one, const char *other, bool store) {
    char left[MAX_WORD], right[MAX_WORD];
    for (;;) {
        one = next_ordering(one, store, left);
        other = next_ordering(other, store, right);
        if (!one || !other)
            return !one && !other;
        if (!text_same(left, right))
            return false;
    }
}

/* Of a sequence of two accesses, one a half: what it is to one of them. */
static void keep_half(enum isa isa, bool store, bool high, char words[LOWERED_WORDS]) {
    char copy[LOWERED_WORDS], word[MAX_WORD];
    unsigned accesses = 0, seen = 0;
    size_t used = 0;
    memcpy(copy, words, LOWERED_WORDS);
    for (unsigned pass = 0; pass < 2; pass++)
        for (const char *rest = copy; (rest = mapping_next_word(rest, word)) != NULL;) {
            const struct known_instruction *row = instruction_named(isa, word);
            bool access = row && (row->class <= CLASS_EXCHANGE || row->class == CLASS_MOVE) &&
                          *lower_spelling(word, store) != '\0';
            *(pass ? &seen : &accesses) += access;
            if (pass && (!access || seen == (high ? accesses : 1)))
                used += (size_t)snprintf(words + used, LOWERED_WORDS - used, "%s%s",
                                         used ? "; " : "", word);
        }
}

/* A mapping as a source of sequences. */
struct words {
    struct wording source; /* first, so that one is the other */
    const struct mapping *mapping;
    char load[KINDS][LOWERED_WORDS], store[KINDS][LOWERED_WORDS];
};

/* The kind under which holes name a kind. */
static enum access_kind kind_of(enum access_kind kind) {
    return kind > KIND_VECTOR && kind <= KIND_VECTOR32_HIGH ? KIND_VECTOR
           : kind == KIND_PAIR_HIGH                         ? KIND_PAIR
                                                            : kind;
}

static bool same_kind(const struct words *words, enum access_kind one, enum access_kind other) {
    return same_words(words->load[one], words->load[other], false) &&
           same_words(words->store[one], words->store[other], true);
}

/* Sequences of a kind; NULL: as scalars. A kind is left out that another one is the same as. */
static void set_kind(struct words *words, enum access_kind kind, const char *load,
                     const char *store) {
    const struct sequence *it = &words->mapping->sequence;
    bool high = kind == KIND_VECTOR_HIGH || kind == KIND_VECTOR32_HIGH || kind == KIND_PAIR_HIGH;
    lower_path(load ? load : it->load, true, words->load[kind]);
    lower_path(store ? store : it->store, true, words->store[kind]);
    keep_half(words->source.isa, false, high, words->load[kind]);
    keep_half(words->source.isa, true, high, words->store[kind]);
    words->source.has[kind] =
        !same_kind(words, kind, KIND_SCALAR) &&
        (kind == kind_of(kind) ||
         (!same_kind(words, kind, kind_of(kind)) && (!high || !same_kind(words, kind, kind - 1))));
    words->source.bit[kind] = 1u << kind_of(kind);
}

static void fill(const struct wording *source, const struct test *test, enum access_kind kind,
                 unsigned mask, struct lowered *lowered) {
    const struct words *words = (const struct words *)(const void *)source;
    const struct sequence *it = &words->mapping->sequence;
    const char *const others[] = {[TEST_EXCHANGE] = it->exchange,
                                  [TEST_COMPARE_EXCHANGE] = it->compare_exchange,
                                  [TEST_COMPARE_EXCHANGE_PAIR] = it->compare_exchange_pair,
                                  [TEST_FETCH_ADD] = it->fetch_add,
                                  [TEST_FENCE] = it->fence};
    lowered->data = kind == KIND_DATA ? mask : 0;
    for (unsigned thread = 0; thread < test->threads; thread++)
        for (unsigned i = 0; test->ops[thread][i].kind; i++) {
            const struct test_op *op = &test->ops[thread][i];
            enum access_kind its = mask >> op->variable & 1 ? kind : KIND_SCALAR;
            snprintf(lowered->words[thread][i], LOWERED_WORDS, "%s",
                     op->kind == TEST_LOAD    ? words->load[its]
                     : op->kind == TEST_STORE ? words->store[its]
                                              : others[op->kind]);
        }
}

/* Whether a user's mapping has neither of two keys. */
static bool left_out(const struct mapping *mapping, const char *one, const char *other) {
    unsigned given = 0;
    for (unsigned row = 0; row < OPERATION_ROWS; row++)
        if (text_same(operation_rows[row].key, one) || text_same(operation_rows[row].key, other))
            given |= ~mapping->left_out >> row & 1;
    return !given;
}

bool oracle_left_out(const struct mapping *mapping, enum access_kind kind) {
    static const char *const keys[KINDS][2] = {
        [KIND_VECTOR] = {"load_vec16", "store_vec16"},
        [KIND_VECTOR_HIGH] = {"load_vec16", "store_vec16"},
        [KIND_VECTOR32] = {"load_vec32", "store_vec32"},
        [KIND_VECTOR32_HIGH] = {"load_vec32", "store_vec32"},
        [KIND_PAIR] = {"load_pair", "store_pair"},
        [KIND_PAIR_HIGH] = {"load_pair", "store_pair"},
        [KIND_COPY] = {"copy", "copy"},
        [KIND_UNALIGNED] = {"load_unaligned", "store_unaligned"},
        [KIND_BYTE] = {"load_byte", "store_byte"}};
    return keys[kind][0] && left_out(mapping, keys[kind][0], keys[kind][1]);
}

static void set_words(struct words *words, const struct mapping *mapping) {
    const struct sequence *it = &mapping->sequence;
    *words = (struct words){.source = {.isa = mapping->isa, .fill = fill}, .mapping = mapping};
    const char *const loads[KINDS] = {[KIND_BYTE] = it->load_byte,
                                      [KIND_VECTOR] = it->load_vec16,
                                      [KIND_VECTOR_HIGH] = it->load_vec16,
                                      [KIND_VECTOR32] = it->load_vec32,
                                      [KIND_VECTOR32_HIGH] = it->load_vec32,
                                      [KIND_PAIR] = it->load_pair,
                                      [KIND_PAIR_HIGH] = it->load_pair,
                                      [KIND_COPY] = it->copy,
                                      [KIND_UNALIGNED] = mapping->load_unaligned};
    const char *const stores[KINDS] = {[KIND_BYTE] = it->store_byte,
                                       [KIND_VECTOR] = it->store_vec16,
                                       [KIND_VECTOR_HIGH] = it->store_vec16,
                                       [KIND_VECTOR32] = it->store_vec32,
                                       [KIND_VECTOR32_HIGH] = it->store_vec32,
                                       [KIND_PAIR] = it->store_pair,
                                       [KIND_PAIR_HIGH] = it->store_pair,
                                       [KIND_COPY] = it->copy,
                                       [KIND_UNALIGNED] = mapping->store_unaligned};
    words->source.has_pairs = it->compare_exchange_pair &&
                              !left_out(mapping, "compare_exchange_pair", "compare_exchange_pair");
    set_kind(words, KIND_SCALAR, it->load, it->store);
    if (mapping->coverage == COVERAGE_SYNC) { /* threads synchronise by scalars */
        set_kind(words, KIND_DATA, mapping->data.load, mapping->data.store);
        words->source.bit[KIND_DATA] = 0;
        return;
    }
    for (enum access_kind kind = KIND_DATA + 1; kind < KINDS; kind++)
        if (!oracle_left_out(mapping, kind))
            set_kind(words, kind, loads[kind], stores[kind]);
    if (strstr(it->load, "TST") == NULL && strstr(it->store, "TST") == NULL)
        return;
    lower_path(it->load, false, words->load[KIND_UNALIGNED]);
    lower_path(it->store, false, words->store[KIND_UNALIGNED]);
    words->source.has[KIND_UNALIGNED] = true;
    words->source.bit[KIND_UNALIGNED] = 0; /* no program says which it takes */
}

void oracle_lower(const struct mapping *mapping, size_t test, struct lowered *lowered) {
    static struct words words;
    size_t count;
    set_words(&words, mapping);
    fill(&words.source, &tests_all(&count)[test], KIND_SCALAR, 0, lowered);
}

enum {
    LOCKED = 1u << TEST_EXCHANGE | 1u << TEST_COMPARE_EXCHANGE | 1u << TEST_COMPARE_EXCHANGE_PAIR |
             1u << TEST_FETCH_ADD | 1u << TEST_FENCE
};

static bool is_part(unsigned part, unsigned whole) {
    return (part & ~whole) == 0;
}

/* Notes a hole unless a smaller one is known, and drops larger ones. */
static void add_hole(struct verdict *verdict, const struct hole *hole) {
    unsigned kept = 0;
    for (unsigned i = 0; i < verdict->hole_count; i++)
        if (is_part(verdict->holes[i].kinds, hole->kinds) &&
            is_part(verdict->holes[i].test_ops, hole->test_ops))
            return;
    for (unsigned i = 0; i < verdict->hole_count; i++)
        if (!is_part(hole->kinds, verdict->holes[i].kinds) ||
            !is_part(hole->test_ops, verdict->holes[i].test_ops))
            verdict->holes[kept++] = verdict->holes[i];
    verdict->hole_count = kept;
    if (kept == HOLES)
        die(EXIT_FAILED, "more than %d ways to break one mapping", HOLES);
    verdict->holes[verdict->hole_count++] = *hole;
}

static const struct comparison *judge_one(const struct wording *source, struct verdict *verdict,
                                          size_t number, enum access_kind kind, unsigned mask) {
    size_t count;
    const struct test *test = &tests_all(&count)[number];
    struct hole hole = {
        .kinds = mask ? source->bit[kind] : 0, .test_ops = test->kinds & LOCKED, .test = number};
    source->fill(source, test, kind, mask, &hole.lowered);
    const struct comparison *result =
        oracle_compare(number, source->isa, &hole.lowered, verdict->reference);
    if (result->unknown && !verdict->unknown) {
        verdict->unknown = true;
        snprintf(verdict->why, sizeof verdict->why, "%s", result->why);
    }
    if (result->unsound) {
        hole.state = result->extra;
        add_hole(verdict, &hole);
    }
    return result;
}

/* Every access, each variable's alone, and all but those: the kinds' promises are of single
 * accesses, so what more mixtures show one of these does. */
static void judge_kind(const struct wording *source, struct verdict *verdict, size_t number,
                       enum access_kind kind) {
    size_t count;
    unsigned all = tests_all(&count)[number].variables;
    judge_one(source, verdict, number, kind, all);
    for (unsigned v = 0; v < TEST_VARIABLES; v++)
        if (all >> v & 1) {
            judge_one(source, verdict, number, kind, 1u << v);
            if (all & ~(1u << v))
                judge_one(source, verdict, number, kind, all & ~(1u << v));
        }
}

/* Every set of variables that can be data. */
static void judge_data(const struct wording *source, struct verdict *verdict, size_t number) {
    size_t count;
    const struct test *test = &tests_all(&count)[number];
    for (unsigned data = 1; data < test->variables; data++)
        if ((data & ~test->variables) == 0 && test_may_have_data(test, data))
            judge_one(source, verdict, number, KIND_DATA, data);
}

void oracle_judge_wording(const struct wording *source, struct verdict *verdict) {
    size_t count;
    tests_all(&count);
    for (size_t test = 0; test < count; test++) {
        const struct comparison *result = judge_one(source, verdict, test, KIND_SCALAR, 0);
        if (result->unsound)
            verdict->unsound_tests[verdict->unsound++] = test;
        else if (result->over_strong)
            verdict->over_strong_tests[verdict->over_strong++] = test;
    }
    size_t all = count + (source->has_pairs ? tests_of_pairs() : 0);
    for (size_t test = count; test < all; test++)
        judge_one(source, verdict, test, KIND_SCALAR, 0);
    bool every =
        verdict->hole_count && verdict->holes[0].kinds == 0 && verdict->holes[0].test_ops == 0;
    for (enum access_kind kind = KIND_SCALAR + 1; kind < KINDS && !every; kind++)
        for (size_t test = 0; test < all && source->has[kind]; test++)
            if (kind == KIND_DATA)
                judge_data(source, verdict, test);
            else
                judge_kind(source, verdict, test, kind);
}

static void judge(const struct mapping *mapping, struct verdict *verdict) {
    static struct words words;
    set_words(&words, mapping);
    oracle_judge_wording(&words.source, verdict);
}

/* Of the same sequences; names do not matter. */
static bool same_mapping(const struct mapping *one, const struct mapping *other) {
    for (size_t row = 0; row < OPERATION_ROWS; row++) {
        const char *left = mapping_sequence(one, row), *right = mapping_sequence(other, row);
        if (left != right && (!left || !right || !text_same(left, right)))
            return false;
    }
    return one->isa == other->isa && one->coverage == other->coverage;
}

/* A copy with words of its own: a caller may put its next candidate where this one's were. */
static struct mapping *copy_mapping(const struct mapping *mapping) {
    struct mapping *copy = allocate(1, sizeof *copy);
    *copy = *mapping;
    for (size_t row = 0; row < OPERATION_ROWS; row++) {
        const char **words = mapping_place(copy, row);
        if (*words && (*words = strdup(*words)) == NULL)
            die(EXIT_FAILED, "out of memory");
    }
    return copy;
}

const struct verdict *oracle_judge(const struct mapping *mapping, enum reference reference) {
    static struct verdict **known, users;
    static size_t count, room;
    if (mapping->text) {
        users = (struct verdict){.mapping = mapping, .reference = reference};
        judge(mapping, &users);
        return &users;
    }
    for (size_t i = 0; i < count; i++)
        if (known[i]->reference == reference && same_mapping(known[i]->mapping, mapping))
            return known[i];
    if (count == room) {
        room = room ? 2 * room : 64;
        known = realloc(known, room * sizeof *known);
        if (known == NULL)
            die(EXIT_FAILED, "out of memory");
    }
    struct verdict *verdict = allocate(1, sizeof *verdict);
    *verdict = (struct verdict){.mapping = copy_mapping(mapping), .reference = reference};
    judge(verdict->mapping, verdict);
    return known[count++] = verdict;
}

const struct hole *oracle_hole(const struct verdict *verdict, unsigned kinds, unsigned test_ops) {
    for (unsigned i = 0; i < verdict->hole_count; i++)
        if (is_part(verdict->holes[i].kinds, kinds) &&
            is_part(verdict->holes[i].test_ops, test_ops))
            return &verdict->holes[i];
    return NULL;
}

const struct hole *oracle_hole_of_uses(const struct verdict *verdict, unsigned uses) {
    bool pairs = uses & USES_PAIR, compares = uses & USES_CAS;
    unsigned kinds = (uses & USES_VECTOR ? 1u << KIND_VECTOR : 0) |
                     (uses & USES_COPY ? 1u << KIND_COPY : 0) | (pairs ? 1u << KIND_PAIR : 0) |
                     1u << KIND_BYTE;
    unsigned ops = (uses & USES_EXCHANGE ? 1u << TEST_EXCHANGE : 0) |
                   (compares ? 1u << TEST_COMPARE_EXCHANGE : 0) |
                   (compares && pairs ? 1u << TEST_COMPARE_EXCHANGE_PAIR : 0) |
                   (uses & USES_ADD ? 1u << TEST_FETCH_ADD : 0) |
                   (uses & USES_FENCE ? 1u << TEST_FENCE : 0);
    return oracle_hole(verdict, kinds, ops);
}

void oracle_hole_name(const struct hole *hole, char *out, size_t size) {
    static const char *const ops[] = {[TEST_EXCHANGE] = "XCHG",
                                      [TEST_COMPARE_EXCHANGE] = "CMPXCHG",
                                      [TEST_COMPARE_EXCHANGE_PAIR] = "CMPXCHG16B",
                                      [TEST_FETCH_ADD] = "XADD",
                                      [TEST_FENCE] = "MFENCE"};
    size_t used = 0;
    snprintf(out, size, "every program");
    for (unsigned i = 0; i < KINDS; i++)
        if (hole->kinds >> i & 1)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " and " : "",
                                     access_kind_name((enum access_kind)i));
    for (unsigned i = TEST_EXCHANGE; i <= TEST_FENCE; i++)
        if (hole->test_ops >> i & 1)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " and " : "", ops[i]);
}

void oracle_data_names(const struct hole *hole, char out[TEST_VARIABLES + 1]) {
    for (unsigned v = 0; v < TEST_VARIABLES; v++)
        if (hole->lowered.data >> v & 1)
            *out++ = TEST_VARIABLE_NAMES[v];
    *out = '\0';
}
