/* SPDX-License-Identifier: MIT */
#include "machine/errata.h"

#include <stdio.h>

#include "machine/cpuname.h"

enum { ARM = 0x41 };

static const struct {
    unsigned erratum;
    const char *effect;
} effects[] = {
    {ERRATUM_LDAPUR, "LDAPUR is executed with the ordering of LDAR, so it costs what LDAR costs"},
    {ERRATUM_A78AE,
     "an acquire atomic may pass an older store-release; firmware may put a DMB before each"},
};

/* 3877900 from FEX (HostFeatures.cpp) and LLVM (AvoidLDAPUR), which except no revision; 1951502
 * from Trusted Firmware-A. */
static const struct {
    unsigned erratum;
    uint16_t part;
    uint8_t last_revision; /* variant << 4 | revision */
} cores[] = {
    {ERRATUM_LDAPUR, 0xd4f, 0xff}, /* Neoverse V2 */
    {ERRATUM_LDAPUR, 0xd84, 0xff}, /* Neoverse V3 */
    {ERRATUM_LDAPUR, 0xd83, 0xff}, /* Neoverse V3AE */
    {ERRATUM_LDAPUR, 0xd4e, 0xff}, /* Cortex-X3 */
    {ERRATUM_LDAPUR, 0xd82, 0xff}, /* Cortex-X4 */
    {ERRATUM_LDAPUR, 0xd85, 0xff}, /* Cortex-X925 */
    {ERRATUM_LDAPUR, 0xd8c, 0xff}, /* C1-Ultra */
    {ERRATUM_LDAPUR, 0xd90, 0xff}, /* C1-Premium */
    {ERRATUM_A78AE, 0xd42, 0x01},  /* Cortex-A78AE r0p0, r0p1 */
};

enum { EFFECTS = sizeof effects / sizeof *effects, CORES = sizeof cores / sizeof *cores };

bool errata_has(uint32_t midr, unsigned erratum) {
    uint32_t revision = (midr >> 16 & 0xf0) | (midr & 0xf);
    for (unsigned i = 0; i < CORES; i++)
        if (cores[i].erratum == erratum && midr >> 24 == ARM &&
            (midr >> 4 & 0xfff) == cores[i].part && revision <= cores[i].last_revision)
            return true;
    return false;
}

const char *errata_effect(unsigned erratum) {
    for (unsigned i = 0; i < EFFECTS; i++)
        if (effects[i].erratum == erratum)
            return effects[i].effect;
    return "";
}

bool errata_on(const unsigned *cpus, unsigned count, unsigned erratum) {
    for (unsigned i = 0; erratum && i < count; i++)
        if (errata_has(cpuname_midr(cpus[i]), erratum))
            return true;
    return false;
}

json_t *errata_json(const unsigned *cpus, unsigned count) {
    json_t *list = json_array();
    for (unsigned e = 0; e < EFFECTS; e++)
        for (unsigned i = 0; i < count; i++) {
            uint32_t midr = cpuname_midr(cpus[i]);
            if (!errata_has(midr, effects[e].erratum))
                continue;
            const char *core = cpuname_of_midr(midr);
            json_array_append_new(list,
                                  json_pack("{s:i, s:s, s:s}", "erratum", (int)effects[e].erratum,
                                            "core", core ? core : "", "effect", effects[e].effect));
            break;
        }
    return list;
}
