/* SPDX-License-Identifier: MIT
 *
 * litmus_export.c: a test under a lowering as a program for herd7, so that anybody can check the
 * soundness column against Arm's own memory model. It is made of what the lowering promises
 * (struct sequence), which the audit holds against the machine code.
 *
 * Registers: X0, X1 what is read; X7 what a CAS wants; X8 what is stored; X9 whether STXR failed;
 * X10 to X13 the addresses of x, y, z, w; X14 a line of the thread's own; X15 scrap.
 */
#include <stdarg.h>
#include <string.h>

#include "litmus/litmus_run.h"

enum { MAX_LINES = 48, LINE_TEXT = 40 };

struct column {
    char line[MAX_LINES][LINE_TEXT];
    unsigned lines;
    bool own_line;  /* X14 is used */
    bool exclusive; /* X9 is: only runs in which it ends as 0 are asked for */
};

__attribute__((format(printf, 2, 3))) static void say(struct column *column, const char *format,
                                                      ...) {
    va_list args;
    va_start(args, format);
    if (column->lines < MAX_LINES)
        vsnprintf(column->line[column->lines++], LINE_TEXT, format, args);
    va_end(args);
}

static const char *sequence_of(const struct lowering *lowering, enum litmus_kind kind) {
    const struct sequence *sync = &lowering->sequence;
    const struct sequence *data = lowering->coverage == COVERAGE_SYNC ? &lowering->data : sync;
    switch (kind) {
    case LITMUS_STORE:
        return data->store;
    case LITMUS_LOAD:
        return data->load;
    case LITMUS_EXCHANGE:
        return sync->exchange;
    case LITMUS_COMPARE_EXCHANGE:
        return sync->compare_exchange;
    default:
        return sync->fence;
    }
}

/* herd7 has no integer LDAPUR and STLUR. They order as LDAPR and STLR do. */
static const char *spelling(const char *name) {
    return strcmp(name, "LDAPUR") == 0 ? "LDAPR" : strcmp(name, "STLUR") == 0 ? "STLR" : name;
}

static bool starts(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

/* One instruction of an operation. False where it is not known how to write it. */
static bool add_instruction(struct column *column, const struct litmus_op *op, const char *name,
                            unsigned label) {
    unsigned address = op->kind == LITMUS_FENCE ? 14 : 10 + op->variable;
    unsigned result = op->kind == LITMUS_FENCE ? 15 : op->slot;
    name = spelling(name);
    column->own_line |= op->kind == LITMUS_FENCE && (starts(name, "LD") || starts(name, "SWP"));
    if (starts(name, "DMB ") || starts(name, "DSB ") || strcmp(name, "ISB") == 0 ||
        strcmp(name, "NOP") == 0) {
        say(column, "%s", name);
    } else if (starts(name, "LDADD") || starts(name, "SWP")) {
        say(column, "%s X8,X%u,[X%u]", name, result, address);
    } else if (strcmp(name, "LDR") == 0 || strcmp(name, "LDAR") == 0 ||
               strcmp(name, "LDAPR") == 0 || strcmp(name, "LDXR") == 0 ||
               strcmp(name, "LDAXR") == 0) {
        say(column, "%s X%u,[X%u]", name, result, address);
    } else if (strcmp(name, "STXR") == 0 || strcmp(name, "STLXR") == 0) {
        say(column, "%s W9,X8,[X%u]", name, address);
        column->exclusive = true;
    } else if (strcmp(name, "STR") == 0 || strcmp(name, "STLR") == 0) {
        say(column, "%s X8,[X%u]", name, address);
    } else if (starts(name, "CAS")) {
        say(column, "%s X%u,X8,[X%u]", name, result, address);
    } else if (strcmp(name, "CMP") == 0) {
        say(column, "CMP X%u,X7", result);
    } else if (strcmp(name, "B.NE") == 0) {
        say(column, "B.NE L%u", label);
    } else if (strcmp(name, "CBNZ") != 0) { /* no second attempt: X9 is asked for at the end */
        return false;
    }
    return true;
}

static bool add_operation(struct column *column, const struct litmus_op *op, unsigned label,
                          const struct lowering *lowering, char *why, size_t size) {
    const char *sequence = sequence_of(lowering, op->kind);
    char words[128], *rest = words, *name;
    if (sequence == NULL) {
        snprintf(why, size, "%s has no such operation", lowering->name);
        return false;
    }
    snprintf(words, sizeof words, "%s", sequence);
    if (op->kind == LITMUS_COMPARE_EXCHANGE)
        say(column, "MOV X%u,#%u", strstr(sequence, "CMP") ? 7 : op->slot, op->want);
    if (op->kind != LITMUS_LOAD && op->kind != LITMUS_FENCE)
        say(column, "MOV X8,#%u", op->value);
    while ((name = strsep(&rest, ";")) != NULL) {
        name += *name == ' ';
        if (!add_instruction(column, op, name, label)) {
            snprintf(why, size, "no herd7 form of %s is known here", name);
            return false;
        }
        if (strcmp(name, "CBNZ") == 0 && strstr(sequence, "B.NE"))
            say(column, "L%u:", label);
    }
    return true;
}

static void print_head(FILE *out, const struct litmus_view *view, const struct lowering *lowering) {
    static const char *const rules[] = {"Allowed", "Forbidden", "Forbidden, as by every model"};
    static const char *const words[] = {"Store", "Load", "Exchange", "Compare", "Fence"};
    fprintf(out, "AArch64 %s.%s\n\"Written by tsobench litmus --export\"\n", view->test->name,
            lowering->name);
    fprintf(out, "TSO=%s\nScheme=%s\n", rules[view->test->rule], lowering->scheme);
    for (int kind = LITMUS_STORE; kind <= LITMUS_FENCE; kind++)
        fprintf(out, "%s=%s\n", words[kind - LITMUS_STORE],
                sequence_of(lowering, (enum litmus_kind)kind));
}

static void print_start(FILE *out, const struct litmus_view *view, const struct column *columns) {
    fputs("{\n", out);
    for (unsigned v = 0; v < view->variables; v++)
        fprintf(out, "%sint64_t %c;", v ? " " : "", "xyzw"[v]);
    for (unsigned thread = 0; thread < view->threads; thread++)
        if (columns[thread].own_line)
            fprintf(out, " int64_t own%u;", thread);
    fputc('\n', out);
    for (unsigned thread = 0; thread < view->threads; thread++) {
        fprintf(out, "int64_t %u:X0; int64_t %u:X1;", thread, thread);
        for (unsigned v = 0; v < view->variables; v++)
            fprintf(out, " %u:X%u=%c;", thread, 10 + v, "xyzw"[v]);
        if (columns[thread].own_line)
            fprintf(out, " %u:X14=own%u;", thread, thread);
        fputc('\n', out);
    }
    fputs("}\n", out);
}

static void print_program(FILE *out, unsigned threads, const struct column *columns) {
    unsigned lines = 0;
    for (unsigned thread = 0; thread < threads; thread++) {
        fprintf(out, " P%-20u%c", thread, thread + 1 < threads ? '|' : ';');
        lines = columns[thread].lines > lines ? columns[thread].lines : lines;
    }
    fputc('\n', out);
    for (unsigned line = 0; line < lines; line++) {
        for (unsigned thread = 0; thread < threads; thread++)
            fprintf(out, " %-21s%c", line < columns[thread].lines ? columns[thread].line[line] : "",
                    thread + 1 < threads ? '|' : ';');
        fputc('\n', out);
    }
}

static void print_outcome(FILE *out, const struct litmus_view *view, const struct column *columns) {
    const char *joint = "exists (";
    for (const struct litmus_term *term = view->test->outcome; term->kind; term++) {
        if (term->kind == LITMUS_LOAD)
            fprintf(out, "%s%u:X%u=%u", joint, term->thread, term->slot, term->value);
        else
            fprintf(out, "%s%c=%u", joint, "xyzw"[term->variable], term -> value);
        joint = " /\\ ";
    }
    for (unsigned thread = 0; thread < view->threads; thread++)
        if (columns[thread].exclusive)
            fprintf(out, "%s%u:X9=0", joint, thread);
    fputs(")\n", out);
}

bool litmus_export(FILE *out, const struct litmus_view *view, const struct lowering *lowering,
                   char *why, size_t size) {
    struct column columns[LITMUS_THREADS] = {0};
    const struct litmus_op(*program)[LITMUS_OPS + 1] = view->test->program;
    if (lowering->scheme == NULL) {
        snprintf(why, size, "%s is not an arm64 lowering", lowering->name);
        return false;
    }
    for (unsigned thread = 0; thread < view->threads; thread++)
        for (unsigned i = 0; program[thread][i].kind; i++)
            if (!add_operation(&columns[thread], &program[thread][i], thread * LITMUS_OPS + i,
                               lowering, why, size))
                return false;
    print_head(out, view, lowering);
    print_start(out, view, columns);
    print_program(out, view->threads, columns);
    print_outcome(out, view, columns);
    return true;
}
