/* SPDX-License-Identifier: MIT
 *
 * trace_valid.c: what a trace may say. Whoever replays one may rely on all of it.
 */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "trace/trace_parts.h"

bool trace_refuse(const struct trace_refusal *refusal, const char *format, ...) {
    va_list args;
    int begin = snprintf(refusal->why, refusal->size, "%s: ", refusal->name);
    if (begin >= 0 && (size_t)begin < refusal->size) {
        va_start(args, format);
        vsnprintf(refusal->why + begin, refusal->size - (size_t)begin, format, args);
        va_end(args);
    }
    for (char *c = refusal->why; refusal->size && *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    return false;
}

static bool is_access(const struct trace_access *access) {
    return access->kind < TRACE_FENCE;
}

static bool is_repeated(const struct trace_access *access) {
    return access->kind == TRACE_MOVS || access->kind == TRACE_STOS;
}

static bool is_single(const struct trace_access *access) {
    return is_access(access) && !is_repeated(access);
}

/* Bits of the operations that a record of this kind may have. */
static unsigned ops_of(const struct trace_access *access) {
    static const unsigned ops[TRACE_KINDS] = {
        [TRACE_LOAD] = 1u << TRACE_BY_RET | 1u << TRACE_BY_X87,
        [TRACE_STORE] = 1u << TRACE_BY_CALL | 1u << TRACE_BY_X87,
        [TRACE_RMW] = (1u << TRACE_RMWS) - 1,
        [TRACE_STOS] = 1u << TRACE_STORED_ZERO,
        [TRACE_FENCE] = (1u << TRACE_FENCES) - 1};
    return 1u | ops[access->kind];
}

/* CALL and RET go by RSP, and x87 by its own registers. */
static bool has_good_mark(const struct trace_access *access) {
    bool single = access->kind == TRACE_LOAD || access->kind == TRACE_STORE;
    if (!single || access->op == TRACE_BY_MOVE)
        return true;
    return !access->vector && !access->nontemporal &&
           (access->op == TRACE_BY_X87 || (access->base == TRACE_BASE_STACK && !access->indexed));
}

/* x86 has LOCK for up to 8 bytes, and CMPXCHG16B; REP for up to 8. */
static bool has_good_size(const struct trace_access *access) {
    unsigned size = access->size, most = TRACE_MAX_SIZE;
    if (!is_access(access))
        return size == 0;
    if (!is_single(access) || access->kind == TRACE_RMW)
        most = access->kind == TRACE_RMW && access->op == TRACE_CMPXCHG ? 16 : 8;
    return (size && (size & (size - 1)) == 0 && size <= most) || (size == 10 && most > 16);
}

static bool lies_within(uint64_t offset, const struct trace_access *access, uint64_t bytes) {
    return offset + (uint64_t)access->size * access->count <= bytes;
}

/* Whether `back' records before the i-th stands what brings a value into a register. */
static bool is_loaded(const struct trace_access *accesses, size_t i, uint32_t back) {
    if (back == 0)
        return true;
    return back <= i &&
           (accesses[i - back].kind == TRACE_LOAD || accesses[i - back].kind == TRACE_RMW);
}

/* What is wrong with the i-th record; NULL: nothing. */
static const char *find_fault(const struct trace_access *accesses, size_t i, uint64_t bytes) {
    const struct trace_access *access = &accesses[i];
    bool single = is_single(access),
         moved = access->kind == TRACE_LOAD || access->kind == TRACE_STORE;
    bool takes_data =
        access->kind == TRACE_STORE || access->kind == TRACE_RMW || access->kind == TRACE_STOS;
    if (access->kind >= TRACE_KINDS)
        return "is of no known kind";
    if (access->op > 7 || !(ops_of(access) >> access->op & 1))
        return "has an operation that its kind has not";
    if (!has_good_mark(access))
        return "is of an instruction that has no such access";
    if (!has_good_size(access))
        return "has a size that its kind has not";
    if (access->base >= (is_access(access) ? TRACE_BASES : 1))
        return "has a base that its kind has not";
    if ((access->vector || access->nontemporal) && !moved)
        return "is a vector or non-temporal, but no load or store";
    if ((access->indexed || access->displacement) && !single)
        return "has an index or a displacement, but no address with them";
    if (access->displacement && access->base == TRACE_BASE_RIP)
        return "has a displacement from RIP";
    if (access->backward && !is_repeated(access))
        return "goes backward, but is no REP";
    if (access->same && (!is_access(access) || i == 0 || !is_access(&accesses[i - 1])))
        return "belongs to the instruction of no access";
    if (access->same && access->gap)
        return "belongs to an instruction, with others between";
    if (is_repeated(access) ? access->count == 0 : access->count != single)
        return "has a count that its kind has not";
    if (!lies_within(access->offset, access, is_access(access) ? bytes : 0))
        return "reaches out of the arena";
    if (!lies_within(access->to_offset, access, access->kind == TRACE_MOVS ? bytes : UINT64_MAX) ||
        (access->to_offset && access->kind != TRACE_MOVS))
        return "goes out of the arena";
    if (!is_loaded(accesses, i, access->address_from) ||
        (access->address_from && !is_access(access)))
        return "has an address that depends on no load";
    if (!is_loaded(accesses, i, access->data_from) || (access->data_from && !takes_data))
        return "has data that depend on no load";
    return NULL;
}

/* Instructions of which there are records, and those in gaps. */
static uint64_t count_instructions(const struct trace_stream *stream) {
    uint64_t count = 0;
    for (size_t i = 0; i < stream->count; i++)
        count += stream->accesses[i].gap +
                 (stream->accesses[i].kind != TRACE_BLOCK && !stream->accesses[i].same);
    return count;
}

static const char *find_window_fault(const struct trace_window *window, uint64_t run) {
    if (window->stream_count == 0 || window->stream_count > TRACE_MAX_STREAMS)
        return "has none or too many streams";
    for (size_t i = 0; i < window->stream_count; i++)
        if (window->streams[i].count == 0 || window->streams[i].count > TRACE_MAX_RECORDS)
            return "has a stream of none or too many records";
    if (window->arena_bytes == 0 || window->arena_bytes > TRACE_MAX_ARENA_BYTES ||
        window->arena_bytes % TRACE_PAGE_BYTES)
        return "has an arena that is empty, too large or not whole pages";
    if (window->instructions > run || window->begin_instruction > run - window->instructions)
        return "has instructions that are not of the run";
    if (!isfinite(window->stands_for) || window->stands_for < 0 || window->stands_for > 1)
        return "stands for no share of the run";
    return NULL;
}

static bool valid_window(const struct trace *trace, size_t w, const struct trace_refusal *refusal) {
    const struct trace_window *window = &trace->windows[w];
    const char *fault = find_window_fault(window, trace->provenance.run_instructions);
    uint64_t instructions = 0;
    if (fault)
        return trace_refuse(refusal, "window %zu %s", w, fault);
    for (size_t s = 0; s < window->stream_count; s++) {
        const struct trace_stream *stream = &window->streams[s];
        instructions += count_instructions(stream);
        for (size_t i = 0; i < stream->count; i++)
            if ((fault = find_fault(stream->accesses, i, window->arena_bytes)))
                return trace_refuse(refusal, "window %zu, stream %zu: record %zu %s", w, s, i,
                                    fault);
    }
    return instructions <= window->instructions ||
           trace_refuse(refusal, "window %zu has fewer instructions than its records", w);
}

/* Control characters of ASCII and, in UTF-8, of Latin 1. */
static bool is_printable(const char *text) {
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c < ' ' || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0))
            return false;
    return true;
}

static bool valid_text(const char *key, const char *text, const struct trace_refusal *refusal) {
    if (strlen(text) > TRACE_MAX_TEXT)
        return trace_refuse(refusal, "%s is longer than %d bytes", key, TRACE_MAX_TEXT);
    return is_printable(text) || trace_refuse(refusal, "%s holds control characters", key);
}

bool trace_valid(const struct trace *trace, const struct trace_refusal *refusal) {
    static const char name_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    const struct trace_provenance *from = &trace->provenance;
    double share = 0;
    if (!valid_text("name", from->name, refusal) ||
        !valid_text("program", from->program, refusal) ||
        !valid_text("package", from->package, refusal) ||
        !valid_text("command", from->command, refusal) ||
        !valid_text("recorder", from->recorder, refusal))
        return false;
    size_t length = strlen(from->name);
    if (length == 0 || length > 64 || strspn(from->name, name_letters) != length ||
        *from->name == '.' || *from->name == '-')
        return trace_refuse(refusal, "name is not 1 to 64 small letters, digits, `-', `_' and `.'");
    if (from->run_instructions > TRACE_MAX_INTEGER)
        return trace_refuse(refusal, "run_instructions is larger than 2^53 - 1");
    if (trace->window_count == 0 || trace->window_count > TRACE_MAX_WINDOWS)
        return trace_refuse(refusal, "there are no windows, or more than %d", TRACE_MAX_WINDOWS);
    for (size_t w = 0; w < trace->window_count; w++) {
        if (!valid_window(trace, w, refusal))
            return false;
        share += trace->windows[w].stands_for;
    }
    return share <= 1 + 1e-9 || trace_refuse(refusal, "windows stand for more than the whole run");
}
