/* SPDX-License-Identifier: MIT
 *
 * guest.h: what one simulation left in its folder: lines that tsobench-simulated printed inside
 * (guest.jsonl), what the simulator counted between the marks of each item of work
 * (counters.jsonl), what machine it was (machine.json), and, if it died, why (failed).
 */
#ifndef GUEST_H
#define GUEST_H

#include <jansson.h>

#include "samples/vocabulary.h"

struct guest {
    const char *folder;
    json_t *machine, *lines; /* an object, an array */
    json_t *work;            /* counts by item of work: an array, null where there are none */
    enum memmodel model;     /* of the machine: weak or TSO */
    char *failed;            /* or NULL */
};

/* Reads a folder, within bounds.h. Dies with EXIT_USAGE when something is missing or damaged; of a
 * simulation that died, a torn last line is passed over. */
void guest_read(struct guest *guest, const char *folder);
void guest_free(struct guest *guest);

/* What was counted during an item of work, an object of arrays by CPU. Dies with EXIT_USAGE when
 * there is nothing. */
const json_t *guest_counts(const struct guest *guest, const json_t *item, const char *set);

/* The text or number of a key that must be there, or death with EXIT_USAGE. */
const char *guest_text(const struct guest *guest, const json_t *line, const char *key);
json_int_t guest_number(const struct guest *guest, const json_t *line, const char *key);

#endif
