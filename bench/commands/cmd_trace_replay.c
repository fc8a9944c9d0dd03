/* SPDX-License-Identifier: MIT
 *
 * verb_replay.c: `tsobench trace replay': one window under every policy, at a glance.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/options.h"
#include "base/page.h"
#include "base/text.h"
#include "commands/trace_commands.h"
#include "machine/feature.h"
#include "machine/topology.h"
#include "mapping/given.h"
#include "plan/request.h"
#include "probe/machine.h"
#include "replay/policy_torn.h"
#include "replay/policy_verdict.h"
#include "replay/trace_kernel.h"
#include "run/glance.h"

static const char help[] =
    "NAME\n"
    "    tsobench trace replay - cost of a trace's window under translators' policies\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench trace replay [OPTION]... FILE\n"
    "\n"
    "DESCRIPTION\n"
    "    Makes machine code of a window of the trace under every policy, and prints\n"
    "    for each the instructions per guest instruction, the bytes of a pass, the\n"
    "    time relative to the plain policy with its 95 % interval, whether it keeps\n"
    "    x86-TSO in weak mode for what the window does, or which litmus test breaks\n"
    "    it, and which accesses that are one on x86 it tears, which is another\n"
    "    promise than order. The times are of the ordinary instrument, in 8 blocks;\n"
    "    `tsobench run --only trace_replay' measures with all floors and keeps the\n"
    "    samples. Under an emulator there are no times.\n"
    "\n"
    "OPTIONS\n"
    "    --policy NAME      this policy; may be repeated (default: all)\n"
    "    --mapping FILE     also this mapping; may be repeated\n"
    "    --window N         which window, from 0 (default: 0)\n"
    "    --threads T        T threads; thread i replays stream i of the window,\n"
    "                       modulo their number (default: 1)\n"
    "    --shared           all threads share one arena\n"
    "    --addressing HOW   folded: each access as its form allows (the default);\n"
    "                       same: all by a register alone, so that only the\n"
    "                       hardware's order differs\n"
    "    --isa NAME         aarch64 or x86-64: counts only, if it is not this\n"
    "                       machine's\n"
    "    --dump FILE        the code of stream 0 under the first of the policies,\n"
    "                       for objdump -D -b binary -m aarch64 (or i386:x86-64)\n"
    "    --help             this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done, 1 something failed, 2 wrong usage\n";

struct wish {
    const char *file, *dump;
    struct policy_choice policies;
    unsigned window, threads;
    bool shared;
    enum addressing addressing;
    enum isa isa;
};

static struct replay_code generate(const struct wish *wish, const struct trace *trace,
                                   const struct policy *policy, size_t stream) {
    return replay_generate(wish->isa, policy, &trace->windows[wish->window].streams[stream],
                           wish->addressing);
}

/* Measures the wish's set. */
static struct glance measure(const struct wish *wish, const struct trace *trace) {
    struct job job = {.source = machine_source(), .count = "none"};
    char missing[256];
    request_from_machine(&job, plan_suite_named("exhaustive"), NULL, NULL, missing, sizeof missing);
    snprintf(job.set, sizeof job.set,
             "trace_replay/trace=%s,window=%u,arena=%s,addressing=%s/threads=%u",
             trace->provenance.name, wish->window, wish->shared ? "shared" : "private",
             wish->addressing == ADDRESSING_SAME ? "same" : "folded", wish->threads);
    return glance_measure(&job);
}

static void torn_names(unsigned torn, char *out, size_t size) {
    size_t used = (size_t)snprintf(out, size, "%s", torn ? "" : "-");
    for (unsigned i = 0; i < TORN_KINDS && used < size; i++)
        if (torn >> i & 1)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " " : "",
                                     oracle_torn_name((enum torn)(1u << i)));
}

static void add_row(struct table *table, const struct wish *wish, const struct trace *trace,
                    const struct policy *policy, const struct glance *glance) {
    uint64_t guest = 0, host = 0, lost = 0, dependences = 0;
    size_t bytes = 0;
    /* The plain policy beside the others is A/A. */
    const struct glance_cell base = {NULL, ROLE_BASELINE, NULL};
    struct glance_cell cell = {policy->name, ROLE_FORM, NULL};
    for (size_t s = 0; s < trace->windows[wish->window].stream_count; s++) {
        struct replay_code code = generate(wish, trace, policy, s);
        guest += code.guest_instructions;
        host += code.instructions;
        lost += code.lost;
        dependences += code.dependences;
        bytes = code.end - code.begin > bytes ? code.end - code.begin : bytes;
        replay_code_free(&code);
    }
    table_cell(table, "%s", policy->name);
    table_cell(table, "%.3f", (double)host / (double)(guest ? guest : 1));
    table_cell(table, "%.1f", (double)bytes / 1024);
    table_cell(table, "%.1f", 100 * (double)lost / (double)(dependences ? dependences : 1));
    if (!glance_has(glance, cell))
        cell.role = ROLE_AA;
    if (glance_has(glance, cell)) {
        struct interval ratio = glance_ratio(glance, cell, base);
        table_cell(table, "%.3f [%.3f, %.3f]", ratio.value, ratio.low, ratio.high);
    } else
        table_cell(table, "-");
    const struct trace_window *window = &trace->windows[wish->window];
    const char *breaks = policy_breaks(policy, wish->isa, window);
    char torn[64];
    unsigned features = wish->isa == isa_here() ? feature_detect() : 0;
    torn_names(policy_torn(policy, wish->isa, window, policy_needs(policy, window) | features),
               torn, sizeof torn);
    table_cell(table, "%s", breaks ? "UNSOUND" : "sound");
    table_cell(table, "%s", torn);
    table_cell(table, "%s", breaks ? breaks : policy->used_by);
}

static void print(const struct wish *wish, const struct trace *trace, const struct glance *glance) {
    static const char *const columns[] = {
        "<policy", "instructions",         "KiB", "lost %", "time", "<in weak mode",
        "<torn",   "<why, or who uses it", NULL};
    const struct page page = {.out = stdout, .format = PAGE_TEXT, .columns = 132};
    const struct trace_window *window = &trace->windows[wish->window];
    uint64_t l1i = topology_l1i();
    size_t count;
    const struct policy *all = policies(wish->isa, &count);
    struct table *table = table_new(columns, 1);
    for (size_t i = 0; i < count; i++)
        if (policy_chosen(&wish->policies, &all[i]))
            add_row(table, wish, trace, &all[i], glance);
    page_paragraph(&page,
                   "%s, window %u of %zu: %llu guest instructions in %zu stream(s), %.1f %% of the "
                   "run; code of %s, %u thread(s).",
                   trace->provenance.name, wish->window, trace->window_count,
                   (unsigned long long)window->instructions, window->stream_count,
                   100 * window->stands_for, isa_name(wish->isa), wish->threads);
    table_print(table, &page);
    page_paragraph(&page,
                   "instructions: for one of the guest's. KiB: code of a pass, of the longest "
                   "stream. lost: dependences on loads for which there was no register. time: "
                   "relative to plain%s%s",
                   glance->why[0] ? "; " : ".", glance->why);
    page_paragraph(&page,
                   "torn: what is one access on x86 and not by the policy, on %s, which no verdict "
                   "on order counts: over-16 is unaligned, inside a line.",
                   wish->isa == isa_here() ? "this CPU" : "a CPU that has what the policy needs");
    if (!trace->marked)
        page_paragraph(&page, "%s", TRACE_UNMARKED_TEXT);
    if (wish->isa == isa_here() && l1i)
        page_paragraph(&page, "The L1 instruction cache has %llu KiB.",
                       (unsigned long long)l1i >> 10);
}

static void dump(const struct wish *wish, const struct trace *trace) {
    size_t count;
    const struct policy *all = policies(wish->isa, &count), *policy = NULL;
    for (size_t i = count; i-- > 0;)
        policy = policy_chosen(&wish->policies, &all[i]) ? &all[i] : policy;
    if (policy == NULL)
        die(EXIT_USAGE, "none of these policies is one of %s; tsobench list --policies names all",
            isa_name(wish->isa));
    struct replay_code code = generate(wish, trace, policy, 0);
    FILE *out = fopen(wish->dump, "wb");
    if (out == NULL || fwrite(code.bytes, 1, code.size, out) != code.size || fclose(out))
        die(EXIT_USAGE, "cannot write %s: %s", wish->dump, strerror(errno));
    replay_code_free(&code);
}

static void read_options(int argc, char **argv, struct wish *wish) {
    enum { POLICY = 1, MAPPING, WINDOW, THREADS, SHARED, ADDRESSING, ISA, DUMP };
    static const struct option options[] = {{"policy", required_argument, NULL, POLICY},
                                            {"mapping", required_argument, NULL, MAPPING},
                                            {"window", required_argument, NULL, WINDOW},
                                            {"threads", required_argument, NULL, THREADS},
                                            {"shared", no_argument, NULL, SHARED},
                                            {"addressing", required_argument, NULL, ADDRESSING},
                                            {"isa", required_argument, NULL, ISA},
                                            {"dump", required_argument, NULL, DUMP},
                                            {0}};
    static const char *const ways[] = {"folded", "same"}, *const isas[] = {"aarch64", "x86-64"};
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == MAPPING)
            given_read(optarg);
        else if (option == POLICY)
            policy_choose(&wish->policies, optarg);
        else if (option == WINDOW)
            wish->window = (unsigned)text_number("--window", optarg, 0, TRACE_MAX_WINDOWS - 1);
        else if (option == THREADS)
            wish->threads = (unsigned)text_number("--threads", optarg, 1, MAX_CPUS);
        else if (option == SHARED)
            wish->shared = true;
        else if (option == DUMP)
            wish->dump = optarg;
        else {
            const char *const *words = option == ISA ? isas : ways;
            int chosen = strcmp(optarg, words[1]) == 0;
            if (!chosen && strcmp(optarg, words[0]))
                text_unknown(option == ISA ? "ISA" : "addressing", optarg, words, 2);
            if (option == ISA)
                wish->isa = (enum isa)chosen;
            else
                wish->addressing = (enum addressing)chosen;
        }
    }
    if (argc != optind + 1)
        die(EXIT_USAGE,
            "%s: name one trace, as traces/sqlite.trace (see tsobench trace replay --help)",
            argv[0]);
    wish->file = argv[optind];
}

int trace_replay(int argc, char **argv) {
    struct wish wish = {.threads = 1, .isa = isa_here()};
    struct glance glance = {.why = ""};
    char why[256];
    read_options(argc, argv, &wish);
    struct trace *trace = trace_read(wish.file, why, sizeof why);
    if (trace == NULL)
        die(EXIT_FAILED, "%s", why);
    if (wish.window >= trace->window_count)
        die(EXIT_USAGE, "%s has only %zu windows, from 0: choose one with --window", wish.file,
            trace->window_count);
    setenv("TSOBENCH_TRACES", wish.file, 1); /* its blocks read it too */
    if (wish.dump)
        dump(&wish, trace);
    if (wish.isa == isa_here())
        glance = measure(&wish, trace);
    else
        snprintf(glance.why, sizeof glance.why, "this machine is %s", isa_name(isa_here()));
    print(&wish, trace, &glance);
    glance_free(&glance);
    trace_free(trace);
    return EXIT_DONE;
}
