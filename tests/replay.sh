#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Replays of a shipped trace, from the outside: the code of both ISAs is as promised; what cannot be
# read is refused in one line; where there are no traces, the set says so; unsound policies are
# called that wherever they are listed. Under qemu-aarch64, a plugin counts the accesses that the
# code executes: as many as the trace has.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
readonly trace=$SOURCE_DIR/traces/sqlite.trace

fail() {
    echo "$*" >&2
    exit 1
}

expect() { # STATUS ARGUMENT...
    local want=$1 status=0
    shift
    $TSOBENCH "$@" >"$folder/out" 2>"$folder/err" || status=$?
    [[ $status == "$want" ]] || { cat "$folder/err"; fail "$*: status $status"; }
}

says() { # TEXT FILE
    grep -qF -- "$1" "$2" || { cat "$2"; fail "no \`$1'"; }
}

some=(--policy plain --policy fex-lrcpc-vector --policy box64-3-1 --policy qemu-llsc --policy sc-xchg)
expect 0 trace check "${some[@]}" "$trace"
says 'as promised' "$folder/out"
expect 2 trace check --policy fex-lrcp "$trace"
says "nearest: \`fex-lrcpc'" "$folder/err"
expect 2 trace check
head -c 3000 "$trace" >"$folder/cut.trace"
for verb in check replay; do
    expect 1 trace $verb "$folder/cut.trace"
    [[ $(wc -l <"$folder/err") == 1 ]] || fail "more than a line says what is wrong with a trace"
done

# Which policies are sound, in words, and what breaks the others.
for isa in aarch64 x86-64; do
    expect 0 trace replay --isa $isa --policy plain --policy all-ldapr-stlr --policy sc-xchg \
        --dump "$folder/$isa.bin" "$trace"
    [[ -s $folder/$isa.bin ]] || fail "no code in the file of --dump"
    [[ $isa == aarch64 ]] || continue
    grep -Eq '^plain .* UNSOUND' "$folder/out" || fail 'plain code is not called unsound'
    grep -Eq '^all-ldapr-stlr .* sound' "$folder/out" || fail 'a sound policy is not called so'
done
expect 2 trace replay --window 200 "$trace"

TSOBENCH_TRACES=$folder/none expect 0 list --sets --suite smoke
says 'skipped: no traces in' "$folder/out"
TSOBENCH_TRACES=$folder expect 0 list --sets --suite smoke # with the one that was cut
grep -q 'trace=cut.*skipped: ' "$folder/out" || fail 'a trace that cannot be read is no skip'

# A set of a trace is measured, and all its cells are right and say how sound they are.
TSOBENCH_TRACES=$trace expect 0 run --suite smoke --only ^trace_replay/.*threads=1 --rounds 2 \
    --out "$folder/run"
[[ $(wc -l <"$folder/run/summary.tsv") -gt 5 ]] || fail 'policies were not measured'
awk -F '\t' 'NR > 1 && $10 && $8 !~ /^(sound|unsound)$/ { exit 1 }' "$folder/run/summary.tsv" ||
    fail 'a policy is neither sound nor unsound'

[[ $TSOBENCH == *qemu-aarch64* && $TSOBENCH != *static* ]] || exit 0
type -P cc >/dev/null || { echo 'no compiler for the plugin: executed accesses are not counted' && exit 0; }
cc -O2 -shared -fPIC -I "$SOURCE_DIR/bench/trace/recorder" "$SOURCE_DIR/tests/count_accesses.c" \
    -o "$folder/count.so"
TSOBENCH=${TSOBENCH/qemu-aarch64/qemu-aarch64 -plugin $folder/count.so}
for policy in plain fex-lrcpc-rep box64-3-1 risotto-llsc; do
    expect 0 trace check --policy $policy --execute 3 "$trace"
    promised=$(sed -n 's/.* \([0-9]*\) executed: as promised$/\1/p' "$folder/out")
    counted=$(sed -n 's/^executed accesses: //p' "$folder/err")
    [[ $promised -gt 0 && $promised == "$counted" ]] ||
        fail "$policy: $promised accesses in the trace, $counted were executed"
done
