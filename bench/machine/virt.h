/* SPDX-License-Identifier: MIT
 *
 * virt.h: what stands between the program and the silicon. A time taken under an emulator says
 * nothing about any CPU, and must never look as if it did.
 */
#ifndef VIRT_H
#define VIRT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether instructions are emulated, and how that was seen. */
bool virt_emulated(char *how, size_t size);

/* Whether a program that this one starts would be run by the kernel and not by the emulator: that
 * of qemu's user mode sees no execve(). FEX and box64 do. */
bool virt_ends_at_exec(void);

/* Whether this is a virtual machine, and of what: "kvm", "hyperv", ... */
bool virt_hypervisor(char *name, size_t size);

/* What virt_hypervisor() knows it by: "CPUID leaf 0x40000000: KVMKVMKVM", "DMI: QEMU". */
bool virt_evidence(char *evidence, size_t size);

/* Whether this is a container, and of what: "docker", ... */
bool virt_container(char *name, size_t size);

/* What maker and firmware call the machine: "Apple MacBook Air (M1, 2020)". */
bool virt_product(char *name, size_t size);

#endif
