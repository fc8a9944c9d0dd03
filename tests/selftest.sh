# SPDX-License-Identifier: MIT
#
# The instrument's checks of itself on the machine at hand; and the comparison with plain Google
# Benchmark, whose rows must have the form that the report reads.
set -u

# shellcheck disable=SC2086
output=$($TSOBENCH selftest)
status=$?
echo "$output"
((status == 0)) || exit 1
[[ $(grep -c '^ok' <<<"$output") -ge 5 ]] || { echo "FAIL: too few checks ran" && exit 1; }

if [[ $output == *emulation* ]]; then
    echo "times mean nothing here: no comparison"
    exit 0
fi

# shellcheck disable=SC2086
rows=$($TSOBENCH selftest --harness --seconds 1 --repeat 1 --only "^(load_latency|memcpy)/" | awk -F '\t' '
    NR == 1 { if ($0 != "set\tmethod\twall_s\taa_distance\thalf_width") exit 1; next }
    NF == 5 && $2 ~ /^(tsobench|google-benchmark)$/ && $3 > 0 && $4 >= 0 && $5 > 0 { good++ }
    END { print good + 0, NR - 1 }')
[[ $rows =~ ^([0-9]+)\ ([0-9]+)$ && ${BASH_REMATCH[1]} == "${BASH_REMATCH[2]}" && $rows != 0* ]] ||
    { echo "FAIL: rows of --harness: $rows" && exit 1; }
