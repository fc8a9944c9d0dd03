#!/usr/bin/env bash
# lint.sh format|tidy|shellcheck BUILD_DIR, from the project's root: exit 0 if nothing is found.
set -euo pipefail
shopt -s nullglob

case $1 in
format)
    find bench kernels tests -name '*.[ch]' -print0 -o -name '*.cc' -print0 |
        xargs -0 clang-format --dry-run -Werror
    ;;
tidy)
    # Of the kernels the database holds the baseline only, so each source is read once. Clang
    # refuses one of gcc's flags.
    mkdir -p "$2/tidy"
    sed 's/ -fno-tree-loop-distribute-patterns//' "$2/compile_commands.json" \
        >"$2/tidy/compile_commands.json"
    # bench/simulated is compiled for arm64 only, and not in this database.
    recorder=(bench/trace/recorder/*.c)
    grep -qs "${recorder[0]}" "$2/compile_commands.json" || recorder=() # it needs Zydis
    printf '%s\n' bench/*.c bench/*/*.c bench/*/*.cc "${recorder[@]}" kernels/*.c kernels/*/*.c |
        grep -v ^bench/simulated/ |
        xargs -n 1 -P "$(nproc)" clang-tidy --quiet -p "$2/tidy"
    ;;
shellcheck)
    grep -lsE -d skip '^#!.*\b(bash|sh)\b' scripts/* .ci/* cmake/*.sh tests/*.sh | xargs shellcheck
    ;;
esac
