/* SPDX-License-Identifier: MIT
 *
 * explore.c: from the traces of each thread to the executions of a program.
 */
#include "oracle/explore.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum {
    STORES_MOST = 20,     /* to a location */
    STEPS_MOST = 1 << 24, /* a second; the largest of tests.def takes some thousands */
    STATES_MOST = 1 << 16,
};

/* What happens at one location, thread after thread. */
struct place {
    unsigned count;
    uint8_t event[EXECUTION_EVENTS], thread[EXECUTION_EVENTS];
    const struct event *of[EXECUTION_EVENTS];
};

struct search {
    const struct program *program;
    visit_execution *visit;
    void *data;
    struct execution execution;
    struct place places[PROGRAM_LOCATIONS];
    uint64_t state[PROGRAM_OBSERVED];
    uint64_t last[PROGRAM_LOCATIONS]; /* the value in memory at the end */
    unsigned long steps;
    bool too_many;
};

/* One location being laid out: stores[0] is the start, the others are indices of place->event. */
struct layout {
    const struct place *place;
    unsigned location, stores;
    uint8_t store[STORES_MOST + 1];
    uint8_t
        rank[EXECUTION_EVENTS]; /* of a store: its place in coherence; of a read: its source's */
};

static bool acyclic(const uint64_t *before, unsigned count) {
    uint64_t left = count == 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
    while (left) {
        uint64_t removed = 0;
        for (uint64_t rest = left; rest; rest &= rest - 1) {
            unsigned event = (unsigned)__builtin_ctzll(rest);
            if ((before[event] & left) == 0)
                removed |= UINT64_C(1) << event;
        }
        if (removed == 0)
            return false;
        left &= ~removed;
    }
    return true;
}

static void finish(struct search *search) {
    const struct program *program = search->program;
    for (unsigned i = 0; i < program->observed_count; i++) {
        const struct observed *it = &program->observed[i];
        search->state[i] = it->is_register
                               ? search->execution.trace[it->thread]->registers[it->index]
                               : search->last[it->index];
    }
    if (condition_holds(&program->filter, search->state))
        search->visit(&search->execution, search->data);
}

static void lay_out(struct search *search, unsigned location);

/* rfe, coe, fre of a location that has been laid out, then the next location. */
static void add_order(struct search *search, const struct layout *layout) {
    struct execution *execution = &search->execution;
    const struct place *place = layout->place;
    uint64_t saved[EXECUTION_EVENTS];
    unsigned count = execution->first[search->program->threads];
    search->steps += count; /* it takes so much longer */
    memcpy(saved, execution->before, count * sizeof *saved);
    for (unsigned i = 0; i < place->count; i++) {
        unsigned event = place->event[i], rank = layout->rank[i];
        uint64_t bit = UINT64_C(1) << event;
        bool write = place->of[i]->write;
        if (write) {
            execution->place[event] = (uint8_t)rank;
        } else {
            unsigned source = layout->store[rank];
            execution->source[event] = rank ? place->event[source] : -1;
            if (rank && place->thread[source] != place->thread[i])
                execution->before[event] |= UINT64_C(1) << place->event[source];
        }
        if (write && !rule_kept(RULE_COE))
            continue;
        for (unsigned later = rank + 1; later <= layout->stores; later++)
            if (place->thread[layout->store[later]] != place->thread[i])
                execution->before[place->event[layout->store[later]]] |= bit;
    }
    search->last[layout->location] = layout->stores
                                         ? place->of[layout->store[layout->stores]]->value
                                         : search->program->memory[layout->location];
    if (acyclic(execution->before, count))
        lay_out(search, layout->location + 1);
    memcpy(execution->before, saved, count * sizeof *saved);
}

/* Whether store `at', if it is a read-modify-write's, is one with the read: no other thread stores
 * between the two. */
static bool atomic(const struct search *search, const struct layout *layout, unsigned at) {
    const struct place *place = layout->place;
    if (place->of[at]->read < 0 || !rule_kept(RULE_ATOMIC))
        return true;
    unsigned read = search->execution.first[place->thread[at]] + (unsigned)place->of[at]->read;
    unsigned from = 0;
    while (place->event[from] != read)
        from++;
    for (unsigned rank = layout->rank[from] + 1u; rank < layout->rank[at]; rank++)
        if (place->thread[layout->store[rank]] != place->thread[at])
            return false;
    return true;
}

static uint64_t value_of_rank(const struct search *search, const struct layout *layout,
                              unsigned rank) {
    return rank ? layout->place->of[layout->store[rank]]->value
                : search->program->memory[layout->location];
}

/* A source for each read from number `at` on, none before what its thread saw or stored already.
 * `seen` is the rank of that. */
static void choose_sources(struct search *search, struct layout *layout, unsigned at,
                           unsigned seen) {
    const struct place *place = layout->place;
    if (++search->steps > STEPS_MOST)
        search->too_many = true;
    if (search->too_many)
        return;
    if (at == place->count) {
        add_order(search, layout);
        return;
    }
    if (at && place->thread[at] != place->thread[at - 1])
        seen = 0;
    if (place->of[at]->write) {
        if (layout->rank[at] > seen && atomic(search, layout, at))
            choose_sources(search, layout, at + 1, layout->rank[at]);
        return;
    }
    for (unsigned rank = seen; rank <= layout->stores; rank++)
        if (value_of_rank(search, layout, rank) == place->of[at]->value) {
            layout->rank[at] = (uint8_t)rank;
            choose_sources(search, layout, at + 1, rule_kept(RULE_CORR) ? rank : seen);
        }
}

/* Every order of the stores in which those of a thread come as it has them. */
static void choose_coherence(struct search *search, struct layout *layout, uint64_t left) {
    const struct place *place = layout->place;
    uint32_t threads = 0;
    if (left == 0) {
        choose_sources(search, layout, 0, 0);
        return;
    }
    for (uint64_t rest = left; rest && !search->too_many; rest &= rest - 1) {
        unsigned i = (unsigned)__builtin_ctzll(rest);
        if (threads >> place->thread[i] & 1)
            continue;
        threads |= 1u << place->thread[i];
        layout->store[++layout->stores] = (uint8_t)i;
        layout->rank[i] = (uint8_t)layout->stores;
        choose_coherence(search, layout, left & ~(UINT64_C(1) << i));
        layout->stores--;
    }
}

static void lay_out(struct search *search, unsigned location) {
    while (location < search->program->locations && search->places[location].count == 0) {
        search->last[location] = search->program->memory[location];
        location++;
    }
    if (location == search->program->locations) {
        finish(search);
        return;
    }
    struct layout layout = {.place = &search->places[location], .location = location};
    uint64_t stores = 0;
    for (unsigned i = 0; i < layout.place->count; i++)
        stores |= layout.place->of[i]->write ? UINT64_C(1) << i : 0;
    if (__builtin_popcountll(stores) > STORES_MOST)
        search->too_many = true;
    else
        choose_coherence(search, &layout, stores);
}

/* Sorts the events of the chosen traces by location. False if a value that is read is nobody's. */
static bool gather(struct search *search) {
    struct execution *execution = &search->execution;
    const struct program *program = search->program;
    for (unsigned i = 0; i < program->locations; i++)
        search->places[i].count = 0;
    for (unsigned thread = 0; thread < program->threads; thread++) {
        const struct thread_run *trace = execution->trace[thread];
        unsigned first = execution->first[thread];
        if (first + trace->count > EXECUTION_EVENTS) {
            search->too_many = true;
            return false;
        }
        execution->first[thread + 1] = first + trace->count;
        for (unsigned i = 0; i < trace->count; i++) {
            struct place *place = &search->places[trace->events[i].location];
            execution->before[first + i] = trace->events[i].before << first;
            place->event[place->count] = (uint8_t)(first + i);
            place->thread[place->count] = (uint8_t)thread;
            place->of[place->count++] = &trace->events[i];
        }
    }
    for (unsigned location = 0; location < program->locations; location++) {
        const struct place *place = &search->places[location];
        for (unsigned i = 0; i < place->count; i++) {
            bool found = place->of[i]->write || place->of[i]->value == program->memory[location];
            for (unsigned k = 0; k < place->count && !found; k++)
                found = place->of[k]->write && place->of[k]->value == place->of[i]->value;
            if (!found)
                return false;
        }
    }
    return true;
}

static void combine(struct search *search, const struct traces *traces, unsigned thread) {
    if (thread == search->program->threads) {
        search->steps++;
        if (gather(search))
            lay_out(search, 0);
        return;
    }
    for (size_t i = 0; i < traces[thread].count && !search->too_many; i++) {
        search->execution.trace[thread] = &traces[thread].list[i];
        combine(search, traces, thread + 1);
        search->too_many |= search->steps > STEPS_MOST;
    }
}

bool explore(const struct program *program, visit_execution *visit, void *data) {
    static struct traces traces[PROGRAM_THREADS]; /* their memory is used again */
    static struct search search;
    search = (struct search){.program = program, .visit = visit, .data = data};
    search.execution.program = program;
    search.execution.state = search.state;
    if (!traces_make(program, traces))
        return false;
    combine(&search, traces, 0);
    return !search.too_many;
}

/* ---- sets of states ---- */

static const uint64_t *row(const struct states *states, size_t i) {
    return states->values + i * states->width;
}

/* The slot of a state: its number and 1, or 0 where it is not there. */
static uint32_t *slot_of(const struct states *states, const uint64_t *state) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (unsigned i = 0; i < states->width; i++)
        hash = (hash ^ state[i] ^ state[i] >> 32) * UINT64_C(1099511628211);
    for (size_t slot = hash >> 20;; slot++) {
        uint32_t *at = &states->slots[slot % (2 * states->room)];
        if (*at == 0 || memcmp(row(states, *at - 1), state, states->width * sizeof *state) == 0)
            return at;
    }
}

static void make_room(struct states *states) {
    states->room = states->room ? 2 * states->room : 16;
    states->values =
        realloc(states->values, (states->room * states->width + 1) * sizeof *states->values);
    free(states->slots);
    states->slots = calloc(2 * states->room, sizeof *states->slots);
    if (states->values == NULL || states->slots == NULL)
        die(EXIT_FAILED, "out of memory");
    for (size_t i = 0; i < states->count; i++)
        *slot_of(states, row(states, i)) = (uint32_t)i + 1;
}

bool states_add(struct states *states, const uint64_t *state) {
    if (states->count == states->room)
        make_room(states);
    uint32_t *slot = slot_of(states, state);
    if (*slot)
        return false;
    *slot = (uint32_t)states->count + 1;
    if (states->width)
        memcpy(states->values + states->count * states->width, state,
               states->width * sizeof *state);
    states->count++;
    return true;
}

static int by_values(const void *left, const void *right, void *width) {
    const uint64_t *a = left, *b = right;
    for (unsigned i = 0; i < *(const unsigned *)width; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

void states_sort(struct states *states) {
    if (states->width && states->count)
        qsort_r(states->values, states->count, states->width * sizeof *states->values, by_values,
                &states->width);
}

void states_free(struct states *states) {
    free(states->values);
    free(states->slots);
    *states = (struct states){0};
}

static void note_state(const struct execution *execution, void *data) {
    struct states *states = data;
    if (states->count <= STATES_MOST)
        states_add(states, execution->state);
}

bool explore_states(const struct program *program, struct states *states) {
    *states = (struct states){.width = program->observed_count};
    bool all = explore(program, note_state, states) && states->count <= STATES_MOST;
    states_sort(states);
    return all;
}
