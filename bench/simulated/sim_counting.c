/* SPDX-License-Identifier: MIT
 *
 * sim_counting.c: the simulator counts, all events at once and all by itself; it is only told which
 * item of work begins and ends. Lines carry the items' numbers, and who reads them has the counts
 * (import.c). An item with nothing in it says what the telling itself comes to.
 */
#include "count/counting.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/die.h"
#include "simulated/simulated.h"

struct counting {
    unsigned threads, nothing, *kept;
    atomic_uint running; /* threads that are not done with the item */
};

static unsigned items; /* of this process, so far */

void counting_choose(const char *sets) {
    (void)sets;
}

struct counting *counting_open(struct crew *crew, unsigned cells, uint64_t seed) {
    struct counting *counting = allocate(1, sizeof *counting);
    (void)seed;
    counting->threads = crew_threads(crew);
    counting->kept = allocate(cells, sizeof *counting->kept);
    for (int i = 0; i < 2; i++) { /* the second time the code is in the cache */
        atomic_store(&counting->running, 1);
        counting->nothing = items;
        counting_before(counting, 0);
        atomic_store(&counting->running, 1);
        counting_after(counting, 0);
    }
    return counting;
}

void counting_close(struct counting *counting, struct crew *crew) {
    (void)crew;
    free(counting->kept);
    free(counting);
}

void counting_begin(struct counting *counting, long rounds) {
    (void)counting;
    if (rounds != 1)
        die(EXIT_FAILED, "%ld rounds, where one is enough", rounds);
}

void counting_round(struct counting *counting, long round) {
    (void)counting, (void)round;
}

void counting_select(struct counting *counting, unsigned thread) {
    (void)counting, (void)thread;
}

void counting_before(struct counting *counting, unsigned thread) {
    if (thread)
        return;
    atomic_store(&counting->running, counting->threads);
    simulated_work_begin(items);
}

/* The last one out. */
void counting_after(struct counting *counting, unsigned thread) {
    (void)thread;
    if (atomic_fetch_sub(&counting->running, 1) == 1)
        simulated_work_end(items++);
}

void counting_keep(struct counting *counting, unsigned cell) {
    counting->kept[cell] = items - 1;
}

void counting_describe(const struct counting *counting, json_t *line) {
    json_object_set_new(line, "work_nothing", json_integer(counting->nothing));
}

void counting_add_cell(const struct counting *counting, unsigned cell, long rounds, json_t *json) {
    (void)rounds;
    json_object_set_new(json, "work", json_integer(counting->kept[cell]));
}
