/* SPDX-License-Identifier: MIT
 *
 * samples_centre.c: the set that stands for its kernel, found once for all who ask.
 */

#include "base/text.h"
#include "samples/samples_reader.h"

/* No lowering is in it but the baseline's own. */
static bool forms_only(const struct sample_set *set) {
    bool forms = false;
    for (size_t i = 0; i < set->cell_count; i++) {
        forms |= set->cells[i].role == ROLE_FORM;
        if (set->cells[i].role == ROLE_LOWERING &&
            !text_same(set->cells[i].lowering, set->cells[0].lowering))
            return false;
    }
    return forms;
}

static bool is_nearer(const struct sample_set *set, const struct sample_set *best) {
    return best == NULL || set->weight < best->weight ||
           (set->weight == best->weight && set->threads > best->threads);
}

void samples_find_centres(struct samples *run) {
    for (size_t begin = 0, end; begin < run->set_count; begin = end) {
        const struct sample_set *best = NULL;
        for (end = begin; end < run->set_count; end++) {
            const struct sample_set *set = &run->sets[end];
            if (!text_same(set->kernel, run->sets[begin].kernel))
                break;
            if (set->block_count && !forms_only(set) && is_nearer(set, best))
                best = set;
        }
        for (size_t i = begin; i < end; i++)
            run->sets[i].centre = best;
    }
}
