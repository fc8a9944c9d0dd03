/* SPDX-License-Identifier: MIT */
#include "machine/cpuname.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#else
#include <sys/auxv.h>
#endif

#include "machine/sysfile.h"

/* From Linux (arm64 cputype.h) and the Asahi project's tables. */
static const struct {
    uint16_t implementer, part;
    const char *name;
} cores[] = {
    {0x00, 0x051, "QEMU max"},
    {0x41, 0xd03, "Arm Cortex-A53"},
    {0x41, 0xd04, "Arm Cortex-A35"},
    {0x41, 0xd05, "Arm Cortex-A55"},
    {0x41, 0xd07, "Arm Cortex-A57"},
    {0x41, 0xd08, "Arm Cortex-A72"},
    {0x41, 0xd09, "Arm Cortex-A73"},
    {0x41, 0xd0a, "Arm Cortex-A75"},
    {0x41, 0xd0b, "Arm Cortex-A76"},
    {0x41, 0xd0c, "Arm Neoverse-N1"},
    {0x41, 0xd0d, "Arm Cortex-A77"},
    {0x41, 0xd0e, "Arm Cortex-A76AE"},
    {0x41, 0xd40, "Arm Neoverse-V1"},
    {0x41, 0xd41, "Arm Cortex-A78"},
    {0x41, 0xd42, "Arm Cortex-A78AE"},
    {0x41, 0xd44, "Arm Cortex-X1"},
    {0x41, 0xd46, "Arm Cortex-A510"},
    {0x41, 0xd47, "Arm Cortex-A710"},
    {0x41, 0xd48, "Arm Cortex-X2"},
    {0x41, 0xd49, "Arm Neoverse-N2"},
    {0x41, 0xd4a, "Arm Neoverse-E1"},
    {0x41, 0xd4b, "Arm Cortex-A78C"},
    {0x41, 0xd4c, "Arm Cortex-X1C"},
    {0x41, 0xd4d, "Arm Cortex-A715"},
    {0x41, 0xd4e, "Arm Cortex-X3"},
    {0x41, 0xd4f, "Arm Neoverse-V2"},
    {0x41, 0xd80, "Arm Cortex-A520"},
    {0x41, 0xd81, "Arm Cortex-A720"},
    {0x41, 0xd82, "Arm Cortex-X4"},
    {0x41, 0xd83, "Arm Neoverse-V3AE"},
    {0x41, 0xd84, "Arm Neoverse-V3"},
    {0x41, 0xd85, "Arm Cortex-X925"},
    {0x41, 0xd87, "Arm Cortex-A725"},
    {0x41, 0xd8c, "Arm C1-Ultra"},
    {0x41, 0xd8e, "Arm Neoverse-N3"},
    {0x41, 0xd90, "Arm C1-Premium"},
    {0x42, 0x100, "Broadcom Brahma-B53"},
    {0x42, 0x516, "Broadcom Vulcan"},
    {0x43, 0x0a1, "Cavium ThunderX"},
    {0x43, 0x0af, "Cavium ThunderX2"},
    {0x46, 0x001, "Fujitsu A64FX"},
    {0x48, 0xd01, "HiSilicon TSV110"},
    {0x48, 0xd02, "HiSilicon HIP09"},
    {0x48, 0xd06, "HiSilicon HIP12"},
    {0x4e, 0x003, "NVIDIA Denver"},
    {0x4e, 0x004, "NVIDIA Carmel"},
    {0x4e, 0x010, "NVIDIA Olympus"},
    {0x50, 0x000, "APM X-Gene"},
    {0x51, 0x001, "Qualcomm Oryon"},
    {0x51, 0x002, "Qualcomm Oryon 2"},
    {0x61, 0x020, "Apple A14 Icestorm"},
    {0x61, 0x021, "Apple A14 Firestorm"},
    {0x61, 0x022, "Apple M1 Icestorm"},
    {0x61, 0x023, "Apple M1 Firestorm"},
    {0x61, 0x024, "Apple M1 Pro Icestorm"},
    {0x61, 0x025, "Apple M1 Pro Firestorm"},
    {0x61, 0x028, "Apple M1 Max Icestorm"},
    {0x61, 0x029, "Apple M1 Max Firestorm"},
    {0x61, 0x030, "Apple A15 Blizzard"},
    {0x61, 0x031, "Apple A15 Avalanche"},
    {0x61, 0x032, "Apple M2 Blizzard"},
    {0x61, 0x033, "Apple M2 Avalanche"},
    {0x61, 0x034, "Apple M2 Pro Blizzard"},
    {0x61, 0x035, "Apple M2 Pro Avalanche"},
    {0x61, 0x038, "Apple M2 Max Blizzard"},
    {0x61, 0x039, "Apple M2 Max Avalanche"},
    {0x61, 0x042, "Apple M3 E"},
    {0x61, 0x043, "Apple M3 P"},
    {0x61, 0x044, "Apple M3 Pro E"},
    {0x61, 0x045, "Apple M3 Pro P"},
    {0x61, 0x048, "Apple M3 Max E"},
    {0x61, 0x049, "Apple M3 Max P"},
    {0x61, 0x052, "Apple M4 E"},
    {0x61, 0x053, "Apple M4 P"},
    {0x61, 0x054, "Apple M4 Pro E"},
    {0x61, 0x055, "Apple M4 Pro P"},
    {0x61, 0x058, "Apple M4 Max E"},
    {0x61, 0x059, "Apple M4 Max P"},
    {0x61, 0x060, "Apple A18 Pro E"},
    {0x61, 0x061, "Apple A18 Pro P"},
    {0x61, 0x062, "Apple M5 E"},
    {0x61, 0x063, "Apple M5 P"},
    {0x6d, 0xd49, "Microsoft Cobalt 100"},
    {0xc0, 0xac3, "Ampere-1"},
    {0xc0, 0xac4, "Ampere-1A"},
};

const char *cpuname_of_midr(uint32_t midr) {
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++) {
        if (midr >> 24 == cores[i].implementer && (midr >> 4 & 0xfff) == cores[i].part)
            return cores[i].name;
    }
    return NULL;
}

void cpuname_clean(char *brand) {
    static const char *const noise[] = {"(R)", "(TM)", "(r)", "(tm)"};
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        char *found;
        while ((found = strstr(brand, noise[i])) != NULL)
            memmove(found, found + strlen(noise[i]), strlen(found + strlen(noise[i])) + 1);
    }
    char *speed = strstr(brand, " @ ");
    if (speed)
        *speed = '\0';
    char *to = brand;
    for (const char *from = brand; *from; from++) {
        if (*from != ' ' || (to != brand && to[-1] != ' '))
            *to++ = *from;
    }
    while (to != brand && to[-1] == ' ')
        to--;
    *to = '\0';
}

#if defined(__x86_64__)

uint32_t cpuname_midr(unsigned cpu) {
    (void)cpu;
    return 0;
}

uint32_t cpuname_signature(unsigned cpu) {
    (void)cpu;
    uint32_t eax = 0, ebx, ecx, edx;
    __get_cpuid(1, &eax, &ebx, &ecx, &edx);
    return eax;
}

void cpuname_of(unsigned cpu, char *out, size_t size) {
    (void)cpu;
    uint32_t words[13] = {0};
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t *w = words + 4 * i;
        if (!__get_cpuid(0x80000002 + i, &w[0], &w[1], &w[2], &w[3]))
            break;
    }
    char brand[sizeof words];
    memcpy(brand, words, sizeof brand);
    cpuname_clean(brand);
    snprintf(out, size, "%s", brand[0] ? brand : "unnamed x86-64 CPU");
}

#else

static uint32_t cpuinfo_midr(unsigned cpu) {
    static const struct {
        const char *key;
        int shift;
    } fields[] = {
        {"CPU implementer", 24}, {"CPU variant", 20}, {"CPU part", 4}, {"CPU revision", 0}};
    uint32_t midr = 0xfu << 16; /* "architecture": always this */
    char value[32];
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!sysfile_value(value, sizeof value, "/proc/cpuinfo", "processor", cpu, fields[i].key))
            return 0;
        midr |= (uint32_t)strtoul(value, NULL, 0) << fields[i].shift;
    }
    return midr;
}

uint32_t cpuname_midr(unsigned cpu) {
    uint64_t midr;
    if (sysfile_number(&midr, "/sys/devices/system/cpu/cpu%u/regs/identification/midr_el1", cpu))
        return (uint32_t)midr;
    const uint64_t hwcap_cpuid = 1u << 11; /* the kernel lets us read the register */
    if (getauxval(AT_HWCAP) & hwcap_cpuid) {
        __asm__("mrs %0, midr_el1" : "=r"(midr));
        return (uint32_t)midr;
    }
    return cpuinfo_midr(cpu);
}

uint32_t cpuname_signature(unsigned cpu) {
    return cpuname_midr(cpu);
}

void cpuname_of(unsigned cpu, char *out, size_t size) {
    uint32_t midr = cpuname_midr(cpu);
    const char *name = cpuname_of_midr(midr);
    if (name)
        snprintf(out, size, "%s", name);
    else
        snprintf(out, size, "arm64 core 0x%02x/0x%03x", midr >> 24, midr >> 4 & 0xfff);
}

#endif
