/* SPDX-License-Identifier: MIT
 *
 * explain.c: an execution that breaks a mapping, step by step.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "oracle/explore.h"
#include "oracle/oracle.h"

struct story {
    const struct test *test;
    const struct outcome *wanted;
    FILE *out;
    bool told;
};

static const struct event *event_of(const struct execution *execution, unsigned number,
                                    unsigned *thread) {
    for (*thread = 0; number >= execution->first[*thread + 1];)
        ++*thread;
    return &execution->trace[*thread]->events[number - execution->first[*thread]];
}

static const char *text_of(const struct execution *execution, unsigned number) {
    unsigned thread;
    const struct event *event = event_of(execution, number, &thread);
    return execution->program->lines[thread][event->line].text;
}

/* An order of all events that has each behind what is ordered before it, and else keeps to the
 * program's. */
static void line_up(const struct execution *execution, unsigned count, uint8_t *order) {
    uint64_t done = 0;
    for (unsigned k = 0; k < count; k++)
        for (unsigned i = 0; i < count; i++)
            if (!(done >> i & 1) && (execution->before[i] & ~done) == 0) {
                order[k] = (uint8_t)i;
                done |= UINT64_C(1) << i;
                break;
            }
}

static void tell_source(const struct execution *execution, unsigned number, unsigned thread,
                        FILE *out) {
    int source = execution->source[number];
    unsigned writer;
    if (source < 0) {
        fputs(", as it was at the start", out);
        return;
    }
    event_of(execution, (unsigned)source, &writer);
    if (writer == thread)
        fputs(", which is its own store", out);
    else
        fprintf(out, ", from thread %u", writer);
}

static void tell_event(const struct execution *execution, const uint8_t *order, unsigned step,
                       FILE *out) {
    unsigned thread, number = order[step];
    const struct event *event = event_of(execution, number, &thread);
    fprintf(out, "    %2u. thread %u  %-20s %s %s = %llu", step + 1, thread,
            text_of(execution, number), event->write ? "stores" : "reads ",
            execution->program->location[event->location], (unsigned long long)event->value);
    if (!event->write)
        tell_source(execution, number, thread, out);
    for (unsigned later = number; later-- > execution->first[thread];) {
        unsigned at = step;
        while (order[at] != later && at > 0)
            at--;
        if (order[at] != later) { /* it comes after this step */
            fprintf(out, "; ahead of its older %s", text_of(execution, later));
            break;
        }
    }
    fputc('\n', out);
}

static void tell_coherence(const struct execution *execution, unsigned count, FILE *out) {
    for (unsigned location = 0; location < execution->program->locations; location++) {
        unsigned thread, stores = 0;
        for (unsigned i = 0; i < count; i++) {
            const struct event *event = event_of(execution, i, &thread);
            stores += event->write && event->location == location;
        }
        for (unsigned rank = 1; stores > 1 && rank <= stores; rank++)
            for (unsigned i = 0; i < count; i++) {
                const struct event *event = event_of(execution, i, &thread);
                if (event->write && event->location == location && execution->place[i] == rank)
                    fprintf(out, "%s%llu of thread %u",
                            rank == 1 ? "    stores in the order of " : ", then ",
                            (unsigned long long)event->value, thread);
            }
        if (stores > 1)
            fprintf(out, ": all threads agree on %s\n", execution->program->location[location]);
    }
}

static bool is_wanted(const struct execution *execution, const struct story *story) {
    const struct program *program = execution->program;
    for (unsigned i = 0; i < program->observed_count; i++) {
        const struct observed *it = &program->observed[i];
        unsigned wanted = 0;
        if (!it->is_register)
            wanted =
                story->wanted->memory[strchr(TEST_VARIABLE_NAMES, *program->location[it->index]) -
                                      TEST_VARIABLE_NAMES];
        else if (it->index < story->test->registers[it->thread])
            wanted = story->wanted->seen[it->thread][it->index];
        if (execution->state[i] != wanted)
            return false;
    }
    return true;
}

static void tell(const struct execution *execution, void *data) {
    struct story *story = data;
    uint8_t order[EXECUTION_EVENTS] = {0};
    unsigned count = execution->first[execution->program->threads];
    if (story->told || !is_wanted(execution, story))
        return;
    story->told = true;
    line_up(execution, count, order);
    fputs("  an order of steps that Arm's model allows:\n", story->out);
    for (unsigned step = 0; step < count; step++)
        tell_event(execution, order, step, story->out);
    tell_coherence(execution, count, story->out);
}

void oracle_state_text(const struct test *test, const struct outcome *state, char *out,
                       size_t size) {
    size_t used = 0;
    *out = '\0';
    for (unsigned thread = 0; thread < test->threads; thread++)
        for (unsigned slot = 0; slot < test->registers[thread] && used < size; slot++)
            used += (size_t)snprintf(out + used, size - used, "%s%u:r%u=%u", used ? " " : "",
                                     thread, slot, state->seen[thread][slot]);
    for (unsigned v = 0; v < TEST_VARIABLES && used < size; v++)
        if (test->variables >> v & 1)
            used += (size_t)snprintf(out + used, size - used, "%s%c=%u", used ? " " : "",
                                     TEST_VARIABLE_NAMES[v], state->memory[v]);
}

static void print_ops(const struct test *test, unsigned thread, FILE *out) {
    static const char *const names[] = {"", "W", "R", "XCHG", "CAS", "CAS16", "XADD", "MF"};
    for (const struct test_op *op = test->ops[thread]; op->kind; op++) {
        fprintf(out, "%s%s", op == test->ops[thread] ? "" : "; ", names[op->kind]);
        if (op->kind != TEST_FENCE)
            fprintf(out, " %c", TEST_VARIABLE_NAMES[op->variable]);
        if (test_compares(op->kind))
            fprintf(out, " %u", op->want);
        if (op->kind != TEST_FENCE && op->kind != TEST_LOAD)
            fprintf(out, " %u", op->value);
    }
}

void oracle_explain(const struct verdict *verdict, const struct hole *hole, FILE *out) {
    static char text[LOWERED_TEXT];
    char state[128], why[96], data[TEST_VARIABLES + 1];
    size_t count;
    const struct test *test = &tests_all(&count)[hole->test];
    oracle_state_text(test, &hole->state, state, sizeof state);
    fprintf(out, "  %s ends as %s\n", test->name, state);
    oracle_data_names(hole, data);
    for (const char *p = data; *p; p++)
        fprintf(out, "    %c is data, and there is no race on it\n", *p);
    for (unsigned thread = 0; thread < test->threads; thread++) {
        fprintf(out, "    thread %u  ", thread);
        print_ops(test, thread, out);
        for (unsigned i = 0; test->ops[thread][i].kind; i++)
            fprintf(out, "%s%s", i ? " | " : "   is   ", hole->lowered.words[thread][i]);
        fputc('\n', out);
    }
    if (verdict->mapping->isa == ISA_X86_64) {
        fputs("  stores wait in the buffer of their thread while younger loads are done\n", out);
        return;
    }
    struct story story = {test, &hole->state, out, false};
    if (!lower_text(test, &hole->lowered, test->name, "", text, why, sizeof why))
        return;
    struct program *program = program_parse(test->name, text);
    explore(program, tell, &story);
    program_free(program);
}
