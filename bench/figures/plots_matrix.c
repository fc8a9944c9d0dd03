/* SPDX-License-Identifier: MIT
 *
 * plots_matrix.c: the heat map's data: how long a message takes between each two CPUs.
 */
#include <string.h>

#include "base/text.h"
#include "figures/plots_parts.h"
#include "report/matrix_table.h"
#include "samples/vocabulary.h"

static long number(const json_t *object, const char *key) {
    return (long)json_integer_value(json_object_get(object, key));
}

static const char *text(const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

/* Where a CPU stands in the picture; -1: nowhere. */
static long place_of(const json_t *cpus, json_int_t wanted) {
    size_t i;
    const json_t *cpu;
    json_array_foreach((json_t *)cpus, i, cpu) {
        if (json_integer_value(json_object_get(cpu, "cpu")) == wanted)
            return (long)i;
    }
    return -1;
}

/* Every lowering has a panel but A/A, whose code is the baseline's. */
static bool has_panel(const json_t *cell) {
    return !text_same(text(cell, "role"), role_name(ROLE_AA));
}

static void write_panels(const json_t *matrix, FILE *out) {
    const json_t *cells = json_object_get(matrix, "cells"), *cell;
    const char *base = text(json_array_get(cells, 0), "model");
    unsigned panel = 0;
    size_t i;
    plots_dataset(out, "matrix panels");
    json_array_foreach((json_t *)cells, i, cell) {
        char name[256], unit[256];
        const char *model = text(cell, "model");
        if (!has_panel(cell))
            continue;
        snprintf(name, sizeof name, "%s%s%s%s", text(cell, "lowering"),
                 strcmp(model, base) ? ", " : "", strcmp(model, base) ? model : "",
                 json_is_true(json_object_get(cell, "sound")) ? "" : " (unsound)");
        snprintf(unit, sizeof unit, "%s of %s", text(matrix, "unit"), text(matrix, "kernel"));
        fprintf(out, "%u", ++panel);
        plots_text(out, name);
        plots_text(out, unit);
        fputc('\n', out);
    }
}

/* Where one core, cluster or package ends and the next begins, and which of them: 1, 2, 3. */
static void write_cpus(const json_t *cpus, FILE *out) {
    static const char *const keys[] = {"core", "cluster", "package"};
    bool clusters = false;
    size_t i;
    const json_t *cpu, *before = json_array_get(cpus, 0);
    json_array_foreach((json_t *)cpus, i, cpu) {
        clusters |= number(cpu, "cluster") != number(cpu, "core");
    }
    plots_dataset(out, "matrix cpus");
    json_array_foreach((json_t *)cpus, i, cpu) {
        int level = 0;
        for (int k = 0; k < 3; k++)
            if (number(cpu, keys[k]) != number(before, keys[k]) && (k != 1 || clusters))
                level = k + 1;
        fprintf(out, "%zu\t%ld\t%d\n", i, number(cpu, "cpu"), level);
        before = cpu;
    }
}

static void write_pairs(const json_t *matrix, FILE *out) {
    const json_t *cells = json_object_get(matrix, "cells"), *pair;
    const json_t *cpus = json_object_get(matrix, "cpus");
    size_t i;
    json_array_foreach(json_object_get(matrix, "pairs"), i, pair) {
        const json_t *names = json_object_get(pair, "cpus");
        long a = place_of(cpus, json_integer_value(json_array_get(names, 0)));
        long b = place_of(cpus, json_integer_value(json_array_get(names, 1)));
        unsigned panel = 0;
        for (size_t c = 0; c < json_array_size(cells); c++) {
            double ns[3];
            if (!has_panel(json_array_get(cells, c)))
                continue;
            panel++;
            if (a >= 0 && b >= 0 && matrix_number(pair, "ns", c, ns))
                fprintf(out, "%u\t%ld\t%ld\t%.4g\n", panel, a > b ? a : b, a > b ? b : a, ns[0]);
        }
    }
}

bool plots_matrix(const struct report *report, FILE *out) {
    const json_t *matrix = report->matrix, *pair;
    bool any = false;
    size_t i;
    json_array_foreach(json_object_get(matrix, "pairs"), i, pair) {
        any |= json_object_get(pair, "ns") != NULL;
    }
    if (!any || out == NULL)
        return any;
    write_panels(matrix, out);
    write_cpus(json_object_get(matrix, "cpus"), out);
    plots_dataset(out, "matrix");
    write_pairs(matrix, out);
    return true;
}
