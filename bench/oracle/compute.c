/* SPDX-License-Identifier: MIT
 *
 * compute.c: what a thread does in its registers, and what their values depend on.
 */
#include <string.h>

#include "oracle/order.h"

uint64_t value_cut(uint64_t value, unsigned size) {
    return size >= 8 ? value : value & ((UINT64_C(1) << 8 * size) - 1);
}

static uint64_t extended(uint64_t value, unsigned size) {
    unsigned shift = 64 - 8 * size;
    return (uint64_t)((int64_t)(value << shift) >> shift);
}

struct value value_join(struct value left, struct value right, uint64_t number) {
    return (struct value){number, left.data | right.data, left.pick | right.pick};
}

void run_set(struct run *run, unsigned index, struct value value, unsigned size) {
    value.number = value_cut(value.number, size);
    value.pick |= value.data;
    if (index != REGISTER_ZERO)
        run->registers[index] = value;
}

/* The second operand, or the offset of an address. */
struct value run_operand(const struct run *run, const struct line *line) {
    struct value value = run->registers[line->rm];
    if (line->rm == REGISTER_ZERO)
        return (struct value){.number = (uint64_t)line->immediate};
    if (line->extend == 'U')
        value.number = value_cut(value.number, 4);
    else if (line->extend == 'S')
        value.number = extended(value.number, 4);
    value.number = (value.number << line->shift) + (uint64_t)line->immediate;
    return value;
}

uint64_t value_combined(enum rmw_kind kind, uint64_t old, uint64_t value, unsigned size) {
    int64_t signed_old = (int64_t)extended(old, size),
            signed_value = (int64_t)extended(value, size);
    switch (kind) {
    case RMW_SWAP:
        return value;
    case RMW_ADD:
        return old + value;
    case RMW_CLEAR:
        return old & ~value;
    case RMW_XOR:
        return old ^ value;
    case RMW_SET:
        return old | value;
    case RMW_SMAX:
        return signed_old > signed_value ? old : value;
    case RMW_SMIN:
        return signed_old < signed_value ? old : value;
    case RMW_UMAX:
        return old > value ? old : value;
    default:
        return old < value ? old : value;
    }
}

void run_compute(struct run *run, const struct line *line) {
    struct value left = run->registers[line->rn], right = run_operand(run, line);
    uint64_t a = value_cut(left.number, line->size), b = value_cut(right.number, line->size),
             result = 0;
    bool carry = false, overflow = false;
    uint64_t sign = UINT64_C(1) << (8 * line->size - 1);
    switch (line->op) {
    case OP_MOVE:
        left = (struct value){0};
        result = b;
        break;
    case OP_ADD:
        result = value_cut(a + b, line->size);
        carry = result < a;
        overflow = ~(a ^ b) & (a ^ result) & sign;
        break;
    case OP_SUB:
        result = value_cut(a - b, line->size);
        carry = a >= b;
        overflow = (a ^ b) & (a ^ result) & sign;
        break;
    case OP_AND:
        result = a & b;
        break;
    case OP_OR:
        result = a | b;
        break;
    default:
        result = a ^ b;
    }
    struct value value = value_join(left, right, result);
    if (line->set_flags) {
        run->flags = value;
        run->flags.number = (result & sign ? 8u : 0) | (result == 0 ? 4u : 0) | (carry ? 2u : 0) |
                            (overflow ? 1u : 0);
    }
    run_set(run, line->rd, value, line->size);
}

bool run_condition(uint64_t flags, const char *condition) {
    static const char *const names[] = {"EQ", "CS", "MI", "VS", "HI", "GE", "GT", "AL",
                                        "NE", "CC", "PL", "VC", "LS", "LT", "LE", "NV"};
    bool n = flags & 8, z = flags & 4, c = flags & 2, v = flags & 1;
    const bool holds[] = {z, c, n, v, c && !z, n == v, !z && n == v, true};
    if (strcmp(condition, "HS") == 0)
        return c;
    if (strcmp(condition, "LO") == 0)
        return !c;
    for (unsigned i = 0; i < 16; i++)
        if (strcmp(condition, names[i]) == 0)
            return i < 8 ? holds[i] : i == 15 || !holds[i - 8];
    return false;
}

void run_select(struct run *run, const struct line *line) {
    bool first = run_condition(run->flags.number, line->condition);
    struct value value = run->registers[first ? line->rn : line->rm];
    value.pick |= value.data | run->flags.data | run->flags.pick;
    run_set(run, line->rd, value, line->size);
}
