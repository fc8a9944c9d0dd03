/* SPDX-License-Identifier: MIT
 *
 * trace_read.c: a trace from a file, which may be anybody's.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

#include "trace/trace_parts.h"

const char trace_magic[] = "tsobench-trace ";

void trace_free(struct trace *trace) {
    if (trace == NULL)
        return;
    for (size_t w = 0; trace->windows && w < trace->window_count; w++) {
        struct trace_window *window = &trace->windows[w];
        for (size_t s = 0; window->streams && s < window->stream_count; s++)
            free(window->streams[s].accesses);
        free(window->streams);
    }
    free(trace->windows);
    free(trace->provenance.name);
    free(trace->provenance.program);
    free(trace->provenance.package);
    free(trace->provenance.command);
    free(trace->provenance.recorder);
    free(trace);
}

/* ---- the line of JSON ---- */

static bool copy_texts(struct trace_provenance *to, const struct trace_provenance *from) {
    to->name = strdup(from->name);
    to->program = strdup(from->program);
    to->package = strdup(from->package);
    to->command = strdup(from->command);
    to->recorder = strdup(from->recorder);
    return to->name && to->program && to->package && to->command && to->recorder;
}

/* Each a number of records; their sum may not be more than the bytes that follow can hold. */
static bool read_streams(struct trace_window *window, const json_t *records, size_t *bytes_left,
                         const struct trace_refusal *refusal) {
    size_t count = json_array_size(records);
    if (count == 0 || count > TRACE_MAX_STREAMS)
        return trace_refuse(refusal, "a window has no streams, or more than %d", TRACE_MAX_STREAMS);
    window->streams = calloc(count, sizeof *window->streams);
    if (window->streams == NULL)
        return trace_refuse(refusal, "out of memory");
    window->stream_count = count;
    for (size_t s = 0; s < count; s++) {
        const json_t *value = json_array_get(records, s);
        json_int_t number = json_integer_value(value);
        if (number < 1 || number > TRACE_MAX_RECORDS)
            return trace_refuse(refusal, "a stream has no records, or more than %d",
                                TRACE_MAX_RECORDS);
        size_t least = (size_t)number * TRACE_MIN_RECORD_BYTES;
        if (least > *bytes_left)
            return trace_refuse(refusal, "the file ends too early");
        *bytes_left -= least;
        window->streams[s].count = (size_t)number;
    }
    return true;
}

static bool read_window(struct trace_window *window, json_t *json, size_t *bytes_left,
                        const struct trace_refusal *refusal) {
    json_int_t arena, begin, instructions;
    json_t *records;
    json_error_t error;
    if (json_unpack_ex(json, &error, JSON_STRICT, "{s:I, s:I, s:I, s:F, s:o}", "arena_bytes",
                       &arena, "begin_instruction", &begin, "instructions", &instructions,
                       "stands_for", &window->stands_for, "records", &records))
        return trace_refuse(refusal, "a window in its second line: %s", error.text);
    if (arena < 0 || begin < 0 || instructions < 0)
        return trace_refuse(refusal, "a window has a negative number");
    window->arena_bytes = (uint64_t)arena;
    window->begin_instruction = (uint64_t)begin;
    window->instructions = (uint64_t)instructions;
    return read_streams(window, records, bytes_left, refusal);
}

static bool read_json(struct trace *trace, json_t *json, size_t bytes_left,
                      const struct trace_refusal *refusal) {
    struct trace_provenance text;
    json_int_t run;
    json_t *windows;
    json_error_t error;
    if (json_unpack_ex(json, &error, JSON_STRICT, "{s:s, s:s, s:s, s:s, s:s, s:I, s:o}", "name",
                       &text.name, "program", &text.program, "package", &text.package, "command",
                       &text.command, "recorder", &text.recorder, "run_instructions", &run,
                       "windows", &windows))
        return trace_refuse(refusal, "its second line: %s", error.text);
    size_t count = json_array_size(windows);
    if (run < 0 || count == 0 || count > TRACE_MAX_WINDOWS)
        return trace_refuse(refusal, "there are no windows, or more than %d", TRACE_MAX_WINDOWS);
    trace->provenance.run_instructions = (uint64_t)run;
    trace->windows = calloc(count, sizeof *trace->windows);
    if (trace->windows == NULL || !copy_texts(&trace->provenance, &text))
        return trace_refuse(refusal, "out of memory");
    trace->window_count = count;
    for (size_t w = 0; w < count; w++)
        if (!read_window(&trace->windows[w], json_array_get(windows, w), &bytes_left, refusal))
            return false;
    return true;
}

/* ---- the content of the frame ---- */

/* The length of the line that begins at text; size if it does not end. */
static size_t line_length(const char *text, size_t size) {
    const char *end = memchr(text, '\n', size);
    return end ? (size_t)(end - text) : size;
}

static bool read_header(struct trace *trace, const char **content, size_t *size,
                        const struct trace_refusal *refusal) {
    size_t magic = strlen(trace_magic), length = line_length(*content, *size);
    if (length < magic || memcmp(*content, trace_magic, magic) != 0)
        return trace_refuse(refusal, "is no trace");
    int version = length == magic + 1 && length < *size ? (*content)[magic] - '0' : 0;
    if (version != TRACE_VERSION && version != TRACE_VERSION_UNMARKED)
        return trace_refuse(refusal,
                            "is a trace of another version; this program reads versions %d and %d",
                            TRACE_VERSION_UNMARKED, TRACE_VERSION);
    trace->marked = version == TRACE_VERSION;
    *content += length + 1;
    *size -= length + 1;
    length = line_length(*content, *size);
    if (length == *size || length > TRACE_MAX_HEADER_BYTES)
        return trace_refuse(refusal, "its second line does not end within %d bytes",
                            TRACE_MAX_HEADER_BYTES);
    json_error_t error;
    json_t *json = json_loadb(*content, length, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        return trace_refuse(refusal, "its second line is no JSON: %s", error.text);
    *content += length + 1;
    *size -= length + 1;
    bool good = read_json(trace, json, *size, refusal);
    json_decref(json);
    return good;
}

static bool read_records(struct trace *trace, const char *content, size_t size,
                         const struct trace_refusal *refusal) {
    const uint8_t *bytes = (const uint8_t *)content;
    struct trace_coder coder = {.at = bytes, .end = bytes + size};
    for (size_t w = 0; w < trace->window_count; w++)
        for (size_t s = 0; s < trace->windows[w].stream_count; s++) {
            struct trace_stream *stream = &trace->windows[w].streams[s];
            stream->accesses = calloc(stream->count, sizeof *stream->accesses);
            if (stream->accesses == NULL)
                return trace_refuse(refusal, "out of memory");
            trace_code(&coder, stream->accesses, stream->count);
            if (coder.failed)
                return trace_refuse(refusal, "window %zu, stream %zu: %s", w, s, coder.failed);
        }
    return coder.at == coder.end || trace_refuse(refusal, "%zu bytes follow the last record",
                                                 (size_t)(coder.end - coder.at));
}

/* The marks of a stream of the first version. A block that ends with an access is ended by CALL,
 * RET or a jump through memory, for no other instruction does both; what CALL and RET access is the
 * stack's top. x87 has 10 bytes to itself, and others besides, which nothing tells. */
static bool tell_marks(struct trace_stream *stream) {
    for (size_t i = 0; i < stream->count; i++) {
        struct trace_access *access = &stream->accesses[i];
        bool load = access->kind == TRACE_LOAD, single = load || access->kind == TRACE_STORE;
        if ((single || access->kind == TRACE_STOS) && access->op)
            return false;
        if (!single || access->vector || access->nontemporal)
            continue;
        bool ends = i + 1 == stream->count || (access[1].kind == TRACE_BLOCK && access[1].gap == 0);
        bool top = access->base == TRACE_BASE_STACK && access->size == 8 && !access->indexed &&
                   access->displacement == 0;
        if (access->size == 10)
            access->op = TRACE_BY_X87;
        else if (ends && top)
            access->op = load ? TRACE_BY_RET : TRACE_BY_CALL;
    }
    return true;
}

static bool tell_all_marks(struct trace *trace, const struct trace_refusal *refusal) {
    for (size_t w = 0; w < trace->window_count && !trace->marked; w++)
        for (size_t s = 0; s < trace->windows[w].stream_count; s++)
            if (!tell_marks(&trace->windows[w].streams[s]))
                return trace_refuse(refusal,
                                    "window %zu, stream %zu has marks, which its version "
                                    "has not",
                                    w, s);
    return true;
}

struct trace *trace_from_content(const char *content, size_t size,
                                 const struct trace_refusal *refusal) {
    struct trace *trace = calloc(1, sizeof *trace);
    if (trace == NULL)
        trace_refuse(refusal, "out of memory");
    else if (read_header(trace, &content, &size, refusal) &&
             read_records(trace, content, size, refusal) && tell_all_marks(trace, refusal) &&
             trace_valid(trace, refusal))
        return trace;
    trace_free(trace);
    return NULL;
}

/* ---- the frame and the file ---- */

/* One whole zstd frame with the size and the checksum of its content (RFC 8878, 3.1.1), or 0. */
static size_t content_size(const uint8_t *bytes, size_t size, const struct trace_refusal *refusal) {
    static const uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd};
    if (size < 5 || memcmp(bytes, magic, sizeof magic) != 0)
        return trace_refuse(refusal, "is no trace: it does not begin as zstd does");
    if ((bytes[4] & 4) == 0)
        return trace_refuse(refusal, "has no checksum");
    unsigned long long content = ZSTD_getFrameContentSize(bytes, size);
    if (content == ZSTD_CONTENTSIZE_UNKNOWN || content == ZSTD_CONTENTSIZE_ERROR || content == 0)
        return trace_refuse(refusal, "does not say how much it holds");
    if (content > TRACE_MAX_CONTENT_BYTES)
        return trace_refuse(refusal, "holds more than %d MiB", TRACE_MAX_CONTENT_BYTES >> 20);
    size_t frame = ZSTD_findFrameCompressedSize(bytes, size);
    if (ZSTD_isError(frame))
        return trace_refuse(refusal, "is truncated or corrupted: %s", ZSTD_getErrorName(frame));
    if (frame != size)
        return trace_refuse(refusal, "%zu bytes follow its end", size - frame);
    return (size_t)content;
}

struct trace *trace_parse(const void *bytes, size_t size, const char *name, char *why,
                          size_t why_size) {
    struct trace_refusal refusal = {name, why, why_size};
    struct trace *trace = NULL;
    size_t content = content_size(bytes, size, &refusal);
    if (content == 0)
        return NULL;
    char *inside = malloc(content);
    size_t result = inside ? ZSTD_decompress(inside, content, bytes, size) : 0;
    if (inside == NULL)
        trace_refuse(&refusal, "out of memory");
    else if (ZSTD_isError(result))
        trace_refuse(&refusal, "is truncated or corrupted: %s", ZSTD_getErrorName(result));
    else
        trace = trace_from_content(inside, result, &refusal);
    free(inside);
    return trace;
}

struct trace *trace_read(const char *path, char *why, size_t why_size) {
    struct trace_refusal refusal = {path, why, why_size};
    struct trace *trace = NULL;
    struct stat status;
    FILE *file = fopen(path, "re");
    if (file == NULL || fstat(fileno(file), &status)) {
        trace_refuse(&refusal, "%s", strerror(errno));
    } else if (!S_ISREG(status.st_mode) || status.st_size > TRACE_MAX_CONTENT_BYTES) {
        trace_refuse(&refusal, "is no trace: it is no file, or too large");
    } else {
        size_t size = (size_t)status.st_size;
        char *bytes = malloc(size + 1);
        if (bytes == NULL)
            trace_refuse(&refusal, "out of memory");
        else if (fread(bytes, 1, size, file) != size)
            trace_refuse(&refusal, "cannot be read");
        else
            trace = trace_parse(bytes, size, path, why, why_size);
        free(bytes);
    }
    if (file)
        fclose(file);
    return trace;
}
