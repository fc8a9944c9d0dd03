/* SPDX-License-Identifier: MIT */
#include "oracle/answer.h"

static void print_value(const struct program *program, uint64_t value, FILE *out) {
    int location = program_location(program, value);
    if (location >= 0)
        fputs(program->location[location], out);
    else
        fprintf(out, "%lld", (long long)value);
}

void answer_state(const struct program *program, const uint64_t *state, FILE *out) {
    for (unsigned i = 0; i < program->observed_count; i++) {
        const struct observed *it = &program->observed[i];
        fputs(i ? " " : "", out);
        if (it->is_register)
            fprintf(out, "%u:X%u=", it->thread, it->index);
        else
            fprintf(out, "[%s]=", program->location[it->index]);
        print_value(program, state[i], out);
        fputc(';', out);
    }
}

static const char *kind_of(enum quantifier quantifier) {
    return quantifier == QUANTIFIER_ALL     ? "Required"
           : quantifier == QUANTIFIER_NEVER ? "Forbidden"
                                            : "Allowed";
}

bool answer_print(const struct program *program, FILE *out) {
    struct states states;
    if (!explore_states(program, &states)) {
        states_free(&states);
        return false;
    }
    size_t holds = 0;
    fprintf(out, "Test %s %s\nStates %zu\n", program->name, kind_of(program->quantifier),
            states.count);
    for (size_t i = 0; i < states.count; i++) {
        const uint64_t *state = states.values + i * states.width;
        holds += condition_holds(&program->condition, state);
        answer_state(program, state, out);
        fputc('\n', out);
    }
    bool all = holds == states.count;
    bool ok = program->quantifier == QUANTIFIER_ALL     ? all
              : program->quantifier == QUANTIFIER_NEVER ? holds == 0
                                                        : holds > 0;
    if (program->quantifier != QUANTIFIER_NONE) {
        int length = 0;
        for (const char *p = program->condition_text; *p; p++)
            length = *p == ' ' || *p == '\n' ? length : (int)(p - program->condition_text) + 1;
        fprintf(out, "%s\nCondition %.*s\n", ok ? "Ok" : "No", length, program->condition_text);
        fprintf(out, "Observation %s %s\n", program->name,
                holds == 0 ? "Never"
                : all      ? "Always"
                           : "Sometimes");
    }
    states_free(&states);
    return true;
}
