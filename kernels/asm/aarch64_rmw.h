/* SPDX-License-Identifier: MIT
 *
 * asm/aarch64_rmw.h: read-modify-writes and fences, as families (asm/aarch64.h).
 */
#ifndef ASM_AARCH64_RMW_H
#define ASM_AARCH64_RMW_H

/* LSE with acquire and release. The WZR trap: SWPAL or LDADDAL into WZR (an assembler may call the
 * latter STADDL) is no acquire, and so no full barrier, which every locked x86 instruction is. Here
 * the old value is always an output, hence a live register. */
#define A64_RMW_8(stem)  stem "b %w[first], %w[second], %[memory]"
#define A64_RMW_16(stem) stem "h %w[first], %w[second], %[memory]"
#define A64_RMW_32(stem) stem " %w[first], %w[second], %[memory]"
#define A64_RMW_64(stem) stem " %x[first], %x[second], %[memory]"

#define A64_FETCH(op, bits, before, stem, after, old, value, p)                                    \
    __asm__ volatile(RECORDED(op, #bits, before A64_RMW_##bits(stem) after)                        \
                     : [second] "=r"(old), [memory] "+" A64_BASE(p)                                \
                     : [first] "r"(value)                                                          \
                     : "memory")
/* LSE, before, after. A CASAL that fails is an acquire load and no more: a barrier before it keeps
 * older plain stores before it. */
#define LSE_EXCHANGE(before, after, op, bits, old, value, p)                                       \
    A64_FETCH(op, bits, before, "SWPAL", after, old, value, p)
#define LSE_FETCH_ADD(before, after, op, bits, old, value, p)                                      \
    A64_FETCH(op, bits, before, "LDADDAL", after, old, value, p)
#define LSE_COMPARE_EXCHANGE(before, after, op, bits, want, value, p)                              \
    A64_COMPARE(op, bits, before, "CASAL", after, want, value, p)
#define A64_COMPARE(op, bits, before, stem, after, want, value, p)                                 \
    __asm__ volatile(RECORDED(op, #bits, before A64_RMW_##bits(stem) after)                        \
                     : [first] "+r"(want), [memory] "+" A64_BASE(p)                                \
                     : [second] "r"(value)                                                         \
                     : "memory")
/* 16 bytes, which must be aligned: CMPXCHG16B. The registers of each pair must be neighbours. */
#define LSE_COMPARE_EXCHANGE_PAIR(before, after, op, want, value, p)                               \
    A64_COMPARE_PAIR(op, before, "CASPAL", after, want, value, p)
#define A64_COMPARE_PAIR(op, before, stem, after, want, value, p)                                  \
    do {                                                                                           \
        register uint64_t low_ __asm__("x0") = (want).low, high_ __asm__("x1") = (want).high;      \
        register uint64_t new_low_ __asm__("x2") = (value).low;                                    \
        register uint64_t new_high_ __asm__("x3") = (value).high;                                  \
        __asm__ volatile(                                                                          \
            RECORDED(op, "", before stem " %[low], %[high], %[fresh], %[above], %[memory]" after)  \
            : [low] "+r"(low_), [high] "+r"(high_), [memory] "+" A64_BASE((struct pair *)(p))      \
            : [fresh] "r"(new_low_), [above] "r"(new_high_)                                        \
            : "memory");                                                                           \
        (want) = (struct pair){low_, high_};                                                       \
    } while (0)
#define LSE_RMW_SEQUENCE(before, after)                                                            \
    .exchange = before "SWPAL" after, .compare_exchange = before "CASAL" after,                    \
    .compare_exchange_pair = before "CASPAL" after, .fetch_add = before "LDADDAL" after

/* LLSC, load, store, before, after: exclusives in a loop, for CPUs without LSE: "LDAX" and "STLX"
 * as compilers make them of a seq_cst atomic, which is no barrier against later LDAPRs and plain
 * loads; or "LDX" and "STX", without order. */
#define A64_LOADX_8(stem)   "773:\n\t" stem "b %w[old], %[memory]\n\t"
#define A64_LOADX_16(stem)  "773:\n\t" stem "h %w[old], %[memory]\n\t"
#define A64_LOADX_32(stem)  "773:\n\t" stem " %w[old], %[memory]\n\t"
#define A64_LOADX_64(stem)  "773:\n\t" stem " %x[old], %[memory]\n\t"
#define A64_RETRY           "\n\tcbnz %w[status], 773b"
#define A64_STOREX_8(stem)  stem "b %w[status], %w[fresh], %[memory]" A64_RETRY
#define A64_STOREX_16(stem) stem "h %w[status], %w[fresh], %[memory]" A64_RETRY
#define A64_STOREX_32(stem) stem " %w[status], %w[fresh], %[memory]" A64_RETRY
#define A64_STOREX_64(stem) stem " %w[status], %x[fresh], %[memory]" A64_RETRY
#define A64_IF_EQUAL_8      "cmp %w[old], %w[want], uxtb\n\tb.ne 774f\n\t"
#define A64_IF_EQUAL_16     "cmp %w[old], %w[want], uxth\n\tb.ne 774f\n\t"
#define A64_IF_EQUAL_32     "cmp %w[old], %w[want]\n\tb.ne 774f\n\t"
#define A64_IF_EQUAL_64     "cmp %x[old], %x[want]\n\tb.ne 774f\n\t"

#define LLSC_EXCHANGE(load, store, before, after, op, bits, old_, value, p)                        \
    do {                                                                                           \
        uint32_t status_;                                                                          \
        __asm__ volatile(RECORDED(op, #bits,                                                       \
                                  before A64_LOADX_##bits(load "R") A64_STOREX_##bits(store "R")   \
                                      after)                                                       \
                         : [old] "=&r"(old_), [status] "=&r"(status_), [memory] "+" A64_BASE(p)    \
                         : [fresh] "r"(value)                                                      \
                         : "memory");                                                              \
    } while (0)
#define LLSC_FETCH_ADD(load, store, before, after, op, bits, old_, value_, p)                      \
    do {                                                                                           \
        uint32_t status_;                                                                          \
        uint64_t fresh_;                                                                           \
        __asm__ volatile(                                                                          \
            RECORDED(op, #bits,                                                                    \
                     before A64_LOADX_##bits(                                                      \
                         load                                                                      \
                         "R") "add %x[fresh], %x[old], %x[value]\n\t" A64_STOREX_##bits(store "R") \
                         after)                                                                    \
            : [old] "=&r"(old_), [status] "=&r"(status_), [fresh] "=&r"(fresh_),                   \
              [memory] "+" A64_BASE(p)                                                             \
            : [value] "r"(value_)                                                                  \
            : "memory");                                                                           \
    } while (0)
#define LLSC_COMPARE_EXCHANGE(load, store, before, after, op, bits, want_, value, p)               \
    do {                                                                                           \
        uint32_t status_;                                                                          \
        __typeof__(want_) old_;                                                                    \
        __asm__ volatile(                                                                          \
            RECORDED(op, #bits,                                                                    \
                     before A64_LOADX_##bits(load "R")                                             \
                         A64_IF_EQUAL_##bits A64_STOREX_##bits(store "R") "\n774:" after)          \
            : [old] "=&r"(old_), [status] "=&r"(status_), [memory] "+" A64_BASE(p)                 \
            : [want] "r"(want_), [fresh] "r"(value)                                                \
            : "memory", "cc");                                                                     \
        (want_) = old_;                                                                            \
    } while (0)

/* As FEX has it: one that fails has read both halves, but only with FEAT_LSE2 at one moment. */
#define LLSC_COMPARE_EXCHANGE_PAIR(load, store, before, after, op, want_, value_, p)               \
    do {                                                                                           \
        uint32_t status_;                                                                          \
        uint64_t low_, high_;                                                                      \
        __asm__ volatile(RECORDED(op, "",                                                          \
                                  before "773:\n\t" load "P %[low], %[high], %[memory]\n\t"        \
                                         "cmp %[low], %[want]\n\tccmp %[high], %[and], #0, eq\n\t" \
                                         "b.ne 774f\n\t" store                                     \
                                         "P %w[status], %[fresh], %[above], %[memory]" A64_RETRY   \
                                         "\n774:" after)                                           \
                         : [low] "=&r"(low_), [high] "=&r"(high_), [status] "=&r"(status_),        \
                           [memory] "+" A64_BASE((struct pair *)(p))                               \
                         : [want] "r"((want_).low), [and] "r"((want_).high),                       \
                           [fresh] "r"((value_).low), [above] "r"((value_).high)                   \
                         : "memory", "cc");                                                        \
        (want_) = (struct pair){low_, high_};                                                      \
    } while (0)

#define LLSC_RMW_SEQUENCE(load, store, before, after)                                              \
    .exchange = before load "R; " store "R; CBNZ" after,                                           \
    .compare_exchange = before load "R; CMP; B.NE; " store "R; CBNZ" after,                        \
    .compare_exchange_pair = before load "P; CMP; CCMP; B.NE; " store "P; CBNZ" after,             \
    .fetch_add = before load "R; ADD; " store "R; CBNZ" after

/* LINUX: exclusives as Linux has them, for its atomics that are in order with everything: the line
 * is asked for to be written before it is read, what stores is a release, and a full barrier
 * follows. A comparison that fails leaves past the barrier, so that it orders nothing; of 16 bytes
 * it has it here. */
#define LINUX_PREFETCH "PRFM PSTL1STRM, %[memory]; "
#define LINUX_EXCHANGE(op, bits, old, value, p)                                                    \
    LLSC_EXCHANGE("LDX", "STLX", LINUX_PREFETCH, ISH_AFTER, op, bits, old, value, p)
#define LINUX_FETCH_ADD(op, bits, old, value, p)                                                   \
    LLSC_FETCH_ADD("LDX", "STLX", LINUX_PREFETCH, ISH_AFTER, op, bits, old, value, p)
#define LINUX_COMPARE_EXCHANGE(op, bits, want, value, p)                                           \
    LLSC_COMPARE_OR_LEAVE("LDX", "STLX", LINUX_PREFETCH, ISH_AFTER, op, bits, want, value, p)
#define LINUX_COMPARE_EXCHANGE_PAIR(op, want, value, p)                                            \
    LLSC_COMPARE_EXCHANGE_PAIR("LDX", "STLX", LINUX_PREFETCH, ISH_AFTER, op, want, value, p)
#define LLSC_COMPARE_OR_LEAVE(load, store, before, after, op, bits, want_, value, p)               \
    do {                                                                                           \
        uint32_t status_;                                                                          \
        __typeof__(want_) old_;                                                                    \
        __asm__ volatile(RECORDED(op, #bits,                                                       \
                                  before A64_LOADX_##bits(                                         \
                                      load "R") "eor %x[status], %x[old], %x[want]\n\t"            \
                                                "cbnz %x[status], 774f\n\t" A64_STOREX_##bits(     \
                                                    store "R") after "\n774:")                     \
                         : [old] "=&r"(old_), [status] "=&r"(status_), [memory] "+" A64_BASE(p)    \
                         : [want] "r"((uint64_t)(want_)), [fresh] "r"(value)                       \
                         : "memory");                                                              \
        (want_) = old_;                                                                            \
    } while (0)
#define LINUX_RMW_SEQUENCE()                                                                       \
    .exchange = "PRFM PSTL1STRM; LDXR; STLXR; CBNZ; DMB ISH",                                      \
    .compare_exchange = "PRFM PSTL1STRM; LDXR; EOR; CBNZ; STLXR; CBNZ; DMB ISH",                   \
    .compare_exchange_pair = "PRFM PSTL1STRM; LDXP; CMP; CCMP; B.NE; STLXP; CBNZ; DMB ISH",        \
    .fetch_add = "PRFM PSTL1STRM; LDXR; ADD; STLXR; CBNZ; DMB ISH"

/* BOX64, before, after: LSE, but LOCK CMPXCHG is a loop. */
#define BOX64_EXCHANGE  LSE_EXCHANGE
#define BOX64_FETCH_ADD LSE_FETCH_ADD
#define BOX64_COMPARE_EXCHANGE(before, after, op, bits, want, value, p)                            \
    LLSC_COMPARE_EXCHANGE("LDAX", "STLX", before, after, op, bits, want, value, p)
#define BOX64_COMPARE_EXCHANGE_PAIR LSE_COMPARE_EXCHANGE_PAIR
#define BOX64_RMW_SEQUENCE(before, after)                                                          \
    .exchange = before "SWPAL" after,                                                              \
    .compare_exchange = before "LDAXR; CMP; B.NE; STLXR; CBNZ" after,                              \
    .compare_exchange_pair = before "CASPAL" after, .fetch_add = before "LDADDAL" after

/* BARE, instruction: a fence. */
#define BARE_FENCE(instruction, op)      __asm__ volatile(RECORDED(op, "", instruction) : : : "memory")
#define BARE_FENCE_SEQUENCE(instruction) .fence = instruction

/* OWN_LINE, instruction, operands: a fence that is an access to a line of the thread's own: its
 * stack. */
#define OWN_LINE_FENCE(instruction, operands, op)                                                  \
    do {                                                                                           \
        uint64_t line_, value_;                                                                    \
        __asm__ volatile(RECORDED(op, "", instruction operands)                                    \
                         : [value] "=r"(value_), [memory] "=Q"(line_)                              \
                         :                                                                         \
                         : "memory");                                                              \
    } while (0)
#define OWN_LINE_FENCE_SEQUENCE(instruction, operands) .fence = instruction

#endif
