/* SPDX-License-Identifier: MIT
 *
 * cpuname.h: what the cores are called. Costs of ordering differ from core to core, so a number
 * without the core's name is worth nothing.
 */
#ifndef CPUNAME_H
#define CPUNAME_H

#include <stddef.h>
#include <stdint.h>

/* The name of a CPU: "Apple M1 Firestorm", "Intel Xeon Processor". */
void cpuname_of(unsigned cpu, char *out, size_t size);

/* MIDR_EL1 of a CPU of an arm64 machine; 0 if unknown. From sysfs, else the register of the CPU
 * that the caller runs on, else /proc/cpuinfo. */
uint32_t cpuname_midr(unsigned cpu);

/* The core's name for a MIDR, or NULL if the table lacks it. */
const char *cpuname_of_midr(uint32_t midr);

/* What tells one CPU model from another where the name does not: "0x000c06f2" (CPUID leaf 1
 * EAX) on x86, the MIDR on arm64. */
uint32_t cpuname_signature(unsigned cpu);

/* Takes what is no name out of a brand string in place: "(R)", "(TM)", " @ 2.30GHz", blanks. */
void cpuname_clean(char *brand);

#endif
