/* SPDX-License-Identifier: MIT
 *
 * registry.h: what was built: every lowering, and through it every kernel.
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include <stdbool.h>

#include "kernels/lowering.h"

/* All lowerings of this build, plain first. Static storage. */
const struct lowering *const *registry_lowerings(size_t *count);

/* plain, compiled a second time at another address: what placement does. */
const struct lowering *registry_twin(void);

/* The lowering or NULL. */
const struct lowering *registry_lowering(const char *name);

/* All kernels as plain has them: those of kernels.def and trace_replay; NULL ends them. Whoever
 * reads a kernel's axes calls its open() first, if it has one. */
const struct kernel *const *registry_kernels(void);

/* The kernel's struct in a lowering, by its place in kernels.def or by name (NULL if none). */
const struct kernel *registry_kernel(const struct lowering *lowering, const char *name);

/* oracle_breaks() of a lowering here. */
const char *registry_breaks(const struct lowering *lowering, unsigned uses, unsigned features);

/* "load", "store", ... for each enum uses bit; NULL past the last. */
const char *registry_use_name(unsigned bit_index);

#endif
