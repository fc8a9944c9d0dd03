#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The linters that are our own fail on what they are for.
#
# NATIVE: the same sources
. "$SOURCE_DIR/tests/lib.sh"

mkdir -p "$work/tree" && cp -r "$SOURCE_DIR"/{bench,kernels,scripts} "$work/tree/"
"$work/tree/scripts/lint" heads rooms >"$work/out" || fail "found without a plant: $(<"$work/out")"

# planted FILE LINE: whether rooms says that the line does not belong into the file.
planted() {
    local file=$work/tree/bench/$1
    cp "$file" "$work/kept"
    sed -i "2a $2" "$file"
    "$work/tree/scripts/lint" rooms >"$work/out" && fail "not found: $2 in $1"
    grep -qF "bench/$1:3:" "$work/out" || fail "it is not said where: $(<"$work/out")"
    cp "$work/kept" "$file"
}
planted stats/stats.c '#include "run/rundir.h"'        # upwards
planted trace/recorder/plugin.c '#include "plan/plan.h"' # from a folder in a room
planted machine/ticks.h '#include "probe/machine.h"'   # from a header
planted block/gb_shim.cc '# include "run/rundir.h"'
planted stats/stats.c '#include "stats.h"'             # without the room
planted stats/stats.c '#include "nowhere/stats.h"'

sed -i '/SPDX/d' "$work/tree/scripts/run"
"$work/tree/scripts/lint" heads >"$work/out" && fail "a file without a head is not found"

# Documents: those of this tree, and faults in one.
"$SOURCE_DIR/scripts/lint" documents pictures >"$work/out" || fail "$(<"$work/out")"
if type -P python3 >/dev/null; then
    cat >"$work/page.md" <<'END'
# Begin here: `code`, and more
[this](#begin-here-code-and-more) [page](page.md) [folder](tree/) `[no](link)` [far](https://nowhere)
```sh
[no](link)
# no heading
```
## Twice
END
    "$SOURCE_DIR/scripts/documents" "$work/page.md" || fail "found without a plant"
    for fault in '[dead](nowhere.md)' '![dead](nowhere.png)' '[dead](page.md#nowhere)' '[dead](#nowhere)' '# Twice'; do
        { cat "$work/page.md" && echo "$fault"; } >"$work/fault.md"
        "$SOURCE_DIR/scripts/documents" "$work/fault.md" >"$work/out" && fail "not found: $fault"
        has out 'fault\.md:8: '
    done
fi
if [[ $(codespell --version 2>/dev/null) == 2.2.* ]]; then
    cp "$SOURCE_DIR/.codespellrc" "$work/tree"
    "$work/tree/scripts/lint" spelling >"$work/out" || fail "$(<"$work/out")"
    echo "t""eh end" >"$work/tree/page.md"
    "$work/tree/scripts/lint" spelling >"$work/out" && fail "a misspelled word is not found"
fi
head -c 500000 /dev/zero >"$work/tree/large.png"
"$work/tree/scripts/lint" pictures >"$work/out" && fail "a large picture is not found"
finish
