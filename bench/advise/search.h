/* SPDX-License-Identifier: MIT
 *
 * search.h: the cheapest of all combinations that a judge accepts.
 *
 * A menu has for each of a few operations the sequences that can be had, cheapest first; the cost
 * of a combination is the sum. Combinations are looked at in ascending order of cost (best-first
 * search). A judge who refuses one says because of which operations, and whatever has the same
 * there is refused unjudged. So thousands of combinations take tens of judgements, and the result
 * is that of judging all of them.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEARCH_OPERATIONS = 6, SEARCH_SEQUENCES = 48 };

struct search_menu {
    size_t count[SEARCH_OPERATIONS];                  /* at least 1 of each */
    double cost[SEARCH_OPERATIONS][SEARCH_SEQUENCES]; /* ascending */
};

struct search_choice {
    uint8_t of[SEARCH_OPERATIONS]; /* places in the menu */
    double cost;
};

/* Returns 0 where the choice is accepted; else bits of the operations that are to blame, and in
 * *why a number of the judge's own. */
typedef unsigned search_judge(const struct search_choice *choice, void *data, size_t *why);

/* What a search came to, in ascending order of cost. */
struct search_result {
    struct search_choice *accepted; /* no more than were asked for */
    size_t accepted_count;
    /* The dearest that were refused and are cheaper than all accepted: the last one is next to the
     * first accepted. Of those that differ only in what is not to blame the cheapest is kept. */
    struct {
        struct search_choice choice;
        unsigned blame;
        size_t why;
    } refused[5];
    size_t refused_count;
    uint64_t possible, judged;
};

/* Looks for so many; a choice that costs more than the first by over `margin` ends it. The caller
 * frees accepted. */
struct search_result search_cheapest(const struct search_menu *menu, search_judge *judge,
                                     void *data, size_t wanted, double margin);

#endif
