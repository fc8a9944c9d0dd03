#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The one reader: each value that makes no sense is refused, by check and by report alike, in one
# line that says where it stands; so is what is larger than bench/samples/bounds.h allows, before it
# costs memory; and the files beside the samples are of this run.
# shellcheck disable=SC2001,SC2016 # sed on one line, and texts that are meant as they stand
#
# NATIVE: the same code
. "$SOURCE_DIR/tests/lib.sh"
need zstd awk

good=$work/good bad=$work/bad
mkdir "$good"
cp "$SOURCE_DIR/tests/fakes/machine.json" "$good"
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v machine=arm -v blocks=2 -v rounds=12 |
    grep -E '"type":"(begin|end)"|"set":"(load_latency|ticket_lock/-/threads=2)' |
    sed 's/"blocks":0/"blocks":2/' >"$work/samples"
# pack DIR FILE: its samples, compressed with a checksum.
pack() { zstd -q --check -f "$2" -o "$1/samples.jsonl.zst"; }
pack "$good" "$work/samples"
ends 0 report --no-plots -o "$work/report" "$good"
cp "$work/report/summary.tsv" "$good"
ends 0 check "$good"

damage() {
    rm -rf "$bad"
    cp -r "$good" "$bad"
}
# refuses TEXT: check does, with this and nothing else.
refuses() {
    ends 1 check "$bad"
    [[ $(grep -vc ': note: ' "$work/out") == 1 && $(<"$work/out") == *"$1"* ]] ||
        fail "no '$1' alone in: $(head -n 3 "$work/out")"
}
# never EXPRESSION TEXT: samples that sed made so are refused by the reader, so by all commands.
never() {
    damage
    sed -E "$1" "$work/samples" >"$work/edited"
    cmp -s "$work/samples" "$work/edited" && fail "$1 changed nothing"
    pack "$bad" "$work/edited"
    refuses "$2"
    ends 1 report --no-plots -o "$work/report" "$bad"
    [[ $(wc -l <"$work/err") == 1 && $(<"$work/err") == *"$2"* ]] || fail "report: $(<"$work/err")"
}

# ---- values that make no sense ----

never '2s/"page_kib":4/"page_kib":-1/' "samples.jsonl:2: \`page_kib' is -1: not from 0"
never '2s/"bytes_per_op":8/"bytes_per_op":-5/' "\`bytes_per_op' is -5"
never 's/"suite":"quick"/"suite":"nosuch"/' "\`suite' is \`nosuch': none of: smoke quick full"
never 's/"blocks":2/"blocks":-5/' "\`blocks' is -5"
never 's/"blocks":2/"blocks":true/' "\`blocks' is of the wrong type"
never '1s/"rounds":0/"rounds":99999999999/' "\`rounds' is 1e+11"
never '1s/"seed":"0x1"/"seed":"one"/' "\`seed' is \`one': no seed"
never '1s/T13:44:00Z/T25:44:00Z/' "no time"
never '2s/"migrated":0/"migrated":1000000/' 'more samples are spoiled or wrong than 12 rounds have'
never '2s/"check_failed":0/"check_failed":2147483648/' "\`check_failed' is 2.14748e+09"
never '2s/"battery":\{"before":\[/"battery":{"before":[7,/' 'battery: before: item 0: is of the wrong type'
never '2s/"relaxed":0/"relaxed":1001/' 'more relaxed outcomes than runs'
never '2s/"symbol"/"erratum":"x",&/' "\`erratum' is of the wrong type"
never '2s/"order":\[\]/"order":["a"]/' 'order: item 0: is of the wrong type'
never '2s/"op":"load"/"op":"lo\\nad"/' "\`op' holds a control character"
never '2s/"op":"load"/"op":"lo\\u202ead"/' "\`op' holds a control character"
never '2s/"lowering":"plain"/"lowering":"`id`"/' 'no word'
never '2s/"ticks":\[/"ticks":{"#":3},"was":[/' "a text \`#'"
never '2s/"block":0/"block":0,"block":0/' 'duplicate object key'
never '3s/"footprint":16384/"footprint":16385/' 'another size than in the blocks before'
never '3s/"threads":1/"threads":2/' 'another kernel, parameters or threads'

# ---- what is too large ----

# bomb PIECE COUNT HEAD: an archive of kilobytes.
bomb() {
    damage
    { printf '%s' "$3" && yes "$1" | tr -d '\n' | head -c "$2"; } | zstd -q --check -f -o "$bad/samples.jsonl.zst"
}
# bounded TEXT: refused in 512 MiB.
bounded() {
    (ulimit -v 524288 && ends 1 report --no-plots -o "$work/report" "$bad" && has err "$1")
}
if ! sanitized; then
    bomb '0' 200000000 '{"format":"'
    bounded 'the line is longer than 16 MiB'
    bomb '[' 200000000 ''
    bounded 'the line is longer than 16 MiB'
    bomb '{},' 15000000 '{"cells":['
    bounded 'would take more than [0-9]* MiB of memory'
    damage
    yes '' | head -c 200000 | pack "$bad" /dev/stdin
    bounded 'samples.jsonl:1: '
    damage
    { head -n 1 "$work/samples" && awk 'BEGIN { for (i = 0; i < 60000; i++)
        printf "{\"format\":1,\"type\":\"skipped\",\"set\":\"k/n=%d/threads=1\",\"kernel\":\"k\"," \
            "\"params\":\"n=%d\",\"threads\":1,\"reason\":\"none\"}\n", i, i }'; } >"$work/edited"
    pack "$bad" "$work/edited"
    bounded 'samples.jsonl:16386: more than 16384 sets'
    # Just as many as there may be cost seconds, not minutes.
    head -n 16000 "$work/edited" >"$work/many" && tail -n 1 "$work/samples" >>"$work/many"
    pack "$bad" "$work/many"
    for command in "report --no-plots -o $work/report" claims "compare $bad"; do
        # shellcheck disable=SC2086
        (ulimit -t 10 && $TSOBENCH $command "$bad" >"$work/out" 2>"$work/err") || [[ $? == 2 ]] ||
            fail "$command of 16000 sets: $(<"$work/err")"
    done
fi

# ---- damage is called damage ----

for at in 100 1000 3000; do
    damage
    printf '\x5a\x5b' | dd of="$bad/samples.jsonl.zst" bs=1 seek=$at conv=notrunc status=none
    refuses 'samples.jsonl.zst is damaged after line'
done

# ---- nothing measured is never ok ----

damage
sed -E '/"set":"ticket_lock.*"block":0/s/.*/{"format":1,"type":"failed","set":"ticket_lock\/-\/threads=2","kernel":"ticket_lock","params":"","threads":2,"block":0,"reason":"SIGKILL"}/
    /"set":"ticket_lock.*"block":1/d' "$work/samples" >"$work/edited"
pack "$bad" "$work/edited"
ends 0 report --no-plots -o "$work/report" "$bad" && cp "$work/report/summary.tsv" "$bad"
refuses 'ticket_lock/-/threads=2: nothing was measured, all its blocks died: SIGKILL'

# A set without a battery is unproven; it does not contradict what is claimed.
damage
sed -E '/"set":"ticket_lock/s/"battery":\{"before":.*,"skipped"/"battery":{},"battery_skipped":"one CPU","skipped"/' \
    "$work/samples" >"$work/edited"
pack "$bad" "$work/edited"
ends 0 report --no-plots -o "$work/report" "$bad"
tr '\n' ' ' <"$work/out" >"$work/joined"
has joined 'mode tso: 0 TSO-forbidden outcomes in [0-9]* litmus runs, unproven in 1 of 2 sets'
hasnot out 'disproved|not as claimed'
sed -E '/"set":"ticket_lock/s/("model":"tso","test":"MP","runs":1000,"relaxed":)0/\12/' \
    "$work/samples" >"$work/edited"
pack "$bad" "$work/edited"
ends 0 report --no-plots -o "$work/report" "$bad"
tr '\n' ' ' <"$work/out" >"$work/joined"
has joined 'disproved in 1 of 2 sets'
hasnot joined 'unproven'

# ---- the files beside the samples ----

events='{"format":1,"source":"measured","events":[{"event":"switch of the model","what":"prctl","ns":[100.5,99,102],"blocks":8,"rounds":25}]}'
for name in switch.json backpatch.json counts.tsv benchmark.json harness.tsv events.tsv matrix.json core.json; do
    for content in '' '}{' '{"format":1' $'\0\0\0\0'; do
        damage
        printf '%b' "$content" >"$bad/$name"
        ends 1 check "$bad"
        has out "bad: $name:"
        [[ $(wc -l <"$work/out") == 1 ]] || fail "$name: $(<"$work/out")"
    done
    damage
    mkfifo "$bad/$name"
    ends 1 check "$bad"
    has out "$name is no ordinary file"
done
damage
echo "$events" >"$bad/switch.json"
ends 0 check "$bad"
sed 's/"weak", "tso"/"weak"/' "$good/machine.json" >"$bad/machine.json"
refuses 'switch.json: event 0 is of another machine than machine.json'
damage
sed 's/"ns".*25/"skipped":"x86-64 is always TSO"/' <<<"$events" >"$bad/switch.json"
refuses 'switch.json: event 0 is of another machine than machine.json'
sed 's/"source"/"machine":"other",&/' <<<"$events" >"$bad/switch.json"
refuses "switch.json: \`machine' is another than machine.json's"
for key in blocks rounds; do
    sed -E "s/,\"$key\":[0-9]+//" <<<"$events" >"$bad/switch.json"
    refuses 'switch.json: event 0: an interval of no known blocks and rounds'
done
sed 's/100.5/1e308/' <<<"$events" >"$bad/switch.json"
refuses 'switch.json: events: item 0: ns: item 0: is 1e+308'
damage
heading=$'kernel\tlowering\tfunction\tplain_loads\tplain_stores\tordered_loads\tordered_stores\trmws\tcopies\tbarriers'
printf '%s\nload_latency\tplain\trun_load_latency__plain\t1\t2\t0\t0\t0\t0\t0\n' "$heading" >"$bad/counts.tsv"
refuses 'counts.tsv is of another program: it lacks run_load_latency__dmb-full'
printf '%s\nload_latency\tplain\trun_load_latency__plain\t1\t2\t0\t0\t0\t-1\t0\n' "$heading" >"$bad/counts.tsv"
refuses "counts.tsv:2: \`copies' is -1"
printf '%s\nload_latency\tplain\trun_load' "$heading" >"$bad/counts.tsv"
refuses 'counts.tsv:2: is cut short'

# ---- what the program writes itself passes ----

damage
ends 0 report --no-plots "$PWD/../${PWD##*/}/$(realpath --relative-to=. "$bad")"
ends 0 check "$bad"
finish
