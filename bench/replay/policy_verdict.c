/* SPDX-License-Identifier: MIT
 *
 * policy_verdict.c: a test as records of a trace, which policy_words() turns into sequences: so
 * what is judged is what a replay is made of, box64's barriers by block too.
 */
#include "replay/policy_verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"

struct policy_source {
    struct wording source; /* first, so that one is the other */
    const struct policy *policy;
};

static struct trace_access record_of(const struct test_op *op, enum access_kind kind) {
    static const uint8_t rmws[] = {[TEST_EXCHANGE] = TRACE_XCHG,
                                   [TEST_FETCH_ADD] = TRACE_XADD,
                                   [TEST_COMPARE_EXCHANGE] = TRACE_CMPXCHG,
                                   [TEST_COMPARE_EXCHANGE_PAIR] = TRACE_CMPXCHG};
    bool store = op->kind == TEST_STORE;
    struct trace_access record = {.size = 8, .count = 1};
    if (op->kind == TEST_FENCE) {
        record.kind = TRACE_FENCE;
        record.op = TRACE_MFENCE;
    } else if (op->kind != TEST_LOAD && !store) {
        record.kind = TRACE_RMW;
        record.op = rmws[op->kind];
        record.size = op->kind == TEST_COMPARE_EXCHANGE_PAIR ? 16 : 8;
    } else if (kind == KIND_COPY) {
        record.kind = store ? TRACE_STOS : TRACE_MOVS;
    } else {
        record.kind = store ? TRACE_STORE : TRACE_LOAD;
        record.vector = kind == KIND_VECTOR;
        record.size = kind == KIND_VECTOR ? 16 : kind == KIND_BYTE ? 1 : 8;
        record.op = kind == KIND_X87 ? TRACE_BY_X87 : TRACE_BY_MOVE;
        record.offset = kind == KIND_UNALIGNED ? 12 : 0;
        record.base = kind == KIND_STACK ? TRACE_BASE_STACK : TRACE_BASE_OTHER;
    }
    return record;
}

/* "AL" and the loops of exclusives as instructions of the operation. */
static const char *rmw_word(const char *word, enum test_kind kind) {
    static const struct {
        const char *word, *exchange, *compare, *add, *pair;
    } rows[] = {{"AL", "SWPAL", "CASAL", "LDADDAL", "CASPAL"},
                {"LOCK", "XCHG", "LOCK CMPXCHG", "LOCK XADD", "LOCK CMPXCHG16B"},
                {"LDAXR-STLXR", "LDAXR; STLXR; CBNZ", "LDAXR; CMP; B.NE; STLXR; CBNZ",
                 "LDAXR; ADD; STLXR; CBNZ", "LDAXP; CMP; CCMP; B.NE; STLXP; CBNZ"},
                {"LDXR-STXR", "LDXR; STXR; CBNZ", "LDXR; CMP; B.NE; STXR; CBNZ",
                 "LDXR; ADD; STXR; CBNZ", "LDXP; CMP; CCMP; B.NE; STXP; CBNZ"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (text_same(rows[i].word, word))
            return kind == TEST_EXCHANGE                ? rows[i].exchange
                   : kind == TEST_FETCH_ADD             ? rows[i].add
                   : kind == TEST_COMPARE_EXCHANGE_PAIR ? rows[i].pair
                                                        : rows[i].compare;
    return word;
}

static void add_words(char out[LOWERED_WORDS], const char *sequence, enum test_kind kind) {
    char word[MAX_WORD];
    size_t used = strlen(out);
    while (sequence && (sequence = mapping_next_word(sequence, word)) != NULL &&
           used < LOWERED_WORDS)
        used += (size_t)snprintf(out + used, LOWERED_WORDS - used, "%s%s", used ? "; " : "",
                                 rmw_word(word, kind));
}

/* A copy by elements is by the policy's load and store; any other way is plain. */
static const char *copied(const struct policy *policy, const struct words *words, bool store) {
    if (policy->rep == REP_NATIVE)
        return "MOV";
    if (policy->rep == REP_ELEMENTS)
        return store ? words->store : words->access;
    return store ? "STR" : "LDR";
}

static void fill(const struct wording *source, const struct test *test, enum access_kind kind,
                 unsigned mask, struct lowered *lowered) {
    const struct policy *policy = ((const struct policy_source *)(const void *)source)->policy;
    struct policy listed = *policy, unlisted = *policy;
    listed.unlisted = 0;
    unlisted.unlisted = 100;
    lowered->data = 0;
    for (unsigned thread = 0; thread < test->threads; thread++) {
        struct trace_access records[TEST_OPS];
        struct trace_stream stream = {.accesses = records};
        for (const struct test_op *op = test->ops[thread]; op->kind; op++)
            records[stream.count++] = record_of(op, mask >> op->variable & 1 ? kind : KIND_SCALAR);
        struct words *words = policy_words(&listed, &stream);
        struct words *plain = policy_words(&unlisted, &stream);
        for (size_t i = 0; i < stream.count; i++) {
            unsigned of = mask >> test->ops[thread][i].variable & 1;
            if (kind == KIND_UNLISTED && of)
                words[i] = plain[i];
            char *out = lowered->words[thread][i];
            enum test_kind its = test->ops[thread][i].kind;
            bool rep = records[i].kind == TRACE_MOVS || records[i].kind == TRACE_STOS;
            *out = '\0';
            add_words(out, words[i].before, its);
            add_words(out, rep ? copied(policy, &words[i], its == TEST_STORE) : words[i].access,
                      its);
            add_words(out, words[i].after, its);
        }
        free(words);
        free(plain);
    }
}

static void judge(const struct policy *policy, enum isa isa, struct verdict *verdict) {
    bool blocks = policy->strongmem > 0;
    struct policy_source source = {
        .policy = policy,
        .source = {.isa = isa,
                   .fill = fill,
                   .has_pairs = true,
                   .has = {[KIND_VECTOR] = policy->load_vector || blocks,
                           [KIND_COPY] = policy->rep != REP_ELEMENTS || policy->load_rep,
                           [KIND_UNALIGNED] = policy->load_unaligned,
                           [KIND_STACK] = policy->load_stack,
                           [KIND_BYTE] = policy->load_byte,
                           [KIND_X87] = policy->load_x87,
                           [KIND_UNLISTED] = policy->unlisted > 0}}};
    for (unsigned kind = 0; kind < KINDS; kind++)
        source.source.bit[kind] = 1u << kind;
    verdict->reference = REFERENCE_TSO;
    oracle_judge_wording(&source.source, verdict);
}

const struct verdict *policy_verdict(const struct policy *policy, enum isa isa) {
    static struct verdict *known[ISAS][MAX_POLICIES];
    size_t count, i = (size_t)(policy - policies(isa, &count));
    if (known[isa][i] == NULL) {
        known[isa][i] = allocate(1, sizeof *known[isa][i]);
        judge(policy, isa, known[isa][i]);
    }
    return known[isa][i];
}

static enum access_kind kind_of(const struct policy *policy, const struct trace_access *access) {
    unsigned size = access->size > 16 ? 16 : access->size == 10 ? 8 : access->size;
    if (access->base == TRACE_BASE_STACK && policy->load_stack)
        return KIND_STACK;
    if (access->op == TRACE_BY_X87 && policy->load_x87)
        return KIND_X87;
    if (access->vector || access->size >= 16)
        return KIND_VECTOR;
    if (access->size == 1)
        return KIND_BYTE;
    return policy_aligned(policy, size, access->offset) ? KIND_SCALAR : KIND_UNALIGNED;
}

void policy_window_has(const struct policy *policy, const struct trace_window *window,
                       unsigned *kinds, unsigned *test_ops) {
    *kinds = *test_ops = 0;
    for (size_t s = 0; s < window->stream_count; s++)
        for (size_t i = 0; i < window->streams[s].count; i++) {
            const struct trace_access *access = &window->streams[s].accesses[i];
            switch ((enum trace_kind)access->kind) {
            case TRACE_LOAD:
            case TRACE_STORE:
                *kinds |=
                    1u << (policy_orders(policy, &window->streams[s], i) ? kind_of(policy, access)
                                                                         : KIND_UNLISTED);
                break;
            case TRACE_MOVS:
            case TRACE_STOS:
                *kinds |= 1u << KIND_COPY;
                break;
            case TRACE_RMW:
                *test_ops |= 1u << (access->op == TRACE_CMPXCHG && access->size == 16
                                        ? TEST_COMPARE_EXCHANGE_PAIR
                                    : access->op == TRACE_CMPXCHG ? TEST_COMPARE_EXCHANGE
                                    : access->op == TRACE_XCHG    ? TEST_EXCHANGE
                                                                  : TEST_FETCH_ADD);
                break;
            case TRACE_FENCE:
                *test_ops |= access->op == TRACE_MFENCE ? 1u << TEST_FENCE : 0;
                break;
            case TRACE_BLOCK:
            case TRACE_KINDS:
                break;
            }
        }
}

const char *policy_breaks(const struct policy *policy, enum isa isa,
                          const struct trace_window *window) {
    unsigned kinds = ~0u, test_ops = ~0u;
    size_t count;
    if (window)
        policy_window_has(policy, window, &kinds, &test_ops);
    const struct verdict *verdict = policy_verdict(policy, isa);
    const struct hole *hole = oracle_hole(verdict, kinds, test_ops);
    if (hole == NULL)
        return verdict->unknown ? "undecided" : NULL;
    const char *name = tests_all(&count)[hole->test].name, *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}
