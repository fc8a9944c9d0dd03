/* SPDX-License-Identifier: MIT */
#include "machine/virt.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "machine/cpuname.h"
#include "machine/sysfile.h"

#if defined(__x86_64__)
static const char architecture[] = "x86,";
#else
static const char architecture[] = "aarch64:";
#endif

#define DMI  "/sys/class/dmi/id/"
#define TREE "/sys/firmware/devicetree/base/"

static bool is_qemu_user(char *name, size_t size) {
    return sysfile_line(name, size, "/proc/self/comm") && strncmp(name, "qemu-", 5) == 0;
}

bool virt_ends_at_exec(void) {
    char name[32];
    return is_qemu_user(name, sizeof name);
}

/* The kernel's files are those of the machine below a user-mode emulator, and some tell what
 * architecture it is of. */
static bool foreign_kernel(char *how, size_t size) {
    char line[128];
    const char type[] = "cpu:type:";
    if (sysfile_line(line, sizeof line, "/sys/devices/system/cpu/modalias") &&
        strncmp(line, type, strlen(type)) == 0 &&
        strncmp(line + strlen(type), architecture, strlen(architecture)) != 0) {
        line[strcspn(line, ",") < 32 ? strcspn(line, ",") : 32] = '\0';
        snprintf(how, size, "the kernel runs on another architecture (%s)", line);
        return true;
    }
    return false;
}

#if defined(__x86_64__)

/* The 12 letters at CPUID leaf 0x40000000; false where the leaf is not defined. */
static bool hypervisor_letters(char letters[13]) {
    uint32_t eax, ebx, ecx = 0, edx;
    memset(letters, 0, 13);
    __get_cpuid(1, &eax, &ebx, &ecx, &edx);
    if (!(ecx >> 31))
        return false;
    __cpuid(0x40000000, eax, ebx, ecx, edx);
    memcpy(letters, &ebx, 4);
    memcpy(letters + 4, &ecx, 4);
    memcpy(letters + 8, &edx, 4);
    return true;
}

bool virt_emulated(char *how, size_t size) {
    static const char *const emulators[][2] = {{"TCG", "QEMU's TCG"}, {"FEX", "FEX"}};
    char letters[13], brand[64];
    if (is_qemu_user(how, size))
        return true;
    if (hypervisor_letters(letters)) {
        for (int i = 0; i < 2; i++) {
            if (strncmp(letters, emulators[i][0], strlen(emulators[i][0])) == 0) {
                snprintf(how, size, "%s", emulators[i][1]);
                return true;
            }
        }
    }
    cpuname_of(0, brand, sizeof brand);
    bool box64 = strncmp(brand, "Box64 on ", 9) == 0;
    if (!box64 && strncmp(brand, "VirtualApple", 12) != 0)
        return foreign_kernel(how, size);
    snprintf(how, size, "%s", box64 ? "box64" : "Rosetta");
    return true;
}

bool virt_evidence(char *evidence, size_t size) {
    char letters[13];
    if (!hypervisor_letters(letters))
        return false;
    snprintf(evidence, size, "CPUID leaf 0x40000000: %s", letters);
    return true;
}

bool virt_hypervisor(char *name, size_t size) {
    static const char *const known[][2] = {
        {"KVMKVMKVM", "kvm"},     {"Microsoft Hv", "hyperv"},    {"VMwareVMware", "vmware"},
        {"XenVMMXenVMM", "xen"},  {"TCGTCGTCGTCG", "tcg"},       {"bhyve bhyve ", "bhyve"},
        {"VBoxVBoxVBox", "vbox"}, {"prl hyperv  ", "parallels"}, {" lrpepyh  vr", "parallels"},
        {"ACRNACRNACRN", "acrn"},
    };
    char letters[13];
    if (!hypervisor_letters(letters))
        return false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(letters, known[i][0]) == 0) {
            snprintf(name, size, "%s", known[i][1]);
            return true;
        }
    }
    snprintf(name, size, "hypervisor");
    return true;
}

#else

#define COMMAND_LINE "/proc/cmdline"
#define BY_EMULATION "tsobench.guest=tcg" /* a word of scripts/guest */

/* Text that only virtual machines are given, by firmware or on the kernel's command line. */
struct mark {
    const char *path, *text, *name;
};
static const struct mark marks[] = {
    {COMMAND_LINE, BY_EMULATION, "qemu"},
    {COMMAND_LINE, "tsobench.guest=kvm", "kvm"},
    {COMMAND_LINE, "init.krun", "libkrun"}, /* krunvm, muvm */
    {DMI "sys_vendor", "QEMU", "qemu"},
    {DMI "sys_vendor", "Amazon EC2", "kvm"},
    {DMI "sys_vendor", "Google", "kvm"},
    {DMI "sys_vendor", "Microsoft", "hyperv"},
    {DMI "sys_vendor", "VMware", "vmware"},
    {DMI "sys_vendor", "Parallels", "parallels"},
    {DMI "product_name", "KVM", "kvm"},
    {DMI "product_name", "Virtualization", "vz"}, /* Apple's framework */
    {"/sys/hypervisor/type", "xen", "xen"},
    {TREE "hypervisor/compatible", "kvm", "kvm"},
    {TREE "hypervisor/compatible", "xen", "xen"},
    {TREE "fw-cfg@9020000/compatible", "qemu,fw-cfg-mmio", "qemu"},
    {TREE "compatible", "linux,dummy-virt", "hypervisor"}, /* of many makers */
};

static bool file_says(const char *path, const char *text) {
    char line[4096];
    return sysfile_line(line, sizeof line, "%s", path) && strstr(line, text);
}

static const struct mark *find_mark(void) {
    if (file_says(DMI "product_name", "metal"))
        return NULL; /* a whole machine of a cloud */
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (file_says(marks[i].path, marks[i].text))
            return &marks[i];
    return NULL;
}

bool virt_hypervisor(char *name, size_t size) {
    const struct mark *mark = find_mark();
    if (mark)
        snprintf(name, size, "%s", mark->name);
    return mark != NULL;
}

/* Without the path: a run that is published holds none. */
bool virt_evidence(char *evidence, size_t size) {
    const struct mark *mark = find_mark();
    if (mark == NULL)
        return false;
    const char *place = strncmp(mark->path, DMI, strlen(DMI)) == 0     ? "DMI"
                        : strncmp(mark->path, TREE, strlen(TREE)) == 0 ? "the device tree"
                        : strcmp(mark->path, COMMAND_LINE) == 0        ? "the kernel's command line"
                                                                       : "sysfs";
    snprintf(evidence, size, "%s: %s", place, mark->text);
    return true;
}

bool virt_emulated(char *how, size_t size) {
    const uint64_t tcg_hz = 62500000; /* of QEMU's emulation alone; with KVM it is the host's */
    uint64_t hz;
    char name[32];
    if (is_qemu_user(how, size) || foreign_kernel(how, size))
        return true;
    if (cpuname_midr(0) >> 24 == 0 && cpuname_midr(0) != 0) {
        snprintf(how, size, "the core is one that only QEMU has");
        return true;
    }
    if (file_says(COMMAND_LINE, BY_EMULATION)) {
        snprintf(how, size, "QEMU's TCG, as the kernel's command line says");
        return true;
    }
    __asm__("mrs %0, cntfrq_el0" : "=r"(hz));
    if (hz != tcg_hz || !virt_hypervisor(name, sizeof name) || strcmp(name, "qemu") != 0)
        return false;
    snprintf(how, size, "the counter of QEMU's TCG");
    return true;
}

#endif

bool virt_container(char *name, size_t size) {
    char line[128];
    const char *found = NULL;
    if (sysfile_exists("/.dockerenv"))
        found = "docker";
    else if (sysfile_exists("/run/.containerenv"))
        found = "podman";
    else if (sysfile_line(line, sizeof line, "/run/systemd/container"))
        found = line;
    else if (sysfile_line(line, sizeof line, "/proc/sys/kernel/osrelease") &&
             strstr(line, "icrosoft"))
        found = "wsl";
    if (found)
        snprintf(name, size, "%s", found);
    return found != NULL;
}

bool virt_product(char *name, size_t size) {
    char vendor[64], product[64];
    if (sysfile_line(name, size, TREE "model"))
        return true;
    if (!sysfile_line(vendor, sizeof vendor, DMI "sys_vendor") ||
        !sysfile_line(product, sizeof product, DMI "product_name"))
        return false;
    snprintf(name, size, "%s %s", vendor, product);
    return true;
}
