#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# A user's mapping is measured beside ours: its rows stand in the instruction kernels and in replayed
# traces, a run that was stopped goes on with it, and the code of its replays is as promised. A file
# that is wrong is refused in one line with the place, and nothing is measured.
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail

readonly trace=$SOURCE_DIR/traces/sqlite.trace
if [[ $ARCH == x86_64 ]]; then
    here='isa = x86-64' load=MOV store='MOV; LOCK OR' other='isa = aarch64'
    rest=(XCHG 'LOCK CMPXCHG' 'LOCK XADD' MFENCE)
else
    here='isa = aarch64' load='LDR; DMB ISHLD' store='DMB ISHST; STR' other='isa = x86-64'
    rest=('LDAXR; STLXR; DMB ISH' 'DMB ISH; LDAXR; STLXR; DMB ISH' 'LDAXR; STLXR; DMB ISH' 'DMB ISH')
fi

# write FILE [LINE]...: a whole mapping, and the lines behind it.
write() {
    printf '%s\n' "# mine" "$here" "load = $load" "store = $store" "exchange = ${rest[0]}" \
        "compare_exchange = ${rest[1]}" "fetch_add = ${rest[2]}" "fence = ${rest[3]}" "${@:2}" >"$work/$1"
}

# refused PATTERN FILE: nothing is measured.
refused() {
    ends 2 run --suite smoke --mapping "$work/$2" --out "$work/never"
    has err "$1"
    [[ ! -e $work/never ]] || fail "$2: refused, and left a run directory"
}
write mine.map
write bad.map 'load_byte = LDRX'
refused 'bad\.map:9:13: unknown instruction' bad.map
write bad.map "load_byte = $load {valve}"
refused 'bad\.map:9:[0-9]+: .* is written' bad.map
write bad.map "store_byte = ${rest[3]}"
refused 'bad\.map:9:14: store_byte: it has no access' bad.map
write bad.map 'loud = NOP'
refused 'bad\.map:9:1: unknown key .loud.' bad.map
write bad.map "load = $load"
refused 'bad\.map:9:1: load is there twice' bad.map
write bad.map
sed -i '/^fence/d' "$work/bad.map"
refused 'bad\.map:8:1: fence is left out' bad.map
write bad.map 'name = plain'
refused 'the name plain is taken' bad.map
refused 'absent\.map: No such file' absent.map
grep -v '^isa' "$work/mine.map" | sed "1a $other" >"$work/bad.map"
ends 2 run --suite smoke --mapping "$work/bad.map" --out "$work/never"
ends 2 run --suite smoke --mapping "$work/mine.map" --mapping "$work/mine.map" --out "$work/never"
has err 'the name mine is taken'

# Stopped after the first block, and gone on with, without the file.
only='^(load_forms/.*latency|rmw_forms/.*latency|trace_replay/.*window=0.*private.*folded)/threads=1'
export TSOBENCH_TRACES=$trace
status=0
TSOBENCH_FAULT='rmw_forms/access=8,measure=latency/threads=1:die' $TSOBENCH run --suite smoke --rounds 2 \
    --mapping "$work/mine.map" --only "$only" --out "$work/run" >/dev/null 2>"$work/err" || status=$?
[[ $status == 1 ]] || fail "a run with a planted fault: $status: $(<"$work/err")"
rm "$work/mine.map"
ends 0 run --resume "$work/run"
for row in 'load_forms/[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\tmine' 'rmw_forms/.*\tmine:cas-fails' 'trace_replay/.*\tmine'; do
    grep -qP "^$row\t" "$work/run/summary.tsv" || fail "no row $row: $(cut -f 1,5 "$work/run/summary.tsv")"
done
! grep -F "$work" "$work/run/summary.tsv" || fail 'a path is in the data of a run'
# No pipe whose reader ends first: the writer would die of it, and with it the pipeline.
zstdcat "$work/run/samples.jsonl.zst" >"$work/samples"
head -1 "$work/samples" | grep '"path": *"mine.map"' >/dev/null || fail 'the mapping is not kept'
unset TSOBENCH_TRACES
ends 0 report --no-plots "$work/run"
grep -q mine "$work/run/report.txt" || fail 'the report has no cell of the mapping'
# Of what is predicted, too: by the report of the replayed trace, and by recommend of all traces.
has run/report.txt '^sqlite,0,private,folded +mine +(un)?sound'
ends 0 recommend "$work/run"
has out '^ *trace +recommended .* mine(, unsound)?( |$)'
ends 0 recommend --json "$work/run"
has out '"code": "mine"'

# Of every lowering that replays can do, as a user's: the code is as promised. The machine that it
# is for does not matter.
tried=0
for name in dmb-risotto ldapr-stlr ldapur-stlur ldar-stlr dmb-full dmb-risotto-llsc sc-mfence sc-lock-add; do
    ends 0 sound --print $name
    sed 's/^name = .*/name = given/; s/^coverage.*//' "$work/out" >"$work/given.map"
    ends 0 trace check --mapping "$work/given.map" --policy given "$trace"
    has out '[1-9][0-9]* pieces of code.*as promised'
    hasnot err 'left out of replays'
    tried=$((tried + 1))
done
[[ $tried == 8 ]]
[[ $ARCH == x86_64 ]] && own=sc-mfence || own=dmb-risotto
ends 0 sound --print "$own"
sed 's/^name = .*/name = given/' "$work/out" >"$work/given.map"
ends 0 trace replay --mapping "$work/given.map" --policy given "$trace"
has out '^given '
finish
