#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The recorder against valgrind's lackey, against itself, and what is refused.
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail

need qemu-x86_64 gzip zstd
[[ -f $(dirname "$TSOBENCH_BINARY")/tsobench-recorder.so ]] || skip "the recorder was not built"
cd "$work"

# refused STATUS PATTERN ARGUMENT...: it ends so, with one line that says so.
refused() {
    local status=0
    $TSOBENCH trace record "${@:3}" >out 2>&1 || status=$?
    [[ $status == "$1" && $(wc -l <out) == 1 ]] || fail "status $status: $(cat out)"
    grep -q -- "$2" out || fail "no word of '$2': $(cat out)"
}

echo 'echo no ELF' >script && chmod +x script
refused 2 'not an x86-64 program' -o a.trace -- ./script
refused 2 'there is no program' -o a.trace -- ./nothing
refused 2 'no program was given' -o a.trace
refused 2 "nearest: .skip" --window skp=1 -o a.trace -- gzip
refused 2 '--totals' -- gzip
env -i PATH="$work" "$TSOBENCH_BINARY" trace record -o a.trace -- /bin/gzip >out 2>&1 && fail "without qemu"
grep -q 'not installed' out || fail "without qemu: $(cat out)"
mkdir static # as Debian 13 has it
printf '#!/bin/sh\necho usage: qemu-x86_64 [options] program\n' >static/qemu-x86_64
chmod +x static/qemu-x86_64
PATH=$work/static:$PATH refused 3 'has no plugins here.*; to get it: ' -o a.trace -- gzip
PATH=$work/static:$PATH $TSOBENCH probe | grep -A 2 'recording of traces' >out || true
grep -q 'why: .* has no plugins here' out || fail "probe does not say it: $(<out)"
qemu-x86_64 -h | grep -q -e '^-plugin' || skip "qemu-x86_64 has no plugins here"
refused 2 'must end with .trace' -o a.txt -- gzip
! $TSOBENCH probe | grep 'recording of traces' || fail "probe lacks what is here"
refused 2 'cannot write nodir/a.trace: No such file' -o nodir/a.trace -- "$(type -P sleep)" 60
seq 20000 >numbers

# Two recordings are the same, and another input is not.
record() { $TSOBENCH trace record --window samples=8 -o "$1" -- gzip -c "$2"; }
mkdir one two three
record one/gzip.trace numbers
record two/gzip.trace numbers
cmp one/gzip.trace two/gzip.trace || fail "two recordings differ"
[[ $(zstd -dcq one/gzip.trace | sed -n 1p) == 'tsobench-trace 2' ]] || fail "a recording has no marks"
seq 20001 >longer
record three/gzip.trace longer
! cmp -s one/gzip.trace three/gzip.trace || fail "another input makes no difference"
[[ ! -e a.trace ]] || fail "a refused recording left a file"

type -P valgrind >/dev/null || skip "no valgrind here: totals were held against nothing"

# Totals. A load and a store of one instruction are both to lackey, a locked one, too.
readonly quiet=LD_BIND_NOW=1
env -i "$quiet" PATH="$PATH" valgrind --tool=lackey --basic-counts=no --detailed-counts=yes \
    gzip -c numbers 2>lackey >gzip.gz || fail "lackey: $(cat lackey)"
theirs() { sed -n 's/^==[0-9]*== *[IVF][0-9]* \+\([0-9,]*\) \+\([0-9,]*\).*/\1 \2/p' lackey | tr -d , |
    awk -v column="$1" '{sum += $column} END {print sum}'; }
$TSOBENCH trace record --totals --set "$quiet" -- gzip -c numbers >totals
ours() { awk -v what="$1" '$1 == what || $1 == "rmws" {sum += $2} END {print sum}' totals; }
# Whether two numbers differ by less than 0.5 %.
agree() { awk -v a="$1" -v b="$2" 'BEGIN {exit !(a > 0 && b > 0 && (a - b) ^ 2 < (0.005 * b) ^ 2)}'; }
loads=$(theirs 1) stores=$(theirs 2)
agree "$(ours loads)" "$loads" || fail "loads: $(ours loads), lackey: $loads"
agree "$(ours stores)" "$stores" || fail "stores: $(ours stores), lackey: $stores"
! agree "$(($(ours loads) + loads / 150))" "$loads" || fail "a surplus of 0.67 % is not seen"
echo "loads: $(ours loads), lackey: $loads; stores: $(ours stores), lackey: $stores"

finish
