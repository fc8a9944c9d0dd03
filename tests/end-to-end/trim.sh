#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench trim: a run without its rounds says what the whole one says, to the last digit of its
# summary; passes check, which sees what was changed in it; and is what each command takes or refuses.
#
# NATIVE: the same digits
. "$SOURCE_DIR/tests/lib.sh"
need zstd sha256sum python3

whole=$work/whole trimmed=$work/trimmed
# fake OPTION...: samples, each block of another layout, in the last blocks of one kernel 30 % slower.
fake() {
    local part
    for part in 1 1.3; do
        awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v scale=$part "$@" |
            grep -vE 'size=(1|4|64|256|1024|4096)K|"type":"failed"' |
            sed -E 's/"block":([0-9]+),/"link":{"layout":1\1,"layouts":16,"seed":"0x1"},&/' >"$work/part-$part"
    done
    paste -d '\n' "$work/part-1" "$work/part-1.3" |
        awk 'NR % 2 { fast = $0; next }
            { print fast ~ /"set":"load_latency.*"block":[4-7],/ ? $0 : fast }'
}
# pack DIR FILE: its samples, compressed with a checksum.
pack() { zstd -q --check -f "$2" -o "$1/samples.jsonl.zst"; }
# make DIR OPTION...: a run that passes check.
make() {
    mkdir "$1"
    cp "$SOURCE_DIR/tests/fakes/machine.json" "$1"
    fake "${@:2}" >"$work/samples"
    pack "$1" "$work/samples"
    ends 0 report --no-plots -o "$work/report" "$1"
    cp "$work/report"/*.tsv "$1"
    rm -f "$1/plot.tsv"
    ends 0 check "$1"
}

for machine in x86 arm; do
    rm -rf "$whole" "$trimmed" "$work/report"
    make "$whole" -v machine=$machine -v events="$([[ $machine == x86 ]] || echo 1)"
    ends 0 trim "$whole" "$trimmed"
    cmp "$whole/summary.tsv" "$trimmed/summary.tsv" || fail "$machine: the summary is another"
    ends 0 check "$trimmed"
    sum=$(sha256sum <"$whole/samples.jsonl.zst")
    has out "note: trimmed: medians of blocks, of the samples with sha256 ${sum%% *}"
    (($(stat -c %s "$trimmed/samples.jsonl.zst") * 4 < $(stat -c %s "$whole/samples.jsonl.zst"))) ||
        fail "$machine: not a fourth: $(stat -c '%n %s' "$work"/*/samples.jsonl.zst)"
    diff <(ls "$whole") <(ls "$trimmed") || fail "$machine: other files"
    grep -q ' bimodal=' "$trimmed/summary.tsv" || fail "no mode was planted"

    # What others make of it.
    for run in whole trimmed; do
        ends 0 report --no-plots -o "$work/$run-report" "$work/$run"
        ends 0 selftest --identical "$work/$run"
        cp "$work/out" "$work/$run-identical"
        ends 0 claims --json "$work/$run"
        python3 -c 'import json, sys
for claim in json.load(sys.stdin)["runs"][0]["claims"]: print(claim["id"], claim["verdict"])' \
            <"$work/out" >"$work/$run-claims" || fail "no claims of $run"
    done
    has whole-identical '^twin	[0-9]'
    for said in identical claims; do
        diff "$work/whole-$said" "$work/trimmed-$said" || fail "$machine: other $said"
    done
    rm -f "$work"/*-report/report.txt
    diff -r "$work/whole-report" "$work/trimmed-report" || fail "$machine: other tables"
    ends 0 compare "$whole" "$trimmed"
    has out '^0 of [0-9]+ intervals moved; .* \(100\.0%\)'
    ends 0 report --no-plots "$trimmed"
    has out 'Trimmed: of each block and cell the medians'
    rm -f "$trimmed"/{report.txt,plot.tsv}
done

# What cannot be done with it, or to it.
ends 2 run --resume "$trimmed"
has err 'was trimmed'
ends 2 trim "$trimmed" "$work/again"
has err 'is trimmed'
ends 2 trim "$whole" "$trimmed"
has err 'exists already'
ends 2 trim "$whole"
mkdir "$work/one"
fake -v blocks=1 >"$work/samples"
pack "$work/one" "$work/samples"
ends 2 trim "$work/one" "$work/again"
has err 'there is nothing to trim'

# A set of one block stays as it is: its interval is over rounds.
fake >"$work/all"
awk '!/"set":"ping_pong/ || !/"block":[1-9]/' "$work/all" >"$work/samples"
pack "$work/one" "$work/samples"
ends 0 trim "$work/one" "$work/mixed"
for type in block:1 medians:8; do
    [[ $(zstd -qdc "$work/mixed/samples.jsonl.zst" | grep -cE "\"type\":\"${type%:*}\".*\"kernel\":\"(ping_pong|load_latency)\"") == "${type#*:}" ]] ||
        fail "other lines than $type of two sets, one of a single block"
done

# edit EXPRESSION STATUS TEXT: the trimmed samples by sed; what check says of them.
zstd -qdc "$trimmed/samples.jsonl.zst" >"$work/lines"
edit() {
    rm -rf "$work/bad"
    cp -r "$trimmed" "$work/bad"
    sed -E "$1" "$work/lines" >"$work/edited"
    cmp -s "$work/lines" "$work/edited" && fail "edit $1 changed nothing"
    pack "$work/bad" "$work/edited"
    ends 1 check "$work/bad"
    has out "$2"
}
edit '5s/"ratio":1\.0,/"ratio":2.0,/' 'is not what the samples say'
edit '5s/"ns":([0-9])/"ns":1\1/' 'is not what the samples say'
edit '/"bimodal"/d' 'is not what the samples say'
edit '5d' 'medians of [0-9]+ samples, where the whole run has'
edit '5s/"samples":[0-9]+/"samples":7/' ': 7 samples, .* of 40 rounds'
edit '5s/"drifted":[0-9]+/"drifted":41/' '41 drifted of 40 rounds'
edit '5s/"ns":[0-9.e-]+/"ns":null/' 'samples, .* of 40 rounds'
edit '5s/"ns":[0-9.e-]+/"ns":-1/' "\`ns' is -1"
edit '1s/"trimmed":\{[^}]*\},?//; 1s/,\}$/}/' 'a trimmed block in a run that is whole'
edit '/"bimodal"/s/"role":"twin"/"role":"reference"/' 'the shape of a cell that it does not have'
edit '5s/"type":"medians"/"type":"block"/' "foreign key|no \`"
finish
