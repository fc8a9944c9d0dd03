#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Some hundred damaged inputs, the same each time, for every command that reads one: fuzz.py says
# what a failure is. `tests/fuzz/fuzz.py runs --minutes 30' and `traces' try more.
#
# NATIVE: the same code
. "$SOURCE_DIR/tests/lib.sh"
need python3 zstd awk

cases=40
# Under an emulator or a sanitizer a command takes many times as long.
! grep -qa __asan_init "$TSOBENCH_BINARY" || cases=8
for what in runs traces; do
    python3 "$SOURCE_DIR/tests/fuzz/fuzz.py" "$what" --cases $cases || fail "fuzz.py $what"
done
finish
