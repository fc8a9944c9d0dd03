/* SPDX-License-Identifier: MIT
 *
 * stalls.c: the figure `stalls`: where the cycles of each lowering go, as a stack, by kernel.
 */
#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "figures/plots_parts.h"
#include "report/counts.h"

enum { PARTS = 10, INSIDE = 3, MOST_PANELS = 12 };

/* The parts of a stack, in its order. A part is what its event counts in cycles, less the events
 * inside of it that are parts too. They are the makers' definitions that say what is inside what;
 * parts of different cores never meet in a run's set. Sources: as in the table of events. */
static const struct part {
    const char *name, *event, *inside[INSIDE];
} parts[PARTS] = {
    {"front end", "STALL_FRONTEND", {0}},
    {"memory", "STALL_BACKEND_MEM", {0}},
    {"store buffer full", "STALL_BACKEND_ST_STB", {0}},
    {"other stores", "STALL_BACKEND_ST", {"STALL_BACKEND_ST_STB"}},
    {"loads", "STALL_BACKEND_LD", {0}},
    {"other back end",
     "STALL_BACKEND",
     {"STALL_BACKEND_MEM", "STALL_BACKEND_ST", "STALL_BACKEND_LD"}},
    {"map stage", "MAP_STALL", {0}},
    {"loads", "EXE_ACTIVITY:BOUND_ON_LOADS", {0}},
    {"store buffer full", "EXE_ACTIVITY:BOUND_ON_STORES", {0}},
    {"back end", "DISPATCH_STALLS_1:BE_STALLS", {0}},
};

/* Cycles per operation of a part; 0 where it was not counted. */
static double part_cycles(const struct sample_set *set, size_t cell, const struct part *part,
                          const struct why_distrust *distrust) {
    double value = why_count(set, cell, cell, part->event, distrust).value;
    for (int i = 0; i < INSIDE && part->inside[i]; i++) {
        double inside = why_count(set, cell, cell, part->inside[i], distrust).value;
        value -= isnan(inside) ? 0 : inside;
    }
    /* A part counted in other rounds than what it holds may come out a little below nothing. */
    return isnan(value) ? NAN : fmax(value, 0);
}

static bool is_drawn(const struct sample_cell *cell) {
    return cell->role == ROLE_BASELINE || cell->role == ROLE_LOWERING;
}

/* A line a cell: its name, the parts, the rest of its cycles, all over the baseline's cycles. */
static size_t write_set(const struct sample_set *set, const struct why_distrust *distrust,
                        FILE *out) {
    double base = NAN;
    size_t lines = 0;
    for (size_t c = 0; c < set->cell_count; c++)
        if (set->cells[c].role == ROLE_BASELINE)
            base = why_count(set, c, c, "cycles", distrust).value;
    for (size_t c = 0; c < set->cell_count; c++) {
        double cycles = why_count(set, c, c, "cycles", distrust).value, rest = cycles;
        double values[PARTS];
        size_t counted = 0;
        for (int p = 0; p < PARTS; p++) {
            values[p] = part_cycles(set, c, &parts[p], distrust);
            counted += isnan(values[p]) ? 0 : 1;
            rest -= isnan(values[p]) ? 0 : values[p];
        }
        if (!is_drawn(&set->cells[c]) || counted == 0 || !(cycles > 0) || !(base > 0))
            continue;
        lines++;
        if (out == NULL)
            continue;
        char name[256];
        snprintf(name, sizeof name, "%s%s%s", set->cells[c].lowering,
                 set->cells[c].model == MEMMODEL_WEAK ? ", weak" : "",
                 set->cells[c].sound == SOUND_NO ? " (unsound)" : "");
        for (int p = 0; p < PARTS; p++)
            fprintf(out, "%.6g\t", isnan(values[p]) ? 0 : values[p] / base);
        fprintf(out, "%.6g", fmax(rest, 0) / base);
        plots_text(out, name);
        fputc('\n', out);
    }
    return lines;
}

static void write_parts(FILE *out) {
    plots_dataset(out, "stalls parts");
    for (int p = 0; p < PARTS; p++)
        fprintf(out, "%d\t%s\n", p + 1, parts[p].name);
    fprintf(out, "%d\tnot stalled, or not known\n", PARTS + 1);
}

bool stalls_write(const struct report *report, FILE *out) {
    size_t kernels, panels = 0, size;
    const char **names = report_kernels(report, &kernels);
    struct why_distrust distrust = counts_distrust(report);
    char *titles = NULL;
    FILE *titles_out = open_memstream(&titles, &size);
    for (size_t k = 0; k < kernels && panels < MOST_PANELS; k++) {
        const struct sample_set *set = summary_centre(report->run, names[k]);
        char at[128], title[256];
        if (set == NULL || write_set(set, &distrust, NULL) < 2)
            continue;
        panels++;
        if (out == NULL)
            continue;
        plots_dataset(out, "stalls %zu", panels);
        write_set(set, &distrust, out);
        report_at(set, at, sizeof at);
        snprintf(title, sizeof title, "%s %s", set->kernel, at);
        fprintf(titles_out, "%zu", panels);
        plots_text(titles_out, title);
        fputc('\n', titles_out);
    }
    fclose(titles_out);
    if (out && panels) {
        plots_dataset(out, "stalls panels");
        fputs(titles, out);
        write_parts(out);
    }
    free(titles);
    free(distrust.events);
    free(names);
    return panels > 0;
}
