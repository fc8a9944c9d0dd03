/* SPDX-License-Identifier: MIT */
#include "plan/registry.h"

#include <string.h>

#include "base/die.h"
#include "oracle/oracle.h"
#include "replay/trace_kernel.h"

#define LOWERING(id) extern const struct lowering lowering_##id;
#include "lowerings.def"
#undef LOWERING
extern const struct lowering lowering_plain_twin;

static const struct lowering *const lowerings[] = {
#define LOWERING(id) &lowering_##id,
#include "lowerings.def"
#undef LOWERING
};

const struct lowering *const *registry_lowerings(size_t *count) {
    *count = sizeof lowerings / sizeof lowerings[0];
    return lowerings;
}

const struct lowering *registry_twin(void) {
    return &lowering_plain_twin;
}

const struct lowering *registry_lowering(const char *name) {
    for (size_t i = 0; i < sizeof lowerings / sizeof lowerings[0]; i++)
        if (strcmp(lowerings[i]->name, name) == 0)
            return lowerings[i];
    return NULL;
}

const struct kernel *const *registry_kernels(void) {
    static const struct kernel *all[128];
    size_t count = 0;
    for (; lowerings[0]->kernels[count]; count++) {
        if (count + 2 == sizeof all / sizeof *all)
            die(EXIT_FAILED, "more than %zu kernels", count);
        all[count] = lowerings[0]->kernels[count];
    }
    all[count] = &trace_kernel;
    return all;
}

const struct kernel *registry_kernel(const struct lowering *lowering, const char *name) {
    if (strcmp(name, trace_kernel.name) == 0) /* generated, under no lowering */
        return lowering == registry_twin() ? &trace_kernel_twin : &trace_kernel;
    for (const struct kernel *const *kernel = lowering->kernels; *kernel; kernel++)
        if (strcmp((*kernel)->name, name) == 0)
            return *kernel;
    return NULL;
}

/* The name that a test is known by: of "iwp2.8.a/SB+xchgs" what stands behind the slash. */
static const char *short_name(const char *test) {
    const char *slash = strrchr(test, '/');
    return slash ? slash + 1 : test;
}

const char *registry_breaks(const struct lowering *lowering, unsigned uses, unsigned features) {
    const struct mapping mapping = mapping_of(lowering, isa_here());
    const struct verdict *verdict = oracle_judge(&mapping, REFERENCE_TSO);
    const struct hole *hole = oracle_hole_of_uses(verdict, uses);
    unsigned torn = oracle_not_atomic(&mapping, features | lowering->needs);
    size_t count;
    if (hole)
        return short_name(tests_all(&count)[hole->test].name);
    if (verdict->unknown)
        return "undecided";
    /* A pair beside a CAS is CMPXCHG16B's. */
    if ((uses & USES_PAIR) && (uses & USES_CAS))
        return torn & TORN_CMPXCHG16B ? "torn-CMPXCHG16B" : NULL;
    return (uses & USES_PAIR) && (torn & TORN_PAIR) ? "torn-pair" : NULL;
}

const char *registry_use_name(unsigned bit_index) {
    static const char *const names[] = {"load", "store", "vector", "pair", "exchange",
                                        "cas",  "add",   "fence",  "copy"};
    return bit_index < sizeof names / sizeof names[0] ? names[bit_index] : NULL;
}
