/* SPDX-License-Identifier: MIT */
#include "base/visible.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

static bool is_printable(uint32_t c) {
    return c >= 0xa0 && !(c >= 0xd800 && c <= 0xdfff)      /* surrogates */
           && !(c >= 0x200e && c <= 0x200f)                /* marks of direction */
           && !(c >= 0x2028 && c <= 0x202e)                /* ends of lines, directions */
           && !(c >= 0x2066 && c <= 0x2069) && c != 0xfeff /* directions, byte order mark */
           && (c & 0xfffe) != 0xfffe && c <= 0x10ffff;     /* no characters */
}

size_t visible_length(const char *text) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *byte = (const unsigned char *)text;
    if (*byte < 0x80)
        return *byte >= ' ' && *byte < 0x7f;
    size_t length = *byte >= 0xf0 ? 4 : *byte >= 0xe0 ? 3 : 2;
    uint32_t c = *byte & (0xffU >> (length + 1));
    if (*byte < 0xc0 || *byte >= 0xf8)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (byte[i] & 0x3f);
    }
    return c >= least[length] && is_printable(c) ? length : 0;
}

void visible_print(const char *text, FILE *out) {
    while (*text) {
        size_t length = visible_length(text);
        if (length)
            fwrite(text, 1, length, out);
        else
            fprintf(out, "\\x%02x", (unsigned char)*text);
        text += length ? length : 1;
    }
}

void visible_vprintf(const char *format, va_list args) {
    char *text;
    size_t length = strlen(format);
    bool has_end = length && format[length - 1] == '\n';
    if (vasprintf(&text, format, args) < 0)
        die(EXIT_FAILED, "out of memory");
    if (has_end)
        text[strlen(text) - 1] = 0;
    visible_print(text, stdout);
    if (has_end)
        putchar('\n');
    free(text);
}

void visible_printf(const char *format, ...) {
    va_list args;
    va_start(args, format);
    visible_vprintf(format, args);
    va_end(args);
}

char *visible_text(const char *text) {
    char *shown = NULL;
    size_t size;
    FILE *out = open_memstream(&shown, &size);
    if (out)
        visible_print(text, out);
    if (out == NULL || fclose(out))
        die(EXIT_FAILED, "out of memory");
    return shown;
}
