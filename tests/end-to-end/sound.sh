#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# `tsobench sound`: verdicts of ours and of a user's mapping, on any host; what is wrong is one line
# with its place; what is exported for herd7 is what is judged: it ends as the judge said.
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail

# says TEXT [FILE]
says() { grep -qF -- "$1" "${2-$work/out}" || fail "no \`$1' in: $(<"${2-$work/out}")"; }

ends 2 sound
ends 2 sound ldapr-stlar
says "unknown mapping \`ldapr-stlar'; nearest: \`ldapr-stlr'" "$work/err"
ends 2 sound --against arm plain
ends 0 sound dmb-full ldapr-ishst
says "dmb-full (aarch64) against x86-TSO: sound, over-strong"
says "forbids needlessly: SB, "
says "SB never ends as 0:r0=0 1:r0=0 x=1 y=1, which x86-TSO allows"
says "pairs as one LDP or STP"
says "ldapr-ishst (aarch64) against x86-TSO: sound, exact"
ends 1 sound --isa aarch64 plain
says "unsound for every program"
says "MP ends as 1:r0=1 1:r1=0"
says "; ahead of its older "
ends 1 sound dmb-qemu
says "unsound for programs with CMPXCHG"
ends 0 sound --isa x86-64 sc-mfence
says "sc-mfence (x86-64) against sequential consistency: sound, exact"
ends 1 sound --isa x86-64 plain
ends 0 sound --isa x86-64 --against tso plain
ends 1 sound --against sc ldapr-stlr
ends 0 sound --isa aarch64 native
says "for programs without data races"

cat >"$work/mine.map" <<'MAP'
# FEX's loads, and a barrier before CAS only
load = ldapr {value}, [{address}]
store = dmb ishst; str {value}, [{address}]
exchange = swpal
compare_exchange = dmb ish; casal
fetch_add = ldaddal
fence = dmb ish
MAP
ends 0 sound "$work/mine.map"
says "mine (aarch64) against x86-TSO: sound, exact"
sed -i 's/dmb ish; casal/casal/' "$work/mine.map"
ends 1 sound --json "$work/mine.map"
python3 - "$work/out" <<'PYTHON'
import json, sys
verdict, = json.load(open(sys.argv[1]))
assert verdict["verdict"] == "unsound" and not verdict["not_judged"], verdict
assert verdict["unsound"] == ["SB+cas-fail-read", "SB+cas-fail-priv", "R+casfail-priv"], verdict
assert [hole["for"] for hole in verdict["unsound_for"]] == ["CMPXCHG"], verdict
PYTHON
# CMPXCHG16B by its own sequence, if it is written. It is as strong as it must be, or says what is
# lost: success and failure, scalars around it and what else there is.
sed 's/= casal/= dmb ish; casal/' "$work/mine.map" >"$work/mended.map"
pair() { # pair SEQUENCE STATUS [SED]
    { sed "${3-}" "$work/mended.map" && echo "compare_exchange_pair = $1"; } >"$work/pair.map"
    ends "$2" sound "$work/pair.map"
}
for sequence in 'dmb ish; caspal' 'dmb ish; casp; dmb ish' 'dmb ish; ldxp; stxp; dmb ish' \
    'dmb ish; ldxp; cmp; ccmp; csel; csel; stxp; cbnz; dmb ish'; do
    pair "$sequence" 0
    says "pair (aarch64) against x86-TSO: sound, exact"
done
for sequence in casp caspa caspl 'ldxp; stxp' 'ldaxp; stlxp' 'dmb ishst; ldaxp; stxp' \
    'ldaxp; cmp; ccmp; csel; csel; stlxp; cbnz'; do
    pair "$sequence" 1
    says "113 tests of scalars: 0 unsound, 0 over-strong"
    says "unsound for programs with CMPXCHG16B"
    says "CAS16 "
    says "an order of steps that Arm's model allows"
done
pair caspal 1
says "SB+cas16-fail-read ends as 0:r0=0 1:r0=0 x=1 y=1"
says "    thread 0  W x 1; CAS16 y 5 2   is   DMB ISHST; STR | CASPAL"
pair caspal 0 's/^store.*/store = stlr/'
pair 'ldaxp; stlxp' 1 's/^store.*/store = stlr/' # a younger LDAPR passes it (llvm-project#81978)
says "SB+cas16-ok-store ends as"
pair 'ldaxp; stlxp' 0 's/^store.*/store = stlr/; s/^load.*/load = ldar/'
# A pair of registers may be loaded by an LDP, or two loads, that later ones do not wait for.
for load in ldp 'ldapr; ldr' 'ldr; ldapr'; do
    pair caspal 1 "s/^store.*/store = stlr/; s/^load.*/&\\nload_pair = $load/"
    says "unsound for programs with pairs of registers"
done
pair 'ldaxp; stlxp' 1 's/^store.*/store = stlr/; s/^load.*/load = ldar\nload_pair = ldp; dmb ishld/'
says "unsound for programs with pairs of registers and CMPXCHG16B"
pair caspal 0 's/^store.*/store = stlr/; s/^load.*/&\nload_pair = ldp; dmb ishld\nstore_pair = stlr; stlr/'
cat >"$work/x86.map" <<'MAP'
isa = x86-64
load = mov
store = mov; mfence
exchange = xchg
compare_exchange = lock cmpxchg
compare_exchange_pair = lock cmpxchg16b
fetch_add = lock xadd
fence = mfence
MAP
ends 0 sound "$work/x86.map"

sed -i 's/swpal/swpla/' "$work/mine.map"
ends 2 sound "$work/mine.map"
says "$work/mine.map:4:12: unknown instruction \`swpla' of aarch64" "$work/err"
ends 2 sound "$work/nothing.map"

# A mapping of ours is a file that is judged alike.
ends 0 sound --print rt-align
cp "$work/out" "$work/printed.map"
ends 1 sound rt-align
cp "$work/out" "$work/ours"
ends 1 sound "$work/printed.map" 
grep -v '^  not written' "$work/out" | diff - "$work/ours"

# A compiler's accesses that synchronise, around plain data without races.
sed "1s/.*/coverage = sync/; s/^load = .*/load = ldapr/; s/^store = .*/store = stlr/" \
    "$work/mended.map" >"$work/sync.map"
ends 0 sound "$work/sync.map"
says "sync (aarch64) against x86-TSO: sound, exact"
says "for programs without data races: data accesses are plain"
sed 's/stlr/str; dmb ish/' "$work/sync.map" >"$work/late.map"
ends 1 sound "$work/late.map"
says "113 tests of scalars: 0 unsound"
says "unsound for every program"
says "x is data, and there is no race on it"
says "thread 0  W x 1; W y 1   is   STR | STR; DMB ISH"
sed 's/stlr/dmb ishst; str/' "$work/sync.map" >"$work/late.map"
ends 1 sound --json "$work/late.map"
says '"data": "x"'
says '"test": "LB"'

# What is exported says what was judged.
ends 1 sound --export "$work/herd" dmb-risotto
says "113 files in $work/herd"
ends 0 sound --litmus "$work"/herd/*.litmus
[[ $(grep -c '^Test ' "$work/out") == 113 ]] || fail "not 113 answers"
says "Observation SB+cas-fail-read.dmb-risotto Sometimes"
says "Observation MP.dmb-risotto Never"
diff - "$work/herd/SB+cas-fail-read.dmb-risotto.litmus" <<'LITMUS'
AArch64 SB+cas-fail-read.dmb-risotto
"Written by tsobench sound --export"
Load=LDR; DMB ISHLD
Store=DMB ISHST; STR
Exchange=SWPAL
Compare=CASAL
Add=LDADDAL
Fence=DMB ISH
{
int64_t x; int64_t y; 
int64_t 0:X0; 0:X17=x; 0:X18=y; 
int64_t 1:X0; 1:X17=x; 1:X18=y; 
}
 P0                    | P1                    ;
 MOV X8,#1             | MOV X8,#1             ;
 DMB ISHST             | DMB ISHST             ;
 STR X8,[X17]          | STR X8,[X18]          ;
 MOV X0,#5             | MOV X0,#5             ;
 MOV X8,#2             | MOV X8,#2             ;
 CASAL X0,X8,[X18]     | CASAL X0,X8,[X17]     ;
locations [0:X0; 1:X0; x; y; ]
exists (0:X0=0 /\ 1:X0=0)
LITMUS

# Litmus tests of others.
cat >"$work/t.litmus" <<'LITMUS'
AArch64 t
{ 0:X1=x; uint64_t 1:X0; 1:X1=x; }
 P0           | P1           ;
 MOV W0,#-1   | LDR W0,[X1]  ;
 STR W0,[X1]  | CBZ W0,end   ;
              | SUB W2,W0,#1 ;
              | end:         ;
exists (1:X0=0)
LITMUS
ends 0 sound --litmus "$work/t.litmus"
says "States 2"
says "Observation t Sometimes"
for fault in 's/LDR W0/LDP W0,W3/' 's/STR W0/STRB W0/' 's/CBZ W0,end/CBZ W0,endd/' 's/X1=x;/X1=3;/' \
    's/exists/exits/' 's/MOV W0/MOVK W0/' '/^{/d' 's/AArch64/X86/' 's/P1/P2/' 's/=0)/=0/'; do
    sed "$fault" "$work/t.litmus" >"$work/wrong.litmus"
    ends 2 sound --litmus "$work/wrong.litmus"
    [[ $(wc -l <"$work/err") == 1 ]] || fail "$fault: $(<"$work/err")"
done

# What has too many executions is undecided, after a second and some ten MiB. What fuzzing found to
# take long, retries that the filter drops, is answered. So are long sequences of x86.
ends 0 sound --litmus "$SOURCE_DIR/tests/data/bounds/retries.litmus"
for name in many values; do
    file=$SOURCE_DIR/tests/data/bounds/$name.litmus
    ends 1 sound --litmus "$file"
    says "is undecided: it has too many executions to look at" "$work/err"
    [[ ! -s $work/out ]] || fail "$file: a part of the answer: $(head -3 "$work/out")"
done
fences='mfence; mfence; mfence; mfence; mfence'
sed "s/^load = .*/load = $fences; mov/; s/^store = .*/store = $fences; mov; $fences/" "$work/x86.map" \
    >"$work/long.map"
ends 0 sound "$work/long.map"
barriers=$(printf 'dmb ish; %.0s' {1..25})
sed "s/^load = .*/load = ldr; ${barriers%; }/" "$work/mended.map" >"$work/long.map"
ends 1 sound "$work/long.map"
says "long (aarch64) against x86-TSO: undecided"
says "undecided: more than 80 instructions of a thread"

finish
