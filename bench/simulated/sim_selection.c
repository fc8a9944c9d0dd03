/* SPDX-License-Identifier: MIT */
#include "simulated/sim_selection.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "simulated/simulated.h"

void selection_keep(struct set *set, const char *lowerings) {
    unsigned kept = 0;
    for (unsigned i = 0; i < set->cell_count; i++)
        if (set->cells[i].model == simulated.model &&
            (lowerings == NULL || text_listed(lowerings, set->cells[i].name)))
            set->cells[kept++] = set->cells[i];
    set->cell_count = kept;
    kept = 0;
    for (unsigned i = 0; i < set->skip_count; i++)
        if (set->skips[i].model == simulated.model)
            set->skips[kept++] = set->skips[i];
    set->skip_count = kept;
}

/* Whether the set's data is in a level of the caches, by its name. */
static bool is_in(const struct set *set, const char *level) {
    for (unsigned a = 0; set->kernel->axes && set->kernel->axes[a].key; a++) {
        const struct axis *axis = &set->kernel->axes[a];
        if (axis->kind == AXIS_FOOTPRINT &&
            strcmp(axis->values[set->params.chosen[a]].text, level) == 0)
            return true;
    }
    return false;
}

void selection_leave_out(struct plan *plan, const char *level) {
    for (size_t i = 0; level && i < plan->count; i++) {
        struct set *set = &plan->sets[i];
        bool replay = kernel_extras(set->kernel)->at && set->threads > 1;
        if (set->skip[0] == 0 && (replay || is_in(set, level)))
            snprintf(set->skip, sizeof set->skip, "%s left out: it takes minutes to simulate",
                     replay ? "a replay on several threads" : level);
    }
}
