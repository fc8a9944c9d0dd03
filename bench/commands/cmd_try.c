/* SPDX-License-Identifier: MIT
 *
 * cmd_try.c: `tsobench try`: what sequences of instructions cost on this core, at once.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/options.h"
#include "base/page.h"
#include "base/text.h"
#include "commands/commands.h"
#include "mapping/given.h"
#include "plan/request.h"
#include "probe/machine.h"
#include "run/glance.h"

enum { ROUNDS = 150 };

static const char help[] =
    "NAME\n"
    "    tsobench try - what sequences of instructions cost on this core\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench try [OPTION]... SEQUENCE...\n"
    "\n"
    "DESCRIPTION\n"
    "    Measures sequences of instructions in the loops of the instruction kernels,\n"
    "    all in the same rounds, beside plain accesses: alone and in a chain, hit\n"
    "    and miss, after and between stores. It makes the machine code itself: no\n"
    "    compiler is needed.\n"
    "\n"
    "    Each line has the time of one operation, and its ratio to the plain one's\n"
    "    and to the first sequence's, with 95 % intervals. In a chain each operation\n"
    "    waits for the one before it: that is its latency.\n"
    "\n"
    "    A sequence is instructions with \";\" between them, in words as lowerings\n"
    "    have them (\"LDR; DMB ISHLD\") or with operands ('ldapr {value},\n"
    "    [{address}]'). All are loads, or all stores, and so on: which, their\n"
    "    instructions say, or --as.\n"
    "\n"
    "OPTIONS\n"
    "    --as KIND   load, store, exchange, add, cas or fence, where instructions\n"
    "                may be more than one (MOV, XCHG)\n"
    "    --cpus LIST the first of these CPUs (default: of all allowed)\n"
    "    --beside    also the forms that the instruction kernels have compiled\n"
    "    --json      everything as JSON\n"
    "    --help      this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done; 1 something failed; 2 wrong usage, or a sequence that cannot be\n"
    "    measured: nothing was\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench try 'ldapr {value}, [{address}]' 'LDR; DMB ISHLD'\n"
    "    tsobench try --as store MOV 'MOV; MFENCE' XCHG\n"
    "    tsobench try MFENCE 'LOCK ADD' 'LOCK OR'\n";

enum kind { LOAD, STORE, EXCHANGE, ADD, CAS, FENCE, KINDS };

static const char *const kind_names[KINDS] = {"load", "store", "exchange", "add", "cas", "fence"};
static const char *const kind_keys[KINDS] = {
    "load", "store", "exchange", "fetch_add", "compare_exchange", "fence"};

/* Where a kind is measured. */
struct place {
    unsigned kinds; /* bits */
    const char *what, *set;
};

#define BIT(kind) (1u << (kind))
#define MODIFIES  (BIT(EXCHANGE) | BIT(ADD) | BIT(CAS))

static const struct place places[] = {
    {BIT(LOAD), "hit, in a chain", "load_forms/access=8,measure=latency"},
    {BIT(LOAD), "hit, alone", "load_forms/access=8,measure=throughput"},
    {BIT(LOAD), "after a store", "pair_forms/pair=store-load,to=other"},
    {BIT(LOAD), "before a load", "pair_forms/pair=load-load,to=other"},
    {BIT(LOAD), "miss to L2, in a chain", "load_latency/footprint=L2"},
    {BIT(LOAD), "miss to DRAM, in a chain", "load_latency/footprint=DRAM"},
    {BIT(STORE), "read back, in a chain", "store_forms/access=8,measure=latency"},
    {BIT(STORE), "hit, alone", "store_forms/access=8,measure=throughput"},
    {BIT(STORE), "before a load", "pair_forms/pair=store-load,to=other"},
    {BIT(STORE), "between stores", "pair_forms/pair=store-store,to=other"},
    {BIT(STORE), "miss to L2", "store_throughput/bytes=8,stride=line,footprint=L2"},
    {BIT(STORE), "miss to DRAM", "store_throughput/bytes=8,stride=line,footprint=DRAM"},
    {MODIFIES, "hit, in a chain", "rmw_forms/access=8,measure=latency"},
    {MODIFIES, "hit, alone", "rmw_forms/access=8,measure=throughput"},
    {MODIFIES, "after 8 stores", "fence_cost/stores=8,then=rmw,footprint=L1"},
    {MODIFIES, "after 8 that miss to DRAM", "fence_cost/stores=8,then=rmw,footprint=DRAM"},
    {BIT(FENCE), "alone", "fence_forms/after=nothing"},
    {BIT(FENCE), "after a store", "fence_forms/after=store"},
    {BIT(FENCE), "after a load", "fence_forms/after=load"},
    {BIT(FENCE), "between store and load", "pair_forms/pair=store-load,to=other"},
    {BIT(FENCE), "between stores", "pair_forms/pair=store-store,to=other"},
    {BIT(FENCE), "after 8 stores", "fence_cost/stores=8,then=fence,footprint=L1"},
    {BIT(FENCE), "after 8 that miss to DRAM", "fence_cost/stores=8,then=fence,footprint=DRAM"},
};
enum { PLACES = sizeof places / sizeof *places };

struct wish {
    const char *cpus;
    int kind; /* KINDS: not said */
    bool json, beside;
    char **sequences;
    size_t count;
};

static size_t row_of(enum kind kind) {
    size_t row = 0;
    while (!text_same(operation_rows[row].key, kind_keys[kind]))
        row++;
    return row;
}

/* Which kinds a sequence can be, as bits. */
static unsigned kinds_of(const char *words) {
    unsigned kinds = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        char copy[MAX_SEQUENCE];
        memcpy(copy, words, sizeof copy);
        if (mapping_fits(isa_here(), row_of((enum kind)kind), copy))
            kinds |= BIT(kind);
    }
    return kinds;
}

static void name_kinds(unsigned kinds, char *out, size_t size) {
    size_t used = 0;
    for (int kind = 0; kind < KINDS; kind++)
        if (kinds & BIT(kind))
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " or " : "",
                                     kind_names[kind]);
}

/* The one kind of all sequences, or death. */
static enum kind choose_kind(const struct wish *wish, char words[][MAX_SEQUENCE]) {
    unsigned all = wish->kind == KINDS ? BIT(KINDS) - 1 : BIT(wish->kind);
    char names[2][96];
    for (size_t i = 0; i < wish->count; i++) {
        unsigned kinds = kinds_of(words[i]);
        name_kinds(all, names[0], sizeof names[0]);
        if (kinds == 0)
            die(EXIT_USAGE, "sequence %zu: `%s' is no load, store, exchange, add, cas or fence",
                i + 1, words[i]);
        name_kinds(kinds, names[1], sizeof names[1]);
        if ((all & kinds) == 0)
            die(EXIT_USAGE, "sequence %zu: `%s' is a %s, but %s %s", i + 1, words[i], names[1],
                wish->kind == KINDS ? "those before it are" : "--as says", names[0]);
        all &= kinds;
    }
    name_kinds(all, names[0], sizeof names[0]);
    if (all & (all - 1))
        die(EXIT_USAGE, "sequence 1: `%s' may be a %s: choose one with --as", words[0], names[0]);
    return (enum kind)__builtin_ctz(all);
}

/* Gives what is tried to this process and its blocks: the kind. */
static enum kind give(const struct wish *wish) {
    static char words[MAX_GIVEN][MAX_SEQUENCE];
    char name[32];
    if (wish->count > MAX_GIVEN)
        die(EXIT_USAGE, "more than %d sequences: try them in several commands", MAX_GIVEN);
    for (size_t i = 0; i < wish->count; i++) {
        snprintf(name, sizeof name, "sequence %zu", i + 1);
        mapping_words(name, isa_here(), wish->sequences[i], words[i]);
    }
    enum kind kind = choose_kind(wish, words);
    for (size_t i = 0; i < wish->count; i++) {
        mapping_fits(isa_here(), row_of(kind), words[i]);
        given_try(row_of(kind), words[i]);
    }
    return kind;
}

static struct glance_cell tried(size_t which, const char *suffix) {
    static char name[MAX_SEQUENCE + 8];
    snprintf(name, sizeof name, "%s%s", given_at(which)->name, suffix);
    return (struct glance_cell){name, ROLE_FORM, "form__"};
}

static void print_interval(struct table *table, struct interval x, int digits) {
    if (stats_has_ends(x))
        table_cell(table, "%.*f [%.*f, %.*f]", digits, x.value, digits, x.low, digits, x.high);
    else
        table_cell(table, "-");
}

/* How far the method is from 1 here: the baseline against itself, and elsewhere. */
static double floor_of(const struct glance *glance) {
    const struct glance_cell base = {NULL, ROLE_BASELINE, NULL};
    double aa = stats_reach(glance_ratio(glance, (struct glance_cell){NULL, ROLE_AA, NULL}, base));
    double twin =
        stats_reach(glance_ratio(glance, (struct glance_cell){NULL, ROLE_TWIN, NULL}, base));
    return aa > twin ? aa : twin;
}

static json_t *interval_json(struct interval x) {
    return stats_has_ends(x) ? json_pack("[f, f, f]", x.value, x.low, x.high) : json_null();
}

/* The rows of a sequence at a place; cas has one that fails, too. */
static void add_rows(struct table *table, json_t *rows, const struct glance *glance,
                     const char *what, size_t which) {
    static const char *const suffixes[] = {"", ":fails"};
    const struct glance_cell base = {NULL, ROLE_BASELINE, NULL};
    for (int i = 0; i < 2; i++) {
        if (!glance_has(glance, tried(which, suffixes[i])))
            continue;
        struct interval ns = glance_ns(glance, tried(which, suffixes[i]));
        struct interval plain = glance_ratio(glance, tried(which, suffixes[i]), base), first;
        char name[MAX_SEQUENCE + 8];
        struct glance_cell one = tried(which, suffixes[i]);
        snprintf(name, sizeof name, "%s", one.name);
        one.name = name;
        first = glance_ratio(glance, one, tried(0, suffixes[i]));
        table_cell(table, "%s", which || i ? "" : what);
        table_cell(table, "%s", name);
        print_interval(table, ns, 2);
        print_interval(table, plain, 3);
        if (which)
            print_interval(table, first, 3);
        else
            table_cell(table, "1");
        json_array_append_new(rows, json_pack("{s:s, s:o, s:o, s:o}", "sequence", name, "ns",
                                              interval_json(ns), "of_plain", interval_json(plain),
                                              "of_first", interval_json(first)));
    }
}

/* All that a block has compiled beside: for who holds the one against the other. */
static void add_beside(json_t *rows, const struct glance *glance) {
    const struct glance_cell base = {NULL, ROLE_BASELINE, NULL};
    size_t i;
    json_t *cell;
    json_array_foreach(json_object_get(glance->blocks[0], "cells"), i, cell) {
        const char *symbol = json_string_value(json_object_get(cell, "symbol"));
        const char *name = json_string_value(json_object_get(cell, "lowering"));
        struct glance_cell compiled = {name, ROLE_FORM, "run_"};
        if (symbol == NULL || strncmp(symbol, "run_", 4) || !glance_has(glance, compiled))
            continue;
        json_t *row = json_pack("{s:s, s:b, s:o, s:o}", "sequence", name, "compiled", 1, "ns",
                                interval_json(glance_ns(glance, compiled)), "of_plain",
                                interval_json(glance_ratio(glance, compiled, base)));
        struct glance_cell same = {name, ROLE_FORM, "form__"};
        if (glance_has(glance, same))
            json_object_set_new(row, "of_generated",
                                interval_json(glance_ratio(glance, compiled, same)));
        json_array_append_new(rows, row);
    }
}

/* Measures all at one place. */
static json_t *measure(struct job *job, struct table *table, const struct place *place) {
    snprintf(job->set, sizeof job->set, "%s/threads=1", place->set);
    struct glance glance = glance_measure(job);
    json_t *rows = json_array();
    const struct glance_cell base = {NULL, ROLE_BASELINE, NULL};
    json_t *json =
        json_pack("{s:s, s:s, s:o}", "place", place->what, "set", job->set, "rows", rows);
    if (glance.why[0])
        json_object_set_new(json, "reason", json_string(glance.why));
    else {
        json_object_set_new(json, "plain_ns", interval_json(glance_ns(&glance, base)));
        json_object_set_new(json, "floor", json_real(floor_of(&glance)));
        for (size_t i = 0; i < given_count(); i++)
            add_rows(table, rows, &glance, place->what, i);
        add_beside(rows, &glance);
    }
    if (json_array_size(rows) == 0)
        warn("%s: %s", place->what, glance.why[0] ? glance.why : "this CPU lacks the instructions");
    glance_free(&glance);
    return json;
}

static void parse(int argc, char **argv, struct wish *wish) {
    enum { AS = 1, CPUS, BESIDE, JSON };
    static const struct option options[] = {{"as", required_argument, NULL, AS},
                                            {"cpus", required_argument, NULL, CPUS},
                                            {"beside", no_argument, NULL, BESIDE},
                                            {"json", no_argument, NULL, JSON},
                                            {0}};
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == CPUS)
            wish->cpus = optarg;
        else if (option == BESIDE)
            wish->beside = true;
        else if (option == JSON)
            wish->json = true;
        else {
            wish->kind = 0;
            while (wish->kind < KINDS && !text_same(optarg, kind_names[wish->kind]))
                wish->kind++;
            if (wish->kind == KINDS)
                text_unknown("kind", optarg, kind_names, KINDS);
        }
    }
    wish->sequences = argv + optind;
    wish->count = (size_t)(argc - optind);
    if (wish->count == 0)
        die(EXIT_USAGE,
            "%s: no sequence was given, as in `tsobench try LDR LDAPR' (see tsobench try --help)",
            argv[0]);
}

int cmd_try(int argc, char **argv) {
    static const char *const columns[] = {"<where",   "<sequence",    "ns of one",
                                          "of plain", "of the first", NULL};
    const struct page page = {.out = stdout, .format = PAGE_TEXT, .columns = 132};
    struct wish wish = {.kind = KINDS};
    struct job job = {.rounds = ROUNDS, .count = "none"};
    char missing[256];
    parse(argc, argv, &wish);
    enum kind kind = give(&wish);
    given_beside(wish.beside);
    request_from_machine(&job, plan_suite_named("exhaustive"), wish.cpus, NULL, missing,
                         sizeof missing);
    job.request.cpu_count = 1; /* one thread, and no proof of a mode: nothing is kept */
    job.source = machine_source();
    struct table *table = table_new(columns, 1);
    json_t *all = json_array();
    size_t measured = 0;
    for (size_t i = 0; i < PLACES; i++)
        if (places[i].kinds & BIT(kind)) {
            json_t *place = measure(&job, table, &places[i]);
            measured += json_array_size(json_object_get(place, "rows"));
            json_array_append_new(all, place);
        }
    if (wish.json) {
        json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        putchar('\n');
        table_free(table);
    } else
        table_print(table, &page);
    json_decref(all);
    return measured ? EXIT_DONE : EXIT_FAILED;
}
