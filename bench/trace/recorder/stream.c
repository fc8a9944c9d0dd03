/* SPDX-License-Identifier: MIT
 *
 * stream.c: from reports of QEMU to records of a trace.
 */
#include "trace/recorder/stream.h"

#include <stdlib.h>
#include <string.h>

void stream_open(struct stream *stream) {
    struct raw_access *records = stream->records;
    size_t capacity = stream->capacity;
    memset(stream, 0, sizeof *stream);
    stream->records = records;
    stream->capacity = capacity;
}

/* The next record, all 0. */
static struct raw_access *add(struct stream *stream, enum trace_kind kind) {
    if (stream->count == stream->capacity) {
        stream->capacity = stream->capacity ? 2 * stream->capacity : 4096;
        stream->records = realloc(stream->records, stream->capacity * sizeof *stream->records);
        if (!stream->records)
            abort();
    }
    struct raw_access *record = &stream->records[stream->count++];
    memset(record, 0, sizeof *record); /* padding as well: it goes into a file */
    record->access.kind = (uint8_t)kind;
    record->access.gap = stream->gap;
    stream->gap = 0;
    return record;
}

static uint32_t latest(const struct stream *stream, uint64_t registers) {
    uint32_t number = 0;
    for (; registers; registers &= registers - 1) {
        uint32_t from = stream->from[__builtin_ctzll(registers)];
        number = from > number ? from : number;
    }
    return number;
}

/* How many records before the newest one the record with this number stands; 0 stays 0. */
static uint32_t distance(const struct stream *stream, uint32_t number) {
    return number ? (uint32_t)stream->count - number : 0;
}

static struct trace_access *add_access(struct stream *stream, enum trace_kind kind, size_t size,
                                       uint64_t address, const struct place *place) {
    const struct code *code = stream->pending;
    struct raw_access *record = add(stream, kind);
    struct trace_access *access = &record->access;
    record->address = address;
    access->size = (uint8_t)size;
    access->op = place->by;
    access->base = place->base;
    access->vector = code->vector;
    access->nontemporal = code->nontemporal;
    access->indexed = place->indexed;
    access->displacement = place->displacement;
    access->same = stream->made++ > 0;
    access->count = 1;
    access->address_from = distance(stream, latest(stream, place->registers));
    if (kind == TRACE_STORE && code->carries && stream->loaded)
        access->data_from = distance(stream, stream->loaded);
    else if (kind == TRACE_STORE || kind == TRACE_RMW || kind == TRACE_STOS)
        access->data_from = distance(stream, latest(stream, code->sources));
    stream->accesses++;
    return access;
}

/* Bytes in a row become one record, or several where no access of a real machine is so wide or so
 * odd: the areas of FXSAVE and XSAVE, the lanes that a mask left. */
static void add_pieces(struct stream *stream, enum trace_kind kind, size_t bytes, uint64_t address,
                       const struct place *place) {
    while (bytes) {
        size_t piece = TRACE_MAX_SIZE;
        while (piece > bytes)
            piece /= 2;
        if (bytes == 10 && place->size == 10)
            piece = 10;
        add_access(stream, kind, piece, address, place);
        address += piece;
        bytes -= piece;
    }
}

static void add_touches(struct stream *stream) {
    const struct code *code = stream->pending;
    const struct touch *touches = stream->touches;
    uint32_t loaded = 0;
    for (unsigned i = 0, next; i < stream->touch_count; i = next) {
        const struct place *place = touches[i].store ? &code->store : &code->load;
        size_t most = place->size ? place->size : TRACE_MAX_SIZE, bytes = touches[i].size;
        for (next = i + 1; next < stream->touch_count && touches[next].store == touches[i].store &&
                           touches[next].address == touches[i].address + bytes &&
                           bytes + touches[next].size <= most;
             next++)
            bytes += touches[next].size;
        add_pieces(stream, touches[i].store ? TRACE_STORE : TRACE_LOAD, bytes, touches[i].address,
                   place);
        if (!touches[i].store)
            loaded = stream->loaded = (uint32_t)stream->count;
    }
    stream->loaded = loaded;
    stream->touch_count = 0;
}

/* QEMU reports a load and a store, or a store only, or halves: it is one access. */
static void add_rmw(struct stream *stream) {
    const struct code *code = stream->pending;
    uint64_t lowest = stream->touches[0].address;
    for (unsigned i = 1; i < stream->touch_count; i++)
        lowest = stream->touches[i].address < lowest ? stream->touches[i].address : lowest;
    add_access(stream, TRACE_RMW, code->store.size, lowest, &code->store)->op = code->op;
    stream->loaded = (uint32_t)stream->count;
}

static void add_rep(struct stream *stream) {
    const struct code *code = stream->pending;
    bool copies = code->kind == CODE_REP_MOVS;
    struct trace_access *access =
        add_access(stream, copies ? TRACE_MOVS : TRACE_STOS, code->store.size,
                   copies ? stream->source : stream->target, &code->store);
    access->count = (uint32_t)stream->elements;
    access->backward = stream->backward;
    if (!copies && code->sources && (code->sources & ~stream->zeroes) == 0)
        access->op = TRACE_STORED_ZERO;
    if (copies) {
        stream->records[stream->count - 1].to = stream->target;
        uint64_t registers = code->load.registers | code->store.registers;
        access->address_from = distance(stream, latest(stream, registers));
    }
}

/* Where the values of its sources, or what it loaded, have gone. */
static void follow_values(struct stream *stream) {
    const struct code *code = stream->pending;
    uint32_t value = latest(stream, code->sources);
    stream->zeroes = (stream->zeroes & ~(code->replaces | code->merges)) | code->zeroes;
    if (code->carries && stream->loaded > value)
        value = stream->loaded;
    for (uint64_t set = code->replaces; set; set &= set - 1)
        stream->from[__builtin_ctzll(set)] = value;
    for (uint64_t set = code->merges; set; set &= set - 1) {
        uint32_t *from = &stream->from[__builtin_ctzll(set)];
        *from = value > *from ? value : *from;
    }
}

static void finish(struct stream *stream) {
    const struct code *code = stream->pending;
    if (!code)
        return;
    if (code->kind == CODE_FENCE) {
        add(stream, TRACE_FENCE)->access.op = code->op;
        stream->made = 1;
    } else if (stream->elements) {
        add_rep(stream);
    } else if (stream->touch_count && code->kind == CODE_RMW) {
        add_rmw(stream);
    } else if (stream->touch_count) {
        add_touches(stream);
    }
    if (!stream->made)
        stream->gap++;
    follow_values(stream);
    stream->made = 0;
    stream->touch_count = 0;
    stream->elements = 0;
    stream->loaded = 0;
    stream->pending = NULL;
}

bool stream_execute(struct stream *stream, const struct code *code) {
    const struct code *previous = stream->previous;
    bool begins =
        previous && (previous->ends_block || previous->address + previous->length != code->address);
    finish(stream);
    stream->previous = code;
    if (begins) {
        stream->whole_count = stream->count;
        stream->whole_instructions = stream->instructions;
        stream->began = true;
        stream->zeroes = 0;
        add(stream, TRACE_BLOCK);
    }
    if (stream->began) {
        stream->pending = code;
        stream->instructions++;
    }
    return begins;
}

void stream_touch(struct stream *stream, const struct code *code, struct touch touch) {
    if (!stream->pending || stream->pending->address != code->address)
        return; /* an instruction that began before the window */
    if (code->kind != CODE_REP_MOVS && code->kind != CODE_REP_STOS) {
        if (stream->touch_count == STREAM_TOUCHES)
            add_touches(stream);
        stream->touches[stream->touch_count++] = touch;
        return;
    }
    uint64_t *lowest = touch.store ? &stream->target : &stream->source;
    if (stream->elements == 0)
        *lowest = touch.address;
    else if (touch.address < *lowest)
        *lowest = touch.address, stream->backward = true;
    if (touch.store && stream->elements++ == 0)
        stream->backward = false;
}

void stream_tally(struct stream *stream, struct raw_totals *totals) {
    for (size_t i = 0; i < stream->count; i++) {
        const struct trace_access *access = &stream->records[i].access;
        totals->loads += access->kind == TRACE_LOAD ? 1 : 0;
        totals->stores += access->kind == TRACE_STORE ? 1 : 0;
        totals->rmws += access->kind == TRACE_RMW ? 1 : 0;
        totals->fences += access->kind == TRACE_FENCE ? 1 : 0;
        if (access->kind == TRACE_MOVS)
            totals->loads += access->count;
        if (access->kind == TRACE_MOVS || access->kind == TRACE_STOS)
            totals->stores += access->count;
    }
    stream->count = 0;
}
