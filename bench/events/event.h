/* SPDX-License-Identifier: MIT
 *
 * event.h: what a single event costs: a system call, a signal, a new process. Events are no
 * kernels: most of their time is the operating system's, and they have no lowering. But they are
 * measured by the same rules: fresh processes, rounds in random order, medians, intervals over
 * the processes (stats.h).
 */
#ifndef EVENT_H
#define EVENT_H

#include <jansson.h>
#include <stdbool.h>

struct event {
    const char *name; /* of one operation */
    const char *what; /* one line for help and output */
    /* In each process, before its first sample: NULL, or why it cannot be measured here. */
    const char *(*open)(void);
    void (*prepare)(void); /* before each sample, untimed; or NULL */
    /* The timed code: so many operations. NULL, or what went wrong. */
    const char *(*run)(unsigned ops);
    void (*close)(void); /* after the last sample, or NULL */
    unsigned ops;        /* of a sample; 0: as many as take 0.1 ms */
};

enum { EVENT_MAX = 16, EVENT_BLOCKS = 8, EVENT_ROUNDS = 25 };

/* Measures them all, on one CPU: [{"event":, "what":, "ns": [value, low, high], "blocks":,
 * "rounds":} or {..., "skipped": reason}]. At most EVENT_MAX. The caller owns it. */
json_t *event_measure(const struct event *events, unsigned count);

/* Whether any of them was measured; if not, why the last one was not. */
bool event_measured(const json_t *results, char *why, size_t size);

/* The same as a table on standard output. */
void event_print(const json_t *results);

/* Prints {"source":, "machine":, "events": results, <key>: more} on one object; more may be NULL.
 * Takes both over. */
void event_print_json(json_t *results, const char *key, json_t *more);

#endif
