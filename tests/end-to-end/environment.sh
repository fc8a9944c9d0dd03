#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What the environment hands down: variables for other programs that use Google Benchmark change
# nothing, and libraries say nothing of a machine whose /sys is hidden from them.
. "$SOURCE_DIR/tests/lib.sh"

# measures COMMAND...: a run directory, with nothing said but by us. Where no cache is known, which on
# arm64 only /sys tells, the lock is what remains.
measures() {
    rm -rf "$work/run"
    # shellcheck disable=SC2086
    "$@" $TSOBENCH run --suite smoke --only '^(load_latency|ticket_lock)/' --out "$work/run" \
        >"$work/out" 2>"$work/err" || fail "$*: status $?: $(<"$work/err")"
    hasnot err 'hwloc|CPU ID|\*\*\*|[Ww]arning'
    [[ -s $work/run/summary.tsv ]] || fail "$*: nothing was measured"
}

cd "$work" || exit
measures env BENCHMARK_LIST_TESTS=true BENCHMARK_OUT=x BENCHMARK_OUT_FORMAT=nosuch \
    BENCHMARK_FILTER=none BENCHMARK_REPETITIONS=7 BENCHMARK_MIN_WARMUP_TIME=30 \
    BENCHMARK_MIN_TIME=30 BENCHMARK_FORMAT=csv BENCHMARK_PERF_COUNTERS=y
[[ ! -e x ]] || fail "a file of Google Benchmark's"

hide='mount -t tmpfs none /sys/devices/system/cpu && exec "$@"'
if unshare -m true 2>/dev/null; then
    measures unshare -m sh -c "$hide" sh
    # shellcheck disable=SC2086
    unshare -m sh -c "$hide" sh $TSOBENCH probe >"$work/out" 2>"$work/err" || fail "probe: $?"
    has out 'the size of the L2 cache is not known|working_sets'
    [[ ! -s $work/err ]] || fail "probe says: $(<"$work/err")"
fi

finish
