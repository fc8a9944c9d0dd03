#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Replays of what few programs do (tests/programs/values.c): under every policy of both ISAs the code
# hands each value on to whoever uses it, and the code for this machine does so when it is executed.
# Where programs can be recorded, it is recorded anew and is what it was.
. "$SOURCE_DIR/tests/lib.sh"

readonly kept=$SOURCE_DIR/tests/data/values.trace recorded=$BUILD_DIR/tests/recorded_values

for isa in aarch64 x86_64; do
    need $isa-linux-gnu-objdump
done

# replays TRACE: under all policies.
replays() {
    ends 0 trace check --execute 2 "$1"
    has out ' [1-9][0-9]* executed: as promised$'
}
replays "$kept"
ends 0 trace show --json "$kept"
python3 - "$work/out" <<'PYTHON' || fail 'the trace does not hold what it is for'
import json, sys
mix = json.load(open(sys.argv[1]))["traces"][0]["mix"]
wanted = ("locks", "fences", "reps", "nontemporal", "crosses_16", "crosses_line", "crosses_page")
assert all(mix[key] > 0 for key in wanted), mix
assert mix["dependent"] > 50, mix
PYTHON

[[ -x $recorded ]] || { echo 'not recorded: the recorder was not built here' && finish; }
qemu-x86_64 -h 2>/dev/null | grep -q -e '^-plugin' ||
    { echo 'not recorded: qemu-x86_64 has no plugins here' && finish; }
cd "$work" || exit
# shellcheck disable=SC2086
$TSOBENCH trace record --window samples=1,length=1000 -o values.trace -- "$recorded" >"$work/out" 2>&1 ||
    fail "trace record: $(<"$work/out")"
replays values.trace
type -P zstd >/dev/null || { echo 'no zstd: not compared with what was recorded before' && finish; }
# The two lines before the streams name versions.
cmp <(zstd -dc "$kept" | tail -n +3) <(zstd -dc values.trace | tail -n +3) ||
    fail "another trace than tests/data/values.trace: record it again, as here"

finish
