/* SPDX-License-Identifier: MIT
 *
 * compare.c: one test under given sequences: the states that it has, and those that it may have.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "oracle/explore.h"
#include "oracle/oracle.h"

/* A register that no instruction fills (STADD has no old value) is left out on both sides. */
static void blank(const struct test *test, const struct lowered *lowered, struct outcome *state) {
    for (unsigned thread = 0; thread < test->threads; thread++)
        for (unsigned i = 0; test->ops[thread][i].kind; i++)
            if (test->ops[thread][i].kind == TEST_FETCH_ADD &&
                strstr(lowered->words[thread][i], "STADD"))
                state->seen[thread][test->ops[thread][i].slot] = 0;
}

struct gathering {
    const struct test *test;
    struct outcomes *outcomes;
};

static void gather(const struct execution *execution, void *data) {
    const struct gathering *gathering = data;
    const struct program *program = execution->program;
    struct outcome outcome = {0};
    struct outcomes *all = gathering->outcomes;
    for (unsigned i = 0; i < program->observed_count; i++) {
        const struct observed *it = &program->observed[i];
        uint8_t value = (uint8_t)execution->state[i];
        if (it->is_register && it->index < gathering->test->registers[it->thread])
            outcome.seen[it->thread][it->index] = value;
        else if (!it->is_register)
            outcome.memory[strchr(TEST_VARIABLE_NAMES, *program->location[it->index]) -
                           TEST_VARIABLE_NAMES] = value;
    }
    if (outcomes_have(all, &outcome))
        return;
    if (all->count == all->room) {
        all->room = all->room ? 2 * all->room : 16;
        all->list = realloc(all->list, all->room * sizeof *all->list);
        if (all->list == NULL)
            die(EXIT_FAILED, "out of memory");
    }
    all->list[all->count++] = outcome;
}

static bool reach(const struct test *test, enum isa isa, const struct lowered *lowered,
                  struct outcomes *outcomes, struct comparison *out) {
    static char text[LOWERED_TEXT];
    if (isa == ISA_X86_64) {
        struct machine_program program;
        if (!lower_machine(test, lowered, &program, out->why, sizeof out->why))
            return false;
        *outcomes = machine_outcomes(&program, true);
        snprintf(out->why, sizeof out->why, "%.40s has too many states", test->name);
        return outcomes->count > 0;
    }
    if (!lower_text(test, lowered, test->name, "", text, out->why, sizeof out->why))
        return false;
    struct program *program = program_parse(test->name, text);
    struct gathering gathering = {test, outcomes};
    bool all = explore(program, gather, &gathering);
    program_free(program);
    if (!all)
        snprintf(out->why, sizeof out->why, "%.40s has too many executions", test->name);
    return all;
}

static bool have_blanked(const struct outcomes *outcomes, const struct test *test,
                         const struct lowered *lowered, const struct outcome *state) {
    for (size_t i = 0; i < outcomes->count; i++) {
        struct outcome copy = outcomes->list[i];
        blank(test, lowered, &copy);
        if (memcmp(&copy, state, sizeof copy) == 0)
            return true;
    }
    return false;
}

/* Whether data is accessed at one time, if each thread goes on only as far as it saw what this
 * state says of the other variables. Then the state is nobody's promise. */
static bool races(const struct test *test, const struct lowered *lowered, enum reference reference,
                  const struct outcome *state) {
    if (lowered->data == 0)
        return false;
    struct machine_program program = machine_program_of(test);
    return machine_races(&program, reference == REFERENCE_TSO, lowered->data, state);
}

/* Whether some outcome of `these` is none of `those`: the first. */
static bool differs(const struct outcomes *these, const struct outcomes *those,
                    const struct test *test, const struct lowered *lowered,
                    enum reference reference, struct outcome *first) {
    for (size_t i = 0; i < these->count; i++) {
        struct outcome state = these->list[i];
        blank(test, lowered, &state);
        if (!have_blanked(those, test, lowered, &state) &&
            !races(test, lowered, reference, &these->list[i])) {
            *first = these->list[i];
            return true;
        }
    }
    return false;
}

static struct comparison compare(size_t number, enum isa isa, const struct lowered *lowered,
                                 enum reference reference) {
    size_t count;
    const struct test *test = &tests_all(&count)[number];
    const struct outcomes *allowed = test_outcomes(number, reference);
    struct outcomes reached = {0};
    struct comparison result = {.unsound = false};
    if (reach(test, isa, lowered, &reached, &result)) {
        result.unsound = differs(&reached, allowed, test, lowered, reference, &result.extra);
        result.over_strong = !result.unsound &&
                             differs(allowed, &reached, test, lowered, reference, &result.missing);
    } else {
        result.unknown = true;
    }
    free(reached.list);
    return result;
}

/* What was compared before, by test, reference and the words. */
struct memory {
    uint64_t key[2];
    struct comparison *result;
};
enum { FIRST_ROOM = 1 << 12, MOST_ROOM = 1 << 18 };

static void key_of(size_t test, enum isa isa, const struct lowered *lowered,
                   enum reference reference, const struct test *of, uint64_t key[2]) {
    key[0] = UINT64_C(14695981039346656037) ^
             (test << 16 | lowered->data << 8 | (unsigned)isa << 4 | (unsigned)reference);
    key[1] = ~key[0];
    for (unsigned thread = 0; thread < of->threads; thread++)
        for (unsigned i = 0; of->ops[thread][i].kind; i++)
            for (const char *p = lowered->words[thread][i];; p++) {
                key[0] = (key[0] ^ (uint8_t)*p) * UINT64_C(1099511628211);
                key[1] = (key[1] + (uint8_t)*p + 1) * UINT64_C(0x9e3779b97f4a7c15);
                key[1] ^= key[1] >> 29;
                if (*p == '\0')
                    break;
            }
}

static struct memory *slot_of(struct memory *table, size_t room, const uint64_t key[2]) {
    size_t slot = (key[0] ^ key[0] >> 32) % room;
    while (table[slot].result && memcmp(table[slot].key, key, sizeof table[slot].key) != 0)
        slot = (slot + 1) % room;
    return &table[slot];
}

const struct comparison *oracle_compare(size_t test, enum isa isa, const struct lowered *lowered,
                                        enum reference reference) {
    static struct memory *table;
    static size_t room, used;
    size_t count;
    uint64_t key[2];
    if (used * 2 >= MOST_ROOM) { /* nobody has so many mappings; memory is bounded all the same */
        for (size_t i = 0; i < room; i++)
            free(table[i].result);
        memset(table, 0, room * sizeof *table);
        used = 0;
    }
    if (used * 2 >= room) {
        size_t more = room ? 4 * room : FIRST_ROOM;
        struct memory *larger = allocate(more, sizeof *larger);
        for (size_t i = 0; i < room; i++)
            if (table[i].result)
                *slot_of(larger, more, table[i].key) = table[i];
        free(table);
        table = larger;
        room = more;
    }
    key_of(test, isa, lowered, reference, &tests_all(&count)[test], key);
    struct memory *slot = slot_of(table, room, key);
    if (slot->result == NULL) {
        slot->result = allocate(1, sizeof *slot->result);
        *slot->result = compare(test, isa, lowered, reference);
        memcpy(slot->key, key, sizeof slot->key);
        used++;
    }
    return slot->result;
}
