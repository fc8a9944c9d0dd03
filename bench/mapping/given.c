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
        die(EXIT_USAGE, "more than %d mappings or sequences: take fewer at a time", MAX_GIVEN);
    return &all[count++];
}

static bool is_taken(const struct mapping *mapping) {
    bool taken = mapping_named(mapping->name, mapping->isa) != NULL;
    for (size_t i = 0; i < count; i++)
        taken |= text_same(all[i].mapping->name, mapping->name);
    return taken;
}

void given_parse(const char *path, const char *text) {
    struct mapping *mapping = mapping_parse(path, text);
    if (is_taken(mapping))
        die(EXIT_USAGE, "%s: the name %s is taken: give it another, by a line `name = ...'", path,
            mapping->name);
    struct given *given = add();
    *given = (struct given){mapping, copied(path), copied(text), 0};
}

void given_read(const char *path) {
    char *text = mapping_text(path);
    const char *slash = strrchr(path, '/');
    if (strlen(text) > MAX_GIVEN_TEXT)
        die(EXIT_USAGE, "%s: larger than %d bytes, which a run cannot keep", path, MAX_GIVEN_TEXT);
    for (char *c = text; *c; c++)
        *c = *c != '\n' && iscntrl((unsigned char)*c) ? ' ' : *c;
    given_parse(path, text);
    /* What is kept with a run has no path of this machine. */
    free(all[count - 1].path);
    all[count - 1].path = copied(slash ? slash + 1 : path);
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

void given_must_run(void) {
    for (size_t i = 0; i < count; i++)
        if (all[i].mapping->isa != isa_here())
            die(EXIT_USAGE, "%s: a mapping of %s cannot run on %s", all[i].path,
                isa_name(all[i].mapping->isa), isa_name(isa_here()));
}

void given_beside(bool beside) {
    with_compiled = beside;
}

bool given_alone(void) {
    return given_tried() && !with_compiled;
}

/* Samples hold no control characters: a text is kept by its lines. */
static json_t *lines_of(const char *text) {
    json_t *lines = json_array();
    for (const char *end; *text; text = *end ? end + 1 : end) {
        end = strchrnul(text, '\n');
        json_array_append_new(lines, json_stringn(text, (size_t)(end - text)));
    }
    return lines;
}

static char *text_of(const json_t *lines) {
    size_t i, size = 1;
    json_t *line;
    json_array_foreach(lines, i, line) {
        size += json_string_length(line) + 1;
    }
    char *text = allocate(size, 1), *to = text;
    json_array_foreach(lines, i, line) {
        to = stpcpy(stpcpy(to, json_string_value(line)), "\n");
    }
    return text;
}

json_t *given_json(void) {
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct given *one = &all[i];
        if (one->text)
            json_array_append_new(
                array, json_pack("{s:s, s:o}", "path", one->path, "lines", lines_of(one->text)));
        else
            json_array_append_new(array, json_pack("{s:b, s:i, s:s}", "beside", with_compiled,
                                                   "row", (int)one->row, "words",
                                                   mapping_sequence(one->mapping, one->row)));
    }
    return array;
}

static bool is_here(const char *text) {
    for (size_t i = 0; i < count; i++)
        if (all[i].text && text_same(all[i].text, text))
            return true;
    return false;
}

void given_join(const json_t *array) {
    size_t i;
    json_t *one;
    json_array_foreach(array, i, one) {
        const char *path = json_string_value(json_object_get(one, "path"));
        char *text = text_of(json_object_get(one, "lines"));
        struct mapping *mapping = is_here(text) ? NULL : mapping_parse(path, text);
        if (mapping && (count == MAX_GIVEN || is_taken(mapping))) {
            warn("%s: the mapping %s is left out: %s", path, mapping->name,
                 count == MAX_GIVEN ? "there are too many" : "another one has its name");
            mapping_free(mapping);
        } else if (mapping)
            *add() = (struct given){mapping, copied(path), copied(text), 0};
        free(text);
    }
}

void given_take(const json_t *array) {
    size_t i;
    json_t *one;
    if (count) /* a fork of the process that has them */
        return;
    json_array_foreach(array, i, one) {
        const json_t *lines = json_object_get(one, "lines");
        if (lines) {
            char *text = text_of(lines);
            given_parse(json_string_value(json_object_get(one, "path")), text);
            free(text);
        } else {
            with_compiled = json_is_true(json_object_get(one, "beside"));
            given_try((size_t)json_integer_value(json_object_get(one, "row")),
                      json_string_value(json_object_get(one, "words")));
        }
    }
}
