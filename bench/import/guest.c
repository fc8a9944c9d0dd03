/* SPDX-License-Identifier: MIT */
#include "import/guest.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "samples/bounds.h"
#include "samples/document.h"
#include "samples/textfile.h"

const char *guest_text(const struct guest *guest, const json_t *line, const char *key) {
    const char *text = json_string_value(json_object_get(line, key));
    if (text == NULL)
        die(EXIT_USAGE, "%s: a line lacks `%s'; was the simulation cut short?", guest->folder, key);
    return text;
}

json_int_t guest_number(const struct guest *guest, const json_t *line, const char *key) {
    const json_t *value = json_object_get(line, key);
    if (!json_is_integer(value))
        die(EXIT_USAGE, "%s: a line lacks `%s'; was the simulation cut short?", guest->folder, key);
    return json_integer_value(value);
}

static json_t *read_lines(const struct guest *guest, const char *name) {
    char why[256];
    struct textfile file;
    json_t *lines = json_array();
    bool opened = textfile_open(&file, guest->folder, name);
    if (!opened && !guest->failed)
        die(EXIT_USAGE, "cannot read %s/%s: %s", guest->folder, name, strerror(errno));
    while (opened && textfile_next(&file)) {
        json_t *line = textfile_json(file.line, file.length, file.length, why, sizeof why);
        if (line == NULL && guest->failed)
            break;
        if (line == NULL || json_array_size(lines) == BOUND_LINES)
            die(EXIT_USAGE, "%s/%s:%zu: %s", guest->folder, name, file.number,
                line ? "too many lines" : why);
        json_array_append_new(lines, line);
    }
    if (opened && *file.why && !guest->failed)
        die(EXIT_USAGE, "%s/%s", guest->folder, file.why);
    textfile_close(&file);
    return lines;
}

static char *read_failure(const char *folder) {
    struct textfile file;
    if (!textfile_open(&file, folder, "failed"))
        return NULL;
    bool said = textfile_next(&file) && file.length < BOUND_TEXT;
    if (said)
        file.line[strcspn(file.line, "\n")] = 0;
    char *text = strdup(said && *file.line ? file.line : "no reason given");
    textfile_close(&file);
    return text;
}

/* The numbers of items are small and follow one another. */
static void sort_work(struct guest *guest, const json_t *counters) {
    size_t i;
    json_t *line;
    guest->work = json_array();
    json_array_foreach(counters, i, line) {
        json_int_t item = guest_number(guest, line, "work");
        if (item < 0 || item >= BOUND_LINES)
            die(EXIT_USAGE, "%s: wrong number of an item of work: %lld", guest->folder,
                (long long)item);
        while (json_array_size(guest->work) <= (size_t)item)
            json_array_append_new(guest->work, json_null());
        if (!json_is_null(json_array_get(guest->work, (size_t)item)))
            die(EXIT_USAGE, "%s: item of work %lld was counted twice", guest->folder,
                (long long)item);
        json_array_set(guest->work, (size_t)item, line);
    }
}

void guest_read(struct guest *guest, const char *folder) {
    char why[512];
    *guest = (struct guest){.folder = folder, .failed = read_failure(folder)};
    guest->machine = document_json(folder, "machine.json", why, sizeof why);
    if (guest->machine == NULL)
        die(EXIT_USAGE, "%s/%s", folder, *why ? why : "machine.json is not there");
    const char *model = guest_text(guest, guest->machine, "memory_model");
    if (!memmodel_parse(model, &guest->model) || guest->model == MEMMODEL_FIXED_TSO)
        die(EXIT_USAGE, "%s/machine.json: unknown memory model `%s'", guest->folder, model);
    guest->lines = read_lines(guest, "guest.jsonl");
    json_t *counters = read_lines(guest, "counters.jsonl");
    sort_work(guest, counters);
    json_decref(counters);
}

const json_t *guest_counts(const struct guest *guest, const json_t *item, const char *set) {
    const json_t *counts = json_array_get(guest->work, (size_t)json_integer_value(item));
    if (!json_is_integer(item) || !json_is_object(counts))
        die(EXIT_USAGE, "%s: the simulator counted nothing for item of work %lld of %s",
            guest->folder, (long long)json_integer_value(item), set);
    return counts;
}

void guest_free(struct guest *guest) {
    json_decref(guest->machine);
    json_decref(guest->lines);
    json_decref(guest->work);
    free(guest->failed);
}
