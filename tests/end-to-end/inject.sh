#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# A received run directory is data: hostile texts in each string of each file of a run, and in the
# names of directories, for each form of a report. Nothing of them is executed, is markup, steers a
# terminal or breaks a row.
#
# COST: 60
# NATIVE: the same code
. "$SOURCE_DIR/tests/lib.sh"
need python3
turns=5 # as many as tests/fakes/hostile has payloads without control characters
mark=$work/executed

# Made once: a switch, counted events, a matrix, a core, and files that nobody reads, with texts in all.
mkdir "$work/run"
cat >"$work/run/machine.json" <<'JSON'
{"machine": "made-up", "source": "measured", "product": "a", "architecture": "aarch64",
 "cpus": [{"cpus": "0-7", "name": "Made-up Core", "signature": "0x1"}], "cores": 8,
 "caches": {"l2_bytes": 1048576}, "features": ["FEAT_LSE"], "features_absent": ["FEAT_LRCPC2"],
 "errata": [{"erratum": 1, "core": "b", "effect": "c"}], "perf": {"event_paranoid": 2},
 "memory": {"page_kib": 4, "transparent_huge_pages": "always"},
 "system": {"kernel": "6.1.0", "kernel_version": "#1 SMP", "libc": "glibc", "isolated_cpus": "1"},
 "environment": [{"name": "FEX_X", "value": "1"}],
 "virtualization": {"hypervisor": "KVM", "evidence": "d", "emulator_settings": "X=1"},
 "memory_model": {"available": ["weak", "tso"], "state": "weak", "because": "it can be switched"},
 "clock": {"counter": "CNTVCT_EL0", "measured_hz": 2100000000, "step_ns": 0.5, "overhead_ns": 20,
  "kernel_source": "arch"},
 "frequency": {"driver": "e", "governor": "performance"}, "pmus": [{"name": "made_up", "type": 8}],
 "missing": [{"what": "a PMU", "why": "f", "how": "g"}],
 "pmu_selftest": [{"pmu": "made_up", "event": "ST_SPEC", "loop": "stores", "expected": 1000,
                   "counted": 0, "error": 1, "trusted": false, "reason": "counts nothing"}],
 "pmu_overhead": {"user_ns": 20, "syscall_ns": 300},
 "run": {"version": "0.1.0", "git": "0000000", "compiler": "GNU 12", "kernel_flags": "-O2",
  "footprints": {"L1": 16384, "DRAM": "too little memory"}, "cpus": [0, 1], "ticks_per_ns": 2.1,
  "missing": "h"}}
JSON
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v machine=arm -v blocks=1 -v rounds=10 -v events=1 \
    >"$work/run/samples.jsonl"
awk -f "$SOURCE_DIR/tests/fakes/fake-matrix" -v cpus=4 -v model=tso >"$work/run/matrix.json"
cp "$SOURCE_DIR/tests/data/core.json" "$work/run"
for file in switch.json backpatch.json benchmark.json; do
    echo '{"machine": "made-up", "rows": [{"name": "a", "reason": "b"}]}' >"$work/run/$file"
done
printf 'lowering\tops\nplain\t12\n' | tee "$work/run/counts.tsv" >"$work/run/harness.tsv"

# safe WHAT: nothing was executed.
safe() {
    [[ ! -e $mark ]] || fail "$1: something of the run was executed"
    rm -f "$mark"
}

# looks WHAT [FORMAT FILE]...: as the format wants it, whatever was in the run.
looks() {
    python3 "$SOURCE_DIR/tests/fakes/hostile-output" "${@:2}" >"$work/said" || fail "$1: $(<"$work/said")"
}

# in_forms WHAT DIRECTORY STATUS FORM...: each form ends so; a capital one with its figures.
in_forms() {
    local what=$1 directory=$2 want=$3 form plots status files=()
    shift 3
    for form; do
        status=0 plots=--no-plots
        [[ $form == "${form,,}" ]] || plots=
        form=${form,,}
        # shellcheck disable=SC2086 # an emulator and a program
        $TSOBENCH report --format "$form" $plots "$directory" >"$work/$form" 2>"$work/$form.err" ||
            status=$?
        [[ " $want " == *" $status "* ]] ||
            fail "$what, $form: status $status: $(head -c 600 "$work/$form.err")"
        safe "$what, $form"
        files+=(errors "$work/$form.err")
        [[ $status != 0 ]] || files+=("$form" "$work/$form")
    done
    looks "$what" "${files[@]}"
}

# What the payloads do to a figure whose texts are a part of its script: the planted fault.
if type -P gnuplot >/dev/null; then
    for text in "\`touch $mark\`" "\"; system(\"touch $mark\"); x = \""; do
        echo "caption = \"$text\"" >"$work/old.gp"
        gnuplot "$work/old.gp" 2>/dev/null
        [[ -e $mark ]] || fail "a payload that does nothing: $text"
        rm -f "$mark"
    done
fi
# No script executes what it reads.
grep -nE 'eval|system|`|\b(call|exec)\b|load run|load file|@' "$SOURCE_DIR"/plots/*.gp |
    grep -vE ':[0-9]+:#|@columns |@drawing ' && fail "the above"

# hostile TURN [FIELD...]: makes $work/hostile of the run.
hostile() { python3 "$SOURCE_DIR/tests/fakes/hostile" "$work/run" "$work/hostile" "$1" "$mark" "${@:2}"; }

# Each kind of text alone: some are refused, in others any text may stand.
in_forms "the run itself" "$work/run" 0 tsv
[[ ! -s $work/tsv.err ]] || fail "the run itself: $(<"$work/tsv.err")"
hostile each
fields=() free=() files=()
for directory in "$work"/hostile/*; do
    field=$(basename "$directory") status=0
    fields+=("$field")
    # shellcheck disable=SC2086 # an emulator and a program
    $TSOBENCH report --format mail --no-plots "$directory" >"$work/$field" 2>"$work/$field.err" ||
        status=$?
    ((status < 2)) || fail "$field: status $status"
    [[ -s $work/$field.err ]] || free+=("$field")
    files+=(text "$work/$field" errors "$work/$field.err")
done
safe "each field"
looks "each field" "${files[@]}"
echo "${#fields[@]} kinds of texts; any text may stand in ${#free[@]}: ${free[*]}"
((${#fields[@]} > 80 && ${#free[@]} > 30)) || fail "too few"

for ((turn = 0; turn < turns; turn++)); do
    hostile $turn "${free[@]}"
    in_forms "turn $turn" "$work/hostile" 0 "$( ((turn)) && echo text || echo TEXT)" markdown results mail \
        benchstat tsv HTML
    files=(tsv "$work/hostile/summary.tsv" tsv "$work/hostile/events.tsv"
        text "$work/hostile/report.txt")
    for picture in "$work"/hostile/*.svg; do
        [[ ! -e $picture ]] || files+=(svg "$picture")
    done
    for command in claims recommend check compare; do
        other=()
        [[ $command != compare ]] || other=("$work/run")
        # shellcheck disable=SC2086 # an emulator and a program
        $TSOBENCH $command "${other[@]}" "$work/hostile" >"$work/$command" 2>"$work/$command.err"
        safe "turn $turn, $command"
        files+=(text "$work/$command" errors "$work/$command.err")
    done
    looks "turn $turn" "${files[@]}"
done
# Control characters: in all of those, and in all texts.
hostile controls "${free[@]}"
in_forms "controls" "$work/hostile" "0 1" text markdown results mail HTML
hostile controls
in_forms "controls everywhere" "$work/hostile" "0 1" text HTML

# Names of directories.
number=0
# shellcheck disable=SC2016 # not here
for name in '`touch executed`' '<touch executed;' "it's \"so\"" $'new\nline\e[31m' '](<b>) %s|' \
    '$(touch executed)' '~' '|touch executed'; do
    place=$work/places/$((number++))
    mkdir -p "$place/$name"
    cp "$work/run"/{machine,matrix}.json "$work/run/samples.jsonl" "$place/$name"
    cd "$place" || exit 1
    in_forms "the name $name" "$name" 0 HTML
done
[[ -z $(find "$work/places" -name 'executed*') ]] || fail "the name of a directory was executed"

finish
