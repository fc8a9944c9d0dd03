/* SPDX-License-Identifier: MIT
 *
 * trace_mix.c: the counting.
 */
#include "trace/trace_mix.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum { LINE_BYTES = 64, ATOMIC_BYTES = 16 };

static bool crosses(const struct trace_access *access, uint32_t bytes) {
    return access->offset / bytes != (access->offset + access->size - 1U) / bytes;
}

const uint8_t trace_mix_sizes[TRACE_MIX_SIZES] = {1, 2, 4, 8, 10, 16, 32, 64};

static unsigned size_index(unsigned size) {
    unsigned i = 0;
    while (i < TRACE_MIX_SIZES - 1 && trace_mix_sizes[i] < size)
        i++;
    return i;
}

static void add_access(struct trace_mix_accesses *to, const struct trace_access *access) {
    to->count++;
    to->bytes += access->size;
    to->sizes[size_index(access->size)]++;
    to->bases[access->base]++;
    to->indexed += access->indexed;
    to->displaced += access->displacement != 0;
    to->vector += access->vector;
    to->nontemporal += access->nontemporal;
    to->unaligned += access->offset % access->size != 0;
    to->crosses_16 += crosses(access, ATOMIC_BYTES);
    to->crosses_line += crosses(access, LINE_BYTES);
    to->crosses_page += crosses(access, TRACE_PAGE_BYTES);
    to->dependent += access->address_from != 0;
}

static void add_repeated(struct trace_mix_repeated *to, const struct trace_access *access) {
    to->count++;
    to->elements += access->count;
    to->bytes += (double)access->count * access->size;
}

static void add_record(struct trace_mix *mix, const struct trace_access *access) {
    switch (access->kind) {
    case TRACE_LOAD:
        add_access(&mix->loads, access);
        break;
    case TRACE_STORE:
        add_access(&mix->stores, access);
        break;
    case TRACE_RMW:
        add_access(&mix->rmws, access);
        mix->rmw[access->op]++;
        break;
    case TRACE_MOVS:
        add_repeated(&mix->movs, access);
        break;
    case TRACE_STOS:
        add_repeated(&mix->stos, access);
        break;
    case TRACE_FENCE:
        mix->fence[access->op]++;
        break;
    default:
        mix->blocks++;
    }
}

/* The loads (and RMWs) of the longest chain that is linked by addresses. */
static uint32_t find_depth(const struct trace_stream *stream) {
    uint32_t *depths = allocate(stream->count, sizeof *depths), deepest = 0;
    for (size_t i = 0; i < stream->count; i++) {
        const struct trace_access *access = &stream->accesses[i];
        if (access->kind != TRACE_LOAD && access->kind != TRACE_RMW)
            continue;
        depths[i] = 1 + (access->address_from ? depths[i - access->address_from] : 0);
        if (depths[i] > deepest)
            deepest = depths[i];
    }
    free(depths);
    return deepest;
}

/* ---- footprint ---- */

struct range {
    uint32_t first, last; /* byte */
};

static int compare_ranges(const void *a, const void *b) {
    const struct range *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

/* How many units of so many bytes the ranges, which are sorted, touch. */
static double count_units(const struct range *ranges, size_t count, uint32_t bytes) {
    uint64_t units = 0, next = 0; /* the first that is not counted yet */
    for (size_t i = 0; i < count; i++) {
        uint64_t first = ranges[i].first / bytes, end = ranges[i].last / bytes + UINT64_C(1);
        if (first < next)
            first = next;
        if (first < end) {
            units += end - first;
            next = end;
        }
    }
    return (double)units;
}

static struct range range_of(const struct trace_access *access, uint32_t offset) {
    return (struct range){offset, offset + access->size * access->count - 1};
}

static void find_footprint(struct trace_mix *mix, const struct trace_window *window) {
    size_t records = 0, count = 0;
    for (size_t s = 0; s < window->stream_count; s++)
        records += window->streams[s].count;
    struct range *ranges = allocate(records, 2 * sizeof *ranges);
    for (size_t s = 0; s < window->stream_count; s++)
        for (size_t i = 0; i < window->streams[s].count; i++) {
            const struct trace_access *access = &window->streams[s].accesses[i];
            if (access->count)
                ranges[count++] = range_of(access, access->offset);
            if (access->kind == TRACE_MOVS)
                ranges[count++] = range_of(access, access->to_offset);
        }
    qsort(ranges, count, sizeof *ranges, compare_ranges);
    mix->footprint_bytes = count_units(ranges, count, 1);
    mix->footprint_lines = count_units(ranges, count, LINE_BYTES);
    mix->footprint_pages = count_units(ranges, count, TRACE_PAGE_BYTES);
    free(ranges);
}

/* ---- windows and traces ---- */

struct trace_mix trace_mix_window(const struct trace_window *window) {
    struct trace_mix mix = {.instructions = (double)window->instructions};
    for (size_t s = 0; s < window->stream_count; s++) {
        const struct trace_stream *stream = &window->streams[s];
        for (size_t i = 0; i < stream->count; i++)
            add_record(&mix, &stream->accesses[i]);
        double depth = find_depth(stream);
        if (depth > mix.depth)
            mix.depth = depth;
    }
    find_footprint(&mix, window);
    return mix;
}

/* A mix is nothing but doubles. */
enum { NUMBERS = sizeof(struct trace_mix) / sizeof(double) };

static void add_scaled(double *sum, const struct trace_mix *mix, double factor) {
    double numbers[NUMBERS];
    memcpy(numbers, mix, sizeof numbers);
    for (size_t i = 0; i < NUMBERS; i++)
        sum[i] += factor * numbers[i];
}

/* Windows that stand for nothing all count alike. */
static double share_of(const struct trace *trace, size_t w) {
    double all = 0;
    for (size_t i = 0; i < trace->window_count; i++)
        all += trace->windows[i].stands_for;
    return all > 0 ? trace->windows[w].stands_for / all : 1 / (double)trace->window_count;
}

struct trace_mix trace_mix(const struct trace *trace) {
    struct trace_mix mean, means = {0};
    double sum[NUMBERS] = {0}, instructions = 0;
    for (size_t w = 0; w < trace->window_count; w++)
        instructions += (double)trace->windows[w].instructions / (double)trace->window_count;
    for (size_t w = 0; w < trace->window_count; w++) {
        struct trace_mix mix = trace_mix_window(&trace->windows[w]);
        double part = share_of(trace, w);
        means.footprint_bytes += part * mix.footprint_bytes;
        means.footprint_lines += part * mix.footprint_lines;
        means.footprint_pages += part * mix.footprint_pages;
        means.depth += part * mix.depth;
        if (mix.instructions > 0)
            add_scaled(sum, &mix, part * instructions / mix.instructions);
    }
    memcpy(&mean, sum, sizeof mean);
    mean.footprint_bytes = means.footprint_bytes;
    mean.footprint_lines = means.footprint_lines;
    mean.footprint_pages = means.footprint_pages;
    mean.depth = means.depth;
    return mean;
}

/* ---- what is said of it ---- */

const struct trace_measure_row trace_measures[TRACE_MEASURES] = {
#define MEASURE(key, heading, meaning, value) {#key, heading, meaning},
#include "trace/mix.def"
#undef MEASURE
};

static double per(double n, double part, double whole) {
    return whole > 0 ? n * part / whole : 0;
}

double trace_measure(const struct trace_mix *m, enum trace_measure measure) {
#define sum(field) (m->loads.field + m->stores.field + m->rmws.field)
    switch (measure) {
#define MEASURE(key, heading, meaning, value)                                                      \
    case MIX_##key:                                                                                \
        return value;
#include "trace/mix.def"
#undef MEASURE
    default:
        return 0;
    }
#undef sum
}
