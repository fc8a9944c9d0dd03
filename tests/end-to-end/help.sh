#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# --help of every command is one screen and a part of --manual, which is no wider than one.
#
# NATIVE: the same texts
. "$SOURCE_DIR/tests/lib.sh"

# check FILE LINES: what is wrong with a text.
check() {
    awk -v most="$2" '
        length > 80 { print "wider than 80: " $0 }
        NR == 1 && !/^NAME$/ { print "no NAME" }
        END { if (NR > most) print NR " lines, more than " most }' "$1"
}

# look COMMAND...: at its texts.
look() {
    local fault
    ends 0 "$@" --manual
    cp "$work/out" "$work/manual"
    fault=$(check "$work/manual" 1000)
    [[ ! $fault ]] || fail "tsobench $* --manual: $fault"
    ends 0 "$@" --help
    fault=$(check "$work/out" 40)
    [[ ! $fault ]] || fail "tsobench $* --help: $fault"
    has out "^In full: tsobench ${*}${*:+ }--manual, or man tsobench"
    sed '$d' "$work/out" | grep -vxF -f "$work/manual" && fail "tsobench $* --help is no part of its manual"
}

look
mapfile -t commands < <(sed -n '/^COMMANDS/,/^$/s/^    \([a-z]*\) .*/\1/p' "$work/out")
((${#commands[@]} > 10)) || fail "commands of --help: ${commands[*]}"
for command in "${commands[@]}"; do
    if [[ $command == trace ]]; then
        ends 0 trace --help
        mapfile -t verbs < <(sed -n '/^VERBS/,$s/^    \([a-z]*\) .*/\1/p' "$work/out")
        for verb in "${verbs[@]}"; do
            look trace "$verb"
        done
    else
        look "$command"
    fi
done

# The planted faults.
printf 'NAME\n%081d\n' 0 >"$work/fault"
[[ $(check "$work/fault" 40) == "wider than 80"* ]] || fail "a wide line was not seen"
seq 41 | sed '1s/.*/NAME/' >"$work/fault"
[[ $(check "$work/fault" 40) == "41 lines, more than 40" ]] || fail "a long page was not seen"
finish
