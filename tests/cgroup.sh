#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# In real control groups, of whichever version this machine has: a limit of memory and a quota of
# CPU time at a group above the process's own are found.
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

# within CONTROLLER FILE TEXT...: runs `probe' two groups below one with these limits; leaves $json.
within() {
    local outer
    outer=$(group "$1")
    [[ $outer ]] || return 1
    outer=$outer/tsobench-test-$$
    mkdir "$outer" || return 1
    made+=("$outer")
    [[ ! -e $outer/cgroup.subtree_control ]] || { echo "+$1" >"$outer/cgroup.subtree_control"; } 2>/dev/null
    mkdir "$outer/inner"
    made+=("$outer/inner")
    shift
    while (($#)); do
        [[ ! -e $outer/$1 ]] || echo "$2" >"$outer/$1" || return 1
        shift 2
    done
    json=$(bash -c "echo \$\$ >'$outer/inner/cgroup.procs' && exec $TSOBENCH probe --json")
}

tried=0
if within memory memory.max 192M memory.limit_in_bytes 192M; then
    tried=1
    python3 -c '
import json, sys
machine = json.loads(sys.argv[1])
assert machine["limits"]["memory_bytes"] == machine["memory"]["size_bytes"] == 192 << 20, machine
assert machine["working_sets"].get("DRAM_bytes", 0) <= 48 << 20, machine' "$json" || fail "memory"
fi
if within cpu cpu.max "50000 100000" cpu.cfs_quota_us 50000; then
    tried=1
    python3 -c '
import json, sys
assert json.loads(sys.argv[1])["limits"]["cpu_time"] == 0.5' "$json" || fail "CPU time"
fi
((tried)) || skip "no control groups may be made here"

finish
