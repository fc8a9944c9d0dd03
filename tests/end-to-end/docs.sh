#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The commands of the documents do what these say. Of a block of code,
#   ```sh       is run as it stands, and must succeed
#   ```console  is a transcript: each command after "$ " prints the lines that stand below it, and
#               then perhaps more
#   ```text     is not run; under a line that ends with "`NAME.map`:" it is that file
# A document's blocks run in their order, in a folder with the program as `tsobench` and
# `build/tsobench`, the traces, and a small run in results/. Commands that measure are cut short.
#
# NATIVE: the same documents
# COST: 20
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail
need python3

# The program, with little to measure.
mkdir -p "$work/bin"
cat >"$work/bin/tsobench" <<END
#!/bin/bash
case \${1-} in
run) set -- "\$@" --suite smoke --rounds 2 --blocks 1 ;;
litmus) [[ " \$* " == *" --export "* ]] || set -- "\$@" --time 1 ;;
matrix) set -- "\$@" --seconds 1 ;;
esac
exec $TSOBENCH "\$@"
END
chmod +x "$work/bin/tsobench"

cat >"$work/run.py" <<'PYTHON'
import os, re, subprocess, sys

def check(page, folder):
    """Runs a page's blocks in a folder: how many commands."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    os.chdir(folder)
    ran = 0
    blocks = r"([^\n]*)\n\n?```(\w*)\n(.*?)```"
    for before, kind, block in re.findall(blocks, text, re.S):
        if kind == "text":
            if name := re.search(r"`([\w-]+\.map)`:$", before):
                with open(name[1], "w", encoding="utf-8") as file:
                    file.write(block)
        elif kind == "sh":
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], capture_output=True,
                                  text=True, stdin=subprocess.DEVNULL)
            assert done.returncode == 0, f"{page}: status {done.returncode} of\n{block}{done.stderr}"
            ran += len(re.findall(r"^[^#\s]", block, re.M))
        elif kind == "console":
            for command, wanted in re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", block, re.M):
                done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
                assert not done.stderr, f"{page}: {command}: {done.stderr}"
                assert done.stdout.startswith(wanted), \
                    f"{page}: {command} says\n{done.stdout}and not\n{wanted}"
                ran += 1
    return ran

try:
    print(check(*sys.argv[1:]))
except AssertionError as fault:
    sys.exit(str(fault))
PYTHON

# run PAGE: prints how many commands it has, if all do what it says.
run() {
    local folder=$work/folder
    rm -rf "$folder" && mkdir -p "$folder/results/made-up/20260101T000000Z" "$folder/build"
    ln -s "$work/bin/tsobench" "$folder/build/tsobench"
    ln -s "$SOURCE_DIR/traces" "$SOURCE_DIR/scripts" "$folder"
    cp "$work/samples.jsonl" "$work/machine.json" "$folder/results/made-up/20260101T000000Z"
    PATH=$work/bin:$PATH python3 "$work/run.py" "$1" "$folder"
}
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v machine=arm -v blocks=2 -v rounds=5 >"$work/samples.jsonl"
echo '{"machine": "made-up", "architecture": "aarch64", "cpus": [{"cpus": "0-7", "name": "Made up"}]}' \
    >"$work/machine.json"

commands=0
for page in "$SOURCE_DIR"/*.md "$SOURCE_DIR"/docs/*.md "$SOURCE_DIR"/results/README.md; do
    count=$(run "$page") || { fail "${page#"$SOURCE_DIR"/} is not what happens" && continue; }
    commands=$((commands + count))
done
echo "$commands commands"
((commands >= 14)) || fail "$commands commands in all documents"

# The planted faults.
# shellcheck disable=SC2016 # no command
planted() { # TEXT: a page that must fail
    printf '%b' "$1" >"$work/page.md"
    run "$work/page.md" >"$work/out" 2>&1 && fail "not seen: $1"
    true
}
# shellcheck disable=SC2016 # no command
printf 'a\n\n```sh\ntsobench list --suites # all\n```\n\n```console\n$ echo a\na\n```\n' >"$work/page.md"
[[ $(run "$work/page.md") == 2 ]] || fail "a page without a fault"
# shellcheck disable=SC2016 # no command
planted 'a\n\n```sh\ntsobench no-such-command\n```\n'
# shellcheck disable=SC2016 # no command
planted 'a\n\n```console\n$ echo a\nb\n```\n'
finish
