/* SPDX-License-Identifier: MIT
 *
 * samples_values.c: what a sample comes to, and what is asked of a run that was read.
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "samples/samples_reader.h"

bool samples_simulated(const struct samples *run) {
    return run->source == SOURCE_SIMULATED;
}

const struct sample_column *samples_column(const struct sample_block *block, size_t cell) {
    return cell < block->column_count && block->columns[cell].ops ? &block->columns[cell] : NULL;
}

size_t samples_cell(const struct sample_set *set, const char *lowering, enum role role,
                    enum memmodel model) {
    size_t i = 0;
    while (i < set->cell_count && !(text_same(set->cells[i].lowering, lowering) &&
                                    set->cells[i].role == role && set->cells[i].model == model))
        i++;
    return i;
}

size_t samples_role(const struct sample_set *set, enum role role) {
    size_t i = 0;
    while (i < set->cell_count && set->cells[i].role != role)
        i++;
    return i;
}

struct sample_set *samples_set(const struct samples *run, const char *name) {
    const json_t *number = json_object_get(run->numbers, name);
    return number ? &run->sets[json_integer_value(number)] : NULL;
}

double samples_ns(const struct sample_set *set, const struct sample_block *block,
                  const struct sample_column *column, size_t round) {
    if (column->medians)
        return column->medians->ns;
    double operations = (double)column->ops * set->op_threads;
    return column->ticks[round] / block->ticks_per_ns / operations;
}

double samples_cycles(const struct sample_set *set, const struct sample_block *block,
                      const struct sample_column *column, size_t round) {
    if (column->medians)
        return column->medians->cycles;
    if (set->threads == 1 && column->cycles)
        return column->cycles[round] / (double)column->ops;
    double chain = (column->chain_before[round] + column->chain_after[round]) / 2;
    double gigahertz = block->chain_adds / (chain / block->ticks_per_ns);
    return samples_ns(set, block, column, round) * gigahertz;
}

double samples_ratio(const struct sample_set *set, const struct sample_block *block, size_t cell,
                     size_t base, size_t round) {
    const struct sample_column *column = samples_column(block, cell),
                               *other = samples_column(block, base);
    if (column == NULL || other == NULL)
        return NAN;
    if (column->medians)
        return column->medians->ratio / other->medians->ratio;
    return samples_ns(set, block, column, round) / samples_ns(set, block, other, round);
}

struct sample_tally samples_tally(const struct sample_block *block,
                                  const struct sample_column *column) {
    struct sample_tally tally = {0};
    if (column->medians)
        return column->medians->tally;
    for (size_t i = 0; i < block->rounds; i++) {
        bool spoiled = isnan(column->ticks[i]);
        double moved = fabs(column->chain_after[i] / column->chain_before[i] - 1);
        tally.samples += !spoiled;
        tally.spoiled += spoiled;
        tally.drifted += !spoiled && moved > 0.01;
    }
    return tally;
}

const char *parameter_of(const char *parameters, const char *key) {
    size_t length = strlen(key);
    for (const char *p = parameters; *p; p += *p == ',') {
        if (strncmp(p, key, length) == 0 && p[length] == '=')
            return p + length + 1;
        p += strcspn(p, ",");
    }
    return NULL;
}
