/* SPDX-License-Identifier: MIT
 *
 * primitives.c: every primitive of access.h once, for comparing what two lowerings' headers make.
 */
#include "access.h"
#define T(b, t)                                                                                    \
    t l##b(const t *p) {                                                                           \
        return data_load##b(p);                                                                    \
    }                                                                                              \
    void s##b(t *p, t v) {                                                                         \
        data_store##b(p, v);                                                                       \
    }                                                                                              \
    t sl##b(const t *p) {                                                                          \
        return sync_load##b(p);                                                                    \
    }                                                                                              \
    void ss##b(t *p, t v) {                                                                        \
        sync_store##b(p, v);                                                                       \
    }                                                                                              \
    t x##b(t *p, t v) {                                                                            \
        return sync_exchange##b(p, v);                                                             \
    }                                                                                              \
    t c##b(t *p, t w, t v) {                                                                       \
        return sync_compare_exchange##b(p, w, v);                                                  \
    }                                                                                              \
    t a##b(t *p, t v) {                                                                            \
        return sync_fetch_add##b(p, v);                                                            \
    }
T(8, uint8_t) T(16, uint16_t) T(32, uint32_t) T(64, uint64_t) struct pair lp(const uint64_t *p) {
    return data_load_pair(p);
}
void sp(uint64_t *p, struct pair v) {
    data_store_pair(p, v);
}
void v16(void *t, const void *f) {
    data_store_vec16(t, data_load_vec16(f));
}
VEC32_TARGET void v32(void *t, const void *f) {
    data_store_vec32(t, data_load_vec32(f));
}
#ifdef VEC64_TARGET
VEC64_TARGET void v64(void *t, const void *f) {
    data_store_vec64(t, data_load_vec64(f));
}
#endif
struct pair cp(uint64_t *p, struct pair w, struct pair v) {
    return sync_compare_exchange_pair(p, w, v);
}
void f(void) {
    sync_fence();
}
void cc(void *t, const void *f, uint64_t n) {
    data_copy(t, f, n);
}
