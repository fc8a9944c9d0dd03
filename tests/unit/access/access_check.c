/* SPDX-License-Identifier: MIT
 *
 * access_check.c: every primitive of access.h does to memory what its name says and nothing to
 * the bytes around. Compiled once for each lowering.
 */
#include "access_check.h"

#include <stdio.h>
#include <string.h>

#include "access.h"
#include "pattern.h"

/* Accesses stay inside the inner line: x86 may trap a locked access across lines, and arm64
 * an ordered one across 16 bytes. The rest are guards. */
enum { INNER = 64, AROUND = 192 };

struct field {
    LINE_ALIGNED uint8_t is[AROUND];     /* what the primitives work on */
    LINE_ALIGNED uint8_t should[AROUND]; /* what it must be */
    uint64_t fills;
    unsigned tried;
    char *wrong;
    size_t size;
};

static uint8_t *begin(struct field *field, unsigned offset) {
    for (unsigned i = 0; i < AROUND; i++)
        field->is[i] = field->should[i] = (uint8_t)pattern_random(field->fills, i);
    field->fills++;
    return field->is + INNER + offset;
}

/* Memory is as it should, and the value read too. */
static void expect(struct field *field, const char *what, unsigned offset, const void *value,
                   const void *want, size_t bytes) {
    field->tried++;
    if (field->wrong[0])
        return;
    if (memcmp(field->is, field->should, AROUND) != 0)
        snprintf(field->wrong, field->size, "%s at offset %u: memory", what, offset);
    else if (memcmp(value, want, bytes) != 0)
        snprintf(field->wrong, field->size, "%s at offset %u: value", what, offset);
}

static uint8_t *should(struct field *field, const uint8_t *at) {
    return field->should + (at - field->is);
}

/* Steps over the offsets of a line at which `bytes` fit. */
#define EACH_OFFSET(offset, bytes, step)                                                           \
    for (unsigned offset = 0; offset + (bytes) <= INNER; offset += (unsigned)(step))

#define CHECK_LOAD(kind, suffix, type, pointer, bytes, step)                                       \
    EACH_OFFSET(offset, bytes, step) {                                                             \
        uint8_t *at = begin(field, offset);                                                        \
        type value = kind##_load##suffix((const pointer *)(const void *)at);                       \
        expect(field, #kind "_load" #suffix, offset, &value, should(field, at), bytes);            \
    }
#define CHECK_STORE(kind, suffix, type, pointer, bytes, step)                                      \
    EACH_OFFSET(offset, bytes, step) {                                                             \
        uint8_t *at = begin(field, offset);                                                        \
        type value;                                                                                \
        for (unsigned i = 0; i < (bytes); i++)                                                     \
            ((uint8_t *)&value)[i] = (uint8_t)~at[i];                                              \
        memcpy(should(field, at), &value, bytes);                                                  \
        kind##_store##suffix((pointer *)(void *)at, value);                                        \
        expect(field, #kind "_store" #suffix, offset, NULL, NULL, 0);                              \
    }

#define CHECK_SCALAR(bits, type)                                                                   \
    static void check_##bits(struct field *field, bool unaligned) {                                \
        const size_t bytes = sizeof(type), step = unaligned ? 1 : bytes;                           \
        CHECK_LOAD(data, bits, type, type, bytes, step)                                            \
        CHECK_STORE(data, bits, type, type, bytes, step)                                           \
        CHECK_LOAD(sync, bits, type, type, bytes, step)                                            \
        CHECK_STORE(sync, bits, type, type, bytes, step)                                           \
        CHECK_LOAD(private, bits, type, type, bytes, 1)                                            \
        CHECK_STORE(private, bits, type, type, bytes, 1)                                           \
        type *at = (type *)(void *)begin(field, 0);                                                \
        sync_store##bits(at, 0); /* arm64: the zero register */                                    \
        memset(field->should + INNER, 0, bytes);                                                   \
        expect(field, "sync_store" #bits " of 0", 0, NULL, NULL, 0);                               \
    }                                                                                              \
    static void check_rmw_##bits(struct field *field) {                                            \
        EACH_OFFSET(offset, sizeof(type), sizeof(type)) {                                          \
            type *at = (type *)(void *)begin(field, offset), was = *at, old, now;                  \
            now = (type)~was;                                                                      \
            old = sync_exchange##bits(at, now);                                                    \
            memcpy(should(field, (uint8_t *)at), &now, sizeof now);                                \
            expect(field, "sync_exchange" #bits, offset, &old, &was, sizeof old);                  \
                                                                                                   \
            was = now;                                                                             \
            now = (type)(was + 3);                                                                 \
            old = sync_fetch_add##bits(at, 3);                                                     \
            memcpy(should(field, (uint8_t *)at), &now, sizeof now);                                \
            expect(field, "sync_fetch_add" #bits, offset, &old, &was, sizeof old);                 \
                                                                                                   \
            was = now;                                                                             \
            old = sync_compare_exchange##bits(at, (type)(was ^ 1), 5);                             \
            expect(field, "failing sync_compare_exchange" #bits, offset, &old, &was, sizeof old);  \
            now = 5;                                                                               \
            old = sync_compare_exchange##bits(at, was, now);                                       \
            memcpy(should(field, (uint8_t *)at), &now, sizeof now);                                \
            expect(field, "sync_compare_exchange" #bits, offset, &old, &was, sizeof old);          \
        }                                                                                          \
    }
CHECK_SCALAR(8, uint8_t)
CHECK_SCALAR(16, uint16_t)
CHECK_SCALAR(32, uint32_t)
CHECK_SCALAR(64, uint64_t)

static void check_wide(struct field *field, bool unaligned) {
    const size_t step = unaligned ? 1 : 8;
    CHECK_LOAD(data, _pair, struct pair, uint64_t, 16, step)
    CHECK_STORE(data, _pair, struct pair, uint64_t, 16, step)
    CHECK_LOAD(sync, _pair, struct pair, uint64_t, 16, step)
    CHECK_STORE(sync, _pair, struct pair, uint64_t, 16, step)
    /* A value that is the address, for which one register would do but where it is overwritten. */
    uint64_t *place = (uint64_t *)(void *)begin(field, 0);
    const struct pair own = {(uint64_t)place, 7};
    memcpy(should(field, (uint8_t *)place), &own, sizeof own);
    sync_store_pair(place, own);
    expect(field, "sync_store_pair of its address", 0, NULL, NULL, 0);
    /* No lowering has an ordered instruction for vectors, so these may be unaligned. */
    CHECK_LOAD(data, _vec16, vec16, void, 16, 1)
    CHECK_STORE(data, _vec16, vec16, void, 16, 1)
    CHECK_LOAD(sync, _vec16, vec16, void, 16, 1)
    CHECK_STORE(sync, _vec16, vec16, void, 16, 1)
}

VEC32_TARGET static void check_vec32(struct field *field){
    CHECK_LOAD(data, _vec32, vec32, void, 32, 1) CHECK_STORE(data, _vec32, vec32, void, 32, 1)
        CHECK_LOAD(sync, _vec32, vec32, void, 32, 1) CHECK_STORE(sync, _vec32, vec32, void, 32, 1)}

#ifdef VEC64_TARGET
VEC64_TARGET static void check_vec64(struct field *field) {
    CHECK_LOAD(data, _vec64, vec64, void, 64, 1)
    CHECK_STORE(data, _vec64, vec64, void, 64, 1)
    CHECK_LOAD(sync, _vec64, vec64, void, 64, 1)
    CHECK_STORE(sync, _vec64, vec64, void, 64, 1)
}
#endif

static void check_rmw_pair(struct field *field) {
    EACH_OFFSET(offset, 16, 16) {
        uint64_t *at = (uint64_t *)(void *)begin(field, offset);
        struct pair was = {at[0], at[1]}, now = {~at[0], at[1] + 1}, old;
        const struct pair others[] = {{was.low ^ 1, was.high}, {was.low, was.high ^ 1}};
        for (int i = 0; i < 2; i++) {
            old = sync_compare_exchange_pair(at, others[i], now);
            expect(field, "failing sync_compare_exchange_pair", offset, &old, &was, sizeof old);
        }
        old = sync_compare_exchange_pair(at, was, now);
        memcpy(should(field, (uint8_t *)at), &now, sizeof now);
        expect(field, "sync_compare_exchange_pair", offset, &old, &was, sizeof old);
    }
}

static void check_copy(struct field *field) {
    static const uint8_t from[] = "every byte of it and not one more";
    for (unsigned bytes = 0; bytes < sizeof from; bytes++) {
        EACH_OFFSET(offset, bytes, 1) {
            uint8_t *at = begin(field, offset);
            memcpy(should(field, at), from, bytes);
            data_copy(at, from, bytes);
            expect(field, "data_copy", offset, NULL, NULL, 0);
        }
    }
}

extern access_check CONCAT(access_check_, LOWERING_ID);
unsigned CONCAT(access_check_, LOWERING_ID)(unsigned features, bool unaligned, char *wrong,
                                            size_t size) {
    const struct lowering self = {LOWERING_INFO};
    struct field field = {.wrong = wrong, .size = size};
    wrong[0] = '\0';
    check_8(&field, unaligned);
    check_16(&field, unaligned);
    check_32(&field, unaligned);
    check_64(&field, unaligned);
    check_wide(&field, unaligned);
    if ((VEC32_NEEDS & ~features) == 0)
        check_vec32(&field);
#ifdef VEC64_TARGET
    if (features & FEATURE_AVX512)
        check_vec64(&field);
#endif
    if ((self.rmw_needs & ~features) == 0) {
        check_rmw_8(&field);
        check_rmw_16(&field);
        check_rmw_32(&field);
        check_rmw_64(&field);
        check_rmw_pair(&field);
    }
    if ((COPY_NEEDS & ~features) == 0)
        check_copy(&field);
    sync_fence();
    cpu_relax();
    return field.tried;
}
