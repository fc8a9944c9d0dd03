#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The layouts of the program hold the objects' code at places of their own, so what the audit says of
# one holds for all; a run's blocks are executed from them in turn, and say so; and where there are
# none, the data says that too.
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail

mapfile -t layouts < <(find "$BUILD_DIR/layouts" -maxdepth 1 -type f -name '[0-9]*' | sort -V)
((${#layouts[@]} >= 2)) || skip "built without layouts"
same_code() { "$SOURCE_DIR/scripts/same-code" --objects "$BUILD_DIR/CMakeFiles" "$@"; }
same_code "$TSOBENCH_BINARY" "${layouts[@]}"

# Planted: a byte of timed code that is another one; one program twice, where code lies still.
function=run_memcpy__plain
address=$("$READELF" -sW "${layouts[0]}" | awk -v name=$function '$8 == name { print "0x" $2 }' | sort -u)
offset=$("$READELF" -SW "${layouts[0]}" | sed 's/^ *\[ *[0-9]*\]//' |
    awk '$1 == ".kernels" { print "0x" $4 " 0x" $3 }')
read -r offset base <<<"$offset"
cp "${layouts[0]}" "$work/planted"
at=$((offset + address - base))
old=$(od -An -tu1 -j $at -N 1 "$work/planted")
printf '%b' "\\x$(printf %02x $((old ^ 1)))" |
    dd of="$work/planted" bs=1 seek=$at conv=notrunc status=none
if same_code "$work/planted" "${layouts[1]}" >"$work/out" 2>&1; then
    fail "other code is not seen"
fi
grep -q "planted: $function is not that of" "$work/out" || fail "not said: $(head -n 3 "$work/out")"
if same_code "${layouts[0]}" "${layouts[0]}" >"$work/out" 2>&1; then
    fail "code that lies still is not seen"
fi

# A run's blocks: each of another layout, whose number and seed are in its line.
[[ ! ${TSOBENCH% *} =~ qemu ]] || finish
# shellcheck disable=SC2086
$TSOBENCH run --suite smoke --only '^load_latency/footprint=L1/threads=1$' --rounds 2 --blocks 2 \
    --seed 7 --out "$work/run" >"$work/out" 2>"$work/err" || fail "$(<"$work/err")"
zstd -qdc "$work/run/samples.jsonl.zst" |
    grep -o '"link": *{[^}]*}' | tr -d ' ' | sort -u >"$work/links"
[[ $(wc -l <"$work/links") == 2 ]] || fail "two blocks of one layout: $(<"$work/links")"
while read -r link; do
    [[ $link =~ \"layout\":([0-9]+).*\"seed\":\"0x([0-9a-f]+)\" ]] || fail "no layout in $link"
    number=${BASH_REMATCH[1]} seed=${BASH_REMATCH[2]}
    grep -qi "QUAD(0x$seed)" "$BUILD_DIR/generated/layout-$number.ld" ||
        fail "layout $number was not linked from $seed"
done <"$work/links"

# Alone, the program is its only layout.
cp "$TSOBENCH_BINARY" "$work/alone"
"$work/alone" run --suite smoke --only '^load_latency/footprint=L1/threads=1$' --rounds 2 --blocks 2 \
    --out "$work/one" >"$work/out" 2>"$work/err" || fail "$(<"$work/err")"
grep -q 'one-layout' "$work/one/summary.tsv" || fail "one layout is not flagged"
! grep -q 'one-layout' "$work/run/summary.tsv" || fail "several layouts are flagged as one"
finish
