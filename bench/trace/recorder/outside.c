/* SPDX-License-Identifier: MIT
 *
 * outside.c: functions of the C library that would tell two runs from each other.
 */
#include "trace/recorder/outside.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>

#define REPLACES_LIBRARY __attribute__((visibility("default")))

uint64_t outside_nanoseconds;

static long call_kernel(long number, const long *a) {
    register long r10 __asm__("r10") = a[3];
    register long r8 __asm__("r8") = a[4];
    register long r9 __asm__("r9") = a[5];
    __asm__ volatile("syscall"
                     : "+a"(number)
                     : "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return number;
}

struct timespec outside_host_time(void) {
    struct timespec now = {0};
    const long arguments[6] = {CLOCK_REALTIME, (long)&now};
    call_kernel(SYS_clock_gettime, arguments);
    return now;
}

/* Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8(14), 2003. */
static long fill(unsigned char *bytes, size_t size) {
    static uint64_t state = 88172645463325252;
    for (size_t i = 0; i < size; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes[i] = (unsigned char)state;
    }
    return (long)size;
}

/* The library's takes as many arguments as there are; on x86-64 that is the same. */
REPLACES_LIBRARY long syscall(long number, long a1, long a2, long a3, long a4, long a5, long a6);
REPLACES_LIBRARY long syscall(long number, long a1, long a2, long a3, long a4, long a5, long a6) {
    const long arguments[6] = {a1, a2, a3, a4, a5, a6};
    if (number == SYS_getrandom)
        return fill((unsigned char *)arguments[0], (size_t)arguments[1]);
    const long result = call_kernel(number, arguments);
    if (result >= 0 || result < -4095)
        return result;
    errno = (int)-result;
    return -1;
}

REPLACES_LIBRARY int clock_gettime(clockid_t clock, struct timespec *now) {
    /* The year 2100, and an uptime of 30 years: see outside.h. */
    const time_t begin = clock == CLOCK_REALTIME ? 4102444800 : 1000000000;
    now->tv_sec = begin + (time_t)(outside_nanoseconds / 1000000000);
    now->tv_nsec = (long)(outside_nanoseconds % 1000000000);
    return 0;
}

REPLACES_LIBRARY int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec time;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &time);
    *now = (struct timeval){time.tv_sec, time.tv_nsec / 1000};
    return 0;
}

REPLACES_LIBRARY time_t time(time_t *now) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    if (now)
        *now = time.tv_sec;
    return time.tv_sec;
}

REPLACES_LIBRARY clock_t times(struct tms *used) {
    const clock_t ticks = (clock_t)(outside_nanoseconds / 10000000);
    *used = (struct tms){.tms_utime = ticks};
    return ticks;
}
