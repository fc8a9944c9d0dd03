/* SPDX-License-Identifier: MIT
 *
 * schema_lines.c: the lines of samples.jsonl. Whoever adds a key to a line adds it here.
 */
#include <string.h>

#include "samples/schema.h"
#include "samples/vocabulary.h"

/* A time or a count of one round, in ticks, cycles or what is counted. */
#define MOST_TICKS 1e18

static const struct schema name = {NULL, NAME};
static const struct schema positive = {NULL, NUMBER(ABOVE_0, MOST_TICKS), NULLABLE};
static const struct schema metric = {NULL, NUMBER(0, MOST_TICKS), NULLABLE};
static const struct schema count = {NULL, WHOLE(0, MOST_TICKS), NULLABLE};
static const struct schema counts = {NULL, LIST(0, BOUND_EVENTS, &count), NULLABLE};
static const struct schema set_number = {NULL, WHOLE(0, BOUND_EVENTS)};
static const struct schema width = {NULL, NUMBER(ABOVE_0, 1e12)};
static const struct schema place = {NULL, WHOLE(0, 2 * BOUND_CELLS)};

static const struct schema targets[] = {
    {"single", NUMBER(0, 1), OPTIONAL}, {"multi", NUMBER(0, 1), OPTIONAL}, {NULL}};

static const struct schema text_line = {NULL, TEXT};
static const struct schema mapping[] = {{"path", NAME},
                                        {"lines", LIST(0, 4096, &text_line)},
                                        {"unsound", TEXT, OPTIONAL, NULLABLE}, /* of older runs */
                                        {NULL}};
static const struct schema each_mapping = {NULL, OBJECT(mapping)};

static const struct schema trimmed[] = {
    {"sha256", WORD}, {"bytes", WHOLE(1, 1e15)}, {"samples", WHOLE(1, 1e15)}, {NULL}};

static const struct schema begin[] = {{"format", WHOLE(1, 1)},
                                      {"type", NAME},
                                      {"suite", WORDS("smoke quick full exhaustive")},
                                      {"seed", SEED},
                                      {"version", WORD},
                                      {"time", TIME},
                                      {"only", TEXT, NULLABLE},
                                      {"cpus", CPUS, NULLABLE},
                                      {"models", TEXT, NULLABLE},
                                      {"count", TEXT, NULLABLE, OPTIONAL},
                                      {"command", TEXT, OPTIONAL},
                                      {"mappings", LIST(0, 16, &each_mapping), OPTIONAL},
                                      {"rounds", WHOLE(0, BOUND_ROUNDS)},
                                      {"blocks", WHOLE(0, BOUND_BLOCKS)},
                                      {"min_blocks", WHOLE(1, BOUND_BLOCKS), OPTIONAL},
                                      {"targets", OBJECT(targets)},
                                      {"trimmed", OBJECT(trimmed), OPTIONAL},
                                      {NULL}};

static const struct schema end[] = {{"format", WHOLE(1, 1)},
                                    {"type", NAME},
                                    {"complete", TRUTH},
                                    {"seconds", NUMBER(0, 1e9)},
                                    {"sets", WHOLE(0, BOUND_SETS), OPTIONAL},
                                    {"suite", NAME, OPTIONAL},
                                    {"seed", SEED, OPTIONAL},
                                    {NULL}};

#define SET                                                                                        \
    {"format", WHOLE(1, 1)}, {"type", NAME}, {"set", NAME}, {"kernel", WORD}, {"params", NAME}, {  \
        "threads", WHOLE(1, 65536)                                                                 \
    }

static const struct schema skipped[] = {SET, {"reason", TEXT}, {NULL}};
static const struct schema failed[] = {
    SET, {"block", WHOLE(0, BOUND_BLOCKS)}, {"reason", TEXT}, {NULL}};

static const struct schema litmus[] = {{"model", WORDS(MEMMODEL_WORDS)},
                                       {"test", WORD},
                                       {"runs", WHOLE(0, 1e9)},
                                       {"moved", WHOLE(0, 1e9), OPTIONAL},
                                       {"relaxed", WHOLE(0, 1e9)},
                                       {"forbidden", TRUTH},
                                       {NULL}};
static const struct schema each_litmus = {NULL, OBJECT(litmus)};
static const struct schema battery[] = {{"before", LIST(0, 4096, &each_litmus), OPTIONAL},
                                        {"after", LIST(0, 4096, &each_litmus), OPTIONAL},
                                        {NULL}};

static const struct schema events_of_set[] = {
    {"name", WORD}, {"events", LIST(1, BOUND_EVENTS, &name)}, {NULL}};
static const struct schema each_set = {NULL, OBJECT(events_of_set)};
static const struct schema missing[] = {{"event", NAME}, {"reason", TEXT}, {NULL}};
static const struct schema each_missing = {NULL, OBJECT(missing)};
static const struct schema events[] = {{"pmu", NAME},
                                       {"read", WORDS("user syscall simulator")},
                                       {"sets", LIST(0, BOUND_EVENTS, &each_set)},
                                       {"missing", LIST(0, BOUND_EVENTS, &each_missing)},
                                       {NULL}};

#define CELL_ID                                                                                    \
    {"lowering", WORD}, {"role", WORDS(ROLE_WORDS)}, {                                             \
        "model", WORDS(MEMMODEL_WORDS)                                                             \
    }
#define CELL                                                                                       \
    CELL_ID, {"coverage", WORDS(COVERAGE_WORDS)}, {"sound", TRUTH, NULLABLE},                      \
        {"witness", NAME, NULLABLE}, {"erratum", WHOLE(1, 1e9), NULLABLE, OPTIONAL},               \
        {"symbol", NAME, NULLABLE}, {"ops", WHOLE(1, 1e15)}, {"migrated", WHOLE(0, BOUND_ROUNDS)}, \
        {"preempted", WHOLE(0, 1e9)}, {"check_failed", WHOLE(0, BOUND_ROUNDS)}, {                  \
        "check_message", TEXT, NULLABLE                                                            \
    }

#define ROUNDS(of) LIST(0, BOUND_ROUNDS, of)
static const struct schema cell[] = {CELL,
                                     {"ticks", ROUNDS(&positive)},
                                     {"ticks_twice", ROUNDS(&positive), OPTIONAL},
                                     {"instructions_twice", ROUNDS(&positive), OPTIONAL},
                                     {"chain_before", ROUNDS(&positive)},
                                     {"chain_after", ROUNDS(&positive)},
                                     {"cycles", ROUNDS(&positive), OPTIONAL},
                                     {"instructions", ROUNDS(&positive), OPTIONAL},
                                     {"event_set", ROUNDS(&set_number), OPTIONAL},
                                     {"counts", ROUNDS(&counts), OPTIONAL},
                                     {"metric", ROUNDS(&metric), OPTIONAL},
                                     {NULL}};
static const struct schema each_cell = {NULL, OBJECT(cell)};

#define MEDIAN(least) NUMBER(least, MOST_TICKS), NULLABLE
static const struct schema median_count = {NULL, MEDIAN(0)};
static const struct schema counted[] = {
    {"cycles", MEDIAN(0), OPTIONAL},
    {"instructions", MEDIAN(0), OPTIONAL},
    {"events", LIST(0, (double)BOUND_EVENTS *BOUND_EVENTS, &median_count), OPTIONAL},
    {NULL}};
static const struct schema trimmed_cell[] = {CELL,
                                             {"samples", WHOLE(0, BOUND_ROUNDS)},
                                             {"spoiled", WHOLE(0, BOUND_ROUNDS)},
                                             {"drifted", WHOLE(0, BOUND_ROUNDS)},
                                             {"ns", MEDIAN(ABOVE_0)},
                                             {"cycles", MEDIAN(ABOVE_0)},
                                             {"ratio", MEDIAN(ABOVE_0)},
                                             {"metric", MEDIAN(0), OPTIONAL},
                                             {"counted", OBJECT(counted), OPTIONAL},
                                             {NULL}};
static const struct schema each_trimmed = {NULL, OBJECT(trimmed_cell)};

static const struct schema shape[] = {CELL_ID,
                                      {"bimodal", NUMBER(0, 1e9)},
                                      {"slower_share", NUMBER(0, 1)},
                                      {"between_blocks", TRUTH},
                                      {"warm_up", NUMBER(0, 1e9)},
                                      {NULL}};
static const struct schema each_shape = {NULL, OBJECT(shape)};
static const struct schema shapes[] = {SET, {"cells", LIST(1, BOUND_CELLS, &each_shape)}, {NULL}};

static const struct schema skip[] = {
    {"lowering", WORD}, {"model", WORDS(MEMMODEL_WORDS)}, {"reason", TEXT}, {NULL}};
static const struct schema each_skip = {NULL, OBJECT(skip)};

static const struct schema linked[] = {
    {"layout", WHOLE(0, 65536)}, {"layouts", WHOLE(1, 65536)}, {"seed", SEED}, {NULL}};

/* Of a block, all but its cells and their order. */
#define BLOCK                                                                                      \
    SET, {"family", WORD, OPTIONAL}, {"op", NAME}, {"metric", WORD, OPTIONAL},                     \
        {"weight", WHOLE(0, 1000), OPTIONAL}, {"op_threads", WHOLE(1, 65536), OPTIONAL},           \
        {"placement", PLACEMENT}, {"layout", WORDS("fresh inherited"), OPTIONAL},                  \
        {"link", OBJECT(linked), OPTIONAL}, {"footprint", WHOLE(0, 1e15)},                         \
        {"block", WHOLE(0, BOUND_BLOCKS)}, {"seed", SEED}, {"source", WORDS(SOURCE_WORDS)},        \
        {"time", TIME}, {"ticks_per_ns", NUMBER(1e-6, 1e3)}, {"chain_adds", NUMBER(1, 1e9)},       \
        {"bytes_per_op", WHOLE(0, 1e15)}, {"issue_width", LIST(2, 2, &width), OPTIONAL},           \
        {"page_kib", WHOLE(0, 1 << 30)}, {"rounds", WHOLE(1, BOUND_ROUNDS)},                       \
        {"lead_in", NUMBER(0, 1000), OPTIONAL}, {"settled", TRUTH, OPTIONAL},                      \
        {"stack_offset", WHOLE(0, 1 << 20), OPTIONAL}, {"battery", OBJECT(battery)},               \
        {"battery_skipped", TEXT, OPTIONAL}, {"throttled", WHOLE(0, 1e15), OPTIONAL},              \
        {"pmu_skipped", TEXT, OPTIONAL}, {"events", OBJECT(events), NULLABLE, OPTIONAL}, {         \
        "skipped", LIST(0, BOUND_CELLS, &each_skip)                                                \
    }

static const struct schema block[] = {
    BLOCK,
    {"order", LIST(0, BOUND_ROUNDS *(double)BOUND_PLACES, &place)},
    {"cells", LIST(1, BOUND_CELLS, &each_cell)},
    {NULL}};
static const struct schema medians[] = {
    BLOCK, {"cells", LIST(1, BOUND_CELLS, &each_trimmed)}, {NULL}};

const struct schema *schema_of_line(const char *type) {
    static const struct {
        const char *type;
        const struct schema *rows;
    } lines[] = {{"begin", begin},     {"block", block},   {"medians", medians}, {"shapes", shapes},
                 {"skipped", skipped}, {"failed", failed}, {"end", end}};
    for (size_t i = 0; type && i < sizeof lines / sizeof lines[0]; i++)
        if (strcmp(type, lines[i].type) == 0)
            return lines[i].rows;
    return NULL;
}
