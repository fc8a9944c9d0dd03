#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The commands of the documents do what these say. Of a block of code,
#   ```sh              is run line by line, and each must succeed
#   ```sh needs=WORD   may need what is not here: docs.py has the list of these words, and looks whether
#                      the programs are there and have the options, and whether the files are there
#   ```console         is a transcript: each command after "$ " prints the lines that stand below it,
#                      and then perhaps more
#   ```text            is not run; under a line that ends with "`NAME.map`:" it is that file
# There is no other kind. Commands within a line are checked like those that are not run, and so are the
# examples of the program's help.
# A document's blocks run in their order, in a folder with the program as `tsobench`, `./tsobench` and
# `build/tsobench`, the traces and scripts, and two small runs in results/. Commands that measure are
# cut short.
#
# NATIVE: the same documents
# COST: 40
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail
need python3

# The program, with little to measure.
mkdir -p "$work/bin"
cat >"$work/bin/tsobench" <<END
#!/bin/bash
case \${1-} in
run)
    [[ " \$* " == *" --only "* ]] || set -- "\$@" --only '^memcpy/'
    [[ " \$* " == *" --manual "* ]] || set -- "\$@" --suite smoke --rounds 2 --blocks 1
    ;;
litmus) [[ " \$* " =~ " --"(export|manual)" " ]] || set -- "\$@" --time 1 ;;
matrix) [[ " \$* " == *" --manual "* ]] || set -- "\$@" --seconds 1 ;;
esac
exec $TSOBENCH "\$@"
END
chmod +x "$work/bin/tsobench"

given=$work/folder/given
mkdir -p "$given/results/made-up/20260101T000000Z" "$given/build"
ln -s "$work/bin/tsobench" "$given/tsobench"
ln -s "$work/bin/tsobench" "$given/build/tsobench"
ln -s "$SOURCE_DIR"/{traces,scripts,.ci,CMakePresets.json} "$given"
ln -s "$SOURCE_DIR/results/gem5-middle" "$given/results"
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v machine=arm -v blocks=2 -v rounds=5 \
    >"$given/results/made-up/20260101T000000Z/samples.jsonl"
echo '{"machine": "made-up", "architecture": "aarch64", "cpus": [{"cpus": "0-7", "name": "Made up"}]}' \
    >"$given/results/made-up/20260101T000000Z/machine.json"

run() { TMPDIR=$work PATH=$work/bin:$PATH python3 "$SOURCE_DIR/tests/end-to-end/docs.py" "$work/folder" "$@"; }

run "$SOURCE_DIR"/*.md "$SOURCE_DIR"/docs/*.md "$SOURCE_DIR"/results/README.md "$SOURCE_DIR"/bench/{,*/}*.md \
    >"$work/out" || fail "a document is not what happens"
cat "$work/out"
ran=$(grep -oE '^[0-9]+' "$work/out")
((ran >= 30)) || fail "only $ran commands were run"

# examples COMMAND...: those of its help, as a page whose commands are not run.
examples() {
    printf '\n```sh needs=time,gem5\n'
    # shellcheck disable=SC2086 # an emulator and a program
    $TSOBENCH "$@" --manual | sed -nE '/^EXAMPLES/,/^$/{s/^    tsobench/tsobench/; T; s/ {2,}/ # /; p}'
    echo '```'
}
# shellcheck disable=SC2086 # an emulator and a program
mapfile -t commands < <($TSOBENCH --manual | sed -n '/^COMMANDS/,/^$/s/^    \([a-z]*\) .*/\1/p')
examples >"$work/examples.md"
for command in "${commands[@]/trace/trace show}"; do
    # shellcheck disable=SC2086 # a verb of trace
    examples $command >>"$work/examples.md"
done
run "$work/examples.md" >"$work/out" || fail "an example of --help is wrong"
checked=$(sed -E 's/.*had begun; ([0-9]+) not run.*/\1/' "$work/out")
((checked >= 20)) || fail "only $checked examples of --help were checked"

# The planted faults.
# shellcheck disable=SC2016 # no command
printf '`scripts/lint` does\n\n```sh\ntsobench list --suites # all\n```\n\n```console\n$ echo a\na\n```\n' \
    >"$work/page.md"
[[ $(run "$work/page.md") == "2 commands run, "* ]] || fail "a page without a fault"
planted() { # WORDS TEXT: a page that must fail with these words
    printf '%b' "$2" >"$work/page.md"
    run "$work/page.md" >"$work/out" 2>&1 && fail "not seen: $2"
    has out "$1"
}
# shellcheck disable=SC2016 # no command
{
    planted 'status 2' 'a\n\n```sh\ntsobench no-such-command\n```\n'
    planted 'status 1' 'a\n\n```sh\nfalse\n```\n'
    planted 'echo a says' 'a\n\n```console\n$ echo a\nb\n```\n'
    planted 'no option --fulll' 'a\n\n```sh needs=root\nscripts/test --fulll\n```\n'
    planted 'no file traces/none.trace' 'a\n\n```sh needs=gem5\ntsobench trace show traces/none.trace\n```\n'
    planted 'no program scripts/none' 'a\n\n```sh needs=root\nscripts/none\n```\n'
    planted 'unknown instruction' 'a\n\n```sh needs=time\ntsobench try --as load LDRX\n```\n'
    planted 'unknown kind of block' 'a\n\n```sh needs=luck\ntrue\n```\n'
    planted 'unknown kind of block' 'a\n\n```\ntrue\n```\n'
    planted 'in a block that is not run' 'a\n\n```text\ntsobench list\n```\n'
    planted 'has no kind' 'a\n\n    tsobench list\n'
    planted 'no option --nonesuch' 'Type `tsobench run --nonesuch`.\n'
}
finish
