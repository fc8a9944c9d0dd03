/* SPDX-License-Identifier: MIT
 *
 * rundir.h: the folder a run leaves behind, and what state it is in. Whatever stops a run, at
 * whatever moment, leaves one of these states, and in each there is a command that goes on:
 *
 *     state     samples.jsonl                  archive  goes on by
 *     new       absent, or no whole line       absent   run --out: begins as if nothing were there
 *     running   locked; begins with `begin`    any      its process; run and --resume are refused
 *     stopped   no lock; begins with `begin`   any      --resume: measures what is missing
 *     complete  no lock; ends with `end`       any      --resume: writes the archive again
 *     archived  absent                         there    --resume, where blocks are missing
 *
 * The archive is samples.jsonl.zst. Where both are there, samples.jsonl is what counts, and the
 * archive is made again from it. Transitions:
 *
 *     new -> running        machine.json is written, then the first line is appended
 *     stopped -> running    the lock is taken and a torn last line is cut off
 *     running -> complete   the end line is appended; there is no other line after it, ever
 *     complete -> archived  summary.tsv, benchmark.json and the archive are written, each as a part
 *                           that gets its name when it is on the disk; then samples.jsonl goes
 *     complete, archived -> running   for what failed: without its end line samples.jsonl is a
 *                           stopped run's; out of an archive it comes as a part, too
 *
 * The lock is the kernel's (flock) on samples.jsonl itself: it goes with its process, and no other
 * process appends to that file or renames it.
 */
#ifndef RUNDIR_H
#define RUNDIR_H

#include <jansson.h>
#include <stdbool.h>

struct rundir;

/* new -> running, but for the first line. Makes the folder with its parents. Dies with EXIT_USAGE
 * when it cannot be written or holds a run in another state. */
struct rundir *rundir_create(const char *path);

/* stopped -> running; a complete or archived run is opened, and stays what it is. Dies with
 * EXIT_USAGE where there is no run. */
struct rundir *rundir_resume(const char *path);

/* The directory, without slashes at its end; as long as the run directory is open. */
const char *rundir_path(const struct rundir *dir);

/* Calls visit for every line so far. */
void rundir_replay(const struct rundir *dir, void (*visit)(void *context, const json_t *line),
                   void *context);

/* Whether all there is is an archive. */
bool rundir_archived(const struct rundir *dir);

/* complete or archived -> running: takes the last line, its end line, off. Dies with EXIT_USAGE,
 * the run as it was, when that fails. */
void rundir_reopen(struct rundir *dir);

/* Appends one line and waits until it is on the disk. Dies, with the file cut back to its whole
 * lines, when it does not fit. */
void rundir_append(struct rundir *dir, json_t *line);
void rundir_append_text(struct rundir *dir, const char *line);

/* Writes name in the folder as one JSON document, its numbers with so many digits. Dies with
 * EXIT_USAGE when that fails. */
enum { RUNDIR_DIGITS = 9 };
void rundir_write_json(struct rundir *dir, const char *name, const json_t *document);

/* Lets go of the lock. */
void rundir_close(struct rundir *dir);

#endif
