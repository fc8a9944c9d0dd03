/* SPDX-License-Identifier: MIT
 *
 * machine.c: x86-TSO, and sequential consistency, as a machine that is run in every possible way.
 * Each thread has a FIFO store buffer from which its own loads are served; what is locked, and a
 * fence, waits until it is empty. States that were visited are not visited again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "oracle/tests.h"

/* Bytes only, so that states can be compared. What is in a buffer are the stores among the ops
 * between drained and at. */
struct machine {
    uint8_t at[TEST_THREADS], drained[TEST_THREADS];
    struct outcome outcome;
};

enum { SLOTS = 1 << 16 };

struct search {
    const struct machine_program *program;
    bool buffered;
    struct machine *visited; /* a hash table */
    uint8_t *used;
    size_t count;
    bool too_many;
    struct outcomes outcomes;
    /* Of machine_races() alone. */
    unsigned data;
    const struct outcome *seen;
    bool races;
};

bool outcomes_have(const struct outcomes *outcomes, const struct outcome *outcome) {
    for (size_t i = 0; i < outcomes->count; i++)
        if (memcmp(&outcomes->list[i], outcome, sizeof *outcome) == 0)
            return true;
    return false;
}

static void add_outcome(struct outcomes *outcomes, const struct outcome *outcome) {
    if (outcomes_have(outcomes, outcome))
        return;
    if (outcomes->count == outcomes->room) {
        outcomes->room = outcomes->room ? 2 * outcomes->room : 8;
        outcomes->list = realloc(outcomes->list, outcomes->room * sizeof *outcomes->list);
        if (outcomes->list == NULL)
            die(EXIT_FAILED, "out of memory");
    }
    outcomes->list[outcomes->count++] = *outcome;
}

/* Whether the state is new. */
static bool is_new(struct search *search, const struct machine *machine) {
    uint64_t hash = UINT64_C(14695981039346656037);
    const uint8_t *bytes = (const uint8_t *)machine;
    for (size_t i = 0; i < sizeof *machine; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
    size_t slot = (hash ^ hash >> 32) % SLOTS;
    for (; search->used[slot]; slot = (slot + 1) % SLOTS)
        if (memcmp(&search->visited[slot], machine, sizeof *machine) == 0)
            return false;
    search->too_many |= ++search->count == SLOTS / 2;
    search->used[slot] = 1;
    search->visited[slot] = *machine;
    return true;
}

static uint8_t load(const struct search *search, const struct machine *machine, unsigned thread,
                    unsigned variable) {
    const struct test_op *ops = search->program->ops[thread];
    for (unsigned i = machine->at[thread]; i-- > machine->drained[thread];)
        if (ops[i].kind == TEST_STORE && ops[i].variable == variable)
            return ops[i].value;
    return machine->outcome.memory[variable];
}

/* Makes `drained' the first store that is in the buffer, or what comes next. */
static void settle(const struct search *search, struct machine *machine, unsigned thread) {
    while (machine->drained[thread] < machine->at[thread] &&
           search->program->ops[thread][machine->drained[thread]].kind != TEST_STORE)
        machine->drained[thread]++;
}

static void drain(const struct search *search, struct machine *machine, unsigned thread) {
    const struct test_op *op = &search->program->ops[thread][machine->drained[thread]++];
    machine->outcome.memory[op->variable] = op->value;
    settle(search, machine, thread);
}

/* Whether the thread has read what it does not go on after. */
static bool stopped(const struct search *search, const struct machine *machine, unsigned thread) {
    const struct test_op *ops = search->program->ops[thread];
    for (unsigned i = 0; search->seen && i < machine->at[thread]; i++)
        if (ops[i].slot < TEST_REGISTERS && !(search->data >> ops[i].variable & 1) &&
            machine->outcome.seen[thread][ops[i].slot] != search->seen->seen[thread][ops[i].slot])
            return true;
    return false;
}

/* Data variables that the thread stores, or (stores is false) accesses next, or is storing: bits.
 */
static unsigned under_way(const struct search *search, const struct machine *machine,
                          unsigned thread, bool stores) {
    const struct test_op *ops = search->program->ops[thread];
    unsigned end = machine->at[thread], mask = 0;
    end += ops[end].kind != TEST_END && !stopped(search, machine, thread);
    for (unsigned i = machine->drained[thread]; i < end; i++)
        if (ops[i].kind == TEST_STORE || (!stores && i == machine->at[thread]))
            mask |= 1u << ops[i].variable;
    return mask & search->data;
}

static bool has_race(const struct search *search, const struct machine *machine) {
    for (unsigned one = 0; one < search->program->threads; one++)
        for (unsigned other = 0; other < search->program->threads; other++)
            if (one != other &&
                (under_way(search, machine, one, true) & under_way(search, machine, other, false)))
                return true;
    return false;
}

/* Does the thread's next operation; false if it cannot be done now. */
static bool step(const struct search *search, struct machine *machine, unsigned thread) {
    const struct test_op *op = &search->program->ops[thread][machine->at[thread]];
    bool empty = machine->drained[thread] == machine->at[thread];
    uint8_t *memory = &machine->outcome.memory[op->variable], old = *memory;
    if (stopped(search, machine, thread))
        return false;
    switch (op->kind) {
    case TEST_END:
        return false;
    case TEST_STORE:
        break;
    case TEST_LOAD:
        old = load(search, machine, thread, op->variable);
        break;
    case TEST_EXCHANGE:
        *memory = op->value;
        break;
    case TEST_COMPARE_EXCHANGE:
    case TEST_COMPARE_EXCHANGE_PAIR:
        *memory = old == op->want ? op->value : old;
        break;
    case TEST_FETCH_ADD:
        *memory = (uint8_t)(old + op->value);
        break;
    case TEST_FENCE:
        break;
    }
    if (op->kind != TEST_STORE && op->kind != TEST_LOAD && !empty)
        return false;
    if (op->slot < TEST_REGISTERS)
        machine->outcome.seen[thread][op->slot] = old;
    machine->at[thread]++;
    settle(search, machine, thread);
    if (op->kind == TEST_STORE && !search->buffered)
        drain(search, machine, thread);
    return true;
}

static void visit(struct search *search, const struct machine *from) {
    bool ended = true;
    if (search->races || search->too_many || !is_new(search, from))
        return;
    search->races = search->data && has_race(search, from);
    for (unsigned thread = 0; thread < search->program->threads; thread++) {
        struct machine machine = *from;
        if (machine.drained[thread] < machine.at[thread]) {
            drain(search, &machine, thread);
            visit(search, &machine);
            ended = false;
        }
        machine = *from;
        if (step(search, &machine, thread)) {
            visit(search, &machine);
            ended = false;
        }
    }
    if (ended)
        add_outcome(&search->outcomes, &from->outcome);
}

static void search_all(struct search *search) {
    static struct machine *visited;
    static uint8_t *used;
    if (visited == NULL) {
        visited = allocate(SLOTS, sizeof *visited);
        used = allocate(SLOTS, 1);
    }
    memset(used, 0, SLOTS);
    search->visited = visited;
    search->used = used;
    visit(search, &(struct machine){0});
}

struct outcomes machine_outcomes(const struct machine_program *program, bool buffered) {
    struct search search = {.program = program, .buffered = buffered};
    search_all(&search);
    if (search.too_many)
        search.outcomes.count = 0;
    return search.outcomes;
}

bool machine_races(const struct machine_program *program, bool buffered, unsigned data,
                   const struct outcome *seen) {
    struct search search = {.program = program, .buffered = buffered, .data = data, .seen = seen};
    search_all(&search);
    free(search.outcomes.list);
    if (search.too_many)
        die(EXIT_FAILED, "a test has more than %d states", SLOTS / 2);
    return search.races;
}
