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

# What FEXGetConfig says is recorded, without paths; one that says too much, says nothing, fails or
# never ends is as if it were not there, and is not waited for.
mkdir bin
fex() { # LINE...: what it does; then what is recorded of it, in $work/fex
    printf '%s\n' '#!/bin/sh' "$@" >bin/FEXGetConfig
    chmod +x bin/FEXGetConfig
    # shellcheck disable=SC2086
    PATH=$work/bin:$PATH timeout 60 $TSOBENCH probe --json >"$work/out" 2>"$work/err" ||
        fail "probe beside FEXGetConfig: $?"
    [[ ! -s $work/err ]] || fail "probe beside FEXGetConfig says: $(<"$work/err")"
    python3 -c 'import json, sys; print(*json.load(open(sys.argv[1])).get("fex_config", ["nothing"]), sep="\n")' \
        "$work/out" >"$work/fex"
}
# shellcheck disable=SC2016
fex '[ "$*" = --all-emu-info ] || exit 1' 'echo "TSO: hardware"' \
    'echo "Config: /home/somebody/.fex-emu/Config.json"' 'echo warning >&2'
[[ $(<"$work/fex") == 'TSO: hardware
Config: Config.json' ]] || fail "of FEXGetConfig is recorded: $(<"$work/fex")"
for does in 'exit 1' 'yes' 'sleep 100' 'exec >&-; exec sleep 100' 'echo a; exec kill -9 $$'; do
    fex "$does"
    [[ $(<"$work/fex") == nothing ]] || fail "of FEXGetConfig that does $does is recorded: $(<"$work/fex")"
done

finish
