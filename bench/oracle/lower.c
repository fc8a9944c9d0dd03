/* SPDX-License-Identifier: MIT */
#include "oracle/lower.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { MAX_LINES = 80, LINE_TEXT = 24 };

struct column {
    char line[MAX_LINES][LINE_TEXT];
    unsigned lines, labels;
    unsigned exclusives; /* their status is in X9, X10, ... */
    bool own_line;       /* X20 is used */
    bool differs;        /* X22 says whether what was read is another, and nobody has asked */
    bool leaves;         /* a branch goes to the operation's end */
    bool retries;        /* a store exclusive may have failed, and nobody has asked */
    bool selects;        /* X22 is what is stored: the new value, or what was read */
    bool full;           /* there was no room */
};

void lower_path(const char *sequence, bool aligned, char out[LOWERED_WORDS]) {
    const char *start = strstr(sequence, "B.NE; "), *other = strstr(sequence, "; B; ");
    if (strncmp(sequence, "TST;", 4) != 0 || start == NULL || other == NULL)
        snprintf(out, LOWERED_WORDS, "%s", sequence);
    else if (aligned)
        snprintf(out, LOWERED_WORDS, "%.*s", (int)(other - start - 6), start + 6);
    else
        snprintf(out, LOWERED_WORDS, "%s", other + 5);
}

__attribute__((format(printf, 2, 3))) static void say(struct column *column, const char *format,
                                                      ...) {
    va_list args;
    va_start(args, format);
    if (column->lines < MAX_LINES)
        vsnprintf(column->line[column->lines++], LINE_TEXT, format, args);
    else
        column->full = true;
    va_end(args);
}

const char *lower_spelling(const char *word, bool store) {
    static const char *const others[][2] = {
        {"LDAPUR", "LDAPR"},   {"STLUR", "STLR"},  {"LDUR", "LDR"},  {"STUR", "STR"},
        {"LDAP1[0]", "LDAPR"}, {"LDAP1[1]", ""},   {"STL1[0]", ""},  {"STL1[1]", "STLR"},
        {"CPYFP", ""},         {"CPYFE", ""},      {"LDP", "LDR"},   {"STP", "STR"},
        {"LDIAPP", "LDAPR"},   {"STILP", "STLR"},  {"LDXP", "LDXR"}, {"LDAXP", "LDAXR"},
        {"STXP", "STXR"},      {"STLXP", "STLXR"}, {"CASP", "CAS"},  {"CASPA", "CASA"},
        {"CASPL", "CASL"},     {"CASPAL", "CASAL"}};
    if (text_same(word, "CPYFM"))
        return store ? "STR" : "LDR";
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (text_same(word, others[i][0]))
            return others[i][1];
    return word;
}

/* One instruction of an operation. False where it is not known how to write it. */
static bool add_word(struct column *column, const struct test_op *op, const char *word) {
    bool fence = op->kind == TEST_FENCE;
    const struct known_instruction *row = instruction_named(ISA_AARCH64, word);
    unsigned address = fence ? 20 : 15u + op->variable;
    unsigned result = fence ? 21 : op->slot < TEST_REGISTERS ? op->slot : 21;
    const char *name = lower_spelling(word, op->kind == TEST_STORE);
    if (row == NULL)
        return false;
    if (*name == '\0')
        return true;
    switch (row->class) {
    case CLASS_BARRIER:
    case CLASS_NOTHING:
        say(column, "%s", name);
        return true;
    case CLASS_PREFETCH:
        return true;
    case CLASS_LOAD:
    case CLASS_LOAD_LANE:
    case CLASS_LOAD_PAIR:
    case CLASS_LOAD_EXCLUSIVE:
    case CLASS_LOAD_EXCLUSIVE_PAIR:
        say(column, "%s X%u,[X%u]", name, result, address);
        break;
    case CLASS_STORE:
    case CLASS_STORE_LANE:
    case CLASS_STORE_PAIR:
        say(column, "%s X8,[X%u]", name, address);
        break;
    case CLASS_EXCHANGE:
    case CLASS_FETCH_ADD:
        say(column, "%s X8,X%u,[X%u]", name, result, address);
        break;
    case CLASS_ADD:
        say(column, "%s X8,[X%u]", name, address);
        break;
    case CLASS_COMPARE_EXCHANGE:
    case CLASS_COMPARE_EXCHANGE_PAIR:
        if (op->kind ==
            TEST_STORE) { /* a store by attempts, of which the one that succeeds counts */
            say(column, "ADD X22,X%u,#0", result);
            say(column, "%s X22,X8,[X%u]", name, address);
            say(column, "EOR X%u,X%u,X22", 9 + column->exclusives++, result);
            break;
        }
        say(column, "%s X%u,X8,[X%u]", name, result, address);
        break;
    case CLASS_STORE_EXCLUSIVE:
    case CLASS_STORE_EXCLUSIVE_PAIR: /* of a load: what it has read */
        say(column, "%s W%u,X%u,[X%u]", name, 9 + column->exclusives++,
            op->kind == TEST_LOAD                           ? result
            : op->kind == TEST_FETCH_ADD || column->selects ? 22
                                                            : 8,
            address);
        column->differs = column->selects = false;
        column->retries = true;
        break;
    case CLASS_COMPUTE:
        say(column, "ADD X22,X%u,X8", result);
        break;
    case CLASS_COPY:
        if (*name == 'S')
            say(column, "STR X8,[X%u]", address);
        else
            say(column, "LDR X%u,[X%u]", result, address);
        break;
    case CLASS_TEST:
        if (op->kind == TEST_STORE && strstr(name, "CMP")) /* asked for at the end, as of STXR */
            return true;
        column->differs = text_same(name, "EOR");
        if (text_same(name, "CMP"))
            say(column, "CMP X%u,X7", result);
        else if (column->differs)
            say(column, "EOR X22,X%u,X7", result);
        else if (text_same(name, "CSEL") && !column->selects) /* the other half is no other line */
            say(column, "CSEL X22,X8,X%u,EQ", result);
        column->selects |= text_same(name, "CSEL");
        return test_compares(op->kind) && !text_same(name, "TST");
    case CLASS_BRANCH: /* no second attempt: X9 is asked for at the end */
        if (text_same(name, "CBNZ") && column->differs) {
            say(column, "CBNZ X22,L%u", column->labels);
            column->differs = false;
            column->leaves = true;
            return true;
        }
        if (text_same(name, "CBNZ") && op->kind == TEST_LOAD && !column->retries) {
            say(column, "CBNZ X%u,L%u", result, column->labels);
            say(column, "L%u:", column->labels++);
            return true;
        }
        if (text_same(name, "B.NE") && test_compares(op->kind))
            say(column, "B.NE L%u", column->labels);
        else if (text_same(name, "CBNZ") && test_compares(op->kind) && !column->leaves)
            say(column, "L%u:", column->labels++);
        column->retries &= !text_same(name, "CBNZ");
        return !text_same(name, "B");
    default:
        return false;
    }
    column->own_line |= fence;
    return true;
}

static bool add_operation(struct column *column, const struct test_op *op, const char *sequence,
                          char *why, size_t size) {
    char word[MAX_WORD];
    bool cas = strstr(sequence, "CAS"), by_cas = cas && op->kind == TEST_LOAD; /* of 0 to 0 */
    if (test_compares(op->kind) || by_cas)
        say(column, "MOV X%u,#%u", cas ? op->slot : 7u, op->want);
    if (op->kind == TEST_FENCE ? strstr(sequence, "SWP") != NULL : op->kind != TEST_LOAD || by_cas)
        say(column, "MOV X8,#%u", op->value);
    for (const char *rest = sequence; (rest = mapping_next_word(rest, word)) != NULL;)
        if (!add_word(column, op, word)) {
            snprintf(why, size, "no herd7 form of %s is known here", word);
            return false;
        }
    if (column->leaves)
        say(column, "L%u:", column->labels++);
    column->leaves = false;
    return true;
}

struct out {
    char *text;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void print(struct out *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int more = vsnprintf(out->text + out->used, LOWERED_TEXT - out->used, format, args);
    va_end(args);
    out->used += more < 0 ? 0 : (size_t)more;
    if (out->used >= LOWERED_TEXT)
        out->used = LOWERED_TEXT - 1;
}

static void print_start(struct out *out, const struct test *test, const struct column *columns) {
    print(out, "{\n");
    for (unsigned v = 0; v < TEST_VARIABLES; v++)
        if (test->variables >> v & 1)
            print(out, "int64_t %c; ", TEST_VARIABLE_NAMES[v]);
    for (unsigned thread = 0; thread < test->threads; thread++)
        if (columns[thread].own_line)
            print(out, "int64_t own%u; ", thread);
    print(out, "\n");
    for (unsigned thread = 0; thread < test->threads; thread++) {
        for (unsigned slot = 0; slot < test->registers[thread]; slot++)
            print(out, "int64_t %u:X%u; ", thread, slot);
        for (unsigned v = 0; v < TEST_VARIABLES; v++)
            if (test->variables >> v & 1)
                print(out, "%u:X%u=%c; ", thread, 15 + v, TEST_VARIABLE_NAMES[v]);
        if (columns[thread].own_line)
            print(out, "%u:X20=own%u;", thread, thread);
        print(out, "\n");
    }
    print(out, "}\n");
}

/* A cell, filled up with blanks: printf's own width is slow. */
static void print_cell(struct out *out, const char *text, char end) {
    size_t length = strlen(text), width = LINE_TEXT - 2;
    if (out->used + LINE_TEXT + 4 >= LOWERED_TEXT)
        return;
    char *at = out->text + out->used;
    *at++ = ' ';
    memcpy(at, text, length);
    memset(at + length, ' ', width > length ? width - length : 0);
    at += width > length ? width : length;
    *at++ = end;
    *at = '\0';
    out->used = (size_t)(at - out->text);
}

static void print_program(struct out *out, unsigned threads, const struct column *columns) {
    unsigned lines = 0;
    char name[16];
    for (unsigned thread = 0; thread < threads; thread++) {
        snprintf(name, sizeof name, "P%u", thread);
        print_cell(out, name, thread + 1 < threads ? '|' : ';');
        lines = columns[thread].lines > lines ? columns[thread].lines : lines;
    }
    print(out, "\n");
    for (unsigned line = 0; line < lines; line++) {
        for (unsigned thread = 0; thread < threads; thread++)
            print_cell(out, line < columns[thread].lines ? columns[thread].line[line] : "",
                       thread + 1 < threads ? '|' : ';');
        print(out, "\n");
    }
}

/* What is observed, and the outcome: "0:r0=1 x=2" as "0:X0=1 /\ x=2". */
static void print_outcome(struct out *out, const struct test *test, const struct column *columns) {
    print(out, "locations [");
    for (unsigned thread = 0; thread < test->threads; thread++)
        for (unsigned slot = 0; slot < test->registers[thread]; slot++)
            print(out, "%u:X%u; ", thread, slot);
    for (unsigned v = 0; v < TEST_VARIABLES; v++)
        if (test->variables >> v & 1)
            print(out, "%c; ", TEST_VARIABLE_NAMES[v]);
    print(out, "]\n");
    const char *joint = "filter (";
    for (unsigned thread = 0; thread < test->threads; thread++)
        for (unsigned i = 0; i < columns[thread].exclusives; i++, joint = " /\\ ")
            print(out, "%s%u:X%u=0", joint, thread, 9 + i);
    print(out, "%sexists (", *joint == ' ' ? ")\n" : "");
    for (const char *p = test->outcome; *p; p++)
        if (*p == ' ')
            print(out, " /\\ ");
        else
            print(out, "%c", *p == 'r' ? 'X' : *p);
    print(out, ")\n");
}

bool lower_text(const struct test *test, const struct lowered *lowered, const char *name,
                const char *information, char text[LOWERED_TEXT], char *why, size_t size) {
    struct column columns[TEST_THREADS];
    struct out out = {.text = text};
    for (unsigned thread = 0; thread < test->threads; thread++) {
        struct column *column = &columns[thread];
        *column = (struct column){.lines = 0};
        for (unsigned i = 0; test->ops[thread][i].kind; i++)
            if (!add_operation(column, &test->ops[thread][i], lowered->words[thread][i], why, size))
                return false;
        if (column->full) {
            snprintf(why, size, "more than %d instructions of a thread", MAX_LINES);
            return false;
        }
    }
    print(&out, "AArch64 %s\n%s", name, information);
    print_start(&out, test, columns);
    print_program(&out, test->threads, columns);
    print_outcome(&out, test, columns);
    return true;
}

/* ---- x86-64 ---- */

static bool add_machine_word(struct test_op *out, const struct test_op *op, const char *word) {
    const struct known_instruction *row = instruction_named(ISA_X86_64, word);
    if (row == NULL)
        return false;
    *out = *op;
    switch (row->class) {
    case CLASS_MOVE:
    case CLASS_MOVE_VECTOR:
    case CLASS_FETCH_ADD:
    case CLASS_COMPARE_EXCHANGE:
    case CLASS_COPY:
        return true;
    case CLASS_COMPARE_EXCHANGE_PAIR: /* as a load: of 0 to 0; as a store: that which succeeds */
        out->kind = op->kind == TEST_LOAD    ? TEST_COMPARE_EXCHANGE
                    : op->kind == TEST_STORE ? TEST_EXCHANGE
                                             : op->kind;
        return true;
    case CLASS_EXCHANGE:
        out->kind = TEST_EXCHANGE;
        return op->kind != TEST_FENCE;
    case CLASS_BARRIER: /* SFENCE and LFENCE order nothing that x86 does not */
        *out = (struct test_op){.kind = row->order & ORDER_FULL ? TEST_FENCE : TEST_END,
                                .slot = TEST_REGISTERS};
        return true;
    case CLASS_NOTHING:
        out->kind = TEST_END;
        return true;
    default:
        return false;
    }
}

bool lower_machine(const struct test *test, const struct lowered *lowered,
                   struct machine_program *program, char *why, size_t size) {
    *program = (struct machine_program){.threads = test->threads};
    for (unsigned thread = 0; thread < test->threads; thread++) {
        unsigned count = 0;
        for (unsigned i = 0; test->ops[thread][i].kind; i++) {
            char word[MAX_WORD];
            for (const char *rest = lowered->words[thread][i];
                 (rest = mapping_next_word(rest, word)) != NULL;) {
                struct test_op op;
                if (!add_machine_word(&op, &test->ops[thread][i], word)) {
                    snprintf(why, size, "%s cannot be judged here", word);
                    return false;
                }
                bool again = count && op.kind == TEST_FENCE &&
                             program->ops[thread][count - 1].kind == TEST_FENCE;
                if (op.kind == TEST_END || again)
                    continue;
                /* As with a long sequence of AArch64's. */
                if (count == MACHINE_OPS) {
                    snprintf(why, size, "more than %d instructions of a thread", MACHINE_OPS);
                    return false;
                }
                program->ops[thread][count++] = op;
            }
        }
    }
    return true;
}
