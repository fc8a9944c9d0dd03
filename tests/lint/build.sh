#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What the build owes a user: no warning of his compiler stops it, nor does a missing libperf, and a
# compiler that cannot build the kernels is refused with its reason.
#
# COST: 10
# NATIVE: the same for every architecture
. "$SOURCE_DIR/tests/lib.sh"

cp -r "$SOURCE_DIR"/{*.md,LICENSE,CMakeLists.txt,cmake,bench,kernels,plots,scripts,traces} "$work" ||
    fail "cannot copy"

# configure OPTION...: its log is $work/log.
configure() {
    cmake -S "$work" -B "$work/build" -G Ninja -DBUILD_TESTING=OFF -DGOOGLE_BENCHMARK=OFF \
        -DLINUX_TOOLS="$work/none" "$@" >"$work/log" 2>&1
}
# compile FILE
compile() { ninja -C "$work/build" "CMakeFiles/tsobench_core.dir/$1.o" >"$work/log" 2>&1; }

# ---- a warning ----

echo 'static void planted(void) { int unused; }' >>"$work/bench/base/text.c"
configure -DCMAKE_C_COMPILER="$CC" -DWERROR=OFF || fail "cannot configure: $(<"$work/log")"
if ! pkg-config --exists libperf; then
    has log 'no libperf, so no PMU counters: there is no package of it'
    compile bench/count/group_none.c || fail "not built without libperf: $(<"$work/log")"
fi
compile bench/base/text.c || fail "a warning stops a user's build: $(<"$work/log")"
has log 'warning: unused variable'
configure -DWERROR=ON || fail "cannot configure: $(<"$work/log")"
compile bench/base/text.c && fail "a warning does not stop those who change the sources"
has log 'error: unused variable'

# ---- a compiler that cannot ----

cat >"$work/cc" <<END
#!/bin/sh
case "\$*" in *LOWERING_ID*) echo "a.h:1: error: impossible constraint in 'asm'" >&2 && exit 1 ;; esac
exec $CC "\$@"
END
chmod +x "$work/cc"
rm -r "$work/build"
configure -DCMAKE_C_COMPILER="$work/cc" && fail "a compiler that cannot build kernels is taken"
tr -s ' \n' ' ' <"$work/log" >"$work/line"
has line "cannot build the kernels .*: a.h:1: error: impossible constraint in 'asm'"
finish
