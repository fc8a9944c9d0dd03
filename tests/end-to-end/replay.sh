#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Replays of a shipped trace, from the outside: the code of both ISAs is as promised; what cannot be
# read is refused in one line; where there are no traces, the set says so; unsound policies are
# called that wherever they are listed. Under qemu-aarch64, a plugin counts the accesses that the
# code executes: as many as the trace has.
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail

readonly trace=$SOURCE_DIR/traces/sqlite.trace

# says TEXT FILE
says() { grep -qF -- "$1" "$2" || fail "no \`$1' in: $(<"$2")"; }

some=(--policy plain --policy fex-lrcpc-vector --policy box64-3-1 --policy qemu-llsc --policy sc-xchg)
ends 0 trace check "${some[@]}" "$trace"
says 'as promised' "$work/out"
says 'over-16 torn under 4 of 4 policies' "$work/out"
# A load whose address comes from a CMPXCHG16B, on both ISAs, and whatever is in the registers.
ends 0 trace check --execute 2 "$SOURCE_DIR/tests/data/cmpxchg16b-then-load.trace"
grep -Eq ' [1-9][0-9]* executed: as promised' "$work/out" || fail 'CMPXCHG16B was not executed'
says 'The trace is of an older recorder' "$work/out"
grep -Eq ' CMPXCHG16B torn under [1-9]' "$work/out" || fail 'CMPXCHG16B by exclusives is one access'
ends 2 trace check --policy fex-lrcp "$trace"
says "nearest: \`fex-lrcpc'" "$work/err"
ends 2 trace check
head -c 3000 "$trace" >"$work/cut.trace"
for verb in check replay; do
    ends 1 trace $verb "$work/cut.trace"
    [[ $(wc -l <"$work/err") == 1 ]] || fail "more than a line says what is wrong with a trace"
done

# Which policies are sound, in words, and what breaks the others.
for isa in aarch64 x86-64; do
    ends 0 trace replay --isa $isa --policy plain --policy all-ldapr-stlr --policy sc-xchg \
        --dump "$work/$isa.bin" "$trace"
    [[ -s $work/$isa.bin ]] || fail "no code in the file of --dump"
    [[ $isa == aarch64 ]] || continue
    grep -Eq '^plain .* UNSOUND' "$work/out" || fail 'plain code is not called unsound'
    grep -Eq '^all-ldapr-stlr .* sound' "$work/out" || fail 'a sound policy is not called so'
done
ends 2 trace replay --window 200 "$trace"

# The policies as a table: what they are, for whom, and what they do not promise.
ends 0 list --policies
for pattern in '^  fex-lrcpc-volatile-5 \(aarch64\)$' '^      from the lowering +dmb-qemu$' \
    '^      load_ret +LDR$' '^      listed +5 % of the blocks; ' 'UNSOUND for .*x87 accesses \(' \
    '^      order only +split locks: torn$' '^      barriers by block +box64'; do
    has out "$pattern"
done

TSOBENCH_TRACES=$work/none ends 0 list --sets --suite smoke
says 'skipped: no traces where TSOBENCH_TRACES says' "$work/out"
TSOBENCH_TRACES=$work ends 0 list --sets --suite smoke # with the one that was cut
grep -q 'trace=cut.*skipped: ' "$work/out" || fail 'a trace that cannot be read is no skip'
! grep -F "$work" "$work/out" || fail 'a path is in a reason, and so in the data of a run'

# A set of a trace is measured, and all its cells are right and say how sound they are.
TSOBENCH_TRACES=$trace ends 0 run --suite smoke --only ^trace_replay/.*threads=1 --rounds 2 \
    --out "$work/run"
[[ $(wc -l <"$work/run/summary.tsv") -gt 5 ]] || fail 'policies were not measured'
awk -F '\t' 'NR > 1 && $10 && $8 !~ /^(sound|unsound)$/ { exit 1 }' "$work/run/summary.tsv" ||
    fail 'a policy is neither sound nor unsound'

# A disassembler that is not there is missing; one that fails has failed.
if [[ $TSOBENCH == "$TSOBENCH_BINARY" ]]; then
    mkdir "$work/bin"
    PATH=$work/bin ends 3 trace check "$trace"
    says 'install the package binutils-aarch64-linux-gnu' "$work/err"
    printf '#!/bin/sh\nexit 3\n' >"$work/bin/aarch64-linux-gnu-objdump"
    chmod +x "$work/bin/aarch64-linux-gnu-objdump"
    PATH=$work/bin ends 1 trace check "$trace"
    says 'failed with exit status 3' "$work/err"
fi

[[ $TSOBENCH == *qemu-aarch64* && $TSOBENCH != *static* ]] || finish
# A core without FEAT_LSE (Cortex-A53) has policies for its RMWs, and not those with LSE.
full=$TSOBENCH
TSOBENCH=${TSOBENCH/-cpu max/-cpu cortex-a53}
TSOBENCH_TRACES=$SOURCE_DIR/tests/data/cmpxchg16b-then-load.trace ends 0 run --suite smoke \
    --only '^trace_replay/.*addressing=folded/threads=1' --rounds 1 --out "$work/a53"
measured() { # POLICY: prints its time, if it has one
    awk -F '\t' -v policy="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        NR > 1 && $at["lowering"] == policy { print $at["ns_per_op"] }' "$work/a53/summary.tsv"
}
for policy in plain fex-armv8-llsc box64-0-llsc box64-1-1-llsc; do
    [[ $(measured $policy) ]] || fail "$policy was not measured on a core without LSE"
done
[[ -z $(measured box64-1-1) ]] || fail 'LSE where there is none'
TSOBENCH=$full

type -P cc >/dev/null ||
    { echo 'no compiler for the plugin: executed accesses are not counted' && finish; }
cc -O2 -shared -fPIC -I "$SOURCE_DIR/bench" "$SOURCE_DIR/tests/programs/count_accesses.c" \
    -o "$work/count.so"
TSOBENCH=${TSOBENCH/qemu-aarch64/qemu-aarch64 -plugin $work/count.so}
for policy in plain fex-lrcpc-rep box64-3-1 risotto-llsc; do
    ends 0 trace check --policy $policy --execute 3 "$trace"
    promised=$(sed -n 's/.* \([0-9]*\) executed: as promised$/\1/p' "$work/out")
    counted=$(sed -n 's/^executed accesses: //p' "$work/err")
    [[ $promised -gt 0 && $promised == "$counted" ]] ||
        fail "$policy: $promised accesses in the trace, $counted were executed"
done

finish
