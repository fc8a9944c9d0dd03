/* SPDX-License-Identifier: MIT
 *
 * remedy.c: what lets a machine's events be counted. It goes by what failed and with which errno,
 * and never by the words in which that is told.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "count/permission.h"
#include "count/sets.h"
#include "machine/sysfile.h"
#include "machine/virt.h"

bool permission_sysctl(const char *name, long *value) {
    char text[64];
    bool there = sysfile_line(text, sizeof text, "/proc/sys/kernel/%s", name);
    *value = there ? strtol(text, NULL, 10) : 0;
    return there;
}

bool permission_to_count(void) {
    char text[64];
    const uint64_t capable = (uint64_t)1 << 38 | (uint64_t)1 << 21;
    return sysfile_value(text, sizeof text, "/proc/self/status", NULL, 0, "CapEff") &&
           (strtoull(text, NULL, 16) & capable);
}

static void lift_refusal(int error, const char *program, char *how, size_t size) {
    long paranoid;
    switch (-error) {
    case EACCES:
    case EPERM:
        if (permission_sysctl("perf_event_paranoid", &paranoid) && paranoid > 2 &&
            !permission_to_count())
            snprintf(how, size, "sysctl kernel.perf_event_paranoid=2, or: setcap cap_perfmon+ep %s",
                     program);
        else
            snprintf(how, size,
                     "of the host: docker run --cap-add PERFMON, or podman's same option");
        break;
    case ENOSYS:
        snprintf(
            how, size,
            "of the host: no emulator, and no filter that hides the call: docker run --cap-add "
            "PERFMON, or --security-opt seccomp=unconfined");
        break;
    case EMFILE:
    case ENFILE:
        snprintf(how, size, "ulimit -n 1024");
        break;
    case ENOPKG:
        snprintf(how, size,
                 "scripts/setup run, or with LINUX_SOURCE=FILE where no package has a kernel's "
                 "sources; then build again");
        break;
    default:
        snprintf(how, size, "a kernel whose driver counts cycles: perf stat -e cycles true");
    }
}

void count_remedy(const struct count_sets *sets, const char *program, char *how, size_t size) {
    char hypervisor[32];
    if (sets->obstacle == COUNT_REFUSED)
        lift_refusal(sets->error, program, how, size);
    else if (sets->obstacle == COUNT_BUSY)
        snprintf(how, size, "sysctl kernel.nmi_watchdog=0, and no other program that counts");
    else if (virt_hypervisor(hypervisor, sizeof hypervisor))
        snprintf(how, size,
                 "of the host: give the virtual machine a PMU (QEMU: -cpu host,pmu=on), or use "
                 "bare metal");
    else
        snprintf(how, size, "a kernel with a driver for the PMU of these CPUs");
}
