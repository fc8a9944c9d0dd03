#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The instrument's checks of itself on the machine at hand; and the comparison with plain Google
# Benchmark, whose rows must have the form that the report reads.
#
# MEASURES: that times are linear
. "$SOURCE_DIR/tests/lib.sh"

# shellcheck disable=SC2086
output=$($TSOBENCH selftest)
status=$?
echo "$output"
((status == 0)) || fail "status $status"
[[ $(grep -c '^ok' <<<"$output") -ge 5 ]] || fail "too few checks ran"
# One or another may be left open; if most are, this was no test.
judged=$(grep -cE '^(ok|FAIL) +linear ' <<<"$output") open=$(grep -c 'could not be judged' <<<"$output")
((open <= judged)) || skip "other programs run here: $open checks could not be judged"

if [[ $output == *emulation* ]]; then
    echo "times mean nothing here: no comparison"
    finish
fi

# Numbers, which nan is not; a width of under half a millionth is printed as 0.
# shellcheck disable=SC2086
rows=$($TSOBENCH selftest --harness --seconds 1 --repeat 1 --only "^(load_latency|memcpy)/" | awk -F '\t' '
    NR == 1 { if ($0 != "set\tpair\tmethod\twall_s\tratio\thalf_width") exit 1; next }
    NF == 6 && $2 ~ /^(aa|native|twin)$/ && $3 ~ /^(tsobench|google-benchmark)$/ && $4 > 0 &&
        $5 > 0 && $5 $6 ~ /^[0-9.]+$/ { good++; pairs[$2] }
    END { for (pair in pairs) kinds++; print good + 0, NR - 1, kinds + 0 }')
[[ $rows =~ ^([0-9]+)\ ([0-9]+)\ 2$ && ${BASH_REMATCH[1]} == "${BASH_REMATCH[2]}" && $rows != 0* ]] || fail "rows of --harness: $rows"

finish
