/* SPDX-License-Identifier: MIT
 *
 * rundir.h: the folder a run leaves behind, written so that a killed run loses at most the block
 * in flight: samples.jsonl is only appended to, a whole line at a time.
 */
#ifndef RUNDIR_H
#define RUNDIR_H

#include <jansson.h>

struct rundir;

/* Makes the folder with its parents and opens its samples.jsonl. Dies with EXIT_USAGE when it
 * cannot be written or already holds a run. */
struct rundir *rundir_create(const char *path);

/* Opens an unfinished run's folder and cuts off a torn last line. Dies with EXIT_USAGE when there
 * is no unfinished run in it. */
struct rundir *rundir_resume(const char *path);

const char *rundir_path(const struct rundir *dir);

/* Appends one line and waits until it is on the disk. Dies, with the file cut back to its whole
 * lines, when it does not fit. */
void rundir_append(struct rundir *dir, json_t *line);
void rundir_append_text(struct rundir *dir, const char *line);

/* Writes name in the folder as one JSON document. */
void rundir_write_json(struct rundir *dir, const char *name, const json_t *document);

/* Calls visit for every line so far. */
void rundir_replay(const struct rundir *dir, void (*visit)(void *context, const json_t *line),
                   void *context);

void rundir_close(struct rundir *dir);

#endif
