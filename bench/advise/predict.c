/* SPDX-License-Identifier: MIT */
#include "advise/predict.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"

enum { LINE = 64, WIDEST = 16, MOST_WORDS = 8, NAME = 96 };

/* A sequence as sums of what the model knows. */
struct total {
    double fitted, least, most;
};

static const double unknown = NAN;

/* ---- from a policy's words to the names of cells ---- */

/* "DMB ISHLD" is dmb.ishld in cells; the inner domain is measured for the system's, too. */
static void cell_word(const char *word, bool vector, char out[MAX_WORD]) {
    size_t i = 0;
    for (; word[i] && i + 1 < MAX_WORD; i++)
        out[i] = (char)(word[i] == ' ' ? '.' : tolower((unsigned char)word[i]));
    out[i] = 0;
    if (text_same(out, "dmb.ld"))
        strcpy(out, "dmb.ishld");
    if (text_same(out, "dmb.st"))
        strcpy(out, "dmb.ishst");
    if (vector && text_same(out, "mov"))
        strcpy(out, "movdqu");
}

static bool is_plain(const char *word) {
    static const char *const plain[] = {"ldr", "str", "mov", "movdqu", "al", "lock"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (text_same(word, plain[i]))
            return true;
    return false;
}

/* ---- what a sequence costs ---- */

static void add(struct total *total, const struct cost *cost, double count) {
    bool alone = cost && isfinite(cost->least);
    total->fitted += count * (cost ? cost->fitted : unknown);
    total->least += count * (alone ? cost->least : cost ? cost->fitted : unknown);
    total->most += count * (alone ? cost->most : cost ? cost->fitted : unknown);
}

/* Unaligned it costs what it costs elsewhere, where nothing else was measured; but an exchange over
 * a line does not. */
static const struct cost *find(const struct model *model, enum operation_id operation,
                               const char *name) {
    const struct cost *cost = model_cost(model, operation, name);
    if (cost || (operation == OPERATION_STORE_OVER_LINE && text_same(name, "xchg")))
        return cost;
    switch (operation) {
    case OPERATION_LOAD_IN16:
    case OPERATION_LOAD_OVER16:
    case OPERATION_LOAD_OVER_LINE:
        return model_cost(model, OPERATION_LOAD, name);
    case OPERATION_STORE_IN16:
    case OPERATION_STORE_OVER16:
    case OPERATION_STORE_OVER_LINE:
        return model_cost(model, OPERATION_STORE, name);
    default:
        return NULL;
    }
}

/* Exclusives stand where plain has an instruction of LSE. */
static bool add_exclusives(const struct model *model, enum operation_id operation, const char *word,
                           struct total *total) {
    static const struct {
        const char *word, *loop, *pair_loop;
    } loops[] = {{"ldaxr-stlxr", "ldaxr+add+stlxr+cbnz", "ldaxp+cmp+ccmp+b.ne+stlxp+cbnz"},
                 {"ldxr-stxr", "ldxr+add+stxr+cbnz", "ldxp+cmp+ccmp+b.ne+stxp+cbnz"}};
    bool pair = operation == OPERATION_CMPXCHG16B;
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
        if (!text_same(word, loops[i].word))
            continue;
        enum operation_id measured = pair ? OPERATION_CMPXCHG16B : OPERATION_ADD;
        add(total, model_cost(model, measured, pair ? loops[i].pair_loop : loops[i].loop), 1);
        add(total, model_cost(model, measured, pair ? "caspal" : "ldaddal"), -1);
        return true;
    }
    return false;
}

/* Over plain; the whole where it was measured so, else the sum of its words. The first that is not
 * known is named in missing. */
static struct total cost_of(const struct model *model, enum operation_id operation,
                            const char *sequence, char missing[64]) {
    struct total total = {0, 0, 0};
    char words[MOST_WORDS][MAX_WORD], word[MAX_WORD], name[NAME] = "";
    size_t count = 0;
    bool vector = operation == OPERATION_VECTOR_LOAD || operation == OPERATION_VECTOR_STORE;
    while (sequence && count < MOST_WORDS &&
           (sequence = mapping_next_word(sequence, word)) != NULL) {
        cell_word(word, vector, words[count]);
        if (text_same(words[count], "nop"))
            continue;
        snprintf(name + strlen(name), sizeof name - strlen(name), "%s%s", count ? "+" : "",
                 words[count]);
        count++;
    }
    if (count == 0 || is_plain(name))
        return total;
    const struct cost *whole = find(model, operation, name);
    if (whole) {
        add(&total, whole, 1);
        return total;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_plain(words[i]) || add_exclusives(model, operation, words[i], &total))
            continue;
        const struct cost *part = find(model, operation, words[i]);
        if (part == NULL)
            part = model_cost(model, OPERATION_FENCE, words[i]);
        add(&total, part, 1);
        if (part == NULL && !*missing)
            snprintf(missing, 64, "%.36s for %.20s", name, operations[operation].text);
    }
    return total;
}

/* ---- a stream ---- */

enum operation_id predict_operation(const struct trace_access *access, bool store) {
    bool rep = access->kind == TRACE_MOVS || access->kind == TRACE_STOS;
    if (access->kind == TRACE_FENCE)
        return OPERATION_FENCE;
    if (access->kind == TRACE_RMW)
        return access->op == TRACE_XCHG      ? OPERATION_EXCHANGE
               : access->op != TRACE_CMPXCHG ? OPERATION_ADD
               : access->size == WIDEST      ? OPERATION_CMPXCHG16B
                                             : OPERATION_CMPXCHG;
    if (access->vector || access->size >= WIDEST)
        return store ? OPERATION_VECTOR_STORE : OPERATION_VECTOR_LOAD;
    if (!rep && access->offset % LINE + access->size > LINE)
        return store ? OPERATION_STORE_OVER_LINE : OPERATION_LOAD_OVER_LINE;
    if (!rep && access->offset % WIDEST + access->size > WIDEST)
        return store ? OPERATION_STORE_OVER16 : OPERATION_LOAD_OVER16;
    if (!rep && access->offset % access->size)
        return store ? OPERATION_STORE_IN16 : OPERATION_LOAD_IN16;
    return store ? OPERATION_STORE : OPERATION_LOAD;
}

static bool same_or_none(const char *left, const char *right) {
    return left == right || (left && right && text_same(left, right));
}

/* A sequence in place of another one. */
static void replace(struct prediction *sum, const struct model *model, enum operation_id operation,
                    const char *words, const char *plain, double count) {
    if (count == 0 || same_or_none(words, plain))
        return;
    struct total here = cost_of(model, operation, words, sum->missing);
    struct total there = cost_of(model, operation, plain, sum->missing);
    sum->fitted += count * (here.fitted - there.fitted);
    sum->least += count * (here.least - there.least);
    sum->most += count * (here.most - there.most);
}

/* How many accesses of the host one of the guest's is: AVX has 32 bytes, arm64 16. */
static double parts_of(const struct trace_access *access, const struct policy *plain) {
    unsigned widest = plain->rep == REP_NATIVE ? 2 * WIDEST : WIDEST;
    return access->size == 10 ? 2 : (access->size + widest - 1) / widest;
}

struct prediction predict_stream(const struct model *model, const struct policy *policy,
                                 const struct policy *plain, const struct trace_stream *stream) {
    struct prediction sum = {0};
    struct words *ours = policy_words(policy, stream), *theirs = policy_words(plain, stream);
    double accesses = 0, other_loops = 0;
    for (size_t i = 0; i < stream->count; i++) {
        const struct trace_access *access = &stream->accesses[i];
        bool rep = access->kind == TRACE_MOVS || access->kind == TRACE_STOS;
        double count = rep ? access->count : parts_of(access, plain);
        if (access->kind == TRACE_BLOCK)
            continue;
        accesses += access->kind == TRACE_FENCE ? 0 : count;
        bool other = rep && policy_rep_way(policy, access) != policy_rep_way(plain, access);
        other_loops += other ? count : 0;
        bool store = access->kind == TRACE_STORE;
        if (rep && policy->rep != REP_ELEMENTS) /* whose elements nothing orders */
            count = 0;
        replace(&sum, model, predict_operation(access, store), ours[i].access, theirs[i].access,
                count);
        replace(&sum, model, predict_operation(access, true), ours[i].store, theirs[i].store,
                count);
        replace(&sum, model, OPERATION_FENCE, ours[i].before, theirs[i].before, 1);
        replace(&sum, model, OPERATION_FENCE, ours[i].after, theirs[i].after, 1);
    }
    free(ours);
    free(theirs);
    sum.unmodelled = accesses > 0 ? other_loops / accesses : 0;
    return sum;
}
