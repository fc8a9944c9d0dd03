/* SPDX-License-Identifier: MIT
 *
 * checklist.c: what a sceptical maintainer asks of a mail with such numbers, and what this run's
 * data answer. A question that the data do not answer is answered "no", with what would answer it:
 * nothing is claimed from what the program is known or meant to do.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
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

/* What only hardware of arm64 has, and no run says. */
static void answer_arm64_hardware(struct list *list, const char *question, const char *remedy) {
    if (samples_simulated(list->report->run))
        answer_hardware(list, question, NULL, remedy);
    else
        answer_arm64(list, question, NULL, remedy);
}

static bool has_kernel(const struct report *report, const char *name) {
    for (size_t i = 0; i < report->run->set_count; i++)
        if (report->run->sets[i].block_count && text_same(report->run->sets[i].kernel, name))
            return true;
    return false;
}

/* Interrupts of the CPUs that measure, where the run says how many a second. */
static void answer_irqs(struct list *list) {
    const json_t *rate =
        json_object_get(json_object_get(list->report->json, "system"), "interrupts_per_second");
    if (json_is_number(rate))
        answer(list, "IRQ load", "%.0f a second on all CPUs together, when the run began",
               json_number_value(rate));
    else if (samples_simulated(list->report->run))
        answer(list, "IRQ load", "none: no kernel runs");
    else
        answer_text(list, "IRQ load", NULL, "a run of this version");
}

/* Whether events of a set of events were counted. */
static void answer_counted(struct list *list, const char *question, const char *wanted) {
    const struct samples *run = list->report->run;
    const char *events;
    for (size_t s = 0; s < run->set_count; s++)
        for (size_t i = 0; samples_event(&run->sets[s], i, &events); i++)
            if (strncmp(events, wanted, strlen(wanted)) == 0) {
                answer_text(list, question, "in events.tsv", NULL);
                return;
            }
    answer_text(list, question, NULL, "a PMU (tsobench probe --pmu)");
}

/* Who runs in TSO mode while this program measures. */
static const char *who_else(const struct report *report) {
    switch (report_base_model(report)) {
    case MEMMODEL_FIXED_TSO:
        return "everybody: this CPU knows no other mode";
    case MEMMODEL_TSO:
        return samples_simulated(report->run)
                   ? "both cores, and nothing else runs on them"
                   : "of this program the threads that measure, by prctl, for a block's TSO "
                     "samples, "
                     "and the kernel on their behalf; of other processes nothing is known";
    default:
        return "nobody: no such mode was asked for";
    }
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
    answer_text(list, "kernel release", report_machine_text(report, "system.kernel"), "uname -r");
    answer_text(list, "build", report_machine_text(report, "system.kernel_version"), "uname -v");
    answer_hardware(list, "commit", NULL, "the kernel's builder knows it");
    answer_hardware(list, "config (ARM64_MEMORY_MODEL_CONTROL, ACTLR_STATE, HZ)",
                    report_machine_text(report, "system.kernel_config"), "zcat /proc/config.gz");
    if (pages)
        answer(list, "page size", "%ld KiB", pages);
    else
        answer_text(list, "page size", NULL, "getconf PAGESIZE");
    answer_arm64_hardware(list, "VHE", "dmesg | grep -i vhe");
    answer_text(list, "hypervisor", report_machine_text(report, "virtualization.hypervisor"),
                "tsobench probe");
    answer_arm64_hardware(list, "boot log", "dmesg | grep -i tso");
    end_item(list);

    begin_item(list);
    answer_array(list, "cores (name, MIDR or signature, CPUs)", "cpus", cpu, "no");
    answer_arm64_hardware(list, "REVIDR", "/sys/devices/system/cpu/cpu*/regs/identification");
    answer_hardware(list, "cluster, die", NULL, "lscpu -e; lstopo");
    answer_hardware(list, "firmware", NULL, "dmidecode -t bios");
    answer_array(list, "features", "features", NULL, "none");
    answer_array(list, "errata seen", "errata", erratum, "none");
    end_item(list);

    begin_item(list);
    answer_litmus(list);
    answer_text(list, "what the kernel said of the mode", because, "tsobench probe");
    end_item(list);

    begin_item(list);
    answer_text(list, "the mode's state", report_machine_text(report, "memory_model.state"),
                "tsobench probe");
    answer(list, "who else was in TSO mode", "%s", who_else(report));
    end_item(list);

    begin_item(list);
    answer_text(list, "disassembly attached", NULL, "objdump -d, by the symbols in the samples");
    if (facts->symbols == facts->cells && facts->cells)
        answer(list, "the code that ran", "named by symbol in all %zu cells", facts->cells);
    else
        answer_text(list, "the code that ran", NULL, "samples of this version name it");
    answer_sequences(list);
    answer_oracle(list);
    end_item(list);

    begin_item(list);
    if (facts->references)
        answer(list, "reference beside the baseline", "in %zu sets", facts->references);
    else
        answer_text(list, "reference beside the baseline", NULL, "kernels that have one");
    answer_text(list, "pair instructions", has_parameter(report, "pair") ? "yes" : NULL,
                "the suite full");
    answer_text(list, "the baseline's twin at another address", facts->twins ? "yes" : NULL,
                "a run of this version");
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
    if (facts->counted_cells)
        answer_text(list, "PMU read overhead subtracted", NULL, "pmu_overhead of machine.json");
    else
        answer(list, "PMU read overhead subtracted", "nothing was counted");
    answer_hardware(list, "governor", report_machine_text(report, "frequency.governor"),
                    "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    answer(list, "frequency measured at each sample", "yes, %.1f%% moved more than 1%%",
           facts->samples ? 100.0 * (double)facts->drifted / (double)facts->samples : 0);
    answer_hardware(list, "thermal log", NULL, "sensors, beside the run");
    end_item(list);

    for (size_t i = 0; i < facts->placement_count; i++)
        snprintf(placements + strlen(placements), sizeof placements - strlen(placements), "%s%s",
                 i ? ", " : "", facts->placements[i]);
    begin_item(list);
    answer_text(list, "pinned to CPUs", placements, "samples of this version say it");
    answer(list, "samples with a migration", "%zu", facts->migrated);
    answer(list, "preemptions", "%zu", facts->preempted);
    if (facts->throttled_blocks)
        answer(list, "blocks stopped by a CPU quota", "%zu of %zu", facts->throttled_blocks,
               facts->blocks);
    answer_hardware(list, "cluster", NULL, "lscpu -e");
    const char *isolated = report_machine_text(report, "system.isolated_cpus");
    answer(list, "isolated CPUs", "%s", isolated && *isolated ? isolated : "none");
    answer_irqs(list);
    if (facts->fresh_blocks == facts->blocks && facts->blocks)
        answer(list, "random address-space layout", "in all %zu processes", facts->blocks);
    else
        answer_text(list, "random address-space layout", NULL, "kernel.randomize_va_space=2");
    if (facts->page_least >= 1024)
        answer(list, "page colour", "none: buffers are inside huge pages");
    else
        answer_hardware(list, "page colour", NULL, "huge pages (transparent_hugepage=madvise)");
    if (facts->page_most == facts->page_least && facts->page_most)
        answer(list, "buffers' pages", "%ld KiB", facts->page_most);
    else if (facts->page_most)
        answer(list, "buffers' pages", "%ld to %ld KiB (0: not verified)", facts->page_least,
               facts->page_most);
    else
        answer_text(list, "buffers' pages verified", NULL, "/proc/self/smaps");
    answer_text(list, "prefault verified",
                facts->page_least ? "all of each buffer was resident, by smaps" : NULL,
                "/proc/self/smaps");
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
               "bootstrap over processes or Student's, the wider (Student's below %d)",
               STATS_FEWEST_BLOCKS);
    answer(list, "outliers dropped", "none; spoiled samples left out: %zu of %zu", facts->spoiled,
           facts->samples + facts->spoiled);
    answer(list, "wrong results", "%zu", facts->check_failed);
    answer(list, "raw data", "%s", files);
    bool floors = report_has_floors(report);
    answer(list, floors ? "A/A floor" : "A/A intervals", "%s", "");
    report_same_code(report, ROLE_AA, list->item);
    answer(list, floors ? "twin floor" : "twin intervals", "%s", "");
    report_same_code(report, ROLE_TWIN, list->item);
    answer(list, "least effect that is told from none", "the %s of each row",
           floors ? "floor" : "interval");
    answer_text(list, "repeated on another day", NULL, "a second run; tsobench compare A B");
    end_item(list);

    begin_item(list);
    answer(list, "working sets", "in the parameters of each row");
    answer_text(list, "store-buffer level",
                has_kernel(report, "fence_cost") ? "by the parameters of fence_cost" : NULL,
                "the kernels fence_cost and diluted, in the suite full");
    answer_peaks(list);
    end_item(list);

    begin_item(list);
    if (!isnan(facts->instructions))
        answer(list, "instructions of identical code equal between modes", "within %.3f%%",
               100 * facts->instructions);
    else
        answer_text(list, "instructions of identical code equal between modes", NULL,
                    facts->pmu_skipped ? facts->pmu_skipped : "a PMU, and two modes");
    answer_counted(list, "backend stalls", "stall");
    answer_counted(list, "DMB, RC_LD, RC_ST counts", "mix");
    answer_counted(list, "store-order violations", "order");
    answer(list, "events multiplexed", facts->counted_cells ? "no" : "nothing was counted");
    end_item(list);
}

static void ask_of_claims(struct list *list, const struct facts *facts,
                          const struct plot_source *source, const char *files) {
    const struct report *report = source->report;
    size_t kinds = json_array_size(json_object_get(report->json, "cpus"));
    struct plot plots[PLOTS];
    plots_of(source, plots);

    begin_item(list);
    answer_text(list, "two chips", NULL, "a run of a second machine");
    if (kinds > 1)
        answer(list, "kinds of core", "%zu on the machine", kinds);
    else
        answer(list, "kinds of core", "one");
    answer(list, "threads", "%u to %u", facts->threads_least, facts->threads_most);
    answer(list, "negative results", "%zu of %zu ratios show no difference and are in the report",
           facts->below_floor, facts->ratios);
    end_item(list);

    bool traces = has_kernel(report, "trace_replay");
    begin_item(list);
    answer(list, "claim about emulators", "none");
    answer_text(list, "traces of programs", traces ? "yes" : NULL,
                "the suite full, or --only trace_replay");
    answer(list, "mix of accesses published", traces ? "tsobench trace show traces/*" : "no trace");
    answer(list, "correctness of each variant", "%zu of %zu ratios are of unsound code, marked so",
           facts->unsound, facts->ratios);
    end_item(list);

    begin_item(list);
    answer_text(list, "sensitivity curves", plots_has(plots, "sensitivity") ? "yes" : NULL,
                "the suite full");
    answer(list, "means", "geometric, of ratios, each kernel once, beside the least and the most");
    end_item(list);

    begin_item(list);
    answer(list, "one command", "%s", report->run->command);
    answer(list, "suite bound by a licence", "none");
    answer(list, "table in this mail", "yes");
    answer(list, "plots", "%s", files);
    end_item(list);

    begin_item(list);
    answer(list, "wording", "what was measured; no advice");
    answer(list, "macOS", "none: Linux only");
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

static void ask(struct list *list, const struct plot_source *source, const char *files) {
    struct facts facts = facts_of(source->report);
    ask_of_machine(list, &facts);
    ask_of_method(list, &facts, files);
    ask_of_claims(list, &facts, source, files);
}

void format_checklist(const struct plot_source *source, const char *files, FILE *out) {
    struct list list = {.report = source->report, .out = out};
    ask(&list, source, files);
}

void format_missing(const struct plot_source *source, FILE *out) {
    struct list list = {.report = source->report, .missing = out};
    ask(&list, source, "");
}
