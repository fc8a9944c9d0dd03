/* SPDX-License-Identifier: MIT
 *
 * recording_arena.c: from a program's addresses to offsets into a dense arena.
 */
#include <stdlib.h>

#include "base/die.h"
#include "trace/recording.h"

/* Pages in a row that are touched. */
struct run {
    uint64_t first, last; /* pages */
    size_t order;         /* of the first touch */
    uint64_t offset;      /* of the first page, in pages of the arena */
};

struct pages {
    struct run *runs;
    size_t count;
};

static void touch(struct pages *pages, uint64_t address, uint64_t bytes) {
    pages->runs[pages->count] = (struct run){.first = address / TRACE_PAGE_BYTES,
                                             .last = (address + bytes - 1) / TRACE_PAGE_BYTES,
                                             .order = pages->count};
    pages->count++;
}

static int by_page(const void *a, const void *b) {
    const struct run *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static int by_order(const void *a, const void *b) {
    const struct run *x = a, *y = b;
    return x->order < y->order ? -1 : 1;
}

static void join(struct pages *pages) {
    struct run *runs = pages->runs;
    size_t count = 0;
    qsort(runs, pages->count, sizeof *runs, by_page);
    for (size_t i = 0; i < pages->count; i++) {
        if (count == 0 || runs[i].first > runs[count - 1].last + 1) {
            runs[count++] = runs[i];
            continue;
        }
        struct run *run = &runs[count - 1];
        run->last = runs[i].last > run->last ? runs[i].last : run->last;
        run->order = runs[i].order < run->order ? runs[i].order : run->order;
    }
    pages->count = count;
}

/* Gives each run its place; returns the pages in all. */
static uint64_t place(struct pages *pages) {
    uint64_t offset = 0;
    join(pages);
    qsort(pages->runs, pages->count, sizeof *pages->runs, by_order);
    for (size_t i = 0; i < pages->count; i++) {
        pages->runs[i].offset = offset;
        offset += pages->runs[i].last - pages->runs[i].first + 1;
    }
    qsort(pages->runs, pages->count, sizeof *pages->runs, by_page);
    return offset;
}

static uint32_t offset_of(const struct pages *pages, uint64_t address) {
    size_t low = 0, high = pages->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (pages->runs[middle].first <= address / TRACE_PAGE_BYTES)
            low = middle;
        else
            high = middle;
    }
    const struct run *run = &pages->runs[low];
    return (uint32_t)(address - run->first * TRACE_PAGE_BYTES + run->offset * TRACE_PAGE_BYTES);
}

static bool is_access(const struct trace_access *access) {
    return access->kind != TRACE_FENCE && access->kind != TRACE_BLOCK;
}

struct trace_window recording_window(const struct recorded_window *window) {
    struct trace_window result = {
        .streams = allocate(window->stream_count, sizeof *result.streams),
        .stream_count = window->stream_count,
        .begin_instruction = window->begin,
    };
    size_t records = 0;
    for (size_t i = 0; i < window->stream_count; i++)
        records += window->streams[i].count;
    struct pages pages = {.runs = allocate(2 * records, sizeof *pages.runs)};
    for (size_t i = 0; i < window->stream_count; i++)
        for (size_t j = 0; j < window->streams[i].count; j++) {
            const struct raw_access *raw = &window->streams[i].records[j];
            const uint64_t bytes = (uint64_t)raw->access.size * raw->access.count;
            if (is_access(&raw->access))
                touch(&pages, raw->address, bytes);
            if (raw->access.kind == TRACE_MOVS)
                touch(&pages, raw->to, bytes);
        }
    result.arena_bytes = place(&pages) * TRACE_PAGE_BYTES;
    if (result.arena_bytes > TRACE_MAX_ARENA_BYTES)
        die(EXIT_FAILED,
            "a window of the program touches more than 1 GiB: choose other windows with --window");
    for (size_t i = 0; i < window->stream_count; i++) {
        const struct recorded_stream *from = &window->streams[i];
        struct trace_stream *to = &result.streams[i];
        *to = (struct trace_stream){allocate(from->count, sizeof *to->accesses), from->count};
        result.instructions += from->instructions;
        for (size_t j = 0; j < from->count; j++) {
            to->accesses[j] = from->records[j].access;
            if (is_access(&to->accesses[j]))
                to->accesses[j].offset = offset_of(&pages, from->records[j].address);
            if (to->accesses[j].kind == TRACE_MOVS)
                to->accesses[j].to_offset = offset_of(&pages, from->records[j].to);
        }
    }
    free(pages.runs);
    return result;
}
