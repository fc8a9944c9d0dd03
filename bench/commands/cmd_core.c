/* SPDX-License-Identifier: MIT
 *
 * cmd_core.c: `tsobench core`: what kind of core this is.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/options.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "base/visible.h"
#include "commands/commands.h"
#include "core/core.h"
#include "figures/plots_core.h"
#include "probe/machine.h"
#include "report/core_table.h"

static const char help[] =
    "NAME\n"
    "    tsobench core - buffers, overlap and waits of this core, inferred\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench core [DIR] [--json] [--only GLOB] [--cpus LIST] [--seed N]\n"
    "    tsobench core --list\n"
    "\n"
    "DESCRIPTION\n"
    "    Measures short turns of generated instructions, each between fences, in\n"
    "    each memory model that the machine has, and reads from them: the entries of\n"
    "    store buffer, load queue and reorder buffer (two loads that miss, with n\n"
    "    stores, loads or NOPs between: the knee where the misses no longer\n"
    "    overlap); how many missing stores and loads are under way at a time;\n"
    "    whether stores merge; what each barrier, and each ordered load, waits for;\n"
    "    from store to load; what reading early costs where another core writes; and\n"
    "    what accesses across 16 bytes, a line, a page cost. Takes about half a\n"
    "    minute.\n"
    "\n"
    "    Each answer has its 95 % interval over 8 processes, or is undecided, with\n"
    "    the reason, and says what it was read from. A knee is found by least\n"
    "    squares over segments (Bai and Perron 2003); a curve with two knees, or\n"
    "    none, gives none. docs/core.md says how each is read, and what may go\n"
    "    wrong.\n"
    "\n"
    "    With DIR, core.json is left there, which `report' prints and draws and\n"
    "    `check' knows. In a folder that is no run directory the figure is drawn at\n"
    "    once: core.svg and core.png.\n"
    "\n"
    "OPTIONS\n"
    "    --json       core.json on standard output, in place of the tables\n"
    "    --only GLOB  questions whose id fits: 'store-buffer/*' (see --list)\n"
    "    --cpus LIST  on the first of these; the second writes where two are needed\n"
    "    --seed N     of the order of samples and of the intervals (default: 1)\n"
    "    --list       the ids of all questions, and what they ask\n"
    "    --help       this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done; 1 nothing was answered, or something failed; 2 wrong usage, or a\n"
    "    folder that cannot be written; 3 no gnuplot\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench core\n"
    "    tsobench core --only '*-buffer/*' /tmp/core\n";

static int list_questions(void) {
    size_t count;
    struct probe *probes = probes_of(isa_here(), NULL, &count);
    for (size_t i = 0; i < count; i++)
        printf("%-36s %s\n", probes[i].id, probes[i].question);
    free(probes);
    return EXIT_DONE;
}

static void print_json(const json_t *core, FILE *out) {
    json_dumpf(core, out, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    fputc('\n', out);
}

static bool is_run(const char *directory) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/machine.json", directory);
    return access(path, F_OK) == 0;
}

/* A folder that can be written to is seen before anything is measured. */
static struct replacement begin(const char *directory) {
    char path[PATH_MAX];
    if (mkdir(directory, 0777) && errno != EEXIST)
        die(EXIT_USAGE, "cannot make the folder %s: %s", directory, strerror(errno));
    snprintf(path, sizeof path, "%s/core.json", directory);
    return replace_begin_or_die(path);
}

static int leave(const json_t *core, const char *directory, struct replacement *file) {
    print_json(core, file->file);
    replace_end_or_die(file);
    if (is_run(directory) || !plots_core(core, NULL)) {
        visible_printf("%s/core.json\n", directory);
        return EXIT_DONE;
    }
    int status = plots_core_draw(core, directory);
    visible_printf("%s/: core.json, plot.tsv%s\n", directory,
                   status == EXIT_DONE ? ", core.svg, core.png" : "");
    return status;
}

int cmd_core(int argc, char **argv) {
    enum { JSON = 1, ONLY, CPUS, SEED, LIST };
    static const struct option options[] = {
        {"json", no_argument, NULL, JSON},       {"only", required_argument, NULL, ONLY},
        {"cpus", required_argument, NULL, CPUS}, {"seed", required_argument, NULL, SEED},
        {"list", no_argument, NULL, LIST},       {0}};
    struct survey_request request = {.seed = 1, .source = machine_source()};
    struct replacement file = {.file = NULL};
    bool as_json = false;
    int status = EXIT_DONE;
    char machine[96];
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == JSON)
            as_json = true;
        else if (option == ONLY)
            request.only = optarg;
        else if (option == CPUS)
            request.cpus = optarg;
        else if (option == SEED)
            request.seed = text_number("--seed", optarg, 0, 1000000000);
        else
            return list_questions();
    }
    const char *directory = optind < argc ? argv[optind] : NULL;
    if (argc - optind > 1)
        die(EXIT_USAGE, "core takes one folder: `%s' is a second one", argv[optind + 1]);
    if (directory)
        file = begin(directory);
    machine_slug(machine, sizeof machine);
    json_t *core = core_measure(&request, machine);
    if (as_json)
        print_json(core, stdout);
    else
        core_table(core, &(struct page){.out = stdout, .format = PAGE_TEXT});
    if (!as_json && machine_source() != SOURCE_MEASURED)
        printf("%s: these times say nothing about any CPU\n", source_name(machine_source()));
    if (directory)
        status = leave(core, directory, &file);
    size_t all;
    char why[256];
    bool answered = core_answered(core, &all, why, sizeof why) > 0;
    json_decref(core);
    if (!answered && machine_source() == SOURCE_MEASURED)
        die(EXIT_FAILED, "no question was answered: %s", why);
    return status;
}
