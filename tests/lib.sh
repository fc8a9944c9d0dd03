# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What the shell tests share; each sources it first and ends with `finish`. A test's exit status is
# made here: 1 after any failure, 77 if it was skipped, 0 if it came to its end.
set -u
work=$(mktemp -d)

# The mark of a failure is a file: one in a subshell counts, too.
end() {
    local status=$?
    [[ ${finished-} || $status == 77 ]] || fail "the test stopped before its end, with $status"
    [[ ! -e $work.failed ]] || status=1
    rm -rf "$work" "$work.failed"
    exit $status
}
trap end EXIT

# finish: the last line of a test.
finish() {
    finished=yes
    exit 0
}

# fail WORD...: the test goes on, and has failed.
fail() {
    echo "FAIL: $*" >&2
    : >"$work.failed"
}

# skip WORD...: the test ends; the words say what is missing.
skip() {
    echo "skipped: $*"
    exit 77
}

# need PROGRAM...: skips without one of them.
need() {
    local program
    for program; do
        type -P "$program" >/dev/null || skip "no $program here"
    done
}

# Whether the program was built with sanitizers.
sanitized() { grep -q __asan_init "$TSOBENCH_BINARY"; }

# ends STATUS ARGUMENT...: tsobench with them ends so, and what it says is in $work/out and
# $work/err; wrong usage (2) is said in one line.
ends() {
    local status=0 want=$1
    shift
    # shellcheck disable=SC2086 # an emulator and a program
    $TSOBENCH "$@" >"$work/out" 2>"$work/err" || status=$?
    [[ $status == "$want" ]] ||
        fail "tsobench $*: status $status, want $want: $(head -c 600 "$work/err" "$work/out")"
    [[ $want != 2 || $(wc -l <"$work/err") == 1 ]] ||
        fail "tsobench $*: not one line: $(<"$work/err")"
}

# has FILE PATTERN, hasnot FILE PATTERN: whether a line of $work/FILE is as grep -E wants it.
has() { grep -qE -- "$2" "$work/$1" || fail "no '$2' in $1: $(head -c 600 "$work/$1")"; }
hasnot() { ! grep -qE -- "$2" "$work/$1" || fail "'$2' in $1"; }
