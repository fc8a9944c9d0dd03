#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Every source of the program compiles against the headers of another C library, musl: what only
# glibc has is called nowhere without a test. Our libraries' headers are the same with both.
#
# NATIVE: the same sources
. "$SOURCE_DIR/tests/lib.sh"
set -eo pipefail

root=$(grep -om1 -e '--sysroot=[^ ]*' "$BUILD_DIR/compile_commands.json" || true) # a cross build's
root=${root#*=}
musl=$root/usr/include/$ARCH-linux-musl
[[ -e $musl/stdio.h ]] || skip "no headers of musl for $ARCH here (musl-dev)"

headers=$work/include
mkdir "$headers"
while read -r folder; do
    for name in jansson hwloc zstd perfmon urcu ck_ gcc spinlock Zydis Zycore linux asm; do
        for found in "$folder/$name"*; do
            [[ ! -e $found ]] || cp -rsn "$found" "$headers"
        done
    done
done < <("$CC" ${root:+--sysroot="$root"} -E -v -x c - </dev/null 2>&1 | sed -n 's/^ \//\//p')

# Of each source, the compiler's command without its output and the folders of the system.
python3 - "$BUILD_DIR/compile_commands.json" "$SOURCE_DIR" >"$work/commands" <<'PYTHON'
import json, shlex, sys
for entry in json.load(open(sys.argv[1])):
    words = shlex.split(entry["command"])
    if entry["file"].startswith((sys.argv[2] + "/bench/", sys.argv[2] + "/kernels/")) and \
       entry["file"].endswith(".c"):
        kept = [word for word in words if word.startswith(("-I", "-D", "-std="))]
        kept += ["-I" + word for before, word in zip(words, words[1:]) if before == "-isystem"]
        kept = [word for word in kept if "/usr/include" not in word]
        print(shlex.join(kept + [entry["file"]]))
PYTHON
count=$(wc -l <"$work/commands")
((count > 150)) || fail "$count sources only"
own=$(dirname "$("$CC" -print-file-name=include/stddef.h)")
flags=(-fsyntax-only -Werror=implicit-function-declaration -nostdinc -isystem "$musl"
    -isystem "$own" -isystem "$headers")
xargs -P "$(nproc)" -L 1 "$CC" "${flags[@]}" <"$work/commands"

# What the test is for is found by it.
printf "#include <string.h>\nconst char *f(int n) { return sigabbrev_np(n); }\n" >"$work/gnu.c"
if "$CC" -D_GNU_SOURCE "${flags[@]}" "$work/gnu.c" 2>/dev/null; then
    fail "a function of glibc alone is accepted"
fi

finish
