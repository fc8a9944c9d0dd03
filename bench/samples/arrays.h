/* SPDX-License-Identifier: MIT
 *
 * arrays.h: a line of samples is almost all arrays of whole numbers, and a general JSON reader
 * makes an object of each number. These arrays are taken out of the line before it is parsed; what
 * is left is small. Whatever is not plainly such an array is left to the JSON reader, and its
 * errors.
 */
#ifndef ARRAYS_H
#define ARRAYS_H

#include <jansson.h>
#include <stddef.h>

/* The arrays of one line, the first `count` of them valid; reused for the next. */
struct arrays {
    double *values; /* of all arrays, NAN for null */
    size_t *ends;   /* in values, of each array */
    size_t count, capacity, values_capacity;
};

/* Replaces each array in text by {"#": its number} and returns the new length. No text that is
 * read may hold the string "#" itself: 0, and nothing is to be made of the line. */
size_t arrays_take_out(struct arrays *arrays, char *text, size_t length);

/* The values of the array that stood where value now is, and their number; NULL: it is still an
 * array, or never was one. */
const double *arrays_of(const struct arrays *arrays, const json_t *value, size_t *count);

/* Frees the arrays of all lines; it may be used again. */
void arrays_free(struct arrays *arrays);

#endif
