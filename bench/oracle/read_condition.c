/* SPDX-License-Identifier: MIT
 *
 * read_condition.c: what is observed of a litmus test, and the condition on it.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "oracle/reader.h"

static bool accept(struct reader *reader, const char *word) {
    while (isspace((unsigned char)*reader->at))
        reader->at++;
    size_t length = strlen(word);
    if (strncmp(reader->at, word, length) != 0 ||
        (isalpha((unsigned char)*word) && isalnum((unsigned char)reader->at[length])))
        return false;
    reader->at += length;
    return true;
}

static void expect(struct reader *reader, const char *word) {
    if (!accept(reader, word))
        reader_wrong(reader, "`%s' is expected before `%.10s'", word, reader->at);
}

static void take_word(struct reader *reader, char out[PROGRAM_NAME]) {
    size_t used = 0;
    while (isspace((unsigned char)*reader->at))
        reader->at++;
    while (isalnum((unsigned char)*reader->at) || (*reader->at && strchr("_:-&", *reader->at))) {
        if (used + 1 == PROGRAM_NAME)
            reader_wrong(reader, "a name of more than %d letters", PROGRAM_NAME - 1);
        out[used++] = *reader->at++;
    }
    out[used] = '\0';
    if (used == 0)
        reader_wrong(reader, "`%.10s' is not understood", reader->at);
}

/* "0:X1", "x" or "[x]": its place among what is observed. */
static uint8_t read_observed(struct reader *reader) {
    struct program *program = reader->program;
    char word[PROGRAM_NAME];
    struct observed it = {0};
    bool bracket = accept(reader, "[");
    take_word(reader, word);
    if (bracket)
        expect(reader, "]");
    char *colon = strchr(word, ':'), *end;
    if (colon) {
        uint8_t size;
        unsigned long thread = strtoul(word, &end, 10);
        int number = reader_register(colon + 1, &size);
        if (end != colon || thread >= program->threads || number < 0)
            reader_wrong(reader, "`%s' is no register", word);
        it = (struct observed){true, (uint8_t)thread, (uint8_t)number};
    } else {
        it.index = (uint8_t)reader_location(reader, word);
    }
    for (unsigned i = 0; i < program->observed_count; i++)
        if (memcmp(&program->observed[i], &it, sizeof it) == 0)
            return (uint8_t)i;
    if (program->observed_count == PROGRAM_OBSERVED)
        reader_wrong(reader, "more than %d values are asked for", PROGRAM_OBSERVED);
    program->observed[program->observed_count] = it;
    return (uint8_t)program->observed_count++;
}

static unsigned add_node(struct reader *reader, struct condition *condition, enum node_kind kind) {
    if (condition->count == PROGRAM_NODES)
        reader_wrong(reader, "a condition of more than %d parts", PROGRAM_NODES);
    condition->nodes[condition->count].kind = kind;
    return condition->count++;
}

/* Makes room for a node before those from `at` on: prefix form. */
static void put_before(struct reader *reader, struct condition *condition, unsigned at,
                       enum node_kind kind) {
    unsigned last = add_node(reader, condition, kind);
    memmove(&condition->nodes[at + 1], &condition->nodes[at],
            (last - at) * sizeof *condition->nodes);
    condition->nodes[at] = (struct node){.kind = kind};
}

static void read_or(struct reader *reader, struct condition *condition, unsigned depth);

static void read_atom(struct reader *reader, struct condition *condition, unsigned depth) {
    if (depth > 40)
        reader_wrong(reader, "a condition too deep");
    if (accept(reader, "(")) {
        read_or(reader, condition, depth + 1);
        expect(reader, ")");
    } else if (accept(reader, "not") || accept(reader, "~")) {
        add_node(reader, condition, NODE_NOT);
        read_atom(reader, condition, depth + 1);
    } else if (accept(reader, "true")) {
        add_node(reader, condition, NODE_TRUE);
    } else if (accept(reader, "false")) {
        add_node(reader, condition, NODE_FALSE);
    } else {
        char word[PROGRAM_NAME];
        uint8_t observed = read_observed(reader);
        if (accept(reader, "<>") || accept(reader, "!="))
            add_node(reader, condition, NODE_NOT);
        else if (!accept(reader, "=="))
            expect(reader, "=");
        take_word(reader, word);
        unsigned at = add_node(reader, condition, NODE_EQUAL);
        condition->nodes[at].observed = observed;
        condition->nodes[at].value = reader_value(reader, word);
    }
}

static void read_and(struct reader *reader, struct condition *condition, unsigned depth) {
    unsigned at = condition->count;
    read_atom(reader, condition, depth);
    while (accept(reader, "/\\")) {
        put_before(reader, condition, at, NODE_AND);
        read_atom(reader, condition, depth);
    }
}

static void read_or(struct reader *reader, struct condition *condition, unsigned depth) {
    unsigned at = condition->count;
    read_and(reader, condition, depth);
    while (accept(reader, "\\/")) {
        put_before(reader, condition, at, NODE_OR);
        read_and(reader, condition, depth);
    }
}

static bool evaluate(const struct condition *condition, unsigned *at, const uint64_t *state) {
    const struct node *node = &condition->nodes[(*at)++];
    bool left, right;
    switch (node->kind) {
    case NODE_TRUE:
        return true;
    case NODE_FALSE:
        return false;
    case NODE_EQUAL:
        return state[node->observed] == node->value;
    case NODE_NOT:
        return !evaluate(condition, at, state);
    default:
        left = evaluate(condition, at, state);
        right = evaluate(condition, at, state);
        return node->kind == NODE_AND ? left && right : left || right;
    }
}

bool condition_holds(const struct condition *condition, const uint64_t *state) {
    unsigned at = 0;
    return condition->count == 0 || evaluate(condition, &at, state);
}

/* Registers by thread and number, then variables by name, as herd7 prints them. */
static const struct program *sorted_program;
static int by_place(const void *left, const void *right) {
    const struct observed *a = &sorted_program->observed[*(const uint8_t *)left];
    const struct observed *b = &sorted_program->observed[*(const uint8_t *)right];
    if (a->is_register != b->is_register)
        return a->is_register ? -1 : 1;
    if (a->is_register)
        return a->thread != b->thread ? a->thread - b->thread : a->index - b->index;
    return strcmp(sorted_program->location[a->index], sorted_program->location[b->index]);
}

static void sort_observed(struct program *program) {
    uint8_t order[PROGRAM_OBSERVED], place[PROGRAM_OBSERVED];
    struct observed copy[PROGRAM_OBSERVED];
    struct condition *const conditions[] = {&program->condition, &program->filter};
    for (unsigned i = 0; i < program->observed_count; i++)
        order[i] = (uint8_t)i;
    sorted_program = program;
    qsort(order, program->observed_count, sizeof *order, by_place);
    for (unsigned i = 0; i < program->observed_count; i++) {
        copy[i] = program->observed[order[i]];
        place[order[i]] = (uint8_t)i;
    }
    memcpy(program->observed, copy, program->observed_count * sizeof *copy);
    for (size_t k = 0; k < 2; k++)
        for (unsigned i = 0; i < conditions[k]->count; i++)
            if (conditions[k]->nodes[i].kind == NODE_EQUAL)
                conditions[k]->nodes[i].observed = place[conditions[k]->nodes[i].observed];
}

void reader_condition(struct reader *reader) {
    struct program *program = reader->program;
    if (accept(reader, "locations")) {
        expect(reader, "[");
        while (!accept(reader, "]")) {
            read_observed(reader);
            if (!accept(reader, ";")) {
                expect(reader, "]");
                break;
            }
        }
    }
    if (accept(reader, "filter"))
        read_or(reader, &program->filter, 0);
    while (isspace((unsigned char)*reader->at))
        reader->at++;
    program->condition_text = reader->at;
    if (accept(reader, "final"))
        program->condition_text = reader->at;
    if (accept(reader, "exists"))
        program->quantifier = QUANTIFIER_EXISTS;
    else if (accept(reader, "forall"))
        program->quantifier = QUANTIFIER_ALL;
    else if (accept(reader, "~") && accept(reader, "exists"))
        program->quantifier = QUANTIFIER_NEVER;
    else if (*reader->at)
        reader_wrong(reader, "`%.10s' is not understood", reader->at);
    if (program->quantifier != QUANTIFIER_NONE)
        read_or(reader, &program->condition, 0);
    while (isspace((unsigned char)*reader->at))
        reader->at++;
    if (*reader->at)
        reader_wrong(reader, "`%.10s' is not understood", reader->at);
    sort_observed(program);
}
