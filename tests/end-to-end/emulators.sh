#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# scripts/emulators under what is here, QEMU, and under a made-up FEX whose settings cost what was
# planted; with emulators that are missing, that crash, and that emulate nothing.
#
# NATIVE: the same script
. "$SOURCE_DIR/tests/lib.sh"
[[ $ARCH == x86_64 ]] || skip "it wants an x86-64 program"
! sanitized || skip "QEMU has no room for it"
need python3
mkdir "$work/bin" "$work/none"
python=$(python3 -c 'import sys; print(sys.executable)')

# emulators STATUS PATH ARGUMENT...: leaves out and err.
emulators() {
    local status=0 want=$1 path=$2
    PATH=$path "$python" "$SOURCE_DIR/scripts/emulators" --binary "$TSOBENCH_BINARY" \
        --tool "$TSOBENCH_BINARY" "${@:3}" >"$work/out" 2>"$work/err" || status=$?
    [[ $status == "$want" ]] ||
        fail "emulators ${*:3}: status $status, want $want: $(tail -n 5 "$work/err")"
}
# cell SETTING SET COLUMN: a number of the table.
cell() {
    awk -F '\t' -v setting="$1" -v set="$2" -v column="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["setting"] == setting && $at["set"] == set { print $at[column]; exit }' \
        "$work/fex/emulators.tsv"
}
# near SETTING SET COLUMN WANT: within 1 %.
near() {
    local is
    is=$(cell "$1" "$2" "$3")
    awk -v is="${is:-0}" -v want="$4" 'BEGIN { exit !(is > 0.99 * want && is < 1.01 * want) }' ||
        fail "$1 $2: $3 is '$is', want $4"
}

# ---- none, and wrong usage ----

emulators 3 "$work/none" --emulator box64
[[ $(wc -l <"$work/err") == 1 ]] || fail "a missing emulator takes more than a line"
has err 'no box64 here'
emulators 3 "$work/none"
has err 'none of FEX, box64, qemu-x86_64'
emulators 2 "$PATH" --emulator wine

# ---- a made-up FEX: TSO costs half as much again, vectors double that, and a setting crashes ----

copy=memcpy/bytes=8,size=16K/threads=1
cat >"$work/bin/FEX" <<FEX
#!/usr/bin/env bash
[[ \$1 != --version ]] || { echo "FEX-Emu (made up)"; exit; }
for last; do :; done
[[ \$2 == run ]] || exit 9
mkdir -p "\$last"
scale=1
[[ \$FEX_TSOENABLED == 0 ]] || scale=1.5
[[ \$FEX_VECTORTSOENABLED == 0 ]] || scale=3
[[ \$FEX_TSOENABLED\$FEX_MEMCPYSETTSOENABLED\$FEX_VECTORTSOENABLED\$FEX_HALFBARRIERTSOENABLED != \\
    \${CRASH-none} ]] ||
    kill -SEGV \$\$
echo '{"machine": "made-up-emulated"}' >"\$last/machine.json"
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v source=\${SOURCE-emulated} -v scale=\$scale -v blocks=6 \\
    -v rounds=6 | grep -E '"type":"(begin|end)"|$copy|ticket_lock' >"\$last/samples.jsonl"
FEX
chmod +x "$work/bin/FEX"
mkdir "$work/native"
echo '{"machine": "made-up-arm64"}' >"$work/native/machine.json"
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v machine=weak -v blocks=6 -v rounds=6 \
    >"$work/native/samples.jsonl"

CRASH=1101 emulators 1 "$work/bin:$PATH" --emulator FEX --native "$work/native" --out "$work/fex"
near no-tso $copy ratio 1
near tso $copy ratio 1.5
near tso+vector+memcpy+no-half $copy ratio 3
near tso+vector $copy predicted 2.5
[[ $(cell tso+vector $copy predicted_by) == "ldapr-stlr / plain" ]] || fail "predicted by what?"
[[ -z $(cell tso $copy predicted) ]] || fail "a prediction without a cell"
[[ $(cut -f 3 "$work/fex/emulators.tsv" | sort -u | grep -c tso) == 8 ]] ||
    fail "not all 9 settings but the one that crashed"
has out 'FEX-Emu \(made up\)'
has out '0 TSO-forbidden outcomes in'
has out '^Emulated: '
has out 'tso\+vector +memory +[0-9]+ +3\.'
has err 'FEX tso\+memcpy: it died of SIGSEGV'
hasnot out '^tso\+memcpy '
CRASH=0000 emulators 1 "$work/bin:$PATH" --emulator FEX --out "$work/crash"
has out 'n/a, the weakest setting did not run'

# ---- what emulates nothing is not taken for an emulator ----

SOURCE=measured emulators 1 "$work/bin:$PATH" --emulator FEX --out "$work/measured"
has err 'was not emulated; left out'
emulators 2 "$work/bin:$PATH" --emulator FEX --native "$work/fex/FEX-tso" --out "$work/wrong"
has err 'is emulated, and predicts nothing'
printf '\177ELF%020d' 0 >"$work/arm"
emulators 2 "$work/bin:$PATH" --emulator FEX --binary "$work/arm"
has err 'is no x86-64 program'

# ---- QEMU ----

if type -P qemu-x86_64 >/dev/null; then
    emulators 0 "$PATH" --emulator qemu-x86_64 --suite smoke --only '^(memcpy|ticket_lock)/' \
        --rounds 2 --blocks 2 --out "$work/qemu"
    has out 'say nothing about arm64'
    has out 'memcpy/bytes=8,size=16K,unaligned=no/threads=1 +[0-9]'
    grep -q '"emulator": "qemu-x86_64"' "$work/qemu/qemu-x86_64-default/machine.json" ||
        fail "the run does not name its emulator"
    # A block that leaves the emulator would be fast, and wrong: see spawn.c.
    if type -P zstd >/dev/null; then
        zstd -qdc "$work"/qemu/*/samples.jsonl.zst | grep -q '"layout":"inherited"' ||
            fail "blocks are programs of their own, which QEMU does not emulate"
    fi
    grep -o 'TSO-forbidden outcomes in [0-9]*' "$work/out" | grep -qv ' 0$' || fail "no proof"
fi

finish
