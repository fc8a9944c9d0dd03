#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# A bundle is unpacked into some folder and run by some user: it brings its traces and plots, says
# where all sources are to be had, and is small.
#
# BUILDS: the static program
. "$SOURCE_DIR/tests/lib.sh"
[[ $BUILD_DIR == "$SOURCE_DIR/build" && -x $BUILD_DIR/tsobench-static ]] ||
    skip "not the native build, or it has no tsobench-static"
need dpkg-query # of Debian, whose licences are packed
chmod 755 "$work"
cd "$work" || exit 1

isa=$(uname -m)
ZSTD_CLEVEL=3 "$SOURCE_DIR/scripts/bundle" --out "$work" "$isa" >said 2>&1 || fail "$(cat said)"
archive=$(find . -name "tsobench-*-linux-$isa.tar.zst")
(($(stat -c %s "$archive") < 12 << 20)) || fail "more than 12 MB: $(cat said)"
tar --zstd -xf "$archive" && cd tsobench-*-linux-"$isa" || exit 1
for part in GPL-2.0 tsobench libc6-dev libhwloc-dev libjansson-dev libpfm4-dev liburcu-dev \
    libzstd-dev libck-dev; do
    [[ -s licences/$part ]] || fail "no licence of $part"
done
[[ $(grep -cE '^    [a-z0-9-]+ [0-9]' SOURCES) -ge 8 ]] || fail "SOURCES: $(cat SOURCES)"
[[ -s README.md && ! $(find . -type l) ]] || fail "no README, or links to what is not here"
! grep -rlF "$SOURCE_DIR" . || fail "it holds a path of the build"

another=()
((EUID)) || another=(setpriv --reuid=65534 --regid=65534 --clear-groups)
mkdir -m 777 elsewhere && cd elsewhere || exit 1
env -i "${another[@]}" ../tsobench run --suite smoke --only '^(load_latency|trace_replay)/.*threads=1$' --rounds 2 \
    --blocks 1 >printed 2>said || fail "run: $(cat said)"
directory=$(tail -n 1 printed)
[[ $directory == results/* ]] || fail "the run is in $directory"
grep -q '^trace_replay/trace=[a-z0-9]*,.*plain' "$directory/summary.tsv" || fail "no traces"
if type -P gnuplot >/dev/null; then
    "${another[@]}" ../tsobench report "$directory" >said 2>&1 || fail "report: $(cat said)"
    [[ -s $directory/headline.svg ]] || fail "no plots: $(cat said)"
fi

finish
