/* SPDX-License-Identifier: MIT
 *
 * probes.c: the questions, for every instruction of an ISA that they can be asked about.
 */
#include "core/probes.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"

enum { MOST_PROBES = 256, MOST_WORDS = 6 };

/* The instructions of an ISA. */
struct instructions {
    const char *load, *store;          /* plain ones */
    const char *loads[MOST_WORDS];     /* all, that one first */
    const char *stores[MOST_WORDS];    /* likewise */
    const char *serialising;           /* of them one that waits for all before it, or NULL */
    const char *split;                 /* of them one that nobody may make across a line, or NULL */
    const char *of_stores[MOST_WORDS]; /* barriers between stores, between loads, and all */
    const char *of_loads[MOST_WORDS];
    const char *barriers[MOST_WORDS];
};

/* A locked access across two lines stops all cores of an x86 machine, and its kernel may punish it.
 */
static const struct instructions known[ISAS] = {
    [ISA_AARCH64] = {.load = "LDR",
                     .store = "STR",
                     .loads = {"LDR", "LDAPR", "LDAR"},
                     .stores = {"STR", "STLR"},
                     .of_stores = {"DMB ISHST", "DMB ISH"},
                     .of_loads = {"DMB ISHLD"},
                     .barriers = {"DMB ISH", "DMB ISHST", "DMB ISHLD", "DSB ISH", "ISB"}},
    [ISA_X86_64] = {.load = "MOV",
                    .store = "MOV",
                    .loads = {"MOV"},
                    .stores = {"MOV", "XCHG"},
                    .serialising = "XCHG",
                    .split = "XCHG",
                    .of_stores = {"SFENCE", "MFENCE"},
                    .of_loads = {"LFENCE"},
                    .barriers = {"MFENCE", "SFENCE", "LFENCE", "LOCK ADD"}},
};

struct list {
    struct probe *probes;
    size_t count;
    const char *only;
    const struct instructions *of;
};

/* One more, if it is wanted: NULL otherwise. */
static struct probe *add(struct list *list, const char *about, const char *question,
                         enum reading reading, const char *first, const char *second,
                         struct turn turn) {
    struct probe *probe = &list->probes[list->count];
    if (list->count == MOST_PROBES)
        die(EXIT_FAILED, "more than %d questions", MOST_PROBES);
    *probe = (struct probe){.question = question, .reading = reading, .turn = turn};
    snprintf(probe->words, sizeof probe->words, "%s%s%s", first, second ? ", " : "",
             second ? second : "");
    snprintf(probe->id, sizeof probe->id, "%s/%s", about, probe->words);
    if (list->only && fnmatch(list->only, probe->id, 0) != 0)
        return NULL;
    list->count++;
    return probe;
}

static void add_knee(struct list *list, const char *about, const char *question, const char *what,
                     struct act first, struct act between, unsigned most, unsigned extra) {
    struct turn turn = {{first}, {between}, {{ACT_LOAD, list->of->load, AT_MISS}}};
    struct probe *probe = add(list, about, question, READ_KNEE, what, NULL, turn);
    if (probe) {
        probe->most = most;
        probe->extra = extra;
    }
}

/* Both misses are in the reorder buffer and in the load queue, and in no store buffer. */
static void add_entries(struct list *list) {
    const struct instructions *of = list->of;
    const struct act miss = {ACT_LOAD, of->load, AT_MISS}, keep = {ACT_KEEP, of->load, AT_MISS};
    for (size_t i = 0; of->stores[i]; i++)
        if (of->stores[i] != of->serialising)
            add_knee(list, "store-buffer", "entries of the store buffer", of->stores[i], miss,
                     (struct act){ACT_STORE, of->stores[i], AT_HIT}, 192, 0);
    for (size_t i = 0; of->loads[i]; i++)
        add_knee(list, "load-queue", "loads that are made and not retired", of->loads[i], miss,
                 (struct act){ACT_LOAD, of->loads[i], AT_HIT}, 320, 2);
    add_knee(list, "load-queue-waiting", "loads that wait for their address", of->load, keep,
             (struct act){ACT_LOAD, of->load, AT_HIT_AFTER}, 320, 2);
    add_knee(list, "reorder-buffer", "entries of the reorder buffer", "NOP", miss,
             (struct act){ACT_BARRIER, "NOP", AT_NOTHING}, 704, 2);
    add_knee(list, "reorder-buffer", "entries of the reorder buffer", "register move", miss,
             (struct act){ACT_MOVE, NULL, AT_NOTHING}, 704, 2);
}

/* A turn of stores, all alike, for each of the store instructions. */
static void add_each_store(struct list *list, const char *about, const char *question,
                           enum reading reading, enum act_place place) {
    for (size_t i = 0; list->of->stores[i]; i++)
        add(list, about, question, reading, list->of->stores[i], NULL,
            (struct turn){.each = {{ACT_STORE, list->of->stores[i], place}}});
}

static void add_stores(struct list *list) {
    const struct instructions *of = list->of;
    const char *overlap = "missing stores under way at a time";
    add_each_store(list, "stores-a-cycle", "stores a cycle that hit, each in the next line",
                   READ_RATE, AT_HIT);
    add_each_store(list, "stores-a-cycle-one-word", "stores a cycle that hit one word", READ_RATE,
                   AT_WORD);
    for (size_t i = 0; of->stores[i]; i++)
        if (of->stores[i] != of->serialising)
            add(list, "store-merge", "cycles a store to a line that is under way", READ_MERGE,
                of->stores[i], NULL,
                (struct turn){.before = {{ACT_STORE, of->stores[i], AT_MISS}},
                              .each = {{ACT_STORE, of->stores[i], AT_MISSED_LINE}}});
    add_each_store(list, "store-overlap", overlap, READ_OVERLAP, AT_MISS);
    for (size_t i = 0; of->of_stores[i]; i++)
        add(list, "store-overlap", overlap, READ_OVERLAP, of->store, of->of_stores[i],
            (struct turn){.each = {{ACT_STORE, of->store, AT_MISS},
                                   {ACT_BARRIER, of->of_stores[i], AT_NOTHING}}});
}

static void add_loads(struct list *list) {
    const struct instructions *of = list->of;
    const char *overlap = "missing loads under way at a time";
    for (size_t i = 0; of->loads[i]; i++)
        add(list, "load-overlap", overlap, READ_OVERLAP, of->loads[i], NULL,
            (struct turn){.each = {{ACT_LOAD, of->loads[i], AT_MISS}}});
    for (size_t i = 0; of->of_loads[i]; i++)
        add(list, "load-overlap", overlap, READ_OVERLAP, of->load, of->of_loads[i],
            (struct turn){.each = {{ACT_LOAD, of->load, AT_MISS},
                                   {ACT_BARRIER, of->of_loads[i], AT_NOTHING}}});
    for (size_t i = 0; of->loads[i]; i++)
        add(list, "load-after-load", "does a plain load wait for such a one before it?", READ_WAIT,
            of->loads[i], NULL,
            (struct turn){.before = {{ACT_LOAD, of->loads[i], AT_MISS}},
                          .after = {{ACT_LOAD, of->load, AT_MISS}}});
}

/* Each store before each load, in the turn that says what is asked. */
static void add_store_load(struct list *list, const char *about, const char *question,
                           enum reading reading,
                           struct turn (*turn)(const struct instructions *of, const char *store,
                                               const char *load)) {
    for (size_t s = 0; list->of->stores[s]; s++)
        for (size_t i = 0; list->of->loads[i]; i++) {
            const char *store = list->of->stores[s], *load = list->of->loads[i];
            add(list, about, question, reading, store, load, turn(list->of, store, load));
        }
}

static struct turn passing(const struct instructions *of, const char *store, const char *load) {
    (void)of;
    return (struct turn){.before = {{ACT_STORE, store, AT_MISS}},
                         .after = {{ACT_LOAD, load, AT_MISS}}};
}

static struct turn fed(const struct instructions *of, const char *store, const char *load) {
    return (struct turn){.before = {{ACT_STORE, store, AT_MISS}},
                         .each = {{ACT_KEEP, load, AT_MISSED}},
                         .after = {{ACT_LOAD, of->load, AT_MISS_AFTER}}};
}

static struct turn forwarded(const struct instructions *of, const char *store, const char *load) {
    (void)of;
    return (struct turn){.each = {{ACT_PASS, store, AT_WORD}, {ACT_KEEP, load, AT_WORD}}};
}

static void add_loads_after_stores(struct list *list) {
    add_store_load(list, "load-after-store",
                   "does a load wait for a store of another line before it?", READ_WAIT, passing);
    add_store_load(list, "fed", "does a load wait for a store of its own word before it?",
                   READ_WAIT, fed);
    add_store_load(list, "forwarding", "cycles from a store to a load of its word, in a chain",
                   READ_CYCLES, forwarded);
}

/* What is there before a barrier, and what after it shows that the barrier waited. */
static void add_barriers(struct list *list) {
    static const struct {
        const char *about, *question;
        bool store_before, store_after;
    } kinds[] = {
        {"waits-for-store", "does a load after it wait for a store before it?", true, false},
        {"waits-for-load", "does a load after it wait for a load before it?", false, false},
        {"store-waits-for-store", "does a store after it wait for a store before it?", true, true},
        {"store-waits-for-load", "does a store after it wait for a load before it?", false, true},
    };
    const struct instructions *of = list->of;
    const struct act load = {ACT_LOAD, of->load, AT_MISS}, store = {ACT_STORE, of->store, AT_MISS};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct turn turn = {.before = {kinds[k].store_before ? store : load},
                            .after = {kinds[k].store_after ? store : load}};
        add(list, kinds[k].about, kinds[k].question, READ_WAIT, "nothing", NULL, turn);
        for (size_t i = 0; of->barriers[i]; i++) {
            turn.each[0] = (struct act){ACT_BARRIER, of->barriers[i], AT_NOTHING};
            add(list, kinds[k].about, kinds[k].question, READ_WAIT, of->barriers[i], NULL, turn);
        }
    }
}

static void add_crossing(struct list *list) {
    static const struct {
        const char *what;
        enum act_place place;
    } kinds[] = {{"aligned", AT_ALIGNED},
                 {"across 16 bytes", AT_CROSS_16},
                 {"across a line", AT_CROSS_LINE},
                 {"across a page", AT_CROSS_PAGE}};
    const struct instructions *of = list->of;
    for (size_t i = 0; of->loads[i]; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            add(list, "load-cycles", "cycles of a load of 8 bytes that hits", READ_CYCLES,
                of->loads[i], kinds[k].what,
                (struct turn){.each = {{ACT_LOAD, of->loads[i], kinds[k].place}}});
    for (size_t i = 0; of->stores[i]; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (of->stores[i] != of->split || kinds[k].place < AT_CROSS_LINE)
                add(list, "store-cycles", "cycles of a store of 8 bytes that hits", READ_CYCLES,
                    of->stores[i], kinds[k].what,
                    (struct turn){.each = {{ACT_STORE, of->stores[i], kinds[k].place}}});
}

/* A load that is made while an older one is on its way, of a line that another core writes. */
static void add_undone(struct list *list) {
    const struct instructions *of = list->of;
    for (size_t i = 0; of->loads[i]; i++)
        add(list, "read-early", "times as long where another core writes what a load read early",
            READ_UNDONE, of->loads[i], NULL,
            (struct turn){.before = {{ACT_LOAD, of->loads[i], AT_MISS}},
                          .each = {{ACT_LOAD, of->loads[i], AT_SHARED}}});
}

struct probe *probes_of(enum isa isa, const char *only, size_t *count) {
    struct list list = {
        .probes = allocate(MOST_PROBES, sizeof *list.probes), .only = only, .of = &known[isa]};
    add_entries(&list);
    add_stores(&list);
    add_loads(&list);
    add_loads_after_stores(&list);
    add_barriers(&list);
    add_undone(&list);
    add_crossing(&list);
    *count = list.count;
    return list.probes;
}

/* So many each `step`, from `from`. */
static size_t row(struct turn_point *points, unsigned from, unsigned to, unsigned step) {
    size_t count = 0;
    for (unsigned n = from; n <= to; n += step)
        points[count++] = (struct turn_point){n, PART_ALL};
    return count;
}

size_t probe_points(const struct probe *probe, struct turn_point points[PROBE_POINTS]) {
    static const unsigned overlaps[] = {0, 1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64};
    bool barrier = probe->turn.each[0].kind == ACT_BARRIER; /* has a time of its own */
    const unsigned parts[WAIT_POINTS] = {[WAIT_NOTHING] = 0,
                                         [WAIT_BARRIER] = barrier ? PART_EACH : 0,
                                         [WAIT_FIRST] = PART_BEFORE,
                                         [WAIT_SECOND] = PART_AFTER,
                                         [WAIT_BOTH] = PART_ALL};
    size_t count = 0;
    switch (probe->reading) {
    case READ_KNEE:
        return row(points, 0, probe->most, 1);
    case READ_RATE:
        return row(points, 64, 512, 64);
    case READ_MERGE:
        return row(points, 4, 40, 4);
    case READ_OVERLAP:
        for (; count < sizeof overlaps / sizeof *overlaps; count++)
            points[count] = (struct turn_point){overlaps[count], PART_ALL};
        return count;
    case READ_WAIT:
        for (; count < WAIT_POINTS; count++)
            points[count] = (struct turn_point){1, parts[count]};
        return count;
    case READ_UNDONE: /* where nobody writes, and where somebody does */
        return row(points, 1, 1, 1) + row(points + 1, 1, 1, 1);
    default:
        return row(points, 8, 64, 8);
    }
}

const char *probe_unit(const struct probe *probe) {
    static const char *const units[READINGS] = {
        [READ_KNEE] = "entries", [READ_RATE] = "a cycle",   [READ_CYCLES] = "cycles",
        [READ_MERGE] = "cycles", [READ_OVERLAP] = "misses", [READ_WAIT] = "misses of time",
        [READ_UNDONE] = "times"};
    return units[probe->reading];
}
