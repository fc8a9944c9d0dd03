#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench-static: holds no more than may be passed on, and runs where there is nothing but itself,
# /proc and /sys. What it leaves is what the program leaves.
. "$SOURCE_DIR/tests/lib.sh"
static=$(dirname "$TSOBENCH_BINARY")/tsobench-static
[[ -x $static ]] || skip "no tsobench-static; CMake said why"
cd "$work" || exit 1

read -ra command <<<"$TSOBENCH" # an emulator and its options, and the program
emulator=("${command[@]:0:${#command[@]}-1}")
short=(run --suite smoke --only '^(memcpy|ticket_lock)/' --rounds 3 --blocks 1 --seed 7)

# ---- the file ----

headers=$($READELF -hldW "$static")
grep -q 'Type: *DYN' <<<"$headers" || fail "its layout is not a fresh one in each block: no static-pie"
! grep -E 'INTERP|NEEDED|RUNPATH|RPATH' <<<"$headers" || fail "it is not static"
! grep -aE 'libbenchmark|libstdc|libck\.a|libudev' "$BUILD_DIR/tsobench-static.map" ||
    fail "it holds what its licence says is not in it"
! strings -a "$static" | grep -F "$SOURCE_DIR" || fail "it holds a path of the machine that built it"
version=$("${emulator[@]}" "$static" --version)
[[ $version == *libperf* && $version == *"is under the GPL-2.0-only"* &&
    $version != *Benchmark* ]] || fail "--version: $version"
$TSOBENCH --version | diff - <(echo "$version") | grep -q '^< .*Google Benchmark .*Apache-2.0' ||
    echo "the program here is without Google Benchmark, too"
status=0
"${emulator[@]}" "$static" selftest --harness 2>err || status=$?
[[ $status == 3 && $(wc -l <err) == 1 && $(cat err) == *"Google Benchmark"* ]] ||
    fail "selftest --harness: status $status: $(cat err)"

# ---- what it leaves is what the program leaves ----

# shape DIR: all that is in a run, but its numbers.
shape() {
    (cd "$1" && find . -type f | sort && zstd -qdc samples.jsonl.zst && cat machine.json benchmark.json) |
        sed -E 's/-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?/N/g; s/([[,])null([],])/\1N\2/g; s/([[,])null([],])/\1N\2/g; s/(N, ?)+N/N/g; s/"(build|git|time|date)": ?"[^"]*"//; s/"settled": ?(true|false)//'
}
for program in "$static" "$TSOBENCH_BINARY"; do
    "${emulator[@]}" "$program" "${short[@]}" --out "${program##*/}" >/dev/null 2>err ||
        fail "$program: $(cat err)"
done
diff <(shape tsobench-static) <(shape tsobench) | head -n 20 >different
[[ ! -s different ]] || fail "the runs differ in more than numbers: $(head -c 3000 different)"

# ---- a machine with nothing on it ----

if ((EUID)) || ! unshare --mount true 2>/dev/null; then
    echo "left out: no root, so no chroot"
    finish
fi
mkdir -p empty/{proc,sys,out}
cp "$static" empty/tsobench
inside=(/tsobench)
if ((${#emulator[@]})); then # brings its own libraries; the program can use none of them
    qemu=$(type -P "${emulator[0]}")
    ldd "$qemu" | grep -o '/[^ ]*' | xargs cp -L --parents -t empty "$qemu"
    inside=("$qemu" -cpu max /tsobench)
fi
# alone ARGUMENT...: the program in there, and all else read only.
alone() {
    # shellcheck disable=SC2016
    unshare --mount bash -c 'set -e
        mount --bind empty empty
        mount -o remount,bind,ro empty
        mount -t proc proc empty/proc
        mount -t sysfs sysfs empty/sys
        mount -t tmpfs tmpfs empty/out
        status=0
        chroot empty "$@" || status=$?
        cp -r empty/out/. outside
        exit $status' - "${inside[@]}" "$@"
}
mkdir outside
alone "${short[@]}" --out /out/run >printed 2>&1 || fail "in an empty root: $(cat printed)"
[[ -s outside/run/summary.tsv ]] || fail "in an empty root: no run"
# So short a run is noisy; nothing else may be wrong with it.
"${emulator[@]}" "$static" check outside/run 2>&1 | grep -vE ': noise: |: note: |: ok$' >printed || true
[[ ! -s printed ]] || fail "check: $(cat printed)"
"${emulator[@]}" "$static" report outside/run --no-plots >/dev/null 2>printed ||
    fail "report: $(cat printed)"
[[ -s outside/run/report.txt ]] || fail "no report"
! zstd -qdc outside/run/samples.jsonl.zst | grep -q '"symbol":null' || fail "symbols are not known"
status=0
alone "${short[@]}" >printed 2>&1 || status=$?
[[ $status == 2 && $(wc -l <printed) == 1 && $(cat printed) == *--out* ]] ||
    fail "nowhere to write: status $status: $(cat printed)"

finish
