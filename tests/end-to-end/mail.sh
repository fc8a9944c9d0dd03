#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The mail form of a report: at most 72 columns of ASCII. Short it has at most 100 lines: the three
# numbers, a row a kernel, the proof, soundness, floors, and what is not known, with what would tell
# it. In full it has every item of the checklist with every question of it answered. Each rule has a
# planted fault that must be seen.
#
# NATIVE: the same digits
. "$SOURCE_DIR/tests/lib.sh"

# What each item of the checklist must answer; "|" between questions.
questions=(
    "kernel release|build|commit|config|page size|VHE|hypervisor|boot log"
    "cores|REVIDR|cluster, die|firmware|features|errata seen"
    "what the kernel said of the mode"
    "the mode's state|who else was in TSO mode"
    "disassembly attached|the code that ran|exact sequences|mappings checked by a model of memory"
    "reference beside the baseline|pair instructions|twin|QEMU-style barriers|LDAPR and STLR"
    "time|cycles|PMU read overhead|governor|frequency measured|thermal log"
    "pinned to CPUs|migration|preemptions|isolated CPUs|IRQ load|random address-space layout|page colour|prefault"
    "order|processes of a set|samples of a cell|estimate|outliers dropped|raw data|A/A floor|least effect|another day"
    "working sets|store-buffer level|what limits the loops"
    "instructions of identical code|backend stalls|DMB, RC_LD, RC_ST counts|store-order violations|multiplexed"
    "two chips|kinds of core|threads|negative results"
    "claim about emulators|traces of programs|mix of accesses|correctness of each variant"
    "sensitivity curves|means"
    "one command|suite bound by a licence|table in this mail|plots"
    "wording|macOS"
    "not shown"
)

# check FILE: what is wrong with a mail, a line each.
check() {
    local number question item
    LC_ALL=C grep -nP '[^\x20-\x7e]' "$1" | sed 's/^/not ASCII: /'
    awk 'length > 72 { print "wider than 72: " $0 }' "$1"
    for number in "${!questions[@]}"; do
        item=$(awk -v want="$((number + 1))." '/^ ?[0-9]+\. / { inside = $1 == want } inside' "$1" |
            tr -s '\n ' ' ')
        [[ $item ]] || echo "no item $((number + 1))"
        IFS='|' read -ra parts <<<"${questions[number]}"
        for question in "${parts[@]}"; do
            [[ $item =~ ${question}[^:\;]*:\ [^\;\ ] ]] ||
                echo "item $((number + 1)) does not answer: $question"
        done
    done
    for question in '\[95% interval\]' 'mode [a-z-]+: ' 'floors: A/A' 'Raw samples' 'lower is better' \
        '\|#'; do
        tr -s '\n ' ' ' <"$1" | grep -qiE -- "$question" || echo "nothing says: $question"
    done
}

# check_short FILE: the same of the short form.
check_short() {
    local words
    LC_ALL=C grep -nP '[^\x20-\x7e]' "$1" | sed 's/^/not ASCII: /'
    awk 'length > 72 { print "wider than 72: " $0 }
        END { if (NR > 100) print NR " lines" }' "$1"
    for words in 'mode [a-z-]+: ' 'floors: A/A' 'Raw samples' 'kernel +.*cheapest +its ratio' '^load_latency ' \
        'Comparisons: ' '--format mail --full' '^- firmware: [^ ]' '^- repeated on another day: [^ ]'; do
        { cat "$1" && tr -s '\n ' ' ' <"$1"; } | grep -qE -- "$words" || echo "nothing says: $words"
    done
}

# make NAME OPTION...: a run and its mails.
make() {
    mkdir "$work/$1"
    cat >"$work/$1/machine.json" <<'JSON'
{"cpus": [{"cpus": "0-7", "name": "Core made up", "signature": "0x00000001"}], "features": ["é"],
 "memory": {"page_kib": 4}, "system": {"kernel": "6.1.0"}, "virtualization": {"hypervisor": "KVM"}}
JSON
    [[ $* != *machine=arm* ]] || sed -i '1s/{/{"architecture": "aarch64", /' "$work/$1/machine.json"
    awk -f "$SOURCE_DIR/tests/fakes/fake-run" "${@:2}" >"$work/$1/samples.jsonl"
    # shellcheck disable=SC2086
    $TSOBENCH report --format mail --full "$work/$1" >"$work/$1.mail" || fail "no mail of $1"
    [[ $(check "$work/$1.mail") == "" ]] || fail "mail of $1: $(check "$work/$1.mail")"
    # shellcheck disable=SC2086
    $TSOBENCH report --format mail "$work/$1" >"$work/$1.short" || fail "no short mail of $1"
    [[ $(check_short "$work/$1.short") == "" ]] ||
        fail "short mail of $1: $(check_short "$work/$1.short")"
    [[ $(ls "$work/$1") == $'machine.json\nsamples.jsonl' ]] || fail "the mail left files"
}
make x86 -v machine=x86
make arm -v machine=arm
make emulated -v source=emulated
make big -v machine=arm -v big=1 -v blocks=3 -v rounds=10

# TSO and weak are proven apart, and unsound stands where it is.
grep -q 'plain .*weak .* unsound$' "$work/arm.mail" || fail "plain under weak without 'unsound'"
grep -q 'unsound' "$work/x86.mail" || fail "x86 does not say how much is unsound"
[[ $(grep -c 'mean nothing' "$work/emulated.mail") -ge 3 ]] || fail "emulated times without warning"
! grep -q 'mean nothing' "$work/x86.mail" || fail "measured times with a warning"

tr -s '\n ' ' ' <"$work/arm.mail" >"$work/line"
has line 'ldapr-stlr load = LDAPR, store = STLR, exchange = SWPAL,'
has line 'litmus tests against x86-TSO, by tsobench sound, plain unsound for every program'

# The short form: the cheapest sound lowering of each kernel, beside hardware TSO.
has arm.short '^software TSO, ldapr-stlr +1\.'
has arm.short '^TSO tax '
has arm.short '^store_throughput +1\.1[0-9]* \[1\.1[0-9]*, 1\.1[0-9]*\] ldapr-stlr +3\.[0-9]* \[3\.[0-9]*, 3\.[0-9]*\]$'
hasnot arm.short '^store_throughput .*(plain|dmb)'
has x86.short '^SC over TSO, sc-xchg'
has emulated.short 'mean nothing'
has arm.short '^Unsound, .*|plain weak in [0-9]+ \(MP\)'
has arm.short '^- VHE: dmesg'
hasnot x86.short 'VHE'
sed '5s/$/ and on and on and on and on and on and on and on and on and on and on/' \
    "$work/arm.short" >"$work/fault"
[[ $(check_short "$work/fault") == *"wider than 72"* ]] || fail "a wide line of a short mail was not seen"
{ cat "$work/arm.short" && seq 101; } >"$work/fault"
[[ $(check_short "$work/fault") == *" lines"* ]] || fail "a long mail was not seen"
grep -v '^- firmware' "$work/arm.short" >"$work/fault"
[[ $(check_short "$work/fault") == *"nothing says: ^- firmware"* ]] || fail "a gap was not seen"

# The planted faults: a wide line, a byte that is not ASCII, each item gone, an empty answer.
seen() { [[ $(check "$work/fault") == *"$1"* ]] || fail "the check did not see: $1"; }
sed '5s/$/ and on and on and on and on and on and on and on and on and on and on/' \
    "$work/x86.mail" >"$work/fault" && seen 'wider than 72'
sed '5s/$/é/' "$work/x86.mail" >"$work/fault" && seen 'not ASCII'
for number in $(seq "${#questions[@]}"); do
    sed -E "s/^ ?$number\. /    /" "$work/x86.mail" >"$work/fault" && seen "no item $number"
done
sed -z 's/thermal\([ \n]*\)log:[ \n]*no/thermal log:/' "$work/x86.mail" >"$work/fault" && seen 'thermal log'

# benchstat's lines: keys, units and results, and nothing else; as many results as samples.
# shellcheck disable=SC2086
$TSOBENCH report --format benchstat "$work/x86" >"$work/lines" || fail "no benchstat lines"
grammar='^$|^[a-z][^ A-Z:]*: .+$|^Unit [^ ]+ better=lower$'
grammar+='|^Benchmark[A-Z][^ ]*-[0-9]+ [0-9]+( [0-9.e+-]+ [a-z]+/op)+$'
grammatical() { ! LC_ALL=C grep -vqE -- "$grammar" "$1"; }
grammatical "$work/lines" || fail "not benchstat's grammar: $(grep -vE "$grammar" "$work/lines" | head -n 3)"
sed '20s/ns.op//' "$work/lines" >"$work/fault"
grammatical "$work/fault" && fail "a value without a unit was not seen"
# shellcheck disable=SC2086
samples=$($TSOBENCH report --format tsv "$work/x86" | awk -F '\t' 'NR > 1 { n += $10 } END { print n }')
[[ $samples == $(grep -c '^Benchmark.* ns/op .* cycles/op$' "$work/lines") ]] ||
    fail "not one line for each of $samples samples"

finish
