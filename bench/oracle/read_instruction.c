/* SPDX-License-Identifier: MIT
 *
 * read_instruction.c: one instruction of a litmus test.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "oracle/reader.h"

enum { OPERANDS = 5 };

struct cell {
    char name[24]; /* upper case */
    char operand[OPERANDS][48];
    unsigned count;
};

static char *trimmed(char *text) {
    while (isspace((unsigned char)*text))
        text++;
    for (size_t n = strlen(text); n && isspace((unsigned char)text[n - 1]);)
        text[--n] = '\0';
    return text;
}

/* Splits "LDR W1,[X10,#8]" at commas outside of brackets. */
static void split(struct reader *reader, const char *text, struct cell *cell) {
    size_t length = strcspn(text, " \t\n");
    if (length >= sizeof cell->name)
        reader_wrong(reader, "unknown instruction `%s'", text);
    for (size_t i = 0; i < length; i++)
        cell->name[i] = (char)toupper((unsigned char)text[i]);
    cell->name[length] = '\0';
    cell->count = 0;
    for (text += length; *text;) {
        size_t used = 0;
        unsigned depth = 0;
        char part[48] = "";
        while (isspace((unsigned char)*text))
            text++;
        if (*text == '\0')
            return;
        for (; *text && (*text != ',' || depth); text++) {
            depth += *text == '[';
            depth -= depth && *text == ']';
            if (used + 1 == sizeof part || cell->count == OPERANDS)
                reader_wrong(reader, "operands of %s are not understood", cell->name);
            part[used++] = *text;
        }
        part[used] = '\0';
        if (cell->count == OPERANDS)
            reader_wrong(reader, "%s has too many operands", cell->name);
        snprintf(cell->operand[cell->count++], sizeof part, "%s", trimmed(part));
        text += *text == ',';
    }
}

static uint8_t register_of(struct reader *reader, const struct cell *cell, unsigned i,
                           uint8_t *size) {
    int number = i < cell->count ? reader_register(cell->operand[i], size) : -1;
    if (number < 0)
        reader_wrong(reader, "%s: operand %u is no register", cell->name, i + 1);
    return (uint8_t)number;
}

static int64_t immediate_of(struct reader *reader, const char *text) {
    char *end;
    const char *digits = text + (*text == '#');
    long long value = strtoll(digits, &end, 0);
    if (*end || end == digits)
        reader_wrong(reader, "`%s' is no number", text);
    return value;
}

/* "SXTW", "UXTW #2", "LSL #3" */
static void read_extension(struct reader *reader, struct line *line, const char *text) {
    char *end;
    const char *amount = strchr(text, '#');
    if (strncasecmp(text, "SXTW", 4) == 0)
        line->extend = 'S';
    else if (strncasecmp(text, "UXTW", 4) == 0)
        line->extend = 'U';
    else if (strncasecmp(text, "LSL", 3) != 0 && strncasecmp(text, "SXTX", 4) != 0)
        reader_wrong(reader, "`%s' is not understood", text);
    unsigned long shift = amount ? strtoul(amount + 1, &end, 0) : 0;
    if (shift > 63)
        reader_wrong(reader, "a shift by %lu", shift);
    line->shift = (uint8_t)shift;
}

/* A register, extended or not, or an immediate; from operand i on. */
static void read_second(struct reader *reader, struct line *line, const struct cell *cell,
                        unsigned i) {
    uint8_t size;
    line->rm = REGISTER_ZERO;
    if (i >= cell->count)
        reader_wrong(reader, "%s lacks an operand", cell->name);
    int number = reader_register(cell->operand[i], &size);
    if (number < 0) {
        line->immediate = immediate_of(reader, cell->operand[i]);
        if (i + 1 < cell->count) {
            read_extension(reader, line, cell->operand[i + 1]);
            line->immediate = (int64_t)((uint64_t)line->immediate << line->shift);
            line->shift = 0;
        }
    } else {
        line->rm = (uint8_t)number;
        if (i + 1 < cell->count)
            read_extension(reader, line, cell->operand[i + 1]);
    }
    if (i + 2 < cell->count)
        reader_wrong(reader, "%s has too many operands", cell->name);
}

/* "[X10]", "[X10,#8]", "[X10,W9,SXTW]" */
static void read_address(struct reader *reader, struct line *line, const struct cell *cell,
                         unsigned i) {
    char text[48], *part[3];
    unsigned parts = 0;
    uint8_t size;
    if (i + 1 != cell->count || *cell->operand[i] != '[' ||
        cell->operand[i][strlen(cell->operand[i]) - 1] != ']')
        reader_wrong(reader, "%s: an address is [Xn] or [Xn,offset], and comes last", cell->name);
    snprintf(text, sizeof text, "%s", cell->operand[i] + 1);
    text[strlen(text) - 1] = '\0';
    for (char *rest = text, *one; (one = strsep(&rest, ",")) != NULL && parts < 3;)
        part[parts++] = trimmed(one);
    int base = reader_register(part[0], &size);
    if (base < 0 || size != 8 || base == REGISTER_ZERO)
        reader_wrong(reader, "`%s' is no base of an address", part[0]);
    line->rn = (uint8_t)base;
    line->rm = REGISTER_ZERO;
    if (parts == 1)
        return;
    int offset = reader_register(part[1], &size);
    if (offset < 0)
        line->immediate = immediate_of(reader, part[1]);
    else
        line->rm = (uint8_t)offset;
    if (parts == 3)
        read_extension(reader, line, part[2]);
    else if (offset >= 0 && size == 4)
        reader_wrong(reader, "`%s' as an offset needs SXTW or UXTW", part[1]);
}

/* B and H at the end of a name say the size; else the register does. */
static uint8_t size_of(const char *suffix, uint8_t of_register) {
    return *suffix == 'B' ? 1 : *suffix == 'H' ? 2 : of_register;
}

static bool read_computation(struct reader *reader, struct line *line, const struct cell *cell) {
    static const struct {
        const char *name;
        enum opcode op;
        bool flags, compare;
    } rows[] = {{"MOV", OP_MOVE, false, false}, {"MOVZ", OP_MOVE, false, false},
                {"ADD", OP_ADD, false, false},  {"ADDS", OP_ADD, true, false},
                {"SUB", OP_SUB, false, false},  {"SUBS", OP_SUB, true, false},
                {"AND", OP_AND, false, false},  {"ANDS", OP_AND, true, false},
                {"ORR", OP_OR, false, false},   {"EOR", OP_XOR, false, false},
                {"CMP", OP_SUB, true, true},    {"CMN", OP_ADD, true, true},
                {"TST", OP_AND, true, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!text_same(rows[i].name, cell->name))
            continue;
        unsigned next = 0;
        line->op = rows[i].op;
        line->set_flags = rows[i].flags;
        line->rd = REGISTER_ZERO;
        if (!rows[i].compare)
            line->rd = register_of(reader, cell, next++, &line->size);
        if (line->op != OP_MOVE) {
            uint8_t size;
            line->rn = register_of(reader, cell, next++, &size);
            line->size = rows[i].compare ? size : line->size;
        }
        read_second(reader, line, cell, next);
        return true;
    }
    return false;
}

static bool read_load_store(struct reader *reader, struct line *line, const struct cell *cell) {
    static const struct {
        const char *name;
        enum opcode op;
        unsigned order;
    } rows[] = {{"LDR", OP_LOAD, 0},
                {"LDUR", OP_LOAD, 0},
                {"LDAR", OP_LOAD, ACCESS_ACQUIRE},
                {"LDAPR", OP_LOAD, ACCESS_ACQUIRE_PC},
                {"LDAPUR", OP_LOAD, ACCESS_ACQUIRE_PC},
                {"LDXR", OP_LOAD_EXCLUSIVE, 0},
                {"LDAXR", OP_LOAD_EXCLUSIVE, ACCESS_ACQUIRE},
                {"STR", OP_STORE, 0},
                {"STUR", OP_STORE, 0},
                {"STLR", OP_STORE, ACCESS_RELEASE},
                {"STLUR", OP_STORE, ACCESS_RELEASE},
                {"STXR", OP_STORE_EXCLUSIVE, 0},
                {"STLXR", OP_STORE_EXCLUSIVE, ACCESS_RELEASE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t length = strlen(rows[i].name);
        const char *suffix = cell->name + length;
        if (strncmp(rows[i].name, cell->name, length) != 0 ||
            (*suffix && !text_same(suffix, "B") && !text_same(suffix, "H")))
            continue;
        unsigned next = 0;
        line->op = rows[i].op;
        line->order = rows[i].order;
        uint8_t size;
        if (line->op == OP_STORE_EXCLUSIVE)
            line->rs = register_of(reader, cell, next++, &size);
        line->rd = register_of(reader, cell, next++, &size);
        line->size = size_of(suffix, size);
        read_address(reader, line, cell, next);
        return true;
    }
    return false;
}

/* SWP, CAS, LDADD ... and STADD ..., with A, L, AL, and B, H. */
static bool read_atomic(struct reader *reader, struct line *line, const struct cell *cell) {
    static const struct {
        const char *name;
        enum rmw_kind kind;
    } rows[] = {{"SWP", RMW_SWAP},  {"ADD", RMW_ADD},   {"CLR", RMW_CLEAR},
                {"EOR", RMW_XOR},   {"SET", RMW_SET},   {"SMAX", RMW_SMAX},
                {"SMIN", RMW_SMIN}, {"UMAX", RMW_UMAX}, {"UMIN", RMW_UMIN}};
    const char *name = cell->name;
    bool is_cas = strncmp(name, "CAS", 3) == 0, swap = strncmp(name, "SWP", 3) == 0;
    bool stores = strncmp(name, "ST", 2) == 0;
    if (!is_cas && !swap && !stores && strncmp(name, "LD", 2) != 0)
        return false;
    size_t i = 0;
    if (is_cas || swap)
        name += 3;
    else {
        for (i = 1, name += 2; i < sizeof rows / sizeof *rows; i++)
            if (strncmp(name, rows[i].name, strlen(rows[i].name)) == 0)
                break;
        if (i == sizeof rows / sizeof *rows)
            return false;
        name += strlen(rows[i].name);
    }
    if (*name == 'A' && !stores) {
        line->order |= ACCESS_ACQUIRE;
        name++;
    }
    if (*name == 'L') {
        line->order |= ACCESS_RELEASE;
        name++;
    }
    if (*name && !text_same(name, "B") && !text_same(name, "H"))
        return false;
    uint8_t size, other = 0;
    line->op = is_cas ? OP_CAS : OP_RMW;
    line->rmw = rows[i].kind;
    line->rs = register_of(reader, cell, 0, &size);
    line->rd = stores ? REGISTER_ZERO : register_of(reader, cell, 1, &other);
    if (!stores && other != size)
        reader_wrong(reader, "%s: registers of two sizes", cell->name);
    line->size = size_of(name, size);
    line->no_return = (is_cas ? line->rs : line->rd) == REGISTER_ZERO;
    read_address(reader, line, cell, stores ? 1 : 2);
    return true;
}

static bool read_barrier(struct reader *reader, struct line *line, const struct cell *cell) {
    static const char *const domains[] = {"ISH", "OSH", "NSH"};
    bool dsb = text_same(cell->name, "DSB");
    if (text_same(cell->name, "ISB") || text_same(cell->name, "NOP")) {
        line->op = *cell->name == 'I' ? OP_ISB : OP_NOP;
        return true;
    }
    if (!dsb && !text_same(cell->name, "DMB"))
        return false;
    char option[48] = "";
    for (unsigned i = 0; cell->count && cell->operand[0][i]; i++)
        option[i] = (char)toupper((unsigned char)cell->operand[0][i]);
    const char *kind = option;
    for (size_t i = 0; i < 3; i++)
        if (strncmp(option, domains[i], 3) == 0)
            kind = option + 3;
    line->op = OP_BARRIER;
    if (text_same(option, "SY") || (kind != option && *kind == '\0'))
        line->order = BARRIER_FULL;
    else if (text_same(kind, "LD"))
        line->order = BARRIER_LOADS;
    else if (text_same(kind, "ST"))
        line->order = BARRIER_STORES;
    else
        reader_wrong(reader, "%s of what? `%s'", cell->name, option);
    if (strncmp(option, "NSH", 3) == 0)
        reader_wrong(reader, "barriers of NSH are not modelled");
    line->order |= dsb ? BARRIER_DSB : 0;
    return true;
}

static const char *condition_named(const char *name) {
    static const char *const names[] = {"EQ", "NE", "CS", "HS", "CC", "LO", "MI", "PL", "VS",
                                        "VC", "HI", "LS", "GE", "LT", "GT", "LE", "AL"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i], name) == 0)
            return names[i];
    return NULL;
}

static bool read_branch(struct reader *reader, struct line *line, const struct cell *cell,
                        unsigned thread) {
    struct program *program = reader->program;
    unsigned label = 0;
    if (text_same(cell->name, "CSEL") && cell->count == 4) {
        uint8_t size;
        line->op = OP_SELECT;
        line->rd = register_of(reader, cell, 0, &line->size);
        line->rn = register_of(reader, cell, 1, &size);
        line->rm = register_of(reader, cell, 2, &size);
        line->condition = condition_named(cell->operand[3]);
        return line->condition != NULL;
    }
    if (text_same(cell->name, "B")) {
        line->op = OP_BRANCH;
    } else if (text_same(cell->name, "CBZ") || text_same(cell->name, "CBNZ")) {
        line->op = cell->name[2] == 'Z' ? OP_BRANCH_ZERO : OP_BRANCH_NONZERO;
        line->rn = register_of(reader, cell, label++, &line->size);
    } else if (*cell->name == 'B' && (line->condition = condition_named(
                                          cell->name + 1 + (cell->name[1] == '.'))) != NULL) {
        line->op = OP_BRANCH_IF;
    } else {
        return false;
    }
    if (label + 1 != cell->count)
        reader_wrong(reader, "%s goes to one label", cell->name);
    if (reader->jump_count == sizeof reader->jumps / sizeof *reader->jumps)
        reader_wrong(reader, "too many branches");
    reader->jumps[reader->jump_count].thread = (uint8_t)thread;
    reader->jumps[reader->jump_count].line = (uint8_t)program->count[thread];
    snprintf(reader->jumps[reader->jump_count++].name, sizeof reader->jumps->name, "%.31s",
             cell->operand[label]);
    return true;
}

static void add_label(struct reader *reader, unsigned thread, const char *name, size_t length) {
    if (reader->label_count == READER_LABELS || length >= sizeof reader->labels->name)
        reader_wrong(reader, "too many labels, or too long a one");
    reader->labels[reader->label_count].thread = (uint8_t)thread;
    reader->labels[reader->label_count].line = (uint8_t)reader->program->count[thread];
    snprintf(reader->labels[reader->label_count++].name, sizeof reader->labels->name, "%.*s",
             (int)length, name);
}

void reader_instruction(struct reader *reader, unsigned thread, const char *text) {
    static const char *const pairs[] = {"LDP",   "STP",  "LDXP",   "LDAXP", "STXP",
                                        "STLXP", "CASP", "LDIAPP", "STILP"};
    struct program *program = reader->program;
    struct cell cell;
    for (const char *colon; (colon = strchr(text, ':')) != NULL;) {
        add_label(reader, thread, text, (size_t)(colon - text));
        for (text = colon + 1; isspace((unsigned char)*text);)
            text++;
    }
    if (*text == '\0')
        return;
    if (program->count[thread] == PROGRAM_INSTRUCTIONS)
        reader_wrong(reader, "more than %d instructions in a thread", PROGRAM_INSTRUCTIONS);
    struct line *line = &program->lines[thread][program->count[thread]];
    *line = (struct line){.size = 8, .rm = REGISTER_ZERO};
    split(reader, text, &cell);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strncmp(cell.name, pairs[i], strlen(pairs[i])) == 0)
            reader_wrong(reader, "%s is of two sizes at once, which is not modelled", cell.name);
    if (!read_computation(reader, line, &cell) && !read_load_store(reader, line, &cell) &&
        !read_atomic(reader, line, &cell) && !read_barrier(reader, line, &cell) &&
        !read_branch(reader, line, &cell, thread))
        reader_wrong(reader, "unknown instruction `%s'", text);
    snprintf(line->text, sizeof line->text, "%.47s", text);
    program->count[thread]++;
}
