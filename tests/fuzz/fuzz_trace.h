/* SPDX-License-Identifier: MIT
 *
 * fuzz_trace.h: what is done with any bytes that might be a trace. The first byte chooses: 0 the
 * rest is a file; else it is what a frame holds, for no guess gets past zstd's checksum.
 */
#ifndef FUZZ_TRACE_H
#define FUZZ_TRACE_H

#include <stdlib.h>
#include <string.h>

#include "trace/trace_mix.h"
#include "trace/trace_parts.h"

/* A refusal is one line that names the file. */
static inline void fuzz_refused(const char *why) {
    if (strncmp(why, "file: ", 6) != 0 || strlen(why) <= 6 || strchr(why, '\n'))
        abort();
}

/* What was read can be counted, and written so that it is read again, with the same bytes. */
static inline void fuzz_trace(const struct trace *trace, const struct trace_refusal *refusal) {
    size_t size, again_size;
    char *content = trace_content(trace, "file", &size);
    struct trace *again = trace_from_content(content, size, refusal);
    if (again == NULL)
        abort();
    char *same = trace_content(again, "file", &again_size);
    if (size != again_size || memcmp(content, same, size) != 0)
        abort();
    struct trace_mix mix = trace_mix(again);
    for (int m = 0; m < TRACE_MEASURES; m++)
        if (!(trace_measure(&mix, (enum trace_measure)m) >= 0))
            abort();
    trace_free(again);
    free(content);
    free(same);
}

/* Aborts if something is wrong. Returns whether the bytes are a trace. */
static inline bool fuzz_bytes(const uint8_t *bytes, size_t size) {
    char why[256] = "";
    const struct trace_refusal refusal = {"file", why, sizeof why};
    if (size == 0)
        return false;
    struct trace *trace = bytes[0] == 0
                              ? trace_parse(bytes + 1, size - 1, "file", why, sizeof why)
                              : trace_from_content((const char *)bytes + 1, size - 1, &refusal);
    if (trace == NULL) {
        fuzz_refused(why);
        return false;
    }
    fuzz_trace(trace, &refusal);
    trace_free(trace);
    return true;
}

#endif
