/* SPDX-License-Identifier: MIT
 *
 * asm/aarch64_rmw.h: the read-modify-writes and fences of aarch64 lowerings, as families: a
 * lowering takes one whole. <family>_EXCHANGE, _COMPARE_EXCHANGE, _FETCH_ADD, and the promise
 * _SEQUENCE.
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
#define A64_EXCHANGE(op, bits, before, after, old, value, p)                                       \
    A64_FETCH(op, bits, before, "swpal", after, old, value, p)
#define A64_FETCH_ADD(op, bits, before, after, old, value, p)                                      \
    A64_FETCH(op, bits, before, "ldaddal", after, old, value, p)
#define A64_COMPARE_EXCHANGE(op, bits, before, after, want, value, p)                              \
    __asm__ volatile(RECORDED(op, #bits, before A64_RMW_##bits("casal") after)                     \
                     : [first] "+r"(want), [memory] "+" A64_BASE(p)                                \
                     : [second] "r"(value)                                                         \
                     : "memory")

/* 16 bytes, which must be aligned: CMPXCHG16B. The registers of each pair must be neighbours. */
#define A64_COMPARE_EXCHANGE_PAIR(op, before, after, want, value, p)                               \
    do {                                                                                           \
        register uint64_t low_ __asm__("x0") = (want).low, high_ __asm__("x1") = (want).high;      \
        register uint64_t new_low_ __asm__("x2") = (value).low;                                    \
        register uint64_t new_high_ __asm__("x3") = (value).high;                                  \
        __asm__ volatile(                                                                          \
            RECORDED(op, "", before "caspal %[low], %[high], %[fresh], %[above], [%[at]]" after)   \
            : [low] "+r"(low_), [high] "+r"(high_)                                                 \
            : [fresh] "r"(new_low_), [above] "r"(new_high_), [at] "r"(p)                           \
            : "memory");                                                                           \
        (want) = (struct pair){low_, high_};                                                       \
    } while (0)

/* Bare. */
#define AL_EXCHANGE(op, bits, old, value, p)  A64_EXCHANGE(op, bits, "", "", old, value, p)
#define AL_FETCH_ADD(op, bits, old, value, p) A64_FETCH_ADD(op, bits, "", "", old, value, p)
#define AL_COMPARE_EXCHANGE(op, bits, want, value, p)                                              \
    A64_COMPARE_EXCHANGE(op, bits, "", "", want, value, p)
#define AL_COMPARE_EXCHANGE_PAIR(op, want, value, p)                                               \
    A64_COMPARE_EXCHANGE_PAIR(op, "", "", want, value, p)
#define AL_SEQUENCE                                                                                \
    .exchange = "SWPAL", .compare_exchange = "CASAL", .compare_exchange_pair = "CASPAL",           \
    .fetch_add = "LDADDAL"

/* A full barrier before: a CASAL that fails, which is an acquire load and no more, then has older
 * plain stores before it. */
#define DMB_AL_EXCHANGE(op, bits, old, value, p)                                                   \
    A64_EXCHANGE(op, bits, ISH_BEFORE, "", old, value, p)
#define DMB_AL_FETCH_ADD(op, bits, old, value, p)                                                  \
    A64_FETCH_ADD(op, bits, ISH_BEFORE, "", old, value, p)
#define DMB_AL_COMPARE_EXCHANGE(op, bits, want, value, p)                                          \
    A64_COMPARE_EXCHANGE(op, bits, ISH_BEFORE, "", want, value, p)
#define DMB_AL_COMPARE_EXCHANGE_PAIR(op, want, value, p)                                           \
    A64_COMPARE_EXCHANGE_PAIR(op, ISH_BEFORE, "", want, value, p)
#define DMB_AL_SEQUENCE                                                                            \
    .exchange = "DMB ISH; SWPAL", .compare_exchange = "DMB ISH; CASAL",                            \
    .compare_exchange_pair = "DMB ISH; CASPAL", .fetch_add = "DMB ISH; LDADDAL"

/* A full barrier on either side. */
#define DMB_AL_DMB_EXCHANGE(op, bits, old, value, p)                                               \
    A64_EXCHANGE(op, bits, ISH_BEFORE, ISH_AFTER, old, value, p)
#define DMB_AL_DMB_FETCH_ADD(op, bits, old, value, p)                                              \
    A64_FETCH_ADD(op, bits, ISH_BEFORE, ISH_AFTER, old, value, p)
#define DMB_AL_DMB_COMPARE_EXCHANGE(op, bits, want, value, p)                                      \
    A64_COMPARE_EXCHANGE(op, bits, ISH_BEFORE, ISH_AFTER, want, value, p)
#define DMB_AL_DMB_COMPARE_EXCHANGE_PAIR(op, want, value, p)                                       \
    A64_COMPARE_EXCHANGE_PAIR(op, ISH_BEFORE, ISH_AFTER, want, value, p)
#define DMB_AL_DMB_SEQUENCE                                                                        \
    .exchange = "DMB ISH; SWPAL; DMB ISH", .compare_exchange = "DMB ISH; CASAL; DMB ISH",          \
    .compare_exchange_pair = "DMB ISH; CASPAL; DMB ISH", .fetch_add = "DMB ISH; LDADDAL; DMB ISH"

/* Exclusive load and store in a loop, for CPUs without LSE. */
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

#define A64_LOOP_EXCHANGE(op, bits, before, load, store, after, old_, value, p)                    \
    do {                                                                                           \
        uint32_t status_;                                                                          \
        __asm__ volatile(                                                                          \
            RECORDED(op, #bits, before A64_LOADX_##bits(load) A64_STOREX_##bits(store) after)      \
            : [old] "=&r"(old_), [status] "=&r"(status_), [memory] "+" A64_BASE(p)                 \
            : [fresh] "r"(value)                                                                   \
            : "memory");                                                                           \
    } while (0)
#define A64_LOOP_FETCH_ADD(op, bits, before, load, store, after, old_, value_, p)                  \
    do {                                                                                           \
        uint32_t status_;                                                                          \
        uint64_t fresh_;                                                                           \
        __asm__ volatile(                                                                          \
            RECORDED(op, #bits,                                                                    \
                     before A64_LOADX_##bits(                                                      \
                         load) "add %x[fresh], %x[old], %x[value]\n\t" A64_STOREX_##bits(store)    \
                         after)                                                                    \
            : [old] "=&r"(old_), [status] "=&r"(status_), [fresh] "=&r"(fresh_),                   \
              [memory] "+" A64_BASE(p)                                                             \
            : [value] "r"(value_)                                                                  \
            : "memory");                                                                           \
    } while (0)
#define A64_LOOP_COMPARE_EXCHANGE(op, bits, before, load, store, after, want_, value, p)           \
    do {                                                                                           \
        uint32_t status_;                                                                          \
        __typeof__(want_) old_;                                                                    \
        __asm__ volatile(RECORDED(op, #bits,                                                       \
                                  before A64_LOADX_##bits(load)                                    \
                                      A64_IF_EQUAL_##bits A64_STOREX_##bits(store) "\n774:" after) \
                         : [old] "=&r"(old_), [status] "=&r"(status_), [memory] "+" A64_BASE(p)    \
                         : [want] "r"(want_), [fresh] "r"(value)                                   \
                         : "memory", "cc");                                                        \
        (want_) = old_;                                                                            \
    } while (0)

/* As FEX has it: one that fails has read both halves, but only with FEAT_LSE2 at one moment. */
#define A64_LOOP_COMPARE_EXCHANGE_PAIR(op, before, load, store, after, want_, value_, p)           \
    do {                                                                                           \
        uint32_t status_;                                                                          \
        uint64_t low_, high_;                                                                      \
        __asm__ volatile(RECORDED(op, "",                                                          \
                                  before "773:\n\t" load " %[low], %[high], [%[at]]\n\t"           \
                                         "cmp %[low], %[want]\n\tccmp %[high], %[and], #0, eq\n\t" \
                                         "b.ne 774f\n\t" store                                     \
                                         " %w[status], %[fresh], %[above], [%[at]]" A64_RETRY      \
                                         "\n774:" after)                                           \
                         : [low] "=&r"(low_), [high] "=&r"(high_), [status] "=&r"(status_)         \
                         : [want] "r"((want_).low), [and] "r"((want_).high),                       \
                           [fresh] "r"((value_).low), [above] "r"((value_).high), [at] "r"(p)      \
                         : "memory", "cc");                                                        \
        (want_) = (struct pair){low_, high_};                                                      \
    } while (0)

/* What compilers make of a seq_cst atomic: no barrier against later LDAPRs and plain loads. */
#define LLSC_EXCHANGE(op, bits, old, value, p)                                                     \
    A64_LOOP_EXCHANGE(op, bits, "", "ldaxr", "stlxr", "", old, value, p)
#define LLSC_FETCH_ADD(op, bits, old, value, p)                                                    \
    A64_LOOP_FETCH_ADD(op, bits, "", "ldaxr", "stlxr", "", old, value, p)
#define LLSC_COMPARE_EXCHANGE(op, bits, want, value, p)                                            \
    A64_LOOP_COMPARE_EXCHANGE(op, bits, "", "ldaxr", "stlxr", "", want, value, p)
#define LLSC_COMPARE_EXCHANGE_PAIR(op, want, value, p)                                             \
    A64_LOOP_COMPARE_EXCHANGE_PAIR(op, "", "ldaxp", "stlxp", "", want, value, p)
#define LLSC_SEQUENCE                                                                              \
    .exchange = "LDAXR; STLXR; CBNZ", .compare_exchange = "LDAXR; CMP; B.NE; STLXR; CBNZ",         \
    .compare_exchange_pair = "LDAXP; CMP; CCMP; B.NE; STLXP; CBNZ",                                \
    .fetch_add = "LDAXR; ADD; STLXR; CBNZ"

#define LLSC_DMB_EXCHANGE(op, bits, old, value, p)                                                 \
    A64_LOOP_EXCHANGE(op, bits, "", "ldaxr", "stlxr", ISH_AFTER, old, value, p)
#define LLSC_DMB_FETCH_ADD(op, bits, old, value, p)                                                \
    A64_LOOP_FETCH_ADD(op, bits, "", "ldaxr", "stlxr", ISH_AFTER, old, value, p)
#define LLSC_DMB_COMPARE_EXCHANGE(op, bits, want, value, p)                                        \
    A64_LOOP_COMPARE_EXCHANGE(op, bits, "", "ldaxr", "stlxr", ISH_AFTER, want, value, p)
#define LLSC_DMB_COMPARE_EXCHANGE_PAIR(op, want, value, p)                                         \
    A64_LOOP_COMPARE_EXCHANGE_PAIR(op, "", "ldaxp", "stlxp", ISH_AFTER, want, value, p)
#define LLSC_DMB_SEQUENCE                                                                          \
    .exchange = "LDAXR; STLXR; CBNZ; DMB ISH",                                                     \
    .compare_exchange = "LDAXR; CMP; B.NE; STLXR; CBNZ; DMB ISH",                                  \
    .compare_exchange_pair = "LDAXP; CMP; CCMP; B.NE; STLXP; CBNZ; DMB ISH",                       \
    .fetch_add = "LDAXR; ADD; STLXR; CBNZ; DMB ISH"

/* box64's LOCK CMPXCHG. */
#define DMB_LLSCAL_DMB_COMPARE_EXCHANGE(op, bits, want, value, p)                                  \
    A64_LOOP_COMPARE_EXCHANGE(op, bits, ISH_BEFORE, "ldaxr", "stlxr", ISH_AFTER, want, value, p)

/* Unordered exclusives between full barriers. */
#define DMB_LLSC_DMB_EXCHANGE(op, bits, old, value, p)                                             \
    A64_LOOP_EXCHANGE(op, bits, ISH_BEFORE, "ldxr", "stxr", ISH_AFTER, old, value, p)
#define DMB_LLSC_DMB_FETCH_ADD(op, bits, old, value, p)                                            \
    A64_LOOP_FETCH_ADD(op, bits, ISH_BEFORE, "ldxr", "stxr", ISH_AFTER, old, value, p)
#define DMB_LLSC_DMB_COMPARE_EXCHANGE(op, bits, want, value, p)                                    \
    A64_LOOP_COMPARE_EXCHANGE(op, bits, ISH_BEFORE, "ldxr", "stxr", ISH_AFTER, want, value, p)
#define DMB_LLSC_DMB_COMPARE_EXCHANGE_PAIR(op, want, value, p)                                     \
    A64_LOOP_COMPARE_EXCHANGE_PAIR(op, ISH_BEFORE, "ldxp", "stxp", ISH_AFTER, want, value, p)
#define DMB_LLSC_DMB_SEQUENCE                                                                      \
    .exchange = "DMB ISH; LDXR; STXR; CBNZ; DMB ISH",                                              \
    .compare_exchange = "DMB ISH; LDXR; CMP; B.NE; STXR; CBNZ; DMB ISH",                           \
    .compare_exchange_pair = "DMB ISH; LDXP; CMP; CCMP; B.NE; STXP; CBNZ; DMB ISH",                \
    .fetch_add = "DMB ISH; LDXR; ADD; STXR; CBNZ; DMB ISH"

#define A64_FENCE(op)    __asm__ volatile(RECORDED(op, "", "dmb ish") : : : "memory")
#define A64_FENCE_SY(op) __asm__ volatile(RECORDED(op, "", "dmb sy") : : : "memory")
/* On a line that is this thread's own: its stack. */
#define A64_FENCE_LDAR(op)                                                                         \
    do {                                                                                           \
        uint64_t line_, value_;                                                                    \
        __asm__ volatile(RECORDED(op, "", "ldar %[value], %[memory]")                              \
                         : [value] "=r"(value_), [memory] "=Q"(line_)                              \
                         :                                                                         \
                         : "memory");                                                              \
    } while (0)
#define A64_FENCE_SWPAL(op)                                                                        \
    do {                                                                                           \
        uint64_t line_, value_;                                                                    \
        __asm__ volatile(RECORDED(op, "", "swpal %[value], %[value], %[memory]")                   \
                         : [value] "=r"(value_), [memory] "=Q"(line_)                              \
                         :                                                                         \
                         : "memory");                                                              \
    } while (0)

#endif
