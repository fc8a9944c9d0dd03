/* SPDX-License-Identifier: MIT */
#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/visible.h"

void (*die_at_last)(void);

/* A message is one line and moves no cursor, whatever names are in it. */
static void say(const char *kind, const char *format, va_list args) {
    char *text;
    fprintf(stderr, "tsobench: %s", kind);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    visible_print(text ? text : format, stderr);
    fputc('\n', stderr);
    free(text);
}

void die(enum exit_status status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say("", format, args);
    va_end(args);
    /* Not exit(): what a leak checker has to say of a program that gives up is of no interest,
     * and would replace the status. */
    fflush(NULL);
    if (die_at_last)
        die_at_last();
    _exit((int)status);
}

void warn(const char *format, ...) {
    va_list args;
    va_start(args, format);
    say("warning: ", format, args);
    va_end(args);
}

void output_end(void) {
    if (fflush(stdout) || ferror(stdout))
        die(EXIT_FAILED, "cannot write to standard output");
}

void *allocate(unsigned long count, unsigned long size) {
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (memory == NULL)
        die(EXIT_FAILED, "out of memory for %lu bytes", count * size);
    return memory;
}
