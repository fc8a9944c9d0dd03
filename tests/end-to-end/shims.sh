#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Kernels that refuse, pretend and lie, played by a preloaded library: each says what was tested,
# and nothing measured is no success.
. "$SOURCE_DIR/tests/lib.sh"
[[ $TSOBENCH == "$TSOBENCH_BINARY" ]] || skip "an emulator would load the library itself"
(($(nproc) > 1)) || skip "one CPU here"

cat >"$work/shim.c" <<'C'
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
static int plays(const char *what) {
    return getenv("SHIM") && strcmp(getenv("SHIM"), what) == 0;
}
int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set) {
    errno = EPERM;
    return plays("refuse") ? -1 : plays("pretend") ? 0
         : (int)syscall(SYS_sched_setaffinity, pid, size, set);
}
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set) {
    errno = EINVAL;
    if (plays("large") && size < 256)
        return -1;
    long got = syscall(SYS_sched_getaffinity, pid, size, set);
    if (got < 0)
        return -1;
    memset((char *)set + got, 0, size - (size_t)got);
    return 0;
}
int sched_getcpu(void) {
    unsigned cpu;
    return plays("lie") ? 0 : syscall(SYS_getcpu, &cpu, NULL, NULL) ? -1 : (int)cpu;
}
C
"$CC" -O1 -shared -fPIC -o "$work/shim.so" "$work/shim.c" || fail "the library cannot be built"

# plays WHAT STATUS ARGUMENT...
plays() {
    export SHIM=$1 LD_PRELOAD=$work/shim.so ASAN_OPTIONS=verify_asan_link_order=0
    ends "${@:2}"
    unset LD_PRELOAD ASAN_OPTIONS
}
pair=$(taskset -c -p $$ | sed 's/.*: *//')

plays large 0 probe
plays large 0 list --sets
plays large 0 litmus --test '^SB$' --lowering plain --time 1
hasnot err 'cannot learn'

for shim in refuse pretend lie; do
    case $shim in
    refuse) says='cannot pin a thread to CPU [0-9]+: Operation not permitted' ;;
    pretend) says='the system accepts that a thread is pinned to CPU [0-9]+, and does not do it' ;;
    lie) says='a thread that is pinned to CPU [0-9]+ is said to run on another \(getcpu\)' ;;
    esac
    plays $shim 2 litmus --cpus "$pair" --test SB
    has err "may not be used: $says; to get it: "
    plays $shim 1 litmus --test SB
    has err "^tsobench: $says$"
    plays $shim 1 matrix --seconds 1
    has err "^tsobench: no pair was measured: $says$"
    plays $shim 1 selftest --only '^ping_pong/'
    has out "^FAIL *pinning  *$says$"
    [[ $shim != lie ]] || continue # it lets the first CPU pass
    plays $shim 1 switch
    has err "^tsobench: nothing was measured: $says$"
done

finish
