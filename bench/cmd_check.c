/* SPDX-License-Identifier: MIT
 *
 * cmd_check.c: `tsobench check': one verdict for a run that somebody sends.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "commands.h"
#include "die.h"
#include "options.h"

static const char help[] =
    "NAME\n"
    "    tsobench check - is a run whole, proven, quiet, and fit to be published?\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench check DIR...\n"
    "\n"
    "DESCRIPTION\n"
    "    Prints a line for each thing that is wrong with a run directory, or \"DIR: ok\":\n"
    "\n"
    "        files         machine.json, samples.jsonl.zst and summary.tsv are there, and nothing\n"
    "                      that does not belong to a run\n"
    "        checksum      the archive has one, and it is right (zstd compares it); summary.tsv,\n"
    "                      made again from the samples, is the same\n"
    "        schema        every line and document (matrix.json too, where it is there): known\n"
    "                      keys only, of the right types\n"
    "        completeness  an end line; all planned sets measured, skipped with a reason or "
    "failed;\n"
    "                      all blocks that the suite asks for; in each set A/A and twin\n"
    "        mode proof    a litmus battery for each memory model in each set, which did not\n"
    "                      disprove it\n"
    "        results       no wrong result under a sound lowering\n"
    "        noise         of measured runs: the baseline against itself reaches at most 2 % from "
    "1\n"
    "                      (median over sets of one thread); at most 20 % of its intervals miss\n"
    "                      1; at most 20 % of the samples are spoiled\n"
    "        privacy       no path, no user@host, not this machine's host name or user's name\n"
    "\n"
    "    Lines with \"note:\" are no problems: blocks that died, weak mode that showed nothing "
    "weak.\n"
    "\n"
    "OPTIONS\n"
    "    --help     this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 all are fine; 1 something is wrong; 2 wrong usage, or no such folder\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench check results/*/*\n";

static void print_line(const struct check *check, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void print_line(const struct check *check, const char *format, va_list args) {
    printf("%s: ", check->directory);
    vprintf(format, args);
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

static bool check_one(const char *directory) {
    struct check check = {.directory = directory, .planned_sets = -1};
    check_files(&check);
    check_machine(&check);
    check_matrix(&check);
    check_lines(&check);
    if (check.readable)
        check_run(&check);
    if (check.problems == 0)
        printf("%s: ok\n", directory);
    return check.problems == 0;
}

/* In a process of its own: damage that the schema does not see ends the reader. */
static bool check_apart(const char *directory) {
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        bool fine = check_one(directory);
        output_end();
        _exit(fine ? EXIT_DONE : EXIT_FAILED);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        die(EXIT_FAILED, "cannot start a process for %s", directory);
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE;
}

int cmd_check(int argc, char **argv) {
    static const struct option options[] = {{0}};
    struct stat info;
    bool fine = true;
    while (options_next(argc, argv, options, help) != -1)
        ;
    if (optind == argc)
        die(EXIT_USAGE, "check what? Name a run directory (see tsobench check --help)");
    for (int i = optind; i < argc; i++)
        if (stat(argv[i], &info) || !S_ISDIR(info.st_mode))
            die(EXIT_USAGE, "%s is no folder", argv[i]);
    for (int i = optind; i < argc; i++)
        fine &= check_apart(argv[i]);
    return fine ? EXIT_DONE : EXIT_FAILED;
}
