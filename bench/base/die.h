/* SPDX-License-Identifier: MIT
 *
 * die.h: the one error idiom. What goes wrong is said in one line on stderr and is the exit
 * status; nothing half valid is printed.
 */
#ifndef DIE_H
#define DIE_H

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,  /* something failed; what was measured is kept */
    EXIT_USAGE = 2,   /* the command line, the plan or the output folder is wrong */
    EXIT_MISSING = 3, /* a needed tool is not installed */
    EXIT_SIGNAL = 128 /* plus the signal's number */
};

/* Prints "tsobench: <text>" and exits with status. */
_Noreturn void die(enum exit_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What die() does last, or NULL: it does not exit(), so that nothing registered by atexit() runs.
 */
extern void (*die_at_last)(void);

/* Prints "tsobench: warning: <text>". */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Flushes standard output, or dies where it cannot be written: called before each end that is to
 * stand for success. */
void output_end(void);

/* malloc'ed, zeroed memory, or death; the caller frees it. */
void *allocate(unsigned long count, unsigned long size);

#endif
