/* SPDX-License-Identifier: MIT
 *
 * pmu.h: the PMU that counts on a CPU.
 *
 * A machine may have a PMU for each kind of core, and the kernel's generic event types then mean
 * one of them, not ours. So events are opened on the PMU that owns the CPU, by codes for its core.
 */
#ifndef PMU_H
#define PMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Cores that count alike (cores.def); CORE_OTHER: known by what the kernel announces alone. */
enum core {
    CORE_OTHER,
    CORE_A53,
    CORE_A55,
    CORE_A57,
    CORE_A72,
    CORE_A73,
    CORE_A75,
    CORE_A76,
    CORE_A77,
    CORE_A78,
    CORE_A510,
    CORE_A520,
    CORE_A710,
    CORE_A715,
    CORE_A720,
    CORE_N1,
    CORE_N2,
    CORE_N3,
    CORE_V1,
    CORE_V2,
    CORE_V3,
    CORE_X1,
    CORE_X2,
    CORE_X3,
    CORE_X4,
    CORE_THUNDERX2,
    CORE_A64FX,
    CORE_TSV110,
    CORE_AMPERE1,
    CORE_APPLE_M1
};

struct pmu {
    char name[64];
    uint32_t type;       /* for perf_event_open */
    enum core core;      /* of the CPU it was found for */
    const char *library; /* libpfm4's name for the PMU, or NULL: x86 is told by the library */
    uint64_t cycles;     /* codes as `config` */
    uint64_t instructions;
    bool counts_instructions; /* QEMU's does not */
    uint64_t user_read;       /* the bit of `config1` that asks for reads in user mode, or 0 */
};

/* The PMU that owns a CPU. False, and why, if there is none or it does not count cycles. */
bool pmu_find(unsigned cpu, struct pmu *pmu, char *why, size_t size);

/* The code that the PMU's folder in sysfs gives an event: what the kernel announces. */
bool pmu_announced(const struct pmu *pmu, const char *event, uint64_t *config);

/* The code of a core's manual as `config`; false if the driver's format has no room for it. */
bool pmu_encode(const struct pmu *pmu, uint64_t code, uint64_t *config);

/* The core of an arm64 CPU's MIDR, and libpfm4's name of its PMU or NULL. */
enum core pmu_core(uint32_t midr, const char **library);

#endif
