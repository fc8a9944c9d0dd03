#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench check: every published run passes; a made-up run passes; each way to damage it is
# found, and said in its own words. What a real run writes is known to the schema.
#
# COST: 60
# NATIVE: the same verdicts
. "$SOURCE_DIR/tests/lib.sh"

# check STATUS DIR...: leaves out and err.
check() { ends "$1" check "${@:2}"; }
# finds TEXT: the only problem of the damaged run is this.
finds() {
    check 1 "$work/bad"
    grep -qF -- "$1" "$work/out" || fail "no '$1' in: $(head -n 3 "$work/out" "$work/err")"
    [[ $(grep -vc ': note: ' "$work/out") == 1 ]] || fail "more than '$1': $(cat "$work/out")"
}

# Minutes with sanitizers, for the same verdicts.
if ! sanitized; then
    mapfile -t runs < <("$SOURCE_DIR/scripts/results" --list)
    ((${#runs[@]} == 0)) || check 0 "${runs[@]/#/$SOURCE_DIR/}"
fi

need zstd

# summarize DIR: its summary.tsv.
summarize() {
    # shellcheck disable=SC2086
    $TSOBENCH report --no-plots -o "$work/report" "$1" >/dev/null && cp "$work/report/summary.tsv" "$1"
}

good=$work/good
mkdir "$good"
cp "$SOURCE_DIR/tests/fakes/machine.json" "$good"
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v machine=arm |
    grep -vE 'size=(1|4|64|256|1024|4096)K|"type":"failed"' >"$work/samples"
# pack DIR FILE: its samples, compressed with a checksum.
pack() { zstd -q --check -f "$2" -o "$1/samples.jsonl.zst"; }
pack "$good" "$work/samples"
summarize "$good"
check 0 "$good"
grep -qF "good: ok" "$work/out" || fail "a good run is not called ok: $(cat "$work/out")"

# damage: a fresh copy to damage.
damage() {
    rm -rf "$work/bad"
    cp -r "$good" "$work/bad"
}
# edit EXPRESSION: the samples by sed, packed and summarized again.
edit() {
    damage
    sed -E "$1" "$work/samples" >"$work/edited"
    cmp -s "$work/samples" "$work/edited" && fail "edit $1 changed nothing"
    pack "$work/bad" "$work/edited"
    summarize "$work/bad" 2>/dev/null
}

# The archive and the files beside it.
damage
truncate -s -100 "$work/bad/samples.jsonl.zst"
finds 'is damaged after line'
damage
printf '\x5a' | dd of="$work/bad/samples.jsonl.zst" bs=1 seek=20000 conv=notrunc status=none
check 1 "$work/bad" # a zstd reader may find it in several ways
grep -q 'damaged\|samples.jsonl:' "$work/out" || fail "a flipped byte: $(cat "$work/out")"
damage
zstd -q --no-check -f "$work/samples" -o "$work/bad/samples.jsonl.zst"
finds 'has no checksum'
damage
sed -i '0,/[0-9]\.[0-9]/s/[0-9]\.[0-9]/&7/' "$work/bad/summary.tsv"
finds 'summary.tsv:2 is not what the samples say'
damage
head -n -1 "$work/good/summary.tsv" >"$work/bad/summary.tsv"
finds 'is not what the samples say'
damage
rm "$work/bad/summary.tsv"
finds 'summary.tsv: No such file'
damage
touch "$work/bad/core"
finds 'core does not belong to a run'
damage
cp "$work/samples" "$work/bad/samples.jsonl"
check 1 "$work/bad"
grep -q 'the run did not end' "$work/out" || fail "samples.jsonl beside the archive is not seen"

# One digit of one sample, packed again: the summary, which was made before, disagrees.
damage
sed -E '0,/"ticks":\[[0-9]+/s//&0/' "$work/samples" >"$work/edited"
sed -i '0,/"ticks_per_ns":2\.1/s//"ticks_per_ns":2.2/' "$work/edited"
pack "$work/bad" "$work/edited"
finds 'is not what the samples say'

# Lines.
edit '/"type":"end"/d'
finds 'no end line: the run is not complete'
edit 's/"seconds":/"sets":99,&/'
finds 'sets of 99 that were planned'
edit '/memcpy\/bytes=8,size=16K/{/"block":7/d}'
finds 'memcpy/bytes=8,size=16K/threads=1: 7 blocks of 8'
edit '5s/"ticks":\[[0-9]+,/"ticks":[/'
finds "samples.jsonl:5: \`ticks' has 39 elements for 40 rounds"
edit '5s/"threads":1/"threads":"1"/'
finds "samples.jsonl:5: \`threads' is of the wrong type"
edit '7s/"op":/"hostname":"x","op":/'
finds "samples.jsonl:7: foreign key \`hostname'"
edit '7s/"check_failed":0/"check_failed":3/'
finds '3 wrong results of plain@tso'
edit '7s/"role":"twin"/"role":"lowering"/'
check 1 "$work/bad"
grep -q 'lacks plain@tso' "$work/out" || fail "a cell that is not in each block: $(cat "$work/out")"
edit 's/"role":"aa"/"role":"reference"/'
check 1 "$work/bad"
grep -q 'no aa: nothing checks its ratios' "$work/out" || fail "no A/A: $(head -n 3 "$work/out")"

# Counts: in line 5 a set of two events, of which every round of every cell counts one and misses
# the other.
ones=$(printf ',[7,null]%.0s' {1..40})
zeros=$(printf ',0%.0s' {1..40})
counted='5s/"cells":/"events":{"pmu":"p","read":"user","sets":[{"name":"mix","events":["A","B"]}],"missing":[]},&/
    5s/"ops":/"event_set":['"${zeros:1}"'],"counts":['"${ones:1}"'],&/g'
edit "$counted"
check 0 "$work/bad"
edit "$counted;"'5s/"counts":\[\[7,null\]/"counts":[[7]/'
finds "\`counts' has 1 events of 2 that the round's set has"
edit "$counted;"'5s/"counts":\[\[7,null\]/"counts":[[7.5,null]/'
finds 'counts: item 0: item 0: is of the wrong type'
edit "$counted;"'5s/"event_set":\[0,/"event_set":[/'
check 1 "$work/bad"
grep -qF "\`event_set' has 39 elements for 40 rounds" "$work/out" || fail "39 sets for 40 rounds"
edit "$counted;"'5s/"read":"user"/"read":"guessed"/'
finds "events: \`read' is \`guessed': none of"
edit "$counted;"'5s/"event_set":\[0/"event_set":[1/'
check 1 "$work/bad"
grep -q 'a round counted no set of events that is known' "$work/out" || fail "a set that is not there"

# A kernel's own number.
edit 's/"metric":"fairness",//'
check 1 "$work/bad"
grep -q 'a metric without its name' "$work/out" || fail "a metric without its name is not found"
edit 's/"metric":\[1\.0000,/"metric":[-1,/'
check 1 "$work/bad"
grep -qF "metric: item 0: is -1: not from 0" "$work/out" || fail "a metric below 0 is not found"
edit 's/"metric":\[1\.0000,/"metric":[/'
check 1 "$work/bad"
grep -qF "\`metric' has 39 elements for 40 rounds" "$work/out" || fail "39 metrics for 40 rounds"

# The same code in two modes, with as many instructions and with more.
many=$(printf ',900000%.0s' {1..40})
more=$(printf ',910000%.0s' {1..40})
both='5s/("lowering":"plain","role":"[a-z]+"[^[]*)"ops"/\1"instructions":['"${many:1}"'],"ops"/g'
edit "$both"
check 0 "$work/bad"
edit "$both;"'5s/("role":"lowering"[^[]*)"instructions":\[[0-9,]+\]/\1"instructions":['"${more:1}"']/'
finds 'plain@weak takes +1.11 % instructions against the same code in another memory model'

# The mode.
edit '9s/("model":"tso","test":"MP","runs":1000,"relaxed":)0/\12/'
finds 'mode tso is disproved: 2 outcomes'
edit 's/"battery":\{[^}]*"before":.*,"skipped"/"battery":{},"battery_skipped":"one CPU","skipped"/'
check 1 "$work/bad"
grep -q 'mode tso is unproven in .*: one CPU' "$work/out" || fail "unproven: $(head -n 3 "$work/out")"
edit 's/("model":"weak","test":"MP","runs":1000,"relaxed":)[0-9]+/\10/g'
check 0 "$work/bad"
grep -q 'note: weak mode was not demonstrated' "$work/out" || fail "no note on weak mode"

# Noise: every second block's baseline is 10 % slower than itself, and later its copy is.
awk -F '"role":"aa"' -v OFS='"role":"aa"' 'NF == 2 && ++n % 2 {
    head = $2; sub(/\].*/, "", head); tail = substr($2, length(head) + 1)
    split(head, part, "["); count = split(part[2], ticks, ","); list = ""
    for (i = 1; i <= count; i++)
        list = list (i > 1 ? "," : "") (ticks[i] == "null" ? "null" : int(ticks[i] * 1.1))
    $2 = part[1] "[" list tail } { print }' "$work/samples" >"$work/edited"
damage
pack "$work/bad" "$work/edited"
summarize "$work/bad"
check 1 "$work/bad"
grep -q 'noise: the baseline against itself reaches [0-9.]*% from 1' "$work/out" || fail "noise is not found"
grep -q 'intervals of the baseline against itself miss 1' "$work/out" || fail "no word on A/A"

# machine.json, and what is nobody's business.
damage
sed -i 's/"cores": 8/"cores": 8, "serial": "C02"/' "$work/bad/machine.json"
finds "machine.json: foreign key \`serial'"
damage
sed -i 's/"source": "measured"/"source": "simulated"/' "$work/bad/machine.json"
finds 'machine.json says simulated, the samples measured'
damage
rm "$work/bad/machine.json"
finds 'no machine.json'
damage
sed -i 's/"-O2"/"-O2 -I\/home\/jdoe\/src"/' "$work/bad/machine.json"
check 1 "$work/bad"
grep -qF 'holds a path: /home/jdoe/src' "$work/out" || fail "a path: $(cat "$work/out")"
damage
sed -i 's/"#1 SMP"/"#1 SMP jdoe-laptop"/' "$work/bad/machine.json"
check 0 "$work/bad"
HOSTNAME=jdoe-laptop check 1 "$work/bad"
grep -q 'holds the host name' "$work/out" || fail "the host name: $(cat "$work/out")"
damage
echo 'measured by jdoe@example' >"$work/bad/notes.txt"
finds 'notes.txt:1: holds what looks like user@host'

# matrix.json: its keys, its numbers, and that it is this machine's.
awk -f "$SOURCE_DIR/tests/fakes/fake-matrix" -v cpus=4 -v cluster=1 >"$work/good/matrix.json"
check 0 "$good"
damage
sed -i 's/"unit":/"owner":"x",&/' "$work/bad/matrix.json"
finds "matrix.json: foreign key \`owner'"
damage
sed -i '0,/"core":/s//"socket":1,&/' "$work/bad/matrix.json"
finds "matrix.json: cpus: item 0: foreign key \`socket'"
damage
sed -i '0,/"role":"aa"/s//"rank":1,&/' "$work/bad/matrix.json"
finds "matrix.json: cells: item 1: foreign key \`rank'"
damage
sed -i '0,/"wrong":/s//"worse":[],&/' "$work/bad/matrix.json"
finds "matrix.json: pairs: item 0: foreign key \`worse'"
damage
sed -i -E '0,/"ns":\[\[[0-9.]+/s//"ns":[[9999/' "$work/bad/matrix.json"
finds "matrix.json: pair 0: \`ns' is not an interval for each cell"
damage
sed -i -E '0,/"cycles":\[\[[^]]*\],/s//"cycles":[/' "$work/bad/matrix.json"
finds "matrix.json: pair 0: \`cycles' is not an interval for each cell"
damage
sed -i '0,/"wrong":\[0,0,0/s//"wrong":[0,0,2/' "$work/bad/matrix.json"
finds 'matrix.json: pair 0: wrong results of native'
damage
sed -i -E '0,/"cpus":\[[0-9]+,/s//"cpus":[77,/' "$work/bad/matrix.json"
finds "matrix.json: pair 0: \`cpus' are not two of the machine's"
damage
sed -i 's/"machine":"made-up"/"machine":"another"/' "$work/bad/matrix.json"
finds "matrix.json: \`machine' is another than machine.json's"
damage
sed -i 's/"source":"measured"/"source":"emulated"/' "$work/bad/matrix.json"
finds "matrix.json: \`source' is another than machine.json's"
damage
truncate -s -9 "$work/bad/matrix.json"
check 1 "$work/bad"
grep -q 'bad: matrix.json:[0-9]*: ' "$work/out" || fail "a matrix.json that is cut off"

# core.json: its keys, that an answer is one thing, its curve, and that it is this machine's.
cp "$SOURCE_DIR/tests/data/core.json" "$work/good/core.json"
check 0 "$good"
damage
sed -i 's/"cpu":/"owner": "x", &/' "$work/bad/core.json"
finds "core.json: foreign key \`owner'"
damage
sed -i 's/"undecided": "neither yes nor no"/"how": "nothing"/' "$work/bad/core.json"
finds 'core.json: answer 2 (waits-for-store/ISB): not one of value, undecided and skipped'
damage
sed -i 's/\[64, 63, 65\]/[64, 65, 66]/' "$work/bad/core.json"
finds "core.json: answer 0 (store-buffer/STR): \`value' is no interval"
damage
sed -i 's/"counts": \[0, 1, 2\]/"counts": [0]/' "$work/bad/core.json"
finds "core.json: answer 0 (store-buffer/STR): not as many \`counts' as \`ns'"
damage
sed -i 's/"machine": "made-up", "version"/"machine": "another", "version"/' "$work/bad/core.json"
finds "core.json: \`machine' is another than machine.json's"

# Several at once: one that is bad, or that ends the reader, does not hide the others.
check 1 "$work/bad" "$good"
grep -qF 'good: ok' "$work/out" || fail "a good run after a bad one is not checked"

# A real run's keys are all known; on a busy machine it may be noisy.
# shellcheck disable=SC2086
if $TSOBENCH run --suite smoke --only '^load_latency/' --blocks 2 --rounds 20 --out "$work/real" \
    >/dev/null 2>"$work/err"; then
    # shellcheck disable=SC2086
    (($(nproc) < 2)) || $TSOBENCH matrix --json --seconds 1 >"$work/real/matrix.json"
    # shellcheck disable=SC2086
    $TSOBENCH check "$work/real" >"$work/out"
    ! grep -vE ': (noise|note): |: ok$|is unproven' "$work/out" || fail "a run of this program has problems"
else
    fail "run: $(cat "$work/err")"
fi

check 2
check 2 "$work/nothing"
check 2 --json "$good"
check 0 --help

finish
