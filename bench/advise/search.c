/* SPDX-License-Identifier: MIT */
#include "advise/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"

/* A choice that waits, and the operation that was last made dearer to come to it: the next ones
 * make that or a later one dearer, so each choice is reached once. */
struct waiting {
    struct search_choice choice;
    unsigned last;
};

struct blame {
    unsigned operations;
    struct search_choice choice;
    size_t why;
};

struct search {
    const struct search_menu *menu;
    struct waiting *heap; /* the cheapest first */
    size_t count, room;
    struct blame *blames;
    size_t blame_count, blame_room;
    struct search_result result;
};

/* Room for one more of `count`. */
static void *with_room(void *list, size_t count, size_t *room, size_t size) {
    if (count < *room)
        return list;
    *room = *room ? 2 * *room : 64;
    list = realloc(list, *room * size);
    if (list == NULL)
        die(EXIT_FAILED, "out of memory");
    return list;
}

/* ---- a binary heap ---- */

static void swap(struct waiting *one, struct waiting *other) {
    struct waiting kept = *one;
    *one = *other;
    *other = kept;
}

static void push(struct search *search, struct waiting waiting) {
    search->heap = with_room(search->heap, search->count, &search->room, sizeof *search->heap);
    size_t at = search->count++;
    search->heap[at] = waiting;
    for (; at && search->heap[at].choice.cost < search->heap[(at - 1) / 2].choice.cost;
         at = (at - 1) / 2)
        swap(&search->heap[at], &search->heap[(at - 1) / 2]);
}

static struct waiting pop(struct search *search) {
    struct waiting *heap = search->heap, top = heap[0];
    heap[0] = heap[--search->count];
    for (size_t at = 0, least;; at = least) {
        least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
            if (child < search->count && heap[child].choice.cost < heap[least].choice.cost)
                least = child;
        if (least == at)
            return top;
        swap(&heap[at], &heap[least]);
    }
}

/* ---- what is refused ---- */

static bool same_in(unsigned operations, const struct search_choice *one,
                    const struct search_choice *other) {
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
        if (operations >> i & 1 && one->of[i] != other->of[i])
            return false;
    return true;
}

static const struct blame *known_blame(const struct search *search,
                                       const struct search_choice *choice) {
    for (size_t i = 0; i < search->blame_count; i++)
        if (same_in(search->blames[i].operations, &search->blames[i].choice, choice))
            return &search->blames[i];
    return NULL;
}

static const struct blame *judge_choice(struct search *search, const struct search_choice *choice,
                                        search_judge *judge, void *data) {
    const struct blame *known = known_blame(search, choice);
    if (known)
        return known;
    struct blame blame = {.choice = *choice};
    search->result.judged++;
    blame.operations = judge(choice, data, &blame.why);
    if (blame.operations == 0)
        return NULL;
    search->blames =
        with_room(search->blames, search->blame_count, &search->blame_room, sizeof *search->blames);
    search->blames[search->blame_count] = blame;
    return &search->blames[search->blame_count++];
}

static void note_refused(struct search_result *result, const struct search_choice *choice,
                         const struct blame *blame) {
    enum { MOST = sizeof result->refused / sizeof *result->refused };
    for (size_t i = 0; i < result->refused_count; i++)
        if (result->refused[i].blame == blame->operations &&
            same_in(blame->operations, &result->refused[i].choice, choice))
            return;
    if (result->refused_count == MOST)
        memmove(result->refused, result->refused + 1,
                --result->refused_count * sizeof *result->refused);
    result->refused[result->refused_count].choice = *choice;
    result->refused[result->refused_count].blame = blame->operations;
    result->refused[result->refused_count++].why = blame->why;
}

/* ---- the walk ---- */

static double cost_of(const struct search_menu *menu, const struct search_choice *choice) {
    double sum = 0;
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
        sum += menu->cost[i][choice->of[i]];
    return sum;
}

static void push_dearer(struct search *search, const struct waiting *from) {
    for (unsigned i = from->last; i < SEARCH_OPERATIONS; i++) {
        struct waiting next = {from->choice, i};
        if ((size_t)++next.choice.of[i] == search->menu->count[i])
            continue;
        next.choice.cost = cost_of(search->menu, &next.choice);
        push(search, next);
    }
}

struct search_result search_cheapest(const struct search_menu *menu, search_judge *judge,
                                     void *data, size_t wanted, double margin) {
    struct search search = {.menu = menu, .result.possible = 1};
    struct search_result *result = &search.result;
    for (unsigned i = 0; i < SEARCH_OPERATIONS; i++)
        result->possible *= menu->count[i];
    result->accepted = allocate(wanted + 1, sizeof *result->accepted);
    struct waiting first = {0};
    first.choice.cost = cost_of(menu, &first.choice);
    push(&search, first);
    while (search.count && result->accepted_count < wanted) {
        struct waiting next = pop(&search);
        if (result->accepted_count && next.choice.cost > result->accepted[0].cost + margin)
            break;
        push_dearer(&search, &next);
        const struct blame *blame = judge_choice(&search, &next.choice, judge, data);
        if (blame == NULL)
            result->accepted[result->accepted_count++] = next.choice;
        else if (result->accepted_count == 0)
            note_refused(result, &next.choice, blame);
    }
    free(search.heap);
    free(search.blames);
    return search.result;
}
