/* SPDX-License-Identifier: MIT
 *
 * show_plot.c: mixes as a figure: stacks, row by row, whose parts' edges are written here.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/replace_file.h"
#include "commands/cmd_trace_show.h"
#include "figures/plots.h"

/* A part of a stack: of which panel, what it is called, and how much of it a mix has. */
struct part {
    const char *name;
    double value;
};
enum { MAX_PARTS = 8 };

static size_t kinds_of(const struct trace_mix *m, struct part *parts) {
    double hundredth = m->instructions / 100;
    const struct part all[] = {
        {"load", m->loads.count - m->loads.vector},
        {"vector load", m->loads.vector},
        {"store", m->stores.count - m->stores.vector},
        {"vector store", m->stores.vector},
        {"locked", m->rmws.count},
        {"REP", m->movs.count + m->stos.count},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        parts[i] = (struct part){all[i].name, hundredth > 0 ? all[i].value / hundredth : 0};
    return sizeof all / sizeof all[0];
}

static size_t sizes_of(const struct trace_mix *m, struct part *parts) {
    static const char *const names[TRACE_MIX_SIZES] = {"1", "2", "4", "8", "10", "16", "32", "64"};
    for (unsigned s = 0; s < TRACE_MIX_SIZES; s++)
        parts[s] = (struct part){names[s], show_size_share(m, s)};
    return TRACE_MIX_SIZES;
}

static size_t bases_of(const struct trace_mix *m, struct part *parts) {
    double stack = trace_measure(m, MIX_stack), rip = trace_measure(m, MIX_rip);
    double segment = trace_measure(m, MIX_segment);
    bool any = m->loads.count + m->stores.count + m->rmws.count > 0;
    parts[0] = (struct part){"RSP", stack};
    parts[1] = (struct part){"another register", any ? 100 - stack - rip - segment : 0};
    parts[2] = (struct part){"RIP or none", rip};
    parts[3] = (struct part){"FS or GS", segment};
    return 4;
}

/* What makes order dear, each for itself: no stack. */
static size_t shares_of(const struct trace_mix *m, struct part *parts) {
    parts[0] = (struct part){"not aligned to its size", trace_measure(m, MIX_unaligned)};
    parts[1] = (struct part){"crosses 16 bytes", trace_measure(m, MIX_crosses_16)};
    parts[2] = (struct part){"load whose address was loaded", trace_measure(m, MIX_dependent)};
    return 3;
}

static const struct panel {
    const char *title;
    size_t (*parts)(const struct trace_mix *mix, struct part *parts);
    bool stacked;
} panels[] = {
    {"accesses in 100 instructions", kinds_of, true},
    {"% of them by size, bytes", sizes_of, true},
    {"% of them by base of the address", bases_of, true},
    {"% of them (the last: of loads)", shares_of, false},
};
enum { PANELS = sizeof panels / sizeof panels[0] };

static void write_panel(const struct shown *rows, size_t count, size_t p, FILE *out) {
    struct part parts[MAX_PARTS];
    size_t part_count = panels[p].parts(&rows[0].mix, parts);
    plots_dataset(out, "traces parts %zu", p + 1);
    for (size_t i = 0; i < part_count; i++)
        fprintf(out, "%zu\t%s\n", i + 1, parts[i].name);
    plots_dataset(out, "traces %zu", p + 1);
    for (size_t r = 0; r < count; r++) {
        double end = 0;
        panels[p].parts(&rows[r].mix, parts);
        for (size_t i = 0; i < part_count; i++) {
            double begin = panels[p].stacked ? end : 0;
            end = begin + parts[i].value;
            fprintf(out, "%zu\t%zu\t%.5g\t%.5g\n", r + 1, i + 1, begin, end);
        }
    }
}

static void write_data(const struct shown *rows, size_t count, FILE *out) {
    fputs("# Written by tsobench trace show for plots/traces.gp.\n", out);
    plots_caption(out, false, 0,
                  "Recorded programs of x86-64. A bar is the mean of windows by the share of the "
                  "run that they stand for. Below the names: what a window touches, and the loads "
                  "in its longest chain of addresses.");
    plots_dataset(out, "traces rows");
    for (size_t r = 0; r < count; r++) {
        fprintf(out, "%zu", r + 1);
        plots_text(out, rows[r].name);
        fprintf(out, "\t%.3g KiB, %.3g deep\n", trace_measure(&rows[r].mix, MIX_kib),
                trace_measure(&rows[r].mix, MIX_depth));
    }
    plots_dataset(out, "traces panels");
    for (size_t p = 0; p < PANELS; p++)
        fprintf(out, "%zu\t%d\t%s\n", p + 1, panels[p].stacked, panels[p].title);
    for (size_t p = 0; p < PANELS; p++)
        write_panel(rows, count, p, out);
}

int show_plot(const struct shown *rows, size_t count, const char *directory) {
    char *path;
    if (mkdir(directory, 0777) && errno != EEXIST)
        die(EXIT_USAGE, "cannot make the folder %s: %s", directory, strerror(errno));
    if (asprintf(&path, "%s/" PLOTS_FILE, directory) < 0)
        die(EXIT_FAILED, "out of memory");
    struct replacement file = replace_begin_or_die(path);
    write_data(rows, count, file.file);
    replace_end_or_die(&file);
    free(path);
    return plots_draw_one("traces", directory, PLOT_SVG | PLOT_PNG);
}
