/* SPDX-License-Identifier: MIT
 *
 * read_program.c: the frame of a litmus test: its name, the start, the columns of the threads.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "oracle/reader.h"

/* Far from what tests count with, and far from each other. */
enum { ADDRESS_BITS = 20 };
uint64_t program_address(unsigned location) {
    return (uint64_t)(location + 1) << ADDRESS_BITS;
}

int program_location(const struct program *program, uint64_t address) {
    uint64_t location = address >> ADDRESS_BITS;
    if (location == 0 || location > program->locations || address % (1 << ADDRESS_BITS))
        return -1;
    return (int)location - 1;
}

void reader_wrong(const struct reader *reader, const char *format, ...) {
    char what[256];
    unsigned line = 1;
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    for (const char *p = reader->start; p < reader->at; p++)
        line += *p == '\n';
    die(EXIT_USAGE, "%s:%u: %s", reader->path, line, what);
}

static void skip_blanks(struct reader *reader) {
    while (isspace((unsigned char)*reader->at))
        reader->at++;
}

unsigned reader_location(struct reader *reader, const char *name) {
    struct program *program = reader->program;
    for (const char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_')
            reader_wrong(reader, "`%s' is no variable of one size", name);
    if (!isalpha((unsigned char)*name) && *name != '_')
        reader_wrong(reader, "`%s' is no variable", name);
    for (unsigned i = 0; i < program->locations; i++)
        if (text_same(program->location[i], name))
            return i;
    if (program->locations == PROGRAM_LOCATIONS)
        reader_wrong(reader, "more than %d variables", PROGRAM_LOCATIONS);
    if (strlen(name) >= PROGRAM_NAME)
        reader_wrong(reader, "a name of more than %d letters", PROGRAM_NAME - 1);
    memcpy(program->location[program->locations], name, strlen(name) + 1);
    return program->locations++;
}

uint64_t reader_value(struct reader *reader, const char *text) {
    char *end;
    if (isdigit((unsigned char)*text) || *text == '-') {
        uint64_t value =
            *text == '-' ? (uint64_t)strtoll(text, &end, 0) : (uint64_t)strtoull(text, &end, 0);
        if (*end || end == text)
            reader_wrong(reader, "`%s' is no number", text);
        return value;
    }
    return program_address(reader_location(reader, text + (*text == '&')));
}

int reader_register(const char *name, uint8_t *size) {
    char letter = (char)toupper((unsigned char)*name), *end;
    if (letter != 'X' && letter != 'W')
        return -1;
    *size = letter == 'X' ? 8 : 4;
    if (strcasecmp(name + 1, "ZR") == 0)
        return REGISTER_ZERO;
    if (!isdigit((unsigned char)name[1]))
        return -1;
    long number = strtol(name + 1, &end, 10);
    return *end || number > 30 ? -1 : (int)number;
}

/* The trimmed text up to `end`, into out. */
static void take(struct reader *reader, const char *end, char out[READER_CELL]) {
    const char *from = reader->at, *to = end;
    while (from < to && isspace((unsigned char)*from))
        from++;
    while (to > from && isspace((unsigned char)to[-1]))
        to--;
    if (to - from >= READER_CELL)
        reader_wrong(reader, "more than %d characters", READER_CELL - 1);
    memcpy(out, from, (size_t)(to - from));
    out[to - from] = '\0';
    reader->at = end;
}

/* "int64_t 0:X5=1", "x=1", "[x]=1", "int x", "0:X10=x" */
static void read_start_item(struct reader *reader, char *item) {
    struct program *program = reader->program;
    char *equal = strchr(item, '='), *target = item;
    char *value = equal ? equal + 1 : NULL;
    if (equal)
        *equal = '\0';
    for (size_t n = strlen(item); n && isspace((unsigned char)item[n - 1]);)
        item[--n] = '\0';
    for (char *p = item; *p; p++)
        if (isspace((unsigned char)*p) || *p == '*')
            target = p + 1;
    while (value && isspace((unsigned char)*value))
        value++;
    char *colon = strchr(target, ':');
    size_t length = strlen(target);
    if (*target == '[' && target[length - 1] == ']') {
        target[length - 1] = '\0';
        target++;
    }
    if (colon == NULL) {
        unsigned location = reader_location(reader, target);
        uint64_t number = value ? reader_value(reader, value) : 0;
        program->memory[location] = number;
        return;
    }
    uint8_t size;
    char *end;
    unsigned long thread = strtoul(target, &end, 10);
    int number = reader_register(colon + 1, &size);
    if (end != colon || end == target || thread >= PROGRAM_THREADS || number < 0)
        reader_wrong(reader, "`%s' is no register", target);
    program->registers[thread][number] = value ? reader_value(reader, value) : 0;
    if (number == REGISTER_ZERO)
        program->registers[thread][number] = 0;
}

static void read_start(struct reader *reader) {
    char item[READER_CELL];
    const char *close = strchr(reader->at, '}');
    if (close == NULL)
        reader_wrong(reader, "no } after the {");
    while (reader->at < close) {
        const char *end = memchr(reader->at, ';', (size_t)(close - reader->at));
        take(reader, end ? end : close, item);
        if (*item)
            read_start_item(reader, item);
        if (end)
            reader->at++;
    }
    reader->at = close + 1;
}

/* Whether what follows the program comes now. */
static bool program_ends(const char *at) {
    static const char *const words[] = {"locations", "exists", "forall",
                                        "filter",    "final",  "observed"};
    if (*at == '~' || *at == '\0')
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(at, words[i], length) == 0 && !isalnum((unsigned char)at[length]))
            return true;
    }
    return false;
}

/* One row: a cell a thread. */
static void read_row(struct reader *reader, bool head) {
    char cell[READER_CELL], name[16];
    for (unsigned thread = 0;; thread++) {
        size_t length = strcspn(reader->at, "|;");
        if (reader->at[length] == '\0')
            reader_wrong(reader, "a row ends with ;");
        if (thread >= PROGRAM_THREADS)
            reader_wrong(reader, "more than %d threads", PROGRAM_THREADS);
        bool last = reader->at[length] == ';';
        take(reader, reader->at + length, cell);
        if (head) {
            snprintf(name, sizeof name, "P%u", thread);
            if (!text_same(cell, name))
                reader_wrong(reader, "`%s' where %s is expected", cell, name);
            reader->program->threads = thread + 1;
        } else {
            if (thread >= reader->program->threads)
                reader_wrong(reader, "a row with more cells than threads");
            reader_instruction(reader, thread, cell);
        }
        reader->at++;
        if (last)
            return;
    }
}

static void resolve_jumps(struct reader *reader) {
    for (unsigned i = 0; i < reader->jump_count; i++) {
        bool found = false;
        for (unsigned k = 0; k < reader->label_count && !found; k++) {
            found = reader->labels[k].thread == reader->jumps[i].thread &&
                    text_same(reader->labels[k].name, reader->jumps[i].name);
            if (found)
                reader->program->lines[reader->jumps[i].thread][reader->jumps[i].line].target =
                    reader->labels[k].line;
        }
        if (!found)
            reader_wrong(reader, "no label `%s'", reader->jumps[i].name);
    }
}

/* Blanks in the place of comments, so that lines are still counted right. */
static void drop_comments(char *text) {
    unsigned depth = 0;
    for (char *p = text; *p; p++) {
        if (p[0] == '(' && p[1] == '*') {
            depth++;
            p[0] = p[1] = ' ';
        } else if (depth && p[0] == '*' && p[1] == ')') {
            depth--;
            p[0] = p[1] = ' ';
        } else if (depth && *p != '\n') {
            *p = ' ';
        }
    }
}

struct program *program_parse(const char *path, const char *text) {
    static struct reader reader;
    char *copy = allocate(strlen(text) + 1, 1), word[READER_CELL];
    memcpy(copy, text, strlen(text) + 1);
    drop_comments(copy);
    reader = (struct reader){.path = path, .start = copy, .at = copy};
    reader.program = allocate(1, sizeof *reader.program);
    reader.program->text = copy;
    skip_blanks(&reader);
    if (strncmp(reader.at, "AArch64", 7) != 0 || !isspace((unsigned char)reader.at[7]))
        reader_wrong(&reader, "a litmus test for AArch64 begins with `AArch64 NAME'");
    reader.at += 7;
    take(&reader, strchrnul(reader.at, '\n'), word);
    snprintf(reader.program->name, PROGRAM_NAME, "%.63s", word);
    const char *open = strchr(reader.at, '{');
    if (open == NULL)
        reader_wrong(&reader, "no { before the start");
    reader.at = open + 1;
    read_start(&reader);
    skip_blanks(&reader);
    for (bool head = true; !program_ends(reader.at); head = false) {
        read_row(&reader, head);
        skip_blanks(&reader);
    }
    if (reader.program->threads == 0)
        reader_wrong(&reader, "no thread");
    resolve_jumps(&reader);
    reader_condition(&reader);
    return reader.program;
}

void program_free(struct program *program) {
    free(program->text);
    free(program);
}
