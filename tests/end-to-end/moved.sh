#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# All threads of the program are moved onto one CPU while it works, as by a cpuset that shrinks:
# what they see there is not counted.
. "$SOURCE_DIR/tests/lib.sh"
need taskset
(($(nproc) > 1)) || skip "one CPU here"

cpus=$(taskset -c -p $$ | sed 's/.*: *//')
# move: litmus under the mover. A program that is moved while it starts finds no CPU to pin a thread
# to and says so; then it measures nothing.
move() {
    # shellcheck disable=SC2086
    $TSOBENCH litmus --cpus "$cpus" --test '^SB$' --lowering plain --time 1 >"$work/out" \
        2>"$work/err" &
    local child=$!
    while kill -0 $child 2>/dev/null; do
        taskset -a -p -c "${cpus%%[,-]*}" $child >/dev/null 2>&1
    done
    wait $child
}
for _ in 1 2 3 4 5; do
    status=0
    move || status=$?
    [[ ! -s $work/out ]] || break
done
# Each slice begins with the threads where they belong: a few runs may count.
((status < 2)) || fail "status $status: $(<"$work/err")"
has out 'runs not counted: a thread was not on its CPU|unproven: in each of'

finish
