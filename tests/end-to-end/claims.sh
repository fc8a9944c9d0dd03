#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench claims and compare on runs that were made up.
#
# NATIVE: the same digits
. "$SOURCE_DIR/tests/lib.sh"


# make NAME CORE OPTION...: a run directory.
make() {
    mkdir "$work/$1"
    echo "{\"machine\": \"made-up\", \"cpus\": [{\"cpus\": \"0-7\", \"name\": \"$2\"}]}" \
        >"$work/$1/machine.json"
    awk -f "$SOURCE_DIR/tests/fakes/fake-run" "${@:3}" >"$work/$1/samples.jsonl"
}
make x86 "Intel Xeon"
make arm "Apple M1 Firestorm" -v machine=arm
make again "Apple M1 Firestorm" -v machine=arm -v seed=2
make weak "Arm Cortex-X4" -v machine=weak
make emulated "Apple M1 Firestorm" -v machine=arm -v source=emulated
make simulated "gem5 O3" -v machine=arm -v source=simulated
make short "Apple M1 Firestorm" -v machine=arm -v blocks=1

# The truth of the made-up runs: what was put in is what is said.
ends 0 claims "$work/arm"
has out '^S1 +holds$'
has out 'mean \*: ldar-stlr@weak / plain@tso > 1.2'
has out 'holds: 2\.1[0-9]* \[2\.1[0-9]*, 2\.1[0-9]*\], floor 0\.[0-9]*%, mean of 7 kernels'
has out '^S7 +refuted$'
has out 'refuted: 1\.0[0-9]* \[.*unsound' # plain under weak is in it
has out '^H22 +holds$'
has out 'published: 1\.09, SPEC CPU2017 FP'
has out '^H4a +not testable here \(needs a core of kind .*Cortex-X4'
has out '^S4 +not testable here \(needs two runs'
has out '^H10b +not testable here \(this CPU has no FEAT_LRCPC2\)'
has out '^H17b +undecided \(spsc_ring/batch=8/threads=2: SIGILL\)'
has out '[0-9]+ claims: .* intervals were compared'
ends 0 claims "$work/x86"
has out '^X3 +holds$'
has out '^S1 +not testable here \(this CPU is TSO always\)'
ends 0 claims "$work/weak"
has out '^S1 +not testable here \(no TSO mode here'
has out '^H5b +refuted$'
ends 0 claims "$work/emulated"
has out '0 hold, 0 refuted, 0 undecided'
has out '^S1 +not testable here \(emulated'
ends 0 claims "$work/simulated" --only S1
has out '^S1 +holds \(simulated\)$'
hasnot out '^S2'
ends 0 claims "$work/short" --only S1
has out '^S1 +undecided \(one block knows nothing of other processes\)'

ends 0 claims --list
[[ $(grep -c '      source: ' "$work/out") == $(grep -c '^CLAIM(' "$SOURCE_DIR/bench/claims/claims.def") ]] ||
    fail "not all claims are listed"
ends 0 claims --json "$work/arm" "$work/x86"
has out '"verdict": "holds"'
if command -v jq >/dev/null; then
    [[ $(jq -r '.runs[0].claims[] | select(.id == "S1") | .conditions[0].low > 2' "$work/out") == true ]] ||
        fail "JSON without S1's interval"
fi
ends 0 claims --list --json --only H3
has out '"grade": "P"'

# What a test names is a header among the lowerings, or a variant that a kernel names.
sed -n '/^CLAIM(/,/)$/p' "$SOURCE_DIR/bench/claims/claims.def" | grep -oE '[a-z0-9.+:-]+@(weak|tso|fixed-tso)' |
    sed 's/@.*//' | sort -u | while read -r lowering; do
    compgen -G "$SOURCE_DIR/kernels/lowering/*/$lowering.h" >/dev/null ||
        grep -rqF --include='*.[ch]' "\"$lowering\"" "$SOURCE_DIR/kernels" || echo "$lowering"
done | grep . && fail "claims.def names lowerings or forms that are not there"

ends 2 claims
ends 2 claims "$work/nothing"
ends 2 claims --only S77 "$work/arm"
grep -q "nearest: \`S" "$work/err" || fail "no nearest claim"
ends 2 claims --jsom "$work/arm"
grep -q "nearest: \`--json'" "$work/err" || fail "no nearest option"
ends 0 claims --help

# Two runs that differ in the seed only: nothing moved, and the intervals overlap.
ends 0 compare "$work/arm" "$work/again"
has out '^0 of [0-9]+ intervals moved; [0-9]+ of [0-9]+ ratios \((100|9[0-9])\.[0-9]%\)'
ends 0 compare "$work/arm" "$work/arm"
has out '\(100\.0%\) have 95% intervals that overlap'
hasnot out '^(moved|only in)'
# One lowering of one set becomes 1 % slower.
mkdir "$work/slower"
cp "$work/again/machine.json" "$work/slower"
awk -F '"lowering":"ldar-stlr"' -v OFS='"lowering":"ldar-stlr"' '/"set":"load_latency/ && NF == 2 {
    at = index($2, "\"ticks\":[") + 9
    head = substr($2, 1, at - 1); rest = substr($2, at); list = rest; sub(/\].*/, "", list)
    count = split(list, ticks, ","); made = ""
    for (i = 1; i <= count; i++)
        made = made (i > 1 ? "," : "") (ticks[i] == "null" ? "null" : int(ticks[i] * 1.01))
    $2 = head made substr(rest, length(list) + 1) } { print }' "$work/again/samples.jsonl" \
    >"$work/slower/samples.jsonl"
ends 1 compare "$work/arm" "$work/slower"
has out '^moved: load_latency/footprint=L1/threads=1 ldar-stlr@weak$'
has out ': times 1\.0(09|1)[0-9]* \[1\.0'
[[ $(grep -c '^moved:' "$work/out") == 1 ]] || fail "more moved than was: $(grep '^moved' "$work/out")"
# Times: the same machine's are compared, another one's are not.
sed 's/"ticks_per_ns":2.1/"ticks_per_ns":2.3/' "$work/arm/samples.jsonl" >"$work/slower/samples.jsonl"
ends 1 compare "$work/arm" "$work/slower"
has out '^moved: .* plain@tso baseline$'
ends 0 compare --ratios "$work/arm" "$work/slower"
sed -i 's/made-up/other/' "$work/slower/machine.json"
ends 0 compare "$work/arm" "$work/slower"
has out 'Times were not compared'
# Cells of one run only.
grep -v '"kernel":"ping_pong"' "$work/arm/samples.jsonl" >"$work/slower/samples.jsonl"
ends 0 compare "$work/arm" "$work/slower"
has out '^only in A: ping_pong/-/threads=2 ldar-stlr@weak$'
ends 0 compare --json "$work/arm" "$work/slower"
has out '"only_a": \['
ends 2 compare "$work/arm" "$work/emulated"
grep -q 'is measured and .* is emulated' "$work/err" || fail "no word on emulated"
ends 2 compare "$work/arm"
ends 2 compare "$work/arm" "$work/again" "$work/x86"
ends 2 compare --al "$work/arm" "$work/again" --ratio5
ends 0 compare --help

finish
