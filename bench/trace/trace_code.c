/* SPDX-License-Identifier: MIT
 *
 * trace_code.c: the records of a stream as bytes, column by column: what is alike stands together,
 * and zstd makes little of it. One function for both directions, so they cannot disagree.
 */
#include "trace/trace_parts.h"

static const uint8_t sizes[] = {1, 2, 4, 8, 16, 32, 64, 10};

/* Sets of kinds: those that have a column. */
enum {
    SINGLE = 1 << TRACE_LOAD | 1 << TRACE_STORE | 1 << TRACE_RMW,
    REPEATED = 1 << TRACE_MOVS | 1 << TRACE_STOS,
    WITH_DATA = 1 << TRACE_STORE | 1 << TRACE_RMW | 1 << TRACE_STOS,
};

static bool has(const struct trace_access *access, unsigned kinds) {
    return kinds >> access->kind & 1;
}

static void fail(struct trace_coder *coder, const char *what) {
    if (coder->failed == NULL)
        coder->failed = what;
}

static uint8_t code_byte(struct trace_coder *coder, uint8_t byte) {
    if (coder->out)
        putc(byte, coder->out);
    else if (coder->at < coder->end)
        byte = *coder->at++;
    else
        fail(coder, "the file ends too early");
    return byte;
}

/* LEB128, unsigned; a number larger than high fails. */
static uint64_t code_number(struct trace_coder *coder, uint64_t number, uint64_t high) {
    uint64_t read = 0;
    unsigned shift = 0;
    uint8_t byte = 0;
    do {
        uint8_t rest = (uint8_t)(number & 0x7f);
        number >>= 7;
        byte = code_byte(coder, number ? rest | 0x80 : rest);
        if (shift >= 64 || (uint64_t)(byte & 0x7f) << shift >> shift != (byte & 0x7f))
            fail(coder, "a number has more than 64 bits");
        else
            read |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80 && coder->failed == NULL);
    if (read > high)
        fail(coder, "a number is larger than its field");
    return coder->failed ? 0 : read;
}

static uint32_t code_word(struct trace_coder *coder, uint32_t word) {
    return (uint32_t)code_number(coder, word, UINT32_MAX);
}

/* Small whether above or below 0: 0, -1, 1, -2, 2 become 0, 1, 2, 3, 4. */
static int64_t code_signed(struct trace_coder *coder, int64_t number) {
    uint64_t folded = (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
    folded = code_number(coder, folded, UINT64_MAX);
    return (int64_t)(folded >> 1 ^ (folded & 1 ? UINT64_MAX : 0));
}

/* Adds the difference to what stood before; both fit in 32 bits, or it fails. */
static int64_t code_step(struct trace_coder *coder, int64_t before, int64_t now, int64_t low,
                         int64_t high) {
    int64_t step = code_signed(coder, now - before);
    if (step < low - before || step > high - before) {
        fail(coder, "a number is larger than its field");
        return before;
    }
    return before + step;
}

/* Two bytes: what it is; flags. */
static void code_head(struct trace_coder *coder, struct trace_access *access) {
    unsigned code = 0;
    while (code < sizeof sizes - 1 && sizes[code] != access->size)
        code++;
    bool sized = has(access, SINGLE | REPEATED);
    unsigned what = access->kind | (unsigned)access->base << 3 | (sized ? code : 0) << 5;
    unsigned flags = access->op | (unsigned)access->vector << 3 |
                     (unsigned)access->nontemporal << 4 | (unsigned)access->indexed << 5 |
                     (unsigned)access->same << 6 | (unsigned)access->backward << 7;
    what = code_byte(coder, (uint8_t)what);
    flags = code_byte(coder, (uint8_t)flags);
    access->kind = what & 7;
    access->base = what >> 3 & 3;
    access->size = has(access, SINGLE | REPEATED) ? sizes[what >> 5] : (uint8_t)(what >> 5);
    access->op = flags & 7;
    access->vector = flags >> 3 & 1;
    access->nontemporal = flags >> 4 & 1;
    access->indexed = flags >> 5 & 1;
    access->same = flags >> 6 & 1;
    access->backward = flags >> 7;
}

/* An address is a register and a displacement, and the register is likelier to be as it was. */
static void code_offset(struct trace_coder *coder, int64_t *registers,
                        struct trace_access *access) {
    int64_t *before = &registers[access->base & 3], displacement = access->displacement;
    *before = code_step(coder, *before, access->offset - displacement, -displacement,
                        UINT32_MAX - displacement);
    access->offset = (uint32_t)(*before + displacement);
}

void trace_code(struct trace_coder *coder, struct trace_access *accesses, size_t count) {
    int64_t registers[4] = {0}, to = 0;
    const struct trace_access *end = accesses + count;
    for (struct trace_access *access = accesses; access < end; access++)
        code_head(coder, access);
    for (struct trace_access *access = accesses; access < end; access++)
        access->gap = code_word(coder, access->gap);
    for (struct trace_access *access = accesses; access < end; access++)
        if (has(access, SINGLE))
            access->displacement =
                (int32_t)code_step(coder, 0, access->displacement, INT32_MIN, INT32_MAX);
    for (struct trace_access *access = accesses; access < end; access++)
        if (has(access, SINGLE | REPEATED))
            access->address_from = code_word(coder, access->address_from);
    for (struct trace_access *access = accesses; access < end; access++)
        if (has(access, WITH_DATA))
            access->data_from = code_word(coder, access->data_from);
    for (struct trace_access *access = accesses; access < end; access++)
        if (has(access, REPEATED))
            access->count = code_word(coder, access->count);
        else if (has(access, SINGLE))
            access->count = 1;
    for (struct trace_access *access = accesses; access < end; access++)
        if (has(access, SINGLE | REPEATED))
            code_offset(coder, registers, access);
    for (struct trace_access *access = accesses; access < end; access++)
        if (has(access, 1 << TRACE_MOVS))
            access->to_offset =
                (uint32_t)(to = code_step(coder, to, access->to_offset, 0, UINT32_MAX));
}
