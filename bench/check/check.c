/* SPDX-License-Identifier: MIT */
#include "check/check.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/private.h"
#include "base/visible.h"

static void print_line(const struct check *check, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void print_line(const struct check *check, const char *format, va_list args) {
    visible_printf("%s: ", check->directory);
    visible_vprintf(format, args);
    putchar('\n');
}

void check_problem(struct check *check, const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_line(check, format, args);
    va_end(args);
    check->problems++;
}

void check_note(const struct check *check, const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_line(check, format, args);
    va_end(args);
}

bool check_directory(const char *directory) {
    char why[512];
    struct check check = {.directory = directory};
    json_t *machine = check_document(&check, "machine.json");
    if (machine == NULL && check.problems == 0)
        check_problem(&check, "no machine.json: what machine was it?");
    check.machine = machine;
    check_files(&check);
    struct samples *run = samples_open(directory, private_part, why, sizeof why);
    if (run == NULL)
        check_problem(&check, "%s", why);
    check_documents(&check, run);
    if (run)
        check_run(&check, run);
    if (check.problems == 0)
        visible_printf("%s: ok\n", directory);
    samples_free(run);
    json_decref(machine);
    return check.problems == 0;
}
