/* SPDX-License-Identifier: MIT */
#include "die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void (*die_at_last)(void);

void die(enum exit_status status, const char *format, ...) {
    va_list args;
    fputs("tsobench: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    /* Not exit(): what a leak checker has to say of a program that gives up is of no interest,
     * and would replace the status. */
    fflush(NULL);
    if (die_at_last)
        die_at_last();
    _exit((int)status);
}

void warn(const char *format, ...) {
    va_list args;
    fputs("tsobench: warning: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
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
