/* SPDX-License-Identifier: MIT
 *
 * broken: a lowering that keeps x86-TSO until test_faults.c plants a fault in it. In C, since
 * nobody measures it. Functions and their comments: broken_hooks.h.
 */
#include "fakes/broken/broken_hooks.h"

/* One access, whatever it is: kernels may race on purpose (a seqlock). */
#define BROKEN_LOAD(op, bits, value, p)                                                            \
    do {                                                                                           \
        broken_before_load(op, p, sizeof(value));                                                  \
        (value) = __atomic_load_n(p, __ATOMIC_ACQUIRE);                                            \
        broken_after_load(op, p, &(value), sizeof(value));                                         \
    } while (0)
#define BROKEN_STORE(op, bits, value, p)                                                           \
    do {                                                                                           \
        __typeof__(*(p)) value_ = (value);                                                         \
        if (broken_may_store(op, p, &value_, sizeof value_))                                       \
            __atomic_store_n(p, value_, __ATOMIC_RELEASE);                                         \
        broken_after_store(op);                                                                    \
    } while (0)

#define BROKEN_LOAD_WIDE(op, value, p)                                                             \
    do {                                                                                           \
        broken_before_load(op, p, sizeof(value));                                                  \
        __atomic_thread_fence(__ATOMIC_ACQUIRE);                                                   \
        memcpy((void *)&(value), (const void *)(p), sizeof(value));                                \
        __atomic_thread_fence(__ATOMIC_ACQUIRE);                                                   \
        broken_after_load(op, p, (void *)&(value), sizeof(value));                                 \
    } while (0)
#define BROKEN_STORE_WIDE(op, value, p)                                                            \
    do {                                                                                           \
        if (broken_may_store(op, p, (const void *)&(value), sizeof(value))) {                      \
            __atomic_thread_fence(__ATOMIC_RELEASE);                                               \
            memcpy((void *)(p), (const void *)&(value), sizeof(value));                            \
        }                                                                                          \
        broken_after_store(op);                                                                    \
    } while (0)
#define BROKEN_LOAD_PAIR(op, first, second, p)                                                     \
    do {                                                                                           \
        BROKEN_LOAD(op, 64, first, p);                                                             \
        BROKEN_LOAD(op, 64, second, (p) + 1);                                                      \
    } while (0)
#define BROKEN_STORE_PAIR(op, first, second, p)                                                    \
    do {                                                                                           \
        BROKEN_STORE(op, 64, first, p);                                                            \
        BROKEN_STORE(op, 64, second, (p) + 1);                                                     \
    } while (0)
#define BROKEN_LOAD_VEC16  BROKEN_LOAD_WIDE
#define BROKEN_STORE_VEC16 BROKEN_STORE_WIDE
#define BROKEN_LOAD_VEC32  BROKEN_LOAD_WIDE
#define BROKEN_STORE_VEC32 BROKEN_STORE_WIDE
#define BROKEN_LOAD_VEC64  BROKEN_LOAD_WIDE
#define BROKEN_STORE_VEC64 BROKEN_STORE_WIDE

#define BROKEN_UPDATE(p, old, condition, next, whole)                                              \
    do {                                                                                           \
        if (broken_planted != FAULT_TORN_UPDATE) {                                                 \
            whole;                                                                                 \
            break;                                                                                 \
        }                                                                                          \
        (old) = __atomic_load_n(p, __ATOMIC_ACQUIRE);                                              \
        broken_pause();                                                                            \
        if (condition)                                                                             \
            __atomic_store_n(p, next, __ATOMIC_RELEASE);                                           \
    } while (0);                                                                                   \
    broken_after_store("sync")
#define BROKEN_EXCHANGE(op, bits, old, value, p)                                                   \
    BROKEN_UPDATE(p, old, 1, value, (old) = __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST))
#define BROKEN_FETCH_ADD(op, bits, old, value, p)                                                  \
    BROKEN_UPDATE(p, old, 1, (__typeof__(*(p)))((old) + (value)),                                  \
                  (old) = __atomic_fetch_add(p, value, __ATOMIC_SEQ_CST))
#define BROKEN_COMPARE_EXCHANGE(op, bits, want, value, p)                                          \
    do {                                                                                           \
        __typeof__(*(p)) old_, want_ = (want);                                                     \
        BROKEN_UPDATE(                                                                             \
            p, old_, old_ == want_, value,                                                         \
            (old_ = want_, __atomic_compare_exchange_n(p, &old_, value, 0, __ATOMIC_SEQ_CST,       \
                                                       __ATOMIC_SEQ_CST)));                        \
        (want) = old_;                                                                             \
    } while (0)
#ifdef __x86_64__
#define BROKEN_WHOLE_PAIR LOCKED_COMPARE_EXCHANGE_PAIR
#else
#define BROKEN_WHOLE_PAIR(op, want, value, p) LSE_COMPARE_EXCHANGE_PAIR("", "", op, want, value, p)
#endif
#define BROKEN_COMPARE_EXCHANGE_PAIR(op, want, value, p)                                           \
    do {                                                                                           \
        struct pair want_ = (want), old_, next_ = (value);                                         \
        if (broken_planted != FAULT_TORN_UPDATE) {                                                 \
            BROKEN_WHOLE_PAIR(op, want, value, p);                                                 \
        } else {                                                                                   \
            memcpy(&old_, (const void *)(p), sizeof old_);                                         \
            broken_pause();                                                                        \
            if (memcmp(&old_, &want_, sizeof old_) == 0)                                           \
                memcpy((void *)(p), &next_, sizeof next_);                                         \
            (want) = old_;                                                                         \
        }                                                                                          \
        broken_after_store("sync");                                                                \
    } while (0)
#define BROKEN_FENCE(op)                                                                           \
    do {                                                                                           \
        if (broken_planted != FAULT_NO_FENCE)                                                      \
            __atomic_thread_fence(__ATOMIC_SEQ_CST);                                               \
    } while (0)
#define BROKEN_COPY(op, to, from, bytes)                                                           \
    do {                                                                                           \
        if (!broken_now(FAULT_LOST_STORE))                                                         \
            memcpy(to, from, bytes);                                                               \
    } while (0)

#define BROKEN_LOAD_SEQUENCE()      .load = NULL
#define BROKEN_STORE_SEQUENCE()     .store = NULL
#define BROKEN_VEC_LOAD_SEQUENCE()  .load_vec16 = NULL
#define BROKEN_VEC_STORE_SEQUENCE() .store_vec16 = NULL
#define BROKEN_RMW_SEQUENCE()       .exchange = NULL
#define BROKEN_FENCE_SEQUENCE()     .fence = NULL
#define BROKEN_COPY_SEQUENCE()      .copy = NULL

#define LOWERING_LOADS              BROKEN
#define LOWERING_STORES             BROKEN
#define LOWERING_VEC_LOADS          BROKEN
#define LOWERING_VEC_STORES         BROKEN
#define LOWERING_RMW                BROKEN
#define LOWERING_FENCE              BROKEN
#define LOWERING_COPIES             BROKEN
#define LOWERING_INFO               .used_by = "nobody"
