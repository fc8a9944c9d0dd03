/* SPDX-License-Identifier: MIT
 *
 * expression.c: the language, and the verdicts; measuring is in expression_measure.c.
 */
#include "claims/expression.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the language ---- */

struct parser {
    const char *at;
};

static void skip_blanks(struct parser *parser) {
    parser->at += strspn(parser->at, " ");
}

/* The word is next, and is passed over. */
static bool take(struct parser *parser, const char *word) {
    size_t length = strlen(word);
    skip_blanks(parser);
    if (strncmp(parser->at, word, length) != 0)
        return false;
    parser->at += length;
    return true;
}

/* What stands before one of the characters of end, or nothing where it does not fit. */
static bool take_until(struct parser *parser, const char *end, char *out, size_t size) {
    skip_blanks(parser);
    size_t length = strcspn(parser->at, end);
    if (length == 0 || length >= size)
        return false;
    memcpy(out, parser->at, length);
    out[length] = 0;
    parser->at += length;
    return true;
}

static bool take_model(struct parser *parser, enum memmodel *out) {
    char word[16];
    return take_until(parser, " ;", word, sizeof word) && memmodel_parse(word, out);
}

/* A word, or in quotes several. */
static bool take_text(struct parser *parser, char *out, size_t size) {
    if (!take(parser, "\""))
        return take_until(parser, " ;", out, size);
    return take_until(parser, "\"", out, size) && take(parser, "\"");
}

static bool take_field(struct parser *parser, struct run_field *out) {
    if (!take_until(parser, "!= ;", out->path, sizeof out->path))
        return false;
    out->other = take(parser, "!=");
    return (out->other || take(parser, "=")) && take_text(parser, out->value, sizeof out->value);
}

static bool take_cell(struct parser *parser, struct cell_name *out) {
    if (!take_until(parser, "@ ;", out->lowering, sizeof out->lowering) || !take(parser, "@") ||
        !take_model(parser, &out->model))
        return false;
    return !take(parser, "from ") || take_field(parser, &out->from);
}

static bool take_number(struct parser *parser, double *out) {
    char text[32], *end;
    skip_blanks(parser);
    size_t length = strspn(parser->at, "0123456789.e");
    const char *dots = strstr(parser->at, "..");
    if (dots && dots < parser->at + length)
        length = (size_t)(dots - parser->at);
    if (length == 0 || length >= sizeof text)
        return false;
    memcpy(text, parser->at, length);
    text[length] = 0;
    *out = strtod(text, &end);
    parser->at += length;
    return *end == 0 && *out > 0;
}

static bool take_range(struct parser *parser, struct condition *out) {
    out->low = -INFINITY;
    out->high = INFINITY;
    if (take(parser, ">"))
        return take_number(parser, &out->low);
    if (take(parser, "<"))
        return take_number(parser, &out->high);
    return take(parser, "in ") && take_number(parser, &out->low) && take(parser, "..") &&
           take_number(parser, &out->high) && out->low < out->high;
}

static bool take_litmus(struct parser *parser, struct condition *out) {
    if (!take_until(parser, "@ ;", out->litmus, sizeof out->litmus) || !take(parser, "@") ||
        !take_model(parser, &out->top.model))
        return false;
    out->kind = SEEN;
    if (take(parser, "seen"))
        return true;
    out->kind = UNSEEN;
    return take(parser, "unseen ") && take_number(parser, &out->runs);
}

static bool take_event(struct parser *parser, struct condition *out) {
    out->kind = EVENT;
    return take_text(parser, out->event[0], sizeof out->event[0]) &&
           (!take(parser, "/ ") || take_text(parser, out->event[1], sizeof out->event[1])) &&
           take_range(parser, out);
}

/* An id has blanks and commas in it. */
static bool take_core(struct parser *parser, struct condition *out) {
    out->kind = CORE;
    return take_until(parser, "@;", out->sets, sizeof out->sets) && take(parser, "@") &&
           take_model(parser, &out->top.model) && take_range(parser, out);
}

/* Each word with its blank. */
static bool take_kind(struct parser *parser, struct condition *out) {
    static const char *const words[] = {
        [EVERY] = "every ", [SOME] = "some ", [MEAN] = "mean ", [TRACES] = "traces "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (take(parser, words[i])) {
            out->kind = (enum condition_kind)i;
            return true;
        }
    return false;
}

/* The cell that the first is compared with: of the same set, of another, or of another run. */
static bool take_bottom(struct parser *parser, struct condition *out) {
    bool single = out->kind == EVERY || out->kind == SOME;
    if (!take_cell(parser, &out->bottom))
        return false;
    if ((*out->top.from.path == 0) != (*out->bottom.from.path == 0))
        return false;
    if (!take(parser, "with "))
        return true;
    return single && *out->top.from.path == 0 &&
           take_until(parser, " ;", out->with, sizeof out->with) && strchr(out->with, '=');
}

static bool take_condition(struct parser *parser, struct condition *out) {
    if (take(parser, "litmus "))
        return take_litmus(parser, out);
    if (take(parser, "event "))
        return take_event(parser, out);
    if (take(parser, "core "))
        return take_core(parser, out);
    if (!take_kind(parser, out) || !take_until(parser, ": ;", out->sets, sizeof out->sets) ||
        !take(parser, ": ") || !take_cell(parser, &out->top))
        return false;
    if (take(parser, "/ "))
        return take_bottom(parser, out) && take_range(parser, out);
    return (out->kind == EVERY || out->kind == SOME) && *out->top.from.path == 0 &&
           take(parser, "cycles ") && take_range(parser, out);
}

const char *expression_parse(const char *text, struct expression *out) {
    struct parser parser = {text};
    *out = (struct expression){0};
    do {
        skip_blanks(&parser);
        struct condition *condition = &out->conditions[out->count];
        const char *begin = parser.at;
        if (out->count == MAX_CONDITIONS || !take_condition(&parser, condition))
            return parser.at;
        snprintf(condition->text, sizeof condition->text, "%.*s", (int)(parser.at - begin), begin);
        out->count++;
    } while (take(&parser, ";"));
    return *parser.at ? parser.at : NULL;
}

bool expression_of_sets(const struct condition *condition) {
    return condition->kind <= TRACES;
}

bool expression_of_two_runs(const struct condition *condition) {
    return *condition->top.from.path != 0;
}

/* ---- verdicts ---- */

/* How far inside of the condition's range the whole interval lies, and how far outside. */
static enum verdict compare(const struct condition *condition, struct interval x, double *margin) {
    double inside = INFINITY, outside = -INFINITY;
    if (isfinite(condition->low)) {
        inside = fmin(inside, log(x.low / condition->low));
        outside = fmax(outside, log(condition->low / x.high));
    }
    if (isfinite(condition->high)) {
        inside = fmin(inside, log(condition->high / x.high));
        outside = fmax(outside, log(x.low / condition->high));
    }
    *margin = inside;
    return inside > 0 ? HOLDS : outside > 0 ? REFUTED : UNDECIDED;
}

/* A number without an interval is all that there is to compare. */
static struct interval ends_of(struct interval x) {
    return stats_has_ends(x) ? x : (struct interval){x.value, x.value, x.value, x.blocks};
}

static struct interval with_floor(struct interval x, double floor) {
    x = ends_of(x);
    return (struct interval){x.value, x.low / (1 + floor), x.high * (1 + floor), x.blocks};
}

/* Why the widened interval does not decide. */
static const char *what_hides(const struct condition *condition, const struct measure *measure) {
    double margin;
    bool has_ends = stats_has_ends(measure->value);
    if (has_ends && measure->value.blocks < 2)
        return "one block knows nothing of other processes";
    if (has_ends && compare(condition, measure->value, &margin) == UNDECIDED)
        return "the interval is too wide";
    if (compare(condition, with_floor(measure->value, measure->floor), &margin) == UNDECIDED)
        return "inside the floor";
    return "the interval is too wide for so many comparisons";
}

static void judge_measure(const struct condition *condition, struct measure *measure,
                          size_t comparisons) {
    measure->verdict = UNDECIDED;
    if (*measure->dead)
        return;
    struct interval x = with_floor(stats_together(measure->value, comparisons), measure->floor);
    enum verdict verdict = compare(condition, x, &measure->margin);
    if (measure->value.blocks >= 2 || (measure->deterministic && !stats_has_ends(measure->value)))
        measure->verdict = verdict;
}

/* Whether the left one decides about `every' rather than the right one; about `some' turned over.
 */
static bool is_worse(const struct measure *left, const struct measure *right) {
    if (left->verdict != right->verdict)
        return left->verdict > right->verdict;
    return left->margin < right->margin;
}

static void judge_litmus(struct finding *finding) {
    const struct condition *condition = finding->condition;
    if (condition->kind == SEEN)
        finding->verdict = finding->seen ? HOLDS : UNDECIDED;
    else
        finding->verdict = finding->seen                              ? REFUTED
                           : (double)finding->runs >= condition->runs ? HOLDS
                                                                      : UNDECIDED;
    if (finding->verdict == UNDECIDED)
        snprintf(finding->why, sizeof finding->why, "%s@%s not seen in %llu runs",
                 condition->litmus, memmodel_name(condition->top.model),
                 (unsigned long long)finding->runs);
    else if (finding->verdict == REFUTED)
        snprintf(finding->why, sizeof finding->why, "%s@%s seen %llu times", condition->litmus,
                 memmodel_name(condition->top.model), (unsigned long long)finding->seen);
}

void expression_judge(struct finding *finding, size_t comparisons) {
    const struct condition *condition = finding->condition;
    finding->verdict = NOT_TESTABLE;
    if (*finding->why)
        return;
    if (condition->kind == SEEN || condition->kind == UNSEEN) {
        judge_litmus(finding);
        return;
    }
    for (size_t i = 0; i < finding->count; i++) {
        struct measure *measure = &finding->measures[i];
        judge_measure(condition, measure, comparisons);
        if (finding->deciding == NULL ||
            (condition->kind == SOME ? is_worse(finding->deciding, measure)
                                     : is_worse(measure, finding->deciding)))
            finding->deciding = measure;
    }
    const struct measure *deciding = finding->deciding;
    finding->verdict = deciding->verdict;
    if (*deciding->dead && finding->comparisons == 0)
        finding->verdict = NOT_TESTABLE;
    if (finding->verdict != HOLDS)
        snprintf(finding->why, sizeof finding->why, "%s",
                 *deciding->dead                  ? deciding->dead
                 : deciding->verdict == UNDECIDED ? what_hides(condition, deciding)
                                                  : "");
}
