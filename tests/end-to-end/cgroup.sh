#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# In real control groups, of whichever version this machine has: a limit of memory and a quota of
# CPU time at a group above the process's own are found.
#
# NATIVE: the same code
. "$SOURCE_DIR/tests/lib.sh"

# group CONTROLLER: the folder of this process's group, where a new one may be made below it.
group() {
    local path folder
    if path=$(grep -m1 -E "^[0-9]+:([^:]*,)?$1(,[^:]*)?:" /proc/self/cgroup); then
        folder=$(awk -v controller="$1" '
            / - cgroup / { n = split($NF, option, ","); for (i = 1; i <= n; i++)
                if (option[i] == controller && !done++) print $5 }' /proc/self/mountinfo)
    else
        path=$(grep -m1 '^0::' /proc/self/cgroup) || return
        folder=$(awk '/ - cgroup2 / && !done++ { print $5 }' /proc/self/mountinfo)
    fi
    [[ ! -w $folder${path##*:}/cgroup.procs ]] || echo "$folder${path##*:}"
}

made=()
# shellcheck disable=SC2317 # the trap reaches it
clean() {
    for ((i = ${#made[@]} - 1; i >= 0; i--)); do
        rmdir "${made[i]}"
    done
}
trap 'clean; end' EXIT

# limited CONTROLLER FILE TEXT...: makes two groups below ours, the outer one with these limits.
limited() {
    local outer
    outer=$(group "$1")
    [[ $outer ]] || return 1
    outer=$outer/tsobench-test-$$
    mkdir "$outer" || return 1
    made+=("$outer")
    [[ ! -e $outer/cgroup.subtree_control ]] ||
        { echo "+$1" >"$outer/cgroup.subtree_control"; } 2>/dev/null
    inner=$outer/inner
    mkdir "$inner"
    made+=("$inner")
    printf '#!/bin/bash\necho $$ >"%s/cgroup.procs" && exec "$@"\n' "$inner" >"$work/inside"
    chmod +x "$work/inside"
    shift
    while (($#)); do
        [[ ! -e $outer/$1 ]] || echo "$2" >"$outer/$1" || return 1
        # Of version 1 a new cpuset is empty.
        [[ $1 != cpuset.* ]] || echo "$2" >"$inner/$1" || return 1
        shift 2
    done
}

# inside ARGUMENT...: tsobench, in the inner group; $work/inside runs anything there.
inside() {
    # shellcheck disable=SC2086
    "$work/inside" $TSOBENCH "$@" || fail "$*: status $?"
}

tried=0
if limited memory memory.max 192M memory.limit_in_bytes 192M; then
    tried=1
    inside probe --json >"$work/memory"
    python3 - "$work/memory" <<'PYTHON' || fail "memory"
import json, sys
machine = json.load(open(sys.argv[1]))
assert machine["limits"]["memory_bytes"] == machine["memory"]["size_bytes"] == 192 << 20, machine
assert machine["working_sets"].get("DRAM_bytes", 0) <= 48 << 20, machine
PYTHON
fi
percent=10
[[ $TSOBENCH == "$TSOBENCH_BINARY" ]] || percent=50 # an emulator uses up as much without hurry
if limited cpu cpu.max "${percent}000 100000" cpu.cfs_quota_us ${percent}000; then
    tried=1
    inside run --suite smoke --only '^load_latency/' --out "$work/run" >"$work/out" 2>"$work/err"
    python3 - "$work/run" $percent <<'PYTHON' || fail "CPU time"
import json, subprocess, sys
machine = json.load(open(sys.argv[1] + "/machine.json"))
assert machine["limits"]["cpu_time"] == int(sys.argv[2]) / 100, machine
text = subprocess.run(["zstd", "-dcq", sys.argv[1] + "/samples.jsonl.zst"], capture_output=True,
                      check=True).stdout
blocks = [line for line in map(json.loads, text.splitlines()) if line["type"] == "block"]
assert blocks and all(block["throttled"] > 0 for block in blocks), text[:2000]
assert " throttled=1" in open(sys.argv[1] + "/summary.tsv").read()
PYTHON
    # shellcheck disable=SC2086
    $TSOBENCH check "$work/run" >"$work/out" 2>&1
    has out '1 of 1 blocks were stopped by their control group.s quota of CPU time'
    hasnot out 'foreign key'
fi
# A CPU that this process was not started on may be used by name; one outside its cpuset may not.
cpus=$(taskset -c -p $$ | sed 's/.*: *//')
first=${cpus%%[,-]*} last=${cpus##*[,-]}
if [[ $first != "$last" ]]; then
    TSOBENCH="taskset -c $first $TSOBENCH" ends 0 run --suite smoke --only '^load_latency/' \
        --cpus "$last" --out "$work/named"
    if limited cpuset cpuset.cpus "$first" cpuset.mems 0; then
        tried=1
        TSOBENCH="$work/inside $TSOBENCH" ends 2 run --suite smoke --cpus "$last"
        has err "CPU $last may not be used: not in the cpuset of this process.s control group;"
        TSOBENCH="$work/inside $TSOBENCH" ends 0 probe
        has out "^  CPUs? .*$last"
    fi
fi
((tried)) || skip "no control groups may be made here"

finish
