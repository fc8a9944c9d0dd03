/* SPDX-License-Identifier: MIT
 *
 * mapping_read.c: a user's mapping, from a file. What is wrong is said with its place, and nothing
 * of a wrong file is used.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "mapping/fill.h"

enum { MAX_KEY = 32, MAX_FILE = 1 << 16 };

struct reader {
    const char *path;
    const char *line_start;
    unsigned line;
    struct mapping *mapping;
    unsigned seen; /* bits of rows, then isa, name, coverage */
};

__attribute__((format(printf, 3, 4))) _Noreturn static void
wrong(const struct reader *reader, const char *at, const char *format, ...) {
    char what[512];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    die(EXIT_USAGE, "%s:%u:%td: %s", reader->path, reader->line, at - reader->line_start + 1, what);
}

/* The instruction that a word of the file begins with, and where its operands begin. */
static const struct known_instruction *recognise(const struct reader *reader, const char *from,
                                                 const char *end, const char **operands) {
    char upper[MAX_WORD + 1], first[MAX_WORD] = "";
    size_t length = 0;
    const struct known_instruction *found = NULL;
    for (const char *p = from; p <= end && length < MAX_WORD; p++) {
        if (p == end || isspace((unsigned char)*p)) {
            upper[length] = '\0';
            const struct known_instruction *row = instruction_named(reader->mapping->isa, upper);
            if (row) {
                found = row;
                *operands = p;
            }
            if (*first == '\0')
                memcpy(first, upper, length + 1 < sizeof first ? length + 1 : sizeof first);
            while (p < end && isspace((unsigned char)*p))
                p++;
            if (p == end)
                break;
            upper[length++] = ' ';
        }
        if (length < MAX_WORD)
            upper[length++] = (char)toupper((unsigned char)*p);
    }
    if (found == NULL)
        wrong(reader, from, "unknown instruction `%.*s' of %s", (int)(end - from), from,
              isa_name(reader->mapping->isa));
    return found;
}

static bool same_but_blanks(const char *text, const char *end, const char *form) {
    for (;;) {
        while (text < end && isspace((unsigned char)*text))
            text++;
        while (*form == ' ')
            form++;
        if (text == end || *form == '\0')
            return text == end && *form == '\0';
        if (tolower((unsigned char)*text++) != *form++)
            return false;
    }
}

struct shape {
    unsigned accesses, loads_exclusive, stores_exclusive, others;
    bool tested;    /* TST; B.NE; one; B; other */
    unsigned asked; /* loads with a CBNZ of their own behind them */
    bool unasked;   /* the last one has none yet */
};

static void count_word(struct shape *shape, const struct known_instruction *row) {
    bool plain = row->class == CLASS_BARRIER || row->class == CLASS_NOTHING ||
                 row->class == CLASS_COMPUTE || row->class == CLASS_TEST ||
                 row->class == CLASS_BRANCH || row->class == CLASS_PREFETCH;
    if (row->class == CLASS_LOAD_EXCLUSIVE || row->class == CLASS_LOAD_EXCLUSIVE_PAIR)
        shape->loads_exclusive++;
    else if (row->class == CLASS_STORE_EXCLUSIVE || row->class == CLASS_STORE_EXCLUSIVE_PAIR)
        shape->stores_exclusive++;
    else if (!plain)
        shape->accesses++;
    bool asks = text_same(row->word, "CBNZ");
    shape->asked += asks && shape->unasked;
    shape->unasked = row->class == CLASS_LOAD || (shape->unasked && !asks);
    shape->others += row->class == CLASS_TEST || row->class == CLASS_BRANCH;
    shape->tested |= text_same(row->word, "TST");
}

/* Whether so many accesses make the operation. */
static const char *misshapen(const struct operation_row *row, const struct shape *shape,
                             const char *sequence) {
    bool wide = strstr(row->key, "pair") || strstr(row->key, "vec") || text_same(row->key, "copy");
    bool exclusive = shape->loads_exclusive || shape->stores_exclusive;
    if (exclusive &&
        (shape->loads_exclusive != 1 || shape->stores_exclusive != 1 || shape->accesses ||
         strstr(sequence, "STX") == sequence || strstr(sequence, "STLX") == sequence))
        return "exclusives come as one load and then one store";
    if (exclusive)
        return NULL;
    if (shape->tested) {
        char first[MAX_WORD], second[MAX_WORD];
        const char *rest = mapping_next_word(sequence, first);
        rest = rest ? mapping_next_word(rest, second) : NULL;
        if (rest && text_same(first, "TST") && text_same(second, "B.NE") && shape->others == 3 &&
            strstr(rest, "; B; ") && shape->accesses == (wide ? 3 : 2))
            return NULL;
        return "a test is written `TST; B.NE; one; B; other'";
    }
    if (shape->asked && strncmp(row->key, "load", 4) == 0 && shape->asked == shape->others &&
        shape->asked == shape->accesses)
        return shape->accesses <= (wide ? 2u : 1u) ? NULL : "it has too many accesses";
    if (shape->others)
        return "tests and branches stand in `TST; B.NE; one; B; other', between exclusives, or as "
               "the CBNZ after a load";
    if (shape->accesses == 0 && !text_same(row->key, "fence"))
        return "it has no access";
    if (shape->accesses > (text_same(row->key, "copy") ? 3u : wide ? 2u : 1u))
        return "it has too many accesses";
    return NULL;
}

/* Whether an instruction may stand in an operation. */
static bool belongs(const struct operation_row *row, const struct known_instruction *instruction) {
    const unsigned around = 1u << CLASS_BARRIER | 1u << CLASS_NOTHING | 1u << CLASS_COMPUTE |
                            1u << CLASS_TEST | 1u << CLASS_BRANCH | 1u << CLASS_PREFETCH;
    return ((row->classes | around) >> instruction->class & 1) != 0;
}

/* `text` to `end` as words into out; of no row, those of any operation. */
static void read_words(const struct reader *reader, const struct operation_row *row,
                       const char *text, const char *end, char out[MAX_SEQUENCE]) {
    const char *start = text;
    struct shape shape = {0};
    size_t used = 0;
    for (*out = '\0'; text < end;) {
        const char *stop = memchr(text, ';', (size_t)(end - text)), *operands = text;
        if (stop == NULL)
            stop = end;
        while (text < stop && isspace((unsigned char)*text))
            text++;
        const char *last = stop;
        while (last > text && isspace((unsigned char)last[-1]))
            last--;
        if (last == text)
            wrong(reader, text, "an instruction is missing");
        const struct known_instruction *found = recognise(reader, text, last, &operands);
        if (operands < last && !same_but_blanks(operands, last, instruction_operands(found)))
            wrong(reader, operands, "%s is written `%s %s'", found->word, found->word,
                  instruction_operands(found));
        if (row && !belongs(row, found))
            wrong(reader, text, "%s cannot stand in %s", found->word, row->key);
        count_word(&shape, found);
        used += (size_t)snprintf(out + used, MAX_SEQUENCE - used, "%s%s", used ? "; " : "",
                                 found->word);
        if (used >= MAX_SEQUENCE)
            wrong(reader, start, "more than %d characters", MAX_SEQUENCE - 1);
        text = stop + 1;
    }
    const char *why = row ? misshapen(row, &shape, out) : NULL;
    if (why)
        wrong(reader, start, "%s: %s", row->key, why);
}

/* The loop around exclusives may be left out: "LDAXR; STLXR". */
static void complete_loop(const char *key, char words[MAX_SEQUENCE]) {
    char copy[MAX_SEQUENCE], word[MAX_WORD];
    bool pair = strstr(words, "XP") != NULL;
    if ((strstr(words, "XR") == NULL && !pair) || strstr(words, "CBNZ") != NULL)
        return;
    memcpy(copy, words, MAX_SEQUENCE);
    size_t used = 0;
    for (const char *rest = copy; (rest = mapping_next_word(rest, word)) != NULL && used < 200;) {
        bool store = strncmp(word, "ST", 2) == 0, load = strncmp(word, "LD", 2) == 0;
        const char *after = store                                                         ? "; CBNZ"
                            : load && text_same(key, "fetch_add") && !strstr(copy, "ADD") ? "; ADD"
                            : load && strncmp(key, "compare", 7) == 0 && !strstr(copy, "CMP")
                                ? (pair ? "; CMP; CCMP; B.NE" : "; CMP; B.NE")
                                : "";
        used += (size_t)snprintf(words + used, MAX_SEQUENCE - used, "%s%s%s", used ? "; " : "",
                                 word, after);
    }
}

void mapping_words(const char *path, enum isa isa, const char *text, char out[MAX_SEQUENCE]) {
    struct mapping mapping = {.isa = isa};
    const struct reader reader = {.path = path, .line = 1, .line_start = text, .mapping = &mapping};
    const char *end = text + strlen(text);
    read_words(&reader, NULL, text, end, out);
    if (*out == '\0')
        wrong(&reader, text, "there is no instruction");
}

bool mapping_fits(enum isa isa, size_t row, char words[MAX_SEQUENCE]) {
    struct shape shape = {0};
    char word[MAX_WORD];
    for (const char *rest = words; (rest = mapping_next_word(rest, word)) != NULL;) {
        const struct known_instruction *found = instruction_named(isa, word);
        if (!belongs(&operation_rows[row], found))
            return false;
        count_word(&shape, found);
    }
    if (misshapen(&operation_rows[row], &shape, words))
        return false;
    complete_loop(operation_rows[row].key, words);
    return true;
}

static void read_attribute(struct reader *reader, int attribute, const char *at, const char *end) {
    char value[MAX_SEQUENCE];
    struct mapping *mapping = reader->mapping;
    if (end == at || (size_t)(end - at) >= sizeof value)
        wrong(reader, at, "a value of 1 to %zu characters", sizeof value - 1);
    snprintf(value, sizeof value, "%.*s", (int)(end - at), at);
    switch (attribute) {
    case 0:
        if (text_same(value, "aarch64"))
            mapping->isa = ISA_AARCH64;
        else if (text_same(value, "x86-64") || text_same(value, "x86_64"))
            mapping->isa = ISA_X86_64;
        else
            wrong(reader, at, "isa is aarch64 or x86-64");
        if (reader->seen & ((1u << OPERATION_ROWS) - 1))
            wrong(reader, at, "isa stands before the sequences");
        break;
    case 1:
        for (const char *p = value; *p; p++)
            if (!isalnum((unsigned char)*p) && !strchr("-_.+", *p))
                wrong(reader, at + (p - value), "a name has letters, digits and -_.+");
        mapping->name = mapping_keep(mapping, value);
        break;
    default:
        if (!text_same(value, "all") && !text_same(value, "sync"))
            wrong(reader, at, "coverage is all or sync");
        mapping->coverage = *value == 's' ? COVERAGE_SYNC : COVERAGE_ALL;
    }
}

static void read_line(struct reader *reader, const char *end) {
    static const char *const attributes[] = {"isa", "name", "coverage"};
    const char *names[OPERATION_ROWS + 3], *at = reader->line_start;
    char key[MAX_KEY] = "", words[MAX_SEQUENCE];
    const char *comment = memchr(at, '#', (size_t)(end - at));
    if (comment)
        end = comment;
    while (end > at && isspace((unsigned char)end[-1]))
        end--;
    while (at < end && isspace((unsigned char)*at))
        at++;
    if (at == end)
        return;
    const char *equal = memchr(at, '=', (size_t)(end - at)), *key_end = equal;
    if (equal == NULL)
        wrong(reader, at, "a line is `key = SEQUENCE'");
    while (key_end > at && isspace((unsigned char)key_end[-1]))
        key_end--;
    snprintf(key, sizeof key, "%.*s", (int)(key_end - at), at);
    size_t row = 0;
    for (; row < OPERATION_ROWS + 3; row++) {
        names[row] =
            row < OPERATION_ROWS ? operation_rows[row].key : attributes[row - OPERATION_ROWS];
        if (text_same(names[row], key))
            break;
    }
    if (row == OPERATION_ROWS + 3)
        wrong(reader, at, "unknown key `%s'; nearest: `%s'", key, text_nearest(key, names, row));
    if (reader->seen >> row & 1)
        wrong(reader, at, "%s is there twice", key);
    const char *value = equal + 1;
    while (value < end && isspace((unsigned char)*value))
        value++;
    if (row >= OPERATION_ROWS) {
        read_attribute(reader, (int)(row - OPERATION_ROWS), value, end);
    } else {
        if (value == end)
            wrong(reader, value, "%s is empty; what needs no instruction is NOP", key);
        read_words(reader, &operation_rows[row], value, end, words);
        complete_loop(key, words);
        *mapping_place(reader->mapping, row) = mapping_keep(reader->mapping, words);
    }
    reader->seen |= 1u << row;
}

/* "fex" of "a/fex.map" */
static void name_of_path(struct mapping *mapping, const char *path) {
    char name[64];
    const char *slash = strrchr(path, '/');
    snprintf(name, sizeof name, "%s", slash ? slash + 1 : path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = '\0';
    for (char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("-_.+", *p))
            *p = '-';
    mapping->name = mapping_keep(mapping, *name ? name : "mapping");
}

struct mapping *mapping_parse(const char *path, const char *text) {
    struct mapping *mapping = allocate(1, sizeof *mapping);
    struct reader reader = {.path = path, .line = 1, .line_start = text, .mapping = mapping};
    *mapping = (struct mapping){.used_by = "", .isa = ISA_AARCH64, .coverage = COVERAGE_ALL};
    mapping->text = allocate(2 * OPERATION_ROWS + 4, 3 * MAX_SEQUENCE);
    for (const char *end; *reader.line_start; reader.line++) {
        end = strchrnul(reader.line_start, '\n');
        read_line(&reader, end);
        reader.line_start = *end ? end + 1 : end;
    }
    for (size_t row = 0; row < OPERATION_ROWS; row++)
        if (operation_rows[row].required && !(reader.seen >> row & 1))
            wrong(&reader, reader.line_start, "%s is left out", operation_rows[row].key);
    if (mapping->name == NULL)
        name_of_path(mapping, path);
    mapping->left_out = ~reader.seen & ((1u << OPERATION_ROWS) - 1);
    mapping_fill_in(mapping);
    if (mapping->coverage == COVERAGE_SYNC)
        mapping->data = mapping_named("native", mapping->isa)->data;
    mapping_sum_needs(mapping);
    return mapping;
}

char *mapping_text(const char *path) {
    char *text = allocate(1, MAX_FILE);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        die(EXIT_USAGE, "%s: %s", path, strerror(errno));
    size_t length = fread(text, 1, MAX_FILE, file);
    bool failed = ferror(file);
    fclose(file);
    if (failed)
        die(EXIT_USAGE, "%s: cannot be read", path);
    if (length == MAX_FILE)
        die(EXIT_USAGE, "%s: larger than %d bytes, which no mapping is", path, MAX_FILE - 1);
    text[length] = '\0';
    if (memchr(text, '\0', length))
        die(EXIT_USAGE, "%s: not text: it contains a zero byte", path);
    return text;
}

struct mapping *mapping_read(const char *path) {
    char *text = mapping_text(path);
    struct mapping *mapping = mapping_parse(path, text);
    free(text);
    return mapping;
}

void mapping_free(struct mapping *mapping) {
    free(mapping->text);
    free(mapping);
}

void mapping_print(const struct mapping *mapping, FILE *out) {
    fprintf(out, "name = %s\nisa = %s\ncoverage = %s\n", mapping->name, isa_name(mapping->isa),
            mapping->coverage == COVERAGE_SYNC ? "sync" : "all");
    for (size_t row = 0; row < OPERATION_ROWS; row++) {
        const char *sequence = mapping_sequence(mapping, row);
        if (sequence && !(mapping->left_out >> row & 1))
            fprintf(out, "%s = %s\n", operation_rows[row].key, sequence);
    }
}
