#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# MEASURES: times
#
# Sequences that are tried: what cannot be measured is refused in one line with its place, and what
# is measured costs what the same instructions cost where the compiler has put them.
. "$SOURCE_DIR/tests/lib.sh"

if [[ $ARCH == x86_64 ]]; then
    load=MOV fenced='MOV; LFENCE' store=XCHG
else
    load=LDR fenced='LDR; DMB ISHLD' store=STLR
fi

# refused PATTERN ARGUMENT...: wrong usage, said in one line; nothing was measured.
refused() {
    ends 2 try "${@:2}"
    has err "$1"
    [[ ! -s $work/out ]] || fail "try ${*:2}: refused, and printed: $(head -3 "$work/out")"
}
refused 'no sequence was given'
refused "sequence 1:1:1: unknown instruction .LDRX. of" LDRX
refused "sequence 2:1:$((${#load} + 3)): unknown instruction .DMB ISHX." "$load" "$load; DMB ISHX"
refused "sequence 1:1:$((${#load} + 1)): $load is written" "$load {value}, [{addr}]"
refused 'sequence 1:1:[0-9]+: an instruction is missing' --as load "$load;;$load"
refused 'sequence 1: .* is no load, store' "$load; $load"
refused "sequence 2: .$store. is .*, but (--as says|those before it are) load" --as load "$load" "$store"
refused "unknown kind .loads.; nearest: .load." --as loads "$load"
refused 'more than 8 sequences' --as load "$load" "$load" "$load" "$load" "$load" "$load" "$load" "$load" "$load"
[[ $ARCH != x86_64 ]] || refused 'may be .*: choose one with --as' MOV

ends 0 try --help
has out 'tsobench try'
type -P jq >/dev/null || skip 'no jq here'
status=0
$TSOBENCH try --as load --json "$load" "${fenced,,}" >"$work/try.json" 2>"$work/err" || status=$?
if [[ $TSOBENCH != "$TSOBENCH_BINARY" ]]; then # under an emulator times mean nothing
    [[ $status == 1 ]] || fail "an emulator measured: $status"
    grep -q 'times mean nothing here' "$work/err" || fail 'it does not say why'
    finish
fi
[[ $status == 0 ]] || fail "try: $status: $(<"$work/err")"
jq -e 'length == 6 and all(.[]; .rows | length == 2 and all(.[]; .ns[1] <= .ns[0] and .ns[0] <= .ns[2]))' \
    "$work/try.json" >/dev/null || fail "rows are missing: $(jq -c '.[] | [.place, .reason, (.rows | length)]' "$work/try.json")"
# A barrier costs something, or the sequences were taken for one another.
jq -e '.[0].rows[1].of_first[1] > 1' "$work/try.json" >/dev/null || fail 'a barrier costs nothing'
finish
