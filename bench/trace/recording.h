/* SPDX-License-Identifier: MIT
 *
 * recording.h: a program's run under the recorder, and how windows of a trace are made of it.
 */
#ifndef RECORDING_H
#define RECORDING_H

#include <stdint.h>

#include "trace/recorder/raw.h"
#include "trace/trace.h"

/* Where to look. */
struct recording_plan {
    const char *const *command;      /* of the program, NULL-terminated; [0] is a path or a name */
    const char *const *environment;  /* all that it gets, NULL-terminated */
    const char *path;                /* of the program's file: recording_find() */
    uint64_t first, stride, windows; /* they begin after first, first + stride, ... */
    uint64_t length, instructions;   /* accesses or instructions of a thread that end a window */
    bool totals;                     /* count the whole run, and keep no window */
};

struct recorded_stream {
    uint64_t instructions;
    size_t count;
    const struct raw_access *records;
};

struct recorded_window {
    uint64_t begin;
    size_t stream_count;
    struct recorded_stream *streams;
};

struct recording {
    struct raw_totals totals;
    size_t window_count;
    struct recorded_window *windows;
    void *bytes; /* in which the records lie */
};

/* What recording needs and this machine lacks: why it cannot be, and what would let it. Both are
 * NULL where nothing is lacking. */
struct recording_lack {
    const char *why, *how;
};
struct recording_lack recording_lack(void);

/* The file that a shell would run for this name; the caller frees it. Dies unless it is an x86-64
 * program and nothing is lacking to record it. */
char *recording_find(const char *program);

/* Runs the program to its end. Its input is empty, its output is thrown away; what it writes to
 * stderr is shown if it fails, which is worth a warning. Dies if it, or the recorder, breaks off.
 */
struct recording recording_run(const struct recording_plan *plan);
void recording_free(struct recording *recording);

/* Addresses become offsets: pages that are neighbours stay neighbours, all others move together, in
 * the order in which they were first touched. The caller frees it by way of trace_free(). */
struct trace_window recording_window(const struct recorded_window *window);

/* Which windows to keep so that all are stood for: their indices go to kept, in the order of the
 * run, and the number of windows that each stands for to stands_for. The windows are clustered by
 * their mix of instructions, and of each cluster the medoid is kept. The idea is that of Sherwood,
 * Perelman, Hamerly and Calder, "Automatically characterizing large scale program behavior"
 * (SimPoint), ASPLOS 2002; the method is that of Park and Jun, "A simple and fast algorithm for
 * K-medoids clustering", Expert Systems with Applications 36, 2009, begun as in Kaufman and
 * Rousseeuw's PAM ("Finding groups in data", 1990). Returns how many are kept: at most most, fewer
 * if there are not so many that differ. */
size_t recording_phases(const struct recording *recording, size_t most, size_t *kept,
                        size_t *stands_for);

/* Debian packages of the program and of the libraries it is linked with, each with its version;
 * "unknown" elsewhere. The caller frees it. */
char *recording_packages(const char *path);

/* Of the recorder and QEMU: what a trace's bytes depend on beside the program. The caller frees
 * it. */
char *recording_versions(void);

#endif
