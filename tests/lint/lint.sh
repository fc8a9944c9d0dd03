#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The linters that are our own fail on what they are for.
#
# NATIVE: the same sources
. "$SOURCE_DIR/tests/lib.sh"

mkdir -p "$work/tree" && cp -r "$SOURCE_DIR"/{bench,kernels,scripts} "$work/tree/"
"$work/tree/scripts/lint" heads rooms >"$work/out" || fail "found without a plant: $(<"$work/out")"

# planted FILE LINE: whether rooms says that the line does not belong into the file.
planted() {
    local file=$work/tree/bench/$1
    cp "$file" "$work/kept"
    sed -i "2a $2" "$file"
    "$work/tree/scripts/lint" rooms >"$work/out" && fail "not found: $2 in $1"
    grep -qF "bench/$1:3:" "$work/out" || fail "it is not said where: $(<"$work/out")"
    cp "$work/kept" "$file"
}
planted stats/stats.c '#include "run/rundir.h"'        # upwards
planted trace/recorder/plugin.c '#include "plan/plan.h"' # from a folder in a room
planted machine/ticks.h '#include "probe/machine.h"'   # from a header
planted block/gb_shim.cc '# include "run/rundir.h"'
planted stats/stats.c '#include "stats.h"'             # without the room
planted stats/stats.c '#include "nowhere/stats.h"'

sed -i '/SPDX/d' "$work/tree/scripts/run"
"$work/tree/scripts/lint" heads >"$work/out" && fail "a file without a head is not found"
finish
