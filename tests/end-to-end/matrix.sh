#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench matrix: numbers for each pair or the reason; what `check' says of a damaged matrix.json
# is in check.sh, how it is drawn in report.sh.
#
# MEASURES: pairs of CPUs, in bounded time
. "$SOURCE_DIR/tests/lib.sh"

# matrix STATUS ARGUMENT...: leaves out and err.
matrix() { ends "$1" matrix "${@:2}"; }

matrix 2 --kernel ping_pog
has err "nearest: \`ping_pong'"
matrix 2 --kernel load_latency # of one thread
matrix 2 --lowerings native,plainn
has err "nearest: \`plain'"
matrix 2 --cpus 0
has err 'a pair takes two CPUs'
matrix 2 --cpus 0,63
matrix 2 --pairs 0
matrix 2 --jsno
matrix 0 --help
has out '^SYNOPSIS'
(($(nproc) > 1)) || skip "one CPU"

matrix 0 --json --seconds 1 --seed 5
python3 - "$work/out" <<'PYTHON' || fail "not what a matrix is"
import json, sys
data = json.load(open(sys.argv[1]))
cells = data["cells"]
assert [cell["role"] for cell in cells[:2]] == ["baseline", "aa"]
assert all(cell["role"] == "lowering" for cell in cells[2:]) and len(cells) > 3
assert all(cell["symbol"].startswith("run_ping_pong__") for cell in cells)
cpus = len(data["cpus"])
assert len(data["pairs"]) + data["unmeasured"] == cpus * (cpus - 1) // 2
assert any("ns" in pair for pair in data["pairs"])
for pair in data["pairs"]:
    if "skipped" in pair:
        assert pair["skipped"]
        continue
    for key in "ns", "cycles", "ratio":
        assert len(pair[key]) == len(cells)
        for value, low, high in pair[key]:
            assert 0 < low <= value <= high, pair
    assert pair["ratio"][0] == [1, 1, 1] and not any(pair["wrong"])
PYTHON

# Another kernel, other lowerings, as text; one pair of many.
matrix 0 --kernel shared_counter --lowerings native --pairs 1 --seconds 1
has out 'shared_counter, by=add: time of one increment between two CPUs, 1 of [0-9]+ pairs'
has out '^[0-9]+-[0-9]+ +plain '
has out '^ +plain again '
has out '^ +native '
has out '^A/A: '
! grep -q 'mfence\|ldar' "$work/out" || fail "a lowering that was not asked for"

finish
