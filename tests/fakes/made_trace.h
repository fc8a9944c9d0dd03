/* SPDX-License-Identifier: MIT
 *
 * made_trace.h: a made-up trace in which every field of every kind is used.
 */
#ifndef MADE_TRACE_H
#define MADE_TRACE_H

#include "trace/trace.h"

enum { MADE_BLOCK, MADE_LOAD, MADE_STORE, MADE_RMW, MADE_MOVS, MADE_STOS, MADE_FENCE, MADE_LAST };

/* A fresh one in static storage, so tests may change it; valid until the next call.
 * Longer than 60 lines: it is data, a line an access. */
static inline struct trace *made_trace(void) {
    static struct trace_access first[MADE_LAST + 3], second[2];
    static struct trace_stream streams[3];
    static struct trace_window windows[2];
    static struct trace trace;
    const struct trace_access firsts[] = {
        [MADE_BLOCK] = {.kind = TRACE_BLOCK},
        [MADE_LOAD] = {.kind = TRACE_LOAD,
                       .size = 4,
                       .base = TRACE_BASE_STACK,
                       .indexed = true,
                       .displacement = -8,
                       .gap = 3,
                       .offset = 4090,
                       .count = 1},
        [MADE_STORE] = {.kind = TRACE_STORE,
                        .size = 4,
                        .base = TRACE_BASE_STACK,
                        .displacement = -8,
                        .same = true,
                        .offset = 4090,
                        .count = 1,
                        .address_from = 1,
                        .data_from = 1},
        [MADE_RMW] = {.kind = TRACE_RMW,
                      .op = TRACE_CMPXCHG,
                      .size = 16,
                      .base = TRACE_BASE_SEGMENT,
                      .displacement = INT32_MIN,
                      .gap = 1000,
                      .offset = 64,
                      .count = 1,
                      .address_from = 2,
                      .data_from = 2},
        [MADE_MOVS] = {.kind = TRACE_MOVS,
                       .size = 8,
                       .offset = 16,
                       .to_offset = 4096,
                       .count = 10,
                       .backward = true,
                       .address_from = 1},
        [MADE_STOS] = {.kind = TRACE_STOS,
                       .op = TRACE_STORED_ZERO,
                       .size = 1,
                       .offset = 0,
                       .count = 8192,
                       .data_from = 2},
        [MADE_FENCE] = {.kind = TRACE_FENCE, .op = TRACE_SFENCE, .gap = 2},
        [MADE_LAST] = {.kind = TRACE_STORE,
                       .size = 64,
                       .vector = true,
                       .nontemporal = true,
                       .offset = 8192 - 64,
                       .count = 1},
        {.kind = TRACE_LOAD,
         .op = TRACE_BY_X87,
         .size = 10,
         .base = TRACE_BASE_RIP,
         .offset = 1,
         .count = 1},
        {.kind = TRACE_RMW,
         .op = TRACE_XADD,
         .size = 1,
         .displacement = INT32_MAX,
         .offset = 8191,
         .count = 1},
    };
    for (size_t i = 0; i < MADE_LAST + 3; i++)
        first[i] = firsts[i];
    second[0] = (struct trace_access){.kind = TRACE_BLOCK, .gap = UINT32_MAX};
    second[1] = (struct trace_access){.kind = TRACE_LOAD, .size = 2, .vector = true, .count = 1};
    streams[0] = (struct trace_stream){first, MADE_LAST + 3};
    streams[1] = (struct trace_stream){second, 2};
    streams[2] = (struct trace_stream){second, 2};
    windows[0] = (struct trace_window){.streams = streams,
                                       .stream_count = 2,
                                       .arena_bytes = 8192,
                                       .begin_instruction = 1000000,
                                       .instructions = UINT64_C(1) << 40,
                                       .stands_for = 0.1};
    windows[1] = (struct trace_window){.streams = streams + 2,
                                       .stream_count = 1,
                                       .arena_bytes = TRACE_MAX_ARENA_BYTES,
                                       .instructions = UINT64_C(1) << 33,
                                       .stands_for = 0.7};
    trace = (struct trace){.provenance = {.name = (char *)"made-up",
                                          .program = (char *)"/usr/bin/made",
                                          .package = (char *)"made 1.0-1",
                                          .command = (char *)"tsobench trace record -- made \"up\"",
                                          .recorder = (char *)"tsobench 0.1.0, qemu 7.2.22",
                                          .run_instructions = UINT64_C(1) << 42},
                           .marked = true,
                           .windows = windows,
                           .window_count = 2};
    return &trace;
}

#endif
