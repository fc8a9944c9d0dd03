/* SPDX-License-Identifier: MIT
 *
 * checklist.c: what a sceptical maintainer asks of a mail with such numbers, and what this run's
 * data answer. A question that the data do not answer is answered "no": nothing is claimed from
 * what the program is known or meant to do.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures/plots.h"
#include "formats/answers.h"
#include "formats/facts.h"
#include "formats/formats.h"

static bool has_parameter(const struct report *report, const char *text) {
    for (size_t i = 0; i < report->run->set_count; i++)
        if (report->run->sets[i].block_count && strstr(report->run->sets[i].parameters, text))
            return true;
    return false;
}

/* Whether events of a set of events were counted. */
static void answer_counted(struct list *list, const char *question, const char *wanted) {
    const struct samples *run = list->report->run;
    const char *events;
    for (size_t s = 0; s < run->set_count; s++)
        for (size_t i = 0; samples_event(&run->sets[s], i, &events); i++)
            if (strncmp(events, wanted, strlen(wanted)) == 0) {
                answer_text(list, question, "in events.tsv");
                return;
            }
    answer_text(list, question, NULL);
}

/* Questions and answers in their order, which is all there is to it: cut at 60 lines it would only
 * be harder to follow. So are those below. */
static void ask_of_machine(struct list *list, const struct facts *facts) {
    static const char *const cpu[] = {"name", "signature", "cpus", NULL};
    static const char *const erratum[] = {"erratum", "effect", NULL};
    const struct report *report = list->report;
    const char *because = report_machine_text(report, "memory_model.because");
    long pages = (long)json_integer_value(
        json_object_get(json_object_get(report->json, "memory"), "page_kib"));

    begin_item(list);
    answer_text(list, "kernel release", report_machine_text(report, "system.kernel"));
    answer_text(list, "build", report_machine_text(report, "system.kernel_version"));
    answer_text(list, "commit", NULL);
    answer_text(list, "config (ARM64_MEMORY_MODEL_CONTROL, ACTLR_STATE, HZ)", NULL);
    if (pages)
        answer(list, "page size", "%ld KiB", pages);
    else
        answer_text(list, "page size", NULL);
    answer_text(list, "VHE", NULL);
    answer_text(list, "hypervisor", report_machine_text(report, "virtualization.hypervisor"));
    answer_text(list, "boot log", NULL);
    end_item(list);

    begin_item(list);
    answer_array(list, "cores (name, MIDR or signature, CPUs)", "cpus", cpu);
    answer_text(list, "REVIDR", NULL);
    answer_text(list, "cluster, die", NULL);
    answer_text(list, "firmware", NULL);
    answer_array(list, "features", "features", NULL);
    answer_array(list, "errata seen", "errata", erratum);
    end_item(list);

    begin_item(list);
    answer_litmus(list);
    answer_text(list, "what the kernel said of the mode", because);
    end_item(list);

    begin_item(list);
    answer_text(list, "the mode's state", report_machine_text(report, "memory_model.state"));
    answer_text(list, "who else was in TSO mode", NULL);
    end_item(list);

    begin_item(list);
    answer_text(list, "disassembly attached", NULL);
    if (facts->symbols == facts->cells && facts->cells)
        answer(list, "the code that ran", "named by symbol in all %zu cells", facts->cells);
    else
        answer_text(list, "the code that ran", NULL);
    answer_text(list, "exact sequences", NULL);
    answer_text(list, "mapping checked by herd", NULL);
    end_item(list);

    begin_item(list);
    if (facts->references)
        answer(list, "reference beside the baseline", "in %zu sets", facts->references);
    else
        answer_text(list, "reference beside the baseline", NULL);
    answer_text(list, "pair instructions", has_parameter(report, "pair") ? "yes" : NULL);
    answer_text(list, "the baseline's twin at another address", facts->twins ? "yes" : NULL);
    answer_lowering(list, "QEMU-style barriers", "dmb-qemu");
    answer_lowering(list, "LDAPR and STLR", "ldapr-stlr");
    end_item(list);
}

static void ask_of_method(struct list *list, const struct facts *facts, const char *files) {
    const struct report *report = list->report;
    char placements[256] = "";
    begin_item(list);
    answer(list, "time", "yes");
    answer(list, "cycles", "%s",
           facts->counted_cells ? "PMU where one thread ran, else add chains"
                                : "from add chains around every sample");
    answer_text(list, "PMU read overhead subtracted", NULL);
    answer_text(list, "governor", report_machine_text(report, "frequency.governor"));
    answer(list, "frequency measured at each sample", "yes, %.1f%% moved more than 1%%",
           facts->samples ? 100.0 * (double)facts->drifted / (double)facts->samples : 0);
    answer_text(list, "thermal log", NULL);
    end_item(list);

    for (size_t i = 0; i < facts->placement_count; i++)
        snprintf(placements + strlen(placements), sizeof placements - strlen(placements), "%s%s",
                 i ? ", " : "", facts->placements[i]);
    begin_item(list);
    answer_text(list, "pinned to CPUs", placements);
    answer(list, "samples with a migration", "%zu", facts->migrated);
    answer(list, "preemptions", "%zu", facts->preempted);
    if (facts->throttled_blocks)
        answer(list, "blocks stopped by a CPU quota", "%zu of %zu", facts->throttled_blocks,
               facts->blocks);
    answer_text(list, "cluster", NULL);
    answer_text(list, "isolated CPUs", report_machine_text(report, "system.isolated_cpus"));
    answer_text(list, "IRQ load", NULL);
    if (facts->fresh_blocks == facts->blocks && facts->blocks)
        answer(list, "random address-space layout", "in all %zu processes", facts->blocks);
    else
        answer_text(list, "random address-space layout", NULL);
    answer_text(list, "page colour", NULL);
    if (facts->page_most == facts->page_least && facts->page_most)
        answer(list, "buffers' pages", "%ld KiB", facts->page_most);
    else if (facts->page_most)
        answer(list, "buffers' pages", "%ld to %ld KiB (0: not verified)", facts->page_least,
               facts->page_most);
    else
        answer_text(list, "buffers' pages verified", NULL);
    answer_text(list, "prefault verified", NULL);
    end_item(list);

    begin_item(list);
    answer(list, "order", "random within each round, seed %s", report->run->seed);
    answer(list, "processes of a set", "%zu to %zu", facts->blocks_least, facts->blocks_most);
    answer(list, "samples of a cell", "%zu to %zu", facts->samples_least, facts->samples_most);
    if (samples_simulated(report->run))
        answer(list, "estimate", "one sample of a deterministic model, no interval");
    else
        answer(list, "estimate",
               "median of rounds, geometric mean of processes, 95%% interval by "
               "bootstrap over processes (Student's below %d)",
               STATS_FEWEST_BLOCKS);
    answer(list, "outliers dropped", "none; spoiled samples left out: %zu of %zu", facts->spoiled,
           facts->samples + facts->spoiled);
    answer(list, "wrong results", "%zu", facts->check_failed);
    answer(list, "raw data", "%s", files);
    answer(list, "A/A floor", "%s", "");
    report_floor(report, ROLE_AA, list->item);
    answer(list, "least effect that is told from none", "the floor of each row");
    answer_text(list, "repeated on another day", NULL);
    end_item(list);

    begin_item(list);
    answer(list, "working sets", "in the parameters of each row");
    answer_text(list, "store-buffer level", NULL);
    answer_peaks(list);
    end_item(list);

    begin_item(list);
    if (!isnan(facts->instructions))
        answer(list, "instructions of identical code equal between modes", "within %.3f%%",
               100 * facts->instructions);
    else
        answer(list, "instructions of identical code equal between modes", "no%s%s",
               facts->pmu_skipped ? ", " : "", facts->pmu_skipped ? facts->pmu_skipped : "");
    answer_counted(list, "backend stalls", "stall");
    answer_counted(list, "DMB, RC_LD, RC_ST counts", "mix");
    answer_counted(list, "store-order violations", "order");
    answer(list, "events multiplexed", facts->counted_cells ? "no" : "nothing was counted");
    end_item(list);
}

static void ask_of_claims(struct list *list, const struct facts *facts,
                          const struct plot_source *source, const char *files) {
    const struct report *report = source->report;
    size_t kinds = json_array_size(json_object_get(report->json, "cpus")), count;
    struct plot plots[PLOTS];
    plots_of(source, plots);

    begin_item(list);
    answer_text(list, "two chips", NULL);
    if (kinds > 1)
        answer(list, "kinds of core", "%zu on the machine", kinds);
    else
        answer_text(list, "kinds of core", NULL);
    answer(list, "threads", "%u to %u", facts->threads_least, facts->threads_most);
    answer(list, "negative results", "%zu of %zu ratios show no difference and are in the report",
           facts->below_floor, facts->ratios);
    end_item(list);

    const char **kernels = report_kernels(report, &count);
    bool traces = false;
    for (size_t i = 0; i < count; i++)
        traces |= strstr(kernels[i], "trace") != NULL;
    free(kernels);
    begin_item(list);
    answer(list, "claim about emulators", "none");
    answer_text(list, "traces of programs", traces ? "yes" : NULL);
    answer_text(list, "mix of accesses published", NULL);
    answer(list, "correctness of each variant", "%zu of %zu ratios are of unsound code, marked so",
           facts->unsound, facts->ratios);
    end_item(list);

    begin_item(list);
    answer_text(list, "sensitivity curves", plots_has(plots, "sensitivity") ? "yes" : NULL);
    answer(list, "means", "geometric, of ratios, each kernel once, beside the least and the most");
    end_item(list);

    begin_item(list);
    answer(list, "one command", "%s", report->run->command);
    answer_text(list, "suite bound by a licence", NULL);
    answer(list, "table in this mail", "yes");
    answer(list, "plots", "%s", files);
    end_item(list);

    begin_item(list);
    answer(list, "wording", "what was measured; no advice");
    answer_text(list, "macOS", NULL);
    end_item(list);

    size_t i;
    json_t *missing;
    begin_item(list);
    answer(list, "not shown",
           "no litmus run proves that an outcome cannot be; "
           "%zu cells were skipped",
           facts->skipped);
    json_array_foreach(json_object_get(report->json, "missing"), i, missing) {
        const char *what = json_string_value(json_object_get(missing, "what"));
        const char *why = json_string_value(json_object_get(missing, "why"));
        answer(list, "not here", "%s (%s)", what ? what : "", why ? why : "");
    }
    if (!report->run->complete)
        answer(list, "the run", "was not finished");
    end_item(list);
}

void format_checklist(const struct plot_source *source, const char *files, FILE *out) {
    struct list list = {.report = source->report, .out = out};
    struct facts facts = facts_of(source->report);
    ask_of_machine(&list, &facts);
    ask_of_method(&list, &facts, files);
    ask_of_claims(&list, &facts, source, files);
}
