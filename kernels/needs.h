/* SPDX-License-Identifier: MIT
 *
 * needs.h: the CPU features that kernels, lowerings and replays name as what they need.
 */
#ifndef NEEDS_H
#define NEEDS_H

/* CPU features that a lowering or a parameter may need; bench/machine/feature.c detects them. */
enum feature {
    FEATURE_LSE = 1u << 0,    /* Armv8.1 CAS, SWP, LDADD */
    FEATURE_LRCPC = 1u << 1,  /* LDAPR */
    FEATURE_LRCPC2 = 1u << 2, /* LDAPUR, STLUR */
    FEATURE_LSE2 = 1u << 3,   /* single-copy atomic unaligned accesses inside 16 bytes */
    FEATURE_LRCPC3 = 1u << 4, /* LDAPUR, STLUR of vectors, LDIAPP, STILP */
    FEATURE_MOPS = 1u << 5,   /* CPYFP, CPYFM, CPYFE */
    FEATURE_LSE128 = 1u << 6, /* SWPP: 16-byte exchange */
    FEATURE_ZVA = 1u << 8,    /* DC ZVA, of 64 bytes */
    FEATURE_LDN = 1u << 9,    /* LD2, LD3, LD4: structured vector loads */
    FEATURE_SB = 1u << 10,    /* SB: a speculation barrier */
    FEATURE_AVX = 1u << 16,
    FEATURE_AVX512 = 1u << 17, /* F, BW and VL */
};

#endif
