#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tsobench-simulated without a simulator: every kernel of the smoke suite on the "weak" and on the
# "TSO core", and a run directory of what it prints. Its times mean nothing here; that it measures
# the sets it should, computes what it should and says what it called is the test.
. "$SOURCE_DIR/tests/lib.sh"
program=$BUILD_DIR/tsobench-simulated
[[ $ARCH == aarch64 ]] || skip "it is a program for arm64"
cd "$work" || exit 1

# simulated STATUS FOLDER COMMAND ARGUMENT...: on the machine of the folder.
simulated() {
    local status=0 want=$1 folder=$2
    # shellcheck disable=SC2086 # $emulator is a program and its options, or nothing
    $emulator "$program" "${@:3}" --machine "$folder/machine.json" --functional \
        >"$folder/guest.jsonl" 2>"$folder/said" || status=$?
    [[ $status == "$want" ]] || fail "${*:3}: status $status, want $want: $(<"$folder/said")"
}

emulator=${TSOBENCH%"$BUILD_DIR"/tsobench}
models=(weak tso weak tso)
for number in 0 1 2 3; do
    mkdir $number
    cat >$number/machine.json <<END
{"core": "made-up", "cpus": 2, "memory_model": "${models[number]}", "memory_bytes": 1073741824,
 "simulator": "none", "caches": [{"level": 1, "bytes": 65536}, {"level": 2, "bytes": 1048576}]}
END
done
simulated 0 0 battery --runs 256
simulated 0 1 battery --runs 256
for number in 2 3; do
    simulated 0 $number list --suite smoke
    mv $number/guest.jsonl sets$number
    simulated 0 $number run --suite smoke --lowerings plain,ldar-stlr --sample-ns 500
done
cmp sets2 sets3 || fail "the two cores have different sets"

# Counts for each item of work that a line names, of two CPUs.
python3 - <<'END_PYTHON' || fail "the lines are not what they should be"
import json
sets = [line.split("\t") for line in open("sets2")]
for folder in "0123":
    items, lines = {}, [json.loads(line) for line in open(folder + "/guest.jsonl")]
    for line in lines:
        for block in [line, line["twice"]] if line["type"] == "block" else []:
            items[block["work_nothing"]] = 0
            for cell in block["cells"]:
                assert cell["work"] not in items, "an item of work named twice"
                items[cell["work"]] = cell["ticks"][0] or 0
                assert cell["check_failed"] == 0, (line["set"], cell)
                assert cell["ticks"][0] is None or cell["ticks"][0] > 0
            assert [c["work"] for c in block["cells"]] != sorted(c["work"] for c in block["cells"]) \
                or len(block["cells"]) < 6, "the order of cells is not random"
    with open(folder + "/counters.jsonl", "w") as file:
        for item, ns in items.items():
            file.write(json.dumps({"work": item, "ticks": ns * 1000 + 1000, "cycles": [ns, ns],
                                   "instructions": [ns, ns]}) + "\n")
    if folder in "23":
        wanted = [name for name, _, reason in sets if reason == "\n"]
        assert [line["set"] for line in lines if line["type"] == "block"] == wanted and wanted
        skipped = [name for name, _, reason in sets if reason != "\n"]
        assert [line["set"] for line in lines if line["type"] == "skipped"] == skipped
END_PYTHON
status=0
$TSOBENCH import --out run --guest "$program" 0 1 2 3 >said 2>&1 || status=$?
[[ $status == 0 ]] || fail "import: status $status: $(<said)"
zstd -dcq run/samples.jsonl.zst >samples || fail "no samples"
python3 - <<'END_PYTHON' || fail "cells do not call what they should"
import json
for line in map(json.loads, open("samples")):
    for cell in line.get("cells", []):
        identity = "plain_twin" if cell["role"] == "twin" else cell["lowering"].replace("-", "_")
        function = "replay" if line["kernel"] == "trace_replay" else f"run_{line['kernel']}"
        assert cell["symbol"] == f"{function}__{identity}", (line["set"], cell["symbol"])
    if "cells" in line:
        cells = [(c["lowering"], c["role"], c["model"]) for c in line["cells"]]
        assert cells[:3] == [("plain", role, "tso") for role in ("baseline", "aa", "twin")], cells
        assert ("plain", "lowering", "weak") in cells and len(set(cells)) == len(cells)
END_PYTHON

# A cell that is known to end the simulator is left out, with the reason; the others are tried. Of
# the baseline nothing can be left out.
copy=memcpy/bytes=8,size=16K,unaligned=both/threads=1
simulated 0 2 run --suite full --set $copy --lowerings plain,dmb-full --fault dmb-full=planted
python3 - <<'END_PYTHON' || fail "not left out: $(<2/guest.jsonl)"
import json
lines = [json.loads(line) for line in open("2/guest.jsonl")]
assert {line["cell"] for line in lines if line["type"] in ("trying", "tried")} == {"plain"}
assert {cell["lowering"] for cell in lines[-1]["cells"]} == {"plain"}
assert "faults: the simulator ends: planted" in [s["reason"] for s in lines[-1]["skipped"]
                                                 if s["lowering"] == "dmb-full"]
END_PYTHON
simulated 1 2 run --suite full --set $copy --fault plain=planted
grep -q 'the baseline faults' 2/said || fail "a baseline that faults: $(<2/said)"

# Whether a replay fits is asked of the simulated core, not of the machine that simulates it.
sed -i 's/"caches"/"sizes": {"l1i": {"bytes": 4096}}, "caches"/' 2/machine.json
replay=trace_replay/trace=cc1,window=0,arena=private,addressing=folded/threads=1
simulated 0 2 list --suite smoke --set $replay
grep -q 'does not fit the L1 instruction cache of 4 KiB' 2/guest.jsonl || fail "$(<2/guest.jsonl)"
simulated 0 3 list --suite smoke --leave-out L3
grep -q "${replay%1}2.*several threads left out" 3/guest.jsonl || fail "$(<3/guest.jsonl)"
! grep -q "$replay.*left out" 3/guest.jsonl || fail "a replay that was left out"

# What kind of core it is: without a simulator the code runs, and there is no answer.
simulated 0 2 core --only '*waits-for-*'
python3 - <<'END_PYTHON' || fail "core: $(head -c 600 2/guest.jsonl)"
import json
core = json.loads(open("2/guest.jsonl").read())["core"]
assert len(core["models"]) == 1 and len(core["answers"]) == 24, core
assert all("undecided" in answer and answer["ns"] for answer in core["answers"]), core
END_PYTHON

# What it must refuse.
simulated 2 2 run --set $copy --fault planted
simulated 2 2 run --set no/such/set
simulated 2 2 run --suite none
simulated 2 2 sing
echo '{"cpus": 2}' >2/machine.json
simulated 2 2 run
sed -i 's/"cpus": 2/"cpus": 1/' 0/machine.json
simulated 2 0 battery

finish
