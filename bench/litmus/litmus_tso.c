/* SPDX-License-Identifier: MIT
 *
 * litmus_tso.c: which outcomes x86-TSO allows, found by running a test on the abstract machine of
 * Owens, Sarkar and Sewell (TPHOLs 2009) in every possible way: each thread has a FIFO store
 * buffer from which its own loads are served; locked instructions, failing ones too, and fences
 * wait until it is empty. Without the buffers it is sequential consistency.
 *
 * So the verdict on an outcome does not rest on what somebody wrote into a table.
 */
#include "litmus/litmus_run.h"

struct machine {
    unsigned at[LITMUS_THREADS];                              /* next operation */
    unsigned issued[LITMUS_THREADS], drained[LITMUS_THREADS]; /* stores, by position in buffer */
    const struct litmus_op *buffer[LITMUS_THREADS][LITMUS_OPS];
    unsigned memory[LITMUS_VARIABLES];
    unsigned seen[LITMUS_THREADS][LITMUS_REGISTERS];
};

static unsigned outcome_of(const struct litmus_view *view, const struct machine *machine) {
    unsigned outcome = 0;
    for (unsigned i = 0; i < view->cell_count; i++) {
        const struct litmus_cell *cell = &view->cells[i];
        unsigned value =
            cell->final ? machine->memory[cell->variable] : machine->seen[cell->thread][cell->slot];
        outcome |= value << 2 * i;
    }
    return outcome;
}

static unsigned load(const struct machine *machine, unsigned thread, unsigned variable) {
    for (unsigned i = machine->issued[thread]; i > machine->drained[thread]; i--)
        if (machine->buffer[thread][i - 1]->variable == variable)
            return machine->buffer[thread][i - 1]->value;
    return machine->memory[variable];
}

/* Whether the thread's next operation can be done now; does it. */
static bool step(struct machine *machine, const struct litmus_op *op, unsigned thread) {
    bool empty = machine->drained[thread] == machine->issued[thread];
    unsigned *memory = &machine->memory[op->variable];
    machine->at[thread]++;
    switch (op->kind) {
    case LITMUS_STORE:
        machine->buffer[thread][machine->issued[thread]++] = op;
        return true;
    case LITMUS_LOAD:
        machine->seen[thread][op->slot] = load(machine, thread, op->variable);
        return true;
    case LITMUS_EXCHANGE:
        machine->seen[thread][op->slot] = *memory;
        *memory = op->value;
        return empty;
    case LITMUS_COMPARE_EXCHANGE:
        machine->seen[thread][op->slot] = *memory;
        *memory = *memory == op->want ? op->value : *memory;
        return empty;
    case LITMUS_FENCE:
        return empty;
    default:
        return false; /* the thread has ended */
    }
}

static void drain(struct machine *machine, unsigned thread) {
    const struct litmus_op *op = machine->buffer[thread][machine->drained[thread]++];
    machine->memory[op->variable] = op->value;
}

static void explore(const struct litmus_view *view, const struct machine *from, bool buffered,
                    bool *reached) {
    bool ended = true;
    for (unsigned thread = 0; thread < view->threads; thread++) {
        struct machine machine = *from;
        if (machine.drained[thread] < machine.issued[thread]) {
            drain(&machine, thread);
            explore(view, &machine, buffered, reached);
            ended = false;
        }
        machine = *from;
        if (step(&machine, &view->test->program[thread][from->at[thread]], thread)) {
            if (!buffered && machine.drained[thread] < machine.issued[thread])
                drain(&machine, thread);
            explore(view, &machine, buffered, reached);
            ended = false;
        }
    }
    if (ended)
        reached[outcome_of(view, from)] = true;
}

void litmus_explore(struct litmus_view *view) {
    const struct machine start = {0};
    explore(view, &start, true, view->tso);
    explore(view, &start, false, view->sc);
}
