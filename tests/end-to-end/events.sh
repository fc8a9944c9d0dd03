#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# `tsobench switch' and `backpatch': each event has a number inside its interval or says why not.
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail

# Without a number the command says so and fails, but where the architecture has nothing to measure.
for command in switch backpatch; do
    status=0
    # shellcheck disable=SC2086
    $TSOBENCH $command --json >"$work/json" 2>"$work/err" || status=$?
    python3 -c '
import json, sys
data = json.load(open(sys.argv[3]))
assert data["source"] in ("measured", "emulated")
measured = 0
for event in data["events"]:
    if "skipped" in event:
        assert event["skipped"], event
    else:
        value, low, high = event["ns"]
        assert 0 < low <= value <= high, event
        measured += 1
nothing_here = sys.argv[1:3] == ["backpatch", "x86_64"]
assert measured or nothing_here
sys.exit(0 if measured or nothing_here else 1)' $command "$ARCH" "$work/json" && want=0 || want=1
    [[ $status == "$want" ]] || fail "$command: status $status, want $want"
    ((want == 0)) || grep -q 'nothing was measured: ' "$work/err" || fail "$command: no reason"
    # shellcheck disable=SC2086
    { $TSOBENCH $command 2>/dev/null || true; } | grep '^event' >/dev/null
    # shellcheck disable=SC2086
    $TSOBENCH $command --help | grep '^SYNOPSIS' >/dev/null
    status=0
    # shellcheck disable=SC2086
    $TSOBENCH $command --jsno 2>/dev/null || status=$?
    [[ $status == 2 ]]
done

finish
