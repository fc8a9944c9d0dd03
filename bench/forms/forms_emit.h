/* SPDX-License-Identifier: MIT
 *
 * forms_emit.h: the loops of the instruction kernels (kernels/instructions/, fence_cost) as machine
 * code around any sequence. The loops are those that the compiler makes of the kernels: as many
 * steps in a row, what waits for what, where accesses lie. So a sequence costs here what it costs
 * there, and the check of the kernel holds for it.
 */
#ifndef FORMS_EMIT_H
#define FORMS_EMIT_H

#include "replay/emit.h"

/* What one step does with its sequence, as kernels/instructions/form.h has it: it is given a place
 * and a number. */
enum form_step {
    FORM_LOAD,        /* load_forms */
    FORM_STORE,       /* store_forms */
    FORM_RELOAD,      /* a store, read back by a plain load */
    FORM_ADD,         /* rmw_forms */
    FORM_EXCHANGE,    /* writes the number */
    FORM_COMPARE,     /* compares with the number before it, writes the number */
    FORM_FAIL,        /* wants what is not there */
    FORM_FENCE,       /* fence_forms: alone, after a plain store, after a plain load */
    FORM_STORE_FENCE, /* (as FORM_LOAD, it works at place + number) */
    FORM_LOAD_FENCE,
    FORM_STORE_LOAD, /* pair_forms: the sequence, then another, at another place */
    FORM_LOAD_LOAD,
    FORM_STORE_STORE,
    FORM_CHASE, /* load_latency: the number is the place */
    FORM_WALK,  /* store_throughput: stores a line apart */
    FORM_BURST, /* fence_cost: stores, then what `after` says */
};

struct form_loop {
    enum form_step step;
    const char *first;   /* the sequence; of a pair that of the first access */
    const char *between; /* barriers of a pair, or "" */
    const char *second;  /* of a pair */
    int32_t second_at;   /* from the first place to the second */
    unsigned bytes;      /* of an access; 16 is a vector, unless it is a pair of registers */
    bool pair;
    bool latency;         /* each step waits for the one before it */
    enum form_step after; /* of FORM_BURST: FENCE, STORE, ADD, EXCHANGE or COMPARE */
};

/* Whether a step leaves another number where it works. */
bool form_writes(const struct form_loop *loop);

/* The code of a loop: functions in one piece of it, by their offsets. Each but `burst` is a
 * function of (place, number, turns, stride) and returns the next number. */
struct form_code {
    struct replay_code code;
    size_t many;  /* turns of 16 steps (32 of a walk), round 8 places */
    size_t eight; /* throughput: turns of 8 steps */
    size_t few;   /* turns of one step, each at the next place if it is no latency */
    size_t last;  /* one step, whose number is waited for */
    size_t burst; /* a function of (struct form_burst *) */
};

/* What a burst works on: fence_cost's state in the order of the registers. */
struct form_burst {
    uint64_t arena, mask, stores, offset, value, word, ops, step, next;
};

/* Dies when out of memory; free with replay_code_free(). The sequences must be such as
 * forms_encodable() takes. */
struct form_code form_generate(enum isa isa, const struct form_loop *loop);

/* The first word of a sequence that has no encoding in this step, copied into `word`, or false. */
bool form_unencodable(enum isa isa, const struct form_loop *loop, char word[MAX_WORD]);

/* The enum feature bits that its sequences need; whether one begins with a barrier. */
unsigned form_needs(enum isa isa, const struct form_loop *loop);
bool form_begins_with_barrier(enum isa isa, const char *sequence);

/* The rest is between the loops and the ISAs. */

enum form_register {
    F_NUMBER,
    F_VALUE,  /* what is stored or loaded, and nobody waits for */
    F_OLD,    /* of a read-modify-write: what was there */
    F_FRESH,  /* what it makes of that; the second of a pair of registers */
    F_STATUS, /* of an exclusive store */
    F_ONE,
    F_COUNT,
    F_STRIDE,
    F_PLACES,                 /* 8 of them */
    F_SECONDS = F_PLACES + 8, /* of the second access of a pair, likewise */
    F_REGISTERS = F_SECONDS + 8,
    F_NONE = F_REGISTERS,
    /* Of a burst, in place of the places. */
    F_ARENA = F_PLACES,
    F_MASK,
    F_STORES,
    F_OFFSET,
    F_WORD,
    F_INNER,
    F_NEXT,
};

/* Where and of what an access is. */
struct form_operands {
    enum form_step role;            /* LOAD, STORE, ADD, EXCHANGE, COMPARE or FENCE */
    enum form_register base, index; /* F_NONE: no index */
    int32_t displacement;
    enum form_register value; /* of a load its result */
    unsigned bytes;
    bool vector, pair;
};

/* What an ISA makes of the loops' instructions. */
struct form_isa {
    const char *load, *store;               /* plain ones of 1 to 8 bytes */
    const char *vector_load, *vector_store; /* of 16 */
    bool second_by_displacement;            /* needs no F_SECONDS */
    void (*begin)(struct emitter *);        /* saves registers; arguments to their own */
    void (*begin_burst)(struct emitter *);  /* likewise, from a struct form_burst */
    void (*end)(struct emitter *);          /* returns F_NUMBER */
    void (*end_burst)(struct emitter *);    /* writes offset, value and next back */
    void (*align)(struct emitter *);
    void (*add)(struct emitter *, enum form_register to, enum form_register from, int64_t what);
    void (*add_register)(struct emitter *, enum form_register to, enum form_register from,
                         enum form_register what);
    void (*mask)(struct emitter *, enum form_register to, enum form_register by);
    void (*copy)(struct emitter *, enum form_register to, enum form_register from);
    void (*count_down)(struct emitter *, enum form_register which, size_t top);
    void (*spread)(struct emitter *); /* F_NUMBER to both halves of the vector */
    void (*low)(struct emitter *);    /* and back: its low half */
    void (*sequence)(struct emitter *, const char *sequence, const struct form_operands *);
    bool (*encodes)(const char *word, const struct form_operands *);
    bool (*is_barrier)(const char *word);
    bool (*clobbers)(const char *sequence); /* it loads into the register it writes from */
};

extern const struct form_isa form_aarch64, form_x86_64;

#endif
