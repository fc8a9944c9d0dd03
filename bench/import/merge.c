/* SPDX-License-Identifier: MIT */
#include "import/merge.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

static const char pmu[] = "simulator";

/* What is told by the names of Arm's events where it is the same; what else the simulator counts
 * keeps its name. */
static const struct {
    const char *counted, *event;
} names[] = {{"loads", "LD_RETIRED"}, {"stores", "ST_RETIRED"}, {"l1d_misses", "L1D_CACHE_REFILL"}};

static const char *event_named(const char *counted) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].counted, counted) == 0)
            return names[i].event;
    return counted;
}

/* A count of all threads in a cell of a line, less what the marks themselves come to on the thread
 * that makes them. */
static json_t *counted(const struct part *part, const json_t *line, const json_t *cell,
                       const char *key) {
    const char *set = guest_text(part->guest, line, "set");
    const json_t *all =
        json_object_get(guest_counts(part->guest, json_object_get(cell, "work"), set), key);
    const json_t *none =
        json_object_get(guest_counts(part->guest, json_object_get(line, "work_nothing"), set), key);
    size_t threads = (size_t)guest_number(part->guest, line, "threads");
    double sum = -json_number_value(json_array_get(none, 0));
    if (json_array_size(all) < threads)
        die(EXIT_USAGE, "%s: `%s' was counted on fewer CPUs than %s has threads",
            part->guest->folder, key, set);
    for (size_t i = 0; i < threads; i++)
        sum += json_number_value(json_array_get(all, i));
    return json_integer(sum > 0 ? (json_int_t)sum : 0);
}

static bool is_event(const char *key) {
    return strcmp(key, "work") != 0 && strcmp(key, "ticks") != 0 && strcmp(key, "cycles") != 0 &&
           strcmp(key, "instructions") != 0;
}

static void add_counts(const struct part *part, json_t *cell) {
    const char *key;
    json_t *value, *counts = json_array();
    const char *set = guest_text(part->guest, part->line, "set");
    json_t *work = (json_t *)guest_counts(part->guest, json_object_get(cell, "work"), set);
    json_object_set_new(cell, "cycles",
                        json_pack("[o]", counted(part, part->line, cell, "cycles")));
    json_object_set_new(cell, "instructions",
                        json_pack("[o]", counted(part, part->line, cell, "instructions")));
    json_object_foreach(work, key, value) {
        if (is_event(key))
            json_array_append_new(counts, counted(part, part->line, cell, key));
    }
    if (json_array_size(counts) == 0) { /* then there is no set of events either */
        json_decref(counts);
        return;
    }
    json_object_set_new(cell, "event_set", json_pack("[i]", 0));
    json_object_set_new(cell, "counts", json_pack("[o]", counts));
}

/* Stamps are inside of the marks: a sample that took longer was somebody else's item. The marks are
 * one thread's; others may begin a little before it and end after it. */
static void check_time(const struct part *part, const json_t *cell) {
    const char *set = guest_text(part->guest, part->line, "set");
    const json_t *work = guest_counts(part->guest, json_object_get(cell, "work"), set);
    double ns = json_number_value(json_array_get(json_object_get(cell, "ticks"), 0));
    double ps = json_number_value(json_object_get(work, "ticks"));
    bool alone = guest_number(part->guest, part->line, "threads") == 1;
    if (!(ns > 0) || ns > ps / 1000 * (alone ? 1 : 1.01) + 1)
        die(EXIT_USAGE, "%s: %s took %g ns by its own clock and %g ns by the simulator's",
            part->guest->folder, set, ns, ps / 1000);
}

/* Threads begin some time apart, and a simulated sample is so short that this would be a good part
 * of it. It is the same in n operations as in 2n: so where there are several threads, a sample is
 * what the second n take. Null where hardly more was measured than the start. */
static json_t *without_start(const json_t *once, const json_t *twice) {
    double start_and_n = json_number_value(json_array_get(once, 0));
    double n = json_number_value(json_array_get(twice, 0)) - start_and_n;
    return n > start_and_n / 4 ? json_pack("[I]", (json_int_t)n) : json_pack("[n]");
}

static json_t *cell_of(const struct part *part, size_t index, const struct symbols *symbols) {
    json_t *cells = json_object_get(part->line, "cells"), *mine = json_array_get(cells, index);
    const json_t *twice = json_object_get(part->line, "twice");
    json_t *again = json_array_get(json_object_get(twice, "cells"), index);
    json_t *cell = json_deep_copy(mine);
    const char *lowering = guest_text(part->guest, mine, "lowering");
    json_int_t ops = guest_number(part->guest, mine, "ops");
    if (again == NULL || strcmp(guest_text(part->guest, again, "lowering"), lowering) != 0 ||
        guest_number(part->guest, again, "ops") != 2 * ops)
        die(EXIT_USAGE, "%s: %s of %s lacks the sample of twice the operations",
            part->guest->folder, lowering, guest_text(part->guest, part->line, "set"));
    check_time(part, cell);
    add_counts(part, cell);
    json_object_del(cell, "work");
    json_object_set(cell, "ticks_twice", json_object_get(again, "ticks"));
    if (guest_number(part->guest, part->line, "threads") > 1)
        json_object_set_new(
            cell, "ticks",
            without_start(json_object_get(mine, "ticks"), json_object_get(again, "ticks")));
    json_object_set_new(cell, "instructions_twice",
                        json_pack("[o]", counted(part, twice, again, "instructions")));
    const char *address = json_string_value(json_object_get(mine, "symbol"));
    const char *symbol =
        symbols && address ? symbols_at(symbols, strtoull(address, NULL, 16)) : NULL;
    json_object_set_new(cell, "symbol", symbol ? json_string(symbol) : json_null());
    return cell;
}

static json_t *events_of(const struct part *part, const json_t *line) {
    const char *key;
    json_t *value, *events = json_array();
    const json_t *cell = json_array_get(json_object_get(part->line, "cells"), 0);
    json_t *work = (json_t *)guest_counts(part->guest, json_object_get(cell, "work"),
                                          guest_text(part->guest, line, "set"));
    json_object_foreach(work, key, value) {
        if (is_event(key))
            json_array_append_new(events, json_string(event_named(key)));
    }
    json_t *sets = json_array_size(events)
                       ? json_pack("[{s:s, s:O}]", "name", "mix", "events", events)
                       : json_array();
    json_decref(events);
    return json_pack("{s:s, s:s, s:o, s:[]}", "pmu", pmu, "read", pmu, "sets", sets, "missing");
}

/* ---- the same set? ---- */

static bool has_lowering(const json_t *line, const char *lowering) {
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(line, "cells"), i, item) {
        const char *name = json_string_value(json_object_get(item, "lowering"));
        if (name && strcmp(name, lowering) == 0)
            return true;
    }
    json_array_foreach(json_object_get(line, "skipped"), i, item) {
        const char *name = json_string_value(json_object_get(item, "lowering"));
        if (name && strcmp(name, lowering) == 0)
            return true;
    }
    return false;
}

/* References stand beside the baseline alone, and forms that are to keep x86-TSO in weak mode, of
 * which it is said whether they do, are in that alone. */
static bool is_of_one_model(const struct part *part, const json_t *cell) {
    enum role role = ROLE_NONE;
    role_parse(guest_text(part->guest, cell, "role"), &role);
    return role == ROLE_REFERENCE ||
           (role == ROLE_FORM && json_is_boolean(json_object_get(cell, "sound")));
}

static void check_lowerings(const struct part *mine, const struct part *other) {
    size_t i;
    json_t *cell;
    json_array_foreach(json_object_get(mine->line, "cells"), i, cell) {
        const char *lowering = guest_text(mine->guest, cell, "lowering");
        if (!is_of_one_model(mine, cell) && !has_lowering(other->line, lowering))
            die(EXIT_USAGE, "%s: %s lacks %s, which %s has", other->guest->folder,
                guest_text(mine->guest, mine->line, "set"), lowering, mine->guest->folder);
    }
}

static void check_same(const struct part *a, const struct part *b) {
    static const char *const keys[] = {"set",       "kernel",       "params",     "op",
                                       "threads",   "op_threads",   "footprint",  "bytes_per_op",
                                       "page_kib",  "ticks_per_ns", "chain_adds", "source",
                                       "placement", "weight"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!json_equal(json_object_get(a->line, keys[i]), json_object_get(b->line, keys[i])))
            die(EXIT_USAGE, "%s and %s disagree on `%s' of %s", a->guest->folder, b->guest->folder,
                keys[i], guest_text(a->guest, a->line, "set"));
    check_lowerings(a, b);
    check_lowerings(b, a);
}

static void add_part(const struct part *part, const struct symbols *symbols, json_t *cells,
                     json_t *skipped) {
    for (size_t i = 0; i < json_array_size(json_object_get(part->line, "cells")); i++)
        json_array_append_new(cells, cell_of(part, i, symbols));
    json_array_extend(skipped, json_object_get(part->line, "skipped"));
}

json_t *merge_block(const struct part *tso, const struct part *weak, const struct symbols *symbols,
                    const char *time) {
    static const char *const dropped[] = {"twice", "work_nothing", "cells", "skipped"};
    json_t *line = json_deep_copy(tso->line), *cells = json_array(), *skipped = json_array();
    check_same(tso, weak);
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        json_object_del(line, dropped[i]);
    add_part(tso, symbols, cells, skipped); /* the baseline first */
    add_part(weak, symbols, cells, skipped);
    json_object_set_new(line, "time", json_string(time));
    json_object_set_new(line, "order", json_array()); /* each core had one of its own */
    json_object_set_new(line, "events", events_of(tso, line));
    json_object_set_new(line, "cells", cells);
    json_object_set_new(line, "skipped", skipped);
    return line;
}
