#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench import on simulations that were made up, then with faults planted in them; what report,
# claims, compare and check make of a run without intervals; and the counts against the code.
#
# NATIVE: the same code
. "$SOURCE_DIR/tests/lib.sh"
need python3 zstd
cd "$work" || exit 1

# import STATUS OUT FOLDERS: what it says stays in the file `said`.
import() {
    local status=0
    # shellcheck disable=SC2086 # TSOBENCH may be an emulator and a program, $3 is several words
    $TSOBENCH import --out "$2" --command 'scripts/simulate --core made-up' $3 >said 2>&1 || status=$?
    [[ $status == "$1" ]] || fail "import of $3: status $status, want $1: $(<said)"
}

# refused TEXT: the folders `bad`, whole but for one fault, are refused in one line, unwritten.
refused() {
    import 2 no "bad/0 bad/1 bad/2 bad/3 bad/4 bad/5"
    [[ $(wc -l <said) == 1 && $(<said) == *"$1"* ]] || fail "not refused for $1: $(<said)"
    [[ ! -e no ]] || fail "$1: something was written"
    rm -rf bad no
    cp -r good bad
}

# edit FILE PYTHON: lines of a file of JSON, each `line`, changed or dropped (None).
edit() {
    python3 - "$1" "$2" <<'END_PYTHON'
import json, sys
lines = [json.loads(text) for text in open(sys.argv[1])]
with open(sys.argv[1], "w") as file:
    for number, line in enumerate(lines):
        scope = {"line": line, "number": number}
        exec(sys.argv[2], scope)
        if scope["line"] is not None:
            file.write(json.dumps(scope["line"]) + "\n")
END_PYTHON
}

has() {
    grep -qE -- "$2" "$1" || fail "$1 lacks: $2"
}

"$SOURCE_DIR/tests/fakes/fake-simulation" good
cp -r good bad
import 0 run "good/0 good/1 good/2 good/3 good/4 good/5"

# ---- what kind of core it is: both models beside each other ----

python3 -c '
import json
core = json.load(open("run/core.json"))
assert core["models"] == ["weak", "tso"] and core["machine"] == "gem5-made-up", core
assert [(a["id"], a["model"]) for a in core["answers"]] == [
    ("store-buffer/STR", "weak"), ("store-buffer/STR", "tso"),
    ("store-overlap/STR", "weak"), ("store-overlap/STR", "tso")]
assert core["meaning"][0].startswith("Misses of ordered stores do not overlap in TSO mode"), core
assert core["meaning"][2].startswith("The store buffer of 16 entries"), core' || fail "core.json"
$TSOBENCH report --no-plots run >said
has <(tr '\n' ' ' <run/report.txt) 'Misses of ordered stores do not overlap in TSO mode'
edit bad/3/guest.jsonl 'if line["type"] == "core": line["core"]["answers"].pop()'
refused "the two cores were not asked the same"

# ---- a run without intervals ----

$TSOBENCH check run >said || fail "check: $(<said)"
$TSOBENCH report --no-plots run >said || fail "report: $(<said)"
has said '^TSO tax \(plain, tso / weak\) +1\.500 .* 1\.500$'
has said '^software TSO, ldar-stlr +1\.333 .* 2\.000$'
has said 'No intervals: the model is deterministic'
has <(tr '\n' ' ' <said) 'mode weak: 14 TSO-forbidden outcomes in 2000 litmus runs; mode tso: 0 TSO-forb'
has said '^locks +1\.5 '
! grep -qE '±|\[1\.|\[95%|nan' said || fail "an interval: $(grep -E '±|\[1\.|\[95%|nan' said)"
awk -F '\t' 'NR > 1 && ($14 != "" || $15 != "")' run/summary.tsv | grep -q . && fail "interval columns"
has run/summary.tsv $'\tplain\tall\tweak\tunsound\tsimulated\t1\t1\t2\t0.666667\t\t\t'
! grep -q 'one-block\|unproven\|nonlinear' run/summary.tsv || fail "flags: $(<run/summary.tsv)"
for form in mail benchstat html tsv; do
    $TSOBENCH report --no-plots --format "$form" run >said || fail "--format $form"
    ! grep -qwE 'nan|-nan' said || fail "nan in $form"
done
$TSOBENCH report --no-plots --format markdown run >said
has said 'scripts/simulate --core made-up'
$TSOBENCH claims run >said || fail "claims"
has said '\(simulated\)'
has said 'they have no intervals'
$TSOBENCH claims --json run | python3 -c '
import json, sys
conditions = [c for run in json.load(sys.stdin)["runs"] for claim in run["claims"]
              for c in claim["conditions"] if "value" in c]
assert conditions and all(c["low"] is None and c["high"] is None for c in conditions)' ||
    fail "claims --json"

# Store paths of one core become one row, from the least to the greatest, and a table by kernel that
# names the step that takes 2 % or more off the tax.
for path in serial hits pipelined; do
    "$SOURCE_DIR/tests/fakes/fake-simulation" "of-$path" "$path"
    import 0 "run-$path" "$(echo "of-$path"/{0..5})"
done
$TSOBENCH report --no-plots -o into --format results run-{hits,serial,pipelined} >said ||
    fail "report of store paths: $(<said)"
has said '^\| gem5.s core "made-up" \| simulated: between 1\.19 and 1\.50 \|'
has said '^\| load_throughput \| .* \| 1\.500 \| 1\.200 \| 1\.190 \| stores that hit \|$'
has said '^\| geometric mean \| .*\| 1\.500 \| 1\.200 \| 1\.190 \| stores that hit \|$'
has said '^## made-up core of store path pipelined \(simulated: gem5 0\.0\)'
[[ $(grep -c '(another store path)' said) == 2 && $(grep -c '^## .*(simulated' said) == 1 ]] ||
    fail "not a section a core: $(grep '^## ' said)"
# Of one that has other lowerings, too, is the section; one end of a number stands alone.
for job in 1 2 4 5; do
    edit "of-pipelined/$job/guest.jsonl" 'if line["type"] == "block":
    for it in (line, line["twice"]):
        it["cells"] = [cell for cell in it["cells"] if cell["lowering"] == "plain"]'
done
import 0 run-plain "$(echo of-pipelined/{0..5})"
$TSOBENCH report --no-plots -o into --format results run-{serial,plain} >said
has said '^\| gem5.s core "made-up" \| simulated: between 1\.19 and 1\.50 \| simulated: ldar-stlr 1\.33 '
has said '^## made-up core of store path serial \(simulated: gem5 0\.0\)'
# A kernel that one of them lacks is in no mean: of what is left both have the same.
import 0 run-fewer "of-pipelined/0 of-pipelined/1 of-pipelined/3 of-pipelined/4"
$TSOBENCH report --no-plots -o into --format results run-{serial,fewer} >said
has said '^\| geometric mean \| .*\| 1\.500 \| n/a \| 1\.190 \| n/a \|$'
[[ $(sed -n '/by store path/,/geometric mean/p' said | grep -c '^| [a-z]* *.*[0-9] |') == 2 ]] ||
    fail "another kernel is in the table: $(grep -A6 'by store path' said)"
$TSOBENCH report --no-plots -o into --format results run-{serial,pipelined} >said
has said '^\| load_throughput \| .* \| 1\.500 \| n/a \| 1\.190 \| n/a \|$'
$TSOBENCH report --no-plots -o into --format results run-serial >said
has said 'simulated: at most 1\.50'
grep -q 'by store path' said && fail "a table of one store path"

# The same again moves nothing; a cell of another time has moved.
import 0 same "good/3 good/5 good/4 good/2 good/1 good/0"
$TSOBENCH compare run same >said || fail "compare: $(<said)"
cut -f 1-18 same/summary.tsv | sort | cmp - <(sort run/summary.tsv) || fail "the order of folders matters"
edit bad/1/guest.jsonl 'if line["type"] == "block": line["cells"][1]["ticks"][0] -= 500; line["twice"]["cells"][1]["ticks"][0] -= 1000'
import 0 other "bad/0 bad/1 bad/2 bad/3 bad/4 bad/5"
$TSOBENCH compare run other >said && fail "compare missed a cell"
has said '^moved: load_throughput.*ldar-stlr@weak'
! grep -q '\[' said || fail "compare shows an interval: $(<said)"
rm -rf bad && cp -r good bad

# n and 2n.
edit bad/1/guest.jsonl 'if line["type"] == "block": line["twice"]["cells"][0]["ticks"][0] = 5000'
import 0 curved "bad/0 bad/1 bad/2 bad/3 bad/4 bad/5"
has curved/summary.tsv 'nonlinear=-39'
rm -rf bad && cp -r good bad

# Forms that are to keep order in weak mode, as policies of a replay are, are in that alone.
edit bad/1/guest.jsonl 'if line["type"] == "block": line["cells"][1]["role"] = "form"'
edit bad/4/guest.jsonl 'if line["type"] == "block": del line["cells"][3]; del line["twice"]["cells"][3]'
import 0 forms "bad/0 bad/1 bad/2 bad/3 bad/4 bad/5"
has forms/summary.tsv 'load_throughput.*ldar-stlr.*weak.*form'
rm -rf bad && cp -r good bad

# Whether a cell keeps x86-TSO is judged by the import, by what its kernel uses: loads and stores; a
# CMPXCHG, too, which is no barrier behind DMB ISHST; STR.
for uses in 3 35; do
    edit bad/1/guest.jsonl 'if line["type"] == "block":
    line.update(uses='$uses', features=0)
    for c in line["cells"] + line["twice"]["cells"]:
        c.update(sound=False, witness="undecided", lowering=c["lowering"].replace("native", "dmb-risotto"))'
    edit bad/4/guest.jsonl 'if line["type"] == "block":
    line.update(uses='$uses', features=0)
    for c in line["cells"] + line["twice"]["cells"]: c["lowering"] = c["lowering"].replace("native", "dmb-risotto")'
    import 0 "judged-$uses" "bad/0 bad/1 bad/2 bad/3 bad/4 bad/5"
    rm -rf bad && cp -r good bad
done
for line in 3:plain:unsound 3:ldar-stlr:sound 3:dmb-risotto:sound 35:dmb-risotto:unsound; do
    IFS=: read -r uses lowering verdict <<<"$line"
    has "judged-$uses/summary.tsv" "^load_throughput.*	$lowering	[a-z]*	weak	$verdict	"
done

# ---- faults ----

edit bad/1/counters.jsonl 'line = None if number == 3 else line'
refused "counted nothing for item of work 3"
edit bad/1/counters.jsonl 'line["ticks"] = 5'
refused "took 4096 ns by its own clock"
edit bad/1/counters.jsonl 'line["work"] = 1 if number == 2 else line["work"]'
refused "counted twice"
edit bad/4/guest.jsonl 'if line["type"] == "block": del line["cells"][3]; del line["twice"]["cells"][3]'
refused "lacks ldar-stlr"
edit bad/4/guest.jsonl 'if line["type"] == "block": line["twice"]["cells"][3]["ops"] = 4096'
refused "lacks the sample of twice the operations"
edit bad/4/guest.jsonl 'if line["type"] == "block": line["footprint"] = 1'
refused "disagree on \`footprint'"
edit bad/4/guest.jsonl 'line = None if line["type"] != "guest" else line'
refused "was not measured on the tso core"
edit bad/4/guest.jsonl 'if line["type"] == "guest": line["git"] = "another"'
refused "another program"
edit bad/4/machine.json 'line["cpus"] = 4'
refused "another machine"
edit bad/3/guest.jsonl 'if line["type"] == "core": line["core"] = "none"'
refused "the two cores were not asked the same"
rm bad/2/guest.jsonl
refused "cannot read bad/2/guest.jsonl"
printf '{"format":1,' >>bad/2/guest.jsonl
refused "bad/2/guest.jsonl:4:"
head -c 17000000 /dev/zero | tr '\0' ' ' >>bad/1/counters.jsonl
refused "the line is longer than 16 MiB"
printf '{"work": [%s0]}\n' "$(yes '[],' | head -c 15000000 | tr -d '\n')" >>bad/3/guest.jsonl
refused "MiB of memory"
sed -i -E '0,/"work": ?[0-9]+/s//"work": 900000/' bad/4/counters.jsonl
refused "wrong number of an item of work: 900000"
head -c 1000000 /dev/zero | tr '\0' '[' >bad/5/machine.json
refused "bad/5/machine.json:"

# A simulation that died is a failed set; the others go on.
edit bad/2/guest.jsonl 'line = None if line["type"] == "block" else line'
printf '{"type":"tried","cell":"plain"}\n{"format":1,' >>bad/2/guest.jsonl
echo 'unknown instruction' >bad/2/failed
import 1 died "bad/0 bad/1 bad/2 bad/3 bad/4 bad/5"
has died/summary.tsv 'ttas_lock.*failed=weak_core:_unknown_instruction'
has died/summary.tsv 'load_throughput.*baseline'
! $TSOBENCH check died >said || fail "a run with a set of which nothing was measured passes"
grep -q 'nothing was measured, all its blocks died: weak core: unknown instruction' said ||
    fail "check of a run with a failed set: $(<said)"

# ---- what is counted against the machine code ----

sed "s/^SETS = {/SETS = {\"load_throughput\/bytes=8,footprint=L1\/threads=1\": \"32*data_load64\"}\nUNUSED = {/" \
    "$SOURCE_DIR/scripts/gem5/counts.py" >counts.py
cp -r run named
zstd -dcq run/samples.jsonl.zst | sed 's/"symbol":null/"symbol":"run_x"/g' |
    zstd -qf --check -o named/samples.jsonl.zst
for turn in 34 35 36; do
    printf 'kernel\tlowering\tfunction\tinstructions\taccesses\nx\ty\trun_x\t%s\t32*data_load64\n' $turn >loops
    status=0
    python3 counts.py named loops >said 2>&1 || status=$?
    [[ $status == $((turn != 35)) ]] || fail "$turn instructions a turn: $(<said)"
done
has said '35\.000 instructions a turn, 36 in the machine code'
python3 "$SOURCE_DIR/scripts/gem5/counts.py" named loops >said 2>&1 && fail "one kernel of three is not enough"

finish
