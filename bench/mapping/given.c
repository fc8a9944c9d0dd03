/* SPDX-License-Identifier: MIT */
#include "mapping/given.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"

static struct given {
    struct mapping *mapping;
    char *path, *text; /* of a file */
    size_t row;        /* of a single sequence */
} all[MAX_GIVEN];
static size_t count;
static bool with_compiled;

static char *copied(const char *text) {
    char *copy = strdup(text);
    if (copy == NULL)
        die(EXIT_FAILED, "out of memory for a mapping");
    return copy;
}

static struct given *add(void) {
    if (count == MAX_GIVEN)
        die(EXIT_USAGE, "more than %d mappings or sequences", MAX_GIVEN);
    return &all[count++];
}

void given_parse(const char *path, const char *text) {
    struct given *given = add();
    struct mapping *mapping = mapping_parse(path, text);
    if (mapping->isa != isa_here())
        die(EXIT_USAGE, "%s: a mapping of %s cannot run on %s", path, isa_name(mapping->isa),
            isa_name(isa_here()));
    bool taken = mapping_named(mapping->name, isa_here()) != NULL;
    for (size_t i = 0; i + 1 < count; i++)
        taken |= text_same(all[i].mapping->name, mapping->name);
    if (taken)
        die(EXIT_USAGE, "%s: the name %s is taken: give it another, by a line `name = ...'", path,
            mapping->name);
    *given = (struct given){mapping, copied(path), copied(text), 0};
}

void given_read(const char *path) {
    char *text = mapping_text(path);
    given_parse(path, text);
    free(text);
}

void given_try(size_t row, const char *words) {
    struct given *given = add();
    struct mapping *mapping = allocate(1, sizeof *mapping);
    char *name = allocate(strlen(words) + 1, 1), *to = name;
    for (const char *from = words; *from; from++) /* "; " is "+", and a blank "." */
        if (*from == ';' && from[1] == ' ') {
            *to++ = '+';
            from++;
        } else
            *to++ = *from == ' ' ? '.' : (char)tolower((unsigned char)*from);
    *mapping = (struct mapping){.name = name, .isa = isa_here()};
    *mapping_place(mapping, row) = copied(words);
    *given = (struct given){mapping, NULL, NULL, row};
}

size_t given_count(void) {
    return count;
}

const struct mapping *given_at(size_t which) {
    return all[which].mapping;
}

bool given_tried(void) {
    return count && all[0].text == NULL;
}

void given_beside(bool beside) {
    with_compiled = beside;
}

bool given_alone(void) {
    return given_tried() && !with_compiled;
}

json_t *given_json(void) {
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            array, all[i].text ? json_pack("{s:s, s:s}", "path", all[i].path, "text", all[i].text)
                               : json_pack("{s:i, s:s}", "row", (int)all[i].row, "words",
                                           mapping_sequence(all[i].mapping, all[i].row)));
    return array;
}

void given_take(const json_t *array) {
    size_t i;
    json_t *one;
    if (count) /* a fork of the process that has them */
        return;
    json_array_foreach(array, i, one) {
        const char *text = json_string_value(json_object_get(one, "text"));
        if (text)
            given_parse(json_string_value(json_object_get(one, "path")), text);
        else {
            with_compiled = json_is_true(json_object_get(one, "beside"));
            given_try((size_t)json_integer_value(json_object_get(one, "row")),
                      json_string_value(json_object_get(one, "words")));
        }
    }
}
