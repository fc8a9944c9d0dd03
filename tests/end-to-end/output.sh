#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What cannot be written is no success, whoever writes it: every command's --help, --version, the
# processes that check starts. And what is written in columns has a blank between them.
. "$SOURCE_DIR/tests/lib.sh"
[[ -w /dev/full ]] || skip "no /dev/full here"

# full ARGUMENT...: onto a disk that is full.
full() {
    local status=0
    # shellcheck disable=SC2086
    $TSOBENCH "$@" >/dev/full 2>"$work/err" || status=$?
    [[ $status == 1 ]] || fail "$* onto a full disk: status $status"
    grep -q 'cannot write to standard output' "$work/err" || fail "$* onto a full disk: $(cat "$work/err")"
}

# shellcheck disable=SC2086
mapfile -t commands < <($TSOBENCH --help | sed -n '/^COMMANDS/,/^$/s/^    \([a-z]*\) .*/\1/p')
((${#commands[@]} > 10)) || fail "commands of --help: ${commands[*]}"
for command in "${commands[@]}"; do
    full "$command" --help
done
full --help
full --version
full list
full check "$work"

# shellcheck disable=SC2086
[[ $($TSOBENCH list --suites | grep -c '^  [a-z]*  ') == 4 ]] || fail "list --suites: $($TSOBENCH list --suites)"

finish
