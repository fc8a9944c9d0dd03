#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# `tsobench switch' and `backpatch': each event has a number inside its interval or says why not.
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail

for command in switch backpatch; do
    # shellcheck disable=SC2086
    $TSOBENCH $command --json | python3 -c '
import json, sys
data = json.load(sys.stdin)
assert data["source"] in ("measured", "emulated")
measured = 0
for event in data["events"]:
    if "skipped" in event:
        assert event["skipped"], event
    else:
        value, low, high = event["ns"]
        assert 0 < low <= value <= high, event
        measured += 1
assert measured or sys.argv[1:] == ["backpatch", "x86_64"]' $command "$ARCH"
    # shellcheck disable=SC2086
    $TSOBENCH $command | grep -q '^event'
    # shellcheck disable=SC2086
    $TSOBENCH $command --help | grep -q '^SYNOPSIS'
    status=0
    # shellcheck disable=SC2086
    $TSOBENCH $command --jsno 2>/dev/null || status=$?
    [[ $status == 2 ]]
done

finish
