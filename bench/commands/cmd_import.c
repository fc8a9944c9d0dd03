/* SPDX-License-Identifier: MIT
 *
 * cmd_import.c: `tsobench import`: a run directory of simulations, each of which was one process on
 * a core of one memory model. scripts/simulate starts them and then this.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/die.h"
#include "base/options.h"
#include "base/text.h"
#include "commands/commands.h"
#include "config.h"
#include "import/merge.h"
#include "import/portrait.h"
#include "import/simulated_machine.h"
#include "import/verdicts.h"
#include "run/finish.h"
#include "run/rundir.h"

static const char help[] =
    "NAME\n"
    "    tsobench import - a run directory from what a simulator measured\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench import --out DIR [--guest FILE] [--command TEXT] [--seconds N]\n"
    "                    FOLDER...\n"
    "\n"
    "DESCRIPTION\n"
    "    Makes a run directory of simulations. Each folder holds one simulation, of\n"
    "    the weak core or of the same core with TSO, as scripts/simulate leaves it:\n"
    "    machine.json, guest.jsonl (what tsobench-simulated printed) and\n"
    "    counters.jsonl (what the simulator counted); or failed, the reason. A set\n"
    "    measured on both cores becomes one block of an ordinary run directory,\n"
    "    whose source is \"simulated\". It is refused unless both measured the same\n"
    "    sets and lowerings, in the same program and on the same machine, and each\n"
    "    cell was counted. What both were asked by `tsobench core' becomes core.json.\n"
    "\n"
    "    The last line on standard output is the run directory.\n"
    "\n"
    "OPTIONS\n"
    "    --out DIR       the run directory\n"
    "    --guest FILE    the program that ran in the simulator: the names of\n"
    "                    functions are read from it\n"
    "    --command TEXT  the command that repeats this run, for its report\n"
    "    --seconds N     how long the simulations took\n"
    "    --help          this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done; 1 a simulation failed or a check found a wrong result (all else is\n"
    "    kept); 2 wrong usage, or the folders do not belong together: nothing is\n"
    "    written\n";

/* A simulated core is weak or has TSO: no other model is left. */
#define MODELS (MEMMODEL_TSO + 1)

/* What the simulations say of one set. */
struct found {
    const char *name;
    const json_t *start;       /* any line that describes the set */
    struct part parts[MODELS]; /* line NULL: none */
    const json_t *skipped;
    const char *failed;
    enum memmodel failed_model;
};

struct import {
    struct guest *guests;
    size_t guest_count, found_count;
    struct found *found;
    const json_t *program;      /* the line in which it describes itself, */
    const struct guest *author; /* and who said it */
    json_t *battery;
    const json_t *portraits[MODELS]; /* what core.json says of the core in one model, or NULL */
};

static struct found *find(struct import *import, const struct guest *guest, const json_t *line) {
    const char *name = guest_text(guest, line, "set");
    for (size_t i = 0; i < import->found_count; i++)
        if (strcmp(import->found[i].name, name) == 0)
            return &import->found[i];
    struct found *found = &import->found[import->found_count++];
    *found = (struct found){.name = name, .start = line};
    return found;
}

/* Whether two objects are equal but for some keys. */
static bool is_same(const json_t *a, const json_t *b, const char *const *but) {
    json_t *left = json_copy((json_t *)a), *right = json_copy((json_t *)b);
    for (; *but; but++) {
        json_object_del(left, *but);
        json_object_del(right, *but);
    }
    bool equal = json_equal(left, right);
    json_decref(left);
    json_decref(right);
    return equal;
}

/* Sets of one thread and of several may be of samples of different lengths; a core is the same
 * under both memory models, and what is said of it in notes is not it. */
static const char *const lengths[] = {"sample_ns", NULL};
static const char *const sayings[] = {"memory_model", "notes", NULL};

/* That a cell is tried, or was, which is for who starts the simulations. */
static bool is_trial(const json_t *line) {
    const char *type = json_string_value(json_object_get(line, "type"));
    return type && (strcmp(type, "trying") == 0 || strcmp(type, "tried") == 0);
}

static void take_line(struct import *import, const struct guest *guest, const json_t *line) {
    const char *type = guest_text(guest, line, "type");
    if (strcmp(type, "guest") == 0) {
        if (import->program && !is_same(import->program, line, lengths))
            die(EXIT_USAGE,
                "%s is of another program, or other options, than %s: import them into separate "
                "runs",
                guest->folder, import->author->folder);
        import->program = line;
        import->author = guest;
    } else if (strcmp(type, "battery") == 0) {
        json_array_extend(import->battery, json_object_get(line, "rows"));
    } else if (strcmp(type, "core") == 0) {
        import->portraits[guest->model] = json_object_get(line, "core");
    } else if (strcmp(type, "skipped") == 0) {
        find(import, guest, line)->skipped = line;
    } else if (strcmp(type, "start") == 0) {
        find(import, guest, line);
    } else if (is_trial(line)) {
        return;
    } else if (strcmp(type, "block") == 0) {
        struct found *found = find(import, guest, line);
        if (found->parts[guest->model].line)
            die(EXIT_USAGE, "%s: %s was measured twice: name each folder once", guest->folder,
                found->name);
        found->parts[guest->model] = (struct part){guest, line};
    } else {
        die(EXIT_USAGE,
            "%s: unknown line type `%s': use tsobench and tsobench-simulated of one build",
            guest->folder, type);
    }
}

/* The set that a simulation died of: it was begun and not measured. */
static void take_failure(struct import *import, const struct guest *guest) {
    size_t count = json_array_size(guest->lines);
    while (count && is_trial(json_array_get(guest->lines, count - 1)))
        count--;
    const json_t *last = count ? json_array_get(guest->lines, count - 1) : NULL;
    const char *type = json_string_value(json_object_get(last, "type"));
    if (type == NULL || strcmp(type, "start") != 0) {
        warn("%s: the simulation failed: %s", guest->folder, guest->failed);
        return;
    }
    struct found *found = find(import, guest, last);
    found->failed = guest->failed;
    found->failed_model = guest->model;
    warn("%s on the %s core: %s", found->name, memmodel_name(guest->model), guest->failed);
}

static void read_all(struct import *import, char **folders) {
    size_t lines = 0, i;
    json_t *line;
    import->guests = allocate(import->guest_count, sizeof *import->guests);
    import->battery = json_array();
    for (size_t g = 0; g < import->guest_count; g++) {
        guest_read(&import->guests[g], folders[g]);
        lines += json_array_size(import->guests[g].lines);
        if (!is_same(import->guests[0].machine, import->guests[g].machine, sayings))
            die(EXIT_USAGE, "%s is of another machine than %s: import them into separate runs",
                folders[g], folders[0]);
    }
    import->found = allocate(lines + 1, sizeof *import->found);
    for (size_t g = 0; g < import->guest_count; g++) {
        struct guest *guest = &import->guests[g];
        json_array_foreach(guest->lines, i, line) take_line(import, guest, line);
        if (guest->failed)
            take_failure(import, guest);
    }
    if (import->program == NULL || import->found_count == 0)
        die(EXIT_USAGE, "no simulation measured anything; warnings above say why each failed");
}

/* Every set on both cores. */
static void check_complete(const struct import *import) {
    for (size_t i = 0; i < import->found_count; i++) {
        const struct found *found = &import->found[i];
        for (enum memmodel model = 0; model < MODELS && !found->failed && !found->skipped; model++)
            if (found->parts[model].line == NULL)
                die(EXIT_USAGE, "%s was not measured on the %s core: simulate it on both",
                    found->name, memmodel_name(model));
    }
}

static json_t *begin_line(const struct import *import, const char *time, const char *command) {
    const struct guest *guest = &import->guests[0];
    char seed[32];
    snprintf(seed, sizeof seed, "0x%016llx",
             (unsigned long long)guest_number(guest, import->program, "seed"));
    json_t *line =
        json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:n, s:n, s:n, s:i, s:i, s:{}}", "format", 1,
                  "type", "begin", "suite", guest_text(guest, import->program, "suite"), "seed",
                  seed, "version", TSOBENCH_VERSION, "time", time, "only", "cpus", "models",
                  "rounds", 1, "blocks", 1, "targets");
    if (command)
        json_object_set_new(line, "command", json_string(command));
    return line;
}

static json_t *failed_line(const struct found *found) {
    char reason[512];
    snprintf(reason, sizeof reason, "%s core: %s", memmodel_name(found->failed_model),
             found->failed);
    return json_pack("{s:i, s:s, s:s, s:O, s:O, s:O, s:i, s:s}", "format", 1, "type", "failed",
                     "set", found->name, "kernel", json_object_get(found->start, "kernel"),
                     "params", json_object_get(found->start, "params"), "threads",
                     json_object_get(found->start, "threads"), "block", 0, "reason", reason);
}

/* The block of a set. The battery of the run stands in the first. */
static json_t *block_line(struct import *import, const struct found *found,
                          const struct symbols *symbols, const char *time) {
    json_t *line =
        merge_block(&found->parts[MEMMODEL_TSO], &found->parts[MEMMODEL_WEAK], symbols, time);
    verdicts_set(line);
    if (json_array_size(import->battery)) {
        json_object_del(line, "battery_skipped");
        json_object_set_new(line, "battery",
                            json_pack("{s:o, s:[]}", "before", import->battery, "after"));
        import->battery = json_array();
    }
    return line;
}

/* Lines of the run, made before anything is written. Returns how many cells were wrong. */
static unsigned make_lines(struct import *import, const struct symbols *symbols, const char *time,
                           json_t *lines) {
    unsigned wrong = 0;
    size_t c;
    json_t *cell;
    for (size_t i = 0; i < import->found_count; i++) {
        const struct found *found = &import->found[i];
        if (found->skipped || found->failed) {
            json_array_append_new(lines, found->failed ? failed_line(found)
                                                       : json_deep_copy(found->skipped));
            continue;
        }
        json_t *line = block_line(import, found, symbols, time);
        json_array_foreach(json_object_get(line, "cells"), c, cell) {
            bool failed = json_integer_value(json_object_get(cell, "check_failed")) > 0;
            if (failed && !json_is_false(json_object_get(cell, "sound"))) {
                warn("%s: a sound lowering computed a wrong result", found->name);
                wrong++;
            }
        }
        json_array_append_new(lines, line);
    }
    return wrong;
}

static void write_run(const struct import *import, const char *out, json_t *lines, json_t *begin,
                      double seconds) {
    size_t i;
    json_t *line;
    json_t *machine = simulated_machine(import->author, import->program), *core = NULL;
    if (import->portraits[MEMMODEL_WEAK] && import->portraits[MEMMODEL_TSO])
        core = portrait_merge(import->author, import->portraits[MEMMODEL_WEAK],
                              import->portraits[MEMMODEL_TSO],
                              json_string_value(json_object_get(machine, "machine")));
    struct rundir *dir = rundir_create(out);
    rundir_write_json(dir, "machine.json", machine);
    if (core)
        rundir_write_json(dir, "core.json", core);
    rundir_append(dir, begin);
    json_array_foreach(lines, i, line) rundir_append(dir, json_incref(line));
    rundir_append(dir,
                  json_pack("{s:i, s:s, s:b, s:f, s:I}", "format", 1, "type", "end", "complete", 1,
                            "seconds", seconds, "sets", (json_int_t)import->found_count));
    finish_run(rundir_path(dir), "import it again into another folder");
    printf("%s\n", rundir_path(dir));
    rundir_close(dir);
    json_decref(machine);
    json_decref(core);
}

int cmd_import(int argc, char **argv) {
    enum { OUT = 1, GUEST, COMMAND, SECONDS };
    static const struct option options[] = {{"out", required_argument, NULL, OUT},
                                            {"guest", required_argument, NULL, GUEST},
                                            {"command", required_argument, NULL, COMMAND},
                                            {"seconds", required_argument, NULL, SECONDS},
                                            {0}};
    const char *out = NULL, *program = NULL, *command = NULL;
    double seconds = 0;
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == OUT)
            out = optarg;
        else if (option == GUEST)
            program = optarg;
        else if (option == COMMAND)
            command = optarg;
        else
            seconds = (double)text_number("--seconds", optarg, 0, 1000000000);
    }
    if (out == NULL || optind == argc)
        die(EXIT_USAGE,
            "import wants --out DIR and the folders of simulations (see tsobench import --help)");
    char text[32];
    time_t now = time(NULL);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    struct import import = {.guest_count = (size_t)(argc - optind)};
    struct symbols *symbols = program ? symbols_read(program) : NULL;
    json_t *lines = json_array();
    read_all(&import, argv + optind);
    check_complete(&import);
    unsigned wrong = make_lines(&import, symbols, text, lines);
    write_run(&import, out, lines, begin_line(&import, text, command), seconds);
    bool failed = wrong > 0;
    for (size_t g = 0; g < import.guest_count; g++) {
        failed |= import.guests[g].failed != NULL;
        guest_free(&import.guests[g]);
    }
    symbols_free(symbols);
    json_decref(lines);
    json_decref(import.battery);
    free(import.guests);
    free(import.found);
    return failed ? EXIT_FAILED : EXIT_DONE;
}
