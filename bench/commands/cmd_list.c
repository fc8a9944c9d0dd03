/* SPDX-License-Identifier: MIT
 *
 * cmd_list.c: `tsobench list`: what was built, from the rows that built it.
 */
#include <stdio.h>

#include "base/die.h"
#include "base/options.h"
#include "base/text.h"
#include "block/block.h"
#include "commands/cmd_list.h"
#include "commands/commands.h"
#include "machine/errata.h"
#include "machine/feature.h"
#include "oracle/oracle.h"
#include "plan/registry.h"
#include "plan/request.h"

static const char help[] =
    "NAME\n"
    "    tsobench list - kernels, lowerings, suites and sets of this program\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench list [--kernels] [--lowerings] [--policies] [--suites] [--sets]\n"
    "                  [--suite NAME] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    Without an option: kernels, lowerings and suites. A kernel is a\n"
    "    hand-written workload; a lowering is how each of its accesses becomes\n"
    "    instructions; a suite is how much of the kernels' parameter space is\n"
    "    measured; a set is one point of that space, in which all lowerings and\n"
    "    memory models are compared.\n"
    "\n"
    "OPTIONS\n"
    "    --kernels      what they do, their parameters (values of the smoke suite\n"
    "                   first), threads\n"
    "    --lowerings    their instructions, who uses them, and whether they keep\n"
    "                   x86-TSO\n"
    "    --policies     of the replays of traces, for both ISAs: what each makes of\n"
    "                   an access, who does so, whether that keeps x86-TSO, and\n"
    "                   which accesses it tears\n"
    "    --suites       names and sizes\n"
    "    --sets         the sets of a suite on this machine, about how long each\n"
    "                   takes, and why one cannot run\n"
    "    --suite NAME   of --sets and --json (default: quick)\n"
    "    --json         everything, as one JSON object\n"
    "    --help         this text in short; --manual: in full\n";

static json_t *feature_list(unsigned bits) {
    json_t *array = json_array();
    for (unsigned bit = 1; bit; bit <<= 1)
        if (bits & bit)
            json_array_append_new(array, json_string(feature_name(bit)));
    return array;
}

static json_t *use_list(unsigned uses) {
    json_t *array = json_array();
    for (unsigned i = 0; registry_use_name(i); i++)
        if (uses & 1u << i)
            json_array_append_new(array, json_string(registry_use_name(i)));
    return array;
}

static json_t *sequence_json(const struct sequence *sequence) {
    const struct mapping mapping = {.sequence = *sequence};
    json_t *json = json_object();
    for (size_t row = 0; row < OPERATION_SEQUENCES; row++) {
        const char *value = mapping_sequence(&mapping, row);
        if (value)
            json_object_set_new(json, operation_rows[row].key, json_string(value));
    }
    return json;
}

static const struct verdict *verdict_of(const struct lowering *lowering) {
    const struct mapping mapping = mapping_of(lowering, isa_here());
    return oracle_judge(&mapping, REFERENCE_TSO);
}

static json_t *holes_json(const struct lowering *lowering) {
    const struct verdict *verdict = verdict_of(lowering);
    json_t *array = json_array();
    size_t count;
    char name[128];
    for (unsigned i = 0; i < verdict->hole_count; i++) {
        oracle_hole_name(&verdict->holes[i], name, sizeof name);
        json_array_append_new(array, json_pack("{s:s, s:s}", "for", name, "witness",
                                               tests_all(&count)[verdict->holes[i].test].name));
    }
    return array;
}

static json_t *torn_json(const struct lowering *lowering) {
    const struct mapping mapping = mapping_of(lowering, isa_here());
    unsigned torn = oracle_not_atomic(&mapping, mapping.needs);
    json_t *array = json_array();
    for (unsigned i = 0; i < TORN_KINDS; i++)
        if (torn >> i & 1)
            json_array_append_new(array, json_string(oracle_torn_text(1u << i)));
    return array;
}

static json_t *lowering_json(const struct lowering *lowering) {
    json_t *data =
        lowering->coverage == COVERAGE_SYNC ? sequence_json(&lowering->data) : json_null();
    return json_pack("{s:s, s:s?, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:i}", "name",
                     lowering->name, "used_by", lowering->used_by, "coverage",
                     coverage_name(lowering->coverage), "needs", feature_list(lowering->needs),
                     "rmw_needs", feature_list(lowering->rmw_needs), "sequence",
                     sequence_json(&lowering->sequence), "data", data, "unsound_for",
                     holes_json(lowering), "not_single_copy_atomic", torn_json(lowering),
                     "data_races", lowering->coverage == COVERAGE_ALL, "erratum",
                     lowering->erratum ? json_integer(lowering->erratum) : json_null(), "weight",
                     (int)lowering->weight);
}

static json_t *kernel_json(const struct kernel *kernel) {
    json_t *axes = json_array();
    const struct kernel_extras *extras = kernel_extras(kernel);
    if (extras->open)
        extras->open(NULL);
    for (unsigned i = 0; kernel->axes && kernel->axes[i].key; i++) {
        json_t *values = json_array();
        for (const struct axis_value *value = kernel->axes[i].values; value->text; value++)
            json_array_append_new(values, json_pack("{s:s, s:i, s:o}", "value", value->text,
                                                    "weight", (int)value->weight, "needs",
                                                    feature_list(value->needs)));
        json_array_append_new(
            axes, json_pack("{s:s, s:o}", "key", kernel->axes[i].key, "values", values));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:o, s:i, s:i, s:o, s:s?}", "name", kernel->name,
                     "family", kernel->family, "summary", kernel->summary, "op", kernel->op,
                     "weight", (int)kernel->weight, "uses", use_list(kernel->uses), "min_threads",
                     (int)kernel->min_threads, "max_threads", (int)kernel->max_threads, "axes",
                     axes, "metric", extras->metric_name);
}

static struct plan plan_here(const struct suite *suite) {
    char missing[256];
    struct job job = {0};
    request_from_machine(&job, suite, NULL, NULL, missing, sizeof missing);
    return plan_make(&job.request);
}

static json_t *set_json(const struct set *set, const struct suite *suite) {
    json_t *cells = json_array();
    for (unsigned i = 0; i < set->cell_count; i++)
        json_array_append_new(cells, json_pack("{s:s, s:s, s:s}", "lowering", set->cells[i].name,
                                               "role", role_name(set->cells[i].role), "model",
                                               memmodel_name(set->cells[i].model)));
    return json_pack("{s:s, s:s, s:s, s:i, s:I, s:f, s:o, s:o}", "name", set->name, "kernel",
                     set->kernel->name, "params", set->parameters, "threads", (int)set->threads,
                     "footprint", (json_int_t)set->footprint, "seconds",
                     plan_set_seconds(set, suite), "skip",
                     set->skip[0] ? json_string(set->skip) : json_null(), "cells", cells);
}

static void print_json(const struct suite *chosen) {
    size_t count;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    json_t *json_lowerings = json_array(), *kernels = json_array(), *suites = json_array();
    json_t *sets = json_array();
    struct plan plan = plan_here(chosen);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(json_lowerings, lowering_json(lowerings[i]));
    for (const struct kernel *const *kernel = registry_kernels(); *kernel; kernel++)
        json_array_append_new(kernels, kernel_json(*kernel));
    for (const struct suite *suite = plan_suites; suite->name; suite++)
        json_array_append_new(
            suites, json_pack("{s:s, s:s}", "name", suite->name, "summary", suite->summary));
    for (size_t i = 0; i < plan.count; i++)
        json_array_append_new(sets, set_json(&plan.sets[i], chosen));
    json_t *root = json_pack("{s:o, s:o, s:o, s:s, s:o}", "lowerings", json_lowerings, "kernels",
                             kernels, "suites", suites, "suite", chosen->name, "sets", sets);
    json_dumpf(root, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(root);
    plan_free(&plan);
}

static void print_kernels(void) {
    puts("KERNELS");
    for (const struct kernel *const *at = registry_kernels(); *at; at++) {
        const struct kernel *kernel = *at;
        const struct kernel_extras *extras = kernel_extras(kernel);
        if (extras->open)
            extras->open(NULL);
        printf("  %-18s%s\n", kernel->name, kernel->summary);
        printf("  %-18sone operation: %s; threads: %u", "", kernel->op, kernel->min_threads);
        if (kernel->max_threads == 0)
            printf(" to all");
        else if (kernel->max_threads != kernel->min_threads)
            printf(" to %u", kernel->max_threads);
        if (extras->metric_name)
            printf("; also %s", extras->metric_name);
        putchar('\n');
        for (unsigned i = 0; kernel->axes && kernel->axes[i].key; i++) {
            printf("  %-18s%s =", "", kernel->axes[i].key);
            for (const struct axis_value *value = kernel->axes[i].values; value->text; value++)
                printf(" %s", value->text);
            putchar('\n');
        }
    }
}

void list_holes(const struct verdict *verdict) {
    size_t count;
    char name[128];
    printf("      %-22s %s", "weak",
           verdict->hole_count ? "UNSOUND for "
           : verdict->unknown  ? "undecided"
                               : "sound");
    for (unsigned i = 0; i < verdict->hole_count; i++) {
        oracle_hole_name(&verdict->holes[i], name, sizeof name);
        printf("%s%s (%s)", i ? ", or " : "", name, tests_all(&count)[verdict->holes[i].test].name);
    }
}

void list_torn(unsigned torn) {
    for (unsigned i = 0; i < TORN_KINDS; i++)
        if (torn >> i & 1)
            printf("      %-22s %s\n", "order only", oracle_torn_text(1u << i));
}

/* In weak mode; a CPU that is TSO in any case is that. */
static void print_soundness(const struct lowering *lowering) {
    const struct mapping mapping = mapping_of(lowering, isa_here());
    if (isa_here() == ISA_X86_64) {
        printf("      %-22s sound\n", "fixed-tso");
        return;
    }
    list_holes(verdict_of(lowering));
    puts(lowering->coverage == COVERAGE_SYNC ? ", without data races" : "");
    list_torn(oracle_not_atomic(&mapping, mapping.needs));
    printf("      %-22s sound\n", "tso, fixed-tso");
}

static void print_lowering(const struct lowering *lowering) {
    printf("  %s\n      used by %s\n      coverage %s%s\n", lowering->name, lowering->used_by,
           lowering->coverage == COVERAGE_SYNC ? "sync: data accesses are plain" : "all",
           lowering->weight ? "; not in the quick suite" : "");
    const struct mapping mapping = mapping_of(lowering, isa_here());
    for (size_t row = 0; row < OPERATION_SEQUENCES; row++) {
        const char *value = mapping_sequence(&mapping, row);
        if (value)
            printf("      %-22s %s\n", operation_rows[row].key, value);
    }
    unsigned needs = lowering->needs | lowering->rmw_needs;
    for (unsigned bit = 1; bit; bit <<= 1)
        if (needs & bit)
            printf("      needs                  %s%s\n", feature_name(bit),
                   lowering->needs & bit ? "" : " for read-modify-writes");
    if (lowering->erratum)
        printf("      erratum                %u: %s\n", lowering->erratum,
               errata_effect(lowering->erratum));
    print_soundness(lowering);
}

static void print_lowerings(void) {
    size_t count;
    const struct lowering *const *lowerings = registry_lowerings(&count);
    puts("LOWERINGS");
    for (size_t i = 0; i < count; i++)
        print_lowering(lowerings[i]);
}

static void print_suites(void) {
    puts("SUITES");
    for (const struct suite *suite = plan_suites; suite->name; suite++) {
        struct plan plan = plan_here(suite);
        size_t runnable = 0;
        for (size_t i = 0; i < plan.count; i++)
            runnable += plan.sets[i].skip[0] == 0;
        printf("  %-10s  %s (here %zu sets)\n", suite->name, suite->summary, runnable);
        plan_free(&plan);
    }
}

static void print_sets(const struct suite *suite) {
    struct plan plan = plan_here(suite);
    double seconds = 0;
    for (size_t i = 0; i < plan.count; i++)
        seconds += plan_set_seconds(&plan.sets[i], suite);
    printf("SETS of the %s suite on this machine: about %.0f s", suite->name, seconds);
    if (suite->max_blocks > suite->min_blocks)
        printf(", and further blocks for wide intervals until %.0f s", suite->limit_seconds);
    putchar('\n');
    for (size_t i = 0; i < plan.count; i++) {
        printf("  %-52s", plan.sets[i].name);
        if (plan.sets[i].skip[0])
            printf(" skipped: %s\n", plan.sets[i].skip);
        else
            printf(" %2u cells, %.1f s\n", plan.sets[i].cell_count,
                   plan_set_seconds(&plan.sets[i], suite));
    }
    plan_free(&plan);
}

int cmd_list(int argc, char **argv) {
    enum { KERNELS = 1, LOWERINGS = 2, SUITES = 4, SETS = 8, JSON = 16, SUITE = 32, POLICIES = 64 };
    static const struct option options[] = {
        {"kernels", no_argument, NULL, KERNELS},   {"lowerings", no_argument, NULL, LOWERINGS},
        {"policies", no_argument, NULL, POLICIES}, {"suites", no_argument, NULL, SUITES},
        {"sets", no_argument, NULL, SETS},         {"json", no_argument, NULL, JSON},
        {"suite", required_argument, NULL, SUITE}, {0}};
    const struct suite *suite = plan_suite_named("quick");
    int wanted = 0;
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        wanted |= option & ~SUITE;
        if (option == SUITE)
            suite = plan_suite_named(optarg);
    }
    options_end(argc, argv);
    if (wanted & JSON) {
        print_json(suite);
        return EXIT_DONE;
    }
    if (wanted == 0)
        wanted = KERNELS | LOWERINGS | SUITES;
    if (wanted & KERNELS)
        print_kernels();
    if (wanted & LOWERINGS)
        print_lowerings();
    if (wanted & POLICIES)
        list_policies();
    if (wanted & SUITES)
        print_suites();
    if (wanted & SETS)
        print_sets(suite);
    return EXIT_DONE;
}
