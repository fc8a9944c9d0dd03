#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# `tsobench litmus` on this CPU: it sees what the CPU does and nothing that it forbids, and stops
# when it is told to. On arm64 also the files for herd7, into which end-to-end/sound.sh looks.
#
# MEASURES: what two CPUs see of each other
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail

# says TEXT FILE
says() { grep -qF -- "$1" "$2" || fail "no \`$1' in: $(<"$2")"; }

ends 2 litmus --test XB
says "unknown test \`XB'; nearest: \`SB'" "$work/err"
ends 2 litmus --test '('
ends 2 litmus --lowering plainn
says "nearest: \`plain'" "$work/err"
ends 2 litmus --time 0
ends 0 litmus --manual
says "EXIT STATUS" "$work/out"
ends 1 litmus --cpus 0 # no test has one thread
says "no litmus test can run here" "$work/err"
says "skipped SB: needs 2 CPUs, 1 allowed" "$work/out"

[[ $(nproc) -ge 2 ]] || skip "one CPU"

ends 0 litmus --test '^(MP|SB)$' --lowering plain --time 1 --one-sided
says "MP, plain, " "$work/out"
says "which TSO allows, seen" "$work/out"
says "skipped one-sided: " "$work/out" # nothing here can be switched

# Interrupted: what was seen so far.
$TSOBENCH litmus --test '^SB$' --lowering plain --time 600 >"$work/out" &
child=$!
sleep 2
kill -TERM $child
status=0
wait $child || status=$?
[[ $status == 143 ]] || fail "SIGTERM: status $status"
says "SB, plain, " "$work/out"

# Everything. QEMU does not keep STLR before a younger LDAR or LDAXR, so there a failing LL/SC
# compare-exchange may be passed, which the Arm model forbids; nothing else.
status=0
$TSOBENCH litmus --time 5 --json >"$work/all.json" || status=$?
python3 - "$work/all.json" "$ARCH" "$status" <<'PYTHON'
import json, sys
path, arch, status = sys.argv[1:]
run = json.load(open(path))
known = {"SB+cas-fail-read"} if run["source"] == "emulated" else set()
failed = {case["test"] for case in run["cases"] if case["failed"]}
assert failed <= known, failed
assert int(status) == (1 if failed else 0), status
assert not run["interrupted"]
for case in run["cases"]:
    assert case["runs"] > 0, case
    assert sum(row["seen"] for row in case["outcomes"]) == case["runs"], case
    assert not any("?" in row["outcome"] for row in case["outcomes"]), case
    if case["test"] == "CoRR":
        assert case["forbidden"] == 0, case
    if case["test"] == "SB" and case["lowering"] == "plain":
        assert case["relaxed"] > 0, case
        rate = 100 * case["relaxed"] / case["runs"]
    # Here even a weak CPU's code runs on a TSO one, qemu or not.
    if case["lowering"] == "plain":
        assert case["forbidden"] == 0, case
print(f"{len(run['cases'])} cases, {sum(c['runs'] for c in run['cases'])} runs, "
      f"SB {rate:.2f} %, no outcome that is forbidden")
PYTHON

if [[ $ARCH != aarch64 ]]; then
    ends 1 litmus --export "$work/herd"
    says "is not an arm64 lowering" "$work/err"
    finish
fi

ends 0 litmus --export "$work/herd" --lowering dmb-qemu
[[ $(find "$work/herd" -name '*.dmb-qemu.litmus' | wc -l) == 113 ]] || fail "not 113 files"
ends 0 litmus --export "$work/some" --lowering plain --test '^MP$'
[[ $(ls "$work/some") == MP.plain.litmus ]] || fail "other files: $(ls "$work/some")"

finish
