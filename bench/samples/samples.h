/* SPDX-License-Identifier: MIT
 *
 * samples.h: the raw samples of a run directory, read back. Everything the project says is made
 * from these, later, again and again; so the reader believes nothing that is not whole.
 */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "samples/vocabulary.h"

enum sound { SOUND_NO, SOUND_YES, SOUND_NOT_APPLICABLE };

/* What the rounds of a trimmed set showed that medians do not (summary/diagnose.h): the distance of
 * two modes and the share of the slower one, whether each block was in one of them, and how much
 * slower the first rounds were. 0 where nothing was seen, and in a set that is whole. */
struct sample_shape {
    double bimodal, slower_share, warm_up;
    bool between_blocks;
};

/* What tells a cell from the others of its set, the same in all blocks. */
struct sample_cell {
    const char *lowering; /* it, role and model identify it */
    enum role role;
    enum memmodel model;
    enum coverage coverage;
    enum sound sound;
    const char *witness; /* the litmus test that breaks an unsound one, or NULL */
    const char *symbol;  /* what was called, or NULL */
    unsigned erratum;    /* of the core, which makes the lowering invalid; or 0 */
    struct sample_shape shape;
};

/* Samples: those that count; those that were spoiled; of the first, those during which the clock
 * moved by more than 1 %. */
struct sample_tally {
    size_t samples, spoiled, drifted;
};

/* What is left of a cell's rounds in a trimmed block: medians over those that count, NAN where none
 * does, and how many there were. The ratio is to the baseline in the same round; the baseline's
 * own is 1. */
struct sample_medians {
    double ns, cycles, ratio; /* of samples_ns(), samples_cycles() and samples_ratio() */
    struct sample_tally tally;
};

/* What one block measured of one cell: an element for each round of the block. A spoiled sample
 * is NAN in ticks. cycles and instructions are NULL without a PMU, NAN where not counted.
 * event_sets is NULL where no further events were counted; else a round's counts are those of
 * its set's events in the set's order, NAN where not counted. A trimmed block has one round, of
 * medians: no ticks and chains, the others as far as there were any. */
struct sample_column {
    uint64_t ops; /* of each thread in each sample; 0: this block does not have the cell */
    const struct sample_medians *medians; /* of a trimmed block; else NULL */
    double *ticks, *chain_before, *chain_after, *cycles, *instructions;
    const struct sample_events **event_sets;
    double **counts;
    double *metric;      /* the kernel's own number; NULL: it has none; NAN in a spoiled sample */
    double *ticks_twice; /* of twice the operations, with the start; NULL: not measured */
    unsigned migrated, preempted, check_failed;
    const char *check_message; /* or NULL */
};

/* A litmus test of one block, before and after it together. */
struct sample_litmus {
    enum memmodel model;
    const char *test;
    uint64_t runs, relaxed; /* relaxed: how often the outcome that SC forbids was seen */
    bool forbidden;         /* by TSO */
};

/* What litmus tests saw in a model whose relaxed outcome TSO forbids. */
struct sample_seen {
    uint64_t runs, forbidden;
};

/* Events that are counted together: by the names that the core's maker gives them. */
struct sample_events {
    const char *name; /* mix, rmw, stall, ...; a further part of one: mix.2 */
    const char **events;
    size_t count;
};

/* An event that could not be counted. */
struct sample_missing {
    const char *event, *reason;
};

struct sample_block {
    long number;
    size_t rounds;
    double ticks_per_ns, chain_adds;
    double issue_width; /* additions a cycle, before or after it, the less of them; NAN: not said */
    const char *seed, *time, *placement;
    const char *address_space; /* "fresh" or "inherited"; NULL: not said */
    unsigned layout;           /* of the program, from 1; 0: it has none, or it is not said */
    double lead_in;            /* before a sample, in samples; NAN: not said */
    bool unsettled;            /* a longer one would have changed something */
    long page_kib;
    uint64_t throttled;            /* periods of a CPU quota in which it was stopped */
    struct sample_column *columns; /* in the order of the set's cells, cell_count of them */
    size_t column_count;           /* cells that were known when the block was read */
    struct sample_litmus *litmus;
    size_t litmus_count;
    const char *battery_skipped; /* why there is no litmus, or NULL */
    const char *pmu_skipped;     /* or NULL */
    const char *pmu, *pmu_read;  /* its name; how it was read: "user" or "syscall"; or NULL */
    struct sample_events *event_sets;
    struct sample_events *all_events; /* of its sets one after the other; or NULL */
    struct sample_missing *missing;
    size_t event_set_count, missing_count;
};

/* An event that was counted, and the name of the set of events it belongs to. */
struct sample_event {
    const char *name, *group;
};

/* A cell that this machine cannot run. */
struct sample_skip {
    const char *lowering, *reason;
    enum memmodel model;
};

struct sample_set {
    const char *name, *kernel, *parameters;
    const char *family, *op;          /* NULL where no block was finished */
    const char *metric;               /* what the columns' metric is: "fairness"; or NULL */
    unsigned threads, weight;         /* weight: distance from the kernel's centre point */
    unsigned op_threads;              /* threads of which each does a sample's ops: all, or 1
                                         where one operation takes all of them */
    uint64_t footprint, bytes_per_op; /* 0: not applicable */
    struct sample_cell *cells;
    struct sample_block *blocks; /* the finished ones */
    struct sample_skip *skips;
    const char **failures; /* reasons of the blocks that died */
    size_t cell_count, block_count, skip_count, failure_count;
    bool several_layouts;            /* its blocks are of more than one layout of the program */
    bool trimmed;                    /* its blocks are, all of them */
    const char *skipped;             /* why nothing of the set could be measured, or NULL */
    const struct sample_set *centre; /* stands for its kernel in headlines; or NULL (summary.h) */
    struct sample_event *events;     /* that its blocks counted, each once */
    size_t event_count;
};

/* A run. All pointers in it live as long as it does. */
struct samples {
    const char *directory, *suite, *seed, *version, *time;
    enum source source;
    const char *command;                      /* that makes this run again */
    const char *whole;                        /* sha256 of what it is trimmed from, or NULL */
    size_t whole_samples;                     /* that this one has, spoiled ones aside */
    const char *only, *cpus, *models, *count; /* as asked for, or NULL */
    size_t rounds, blocks;                    /* likewise, or 0 */
    size_t min_blocks;                        /* of each set; 0: not said */
    double target_single, target_multi;       /* half-widths asked for, as fractions; NAN: none */
    double seconds;                           /* NAN unless the run ended */
    long planned_sets;                        /* likewise; -1: not said */
    bool complete;                            /* it ended, and by itself */
    bool torn;                                /* the last line was cut short and is left out */
    size_t intact_bytes;     /* of samples.jsonl, up to the torn line: where to go on */
    struct sample_set *sets; /* by kernel, then by parameters */
    size_t set_count;
    struct sample_seen seen[MEMMODEL_COUNT]; /* by all batteries together */
    const char *battery_skipped;             /* why one was, or NULL */
    struct json_t *numbers;                  /* of the sets, by name */
    struct json_t *mappings;                 /* that the run was given (mapping/given.h), or NULL */
    struct sample_chunk *memory;
    size_t kept; /* bytes of it */
};

/* Reads DIR/samples.jsonl, or samples.jsonl.zst where that is all there is. A torn last line is
 * left out with a warning. Whatever is not as schema_lines.c says, or does not agree, or passes
 * bounds.h: NULL, and `why` says it with file and line number. refuse: what else is wrong with a
 * text, or NULL. */
struct samples *samples_open(const char *directory, const char *(*refuse)(const char *text),
                             char *why, size_t size);

/* The same, or death. */
struct samples *samples_read(const char *directory);
void samples_free(struct samples *samples);

/* One sample's time per operation, and its cycles of one core's clock: counted where a PMU counted
 * one thread, else from the add chains on both sides of the sample. NAN if it was spoiled. Of a
 * trimmed block, and likewise below, the median. */
double samples_ns(const struct sample_set *set, const struct sample_block *block,
                  const struct sample_column *column, size_t round);
double samples_cycles(const struct sample_set *set, const struct sample_block *block,
                      const struct sample_column *column, size_t round);

/* A cell's time over another's in the same round; NAN where one was spoiled or is not there. Of a
 * trimmed block the quotient of both cells' medians to the baseline, which is the median of the
 * ratios only where the other cell is the baseline. */
double samples_ratio(const struct sample_set *set, const struct sample_block *block, size_t cell,
                     size_t base, size_t round);

/* The samples of a cell in a block, whole or trimmed. */
struct sample_tally samples_tally(const struct sample_block *block,
                                  const struct sample_column *column);

/* An event's count in one sample, per operation of all threads together; "cycles" and
 * "instructions" are events too. NAN where this round counted other events, or not all the time. */
double samples_count(const struct sample_set *set, const struct sample_column *column, size_t round,
                     const char *event);

/* An event of a cell and of the one it is compared with, in the rounds that counted it in both:
 * values[i] and base[i] are of one round of blocks[i], per operation. All cells of a round count
 * the same events. samples_counts_free() frees the arrays. */
struct sample_counts {
    double *values, *base;
    size_t *blocks;
    size_t count;
};
struct sample_counts samples_counts(const struct sample_set *set, size_t cell, size_t base,
                                    const char *event);
void samples_counts_free(struct sample_counts *counts);

/* Each event that a set's blocks counted, once, as they stand in the blocks; number from 0.
 * Fills in the name of its set of events where events is not NULL. NULL: there are no more. */
const char *samples_event(const struct sample_set *set, size_t number, const char **events);

/* Whether a simulator made it, which is deterministic: one sample a cell, no intervals. */
bool samples_simulated(const struct samples *samples);

/* What a block measured of a cell of its set, by the cell's number; NULL: nothing. */
const struct sample_column *samples_column(const struct sample_block *block, size_t cell);

/* The place of a cell in its set, by what identifies it or as the first with a role; or the number
 * of the set's cells: it has none like that. */
size_t samples_cell(const struct sample_set *set, const char *lowering, enum role role,
                    enum memmodel model);
size_t samples_role(const struct sample_set *set, enum role role);

/* The set of that name, or NULL. */
struct sample_set *samples_set(const struct samples *samples, const char *name);

/* samples.jsonl becomes samples.jsonl.zst: written, synced, read back and compared, and only then
 * is the original removed. May be done again, wherever it was stopped. 0, or -1 with errno: the
 * original is still there. */
int samples_compress(const char *directory);

/* Appends what the archive holds to a file: 0, or -1 with errno. */
int samples_unpack(const char *directory, int file);

/* Where the value of a key begins in "key=value,key=value"; NULL: it has none. */
const char *parameter_of(const char *parameters, const char *key);

#endif
