/* SPDX-License-Identifier: MIT */
#include "selftest/identical.h"

#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/text.h"
#include "plan/registry.h"

/* A 95 % interval is so many standard errors to each side. */
#define NORMAL_975 1.96

static const char *const kind_names[] = {"A/A", "twin", "native"};

bool identical_native(const struct kernel *kernel, const char *architecture) {
    return text_same(architecture, "x86_64") && kernel && !(kernel->uses & USES_FENCE);
}

static bool is_of_kind(const struct summary_row *row, enum identical_kind kind,
                       const char *architecture) {
    size_t count;
    const struct lowering *plain = registry_lowerings(&count)[0];
    if (kind == IDENTICAL_NATIVE)
        return row->role == ROLE_LOWERING && text_same(row->lowering, "native") &&
               identical_native(registry_kernel(plain, row->set->kernel), architecture);
    return row->role == (kind == IDENTICAL_AA ? ROLE_AA : ROLE_TWIN);
}

/* Of a kind's ratios with intervals; `found` has room for all rows. */
static size_t find_ratios(const struct summary *summary, enum identical_kind kind,
                          const char *kernel, const char *architecture, struct interval *found) {
    size_t count = 0;
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_row *row = &summary->rows[i];
        if (stats_has_ends(row->ratio) && is_of_kind(row, kind, architecture) &&
            (kernel == NULL || text_same(row->set->kernel, kernel)))
            found[count++] = row->ratio;
    }
    return count;
}

static struct identical summed(const struct interval *ratios, size_t count) {
    struct identical sum = {.sets = count};
    double mean = 0, squares = 0, weights = 0, weighted = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) {
        double value = log(ratios[i].value), width = log(ratios[i].high / ratios[i].low);
        sum.excluding += ratios[i].low > 1 || ratios[i].high < 1;
        mean += value / n;
        weights += width > 0 ? 1 / (width * width) : 0;
        weighted += width > 0 ? value / (width * width) : 0;
    }
    for (size_t i = 0; i < count; i++)
        squares += pow(log(ratios[i].value) - mean, 2);
    sum.mean = count ? exp(mean) : NAN;
    sum.error = count > 1 ? sqrt(squares / (n - 1) / n) : NAN;
    sum.weighted = weights > 0 ? exp(weighted / weights) : NAN;
    sum.weighted_error = weights > 0 ? 1 / (2 * NORMAL_975 * sqrt(weights)) : NAN;
    return sum;
}

struct identical identical_of(const struct summary *summary, enum identical_kind kind,
                              const char *kernel, const char *architecture) {
    struct interval *ratios = allocate(summary->count, sizeof *ratios);
    struct identical sum = summed(ratios, find_ratios(summary, kind, kernel, architecture, ratios));
    free(ratios);
    return sum;
}

/* Kernels whose mean is so far from 1 are named, with its interval. */
static const double far_from_1 = 0.002;

static void print_kernels(const struct summary *summary, enum identical_kind kind,
                          const char *architecture, FILE *out) {
    const struct samples *run = summary->run;
    struct interval *ratios = allocate(summary->count, sizeof *ratios);
    for (size_t i = 0; i < run->set_count; i++) {
        const char *kernel = run->sets[i].kernel;
        if (i && text_same(kernel, run->sets[i - 1].kernel))
            continue;
        size_t count = find_ratios(summary, kind, kernel, architecture, ratios);
        struct interval mean = stats_geometric_mean(ratios, count);
        if (count && fabs(log(mean.value)) > far_from_1)
            fprintf(out, "%s\t%s\t%zu\t%+.3f\t[%+.3f, %+.3f]\t%s\n", kind_names[kind], kernel,
                    count, 100 * log(mean.value), 100 * log(mean.low), 100 * log(mean.high),
                    mean.low > 1 || mean.high < 1 ? "excludes 0" : "holds 0");
    }
    free(ratios);
}

void identical_print(const struct summary *summary, const char *architecture, FILE *out) {
    fputs("code\tsets\texclude 1\tshare, %\tmean of log ratios, %\tits error\t"
          "weighted mean, %\tits error\n",
          out);
    for (enum identical_kind kind = 0; kind < IDENTICAL_KINDS; kind++) {
        struct identical sum = identical_of(summary, kind, NULL, architecture);
        if (sum.sets)
            fprintf(out, "%s\t%zu\t%zu\t%.1f\t%+.4f\t%.4f\t%+.4f\t%.4f\n", kind_names[kind],
                    sum.sets, sum.excluding, 100 * (double)sum.excluding / (double)sum.sets,
                    100 * log(sum.mean), 100 * sum.error, 100 * log(sum.weighted),
                    100 * sum.weighted_error);
    }
    fputs("\ncode\tkernel\tsets\tmean of log ratios, %\t95 % interval\tbeyond 0.2 %\n", out);
    for (enum identical_kind kind = 0; kind < IDENTICAL_KINDS; kind++)
        print_kernels(summary, kind, architecture, out);
}
