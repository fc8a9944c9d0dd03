/* SPDX-License-Identifier: MIT
 *
 * forms.h: sequences that nobody has compiled, measured in the instruction kernels: as variants
 * beside the compiled forms, in the same rounds, on the same memory, judged by the same check.
 *
 * They are those of mapping/given.h; what a mapping has no sequence for, or none that can be
 * encoded, has no variant.
 */
#ifndef FORMS_H
#define FORMS_H

#include "kernels/kernel.h"

/* The variants that was given has in a kernel at a point; NULL: none. Static storage, until it
 * is called again. */
const struct variant *forms_variants(const struct kernel *kernel, const struct params *params);

#endif
