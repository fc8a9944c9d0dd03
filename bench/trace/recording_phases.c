/* SPDX-License-Identifier: MIT
 *
 * recording_phases.c: which few windows stand for the many that were looked at.
 */
#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "trace/recording.h"

/* Events per instruction of a window. */
enum {
    LOADS,
    STORES,
    RMWS,
    REPS,
    FENCES,
    BLOCKS,
    VECTORS,
    STACK,
    INDEXED,
    UNALIGNED,
    CHASED, /* the address comes from an earlier load */
    THREADS,
    FEATURES,
};

struct point {
    double at[FEATURES];
};

static void count_access(struct point *point, const struct raw_access *raw) {
    const struct trace_access *access = &raw->access;
    static const int feature[TRACE_KINDS] = {
        [TRACE_LOAD] = LOADS, [TRACE_STORE] = STORES, [TRACE_RMW] = RMWS,    [TRACE_MOVS] = REPS,
        [TRACE_STOS] = REPS,  [TRACE_FENCE] = FENCES, [TRACE_BLOCK] = BLOCKS};
    point->at[feature[access->kind]]++;
    point->at[VECTORS] += access->vector;
    point->at[STACK] += access->base == TRACE_BASE_STACK;
    point->at[INDEXED] += access->indexed;
    point->at[UNALIGNED] += access->size && raw->address % access->size != 0;
    point->at[CHASED] += access->address_from != 0;
}

static struct point point_of(const struct recorded_window *window) {
    struct point point = {0};
    uint64_t instructions = 0;
    for (size_t i = 0; i < window->stream_count; i++) {
        instructions += window->streams[i].instructions;
        for (size_t j = 0; j < window->streams[i].count; j++)
            count_access(&point, &window->streams[i].records[j]);
    }
    for (int i = 0; i < FEATURES; i++)
        point.at[i] /= (double)(instructions ? instructions : 1);
    point.at[THREADS] = (double)window->stream_count;
    return point;
}

/* Each feature in units of its own standard deviation: a rare one counts like a common one. */
static void scale(struct point *points, size_t count) {
    for (int feature = 0; feature < FEATURES; feature++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < count; i++)
            sum += points[i].at[feature];
        const double mean = sum / (double)count;
        for (size_t i = 0; i < count; i++)
            squares += pow(points[i].at[feature] - mean, 2);
        const double deviation = sqrt(squares / (double)count);
        for (size_t i = 0; i < count; i++)
            points[i].at[feature] = deviation > 0 ? points[i].at[feature] / deviation : 0;
    }
}

static double distance(const struct point *a, const struct point *b) {
    double sum = 0;
    for (int i = 0; i < FEATURES; i++)
        sum += (a->at[i] - b->at[i]) * (a->at[i] - b->at[i]);
    return sqrt(sum);
}

/* Of the members of a cluster the one nearest to all of them. */
static size_t medoid(const struct point *points, const size_t *cluster, size_t count,
                     size_t wanted) {
    size_t best = 0;
    double least = INFINITY;
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        for (size_t j = 0; j < count; j++)
            sum += cluster[j] == wanted ? distance(&points[i], &points[j]) : 0;
        if (cluster[i] == wanted && sum < least)
            least = sum, best = i;
    }
    return best;
}

/* Puts each point into the cluster of its nearest medoid. */
static void assign(const struct point *points, size_t count, const size_t *medoids, size_t clusters,
                   size_t *cluster) {
    for (size_t i = 0; i < count; i++) {
        double least = INFINITY;
        for (size_t j = 0; j < clusters; j++) {
            double here = distance(&points[i], &points[medoids[j]]);
            if (here < least)
                least = here, cluster[i] = j;
        }
    }
}

/* The point that, as one medoid more, brings all the others nearest to theirs. False if none does.
 */
static bool add_medoid(const struct point *points, size_t count, size_t *medoids, size_t clusters,
                       const size_t *cluster) {
    double most = 0;
    for (size_t candidate = 0; candidate < count; candidate++) {
        double gain = 0;
        for (size_t i = 0; i < count; i++)
            gain += fmax(0, distance(&points[i], &points[medoids[cluster[i]]]) -
                                distance(&points[i], &points[candidate]));
        if (gain > most)
            most = gain, medoids[clusters] = candidate;
    }
    return most > 0;
}

static int by_index(const void *a, const void *b) {
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

size_t recording_phases(const struct recording *recording, size_t most, size_t *kept,
                        size_t *stands_for) {
    const size_t count = recording->window_count;
    if (count == 0)
        return 0;
    struct point *points = allocate(count, sizeof *points);
    size_t *cluster = allocate(count, sizeof *cluster);
    for (size_t i = 0; i < count; i++)
        points[i] = point_of(&recording->windows[i]);
    scale(points, count);
    size_t clusters = 1;
    kept[0] = medoid(points, cluster, count, 0);
    while (clusters < most && add_medoid(points, count, kept, clusters, cluster))
        assign(points, count, kept, ++clusters, cluster);
    for (bool moved = true; moved;) { /* the sum of distances falls each time, so this ends */
        moved = false;
        for (size_t i = 0; i < clusters; i++) {
            size_t better = medoid(points, cluster, count, i);
            moved |= better != kept[i];
            kept[i] = better;
        }
        assign(points, count, kept, clusters, cluster);
    }
    qsort(kept, clusters, sizeof *kept, by_index);
    assign(points, count, kept, clusters, cluster);
    for (size_t i = 0; i < clusters; i++)
        stands_for[i] = 0;
    for (size_t i = 0; i < count; i++)
        stands_for[cluster[i]]++;
    free(cluster);
    free(points);
    return clusters;
}
