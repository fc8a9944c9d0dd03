#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench trace show: tables, JSON and a picture of a trace that was made by hand, in the corpus;
# what is no trace is refused in one line.
#
# NATIVE: the same code
. "$SOURCE_DIR/tests/lib.sh"

# trace STATUS ARGUMENT...: leaves out and err.
trace() { ends "$1" trace "${@:2}"; }

trace 2
has err 'no verb was given'
trace 2 shov
has err "unknown verb of trace \`shov'; nearest: \`show'"
trace 0 --help
has out '^ +show +what traces hold'
trace 0 show --help
has out '^SYNOPSIS'
trace 2 show
has err 'trace show: no trace was named'
trace 2 show --widnows x
has err "nearest: \`--windows'"

made=$work/made-up.trace
tail -c +2 "$SOURCE_DIR/tests/data/trace-corpus/seed-frame" >"$made"
trace 0 show "$made"
has out '^made-up +made 1\.0-1 +2 .* 4398047 M +80\.0%$'
has out '^made-up +<0\.01'
has out '^depth +loads in the longest chain'
trace 0 show --windows "$made"
has out '^made-up 0 .* 10\.0%$'
has out '^made-up 1 .* 70\.0%$'
trace 0 show --json --windows "$made"
python3 - "$work/out" <<'PYTHON' || fail "not what the trace holds"
import json, sys
first, second = json.load(open(sys.argv[1]))["traces"]
assert first["command"] == 'tsobench trace record -- made "up"' and first["threads"] == 2
assert (first["window"], second["window"]) == (0, 1)
assert first["mix"]["depth"] == 2 and first["mix"]["kib"] == 8 and first["mix"]["pages"] == 2
assert abs(first["mix"]["vector"] - 200 / 7) < 1e-3 and second["size_percent"]["2"] == 100
PYTHON

# A file that is damaged: one line, and nothing half valid.
head -c 100 "$made" >"$work/cut.trace"
trace 1 show "$work/cut.trace" "$made"
has err '^tsobench: .*/cut\.trace: is truncated or corrupted'
[[ $(wc -l <"$work/err") == 1 && ! -s $work/out ]] || fail "not one line"
trace 1 show /dev/null
trace 1 show "$work"
trace 1 show "$work/none.trace"

need gnuplot
trace 0 show --plot "$work/it's a plot" "$made" "$made"
[[ ! -s $work/err ]] || fail "gnuplot says $(head -c 300 "$work/err")"
for name in 'made-up' 'vector load' 'crosses 16 bytes'; do
    grep -q ">$name<" "$work/it's a plot/traces.svg" || fail "no '$name' in the picture"
done
[[ $(head -c 4 "$work/it's a plot/traces.png") == $'\x89PNG' ]] || fail "no PNG"
trace 2 show --plot "$work/none/none" "$made"

finish
