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

const char *registry_breaks(const struct lowering *lowering, unsigned uses, unsigned features) {
    const struct mapping mapping = mapping_of(lowering, isa_here());
    return oracle_breaks(&mapping, uses, features);
}

const char *registry_use_name(unsigned bit_index) {
    static const char *const names[] = {"load", "store", "vector", "pair", "exchange",
                                        "cas",  "add",   "fence",  "copy"};
    return bit_index < sizeof names / sizeof names[0] ? names[bit_index] : NULL;
}
