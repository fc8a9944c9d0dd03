/* SPDX-License-Identifier: MIT
 *
 * sim_block_battery.c: the memory model is a parameter of the simulated core and is the same in
 * every process, so it is proven once a run, by a process that does nothing else (main.c, battery).
 */
#include "block/block.h"

json_t *block_battery(const struct job *job, const struct set *set, uint64_t seed, json_t *line) {
    (void)job, (void)set, (void)seed;
    json_object_set_new(line, "battery_skipped", json_string("once for all sets of a run"));
    return json_array();
}
