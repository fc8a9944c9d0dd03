/* SPDX-License-Identifier: MIT */
#include "samples/document.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "samples/bounds.h"
#include "samples/textfile.h"

enum { MOST_COLUMNS = 32 };

static bool open_file(struct textfile *file, const char *directory, const char *name, char *why,
                      size_t size) {
    if (textfile_open(file, directory, name))
        return true;
    snprintf(why, size, "%s%s%s", errno == ENOENT ? "" : name, errno == ENOENT ? "" : ": ",
             errno == ENOENT ? "" : strerror(errno));
    return false;
}

/* ---- JSON ---- */

/* All lines of the file as one text; NULL as document_read. */
static char *read_text(const char *directory, const char *name, size_t *length, char *why,
                       size_t size) {
    struct textfile file;
    char *text = NULL;
    FILE *memory = open_memstream(&text, length);
    bool opened = open_file(&file, directory, name, why, size);
    while (opened && textfile_next(&file))
        fwrite(file.line, 1, file.length, memory);
    if (memory == NULL || fclose(memory))
        die(EXIT_FAILED, "out of memory for %s", name);
    if (opened && *file.why)
        snprintf(why, size, "%s", file.why);
    bool fine = opened && *file.why == 0;
    textfile_close(&file);
    if (!fine)
        free(text);
    return fine ? text : NULL;
}

json_t *document_json(const char *directory, const char *name, char *why, size_t size) {
    size_t length, used = (size_t)snprintf(why, size, "%s:", name);
    char *text = read_text(directory, name, &length, why, size);
    json_t *json = text ? textfile_json(text, length, length, why + used, size - used) : NULL;
    free(text);
    return json;
}

json_t *document_read(const char *directory, const char *name, const struct schema_rules *rules,
                      char *why, size_t size) {
    json_t *json = document_json(directory, name, why, size);
    if (json == NULL)
        return NULL;
    size_t used = (size_t)snprintf(why, size, "%s: ", name);
    if (schema_fits(json, schema_of_file(name), rules, why + used, size - used))
        return json;
    json_decref(json);
    return NULL;
}

json_t *document_if_any(const char *directory, const char *name, const char *instead) {
    char why[512];
    json_t *json =
        document_read(directory, name, &(struct schema_rules){.partial = true}, why, sizeof why);
    if (json == NULL && instead && *why == 0)
        warn("%s/%s is missing; %s", directory, name, instead);
    else if (json == NULL && *why)
        warn("%s/%s; %s", directory, why, instead ? instead : "it is left out");
    return json;
}

static json_t *value_of(const json_t *list, const char *name) {
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) {
        const char *its = json_string_value(json_object_get(item, "name"));
        if (its && strcmp(its, name) == 0)
            return json_object_get(item, "value");
    }
    return NULL;
}

json_t *document_at(const json_t *document, const char *place) {
    char key[64];
    while (document && *place) {
        size_t length = strcspn(place, ".");
        snprintf(key, sizeof key, "%.*s", (int)length, place);
        document =
            json_is_array(document) ? value_of(document, key) : json_object_get(document, key);
        place += length + (place[length] == '.');
    }
    return (json_t *)document;
}

/* ---- tables ---- */

static size_t split(char *line, char **cells) {
    size_t count = 0;
    line[strcspn(line, "\r\n")] = 0;
    for (char *tab = line; tab && count < MOST_COLUMNS; line = tab + 1) {
        cells[count++] = line;
        tab = strchr(line, '\t');
        if (tab == NULL)
            break;
        *tab = 0;
    }
    return count;
}

static bool is_header(const struct schema *rows, char *const *cells, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (rows[i].key == NULL || strcmp(rows[i].key, cells[i]) != 0)
            return false;
    return rows[count].key == NULL;
}

/* A cell as the JSON value that it would be. */
static json_t *cell_value(const struct schema *row, const char *cell) {
    char *end;
    double number = strtod(cell, &end);
    bool numeric = *cell && *end == 0 && isfinite(number) && strpbrk(cell, "xXpP") == NULL;
    if (row->kind == SCHEMA_TEXT)
        return json_string(cell); /* NULL where it is no UTF-8 */
    if (!numeric)
        return *cell ? json_string(cell) : json_null();
    return row->kind == SCHEMA_WHOLE && number == floor(number) && fabs(number) < 1e18
               ? json_integer((json_int_t)number)
               : json_real(number);
}

static bool row_fits(const struct schema *rows, char *const *cells, size_t count,
                     const struct schema_rules *rules, char *why, size_t size) {
    size_t columns = 0;
    bool fine = true;
    json_t *object = json_object();
    for (; rows[columns].key; columns++)
        if (columns < count)
            fine &= json_object_set_new(object, rows[columns].key,
                                        cell_value(&rows[columns], cells[columns])) == 0;
    if (!fine)
        snprintf(why, size, "no UTF-8");
    else if (columns != count)
        snprintf(why, size, "%zu columns of %zu", count, columns);
    fine = fine && columns == count && schema_fits(object, rows, rules, why, size);
    json_decref(object);
    return fine;
}

bool document_table(const char *directory, const char *name, const struct schema_rules *rules,
                    const char *(*visit)(void *context, char *const *cells), void *context,
                    char *why, size_t size) {
    struct textfile file;
    char *cells[MOST_COLUMNS];
    const struct schema *rows = schema_of_file(name);
    if (!open_file(&file, directory, name, why, size))
        return false;
    bool fine = true;
    while (fine && textfile_next(&file)) {
        size_t used = (size_t)snprintf(why, size, "%s:%zu: ", name, file.number);
        const char *wrong = NULL;
        bool whole = file.line[file.length - 1] == '\n' && strlen(file.line) == file.length;
        size_t count = split(file.line, cells);
        if (!whole)
            wrong = "is cut short";
        else if (file.number == 1)
            wrong = is_header(rows, cells, count) ? NULL : "is not the heading of this table";
        else if (!row_fits(rows, cells, count, rules, why + used, size - used))
            fine = false;
        else if (visit)
            wrong = visit(context, cells);
        if (wrong)
            snprintf(why + used, size - used, "%s", wrong);
        fine = fine && wrong == NULL;
    }
    if (fine && *file.why)
        snprintf(why, size, "%s", file.why);
    else if (fine && file.number <= 2)
        snprintf(why, size, "%s:1: holds no row", name);
    fine = fine && *file.why == 0 && file.number > 2;
    textfile_close(&file);
    return fine;
}
