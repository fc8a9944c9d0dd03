/* SPDX-License-Identifier: MIT */
#include "run/campaign.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "stats/stats.h"

enum { LOOK_EVERY = 4 };

void campaign_open(struct campaign *campaign, const struct plan *plan,
                   const struct campaign_options *options) {
    *campaign = (struct campaign){.plan = plan, .options = *options};
    campaign->sets = allocate(plan->count, sizeof *campaign->sets);
    campaign->order = allocate(plan->count, sizeof *campaign->order);
    for (size_t i = 0; i < plan->count; i++) {
        campaign->sets[i].layouts = allocate(options->max_blocks, sizeof(unsigned));
        for (unsigned cell = 0; cell < plan->sets[i].cell_count; cell++)
            campaign->sets[i].medians[cell] = allocate(options->max_blocks, sizeof(double));
    }
}

double campaign_half_width(const struct campaign *campaign, unsigned index) {
    const struct standing *standing = &campaign->sets[index];
    double widest = NAN;
    for (unsigned cell = 1; cell < campaign->plan->sets[index].cell_count; cell++) {
        struct block_values blocks[standing->blocks + 1];
        unsigned count = 0;
        for (unsigned i = 0; i < standing->blocks; i++)
            if (!isnan(standing->medians[cell][i])) /* it faulted */
                blocks[count++] =
                    (struct block_values){&standing->medians[cell][i], 1, standing->layouts[i]};
        if (standing->blocks < 2)
            return NAN;
        if (count < 2)
            continue;
        double width = stats_half_width(stats_interval(blocks, count, 1));
        widest = isnan(widest) || width > widest ? width : widest;
    }
    return widest;
}

/* Whether a set can have blocks that it does not have. */
static bool lacks(const struct campaign *campaign, size_t index) {
    return campaign->plan->sets[index].skip[0] == 0 &&
           campaign->sets[index].blocks < campaign->options.min_blocks;
}

static bool wanted(const struct campaign *campaign, unsigned index, double elapsed) {
    const struct campaign_options *options = &campaign->options;
    const struct set *set = &campaign->plan->sets[index];
    const struct standing *standing = &campaign->sets[index];
    if (set->skip[0] || standing->tries >= CAMPAIGN_TRIES)
        return false;
    if (lacks(campaign, index))
        return true;
    if (standing->blocks >= options->max_blocks || elapsed >= options->limit_seconds)
        return false;
    /* To stop as soon as an interval happens to be narrow would make intervals too narrow: so they
     * are looked at only every LOOK_EVERY blocks. */
    if ((standing->blocks - options->min_blocks) % LOOK_EVERY)
        return true;
    double target = set->threads == 1 ? options->target_single : options->target_multi;
    return !(campaign_half_width(campaign, index) <= target);
}

static void start_pass(struct campaign *campaign, double elapsed) {
    struct rng rng;
    campaign->length = campaign->next = 0;
    for (unsigned i = 0; i < campaign->plan->count; i++)
        if (wanted(campaign, i, elapsed))
            campaign->order[campaign->length++] = i;
    rng_seed(&rng, campaign->options.seed + campaign->pass++);
    rng_shuffle(&rng, campaign->order, campaign->length);
}

int campaign_next(struct campaign *campaign, double elapsed) {
    /* Within a pass the clock may run out; what is still owed to min_blocks is measured anyway. */
    while (campaign->next < campaign->length) {
        unsigned index = campaign->order[campaign->next++];
        if (wanted(campaign, index, elapsed))
            return (int)index;
    }
    start_pass(campaign, elapsed);
    return campaign->length ? (int)campaign->order[campaign->next++] : -1;
}

double campaign_patience(const struct campaign *campaign, unsigned index) {
    unsigned tries = campaign->sets[index].tries;
    return tries ? (double)((1u << tries) - 1) : 0; /* 1, 3 */
}

uint64_t campaign_seed(const struct campaign *campaign, unsigned index) {
    /* JSON integers are signed. */
    return rng_hash(campaign->options.seed + campaign->sets[index].attempts,
                    campaign->plan->sets[index].name) >>
           1;
}

unsigned campaign_layout(const struct campaign *campaign, unsigned index, unsigned count) {
    unsigned order[count + 1];
    struct rng rng;
    if (count == 0)
        return 0;
    for (unsigned i = 0; i < count; i++)
        order[i] = i + 1;
    rng_seed(&rng, rng_hash(campaign->options.seed, campaign->plan->sets[index].name));
    rng_shuffle(&rng, order, count);
    return order[campaign->sets[index].attempts % count];
}

void campaign_assign(const struct campaign *campaign, unsigned index, long rounds, unsigned layouts,
                     struct job *job) {
    const struct standing *standing = &campaign->sets[index];
    snprintf(job->set, sizeof job->set, "%s", campaign->plan->sets[index].name);
    job->block = standing->attempts;
    job->layout = campaign_layout(campaign, index, layouts);
    job->seed = campaign_seed(campaign, index);
    job->rounds = standing->blocks ? standing->rounds : rounds;
    job->lead_in = standing->lead_in;
    job->settled = standing->settled;
    memset(job->ops, 0, sizeof job->ops);
    if (standing->blocks)
        memcpy(job->ops, standing->ops, sizeof job->ops);
}

static double sample_ns(const json_t *cell, const json_t *ticks, size_t round) {
    const json_t *value = json_array_get(ticks, round);
    double ops = (double)json_integer_value(json_object_get(cell, "ops"));
    return json_is_integer(value) ? (double)json_integer_value(value) / ops : NAN;
}

/* The median over a block's rounds of the ratio to the baseline. */
static double median_ratio(const json_t *cell, const json_t *baseline) {
    const json_t *mine = json_object_get(cell, "ticks"), *base = json_object_get(baseline, "ticks");
    size_t rounds = json_array_size(mine), used = 0;
    double *ratios = allocate(rounds, sizeof *ratios);
    for (size_t i = 0; i < rounds; i++) {
        double ratio = sample_ns(cell, mine, i) / sample_ns(baseline, base, i);
        if (!isnan(ratio))
            ratios[used++] = ratio;
    }
    double median = stats_ratio_median(ratios, used);
    free(ratios);
    return median;
}

/* A cell of the plan in a block, or NULL. */
static const json_t *find_cell(const json_t *cells, const struct cell *wanted) {
    size_t i;
    json_t *cell;
    json_array_foreach(cells, i, cell) {
        const char *values[] = {wanted->name, role_name(wanted->role),
                                memmodel_name(wanted->model)};
        static const char *const keys[] = {"lowering", "role", "model"};
        bool same = true;
        for (int k = 0; k < 3; k++) {
            const char *text = json_string_value(json_object_get(cell, keys[k]));
            same &= text && strcmp(text, values[k]) == 0;
        }
        if (same)
            return cell;
    }
    return NULL;
}

/* A line has used up its number. */
static void count_attempt(struct standing *standing, const json_t *line) {
    unsigned number = (unsigned)json_integer_value(json_object_get(line, "block"));
    standing->attempts = (standing->attempts > number ? standing->attempts : number) + 1;
}

/* A set of the plan, or death: the line is of another plan. */
static struct standing *standing_of(struct campaign *campaign, const char *name, bool skipped) {
    const struct set *set = plan_find(campaign->plan, name);
    if (set == NULL)
        die(EXIT_USAGE,
            "%s is not in this run's plan: it was begun on another machine or by another version; "
            "start a new run",
            name);
    if (skipped != (set->skip[0] != 0))
        die(EXIT_USAGE, "%s was %s and now is %s%s%s: machine or version changed; start a new run",
            name, skipped ? "skipped" : "measured", skipped ? "not" : "skipped",
            skipped ? "" : ": ", set->skip);
    return &campaign->sets[set - campaign->plan->sets];
}

static void absorb_block(struct campaign *campaign, struct standing *standing, const json_t *line) {
    const struct set *set = &campaign->plan->sets[standing - campaign->sets];
    const json_t *cells = json_object_get(line, "cells"), *base = json_array_get(cells, 0);
    const json_t *footprint = json_object_get(line, "footprint");
    size_t known = 0;
    standing->rounds = (long)json_integer_value(json_object_get(line, "rounds"));
    standing->layouts[standing->blocks] =
        (unsigned)json_integer_value(json_object_get(json_object_get(line, "link"), "layout"));
    standing->lead_in = json_number_value(json_object_get(line, "lead_in"));
    standing->settled = json_is_true(json_object_get(line, "settled"));
    for (unsigned i = 0; i < set->cell_count; i++) {
        const json_t *cell = find_cell(cells, &set->cells[i]);
        standing->medians[i][standing->blocks] = NAN;
        if (cell == NULL) /* it faulted */
            continue;
        known++;
        standing->ops[i] = (uint64_t)json_integer_value(json_object_get(cell, "ops"));
        standing->medians[i][standing->blocks] = median_ratio(cell, base);
        /* An unsound lowering may well break a kernel; a sound one must not. */
        if (plan_sound(set, &set->cells[i]) != 0)
            standing->check_failures +=
                (unsigned)json_integer_value(json_object_get(cell, "check_failed"));
    }
    if (known != json_array_size(cells) || (known < set->cell_count && !set->kernel->may_fault))
        die(EXIT_USAGE,
            "a block of %s has %zu cells, the plan %u, of which %zu are the same: machine or "
            "version changed; start a new run",
            set->name, json_array_size(cells), set->cell_count, known);
    if (footprint && (uint64_t)json_integer_value(footprint) != set->footprint)
        die(EXIT_USAGE,
            "a block of %s is of %lld bytes, the plan of %llu: the machine changed; start a new "
            "run",
            set->name, json_integer_value(footprint), (unsigned long long)set->footprint);
    count_attempt(standing, line);
    standing->blocks++;
    standing->tries = 0;
    campaign->done++;
}

void campaign_absorb(struct campaign *campaign, const json_t *line) {
    const char *type = json_string_value(json_object_get(line, "type"));
    const char *name = json_string_value(json_object_get(line, "set"));
    if (type == NULL || name == NULL)
        return;
    bool skipped = strcmp(type, "skipped") == 0;
    struct standing *standing = standing_of(campaign, name, skipped);
    standing->said = skipped;
    if (strcmp(type, "failed") == 0) {
        count_attempt(standing, line);
        standing->tries++;
        campaign->failed++;
    }
    if (strcmp(type, "block") == 0 && standing->blocks < campaign->options.max_blocks)
        absorb_block(campaign, standing, line);
}

void campaign_resume(struct campaign *campaign) {
    for (size_t i = 0; i < campaign->plan->count; i++)
        campaign->sets[i].tries = 0;
}

unsigned campaign_remaining(const struct campaign *campaign) {
    unsigned remaining = 0;
    for (size_t i = 0; i < campaign->plan->count; i++)
        if (lacks(campaign, i) && campaign->sets[i].tries < CAMPAIGN_TRIES)
            remaining += campaign->options.min_blocks - campaign->sets[i].blocks;
    return remaining;
}

unsigned campaign_lacking(const struct campaign *campaign) {
    unsigned lacking = 0;
    for (size_t i = 0; i < campaign->plan->count; i++)
        lacking += lacks(campaign, i);
    return lacking;
}

void campaign_close(struct campaign *campaign) {
    for (size_t i = 0; i < campaign->plan->count; i++) {
        free(campaign->sets[i].layouts);
        for (unsigned cell = 0; cell < MAX_CELLS; cell++)
            free(campaign->sets[i].medians[cell]);
    }
    free(campaign->sets);
    free(campaign->order);
}
