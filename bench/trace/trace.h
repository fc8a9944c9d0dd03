/* SPDX-License-Identifier: MIT
 *
 * trace.h: what a real x86-64 program did to memory, in a few short windows of its run.
 *
 * A trace keeps what decides the price of order: which accesses there are, in what order, how wide,
 * how aligned, by what addressing, on which earlier load each depends, and how many other
 * instructions stand between them. It keeps no data and no address: those are offsets into a dense
 * arena, in which a page of the program is a page, so alignment and the crossing of lines and pages
 * survive and nothing private does.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum trace_kind {
    TRACE_LOAD,
    TRACE_STORE,
    TRACE_RMW,   /* locked read-modify-write; XCHG with memory is one */
    TRACE_MOVS,  /* REP MOVS as one record; a single MOVS is a load and a store */
    TRACE_STOS,  /* REP STOS as one record */
    TRACE_FENCE, /* MFENCE, LFENCE, SFENCE: no access */
    TRACE_BLOCK, /* a basic block begins here: no access */
    TRACE_KINDS,
};

/* Which RMW (trace_access.op of a TRACE_RMW). */
enum trace_rmw {
    TRACE_XCHG,
    TRACE_XADD, /* the old value is used: XADD */
    TRACE_ADD,  /* ADD, SUB, INC, DEC, NEG, ADC, SBB */
    TRACE_AND,  /* AND, BTR */
    TRACE_OR,   /* OR, BTS */
    TRACE_XOR,  /* XOR, NOT, BTC */
    TRACE_CMPXCHG,
    TRACE_RMWS,
};

/* Which fence (trace_access.op of a TRACE_FENCE). */
enum trace_fence { TRACE_MFENCE, TRACE_LFENCE, TRACE_SFENCE, TRACE_FENCES };

/* Which instruction a load or a store is of, where translators treat it unlike a move
 * (trace_access.op of these). */
enum trace_by {
    TRACE_BY_MOVE,
    TRACE_BY_CALL, /* a store: of its return address */
    TRACE_BY_RET,  /* a load: likewise */
    TRACE_BY_X87,
    TRACE_BYS,
};

/* Which value a STOS stores (trace_access.op of a TRACE_STOS). */
enum trace_stored {
    TRACE_STORED_ANY,
    TRACE_STORED_ZERO, /* put into its register in the same block: XOR r, r; SUB r, r; MOV r, 0 */
    TRACE_STOREDS,
};

/* What the guest's address is built on: translators treat them unlike. */
enum trace_base {
    TRACE_BASE_OTHER,   /* a register that is none of the following; RBP is one of these */
    TRACE_BASE_STACK,   /* RSP as base: PUSH, POP, CALL and RET too */
    TRACE_BASE_RIP,     /* RIP-relative, or absolute */
    TRACE_BASE_SEGMENT, /* FS or GS */
    TRACE_BASES,
};

enum {
    TRACE_MAX_SIZE = 64,             /* bytes of one access */
    TRACE_MAX_RECORDS = 1 << 20,     /* of one stream */
    TRACE_MAX_STREAMS = 64,          /* of one window */
    TRACE_MAX_WINDOWS = 256,         /* of one trace */
    TRACE_MAX_ARENA_BYTES = 1 << 30, /* of one window */
    TRACE_MAX_TEXT = 4096,           /* bytes of a string */
    TRACE_PAGE_BYTES = 4096,         /* the guest's page: an arena is whole pages */
};

/* One record of a stream. What a kind does not have is 0. */
struct trace_access {
    uint8_t kind;         /* enum trace_kind */
    uint8_t op;           /* enum trace_rmw, trace_fence, trace_by or trace_stored */
    uint8_t size;         /* bytes: a power of two up to 64, or 10 (x87); of one element for REP */
    uint8_t base;         /* enum trace_base */
    bool vector;          /* an SSE or AVX register, or several of them */
    bool nontemporal;     /* MOVNT* */
    bool indexed;         /* an index register is part of the address */
    int32_t displacement; /* of the guest's addressing, as encoded; 0 for RIP-relative */
    uint32_t gap;         /* guest instructions since the last record that left no record; the
                             instruction of this record is not one of them */
    bool same;            /* belongs to the instruction of the record before it, as the store of
                             ADD [m], r does: no instruction of its own */
    uint32_t offset;      /* into the arena */
    uint32_t to_offset;   /* MOVS: into the arena, where it goes */
    uint32_t count;       /* MOVS, STOS: elements; an access: 1 */
    bool backward;        /* MOVS, STOS: the direction flag is set; offsets are the lowest bytes */
    /* How many records earlier in its stream the load (or RMW) stands that its address depends on,
     * through registers alone; 0: none in the window. The latest, where there are several. */
    uint32_t address_from;
    uint32_t data_from; /* of a store, an RMW or STOS: likewise for its data */
};

/* What one guest thread did in the window. */
struct trace_stream {
    struct trace_access *accesses;
    size_t count;
};

/* One stretch of the run; its streams ran at the same time. */
struct trace_window {
    struct trace_stream *streams;
    size_t stream_count;
    uint64_t arena_bytes;       /* whole pages: all its offsets lie inside */
    uint64_t begin_instruction; /* of the run, over all threads */
    uint64_t instructions;      /* guest instructions in it, over all its streams */
    double stands_for;          /* share of the run, 0 to 1; the windows' sum is at most 1 */
};

/* Where a trace comes from. Strings are never NULL. */
struct trace_provenance {
    char *name;                /* of the trace: what its file is called without ".trace" */
    char *program;             /* as it was given */
    char *package;             /* Debian package and version that own it, or "unknown" */
    char *command;             /* the whole recording command, to be typed again */
    char *recorder;            /* version of tsobench, and of qemu */
    uint64_t run_instructions; /* of the whole run, over all threads */
};

struct trace {
    struct trace_provenance provenance;
    bool marked; /* the recorder said the op of loads, stores and STOS; else the reader has told
                    CALL and RET by where blocks end, and x87 by 10 bytes: it misses some x87, and
                    zeros */
    struct trace_window *windows;
    size_t window_count;
};

/* What is to be said of a trace that is not marked. */
#define TRACE_UNMARKED_TEXT                                                                        \
    "The trace is of an older recorder: CALL and RET are told by where blocks end, x87 by "        \
    "accesses "                                                                                    \
    "of 10 bytes; other x87 is taken as MOV, and REP STOS of zero as of anything."

/* Reads a trace file. It trusts nothing in it: NULL, and one line in why, if it is truncated,
 * corrupted, of another version, or says anything that the limits above or the comments of the
 * fields forbid. The caller frees it with trace_free(). */
struct trace *trace_read(const char *path, char *why, size_t why_size);

/* As trace_read(), of bytes in memory; name is for messages. */
struct trace *trace_parse(const void *bytes, size_t size, const char *name, char *why,
                          size_t why_size);

/* Frees a trace; NULL is nothing to do. */
void trace_free(struct trace *trace);

/* Writes a trace; the same trace gives the same bytes. Dies if it is none, and leaves errors of the
 * file to who closes it; name is for messages. */
void trace_write(const struct trace *trace, FILE *file, const char *name);

#endif
