/* SPDX-License-Identifier: MIT
 *
 * cmd_probe.c: `tsobench probe`. The text is printed from the same object that --json writes, so
 * that a new field needs no line here.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/options.h"
#include "commands/commands.h"
#include "probe/machine.h"
#include "probe/pmu_probe.h"
#include "trace/recording.h"

static const char help[] =
    "NAME\n"
    "    tsobench probe - what machine this is, and what it lacks\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench probe [--pmu] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    Shows which measurements are possible here, and what determines how good\n"
    "    they are: the cores and their names, caches, the CPU features that\n"
    "    lowerings need, page sizes, kernel, hypervisor, which memory models the CPU\n"
    "    can be put into, the counter and its real step, the clock frequency now,\n"
    "    and the PMUs. Ends with what is missing, why, and how to get it. It changes\n"
    "    nothing and takes a tenth of a second.\n"
    "\n"
    "    Every run directory contains the same as machine.json. It contains no host\n"
    "    names, user names or serial numbers.\n"
    "\n"
    "    --pmu shows instead what can be counted: the PMUs of the CPUs that this\n"
    "    process may use, how many events they count at once, which events of each\n"
    "    set there are and why the others are missing, whether counters can be read\n"
    "    without the kernel, and for each restriction the command that would lift\n"
    "    it.\n"
    "\n"
    "OPTIONS\n"
    "    --pmu   what can be counted\n"
    "    --json  one JSON object, for programs\n"
    "    --help  this text in short; --manual: in full\n"
    "\n"
    "OUTPUT\n"
    "    source      `measured', or `emulated': then times mean nothing\n"
    "    memory_model\n"
    "                weak: the architecture's own; tso: switched on for a thread\n"
    "                by prctl; fixed-tso: the CPU has no other. This is what CPU and\n"
    "                kernel say; the litmus battery of each run is the proof\n"
    "    environment variables that emulators, the loader and allocators read;\n"
    "    fex_config: what\n"
    "                FEXGetConfig says, where there is one\n"
    "    clock       rate and step of the counter as measured here, not as it is\n"
    "                announced\n"
    "    frequency   now_ghz: from a chain of dependent additions\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done, 1 something failed, 2 wrong usage\n";

static bool ends(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static void print_bytes(double bytes) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    for (; bytes >= 1024 && unit < 4; unit++)
        bytes /= 1024;
    printf("%.4g %s", bytes, units[unit]);
}

static void print_number(const char *key, double value) {
    if (ends(key, "_bytes"))
        print_bytes(value);
    else if (ends(key, "_kib"))
        print_bytes(value * 1024);
    else if (ends(key, "_hz"))
        printf("%.6g MHz", value / 1e6);
    else
        printf("%.4g", value);
}

/* The key without its unit, which print_number() shows, and with blanks. */
static void print_key(const char *key) {
    static const char *const units[] = {"_bytes", "_kib", "_hz"};
    size_t length = strlen(key);
    for (int i = 0; i < 3; i++) {
        if (ends(key, units[i]))
            length -= strlen(units[i]);
    }
    for (size_t i = 0; i < length; i++)
        putchar(key[i] == '_' ? ' ' : key[i]);
}

static void print_value(const char *key, const json_t *value);

/* What an object holds; without the keys where it is one of several like it. */
static void print_object(const json_t *object, bool keys) {
    json_t *members = (json_t *)object; /* jansson's iterators do not change it */
    void *first = json_object_iter(members);
    for (void *at = first; at; at = json_object_iter_next(members, at)) {
        const char *key = json_object_iter_key(at);
        if (at != first)
            fputs(keys ? ", " : " ", stdout);
        if (keys) {
            print_key(key);
            putchar(' ');
        }
        print_value(key, json_object_iter_value(at));
    }
}

static void print_value(const char *key, const json_t *value) {
    size_t index;
    const json_t *member;
    if (json_is_string(value)) {
        fputs(json_string_value(value), stdout);
    } else if (json_is_number(value)) {
        print_number(key, json_number_value(value));
    } else if (json_is_array(value)) {
        json_array_foreach(value, index, member) {
            if (index)
                fputs(", ", stdout);
            if (json_is_object(member))
                print_object(member, false);
            else
                print_value(key, member);
        }
        if (json_array_size(value) == 0)
            fputs("none", stdout);
    } else if (json_is_object(value)) {
        print_object(value, true);
    }
}

static void print_missing(const json_t *missing) {
    size_t index;
    const json_t *entry;
    if (json_array_size(missing) == 0)
        return;
    puts("\nmissing");
    json_array_foreach(missing, index, entry) printf(
        "  %s\n    why: %s\n    to get it: %s\n", json_string_value(json_object_get(entry, "what")),
        json_string_value(json_object_get(entry, "why")),
        json_string_value(json_object_get(entry, "how")));
}

static void print_machine(json_t *machine) {
    const char *key;
    json_t *value;
    json_object_foreach(machine, key, value) {
        if (strcmp(key, "missing") == 0)
            continue;
        printf("%-16s ", key);
        print_value(key, value);
        putchar('\n');
    }
    print_missing(json_object_get(machine, "missing"));
}

/* What of this program cannot work here, beside what a run could measure of the machine. */
static void add_lacks(json_t *missing) {
#ifdef __x86_64__ /* others record nothing */
    const struct recording_lack lack = recording_lack();
    if (lack.why)
        json_array_append_new(missing, json_pack("{s:s, s:s, s:s}", "what", "recording of traces",
                                                 "why", lack.why, "how", lack.how));
#endif
    (void)missing;
}

int cmd_probe(int argc, char **argv) {
    enum { JSON = 1, PMU };
    static const struct option options[] = {
        {"json", no_argument, NULL, JSON}, {"pmu", no_argument, NULL, PMU}, {0}};
    bool as_json = false, pmu = false;
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        as_json |= option == JSON;
        pmu |= option == PMU;
    }
    options_end(argc, argv);

    json_t *machine = pmu ? pmu_probe() : machine_probe();
    if (!pmu)
        add_lacks(json_object_get(machine, "missing"));
    if (as_json) {
        json_dumpf(machine, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        putchar('\n');
    } else if (pmu) {
        pmu_probe_print(machine);
    } else {
        print_machine(machine);
    }
    json_decref(machine);
    return EXIT_DONE;
}
