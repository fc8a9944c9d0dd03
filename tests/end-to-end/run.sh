#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The program as its users and their accidents treat it: wrong words, unwritable folders, dead
# blocks, ^C, kill -9, a full disk. Whatever happens, finished blocks stay readable.
. "$SOURCE_DIR/tests/lib.sh"

# expect STATUS TEXT ARGUMENT...: exit status, and a part of the one line on stderr.
expect() {
    local text=$2
    ends "$1" "${@:3}"
    [[ -z $text ]] || grep -qF -- "$text" "$work/err" ||
        fail "tsobench ${*:3}: no '$text' in: $(head -c 300 "$work/err")"
}

expect 2 "nearest: \`run'" rum
expect 2 "nearest: \`--suite'" run --siute quick
expect 2 "nearest: \`quick'" run --suite quack
expect 2 "nearest: \`memcpy'" run --only memcopy --out "$work/never"
expect 2 "nearest: \`stall'" run --count mix,stal --out "$work/never"
expect 2 "is no regular expression" run --only '(' --out "$work/never"
expect 2 "CPU 63 may not be used" run --cpus 63 --out "$work/never"
expect 2 "--cpus wants a list" run --cpus 0-x --out "$work/never"
expect 2 "nearest: \`weak'" run --memory-model week --out "$work/never"
expect 2 "--rounds wants a number" run --rounds many --out "$work/never"
expect 2 "unexpected argument" run quick
expect 2 "give no others" run --resume "$work" --seed 1
expect 2 "no unfinished run" run --resume "$work/none"
expect 2 "no command was given"
expect 2 "cannot make the folder" run --out /proc/nothing/here
touch "$work/file"
expect 2 "cannot make the folder" run --out "$work/file/below"
[[ ! -e $work/never ]] || fail "a run that was refused made its folder"

# tsobench run with a short plan; further arguments follow.
short=(run --suite smoke --only '^(load_latency|ticket_lock)/.*threads=1$' --rounds 3 --seed 7)

# blocks DIR TYPE: how many lines of this type its samples have, compressed or not.
blocks() {
    local file=$1/samples.jsonl
    if [[ -e $file.zst ]]; then zstd -qdc "$file.zst"; else cat "$file"; fi |
        grep -c "\"type\": *\"$2\""
}

# What faults is left out of every block, and says so; the others are measured.
expect 0 "" run --suite full --only '^load_forms/access=(8|16)-over16,measure=latency/' --rounds 3 \
    --blocks 2 --out "$work/faults"
expect 0 "" report --no-plots "$work/faults"
if [[ $ARCH == x86_64 ]]; then
    form=movdqa signal=SIGSEGV count=8 # and MOVAPS, VMOVDQA, CMPXCHG16B
else
    form=ldaxr signal=SIGBUS count=18 # and the exclusives and CASP of 16 bytes
fi
found=$(zstd -qdc "$work/faults/samples.jsonl.zst" | grep -o "faults: $signal" | wc -l)
[[ $found == "$count" ]] || fail "$found times $signal, expected $count"
grep -q "$form .*faults ($signal)" "$work/faults/report.txt" || fail "the report does not say what faults"
grep -Eq '(mov|ld)[^ ]* form ' "$work/faults/report.txt" || fail "the report has no forms"

# A whole run.
expect 0 "" "${short[@]}" --blocks 2 --out "$work/whole"
[[ $(tail -n 1 "$work/out") == "$work/whole" ]] || fail "the last line is not the run directory"
for file in machine.json samples.jsonl.zst benchmark.json summary.tsv; do
    [[ -s $work/whole/$file ]] || fail "no $file"
done
[[ $(blocks "$work/whole" block) == 4 ]] || fail "not 4 blocks in a whole run"
[[ $(blocks "$work/whole" end) == 1 ]] || fail "a whole run does not say so"
zstd -qdc "$work/whole/samples.jsonl.zst" | grep -q '"seed": *"0x0*7"' || fail "the seed is not recorded"
zstd -qdc "$work/whole/samples.jsonl.zst" | grep -q '"metric": *"fairness".*"metric": *\[1.0, *1.0, *1.0\]' || fail "the fairness of one thread is not 1"
expect 2 "holds a finished run" "${short[@]}" --out "$work/whole"

# A block that dies of a signal, and one that hangs or fails, are recorded; the others go on.
victim='ticket_lock/inside=4,outside=0/threads=1'
TSOBENCH_FAULT="$victim:4" expect 1 "SIGILL" "${short[@]}" --blocks 1 --out "$work/ill"
[[ $(blocks "$work/ill" failed) == 3 && $(blocks "$work/ill" block) == 1 ]] ||
    fail "SIGILL in one set did not leave three failed blocks and a good one"
grep -q 'failed=SIGILL' "$work/ill/summary.tsv" || fail "summary.tsv does not say SIGILL"

# ^C and SIGTERM: the status says so, finished blocks stay, --resume goes on to the end.
for signal in INT TERM; do
    dir=$work/$signal
    # shellcheck disable=SC2086
    TSOBENCH_FAULT="$victim:hang" setsid $TSOBENCH "${short[@]}" --blocks 1 --out "$dir" \
        >/dev/null 2>"$work/err" &
    pid=$!
    for _ in $(seq 300); do
        [[ -e $dir/samples.jsonl && $(blocks "$dir" block) == 1 ]] && break
        sleep 0.1
    done
    sleep 0.5
    kill -s $signal $pid
    status=0
    wait $pid || status=$?
    [[ $status == $((128 + $(kill -l $signal))) ]] || fail "SIG$signal: status $status"
    grep -q -- "--resume $dir" "$work/err" || fail "SIG$signal: no word of --resume"
    [[ $(blocks "$dir" end) == 0 ]] || fail "an interrupted run says it is complete"
    expect 0 "" run --resume "$dir"
    [[ $(blocks "$dir" block) == 2 && $(blocks "$dir" end) == 1 ]] ||
        fail "SIG$signal: --resume did not finish the run"
done

# kill -9: no block stays behind, and --resume goes on.
dir=$work/outright
# shellcheck disable=SC2086
TSOBENCH_FAULT="$victim:hang" $TSOBENCH "${short[@]}" --blocks 1 --out "$dir" >/dev/null 2>&1 &
pid=$!
child=
for _ in $(seq 300); do # under an emulator the program thinks for seconds between two blocks
    [[ -e $dir/samples.jsonl && $(blocks "$dir" block) == 1 ]] &&
        child=$(pgrep -P $pid | head -n 1) && [[ $child ]] && break
    sleep 0.1
done
kill -9 $pid
wait $pid 2>/dev/null
sleep 0.5
[[ -n $child ]] || fail "no block was running"
! grep -q "^State:[[:space:]]*[RSD]" "/proc/$child/status" 2>/dev/null || fail "a block outlived its run"
expect 0 "" run --resume "$dir"
[[ $(blocks "$dir" block) == 2 && $(blocks "$dir" end) == 1 ]] || fail "no end after kill -9"

# The same in the middle of a line: the torn line is cut off, the rest is kept.
expect 0 "" "${short[@]}" --blocks 2 --out "$work/kill"
zstd -qdc "$work/kill/samples.jsonl.zst" >"$work/all"
rm "$work/kill/samples.jsonl.zst"
head -c $(($(head -n 3 "$work/all" | wc -c) + 100)) "$work/all" >"$work/kill/samples.jsonl"
expect 0 "" report --no-plots "$work/kill"
expect 0 "" run --resume "$work/kill"
[[ $(blocks "$work/kill" block) == 4 ]] || fail "resuming after kill -9 did not make 4 blocks"

# A full disk: said in one line, finished lines stay whole.
if mkdir "$work/small" && mount -t tmpfs -o size=64k tmpfs "$work/small" 2>/dev/null; then
    expect 1 "No space left" run --suite smoke --only load_latency --rounds 2000 --blocks 9 \
        --out "$work/small/run"
    [[ -z $(tail -c 1 "$work/small/run/samples.jsonl" | tr -d '\n') ]] ||
        fail "a full disk left a torn line"
    umount "$work/small"
fi

# What the machine lacks is skipped with the reason in the data.
# Where that is all there is, nothing was measured.
expect 1 "nothing was measured" run --suite smoke --only ping_pong --cpus 0 --rounds 3 \
    --out "$work/one-cpu"
grep -q 'skipped=needs_2_CPUs' "$work/one-cpu/summary.tsv" || fail "no reason for ping_pong on one CPU"
HWLOC_SYNTHETIC=pu:2 HWLOC_THISSYSTEM=1 expect 1 "nothing was measured" run --suite smoke \
    --only load_latency --rounds 3 --out "$work/no-caches"
grep -q 'skipped=L1_size_unknown' "$work/no-caches/summary.tsv" || fail "no reason for unknown caches"

# The commands' own words.
for command in list probe run report selftest switch backpatch matrix; do
    # shellcheck disable=SC2086
    $TSOBENCH $command --help | grep -q '^SYNOPSIS' || fail "$command --help has no synopsis"
done
# shellcheck disable=SC2086
$TSOBENCH list --json | python3 -c 'import json, sys
data = json.load(sys.stdin)
assert data["kernels"] and data["lowerings"] and data["sets"] and data["suites"]' ||
    fail "list --json is no JSON or lacks a part"

finish
