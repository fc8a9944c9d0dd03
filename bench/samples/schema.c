/* SPDX-License-Identifier: MIT */
#include "samples/schema.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"

/* The place of what is looked at, from the inside out: it is put together only where something is
 * wrong. */
struct place {
    const struct place *outer;
    const char *key;
    size_t item; /* of a list, if key is NULL */
};

struct walk {
    const struct schema_rules *rules;
    char *why;
    size_t size;
};

static size_t print_place(const struct place *place, char *text, size_t size) {
    size_t used = place->outer ? print_place(place->outer, text, size) : 0;
    char part[96];
    if (place->outer == NULL)
        return 0;
    if (place->key)
        snprintf(part, sizeof part, "%.64s: ", place->key);
    else
        snprintf(part, sizeof part, "item %zu: ", place->item);
    int more = snprintf(text + used, size - used, "%s", part);
    return used + (size_t)more < size ? used + (size_t)more : size - 1;
}

static bool wrong(const struct walk *walk, const struct place *place, const char *key,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

static bool wrong(const struct walk *walk, const struct place *place, const char *key,
                  const char *format, ...) {
    va_list args;
    size_t used = print_place(place, walk->why, walk->size);
    const char *shown = key && schema_text(key, 64) ? "a key" : key;
    used += (size_t)snprintf(walk->why + used, walk->size - used, shown ? "`%s' " : "%s",
                             shown ? shown : "");
    va_start(args, format);
    if (used < walk->size)
        vsnprintf(walk->why + used, walk->size - used, format, args);
    va_end(args);
    return false;
}

/* ---- texts ---- */

const char *schema_text(const char *text, size_t most) {
    if (strlen(text) > most)
        return "is too long";
    for (size_t bytes; *text; text += bytes)
        if ((bytes = visible_length(text)) == 0)
            return "holds a control character";
    return NULL;
}

bool schema_word(const char *text) {
    size_t length = strlen(text);
    for (const char *at = text; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("._+:-", *at))
            return false;
    return length > 0 && length <= 64;
}

bool schema_symbol(const char *text) {
    for (const char *at = text; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("._$@-", *at))
            return false;
    return *text != 0;
}

bool schema_seed(const char *text) {
    size_t digits = strncmp(text, "0x", 2) == 0 ? strspn(text + 2, "0123456789abcdef") : 0;
    return digits >= 1 && digits <= 16 && text[2 + digits] == 0;
}

bool schema_time(const char *text) {
    static const char form[] = "0000-00-00T00:00:00Z";
    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    int month = atoi(text + 5), day = atoi(text + 8), hour = atoi(text + 11);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && text[14] < '6' &&
           text[17] <= '6';
}

/* Numbers below 65536 with the separators between them. */
static bool is_numbers(const char *text, const char *separators) {
    do {
        char *end;
        if (!isdigit((unsigned char)*text) || strtoul(text, &end, 10) > 65535)
            return false;
        if (*end == 0)
            return true;
        text = strchr(separators, *end) ? end + 1 : "";
    } while (true);
}

bool schema_cpus(const char *text) {
    return is_numbers(text, "-,");
}

bool schema_placement(const char *text) {
    return is_numbers(text, "+");
}

static bool is_word_of(const char *text, const char *words) {
    size_t length = strlen(text);
    for (const char *at = words; length && (at = strstr(at, text)); at++)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == 0))
            return strchr(text, ' ') == NULL;
    return false;
}

static bool text_fits(const struct walk *walk, const struct place *place, const struct schema *row,
                      const char *text) {
    const char *why = schema_text(text, row->most);
    if (why)
        return wrong(walk, place, row->key, "%s", why);
    if (row->words && !is_word_of(text, row->words))
        return wrong(walk, place, row->key, "is `%.80s': none of: %s", text, row->words);
    if (row->fits && !row->fits(text))
        return wrong(walk, place, row->key, "is `%.80s': no %s", text, row->what);
    why = walk->rules->refuse ? walk->rules->refuse(text) : NULL;
    return why == NULL || wrong(walk, place, row->key, "holds %s", why);
}

/* ---- numbers ---- */

static bool number_fits(const struct walk *walk, const struct place *place,
                        const struct schema *row, double value) {
    if (value >= row->low && value <= row->high)
        return true;
    return wrong(walk, place, row->key, "is %g: not from %g to %g", value, row->low, row->high);
}

/* ---- values ---- */

static bool value_fits(const struct walk *walk, const struct place *place, const struct schema *row,
                       const json_t *value);

static bool is_of_kind(const json_t *value, enum schema_kind kind) {
    switch (kind) {
    case SCHEMA_TEXT:
        return json_is_string(value);
    case SCHEMA_WHOLE:
        return json_is_integer(value);
    case SCHEMA_NUMBER:
        return json_is_number(value);
    case SCHEMA_TRUTH:
        return json_is_boolean(value);
    case SCHEMA_LIST:
        return json_is_array(value);
    case SCHEMA_OBJECT:
        return json_is_object(value);
    case SCHEMA_ANY:
        return true;
    default:
        return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
    }
}

static bool count_fits(const struct walk *walk, const struct place *place, const struct schema *row,
                       size_t count) {
    if ((double)count >= row->low && (double)count <= row->high)
        return true;
    return wrong(walk, place, row->key, "has %zu items: not %g to %g", count, row->low, row->high);
}

static bool list_fits(const struct walk *walk, const struct place *place, const struct schema *row,
                      const json_t *list) {
    size_t i;
    json_t *value;
    if (!count_fits(walk, place, row, json_array_size(list)))
        return false;
    struct place inner = {place, row->key, 0}, item = {row->key ? &inner : place, NULL, 0};
    json_array_foreach((json_t *)list, i, value) {
        item.item = i;
        if (!value_fits(walk, &item, row->inside, value))
            return false;
    }
    return true;
}

/* A list of whole numbers and nulls that was taken out of the text. */
static bool arrays_fit(const struct walk *walk, const struct place *place, const struct schema *row,
                       const double *values, size_t count) {
    const struct schema *each = row->inside;
    bool numeric = each->kind == SCHEMA_WHOLE || each->kind == SCHEMA_NUMBER;
    struct place inner = {place, row->key, 0}, item = {row->key ? &inner : place, NULL, 0};
    if (!count_fits(walk, place, row, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        item.item = i;
        if (isnan(values[i]) ? !each->nullable : !numeric)
            return wrong(walk, &item, NULL, "is of the wrong type");
        if (!isnan(values[i]) && !number_fits(walk, &item, each, values[i]))
            return false;
    }
    return true;
}

static const struct schema *find_row(const struct schema *rows, const char *key) {
    for (; rows->key && strcmp(rows->key, "*") != 0; rows++)
        if (strcmp(rows->key, key) == 0)
            return rows;
    return rows->key ? rows : NULL;
}

static bool object_fits(const struct walk *walk, const struct place *place,
                        const struct schema *rows, const json_t *object) {
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return wrong(walk, place, NULL, "is no object");
    json_object_foreach((json_t *)object, key, value) {
        const struct schema *row = find_row(rows, key);
        if (row == NULL || schema_text(key, BOUND_KEY))
            return wrong(walk, place, NULL, "foreign key `%.64s'",
                         schema_text(key, BOUND_KEY) ? "?" : key);
        struct schema named = *row;
        named.key = key;
        if (!value_fits(walk, place, &named, value))
            return false;
    }
    for (; rows->key && !walk->rules->partial; rows++)
        if (!rows->optional && strcmp(rows->key, "*") != 0 && !json_object_get(object, rows->key))
            return wrong(walk, place, NULL, "no `%s'", rows->key);
    return true;
}

/* Items and keys of what may be anything are anything, too. */
static bool any_fits(const struct walk *walk, const struct place *place, const struct schema *row,
                     const json_t *value) {
    const struct schema rows[] = {{"*", SCHEMA_ANY, .most = row->most}, {NULL}};
    struct place inner = {place, row->key, 0};
    if (json_is_array(value)) {
        const struct schema each = {NULL, SCHEMA_ANY, .most = row->most};
        const struct schema list = {row->key, LIST(0, BOUND_LINES, &each)};
        return list_fits(walk, place, &list, value);
    }
    return !json_is_object(value) || object_fits(walk, row->key ? &inner : place, rows, value);
}

static bool value_fits(const struct walk *walk, const struct place *place, const struct schema *row,
                       const json_t *value) {
    size_t count;
    const double *values = row->kind == SCHEMA_LIST && walk->rules->arrays
                               ? arrays_of(walk->rules->arrays, value, &count)
                               : NULL;
    if (values)
        return arrays_fit(walk, place, row, values, count);
    if (json_is_null(value) && row->nullable)
        return true;
    if (!is_of_kind(value, row->kind))
        return wrong(walk, place, row->key, "is of the wrong type");
    if (json_is_string(value))
        return text_fits(walk, place, row, json_string_value(value));
    if (row->kind == SCHEMA_WHOLE || row->kind == SCHEMA_NUMBER)
        return number_fits(walk, place, row, json_number_value(value));
    if (row->kind == SCHEMA_LIST)
        return list_fits(walk, place, row, value);
    if (row->kind == SCHEMA_ANY)
        return any_fits(walk, place, row, value);
    struct place inner = {place, row->key, place->item};
    return row->kind != SCHEMA_OBJECT ||
           object_fits(walk, row->key ? &inner : place, row->inside, value);
}

bool schema_fits(const json_t *object, const struct schema *rows, const struct schema_rules *rules,
                 char *why, size_t size) {
    struct walk walk = {rules, why, size};
    struct place top = {NULL, NULL, 0};
    return object_fits(&walk, &top, rows, object);
}
