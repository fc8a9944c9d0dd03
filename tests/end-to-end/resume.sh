#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What becomes of a run that was stopped: at whatever moment and by whatever, --resume goes on, or
# says in one line what to do. It goes on with the same experiment only. What a parent hands down
# does no harm.
#
# resume.sh [KILLS [FULL [DAMAGED]]]: so many kills at random instants, disks that are full at so
# many random sizes, and stopped runs in which a random byte is another. The tests make a few of
# each; let it be 200 after a change of the states or of a reader:
#     TSOBENCH=build/tsobench SOURCE_DIR=$PWD tests/end-to-end/resume.sh 200 200 200
#
# NATIVE: the same code
. "$SOURCE_DIR/tests/lib.sh"
need zstd python3
kills=${1:-6} full=${2:-6} damaged=${3:-6}
RANDOM=${SEED:-1}

# expect STATUS TEXT ARGUMENT...: exit status, and a part of what is said; of refusals one line.
expect() {
    local status=0 want=$1 text=$2
    shift 2
    # shellcheck disable=SC2086
    $TSOBENCH "$@" >"$work/out" 2>"$work/err" || status=$?
    [[ $status == "$want" ]] || fail "tsobench $*: status $status, want $want: $(head -c 400 "$work/err")"
    [[ -z $text ]] || grep -qF -- "$text" "$work/err" || fail "tsobench $*: no '$text' in: $(head -c 400 "$work/err")"
    [[ $want != 2 || $(wc -l <"$work/err") == 1 ]] || fail "tsobench $*: not one line: $(cat "$work/err")"
}

# lines DIR: the samples, compressed or not.
lines() {
    if [[ -e $1/samples.jsonl ]]; then cat "$1/samples.jsonl"; else zstd -qdc "$1/samples.jsonl.zst"; fi
}
# count DIR TYPE: how many of its lines are of this type.
count() { lines "$1" | grep -c "\"type\": *\"$2\""; }

# A plan of two sets of one block, and of one that one CPU cannot run.
cpu=$(python3 -c 'import os; print(min(os.sched_getaffinity(0)))')
victim='ticket_lock/inside=4,outside=0/threads=1'
short=(run --suite smoke --only "^load_latency/.*L1|^$victim|^ping_pong" --cpus "$cpu" --rounds 2 --blocks 1)

# whole DIR: the run is complete, each block is there once, and check finds no fault but noise.
whole() {
    [[ $(count "$1" begin)$(count "$1" skipped)$(count "$1" block)$(count "$1" end) == 1121 ]] ||
        fail "$1: $(count "$1" begin) first lines, $(count "$1" block) blocks, $(count "$1" end) ends"
    [[ -e $1/samples.jsonl.zst && ! -e $1/samples.jsonl ]] || fail "$1: not archived: $(ls "$1")"
    # shellcheck disable=SC2086
    $TSOBENCH check "$1" 2>&1 | grep -vE ': (note|noise): |: ok$|mode .* is (unproven|disproved)' &&
        fail "$1: the above is found by check"
    return 0
}

expect 0 "" "${short[@]}" --seed 7 --out "$work/good"
whole "$work/good"
lines "$work/good" >"$work/samples"
# stopped N [FOLDER]: the run as it was after N lines.
stopped() {
    rm -rf "$work/${2:-s}"
    mkdir "$work/${2:-s}"
    cp "$work/good/machine.json" "$work/${2:-s}"
    head -n "$1" "$work/samples" >"$work/${2:-s}/samples.jsonl"
}
# on DIR: as a user goes on; what is there already must be there after it.
on() {
    lines "$1" 2>/dev/null | grep '"type": *"block"' | grep -o '"seed":"[^"]*"' | sort >"$work/had"
    # shellcheck disable=SC2086
    $TSOBENCH run --resume "$1" >/dev/null 2>"$work/err" && return
    if grep -q 'start it again\|no unfinished run' "$work/err"; then
        expect 0 "" "${short[@]}" --out "$1"
    else
        grep -q 'holds a finished run' "$work/err" || fail "$1: a dead end: $(cat "$work/err")"
    fi
}
s=$work/s

# ---- states ----

# Before its first line it is no run: the same command makes it one.
for bytes in 0 1 100; do
    stopped 0
    head -c $bytes "$work/samples" >"$s/samples.jsonl"
    expect 2 "start it again" run --resume "$s"
    expect 0 "" "${short[@]}" --out "$s"
    whole "$s"
done

# After each line, and in the middle of the next one.
total=$(wc -l <"$work/samples")
for ((n = 1; n <= total; n++)); do
    stopped "$n"
    sed -n "$((n + 1))p" "$work/samples" | head -c 70 >>"$s/samples.jsonl"
    expect 2 "holds an unfinished run; go on with --resume $s" "${short[@]}" --out "$s"
    expect 0 "" run --resume "$s"
    [[ $(tail -n 1 "$work/out") == "$s" ]] || fail "resumed after $n lines: the folder is not printed"
    whole "$s"
    expect 2 "holds a finished run" run --resume "$s"
done

# Killed between the name of the archive and the end of the original.
stopped "$total"
cp "$work/good/samples.jsonl.zst" "$s"
expect 0 "" run --resume "$s"
whole "$s"
# What is wrong with standard output is said here as elsewhere.
stopped "$total"
# shellcheck disable=SC2086
[[ ! -w /dev/full ]] || ! $TSOBENCH run --resume "$s" >/dev/full 2>"$work/err" || fail "/dev/full: status 0"
whole "$s"
# The archive's beginning is of no account while the original is there.
stopped 3
head -c 100 "$work/good/samples.jsonl.zst" >"$s/samples.jsonl.zst"
expect 0 "" run --resume "$s"
whole "$s"

# ---- failures ----

# A block that died once is measured later: nothing is missing.
TSOBENCH_FAULT=$victim:9@0 expect 0 "block 0 failed: SIGKILL" "${short[@]}" --out "$work/once"
whole "$work/once"
[[ $(count "$work/once" failed) == 1 ]] || fail "a block that died once left no line"
# What keeps failing is given up with its own reason, and --resume tries it again.
TSOBENCH_FAULT=$victim:die expect 1 "--resume $work/f" "${short[@]}" --out "$work/f"
[[ $(tail -n 1 "$work/out") == "$work/f" ]] || fail "a run with failed sets does not print its folder"
[[ $(lines "$work/f" | grep -c '"reason": *"planted: cannot read file: Permission denied"') == 3 ]] ||
    fail "not three failures with their reason: $(lines "$work/f" | grep failed)"
[[ $(count "$work/f" block) == 1 && $(count "$work/f" end) == 1 ]] || fail "a run with failed sets is not complete"
TSOBENCH_FAULT=$victim:9 expect 1 "SIGKILL" run --resume "$work/f"
[[ $(count "$work/f" failed) == 6 && $(count "$work/f" end) == 1 ]] || fail "failed twice: $(count "$work/f" failed) failures"
expect 0 "" run --resume "$work/f"
whole "$work/f"
expect 2 "holds a finished run" run --resume "$work/f"

# ---- two at once ----

d=$work/two
# shellcheck disable=SC2086
TSOBENCH_FAULT=$victim:hang $TSOBENCH "${short[@]}" --out "$d" >/dev/null 2>&1 &
pid=$!
for _ in $(seq 300); do
    [[ -s $d/samples.jsonl ]] && break
    sleep 0.1
done
expect 2 "a run is at work in $d" "${short[@]}" --out "$d"
expect 2 "a run is at work in $d" run --resume "$d"
! grep -q -- --resume "$work/err" || fail "a run at work: --resume is recommended"
kill -9 $pid
wait $pid 2>/dev/null
expect 0 "" run --resume "$d"
whole "$d"
# Two that resume: one does, the other says why not.
stopped 3 both
for i in 1 2; do
    # shellcheck disable=SC2086
    $TSOBENCH run --resume "$work/both" >/dev/null 2>"$work/err$i" &
    pids[i]=$!
done
wait "${pids[1]}"
first=$?
wait "${pids[2]}"
second=$?
[[ $first+$second == 0+2 || $first+$second == 2+0 ]] || fail "two --resume at once: $first and $second"
whole "$work/both"

# ---- the same experiment only ----

# changed EXPRESSION TEXT: machine.json is of another machine or program.
changed() {
    stopped 3
    sed -i -E "$1" "$s/machine.json"
    cmp -s "$work/good/machine.json" "$s/machine.json" && fail "$1 changed nothing"
    cp "$s/samples.jsonl" "$work/before"
    expect 2 "$2" run --resume "$s"
    cmp -s "$work/before" "$s/samples.jsonl" || fail "$1: a run that was refused is another"
}
changed 's/"git": "[^"]*"/"git": "abcdef0"/' 'run.git was "abcdef0"'
changed 's/"build": "[^"]*"/"build": "00"/' 'run.build was "00"'
changed 's/"machine": "[^"]*"/"machine": "apple-m1"/' 'machine was "apple-m1"'
changed 's/"kernel": "[^"]*"/"kernel": "1.2.3"/' 'system.kernel was "1.2.3"'
changed 's/"l1d_bytes": [0-9]+/"l1d_bytes": 1024/' 'caches.l1d_bytes was 1024'
changed 's/"L1": [0-9]+/"L1": 1024/' 'run.footprints.L1 was 1024'
changed 's/"size_bytes": [0-9]+/"size_bytes": 201326592/' 'memory.size_bytes was 201326592'
stopped 3
rm "$s/machine.json"
expect 2 "machine.json" run --resume "$s"
stopped 3
HWLOC_SYNTHETIC="pu:2" HWLOC_THISSYSTEM=1 expect 2 "was begun under other conditions" run --resume "$s"

# begun EXPRESSION TEXT: another first line.
begun() {
    stopped 3
    sed -i -E "1$1" "$s/samples.jsonl"
    cmp -s <(head -n 3 "$work/samples") "$s/samples.jsonl" && fail "$1 changed nothing"
    cp "$s/samples.jsonl" "$work/before"
    expect 2 "$2" run --resume "$s"
    cmp -s "$work/before" "$s/samples.jsonl" || fail "$1: a run that was refused is another"
}
begun 's/"version":"[^"]*"/"version":"9.9.9"/' 'was begun by tsobench 9.9.9'
begun 's/"blocks":1/"blocks":-5/' "\`blocks' is -5"
begun 's/"blocks":1/"blocks":99999999999/' "\`blocks' is"
begun 's/"blocks":1/"blocks":2000/' "wants a number from 1 to 1000"
begun 's/"blocks":1/"blocks":true/' "\`blocks' is"
begun 's/"rounds":2/"rounds":-5/' "\`rounds' is -5"
begun 's/"seed":"[^"]*"/"seed":"x"/' "\`seed' is"
begun 's/"suite":"smoke"/"suite":"nosuch"/' "\`suite' is"
begun 's/"only":"[^"]*"/"only":"^store_forms"/' "is not in this run's plan"
[[ $(nproc) == 1 ]] || begun 's/"cpus":"[0-9]+"/"cpus":null/' 'run.cpus was'
begun 's/"count":null/"count":"nosuch"/' "nosuch"

# damaged LINE EXPRESSION: found before anything is measured.
damaged() {
    stopped 4
    sed -i -E "$1$2" "$s/samples.jsonl"
    cmp -s <(head -n 4 "$work/samples") "$s/samples.jsonl" && fail "$1$2 changed nothing"
    cp "$s/samples.jsonl" "$work/before"
    # shellcheck disable=SC2086
    $TSOBENCH run --resume "$s" >"$work/out" 2>"$work/err" && fail "$1$2: went on"
    [[ $(wc -l <"$work/err") == 1 ]] || fail "$1$2: not one line: $(cat "$work/err")"
    cmp -s "$work/before" "$s/samples.jsonl" || fail "$1$2: something was measured"
}
block=$(grep -n '"type":"block"' "$work/samples" | head -n 1 | cut -d : -f 1)
damaged 2 's/"type":"[^"]*"/"type":"other"/'
damaged "$block" 's/"threads":1/"threads":"1"/'
damaged "$block" 's/"ops":[0-9]+/"ops":0/'
damaged "$block" 's/"ticks":\[/&1,/'
damaged "$block" 's/"footprint":[0-9]+/"footprint":77/'
damaged "$block" 's/"lowering":"[^"]*"/"lowering":"foreign"/'
damaged "$block" 's/.*/[]/'
damaged "$block" 'p'

# One byte is another: it is refused in one line and left as it is, or what comes of it is a run
# that check knows to be whole.
for ((i = 0; i < damaged; i++)); do
    stopped 4
    file=$s/$( ((i % 3)) && echo samples.jsonl || echo machine.json)
    at=$(((RANDOM * 32768 + RANDOM) % $(stat -c %s "$file")))
    # shellcheck disable=SC2059
    printf "\\x$(printf '%02x' $((32 + RANDOM % 95)))" | dd of="$file" bs=1 seek=$at conv=notrunc status=none
    cp "$s/samples.jsonl" "$work/before"
    status=0
    # shellcheck disable=SC2086
    $TSOBENCH run --resume "$s" >/dev/null 2>"$work/err" || status=$?
    if ((status == 1 || status == 2)) && [[ $(grep -c '^tsobench: [^w]' "$work/err") == 1 ]]; then
        cmp -s "$work/before" "$s/samples.jsonl" || fail "byte $at of $file: refused, but it measured"
    elif ((status == 0)); then
        # shellcheck disable=SC2086
        $TSOBENCH check "$s" 2>&1 | grep -v ' noise: ' | grep -E 'jsonl|json|blocks of|sets of' &&
            fail "byte $at of $file: it went on, and the above is wrong"
    else
        fail "byte $at of $file: status $status: $(cat "$work/err")"
    fi
done

# ---- what the parent handed down ----

(
    trap '' HUP
    # shellcheck disable=SC2086
    TSOBENCH_FAULT=$victim:hang@0 exec $TSOBENCH "${short[@]}" --out "$work/nohup" >/dev/null 2>&1
) &
pid=$!
for _ in $(seq 300); do
    [[ -s $work/nohup/samples.jsonl ]] && break
    sleep 0.1
done
kill -HUP $pid
sleep 0.3
kill -0 $pid 2>/dev/null || fail "SIGHUP ended a run that was told to ignore it"
# Its block hangs; to be gone on with.
kill -TERM $pid
wait $pid
expect 0 "" run --resume "$work/nohup"
whole "$work/nohup"

# shellcheck disable=SC2086
{
    $TSOBENCH "${short[@]}" --out "$work/no-stderr" >/dev/null 2>&- || fail "stderr closed: status $?"
    whole "$work/no-stderr"
    $TSOBENCH "${short[@]}" --out "$work/no-stdin" >/dev/null 2>&1 <&- || fail "stdin closed: status $?"
    whole "$work/no-stdin"
    $TSOBENCH "${short[@]}" --out "$work/no-stdout" <&- >&- 2>"$work/err"
    [[ $? == 1 ]] || fail "stdin and stdout closed: status"
    grep -q 'cannot write to standard output' "$work/err" || fail "stdin and stdout closed: nothing is said"
    whole "$work/no-stdout"
    env --ignore-signal=CHLD $TSOBENCH "${short[@]}" --out "$work/no-sigchld" >/dev/null 2>&1 ||
        fail "SIGCHLD ignored: status $?"
    whole "$work/no-sigchld"
    for few in 4 5 6 7 8; do # with some of them not even the loader is content
        (ulimit -n $few && exec $TSOBENCH "${short[@]}" --out "$work/few$few") >/dev/null 2>"$work/err"
        ! grep '^tsobench: cannot' "$work/err" | grep -v 'Too many open files' ||
            fail "$few descriptors: the above has no reason"
        [[ -e $work/few$few/samples.jsonl.zst ]] || on "$work/few$few"
        whole "$work/few$few"
    done
}

# ---- full disks, and kills, at random ----

# Files may not grow beyond so many bytes; then they may.
for ((i = 0; i < full; i++)); do
    d=$work/full$i bytes=$((RANDOM * 2 % 40000))
    # shellcheck disable=SC2086
    prlimit --fsize=$bytes $TSOBENCH "${short[@]}" --out "$d" >"$work/out" 2>"$work/err"
    status=$?
    if ((status)); then
        grep -q 'File too large' "$work/err" || fail "$bytes bytes: $(cat "$work/err")"
        [[ $(grep -c . "$work/err") -le 2 ]] || fail "$bytes bytes: $(cat "$work/err")"
        if grep -q -- --resume "$work/err"; then
            ! grep -q 'all is measured' "$work/err" || [[ $(tail -n 1 "$work/out") == "$d" ]] ||
                fail "$bytes bytes: all is measured, and the folder is not printed"
            expect 0 "" run --resume "$d"
        else
            expect 0 "" "${short[@]}" --out "$d"
        fi
    fi
    whole "$d"
    rm -rf "$d"
done

now() { date +%s%N; }
before=$(now)
expect 0 "" "${short[@]}" --out "$work/timed"
took=$((($(now) - before) / 1000000))
for ((i = 0; i < kills; i++)); do
    d=$work/kill$i
    # shellcheck disable=SC2086
    $TSOBENCH "${short[@]}" --out "$d" >/dev/null 2>&1 &
    pid=$!
    sleep "$(printf '%d.%03d' $((RANDOM % took / 1000)) $((RANDOM * 7 % took % 1000)))"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    # Every other time that is killed, too.
    if ((i % 2)); then
        # shellcheck disable=SC2086
        $TSOBENCH run --resume "$d" >/dev/null 2>&1 &
        pid=$!
        sleep "$(printf '0.%03d' $((RANDOM % (took < 1000 ? took : 1000))))"
        kill -9 $pid 2>/dev/null
        wait $pid 2>/dev/null
    fi
    on "$d"
    whole "$d"
    lines "$d" | grep '"type": *"block"' | grep -o '"seed":"[^"]*"' | sort >"$work/has"
    [[ -z $(comm -23 "$work/had" "$work/has") ]] || fail "$d: a block that was measured is gone"
    rm -rf "$d"
done

echo "$kills kills, $full full disks, $damaged damaged"
finish
