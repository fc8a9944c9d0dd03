/* SPDX-License-Identifier: MIT */
#include "samples/arrays.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

/* Shorter arrays are no work, and there is no room for what replaces them. */
enum { SHORTEST = 32, MOST_DIGITS = 15 };

static void *grow(void *array, size_t *capacity, size_t size) {
    *capacity = *capacity ? 2 * *capacity : 1024;
    array = realloc(array, *capacity * size);
    if (array == NULL)
        die(EXIT_FAILED, "out of memory");
    return array;
}

/* A whole number as JSON writes it, or null: where it ends, or NULL if it is neither. */
static const char *read_value(const char *at, const char *end, double *value) {
    const char *first = at;
    long long number = 0;
    if (end - at >= 4 && memcmp(at, "null", 4) == 0) {
        *value = NAN;
        return at + 4;
    }
    for (; at < end && *at >= '0' && *at <= '9'; at++) {
        if (at - first == MOST_DIGITS)
            return NULL;
        number = 10 * number + (*at - '0');
    }
    *value = (double)number;
    return at == first || (*first == '0' && at > first + 1) ? NULL : at;
}

/* Reads the array at '['; where it ends, or NULL if it is to stay. */
static const char *read_array(struct arrays *arrays, const char *at, const char *end) {
    size_t used = arrays->count ? arrays->ends[arrays->count - 1] : 0;
    const char *begin = at;
    do {
        at++;
        if (used == arrays->values_capacity)
            arrays->values = grow(arrays->values, &arrays->values_capacity, sizeof *arrays->values);
        at = read_value(at, end, &arrays->values[used++]);
    } while (at && at < end && *at == ',');
    if (at == NULL || at == end || *at != ']' || at + 1 - begin < SHORTEST)
        return NULL;
    if (arrays->count == arrays->capacity)
        arrays->ends = grow(arrays->ends, &arrays->capacity, sizeof *arrays->ends);
    arrays->ends[arrays->count++] = used;
    return at + 1;
}

/* The mark of an array, in both ways that JSON can write it. */
static bool is_mark(const char *string, size_t length) {
    static const char plain[] = "\"#\"", escaped[] = "\"\\u0023\"";
    return (length == sizeof plain - 1 && memcmp(string, plain, length) == 0) ||
           (length == sizeof escaped - 1 && memcmp(string, escaped, length) == 0);
}

size_t arrays_take_out(struct arrays *arrays, char *text, size_t length) {
    const char *from = text, *end = text + length;
    char *to = text;
    arrays->count = 0;
    while (from < end) {
        const char *after = NULL;
        if (*from == '"') { /* to the end of the string, as it is */
            const char *begin = from++;
            while (from < end && *from != '"')
                from += *from == '\\' && from + 1 < end ? 2 : 1;
            from += from < end;
            if (is_mark(begin, (size_t)(from - begin)))
                return 0;
            memmove(to, begin, (size_t)(from - begin));
            to += from - begin;
            continue;
        }
        if (*from == '[')
            after = read_array(arrays, from, end);
        if (after) {
            to += snprintf(to, SHORTEST, "{\"#\":%zu}", arrays->count - 1);
            from = after;
        } else {
            *to++ = *from++;
        }
    }
    return (size_t)(to - text);
}

const double *arrays_of(const struct arrays *arrays, const json_t *value, size_t *count) {
    const json_t *mark = json_object_get(value, "#");
    size_t number = (size_t)json_integer_value(mark);
    if (mark == NULL || number >= arrays->count)
        return NULL;
    size_t begin = number ? arrays->ends[number - 1] : 0;
    *count = arrays->ends[number] - begin;
    return arrays->values + begin;
}

void arrays_free(struct arrays *arrays) {
    free(arrays->values);
    free(arrays->ends);
    *arrays = (struct arrays){0};
}
