/* SPDX-License-Identifier: MIT */
#include "import/guest.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum { MOST_WORK = 1 << 24 };

const char *guest_text(const struct guest *guest, const json_t *line, const char *key) {
    const char *text = json_string_value(json_object_get(line, key));
    if (text == NULL)
        die(EXIT_USAGE, "%s: a line without `%s'", guest->folder, key);
    return text;
}

json_int_t guest_number(const struct guest *guest, const json_t *line, const char *key) {
    const json_t *value = json_object_get(line, key);
    if (!json_is_integer(value))
        die(EXIT_USAGE, "%s: a line without `%s'", guest->folder, key);
    return json_integer_value(value);
}

static json_t *read_lines(const struct guest *guest, const char *name) {
    char path[PATH_MAX], *text = NULL;
    size_t capacity = 0, number = 0;
    ssize_t length;
    json_error_t error;
    json_t *lines = json_array();
    snprintf(path, sizeof path, "%s/%s", guest->folder, name);
    FILE *file = fopen(path, "re");
    if (file == NULL && !guest->failed)
        die(EXIT_USAGE, "cannot read %s: %s", path, strerror(errno));
    while (file && (length = getline(&text, &capacity, file)) > 0) {
        json_t *line = json_loadb(text, (size_t)length, 0, &error);
        number++;
        if (line == NULL && guest->failed)
            break;
        if (line == NULL)
            die(EXIT_USAGE, "%s:%zu: %s", path, number, error.text);
        json_array_append_new(lines, line);
    }
    if (file)
        fclose(file);
    free(text);
    return lines;
}

static char *read_failure(const char *folder) {
    char path[PATH_MAX], *text = NULL;
    size_t capacity = 0;
    snprintf(path, sizeof path, "%s/failed", folder);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    if (getline(&text, &capacity, file) <= 0) {
        free(text);
        text = strdup("no reason given");
    }
    fclose(file);
    text[strcspn(text, "\n")] = 0;
    return text;
}

/* The numbers of items are small and follow one another. */
static void sort_work(struct guest *guest, const json_t *counters) {
    size_t i;
    json_t *line;
    guest->work = json_array();
    json_array_foreach(counters, i, line) {
        json_int_t item = guest_number(guest, line, "work");
        if (item < 0 || item >= MOST_WORK)
            die(EXIT_USAGE, "%s: an item of work numbered %lld", guest->folder, (long long)item);
        while (json_array_size(guest->work) <= (size_t)item)
            json_array_append_new(guest->work, json_null());
        if (!json_is_null(json_array_get(guest->work, (size_t)item)))
            die(EXIT_USAGE, "%s: item of work %lld was counted twice", guest->folder,
                (long long)item);
        json_array_set(guest->work, (size_t)item, line);
    }
}

void guest_read(struct guest *guest, const char *folder) {
    char path[PATH_MAX];
    json_error_t error;
    *guest = (struct guest){.folder = folder, .failed = read_failure(folder)};
    snprintf(path, sizeof path, "%s/machine.json", folder);
    guest->machine = json_load_file(path, 0, &error);
    if (guest->machine == NULL)
        die(EXIT_USAGE, "%s: %s", path, error.text);
    guest->model = guest_text(guest, guest->machine, "memory_model");
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
