/* SPDX-License-Identifier: MIT
 *
 * plots_core.c: a panel a question, a curve an instruction and memory model; with each the knee
 * that was found, or that there is none.
 */
#include "figures/plots_core.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/replace_file.h"
#include "base/text.h"
#include "core/core.h"
#include "figures/plots.h"

enum { MOST_PANELS = 32, MOST_SERIES = 24 }; /* as plots/core.gp has room for */

static const char *text(const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

/* What is read from a few points that have no order has no curve. */
static bool has_curve(const json_t *answer) {
    const char *reading = text(answer, "reading");
    return json_array_size(json_object_get(answer, "ns")) > 2 && !text_same(reading, "wait") &&
           !text_same(reading, "undone");
}

static void write_curve(const json_t *answer, size_t panel, size_t series, FILE *out) {
    const json_t *counts = json_object_get(answer, "counts"), *ns = json_object_get(answer, "ns");
    for (size_t i = 0; i < json_array_size(ns); i++)
        fprintf(out, "%zu\t%zu\t%lld\t%.5g\n", panel, series,
                (long long)json_integer_value(json_array_get(counts, i)),
                json_number_value(json_array_get(ns, i)));
}

/* A curve's name with its answer, and where its knee is. */
static void write_series(const json_t *answer, bool models, size_t panel, size_t series,
                         FILE *out) {
    char name[160], answered[64] = "undecided";
    double value[3];
    if (core_value(answer, value))
        snprintf(answered, sizeof answered, "%.3g %s", value[0], text(answer, "unit"));
    snprintf(name, sizeof name, "%s%s%s: %s", text(answer, "words"), models ? ", " : "",
             models ? text(answer, "model") : "", answered);
    bool knee = text_same(text(answer, "reading"), "knee") && !isnan(value[0]);
    fprintf(out, "%zu\t%zu\t%g", panel, series, knee ? value[0] : -1);
    plots_text(out, name);
    fputc('\n', out);
}

enum part { NOTHING, PANEL_NAMES, SERIES, POINTS };

/* Writes a part of all answers that have a curve, in panels that are numbered from 1, as series are
 * in each panel: how many panels. */
static size_t each_curve(const json_t *core, enum part part, FILE *out) {
    bool models = json_array_size(json_object_get(core, "models")) > 1;
    size_t i, panel = 0, series = 0;
    const json_t *answer;
    const char *question = NULL;
    json_array_foreach(json_object_get(core, "answers"), i, answer) {
        if (!has_curve(answer))
            continue;
        bool begins = question == NULL || !text_same(question, text(answer, "question"));
        question = text(answer, "question");
        if (begins && panel == MOST_PANELS)
            break;
        series = begins ? 1 : series + 1;
        panel += begins;
        if (part == PANEL_NAMES && begins) {
            fprintf(out, "%zu", panel);
            plots_text(out, question);
            fputc('\n', out);
        } else if (part == SERIES && series <= MOST_SERIES)
            write_series(answer, models, panel, series, out);
        else if (part == POINTS && series <= MOST_SERIES)
            write_curve(answer, panel, series, out);
    }
    return panel;
}

bool plots_core(const json_t *core, FILE *out) {
    static const struct {
        enum part part;
        const char *name;
    } parts[] = {{PANEL_NAMES, "core panels"}, {SERIES, "core series"}, {POINTS, "core"}};
    bool any = each_curve(core, NOTHING, NULL) > 0;
    for (size_t i = 0; any && out && i < sizeof parts / sizeof *parts; i++) {
        plots_dataset(out, "%s", parts[i].name);
        each_curve(core, parts[i].part, out);
    }
    return any;
}

int plots_core_draw(const json_t *core, const char *directory) {
    char path[PATH_MAX], caption[512];
    snprintf(path, sizeof path, "%s/" PLOTS_FILE, directory);
    snprintf(caption, sizeof caption,
             "%s, %s, %s. Time of a turn of accesses between fences, over how many of those asked "
             "about are in it: medians of %d processes; of the size of a buffer, 10th percentiles.",
             text(core, "machine"), text(core, "source"), text(core, "time"),
             (int)json_integer_value(json_object_get(core, "blocks")));
    struct replacement file = replace_begin_or_die(path);
    fputs("# Written by tsobench core for plots/core.gp.\n", file.file);
    plots_caption(file.file, false, 0, caption);
    plots_core(core, file.file);
    replace_end_or_die(&file);
    return plots_draw_one("core", directory, PLOT_SVG | PLOT_PNG);
}
