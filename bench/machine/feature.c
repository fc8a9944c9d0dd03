/* SPDX-License-Identifier: MIT */
#include "machine/feature.h"

#include <stdio.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#else
#include <sys/auxv.h>
#endif

/* Bits of AT_HWCAP, and from 64 on of AT_HWCAP2, as numbers: the headers of older systems lack
 * names for some. */
static const struct {
    const char *name;
    unsigned bit;
    int hwcap; /* -1: none */
} features[] = {
    {"FEAT_LSE", FEATURE_LSE, 8},
    {"FEAT_LRCPC", FEATURE_LRCPC, 15},
    {"FEAT_LRCPC2", FEATURE_LRCPC2, 26},
    {"FEAT_LSE2", FEATURE_LSE2, 25},
    {"FEAT_LRCPC3", FEATURE_LRCPC3, 64 + 46},
    {"FEAT_MOPS", FEATURE_MOPS, 64 + 43},
    {"FEAT_LSE128", FEATURE_LSE128, 64 + 47},
    {"FEAT_SB", FEATURE_SB, 29},
    {"LD2 to LD4", FEATURE_LDN, 1}, /* Advanced SIMD */
    {"DC ZVA of 64 bytes", FEATURE_ZVA, -1},
    {"AVX", FEATURE_AVX, -1},
    {"AVX512F+BW+VL", FEATURE_AVX512, -1},
};

enum { FEATURES = sizeof features / sizeof *features };

unsigned feature_from_hwcap(uint64_t hwcap, uint64_t hwcap2) {
    unsigned have = 0;
    for (size_t i = 0; i < FEATURES; i++) {
        int bit = features[i].hwcap;
        if (bit >= 0 && ((bit < 64 ? hwcap : hwcap2) >> bit % 64 & 1))
            have |= features[i].bit;
    }
    return have;
}

unsigned feature_from_cpuid(uint32_t leaf1_ecx, uint32_t leaf7_ebx, uint64_t xcr0) {
    const uint64_t ymm = 0x6, zmm = 0xe6; /* register state that the system saves */
    const uint32_t osxsave = 1u << 27, avx = 1u << 28;
    const uint32_t f = 1u << 16, bw = 1u << 30, vl = 1u << 31;
    unsigned have = 0;
    if (!(leaf1_ecx & osxsave))
        return have;
    if ((leaf1_ecx & avx) && (xcr0 & ymm) == ymm)
        have |= FEATURE_AVX;
    if ((leaf7_ebx & f) && (leaf7_ebx & bw) && (leaf7_ebx & vl) && (xcr0 & zmm) == zmm)
        have |= FEATURE_AVX512;
    return have;
}

unsigned feature_detect(void) {
#if defined(__x86_64__)
    uint32_t eax, ebx = 0, ecx = 0, edx, leaf1_ecx = 0, low = 0, high = 0;
    __get_cpuid(1, &eax, &ebx, &leaf1_ecx, &edx);
    ebx = 0;
    __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx);
    if (leaf1_ecx & 1u << 27) /* else XGETBV is not allowed */
        __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return feature_from_cpuid(leaf1_ecx, ebx, (uint64_t)high << 32 | low);
#else
    uint64_t dczid; /* 4: 16 words at once; bit 4: prohibited */
    __asm__("mrs %0, dczid_el0" : "=r"(dczid));
    return feature_from_hwcap(getauxval(AT_HWCAP), getauxval(AT_HWCAP2)) |
           (dczid == 4 ? (unsigned)FEATURE_ZVA : 0);
#endif
}

const char *feature_name(unsigned bit) {
    for (size_t i = 0; i < FEATURES; i++) {
        if (features[i].bit == bit)
            return features[i].name;
    }
    return NULL;
}

void feature_missing(unsigned needs, unsigned have, char *out, size_t size) {
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < FEATURES; i++) {
        if (!(features[i].bit & needs & ~have) || length >= size)
            continue;
        int printed = snprintf(out + length, size - length, "%s%s",
                               length ? ", " : "this CPU has no ", features[i].name);
        length += (size_t)printed;
    }
}
