#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench recommend on runs that were made up, in which what is cheapest, sound, a tie or missing
# was planted; and on a run of this project.
#
# NATIVE: the same digits
. "$SOURCE_DIR/tests/lib.sh"
need python3
export TSOBENCH_TRACES=$work # where none are

# recommend STATUS ARGUMENT...: leaves out and err.
recommend() { ends "$1" recommend "${@:2}"; }
# look EXPRESSION...: whether they hold in Python of the JSON printed last.
look() {
    python3 - "$work/out" "$@" <<'END' || fail "not so: $*"
import json, sys
run = json.load(open(sys.argv[1]))
op = {it["operation"]: it for it in run["operations"]}
combination = {it["combination"]: it for it in run["combinations"]}
emit = {name: it["emit"] and it["emit"]["sequence"] for name, it in op.items()}
options = {name: {(o["sequence"], o["model"]): o for o in it["options"]} for name, it in op.items()}
wrong = [text for text in sys.argv[2:] if not eval(text)]
for text in wrong:
    print("FAIL: not so:", text)
sys.exit(1 if wrong else 0)
END
}
# make NAME ARCHITECTURE OPTION...: a run of the forms on stdin.
make() {
    local dir=$work/$1
    mkdir -p "$dir"
    printf '{"architecture": "%s", "cpus": [{"cpus": "0-7", "name": "Made-up Core"}]}' "$2" \
        >"$dir/machine.json"
    cat >"$dir/forms"
    awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v blocks=8 -v rounds=12 -v forms="$dir/forms" "${@:3}" \
        >"$dir/samples.jsonl"
}

# ---- a weak core: plain is cheapest and unsound; STLR is dear, DMB ISHST cheap but for CMPXCHG ----

weak() {
    cat <<FORMS
load_forms access=8,measure=throughput 0.3 ldur=1 ldar=1.9 ldapr=1.3 ldr+dmb.ishld=4 dmb.ishld+ldr=0.9
load_forms access=8,measure=latency 1.2 ldar=1.5 ldapr=1.02
store_forms access=8,measure=throughput 0.3 stlr=$1 dmb.ishst+str=2 dmb.ish+str=6 str+dmb.ish=1.2
load_forms access=8-over16,measure=throughput 0.4 ldr+dmb.ishld=3
rmw_forms access=8,measure=latency 4 cas=1 casal=2 casal:fails=1.9 ldaddal=1.5 staddl=0.7
fence_forms after=store 0.5 dmb.ish=9 dmb.ishst=2 isb=1.1
FORMS
}
weak 8 | make barrier aarch64 -v machine=weak
recommend 0 "$work/barrier" --json
look 'run["goal"] == "x86-TSO" and run["plain_model"] == "weak"' \
    'run["cheapest"] == "barrier"' \
    'emit["LOAD"] == "ldapr" and emit["STORE"] == "dmb.ishst+str" and emit["FENCE"] == "dmb.ish"' \
    'op["LOAD"]["next"]["sequence"] == "ldar" and not op["LOAD"]["tie"]' \
    '1.29 < op["LOAD"]["emit"]["over_plain"][0] < 1.31' \
    '0.17 < op["LOAD"]["next_costs_ns"][0] < 0.19' \
    '1.0 < op["LOAD"]["emit"]["latency_over_plain"][0] < 1.04' \
    'op["LOAD"]["emit"]["over_plain"][1] < 1.3 < op["LOAD"]["emit"]["over_plain"][2]'
# A failing CASAL is no barrier after plain stores: a DMB ISH stands before it, as a sum.
look 'emit["CMPXCHG"] == "dmb.ish, casal" and op["CMPXCHG"]["emit"]["sum"]' \
    '2.9 < op["CMPXCHG"]["emit"]["over_plain"][0] < 3.1' \
    'emit["ADD"] == "ldaddal" and not options["ADD"]["staddl", "weak"]["sound"]' \
    'emit["EXCHANGE"] is None and emit["VECTOR_LOAD"] is None' \
    'emit["LOAD_OVER16"] == "ldr+dmb.ishld"'
# Cheaper, and unsound: never emitted.
look 'all(o["sound"] for o in [it["emit"] for it in op.values()] if o)' \
    'not options["LOAD"]["ldur", "weak"]["sound"] and not options["FENCE"]["isb", "weak"]["sound"]' \
    'not options["STORE"]["str+dmb.ish", "weak"]["sound"]'
# Sound elsewhere only: a barrier before each load goes with no store but those behind loads.
look 'options["LOAD"]["dmb.ishld+ldr", "weak"]["sound_in"] == ["leading"]' \
    'not combination["leading"]["complete"] and "LOAD_OVER16" in combination["leading"]["missing"]' \
    'combination["hardware"]["refused"]' 'run["core"] is None'
# What is known of the core's misses stands beside it.
cp "$SOURCE_DIR/tests/data/core.json" "$work/barrier"
recommend 0 "$work/barrier" --json
look 'run["core"] == ["Misses of stores overlap."]'
recommend 0 "$work/barrier"
has out '^Misses of stores overlap'
rm "$work/barrier/core.json"
recommend 0 "$work/barrier"
hasnot out 'Accesses that miss'
has out '^load +ldapr +0\.39'
has out 'vector load +n/a'
has out 'unsound: MP'

# The same with a cheap STLR: another combination, and CASAL as it is.
weak 1.4 | make release aarch64 -v machine=weak
recommend 0 "$work/release" --json
look 'run["cheapest"] == "release" and emit["STORE"] == "stlr" and emit["CMPXCHG"] == "casal"' \
    'combination["barrier"]["tie"]' # which may have the same loads and stores

# ---- the search finds what the rules find, and what they do not know: LDAPR needs no more before a
# store than a barrier behind each; by the user's counts it finds something else ----

recommend 0 "$work/barrier" --search --json
look 'run["searched"]["sound"][0]["uses"] == {"LOAD": "ldapr", "STORE": "str+dmb.ish", "ADD": "ldaddal", "CMPXCHG": "casal", "CMPXCHG_FAILS": "casal:fails", "FENCE": "isb"}' \
    'all(run["searched"]["sound"][1]["uses"].get(o, s) == s for o, s in combination["barrier"]["uses"].items())' \
    'run["searched"]["judged"] < run["searched"]["possible"] / 2' \
    'all(it["breaks"] for it in run["searched"]["cheaper_unsound"])' \
    'run["searched"]["cheaper_unsound"][0]["ns_over_cheapest"][2] < 0'
recommend 0 "$work/barrier" --search
has out '^cheapest +ldapr +str\+dmb\.ish +n/a +ldaddal +casal +isb'
has out '^unsound +plain .* MP$|^unsound .* MP$'
recommend 0 "$work/barrier" --search --counts load=1,Store=100,cmpxchg_fails=1 --json
look 'run["searched"]["sound"][0]["uses"]["STORE"] == "str+dmb.ish"' 'op["STORE"]["weight"] == 100'
recommend 2 "$work/barrier" --counts load=1,jump=2
has err "unknown operation .jump'"
recommend 2 "$work/barrier" --counts load=-1
recommend 2 "$work/barrier" --counts load=1 --trace zstd
recommend 2 "$work/barrier" --trace zstd
has err "no trace .zstd'"

# ---- intervals that do not tell them apart ----

make tie aarch64 -v machine=weak <<'FORMS'
load_forms access=8,measure=throughput 0.3 ldar=1.3 ldapr=1.3 ldr+dmb.ishld=4
store_forms access=8,measure=throughput 0.3 stlr=1.4 dmb.ishst+str=2
FORMS
recommend 0 "$work/tie" --json
look 'op["LOAD"]["tie"] and not op["STORE"]["tie"]'
recommend 0 "$work/tie"
has out '^load +lda(r|pr) .*tie: lda(r|pr)'

# ---- a core that can be switched: the mode is a combination like the others ----

switched() {
    cat <<FORMS
load_forms access=8,measure=throughput 0.3 plain=$1 ldapr=2 ldapr=2@tso
store_forms access=8,measure=throughput 0.3 plain=$1 stlr=2 stlr=3@tso
rmw_forms access=8,measure=latency 4 casal=2 casal=2@tso casal:fails=2 casal:fails=2@tso ldaddal=2@tso ldaddal=2
fence_forms after=store 0.5 dmb.ish=9 dmb.ish=9@tso
FORMS
}
switched 0.9 | make switched aarch64 -v machine=arm
recommend 0 "$work/switched" --json
look 'run["cheapest"] == "hardware" and run["plain_model"] == "weak"' \
    'emit["LOAD"] == "plain" and op["LOAD"]["emit"]["model"] == "tso"' \
    '1.10 < op["LOAD"]["emit"]["over_plain"][0] < 1.12' \
    'not options["LOAD"]["plain", "weak"]["sound"] and options["LOAD"]["plain", "tso"]["sound"]'
# A mode that the battery has disproved is none.
sed -i 's/"model":"tso","test":"MP","runs":1000,"relaxed":0/"model":"tso","test":"MP","runs":1000,"relaxed":5/' \
    "$work/switched/samples.jsonl"
recommend 0 "$work/switched" --json
look 'run["cheapest"] == "release" and "battery" in combination["hardware"]["refused"]'

# ---- 16 bytes at once: exclusives are the cheapest CMPXCHG16B, and sound with LDAR, STLR and other
# exclusives alone: not with LDIAPP, nor LDP and a barrier (llvm-project#81978) ----

sixteen() {
    weak 1.4 | grep -v over16
    cat <<FORMS
load_forms access=16,measure=throughput 0.4 ldp+dmb.ishld=2 ldiapp=1.5 ldaxp+stxp+cbnz=9 ldxp+stxp+cbnz=8
store_forms access=16,measure=throughput 0.4 dmb.ish+stp=5 stilp=2 ldxp+stlxp+cbnz=8
rmw_forms access=16,measure=latency 4 caspal=5 caspal:fails=5 ldaxp+cmp+ccmp+b.ne+stlxp+cbnz=1.1 ldaxp+cmp+ccmp+b.ne+stlxp+cbnz:fails=1.1 ldaxp+cmp+ccmp+csel+csel+stlxp+cbnz=1.2 ldaxp+cmp+ccmp+csel+csel+stlxp+cbnz:fails=1.2
FORMS
}
loops='ldaxp+cmp+ccmp+b.ne+stlxp+cbnz'
# Unions of what any combination would have one thread do.
never_mixed=('all(not c["uses"].get("CMPXCHG16B", "").startswith("ldaxp") or {c["uses"].get("LOAD16"), c["uses"].get("STORE16")} <= {None, "ldaxp+stxp+cbnz", "ldxp+stlxp+cbnz"} for c in run["combinations"])'
    'any(c["uses"].get("CMPXCHG16B", "").startswith("ldaxp") for c in run["combinations"])')
sixteen | make sixteen aarch64 -v machine=weak
sed -i 's/^{/{"features": ["FEAT_LSE", "FEAT_LSE2", "FEAT_LRCPC3"], /' "$work/sixteen/machine.json"
recommend 0 "$work/sixteen" --json
look "${never_mixed[@]}" 'run["cheapest"] == "release" and emit["CMPXCHG16B"] == "caspal"' \
    'emit["LOAD16"] == "ldiapp" and emit["STORE16"] == "stilp"' \
    "combination[\"rcsc\"][\"uses\"][\"CMPXCHG16B\"] == \"$loops\"" \
    'combination["rcsc"]["uses"]["LOAD16"] == "ldaxp+stxp+cbnz"' \
    'emit["VECTOR_LOAD"] is None' # a pair of registers is no vector
# What is two accesses here is sound nowhere.
sed -i 's/"FEAT_LSE2", //' "$work/sixteen/machine.json"
recommend 0 "$work/sixteen" --json
look "${never_mixed[@]}" 'emit["LOAD16"] == "ldaxp+stxp+cbnz" and emit["STORE16"] == "ldxp+stlxp+cbnz"' \
    'options["LOAD16"]["ldiapp", "weak"]["torn_without"] == "FEAT_LSE2"' \
    'not options["LOAD16"]["ldp+dmb.ishld", "weak"]["sound"]' \
    'combination["rcsc"]["uses"]["CMPXCHG16B"] == "ldaxp+cmp+ccmp+csel+csel+stlxp+cbnz"'
recommend 0 "$work/sixteen"
has out 'ldiapp .*unsound: two accesses without FEAT_LSE2'

# ---- traces: they say how often what comes, and what a model predicts is held against replays ----

traced() {
    weak 8
    cat <<FORMS
load_forms access=16,measure=throughput 0.3 ldr+dmb.ishld=4
store_forms access=16,measure=throughput 0.3 dmb.ishst+str=4 dmb.ish+str=6
trace_replay trace=zstd,window=0,arena=private,addressing=folded 0.5 fex-lrcpc=1.4 risotto=1.9
trace_replay trace=sqlite,window=0,arena=private,addressing=folded 0.5 fex-lrcpc=1.7 risotto=2.1
FORMS
}
if compgen -G "$SOURCE_DIR/traces/*.trace" >/dev/null; then
    traced | make traced aarch64 -v machine=weak
    recommend 0 "$work/traced" --json --traces "$SOURCE_DIR/traces"
    look 'len(run["traces"]) >= 6 and "traces" in run["weights_from"]' \
        '10 < op["LOAD"]["weight"] < 60 and op["VECTOR_LOAD"]["weight"] > 0' \
        'all(c["code"] != "qemu" or not c["sound"] for t in run["traces"] for c in t["codes"])'
    # shellcheck disable=SC2086
    $TSOBENCH report --traces "$SOURCE_DIR/traces" "$work/traced" >"$work/out" 2>&1
    has traced/report.txt '^Traces: predicted against measured'
    has traced/report.txt '^zstd.* risotto +sound +1\.9'
    has traced/report.txt 'Error of the predictions: median [0-9.]+%; [0-9]+ of 4 '
    has traced/plot.tsv '^# prediction panels\.'
    has traced/plot.tsv '^# replays panels\.'
    ! type -P gnuplot >/dev/null || has traced/prediction.svg 'all traces'
    traced | grep trace_replay | make replays aarch64 -v machine=weak
    # shellcheck disable=SC2086
    $TSOBENCH report --no-plots --traces "$SOURCE_DIR/traces" "$work/replays" >"$work/out" 2>&1
    has replays/report.txt 'Nothing is predicted'
    has replays/report.txt '^zstd.* 1\.9.*n/a'
    ! grep -w nan "$work/replays/report.txt" || fail "nan in a report without instruction kernels"
fi
# ---- a run without intervals has values that differ or not ----

run=$(grep -lE $'\tldapr\t' "$SOURCE_DIR"/results/gem5-*/*/summary.tsv 2>/dev/null | sed -n '1s/\/summary\.tsv$//p')
if [[ $run ]]; then
    recommend 0 "$run"
    ! grep -w nan "$work/out" || fail "nan in what is recommended"
    has out '^release +\+[0-9.]+ +\+[0-9.]+$'
    [[ $(grep -c '^ *ldapur  *n/a' "$work/out") == 1 ]] || fail "a skip is not listed once"
fi
recommend 2 "$work/barrier" --traces "$work/release"
has err 'no trace in'

# ---- x86-64, and what is no such run ----

make x86 x86_64 -v machine=x86 <<'FORMS'
load_forms access=8,measure=throughput 0.3 mov+lfence=9 mfence+mov=20
store_forms access=8,measure=throughput 0.3 xchg=30 mov+mfence=20 mov+lock.add=25 mov+sfence=2
fence_forms after=store 0.5 mfence=40 lock.add=20 lfence=3
load_forms access=16,measure=throughput 0.3 movdqa=1 vmovdqa=1 lock.cmpxchg16b=30
rmw_forms access=16,measure=latency 0.5 lock.cmpxchg16b=30 lock.cmpxchg16b:fails=25
FORMS
recommend 0 "$work/x86" --json
look 'emit["LOAD"] == "plain" and emit["STORE"] == "mov+mfence" and emit["FENCE"] == "lock.add"' \
    'not options["FENCE"]["lfence", "fixed-tso"]["sound"]' \
    'emit["CMPXCHG16B"] == "lock.cmpxchg16b" and emit["LOAD16"] == "lock.cmpxchg16b"' \
    'options["LOAD16"]["movdqa", "fixed-tso"]["torn_without"] == "AVX"'
sed -i 's/^{/{"features": ["AVX"], /' "$work/x86/machine.json"
recommend 0 "$work/x86" --json
look 'emit["LOAD16"] in ("movdqa", "vmovdqa")'
recommend 0 "$work/x86" --search --json
look 'run["searched"]["sound"][0]["uses"]["STORE"] == "mov+mfence"' \
    'run["searched"]["cheaper_unsound"][-1]["breaks"] == "SB"'
recommend 2 "$work/none"
recommend 2
mkdir "$work/lowerings"
cp "$work/x86/machine.json" "$work/lowerings"
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v blocks=2 -v rounds=4 >"$work/lowerings/samples.jsonl"
recommend 2 "$work/lowerings"
has err 'no set of single instructions'
echo '{}' >"$work/x86/machine.json"
recommend 2 "$work/x86"
has err 'does not say the architecture'
[[ $(wc -l <"$work/err") == 1 ]] || fail "more than a line"

finish
