/* SPDX-License-Identifier: MIT
 *
 * trace_write.c: a trace into a file. What is written is what would be read.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/die.h"
#include "trace/trace_parts.h"

enum { LEVEL = 19 };

static json_t *window_json(const struct trace_window *window) {
    json_t *records = json_array();
    for (size_t s = 0; s < window->stream_count; s++)
        json_array_append_new(records, json_integer((json_int_t)window->streams[s].count));
    return json_pack("{s:I, s:I, s:I, s:f, s:o}", "arena_bytes", (json_int_t)window->arena_bytes,
                     "begin_instruction", (json_int_t)window->begin_instruction, "instructions",
                     (json_int_t)window->instructions, "stands_for", window->stands_for, "records",
                     records);
}

static void write_header(const struct trace *trace, const char *path, FILE *out) {
    const struct trace_provenance *from = &trace->provenance;
    json_t *windows = json_array();
    for (size_t w = 0; w < trace->window_count; w++)
        json_array_append_new(windows, window_json(&trace->windows[w]));
    json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:o}", "name", from->name, "program",
                             from->program, "package", from->package, "command", from->command,
                             "recorder", from->recorder, "run_instructions",
                             (json_int_t)from->run_instructions, "windows", windows);
    if (json == NULL)
        die(EXIT_FAILED, "%s: a string of its provenance is not UTF-8", path);
    fprintf(out, "%s%d\n", trace_magic, trace->marked ? TRACE_VERSION : TRACE_VERSION_UNMARKED);
    json_dumpf(json, out, JSON_COMPACT | JSON_REAL_PRECISION(17));
    putc('\n', out);
    json_decref(json);
}

char *trace_content(const struct trace *trace, const char *path, size_t *size) {
    char *content = NULL;
    struct trace_coder coder = {.out = open_memstream(&content, size)};
    if (coder.out == NULL)
        die(EXIT_FAILED, "out of memory");
    write_header(trace, path, coder.out);
    for (size_t w = 0; w < trace->window_count; w++)
        for (size_t s = 0; s < trace->windows[w].stream_count; s++) {
            const struct trace_stream *stream = &trace->windows[w].streams[s];
            struct trace_access *copy = allocate(stream->count, sizeof *copy);
            memcpy(copy, stream->accesses, stream->count * sizeof *copy);
            for (size_t i = 0; i < stream->count && !trace->marked; i++)
                if (copy[i].kind != TRACE_RMW && copy[i].kind != TRACE_FENCE)
                    copy[i].op = 0; /* what the reader tells again */
            trace_code(&coder, copy, stream->count);
            free(copy);
        }
    if (fclose(coder.out))
        die(EXIT_FAILED, "out of memory");
    if (*size > TRACE_MAX_CONTENT_BYTES)
        die(EXIT_FAILED,
            "%s would hold more than %d MiB: record fewer or shorter windows (--window)", path,
            TRACE_MAX_CONTENT_BYTES >> 20);
    return content;
}

char *trace_frame(const char *content, size_t content_size, size_t *size) {
    size_t bound = ZSTD_compressBound(content_size);
    char *frame = allocate(bound, 1);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    *size = ZSTD_compress2(context, frame, bound, content, content_size);
    if (ZSTD_isError(*size))
        die(EXIT_FAILED, "zstd: %s", ZSTD_getErrorName(*size));
    ZSTD_freeCCtx(context);
    return frame;
}

void trace_write(const struct trace *trace, FILE *file, const char *name) {
    char why[256];
    size_t content_size, size;
    struct trace_refusal refusal = {name, why, sizeof why};
    if (!trace_valid(trace, &refusal))
        die(EXIT_FAILED, "%s", why);
    char *content = trace_content(trace, name, &content_size);
    char *frame = trace_frame(content, content_size, &size);
    fwrite(frame, 1, size, file);
    free(frame);
    free(content);
}
