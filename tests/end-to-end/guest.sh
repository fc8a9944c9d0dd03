#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The arm64 build on real arm64 kernels, with pages of 4K and 16K: what it says of such a machine,
# without counters, without permission, and with them. With -icount QEMU counts instructions: a
# second boot must count the same, and what is counted must be what the audit reads in the code.
#
# LABELS: guest
# COST: 60
. "$SOURCE_DIR/tests/lib.sh"
[[ $ARCH == aarch64 ]] || skip "not the arm64 build"
need qemu-system-aarch64 cpio
[[ -e $SOURCE_DIR/build/guest ]] || skip "no build/guest, which scripts/setup test makes"
cd "$work" || exit 1

# guest STATUS ARGUMENT...: what it prints stays in the file `printed`.
guest() {
    local status=0 want=$1
    "$SOURCE_DIR/scripts/guest" --emulate --binary "$TSOBENCH_BINARY" "${@:2}" >printed 2>&1 ||
        status=$?
    [[ $status == "$want" ]] ||
        fail "guest ${*:2}: status $status, want $want: $(tail -n 5 printed)"
}

# look DIR EXPRESSION: whether it holds in Python, with `machine` and the `blocks` of a run.
cat >look.py <<'END'
import json, subprocess, sys

def lines(directory):
    text = subprocess.run(["zstd", "-qdc", directory + "/samples.jsonl.zst"], check=True,
                          capture_output=True, text=True).stdout
    return [json.loads(line) for line in text.splitlines()]

def blocks(directory, number=None):
    return {line["set"]: line for line in lines(directory)
            if line["type"] == "block" and number in (None, line["block"])}

def counts(block):
    """What was counted in a block, and of how many operations."""
    return [[cell[key] for key in ("lowering", "ops", "cycles", "instructions", "counts")
             if key in cell] for cell in block["cells"]]

def reasons(block):
    """Why something was not counted."""
    events = block.get("events") or {}
    return [block.get("pmu_skipped", "")] + [f"{missing['event']}: {missing['reason']}"
                                             for missing in events.get("missing", [])]
END
holds() {
    PYTHONPATH=. python3 -c 'import json, sys, look
machine = json.load(open(sys.argv[1] + "/machine.json"))
blocks = list(look.blocks(sys.argv[1]).values())
sys.exit(0 if blocks and eval(sys.argv[2]) else 1)' "$1" "$2"
}
look() { holds "$1" "$2" || fail "$1: not so: $2"; }

# ---- the guest itself ----

guest 2 --kernal 4k -- probe
guest 3 --kernel 5k -- probe
# shellcheck disable=SC2016
guest 7 --binary "$SOURCE_DIR/build/guest/busybox" --sysctl kernel.perf_user_access=1 \
    --env "SAID=it's so" --input look.py -- sh -c '
    cmp look.py look.py && echo "$SAID" >said && cat /proc/sys/kernel/perf_user_access \
        /sys/devices/system/cpu/cpu0/regs/identification/midr_el1 >facts; exit 7'
[[ $(cat said) == "it's so" ]] || fail "neither the variable nor the file came through"
[[ $(head -n 1 facts) == 1 ]] || fail "kernel.perf_user_access was not set"
midr=$(tail -n 1 facts)

# ^C and SIGTERM reach the program; what it has measured comes out.
"$SOURCE_DIR/scripts/guest" --emulate --binary "$TSOBENCH_BINARY" -- \
    run --suite quick --only ticket_lock --out interrupted >printed 2>&1 &
pid=$!
for _ in $(seq 1000); do
    grep -q 'blocks:' printed && break
    sleep 0.1
done
kill -s TERM $pid
status=0
wait $pid || status=$?
[[ $status == 130 && -s interrupted/samples.jsonl ]] ||
    fail "SIGTERM: status $status: $(tail -n 5 printed)"

# ---- what the program says of it ----

# On 4K without privilege, where the kernel forbids counting; on 16K, another core.
smoke=(run --suite smoke --rounds 3)
guest 0 --icount --cpus 1 --paranoid 3 -- "${smoke[@]}" --only '^(ticket_lock|spsc_ring)/' --out 4k
guest 0 --kernel 16k --cpu cortex-a76 -- "${smoke[@]}" --only '^(ticket_lock|spsc_ring)/' --out 16k
for pages in 4k 16k; do
    look $pages "machine['memory']['page_kib'] == ${pages%k}"
    look $pages "machine['source'] == 'emulated' and all(b['source'] == 'emulated' for b in blocks)"
    look $pages "'QEMU' in machine['virtualization']['emulator']"
    look $pages "machine['virtualization']['evidence'].endswith('tsobench.guest=tcg')"
    look $pages "machine['memory_model']['available'] == ['weak']"
    look $pages "'EINVAL' in machine['memory_model']['because']"
    look $pages "len(blocks) > 1"
done
holds 4k "machine['memory']['page_kib'] == 16" && fail "a wrong page size was not seen"
look 4k "int(machine['cpus'][0]['signature'], 16) == $midr"
look 16k "int(machine['cpus'][0]['signature'], 16) != $midr"
look 4k "machine['perf']['event_paranoid'] == 3"
look 4k "all('not permitted' in str(look.reasons(b)) for b in blocks)"
# Without -icount QEMU's PMU has cycles but no instructions: an event that the kernel refuses.
look 16k "all('instructions' in str(look.reasons(b)) for b in blocks)"
$TSOBENCH check 16k >printed 2>&1 || fail "check: $(cat printed)"

# ---- counts ----

# QEMU tells of no caches, so a topology with some is made up, large ones, so that a walk over an
# array seldom begins anew; counting is allowed to all, and so are reads from user space.
counting=(--icount --cpus 1 --paranoid 2 --sysctl kernel.perf_user_access=1 --env HWLOC_THISSYSTEM=1
    --env "HWLOC_SYNTHETIC=l2:1(size=16MB) l1:1(size=1MB) pu:1")
guest 0 "${counting[@]}" -- "${smoke[@]}" --only '^(load_latency|load_throughput|store_throughput|load_store_mix)/' --blocks 2 --seed 7 --out first
look first "machine['perf'] == {'event_paranoid': 2, 'user_access': 1}"
look first "all(b.get('events', {'read': 'user'})['read'] == 'user' for b in blocks)"

# Its second blocks once more in another boot: a run that was killed after the first ones goes on
# with their numbers of operations, and with seeds of its own that follow from the run's.
mkdir again
cp first/machine.json again
zstd -qdc first/samples.jsonl.zst | grep -vE '"block": *1,|"type": *"end"' >again/samples.jsonl
guest 0 "${counting[@]}" --input again -- run --resume again

"$SOURCE_DIR/scripts/audit" --loops --objdump "$OBJDUMP" --readelf "$READELF" \
    --list <($TSOBENCH list --json) "$TSOBENCH_BINARY" >loops.tsv || fail "the audit failed"
python3 - <<'END' || fail "the counts are not as they should be"
import csv
import re
import sys
from look import blocks, counts

failed = False

def expect(text, holds):
    global failed
    failed |= not holds
    if not holds:
        print("not so:", text)

first, again, other = blocks("first", 1), blocks("again", 1), blocks("first", 0)
expect("four kernels were measured", len(first) == 4 and first.keys() == again.keys())
for name in first:
    expect(f"{name}: two boots count the same", counts(first[name]) == counts(again[name]))
# The planted fault: another block has other orders, and so other numbers.
expect("two blocks count differently", any(counts(first[n]) != counts(other[n]) for n in first))

# What one operation of a set is made of.
OPERATIONS = {
    "load_latency/": {"data_load64": 1},
    "load_throughput/bytes=8,": {"data_load64": 1},
    "store_throughput/bytes=8,": {"data_store64": 1},
    "load_store_mix/mix=2+1,": {"data_load64": 2, "data_store64": 1},
}
loops = {} # by function: (instructions, accesses) of a turn
for row in csv.DictReader(open("loops.tsv"), delimiter="\t"):
    accesses = {op: int(n) for n, op in re.findall(r"(\d+)\*(\w+)", row["accesses"])}
    loops.setdefault(row["function"], []).append((int(row["instructions"]), accesses))

def unrolled(function, operation):
    """(operations, instructions) of the longest straight loop of such operations, or None."""
    candidates = set()
    for instructions, accesses in loops.get(function, []):
        turn = accesses.get(next(iter(operation)), 0) // next(iter(operation.values()))
        if turn > 1 and accesses == {op: n * turn for op, n in operation.items()}:
            candidates.add((turn, instructions))
    return max(candidates, default=None)

def explained(cell, turn, instructions):
    """Whether turns of such a loop are all that was counted, but for reading the counters and 1 %:
    what goes before and after the loop. The faults planted below show that it sees one
    instruction a turn."""
    turns = cell["ops"] // turn * instructions
    return all(0 <= count - turns - reading <= turns * 0.01 for count in cell["instructions"])

found = [] # (set's name, cell, operations, instructions)
for start, operation in OPERATIONS.items():
    for name, block in first.items():
        for cell in block["cells"] if name.startswith(start) else []:
            loop = unrolled(cell["symbol"], operation)
            # The accesses of this lowering have branches of their own.
            expect(f"{name} {cell['lowering']}: a straight loop",
                   loop is not None or cell["lowering"] == "rt-align")
            if loop:
                found.append((name, cell, *loop))
# What reading the counters costs is the same in all cells: at most the least that loops leave over.
reading = min(min(cell["instructions"]) - cell["ops"] // turn * instructions
              for _, cell, turn, instructions in found)
expect(f"reading the counters takes some hundred instructions: {reading}", 0 < reading < 1000)
for name, cell, turn, instructions in found:
    expect(f"{name} {cell['lowering']}: {instructions} instructions a {turn} operations, "
           f"{cell['ops']} operations, counted {cell['instructions']}, {reading} to read",
           explained(cell, turn, instructions))
    if cell["role"] == "baseline": # the planted faults
        expect(f"{name}: one instruction more is seen", not explained(cell, turn, instructions + 1))
        expect(f"{name}: one instruction less is seen", not explained(cell, turn, instructions - 1))
print(f"{len(found)} cells of {len(first)} kernels count what the audit reads in their code")
sys.exit(failed or len(found) < 60)
END

finish
