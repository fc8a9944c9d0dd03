#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# A block is executed from the layouts that lie beside its program, and never from those of another
# build in a folder above: those may be other code.
#
# NATIVE: what is executed stands beside the program
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail
need python3

program=$(readlink -f "$TSOBENCH")
[[ -e ${program%/*}/layouts/1 ]] || skip "this build has no layouts"
mkdir -p "$work/above/layouts" "$work/above/build/layouts"
cp "$program" "$work/above/build/tsobench"
cp "${program%/*}/layouts/1" "$work/above/build/layouts"
for number in 1 2 3; do
    cp /bin/false "$work/above/layouts/$number"
done

# layouts_of RUN: of its blocks, each once.
layouts_of() {
    python3 -c '
import json, sys
import subprocess
lines = subprocess.run(["zstdcat", sys.argv[1]], capture_output=True, check=True).stdout.splitlines()
print(*sorted({json.loads(x)["link"]["layout"] for x in lines if b"\"link\"" in x}))' \
        "$1/samples.jsonl.zst"
}

TSOBENCH=$work/above/build/tsobench
ends 0 run --suite smoke --only '^load_latency/' --blocks 2 --rounds 2 --out "$work/beside"
[[ $(layouts_of "$work/beside") == 1 ]] || fail "blocks are of layouts $(layouts_of "$work/beside")"
rm "$work/above/build/layouts/1"
ends 0 run --suite smoke --only '^load_latency/' --blocks 2 --rounds 2 --out "$work/none"
[[ $(layouts_of "$work/none") == 0 ]] || fail "blocks are of layouts $(layouts_of "$work/none")"
finish
