#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench claims and compare on runs that were made up.
#
# NATIVE: the same digits
. "$SOURCE_DIR/tests/lib.sh"


# describe NAME CORE [KEYS]: its machine.json; keys each with a comma before it.
describe() {
    echo "{\"machine\": \"made-up\", \"cpus\": [{\"cpus\": \"0-7\", \"name\": \"$2\"}]${3-}}" \
        >"$work/$1/machine.json"
}
# make NAME CORE OPTION...: a run directory.
make() {
    mkdir -p "$work/$1"
    describe "$1" "$2"
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
has out '^S4 +not testable here \(virtualization.hypervisor is neither'
[[ $(grep -c ' not testable here (' "$work/out") == $(grep -c '^      wanted:    .* on .*, with ' "$work/out") ]] ||
    fail "a claim that was not tested says not what would test it"
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

# What core.json answers.
ends 0 claims "$work/x86" --only X1a
has out '^X1a +not testable here \(no core.json beside this run\)'
cat >"$work/x86/core.json" <<'JSON'
{"format": 1, "source": "measured", "machine": "made-up", "blocks": 8, "answers": [
 {"id": "waits-for-store/nothing", "model": "fixed-tso", "value": [1.01, 1, 1.02]},
 {"id": "waits-for-store/MFENCE", "model": "fixed-tso", "value": [1.97, 1.9, 2.01]}]}
JSON
ends 0 claims "$work/x86" --only X1a
has out '^X1a +holds$'
has out 'holds: 1.97 \[1.9, 2.01\], of the core'
sed -i 's/"value": \[1.97, 1.9, 2.01\]/"undecided": "too wide"/' "$work/x86/core.json"
ends 0 claims "$work/x86" --only X1a
has out '^X1a +not testable here \(core.json: too wide\)'
rm "$work/x86/core.json"

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

# ---- each kind of condition holds, and fails ----

# judged ID VERDICT NAME...: of the first of these runs, beside the others.
judged() {
    ends 0 claims --only "$1" "${@:3}"
    [[ $(grep -m 1 -E "^$1 " "$work/out") =~ ^$1\ +$2 ]] || fail "$1 is not $2: $(<"$work/out")"
}
# forms NAME CORE MACHINE LINE...: a run of these lines of fake-run.
forms() {
    printf '%s\n' "${@:4}" >"$work/lines"
    make "$1" "$2" -v rounds=12 -v machine="$3" -v forms="$work/lines"
}
# events FILE NAME=NS...: beside the run `tiny'.
events() {
    local file=$work/tiny/$1 event
    shift
    for event; do
        printf '{"event":"%s","what":"it","ns":[%d,%d,%d],"blocks":8,"rounds":25}\n' "${event%=*}" \
            "${event#*=}" $((${event#*=} - 1)) $((${event#*=} + 1))
    done | paste -sd, | sed 's/.*/{"format":1,"source":"measured","events":[&]}/' >"$file"
}
forms tiny 'Apple M1 Firestorm' arm 'load_latency footprint=L1 1 plain=1@weak'
judged H15 'not testable here \(no .switch of the model. beside this run' "$work/tiny"
events switch.json 'switch of the model=300' 'null syscall=100'
judged H15 holds "$work/tiny"
has out 'holds: 300 ns \[299, 301\], of single events'
has out 'published: 270, its trap, ns'
events switch.json 'switch of the model=300' 'null syscall=50'
judged H15 refuted "$work/tiny"
sed -i 's/measured/emulated/' "$work/tiny/switch.json"
judged H15 'not testable here' "$work/tiny"
events backpatch.json 'LDADDAL, trap and emulate=1500' 'LDADDAL, trap and emulate, TSO=1480'
judged H13a holds "$work/tiny"
judged H13b holds "$work/tiny"
events backpatch.json 'LDADDAL, trap and emulate=500' 'LDADDAL, trap and emulate, TSO=1480'
judged H13a refuted "$work/tiny"
judged H13b refuted "$work/tiny"
sed -i 's/"ns":\[1480[^]]*\]/"skipped":"no switch here"/' "$work/tiny/backpatch.json"
judged H13b 'not testable here \(.*skipped: no switch here' "$work/tiny"

# across NS RATIO: loads and stores across 16 bytes that take so long, and their barriers.
across() {
    forms across 'Arm Cortex-X4' weak 'load_forms access=8,measure=throughput 1 ldapr=1.1' \
        "load_forms access=8-over16,measure=throughput $1 ldr+dmb.ishld=$2" \
        'store_forms access=8,measure=throughput 1 stlr=1.1' \
        "store_forms access=8-over16,measure=throughput $1 dmb.ish+str=$2"
}
across 1 2
judged H12a holds "$work/across"
has out 'holds: 1\.8[0-9]* \[1\.[78].*(load|store)_forms/access=8-over16,measure=throughput/threads=1$'
has out '^ +over load_forms/access=8,measure=throughput/threads=1$'
across 1.5 2
judged H12a refuted "$work/across"
forms across 'Arm Cortex-X4' weak 'load_forms access=8-over16,measure=throughput 1 ldr+dmb.ishld=2'
judged H12a 'not testable here \(.*there is none with access=8' "$work/across"
for ns in 1.02=holds 1.3=refuted; do
    forms across 'Apple M1 Firestorm' arm 'load_forms access=8,measure=throughput 1' \
        "load_forms access=8-over16,measure=throughput ${ns%=*}" \
        'store_forms access=8,measure=throughput 1' \
        "store_forms access=8-over16,measure=throughput ${ns%=*}"
    judged H12b "${ns#*=}" "$work/across"
done

# stores CORE NS FENCE RELEASE UNROLLED: what load before store costs in a loop of words; a plain one
# takes NS in nanoseconds with five words in a turn, and 1 with one.
stores() {
    forms stores "$1" weak "word_loop loop=copy,unroll=1,size=800K 1 fence-before-store=$3 store-release=$4" \
        "word_loop loop=copy,unroll=5,size=800K $2 fence-before-store=$5" \
        "word_loop loop=copy,unroll=1,size=16K 1 fence-before-store=$3 store-release=$4"
}
stores 'Apple M1 Firestorm' 0.5 47 1.05 2.1
judged O1 holds "$work/stores"
stores 'Apple M1 Firestorm' 0.5 30 1.05 2.1
judged O1 refuted "$work/stores"
stores 'Apple M1 Firestorm' 1.5 47 1.05 2.1
judged O1 refuted "$work/stores"
stores 'Arm Cortex-A72' 1 7.4 11.6 4.5
judged O2 holds "$work/stores"
stores 'Arm Cortex-A72' 1 7.4 5 4.5
judged O2 refuted "$work/stores"
stores 'NVIDIA Olympus' 1 8 2 4
judged O3 holds "$work/stores"
stores 'NVIDIA Olympus' 1 4 2 4
judged O3 refuted "$work/stores"

# Of two runs: which side a run is, is in its machine.json.
printf '%s\n' 'load_latency footprint=L1 1 plain=0.9@weak' 'memset size=16K 9 plain=1@weak' >"$work/lines"
make one 'Apple M1 Firestorm' -v machine=arm -v forms="$work/lines"
make other 'Apple M1 Firestorm' -v machine=arm -v forms="$work/lines" -v seed=2
make slower 'Apple M1 Firestorm' -v machine=arm -v forms="$work/lines" -v seed=3 -v scale=1.1
pages() { describe one 'Apple M1 Firestorm' ", \"memory\": {\"page_kib\": $1}"
    describe slower "${3-Apple M1 Firestorm}" ", \"memory\": {\"page_kib\": $2}"; }
pages 16 4
judged S5 'not testable here \(no run of memory.page_kib=4 beside' "$work/one"
has out 'wanted: +two runs on arm64, given together, of memory.page_kib=4 and memory.page_kib=16'
judged S5 holds "$work/one" "$work/slower"
[[ $(grep -c '^S5 .*holds' "$work/out") == 2 ]] || fail 'one of two runs is not compared'
has out 'holds: 1\.1.* mean of 2 kernels'
has out "in $work/slower, over $work/one$"
judged S5 holds "$work/slower" "$work/other" "$work/one"
pages 4 16
judged S5 refuted "$work/one" "$work/slower"
pages 64 16
judged S5 'not testable here \(memory.page_kib is neither' "$work/one" "$work/slower"
describe slower 'Apple M1 Firestorm' ', "memory": {"page_kib": 4}, "virtualization": {"hypervisor": "kvm"}'
describe one 'Apple M1 Firestorm' ', "memory": {"page_kib": 16}, "virtualization": {"hypervisor": "none seen"}'
judged S5 'not testable here \(no run of memory.page_kib=4 beside' "$work/one" "$work/slower"
pages 16 4 'Arm Cortex-X4'
judged S5 'not testable here \(the runs have no such cells in common' "$work/one" "$work/slower"
guest() { describe one 'Apple M1 Firestorm' ', "virtualization": {"hypervisor": "none seen"}'
    describe "$1" 'Apple M1 Firestorm' ', "virtualization": {"hypervisor": "libkrun"}'; }
guest other
judged S4 holds "$work/one" "$work/other"
guest slower
judged S4 refuted "$work/one" "$work/slower"
ends 0 claims --json --only S4 "$work/one" "$work/slower" "$work/x86"
if command -v jq >/dev/null; then
    [[ $(jq -r '.runs[0].claims[0].conditions[0].run' "$work/out") == "$work/slower" &&
        $(jq -r '.runs[2].claims[0].wanted' "$work/out") == 'two runs on '* ]] ||
        fail 'JSON of two runs'
fi
rm -r "$work/slower"

# Of traces: each counts once, whatever its windows.
replays() { # RATIO: of both windows of one trace; the other's is 1
    local set='arena=private,addressing=folded 1 plain=1@weak fex-lrcpc'
    forms replays 'Apple M1 Firestorm' arm "trace_replay trace=a,window=0,$set=$1@weak" \
        "trace_replay trace=a,window=1,$set=$1@weak" "trace_replay trace=b,window=0,$set=1@weak"
}
replays 1.6
judged H21 holds "$work/replays"
has out 'holds: 1\.26[0-9]* .* mean of 2 traces$'
replays 3
judged H21 refuted "$work/replays"

# Of litmus tests on CPUs that are TSO always.
make fixed 'Fujitsu A64FX' -v rounds=2 -v litmus_tests='MP SB LB 2+2W IRIW' \
    -v litmus_runs=100000
judged S8 holds "$work/fixed"
sed -i '0,/"test":"LB","runs":100000,"relaxed":0/s//"test":"LB","runs":100000,"relaxed":1/' \
    "$work/fixed/samples.jsonl"
judged S8 refuted "$work/fixed"
has out 'LB@fixed-tso seen 1 times'
make fixed 'Fujitsu A64FX' -v rounds=2 -v litmus_tests='MP SB LB 2+2W IRIW'
judged S8 undecided "$work/fixed"

# What a test names is a header among the lowerings, or a variant that a kernel names.
sed -n '/^CLAIM(/,/)$/p' "$SOURCE_DIR/bench/claims/claims.def" | grep -oE '[a-z0-9.+:-]+@(weak|tso|fixed-tso)' |
    sed 's/@.*//' | sort -u | while read -r lowering; do
    compgen -G "$SOURCE_DIR/kernels/lowering/*/$lowering.h" >/dev/null ||
        grep -rqF --include='*.[ch]' "\"$lowering\"" "$SOURCE_DIR/kernels" ||
        grep -qF ".name = \"$lowering\"" "$SOURCE_DIR"/bench/replay/policies_*.def || echo "$lowering"
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
# What else differed is said.
describe again 'Apple M1 Firestorm' ', "environment": [{"name": "FEX_A", "value": "1"},
    {"name": "BOX64_PROFILE", "value": "safest"}], "fex_config": ["TSO: software"]'
describe arm 'Apple M1 Firestorm' ', "environment": [{"name": "FEX_A", "value": "1"},
    {"name": "BOX64_PROFILE", "value": "fastest"}]'
ends 0 compare "$work/arm" "$work/again"
has out "^only in A's environment: BOX64_PROFILE=fastest$"
has out "^only in B's environment: BOX64_PROFILE=safest$"
has out "^only in B's environment: TSO: software$"
hasnot out 'FEX_A'
ends 0 compare --json "$work/arm" "$work/again"
tr -d ' \n' <"$work/out" | grep -q '"environment_a":\["BOX64_PROFILE=fastest"\]' || fail 'JSON of the environment'
ends 2 compare "$work/arm"
ends 2 compare "$work/arm" "$work/again" "$work/x86"
ends 2 compare --al "$work/arm" "$work/again" --ratio5
ends 0 compare --help

finish
