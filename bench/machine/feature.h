/* SPDX-License-Identifier: MIT
 *
 * feature.h: which of the instructions that lowerings and parameters need this CPU has.
 */
#ifndef FEATURE_H
#define FEATURE_H

#include <stddef.h>
#include <stdint.h>

#include "kernels/needs.h"

/* The enum feature bits of this machine: what all of its cores have and the kernel saves. */
unsigned feature_detect(void);

/* The name of one bit as its vendor writes it, "FEAT_LRCPC", or NULL for a bit that has none. */
const char *feature_name(unsigned bit);

/* "this CPU has no FEAT_LRCPC, FEAT_LSE" into out; "" if nothing of needs is missing. */
void feature_missing(unsigned needs, unsigned have, char *out, size_t size);

/* The two sources that feature_detect() chooses from, for tests: AT_HWCAP and AT_HWCAP2 of
 * arm64, and CPUID leaf 1 ECX, leaf 7 EBX and XCR0 of x86 (0 where they may not be read). */
unsigned feature_from_hwcap(uint64_t hwcap, uint64_t hwcap2);
unsigned feature_from_cpuid(uint32_t leaf1_ecx, uint32_t leaf7_ebx, uint64_t xcr0);

#endif
