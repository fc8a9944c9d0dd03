#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench report on runs that were made up: what it says of each kind of machine, that it says
# the same again, and what it does with bad input and without gnuplot.
#
# NATIVE: the same digits
. "$SOURCE_DIR/tests/lib.sh"

# report STATUS ARGUMENT...: leaves out and err.
report() { ends "$1" report "${@:2}"; }
# says TEXT: the output does, wherever its lines break.
says() { tr '\n' ' ' <"$work/out" | grep -qE -- "$1" || fail "no '$1' in the output"; }

# make NAME OPTION...: a run directory.
make() {
    local dir=$work/$1
    mkdir -p "$dir"
    cat >"$dir/machine.json" <<'JSON'
{"cpus": [{"cpus": "0-7", "name": "Made-up Core"}], "caches": {"l2_bytes": 1048576},
 "memory": {"page_kib": 4}, "system": {"kernel": "6.1.0"}, "virtualization": {"hypervisor": "KVM"}}
JSON
    shift
    awk -f "$SOURCE_DIR/tests/fakes/fake-run" "$@" >"$dir/samples.jsonl"
}
# matrix NAME OPTION...: its matrix.json.
matrix() {
    local dir=$work/$1
    shift
    awk -f "$SOURCE_DIR/tests/fakes/fake-matrix" "$@" >"$dir/matrix.json"
}
make x86
make arm -v machine=arm
make weak -v machine=weak -v blocks=1
make buffer -v machine=arm -v buffer=1
make counted -v machine=arm -v events=1
sed -i '$s/}$/,/' "$work/counted/machine.json"
cat >>"$work/counted/machine.json" <<'JSON'
 "pmu_selftest": [
  {"pmu": "made_up", "event": "LD_SPEC", "loop": "loads", "expected": 1000, "counted": 1001,
   "error": 0.001, "trusted": true, "reason": null},
  {"pmu": "made_up", "event": "ST_SPEC", "loop": "stores", "expected": 1000, "counted": 0,
   "error": 1, "trusted": false, "reason": "counts nothing"}],
 "pmu_overhead": {"user_ns": 20, "syscall_ns": 300}}
JSON
make crowded -v crowded=3
make emulated -v source=emulated -v blocks=2 -v rounds=10
matrix x86 -v cpus=2
matrix arm -v cpus=64 -v keep=70 -v model=tso -v lowerings="ldapr-stlr dmb-risotto"
matrix weak -v cpus=8 -v cluster=2 -v model=weak -v lowerings="ldapr-stlr dmb-risotto"
matrix emulated -v cpus=2 -v source=emulated

# A neighbour on the core in one block of each set; and what is set in its environment.
sed -i '$s/}$/, "environment": [{"name": "BOX64_PROFILE", "value": "safest"}, {"name": "FEX_A", "value": "1"}]}/' \
    "$work/crowded/machine.json"
report 0 --no-plots "$work/crowded"
says 'environment: BOX64_PROFILE=safest, FEX_A=1'
says 'Issue width: 4\.90 additions a cycle at best; in [0-9]+ of [0-9]+ blocks under 93%'
has crowded/report.txt 'crowded=1( |$)'
report 0 --no-plots "$work/x86"
says 'in 0 of [0-9]+ blocks under 93%'
hasnot x86/report.txt 'crowded'

# Counted: four fifths of what a lowering costs are stalls for memory, by construction; what the
# self-test refused is nowhere; and where nothing was counted, nothing is said of it.
report 0 --no-plots "$work/counted"
has counted/report.txt ' dmb-full +weak .* STALL_BACKEND_MEM \+[0-9.]+ of \+[0-9.]+ cycles'
has counted/report.txt 'Not trusted on this core: ST_SPEC, in the loop .stores.: counts nothing'
has counted/report.txt '^dmb-full +weak +[0-9.]+ +10\.02 +3\.34 +1\.67$'
awk -F '\t' '$2 == "dmb-full" && $5 ~ /^(cycles|STALL_BACKEND_MEM)$/ { moved[$1, $5] = $6 - $7 }
    $2 == "dmb-full" && $5 == "DMB_SPEC" && !($7 == 0 && $6 > 0) { exit 1 }
    $5 == "ST_SPEC" { exit 1 }
    END {
        for (key in moved) {
            split(key, part, SUBSEP)
            share = moved[part[1], "STALL_BACKEND_MEM"] / moved[part[1], "cycles"]
            if (share < 0.78 || share > 0.82) exit 1
        }
        exit length(moved) < 4
    }' "$work/counted/events.tsv" || fail "events.tsv is not what was put in"
report 0 --no-plots "$work/x86"
hasnot x86/report.txt 'Events per operation|STALL'
[[ ! -e $work/x86/events.tsv ]] || fail "events.tsv of a run without a PMU"

# TSO always: nothing to switch; what SC costs, the ratios that were put in.
report 0 --no-plots "$work/x86"
has out 'TSO tax +n/a .*TSO always'
has out 'software TSO +n/a'
has out 'portable rewrite +n/a'
has out 'SC over TSO: sc-mfence .* [0-9.]+ load_latency to 27\.1 store_throughput'
has out 'load_latency +L1 .*= 1\.000 \[[0-9.]+, [0-9.]+\] +1\.180'
says 'Made-up Core \(guest of KVM\); Linux 6\.1\.0; 4 KiB pages'
says 'mode fixed-tso: 0 TSO-forbidden outcomes in [0-9]+ litmus'
says 'measured 2026-11-22'
says 'seed 0x1 '
says 'A/A: [0-9.]+% of [0-9]+ intervals'
awk 'length > 100' "$work/out" | grep -q . && fail "text wider than 100 columns"
[[ $(awk -F '\t' '{ print NF }' "$work/x86/summary.tsv" | sort -u) == 18 ]] || fail "not 18 columns"
has x86/summary.tsv '^set.*\smetric\s'
[[ $(awk -F '\t' '$2 == "ticket_lock" && $4 == 2 { print $16 }' "$work/x86/summary.tsv" | sort -u) == 0.75 ]] ||
    fail "the median of fairness is another"
has x86/report.txt 'cycles/op +fairness +ratio'
[[ $(grep -cE 'cycles/op +fairness' "$work/x86/report.txt") == 1 ]] || fail "fairness of what is no lock"
has x86/report.txt 'load_throughput +bytes=8,footprint=L1 +2\.9'
has x86/report.txt 'failed=SIGILL'
has x86/report.txt 'skipped=needs_16_CPUs,_has_8'
has x86/report.txt '^memcpy +[0-9a-z]+,16K +libc +0\.97[0-9]* \['
hasnot x86/report.txt 'unsound'

# A switch: three numbers, and nothing unsound without the word.
report 0 --no-plots "$work/arm"
has out 'TSO tax \(plain, tso / weak\) +1\.0'
has out 'software TSO, ldapr-stlr +1\.70'
has out 'portable rewrite, native +0\.9'
says 'mode weak: [1-9][0-9]* TSO-forbidden'
has arm/report.txt 'skipped=this_CPU_has_no_FEAT_LRCPC2'
awk -F '\t' '$5 == "plain" && $7 == "weak"' "$work/arm/summary.tsv" | grep -qv unsound &&
    fail "plain under weak without the word unsound"
grep -E '^ +plain +weak|^ +plain weak' "$work/arm/report.txt" | grep -qv unsound &&
    fail "a table lists plain under weak without the word unsound"

# From core to core: each pair where they are few, else what they come to.
has x86/report.txt '^0-1 +plain +fixed-tso +4[0-9.]+ \[[0-9.]+, [0-9.]+\]'
has x86/report.txt 'A/A: all 1 intervals'
has arm/report.txt '[0-9]+ of 2016 pairs'
hasnot arm/report.txt '^0-1 +plain'
report 0 --no-plots "$work/weak"
has weak/report.txt 'plain unsound \(MP\) +weak +21[0-9.]+ +9[0-9.]* to 2[12]'
# A pair whose A/A interval does not hold 1 is named, and so is one that was skipped.
cp -r "$work/x86" "$work/apart"
sed -i -E 's/("ratio":\[\[1,[^]]*\],)\[[^]]*\]/\1[1.2,1.1,1.3]/' "$work/apart/matrix.json"
report 0 --no-plots "$work/apart"
tr '\n' ' ' <"$work/apart/report.txt" >"$work/out"
has out 'on 1 of 1 pairs the interval .* does not hold 1: 0-1 \(1\.200 \[1\.100, 1\.300\]\)'
sed -i -E 's/"blocks":8,"ns".*"wrong":\[[0,]*\]/"skipped":"cannot pin"/' "$work/apart/matrix.json"
report 0 --no-plots "$work/apart"
has apart/report.txt 'Skipped: 1 pairs, the first 0-1: cannot pin'
hasnot apart/plot.tsv 'matrix'

# Weak only: its baseline is unsound, and one block is flagged.
report 0 --no-plots "$work/weak"
has out 'TSO tax +n/a .*no TSO mode'
has out 'ldar-stlr / plain \(unsound\)'
has weak/summary.tsv 'one-block'

# Other sources say so, and are never in one table with measured samples.
report 0 --no-plots "$work/emulated"
says '; emulated 2026'
hasnot out 'measured'
tables=$(grep -cE '^(number|kernel|bytes|at) ' "$work/emulated/report.txt")
words=$(grep -c '^Emulated: .* mean nothing' "$work/emulated/report.txt")
((tables > 5 && words >= tables - 2)) || fail "an emulated table without the words"
hasnot x86/report.txt 'mean nothing'
# A page size that was not verified is none.
mkdir "$work/pages" && cp "$work/x86/machine.json" "$work/pages"
sed 's/"page_kib":4,/"page_kib":0,/' "$work/x86/samples.jsonl" >"$work/pages/samples.jsonl"
report 0 --no-plots "$work/pages"
says 'page size not verified'
hasnot out ' 0 KiB'
{ grep -v '"type":"end"' "$work/emulated/samples.jsonl" && sed -n 's/"block":0/"block":9/p' "$work/x86/samples.jsonl"; } \
    >"$work/mixed.jsonl"
mkdir "$work/mixed" && mv "$work/mixed.jsonl" "$work/mixed/samples.jsonl"
report 1 --no-plots "$work/mixed"
has err 'a sample that is measured in a run that is emulated'

# The same samples, the same bytes: again, in another folder and locale, compressed.
cp -r "$work/x86" "$work/packed"
rm "$work/packed"/{summary.tsv,report.txt,plot.tsv}
if command -v zstd >/dev/null; then zstd -q --rm "$work/packed/samples.jsonl"; fi
LC_ALL=C.UTF-8 report 0 --no-plots "$work/packed"
for file in summary.tsv plot.tsv; do
    cmp -s "$work/x86/$file" "$work/packed/$file" || fail "$file differs when made again"
done
# The planted fault: one digit of one sample, and the summary is another.
sed -i '0,/"ticks":\[[0-9]*/s/"ticks":\[[0-9]*/&0/' "$work/emulated/samples.jsonl"
cp "$work/emulated/summary.tsv" "$work/before.tsv"
report 0 --no-plots "$work/emulated"
cmp -s "$work/before.tsv" "$work/emulated/summary.tsv" && fail "a changed sample changes nothing"

# Elsewhere, several at once, markdown.
before=$(cd "$work/x86" && cat -- * | cksum)
report 0 --no-plots -o "$work/other" --format markdown "$work/x86/" "$work/arm"
[[ $before == "$(cd "$work/x86" && cat -- * | cksum)" ]] || fail "-o touched the run directory"
[[ -s $work/other/$(basename "$work")/arm/report.txt ]] || fail "-o did not keep two runs apart"
has out '^\| SC over TSO: sc-xchg \|'
has out '^## Made-up Core \(guest of KVM\), quick, 2026-11-22$'
has out "^!\[.*\]\($work/arm/headline\.png\)"
has out "; \[bandwidth.*\]\($work/arm/bandwidth\.png\)|Figures: \[bandwidth.*\]\($work/arm/bandwidth\.png\)"
[[ $(grep -c '^<details>' "$work/out") == 2 && $(grep -c '^</details>' "$work/out") == 2 ]] ||
    fail "the tables are not folded"

# RESULTS.md: what is known of each core, then a section for the best run of each machine; the others
# are listed, and no heading stands twice.
for run in x86 arm; do
    sed -i "s/^{/{\"machine\": \"made-up-$run\", /" "$work/$run/machine.json"
done
cp -r "$work/arm" "$work/smaller" && sed -i 's/"suite":"quick"/"suite":"smoke"/' "$work/smaller/samples.jsonl"
cp -r "$work/arm" "$work/part" && sed -i 's/"only":null/"only":"memcpy"/' "$work/part/samples.jsonl"
report 0 --no-plots -o "$work/results" --format results "$work"/{smaller,part,arm,x86}
has out '^\| Made-up Core .*\| n/a: always TSO \| n/a: always TSO \| n/a: always TSO \| measured here: quick, 2026-11-22 \|'
has out '^\| Made-up Core .*\| 1\.0[0-9]* \[.* \(1.* to 1\..* over 7 kernels\) \| ldapr-stlr 1\.70.* \| native 0\.9'
has out '^\| Apple M1 Ultra \| 1\.09, SPEC.*\| published: tosting_2023 \|'
has out '^\| tosting_2023 \|'
has out '^<summary>2 further runs</summary>'
has out '^- \[Made-up Core .*, smoke, .*\(a smaller suite\)'
has out '^- \[Made-up Core .*/part/report.txt\) \(a part of the suite\)'
has out '^## Made-up Core \(guest of KVM\), quick, 2026-11-22, made-up-x86$' # two of one name
[[ $(grep -c '^## Made-up' "$work/out") == 2 ]] || fail "not a section a machine"
if type -P python3 >/dev/null; then
    sed -E 's/\]\([^)]*\)/]/g' "$work/out" >"$work/results.md"
    "$SOURCE_DIR/scripts/documents" "$work/results.md" || fail "headings"
fi

# Plots: all figures in all formats, without a word on stderr; a missing gnuplot is status 3 with
# the tables made; one that fails is 1.
if command -v gnuplot >/dev/null; then
    for run in x86 arm weak; do
        report 0 "$work/$run"
        [[ ! -s $work/err ]] || fail "plots of $run: $(head -n 3 "$work/err")"
        for plot in headline bandwidth threads sensitivity matrix; do
            has "$run/$plot.svg" '</svg>'
            has "$run/$plot.svg" 'Made-up Core'
            has "$run/$plot.txt" 'is better'
            [[ $(head -c 8 "$work/$run/$plot.png" | tail -c 7 | head -c 3) == PNG ]] ||
                fail "$run/$plot.png is no PNG"
        done
    done
    has arm/headline.svg 'unsound'
    hasnot x86/headline.svg 'unsound'
    # Kernels that compare only forms are in the tables, and in no headline, mean or figure.
    report 0 "$work/buffer"
    hasnot out 'load_forms'
    has out 'mean of 9 kernels'
    has buffer/report.txt 'made-up form +tso .* 1\.70'
    hasnot buffer/headline.svg 'load_forms'
    hasnot buffer/sensitivity.svg 'load_forms'
    has buffer/fence_cost.svg 'fence after stores in L1'
    has buffer/knee.svg 'stores, stride unit, in L1'
    # Each figure is drawn alone from a run directory by its one script.
    report 0 "$work/counted"
    for picture in "$work"/{arm,buffer,counted}/*.svg; do
        plot=$(basename "$picture" .svg)
        gnuplot -e "run='$(dirname "$picture")'; terminal='svg'" "$SOURCE_DIR/plots/$plot.gp" \
            >"$work/alone.svg" 2>"$work/err"
        cmp -s "$work/alone.svg" "$picture" || fail "$plot.gp alone draws another picture"
    done
    [[ -s $work/counted/stalls.svg ]] || fail "no figure of stalls"
    [[ ! -e $work/arm/stalls.svg ]] || fail "a figure of stalls that nobody counted"
fi
mkdir "$work/bin" "$work/empty"
printf '#!/bin/sh\nexit 1\n' >"$work/bin/gnuplot"
chmod +x "$work/bin/gnuplot"
PATH=$work/bin:$PATH report 1 -o "$work/third" "$work/x86"
has err 'gnuplot failed'
if [[ $TSOBENCH == "$TSOBENCH_BINARY" ]]; then # an emulator has to be found
    rm -rf "$work/third"
    PATH=$work/empty report 3 -o "$work/third" "$work/x86"
    [[ -s $work/third/summary.tsv && -s $work/third/report.txt ]] || fail "no tables without gnuplot"
fi

# Bad input.
report 2
report 2 "$work/nothing"
has err 'no samples to read'
report 2 --no-plots --format htlm "$work/x86"
has err "nearest: \`html'"
report 2 --format tsv "$work/x86" "$work/arm"
has err 'is of one run'
report 2 --no-plot5 "$work/x86"
has err "nearest: \`--no-plots'"
report 2 --no-plots -o /proc/nothing "$work/x86"
[[ $(wc -l <"$work/err") == 1 ]] || fail "more than one line: $(cat "$work/err")"
report 0 --manual
has out 'EXIT STATUS'

finish
