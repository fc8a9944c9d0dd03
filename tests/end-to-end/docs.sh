#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The commands of docs/lowerings.md, in their order, on the files that it shows: each prints the lines
# that stand below it, and then perhaps more.
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail
need python3

mkdir "$work/bin"
printf '#!/bin/sh\nexec %s "$@"\n' "$TSOBENCH" >"$work/bin/tsobench"
chmod +x "$work/bin/tsobench"
cat >"$work/run.py" <<'PYTHON'
import os, re, subprocess, sys
page, folder = sys.argv[1:]
os.chdir(folder)
text = open(page).read()
ran = 0
for before, kind, block in re.findall(r"([^\n]*)\n\n```(\w+)\n(.*?)```", text, re.S):
    if kind == "text":
        name = re.search(r"`([\w-]+\.map)`:$", before)
        assert name, f"a file without a name: {before}"
        open(name[1], "w").write(block)
        continue
    assert kind == "console", kind
    for command, wanted in re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", block, re.M):
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
        assert not done.stderr, f"{command}: {done.stderr}"
        assert done.stdout.startswith(wanted), f"{command} says\n{done.stdout}and not\n{wanted}"
        ran += 1
assert ran == 16, ran
PYTHON
PATH=$work/bin:$PATH python3 "$work/run.py" "$SOURCE_DIR/docs/lowerings.md" "$work" ||
    fail "docs/lowerings.md is not what happens"
finish
