/* SPDX-License-Identifier: MIT */
#include "events/backpatch.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "machine/feature.h"
#include "machine/memmodel.h"

#if defined(__aarch64__)

/* The address is in x0, the value in x2. */
enum word {
    LDAR = 0xc8dffc02,
    LDAPR = 0xf8bfc002,
    STLR = 0xc89ffc02,
    LDADDAL = 0xf8e20003, /* adds x2, old value to x3 */
    LDR = 0xf9400002,
    STR = 0xf9000002,
    NOP = 0xd503201f,
    DMB_ISH = 0xd5033bbf,
    DMB_LD = 0xd5033dbf,
    COUNT_DOWN = 0xf1000421,  /* SUBS x1, x1, #1 */
    BRANCH_BACK = 0x54000001, /* B.NE, less the distance */
    RET = 0xd65f03c0,
};

/* A routine is a loop over UNROLLED accesses, each with its slot. */
enum { UNROLLED = 64, ROUTINE_WORDS = 2 * UNROLLED + 4, PAGE = 4096 };

typedef uint64_t routine(void *at, uint64_t rounds, uint64_t value);

/* Two of each kind: one is patched and stays so, the other is put back before each sample. */
enum place { PATCHED, FRESH, PLACES };
static uint32_t *code[BACKPATCH_RMW + 1][PLACES]; /* NULL until made */
static struct sigaction former;
static unsigned traps; /* seen by the handler */
static struct { _Alignas(64) uint8_t bytes[64]; } target;

enum { ALIGNED = 16, ACROSS = 12 }; /* offsets in target of 8 bytes */

static uint32_t access_word(enum backpatch_access access) {
    static const uint32_t words[] = {LDAR, LDAPR, STLR, LDADDAL};
    return words[access];
}

static void flush(uint32_t *from, size_t words) {
    __builtin___clear_cache((char *)from, (char *)(from + words));
}

/* Loads have their slot after them, stores before them. */
static void write_routine(uint32_t *at, enum backpatch_access access) {
    uint32_t *word = at;
    for (int i = 0; i < UNROLLED; i++) {
        if (access == BACKPATCH_STLR)
            *word++ = NOP;
        *word++ = access_word(access);
        if (access == BACKPATCH_LDAR || access == BACKPATCH_LDAPR)
            *word++ = NOP;
    }
    *word++ = COUNT_DOWN;
    int32_t back = (int32_t)(at - word);
    *word++ = (uint32_t)BRANCH_BACK | ((uint32_t)back & 0x7ffff) << 5;
    *word++ = RET;
    flush(at, (size_t)(word - at));
}

/* FEX without StrictInProcessSplitLocks: two compare and exchanges of aligned words, the higher
 * first. Between them others see half of it. */
static uint64_t add_across(uint8_t *address, uint64_t value) {
    unsigned shift = 8 * ((uintptr_t)address & 7);
    uint64_t *words = (uint64_t *)(void *)(address - shift / 8);
    for (;;) {
        uint64_t low = __atomic_load_n(&words[0], __ATOMIC_ACQUIRE);
        uint64_t high = __atomic_load_n(&words[1], __ATOMIC_ACQUIRE);
        uint64_t old = low >> shift | high << (64 - shift), sum = old + value;
        uint64_t mask = UINT64_MAX << shift;
        uint64_t new_low = (low & ~mask) | sum << shift;
        uint64_t new_high = (high & mask) | sum >> (64 - shift);
        if (__atomic_compare_exchange_n(&words[1], &high, new_high, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_ACQUIRE) &&
            __atomic_compare_exchange_n(&words[0], &low, new_low, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_ACQUIRE))
            return old;
    }
}

static bool in_code(const uint32_t *pc) {
    for (int i = 0; i <= BACKPATCH_RMW; i++)
        for (int k = 0; k < PLACES; k++)
            if (code[i][k] && pc >= code[i][k] && pc < code[i][k] + ROUTINE_WORDS)
                return true;
    return false;
}

static void on_sigbus(int number, siginfo_t *info, void *context) {
    (void)info;
    mcontext_t *state = &((ucontext_t *)context)->uc_mcontext;
    uint32_t *pc = (uint32_t *)(uintptr_t)state->pc;
    if (!in_code(pc)) {
        sigaction(number, &former, NULL); /* not ours: it happens again, to whom it concerns */
        return;
    }
    traps++;
    switch (*pc) {
    case LDAR:
    case LDAPR:
        pc[1] = DMB_LD;
        pc[0] = LDR;
        flush(pc, 2);
        break;
    case STLR:
        pc[-1] = DMB_ISH;
        pc[0] = STR;
        flush(pc - 1, 2);
        state->pc -= sizeof *pc; /* this store needs the barrier too */
        break;
    default:
        state->regs[3] = add_across((uint8_t *)state->regs[0], state->regs[2]);
        state->pc += sizeof *pc;
    }
}

static const char *make(enum backpatch_access access) {
    if (access == BACKPATCH_LDAPR && !(feature_detect() & FEATURE_LRCPC))
        return "this CPU has no FEAT_LRCPC";
    if (access == BACKPATCH_RMW && !(feature_detect() & FEATURE_LSE))
        return "this CPU has no FEAT_LSE";
    struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO}, now;
    sigaction(SIGBUS, &action, &now);
    if (now.sa_sigaction != on_sigbus)
        former = now;
    if (code[access][PATCHED])
        return NULL;
    /* Writable and executable at once, as FEX has its code. */
    uint32_t *page =
        mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return "this system gives no page that is writable and executable";
    code[access][PATCHED] = page;
    code[access][FRESH] = page + PAGE / 8;
    write_routine(code[access][PATCHED], access);
    write_routine(code[access][FRESH], access);
    return NULL;
}

static void call(enum backpatch_access access, enum place place, int offset, uint64_t rounds) {
    routine *run;
    memcpy(&run, &code[access][place], sizeof run);
    run(target.bytes + offset, rounds, 1);
}

/* Once across 16 bytes; false if it does not trap. */
static bool patch(enum backpatch_access access, enum place place) {
    unsigned before = traps;
    call(access, place, ACROSS, 1);
    return traps != before;
}

static const char no_trap[] = "an access across 16 bytes does not trap here";

static const char *open_aligned(enum backpatch_access access) {
    const char *missing = make(access);
    if (missing == NULL)
        write_routine(code[access][FRESH], access);
    return missing;
}

static const char *open_patched(enum backpatch_access access) {
    const char *missing = make(access);
    return missing ? missing : patch(access, PATCHED) ? NULL : no_trap;
}

static const char *open_fault(enum backpatch_access access) {
    const char *missing = make(access);
    return missing ? missing : patch(access, FRESH) ? NULL : no_trap;
}

/* One access is one operation, but a routine makes UNROLLED of them. */
static const char *run_aligned(enum backpatch_access access, enum place place, unsigned ops) {
    call(access, place, ALIGNED, ops / UNROLLED);
    return NULL;
}

static const char *run_fault(enum backpatch_access access) {
    unsigned before = traps;
    call(access, FRESH, ACROSS, 1);
    return traps - before == UNROLLED ? NULL : "not every access trapped";
}

#define DEFINE_ACCESS(name, access)                                                                \
    static const char *name##_open_aligned(void) {                                                 \
        return open_aligned(access);                                                               \
    }                                                                                              \
    static const char *name##_open_patched(void) {                                                 \
        return open_patched(access);                                                               \
    }                                                                                              \
    static const char *name##_open_fault(void) {                                                   \
        return open_fault(access);                                                                 \
    }                                                                                              \
    static void name##_put_back(void) {                                                            \
        write_routine(code[access][FRESH], access);                                                \
    }                                                                                              \
    static const char *name##_aligned(unsigned ops) {                                              \
        return run_aligned(access, FRESH, ops);                                                    \
    }                                                                                              \
    static const char *name##_patched(unsigned ops) {                                              \
        return run_aligned(access, PATCHED, ops);                                                  \
    }                                                                                              \
    static const char *name##_fault(unsigned ops) {                                                \
        (void)ops;                                                                                 \
        return run_fault(access);                                                                  \
    }
DEFINE_ACCESS(ldar, BACKPATCH_LDAR)
DEFINE_ACCESS(ldapr, BACKPATCH_LDAPR)
DEFINE_ACCESS(stlr, BACKPATCH_STLR)
#undef DEFINE_ACCESS

static const char *rmw_open(void) {
    return open_aligned(BACKPATCH_RMW);
}

static const char *rmw_open_across(void) {
    return open_fault(BACKPATCH_RMW);
}

static const char *rmw_aligned(unsigned ops) {
    return run_aligned(BACKPATCH_RMW, FRESH, ops);
}

static const char *rmw_across(unsigned ops) {
    (void)ops;
    return run_fault(BACKPATCH_RMW);
}

static const char *rmw_open_tso(void) {
    static struct memmodel_support support;
    memmodel_probe(&support);
    return support.can_weak && support.can_tso ? rmw_open_across() : support.reason;
}

static void rmw_into_tso(void) {
    memmodel_set(MEMMODEL_TSO);
}

/* The way back, two system calls in a sample of UNROLLED signals, is timed too. */
static const char *rmw_across_tso(unsigned ops) {
    const char *wrong = rmw_across(ops);
    return memmodel_set(MEMMODEL_WEAK) ? "the switch failed" : wrong;
}

/* A signal may land anywhere in a sample of accesses, so these are long enough. */
enum { ACCESSES = 256 * UNROLLED };

#define EVENTS_OF(NAME, name, after)                                                               \
    {NAME,                                                                                         \
     "aligned, not patched: " after,                                                               \
     name##_open_aligned,                                                                          \
     name##_put_back,                                                                              \
     name##_aligned,                                                                               \
     NULL,                                                                                         \
     ACCESSES},                                                                                    \
        {NAME ", patched",                                                                         \
         "the same place, still aligned, after one access across 16 bytes",                        \
         name##_open_patched,                                                                      \
         NULL,                                                                                     \
         name##_patched,                                                                           \
         NULL,                                                                                     \
         ACCESSES},                                                                                \
    {                                                                                              \
        NAME ", trap and patch", "the access across 16 bytes that has it patched, once",           \
            name##_open_fault, name##_put_back, name##_fault, NULL, UNROLLED                       \
    }

const struct event backpatch_events[] = {
    EVENTS_OF("LDAR", ldar, "LDAR; NOP"),
    EVENTS_OF("LDAPR", ldapr, "LDAPR; NOP"),
    EVENTS_OF("STLR", stlr, "NOP; STLR"),
    {"LDADDAL", "aligned", rmw_open, NULL, rmw_aligned, NULL, ACCESSES},
    {"LDADDAL, trap and emulate", "across 16 bytes, every time", rmw_open_across, NULL, rmw_across,
     NULL, UNROLLED},
    {"LDADDAL, trap and emulate, TSO", "the same in TSO mode", rmw_open_tso, rmw_into_tso,
     rmw_across_tso, NULL, UNROLLED},
    {0},
};

static const char *try_words(enum backpatch_access access) {
    const uint32_t *word = code[access][FRESH];
    for (int i = 0; i < UNROLLED && access != BACKPATCH_RMW; i++, word += 2) {
        if ((access == BACKPATCH_LDAR || access == BACKPATCH_LDAPR) &&
            (word[0] != LDR || word[1] != DMB_LD))
            return "a load was not patched to LDR; DMB LD";
        if (access == BACKPATCH_STLR && (word[0] != DMB_ISH || word[1] != STR))
            return "a store was not patched to DMB ISH; STR";
    }
    return NULL;
}

const char *backpatch_try(enum backpatch_access access) {
    uint8_t should[sizeof target.bytes];
    const char *missing = open_fault(access);
    if (missing)
        return missing == no_trap ? "not here" : missing;
    write_routine(code[access][FRESH], access);
    for (size_t i = 0; i < sizeof should; i++)
        should[i] = target.bytes[i] = (uint8_t)(200 + i);
    uint64_t value;
    memcpy(&value, should + ACROSS, sizeof value);
    value = access == BACKPATCH_STLR ? 1 : access == BACKPATCH_RMW ? value + UNROLLED : value;
    memcpy(should + ACROSS, &value, sizeof value);
    const char *wrong = run_fault(access);
    if (wrong)
        return wrong;
    if (memcmp(should, target.bytes, sizeof should) != 0)
        return "memory is not what it should be";
    if (access != BACKPATCH_RMW) {
        unsigned before = traps;
        call(access, FRESH, ACROSS, 1);
        if (traps != before)
            return "a patched access trapped again";
    }
    return try_words(access);
}

#else

static const char *open_nowhere(void) {
    return "x86-64 has no ordered access that wants alignment";
}

const struct event backpatch_events[] = {
    {"trap and patch", "an ordered access across 16 bytes", open_nowhere, NULL, NULL, NULL, 1},
    {0},
};

const char *backpatch_try(enum backpatch_access access) {
    (void)access;
    return "not here";
}

#endif
