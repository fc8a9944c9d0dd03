/* SPDX-License-Identifier: MIT
 *
 * access.h: the vocabulary every kernel is written in.
 *
 *   data_load64(p)  data_store64(p, v)     an ordinary access of the program
 *   sync_load64(p)  sync_store64(p, v)     an access by which threads synchronise: an acquire
 *                                          load, a release store
 *   sync_exchange64(p, v)                  read-modify-write; all return the old value
 *   sync_compare_exchange64(p, want, v)
 *   sync_compare_exchange_pair(p, want, v) 16 aligned bytes
 *   sync_fetch_add64(p, v)
 *   sync_fence()                           a store-load fence, x86's MFENCE
 *   data_copy(to, from, bytes)             copies memory that does not overlap by the CPU's copy
 *                                          instructions (REP MOVSB, CPYFP)
 *   private_load64(p)  private_store64(p, v)  private_copy(to, from, bytes)
 *                                          never lowered: bookkeeping of the kernel itself, and
 *                                          accesses that a form makes plain on purpose
 *   cpu_relax()                            a hint in a spin loop
 *
 * Widths: 8, 16, 32, 64; and for loads and stores also _pair (16 bytes, two registers), _vec16
 * and _vec32 (vector registers; functions that use vec32 carry VEC32_TARGET).
 *
 * Under COVERAGE_ALL a lowering treats data and sync alike, since a translator cannot tell them
 * apart; under COVERAGE_SYNC data accesses are plain. So one source serves the emulator's
 * question and the native programmer's.
 *
 * Every primitive is one volatile asm statement, so no compiler chooses the instruction, and
 * each leaves a record (asm/record.h) that the audit holds against the lowering's promise.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include "lowering.h"

/* 16 bytes in two registers, and in one. */
struct pair {
    uint64_t low, high;
};
typedef uint8_t vec16 __attribute__((vector_size(16)));
/* Where one lies in memory: anywhere. A type of its own, since GCC 14 to 16 for arm64 end in an
 * internal error where a vector of reduced alignment that may alias is passed by value. */
typedef vec16 vec16_place __attribute__((aligned(1), may_alias));

#include "asm/record.h"
#if defined(__aarch64__)
#include "asm/aarch64.h"
#elif defined(__x86_64__)
#include "asm/x86_64.h"
#else
#error "tsobench knows aarch64 and x86_64"
#endif
#include LOWERING_HEADER

#define CONCAT_(a, b) a##b
#define CONCAT(a, b)  CONCAT_(a, b)

/* The symbols of this compilation: one set for each lowering. */
#define LOWERING_SYMBOL     CONCAT(lowering_, LOWERING_ID)
#define KERNEL_SYMBOL(name) CONCAT(kernel_##name##__, LOWERING_ID)
/* Timed code. The audit looks into every function of this name form, and only there. */
#define RUN_SYMBOL(name) CONCAT(run_##name##__, LOWERING_ID)
/* Timed code that calls somebody else's: a variant of kind reference. Its accesses are its own. */
#define REFERENCE_SYMBOL(name) CONCAT(reference_##name##__, LOWERING_ID)

/* Part of the caller's code at any optimisation level. */
#define ALWAYS_INLINE static inline __attribute__((always_inline, unused))

/* What lowerings make of a kind of access: LOADS and so on, each FAMILY, parameters...
 * (lowering.h). Private accesses are PLAIN_*, of asm/. */
#define SYNC_LOADS      LOWERING_LOADS
#define SYNC_STORES     LOWERING_STORES
#define SYNC_VEC_LOADS  LOWERING_VEC_LOADS
#define SYNC_VEC_STORES LOWERING_VEC_STORES
#ifdef LOWERING_COVERAGE_SYNC
#define DATA_LOADS      PLAIN_LOADS
#define DATA_STORES     PLAIN_STORES
#define DATA_VEC_LOADS  PLAIN_VEC_LOADS
#define DATA_VEC_STORES PLAIN_VEC_STORES
#define DATA_COPIES     PLAIN_COPIES
#else
#define DATA_LOADS      LOWERING_LOADS
#define DATA_STORES     LOWERING_STORES
#define DATA_VEC_LOADS  LOWERING_VEC_LOADS
#define DATA_VEC_STORES LOWERING_VEC_STORES
#define DATA_COPIES     LOWERING_COPIES
#endif

#define DEFINE_SCALAR(bits, type)                                                                  \
    ALWAYS_INLINE type data_load##bits(const type *p) {                                            \
        type value;                                                                                \
        IN_FAMILY(LOAD, DATA_LOADS, "data_load", bits, value, p);                                  \
        return value;                                                                              \
    }                                                                                              \
    ALWAYS_INLINE void data_store##bits(type *p, type value) {                                     \
        IN_FAMILY(STORE, DATA_STORES, "data_store", bits, value, p);                               \
    }                                                                                              \
    ALWAYS_INLINE type sync_load##bits(const type *p) {                                            \
        type value;                                                                                \
        IN_FAMILY(LOAD, SYNC_LOADS, "sync_load", bits, value, p);                                  \
        return value;                                                                              \
    }                                                                                              \
    ALWAYS_INLINE void sync_store##bits(type *p, type value) {                                     \
        IN_FAMILY(STORE, SYNC_STORES, "sync_store", bits, value, p);                               \
    }                                                                                              \
    ALWAYS_INLINE type sync_exchange##bits(type *p, type value) {                                  \
        type old;                                                                                  \
        IN_FAMILY(EXCHANGE, LOWERING_RMW, "sync_exchange", bits, old, value, p);                   \
        return old;                                                                                \
    }                                                                                              \
    ALWAYS_INLINE type sync_compare_exchange##bits(type *p, type want, type value) {               \
        IN_FAMILY(COMPARE_EXCHANGE, LOWERING_RMW, "sync_compare_exchange", bits, want, value, p);  \
        return want;                                                                               \
    }                                                                                              \
    ALWAYS_INLINE type sync_fetch_add##bits(type *p, type value) {                                 \
        type old;                                                                                  \
        IN_FAMILY(FETCH_ADD, LOWERING_RMW, "sync_fetch_add", bits, old, value, p);                 \
        return old;                                                                                \
    }                                                                                              \
    ALWAYS_INLINE type private_load##bits(const type *p) {                                         \
        type value;                                                                                \
        IN_FAMILY(LOAD, PLAIN_LOADS, "private_load", bits, value, p);                              \
        return value;                                                                              \
    }                                                                                              \
    ALWAYS_INLINE void private_store##bits(type *p, type value) {                                  \
        IN_FAMILY(STORE, PLAIN_STORES, "private_store", bits, value, p);                           \
    }

DEFINE_SCALAR(8, uint8_t)
DEFINE_SCALAR(16, uint16_t)
DEFINE_SCALAR(32, uint32_t)
DEFINE_SCALAR(64, uint64_t)
#undef DEFINE_SCALAR

#define DEFINE_WIDE(kind, KIND)                                                                    \
    ALWAYS_INLINE struct pair kind##_load_pair(const uint64_t *p) {                                \
        struct pair value;                                                                         \
        IN_FAMILY(LOAD_PAIR, KIND##_LOADS, #kind "_load_pair", value.low, value.high, p);          \
        return value;                                                                              \
    }                                                                                              \
    ALWAYS_INLINE void kind##_store_pair(uint64_t *p, struct pair value) {                         \
        IN_FAMILY(STORE_PAIR, KIND##_STORES, #kind "_store_pair", value.low, value.high, p);       \
    }                                                                                              \
    ALWAYS_INLINE vec16 kind##_load_vec16(const void *p) {                                         \
        vec16 value;                                                                               \
        IN_FAMILY(LOAD_VEC16, KIND##_VEC_LOADS, #kind "_load_vec16", value,                        \
                  (const vec16_place *)p);                                                         \
        return value;                                                                              \
    }                                                                                              \
    ALWAYS_INLINE void kind##_store_vec16(void *p, vec16 value) {                                  \
        IN_FAMILY(STORE_VEC16, KIND##_VEC_STORES, #kind "_store_vec16", value, (vec16_place *)p);  \
    }                                                                                              \
    ALWAYS_INLINE VEC32_TARGET vec32 kind##_load_vec32(const void *p) {                            \
        vec32 value;                                                                               \
        IN_FAMILY(LOAD_VEC32, KIND##_VEC_LOADS, #kind "_load_vec32", value, p);                    \
        return value;                                                                              \
    }                                                                                              \
    ALWAYS_INLINE VEC32_TARGET void kind##_store_vec32(void *p, vec32 value) {                     \
        IN_FAMILY(STORE_VEC32, KIND##_VEC_STORES, #kind "_store_vec32", value, p);                 \
    }

DEFINE_WIDE(data, DATA)
DEFINE_WIDE(sync, SYNC)
DEFINE_WIDE(private, PLAIN)
#undef DEFINE_WIDE

#ifdef VEC64_TARGET
#define DEFINE_WIDEST(kind, KIND)                                                                  \
    ALWAYS_INLINE VEC64_TARGET vec64 kind##_load_vec64(const void *p) {                            \
        vec64 value;                                                                               \
        IN_FAMILY(LOAD_VEC64, KIND##_VEC_LOADS, #kind "_load_vec64", value, p);                    \
        return value;                                                                              \
    }                                                                                              \
    ALWAYS_INLINE VEC64_TARGET void kind##_store_vec64(void *p, vec64 value) {                     \
        IN_FAMILY(STORE_VEC64, KIND##_VEC_STORES, #kind "_store_vec64", value, p);                 \
    }

DEFINE_WIDEST(data, DATA)
DEFINE_WIDEST(sync, SYNC)
DEFINE_WIDEST(private, PLAIN)
#undef DEFINE_WIDEST
#endif

ALWAYS_INLINE struct pair sync_compare_exchange_pair(uint64_t *p, struct pair want,
                                                     struct pair value) {
    IN_FAMILY(COMPARE_EXCHANGE_PAIR, LOWERING_RMW, "sync_compare_exchange_pair", want, value, p);
    return want;
}

ALWAYS_INLINE void sync_fence(void) {
    IN_FAMILY(FENCE, LOWERING_FENCE, "sync_fence");
}

ALWAYS_INLINE void data_copy(void *to, const void *from, uint64_t bytes) {
    IN_FAMILY(COPY, DATA_COPIES, "data_copy", to, from, bytes);
}

ALWAYS_INLINE void private_copy(void *to, const void *from, uint64_t bytes) {
    IN_FAMILY(COPY, PLAIN_COPIES, "private_copy", to, from, bytes);
}

#undef SYNC_LOADS
#undef SYNC_STORES
#undef SYNC_VEC_LOADS
#undef SYNC_VEC_STORES
#undef DATA_LOADS
#undef DATA_STORES
#undef DATA_VEC_LOADS
#undef DATA_VEC_STORES
#undef DATA_COPIES

/* A pointer is read and kept like a 64-bit number. */
#define private_load_pointer(p) ((void *)private_load64((const uint64_t *)(const void *)(p)))

#endif
