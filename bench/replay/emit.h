/* SPDX-License-Identifier: MIT
 *
 * emit.h: what the emitters of the two ISAs share: a buffer of machine code, and the walk over the
 * steps of a stream.
 */
#ifndef EMIT_H
#define EMIT_H

#include "replay/replay.h"

struct emitter {
    const struct policy *policy;
    const struct trace_stream *stream;
    enum addressing addressing;
    uint8_t *bytes;
    size_t size, room;
    uint64_t instructions;
    unsigned turn; /* of registers that take turns */
    bool wide;     /* x86-64: the stream has vectors of 32 bytes, so all are AVX's */
};

/* Appends bytes that are (part of) one instruction. */
void emit_bytes(struct emitter *emitter, const void *bytes, size_t count);

/* One ISA. */
struct emit_isa {
    struct replay_registers registers;
    void (*begin)(struct emitter *emitter); /* saves registers */
    void (*top)(struct emitter *emitter);   /* of a pass: all bases are at the arena's start */
    void (*alu)(struct emitter *emitter, uint32_t count);
    void (*move)(struct emitter *emitter, const struct step *step);
    void (*depend)(struct emitter *emitter, const struct step *step);
    /* Load, store, RMW, REP or fence; words->before and ->after come from words(). */
    void (*access)(struct emitter *emitter, const struct step *step, const struct words *words);
    void (*words)(struct emitter *emitter, const char *sequence); /* of barriers */
    void (*end)(struct emitter *emitter, size_t top);             /* next pass or return */
};

extern const struct emit_isa emit_aarch64, emit_x86_64;

#endif
