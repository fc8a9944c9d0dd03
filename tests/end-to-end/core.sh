#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench core: an answer to each question, or why there is none; what it leaves in a folder, and
# that report and check read it. Whether planted knees are found is in unit/test_knee.c and
# unit/test_core.c.
#
# MEASURES: what waits for what, without a word on how long
. "$SOURCE_DIR/tests/lib.sh"
need python3

ends 2 core --only 'store-bufer/*'
has err 'no question fits'
ends 2 core --cpus x
ends 2 core a b
ends 2 core --jsno
ends 2 core "$work/none/folder"
ends 0 core --help
has out '^SYNOPSIS'
ends 0 core --list
has out '^store-buffer/(MOV|STLR) '
has out '^waits-for-store/(MFENCE|DMB ISH) '

ends 0 core --only '*waits-for-store/*' --json --seed 5
cp "$work/out" "$work/core.json"
python3 - "$work/core.json" <<'PYTHON' || fail "not what a core is"
import json, sys
core = json.load(open(sys.argv[1]))
models, answers = core["models"], core["answers"]
assert models and len(answers) % len(models) == 0 and len(core["meaning"]) == 3
for answer in answers:
    assert answer["model"] in models
    assert sum(key in answer for key in ("value", "undecided", "skipped")) == 1, answer
    if core["source"] == "emulated":
        assert "value" not in answer, answer
    if "value" in answer:
        value, low, high = answer["value"]
        assert 0 < low <= value <= high and answer["how"] and answer["word"], answer
    if "skipped" not in answer:
        assert len(answer["counts"]) == len(answer["ns"]), answer
        assert core["source"] == "emulated" or min(answer["ns"]) > 0, answer
print({answer["id"]: answer.get("word", "none") for answer in answers})
PYTHON

# As text, with a folder of its own for what is left.
ends 0 core --only '*waits-for-load/*' "$work/own"
has out 'does a load after it wait for a load before it'
has out '^What that means for TSO on this core:'
[[ -s $work/own/core.json ]] || fail "no core.json"

# In a run directory: reported, drawn, and known to check.
mkdir "$work/run"
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v blocks=1 -v rounds=10 >"$work/run/samples.jsonl"
echo '{"cpus": [{"cpus": "0", "name": "Made-up"}]}' >"$work/run/machine.json"
ends 0 core --only '*-overlap/*' "$work/run"
[[ ! -e $work/run/plot.tsv ]] || fail "what report draws was drawn"
ends 0 report --no-plots "$work/run"
has run/report.txt 'The core'
has run/report.txt 'missing stores under way at a time'
has run/plot.tsv '^# core\.'
has run/plot.tsv '^# core series\.'
# Two memory models have a column.
mkdir "$work/two"
cp "$work/run"/{machine.json,samples.jsonl} "$SOURCE_DIR/tests/data/core.json" "$work/two"
ends 0 report --no-plots "$work/two"
has two/report.txt '^STR +tso +64 \[63, 65\]'
has two/report.txt '^LDAPR +weak +skipped +one CPU only'
if type -P gnuplot >/dev/null; then
    ends 0 report "$work/run"
    [[ $(tail -n 3 "$work/run/core.svg") == *'</svg>' ]] || fail "no picture of the core"
    [[ ! -s $work/err ]] || fail "gnuplot: $(<"$work/err")"
    ends 0 core --only '*-overlap/*' "$work/own"
    [[ -s $work/own/core.svg && -s $work/own/core.png ]] || fail "no picture in a folder of its own"
fi
finish
