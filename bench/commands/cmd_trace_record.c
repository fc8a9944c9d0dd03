/* SPDX-License-Identifier: MIT
 *
 * verb_record.c: `tsobench trace record': what a real program does to memory, in a few windows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/options.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "commands/trace_commands.h"
#include "trace/recording.h"
#include "trace/trace.h"

static const char help[] =
    "NAME\n"
    "    tsobench trace record - what an x86-64 program does to memory\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench trace record -o NAME.trace [--window SPEC] [--set NAME=VALUE]... --\n"
    "                          PROGRAM [ARGUMENT]...\n"
    "    tsobench trace record --totals [--set NAME=VALUE]... --\n"
    "                          PROGRAM [ARGUMENT]...\n"
    "\n"
    "DESCRIPTION\n"
    "    Records what an x86-64 program does to memory, in a few short windows of\n"
    "    its run.\n"
    "\n"
    "    It runs the program twice under qemu-x86_64 with a plugin: once to count\n"
    "    its instructions, once to look at windows sampled evenly over the run.\n"
    "    Windows with a similar mix of accesses form a phase; of each phase one\n"
    "    window is kept and stands for the others.\n"
    "\n"
    "    The program gets no input, its output is discarded, and its environment is\n"
    "    PATH, HOME, LC_ALL and what --set adds. Its threads take turns of 1000\n"
    "    instructions, its clock goes a nanosecond an instruction, its random\n"
    "    numbers and the numbers of its processes are always the same. So two\n"
    "    recordings are the same byte for byte, unless the program depends on\n"
    "    timeouts, on the time stamp counter or on processes that it did not start.\n"
    "    Programs that it starts run, but are not recorded.\n"
    "\n"
    "    One access is one record, however wide; a locked read-modify-write is one,\n"
    "    REP MOVS and REP STOS are one with a count. x87 numbers of 10 bytes are\n"
    "    one. A gather is a record for each element, a masked move one for each\n"
    "    stretch of lanes that it touches, FXSAVE and XSAVE are pieces of at most 64\n"
    "    bytes. Prefetches and CLFLUSH are not accesses.\n"
    "\n"
    "OPTIONS\n"
    "    -o FILE           the trace; its name is the file's without \".trace\"\n"
    "    --window SPEC     key=value, with commas between:\n"
    "                        skip     instructions of the run not looked at (0)\n"
    "                        samples  windows looked at, at the middles of so many\n"
    "                                 equal parts of the rest; one alone begins\n"
    "                                 where skip ends (64)\n"
    "                        length   accesses of a window: it ends with the block\n"
    "                                 in which a thread has so many (2048)\n"
    "                        instructions\n"
    "                                 of a window, likewise: its code should fit\n"
    "                                 into a core's first cache (4500)\n"
    "                        count    windows kept at most (3)\n"
    "    --set NAME=VALUE  a variable of the program's environment\n"
    "    --totals          print how many accesses the whole run has; keep no trace\n"
    "    --help            this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done, 1 something failed, 2 wrong usage, 3 qemu-x86_64 or its plugin is\n"
    "    missing\n";

struct spec {
    unsigned long skip, samples, length, instructions, count;
};

static void read_spec(struct spec *spec, const char *text) {
    enum { KEYS = 5 };
    static const char *const keys[KEYS] = {"skip", "samples", "length", "instructions", "count"};
    const struct {
        unsigned long *value, low, high;
    } rows[KEYS] = {{&spec->skip, 0, 1ul << 50},
                    {&spec->samples, 1, 4096},
                    {&spec->length, 1, TRACE_MAX_RECORDS / 4},
                    {&spec->instructions, 1, TRACE_MAX_RECORDS / 4},
                    {&spec->count, 1, TRACE_MAX_WINDOWS}};
    for (char word[128]; text_next(&text, word, sizeof word);) {
        char *value = strchr(word, '=');
        if (!value)
            die(EXIT_USAGE, "--window: `%s' is not key=value", word);
        *value++ = 0;
        int key = 0;
        while (key < KEYS && strcmp(word, keys[key]) != 0)
            key++;
        if (key == KEYS)
            text_unknown("key of --window", word, keys, KEYS);
        *rows[key].value = text_number(word, value, rows[key].low, rows[key].high);
    }
}

static void print_word(FILE *file, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./=,:+@%";
    if (*word && word[strspn(word, plain)] == 0) {
        fprintf(file, " %s", word);
        return;
    }
    fputs(" '", file);
    for (; *word; word++)
        *word == '\'' ? fputs("'\\''", file) : putc(*word, file);
    putc('\'', file);
}

/* The recording command, wherever its trace is put. The caller frees it. */
static char *command_text(int count, char **words, const char *out, const char *base) {
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    if (!file)
        abort();
    fputs("tsobench trace record", file);
    for (int i = 1; i < count; i++)
        print_word(file, words[i] == out ? base : words[i]);
    fclose(file);
    return text;
}

static void write_trace(const struct recording *recording, const struct spec *spec,
                        struct trace *trace, struct replacement *out) {
    size_t kept[TRACE_MAX_WINDOWS], stands_for[TRACE_MAX_WINDOWS];
    const uint64_t run = recording->totals.instructions;
    trace->window_count = recording_phases(recording, spec->count, kept, stands_for);
    if (trace->window_count == 0)
        die(EXIT_FAILED,
            "no window holds a whole block: the run has only %lu instructions; try samples=1 in "
            "--window",
            (unsigned long)run);
    trace->windows = allocate(trace->window_count, sizeof *trace->windows);
    for (size_t i = 0; i < trace->window_count; i++) {
        trace->windows[i] = recording_window(&recording->windows[kept[i]]);
        trace->windows[i].stands_for = (double)stands_for[i] / (double)recording->window_count *
                                       (double)(run - spec->skip) / (double)run;
    }
    trace->provenance.run_instructions = run;
    trace->marked = true;
    trace_write(trace, out->file, out->path);
    replace_end_or_die(out);
}

static void print_totals(const struct raw_totals *totals) {
    printf("instructions %lu\nloads        %lu\nstores       %lu\nrmws         %lu\n"
           "fences       %lu\n",
           totals->instructions, totals->loads, totals->stores, totals->rmws, totals->fences);
}

static struct trace *new_trace(const char *out, const char *path, const char *program,
                               char *command) {
    struct trace *trace = allocate(1, sizeof *trace);
    const char *slash = strrchr(out, '/'), *name = slash ? slash + 1 : out;
    const char *end = strrchr(name, '.');
    if (!end || strcmp(end, ".trace") != 0 || end == name)
        die(EXIT_USAGE, "the name of the file must end with .trace, which `%s' does not", name);
    trace->provenance = (struct trace_provenance){.name = strndup(name, (size_t)(end - name)),
                                                  .program = strdup(program),
                                                  .package = recording_packages(path),
                                                  .command = command,
                                                  .recorder = recording_versions()};
    return trace;
}

static void record(struct recording_plan *plan, const struct spec *spec, struct trace *trace,
                   const char *out) {
    struct replacement file = replace_begin_or_die(out); /* before the program runs */
    struct recording counted = recording_run(plan);
    if (spec->skip >= counted.totals.instructions)
        die(EXIT_USAGE,
            "--window: skip leaves nothing of the run's %lu instructions: choose a smaller one",
            (unsigned long)counted.totals.instructions);
    plan->windows = spec->samples;
    plan->length = spec->length;
    plan->instructions = spec->instructions;
    plan->stride = (counted.totals.instructions - spec->skip) / spec->samples;
    plan->first = spec->skip + (spec->samples > 1 ? plan->stride / 2 : 0);
    struct recording recording = recording_run(plan);
    write_trace(&recording, spec, trace, &file);
    recording_free(&counted);
    recording_free(&recording);
}

int trace_record(int argc, char **argv) {
    enum { WINDOW = 1, SET, TOTALS, OUT = 'o', VARIABLES = 64 };
    static const struct option options[] = {{"output", required_argument, NULL, OUT},
                                            {"window", required_argument, NULL, WINDOW},
                                            {"set", required_argument, NULL, SET},
                                            {"totals", no_argument, NULL, TOTALS},
                                            {0}};
    const char *environment[VARIABLES + 1] = {"PATH=/usr/bin:/bin", "HOME=/nonexistent",
                                              "LC_ALL=C"};
    size_t variables = 3;
    const char *out = NULL;
    struct spec spec = {.skip = 0, .samples = 64, .length = 2048, .instructions = 4500, .count = 3};
    struct recording_plan plan = {.environment = environment};
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == OUT)
            out = optarg;
        else if (option == WINDOW)
            read_spec(&spec, optarg);
        else if (option == TOTALS)
            plan.totals = true;
        else if (variables == VARIABLES || !strchr(optarg, '='))
            die(EXIT_USAGE, "--set: `%s' is not NAME=VALUE, or there are too many", optarg);
        else
            environment[variables++] = optarg;
    }
    if (optind == argc || strcmp(argv[optind - 1], "--") != 0)
        die(EXIT_USAGE,
            "no program was given; it stands after `--' (see tsobench trace record --help)");
    if (!out == !plan.totals)
        die(EXIT_USAGE,
            "neither -o FILE nor --totals was given (see tsobench trace record --help)");
    plan.command = (const char *const *)argv + optind;
    char *path = recording_find(argv[optind]);
    plan.path = path;
    if (plan.totals) {
        plan.windows = 1;
        struct recording recording = recording_run(&plan);
        print_totals(&recording.totals);
        recording_free(&recording);
        free(path);
        return EXIT_DONE;
    }
    const char *slash = strrchr(out, '/');
    struct trace *trace =
        new_trace(out, path, argv[optind], command_text(argc, argv, out, slash ? slash + 1 : out));
    record(&plan, &spec, trace, out);
    trace_free(trace);
    free(path);
    return EXIT_DONE;
}
