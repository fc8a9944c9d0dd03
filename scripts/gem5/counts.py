#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the simulator's counts against the machine code: the instructions that a turn of a loop
takes in the simulated core must be those that the audit finds in it.

  scripts/simulate --suite full --ops 4096 --only '^(load|store)_throughput/|^load_latency/' -o RUN
  scripts/audit --loops build/arm64/tsobench >LOOPS
  scripts/gem5/counts.py RUN LOOPS

What n operations take is subtracted from what 2n take, so nothing around the loop counts; n is a
multiple of the loops' steps, so only whole turns remain, and now and then the end of the array.

Exit status: 0 all are equal, 1 not so (a line for each on stderr), 2 usage."""

import argparse
import collections
import csv
import json
import re
import subprocess
import sys

# The loop that a set spends its time in, by the accesses of a turn, each an operation.
SETS = {
    "load_throughput/bytes=8,footprint=L1/threads=1": "32*data_load64",
    "store_throughput/bytes=8,stride=unit,footprint=L1/threads=1": "32*data_store64",
    "load_latency/footprint=L1/threads=1": "16*data_load64",
}


def blocks(directory):
    text = subprocess.run(["zstd", "-dcq", directory + "/samples.jsonl.zst"], check=True,
                          capture_output=True, text=True).stdout
    lines = [json.loads(line) for line in text.splitlines()]
    return [line for line in lines if line["type"] == "block" and line["set"] in SETS]


def loops(path):
    """(function, accesses): instructions of a turn."""
    with open(path, encoding="utf-8") as file:
        return {(row["function"], row["accesses"]): int(row["instructions"])
                for row in csv.DictReader(file, delimiter="\t")}


def wrong_with(block, cell, known):
    """What is wrong with a cell, or None."""
    accesses = SETS[block["set"]]
    steps, ops = int(re.match(r"\d+", accesses)[0]), cell["ops"]
    static = known[cell["symbol"], accesses]
    if ops % (4 * steps):
        return f"{ops} operations are no whole turns: simulate with --ops 4096"
    turn = (cell["instructions_twice"][0] - cell["instructions"][0]) / ops * steps
    if abs(turn - static) < 0.5:
        return None
    return f"{turn:.3f} instructions a turn, {static} in the machine code"


def main():
    parser = argparse.ArgumentParser(prog="counts.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run")
    parser.add_argument("loops")
    options = parser.parse_args()
    known, compared, faults, others = loops(options.loops), collections.Counter(), 0, set()
    for block in blocks(options.run):
        for cell in block["cells"]:
            if (cell["symbol"], SETS[block["set"]]) not in known:
                others.add(cell["lowering"])
                continue
            wrong = wrong_with(block, cell, known)
            compared[block["kernel"], cell["model"]] += 1
            if wrong:
                faults += 1
                print(f"{block['set']} {cell['lowering']}@{cell['model']}: {wrong}",
                      file=sys.stderr)
    if len(compared) < 2 * len(SETS):
        print(f"compared are {sorted(compared)}: not {len(SETS)} kernels under two memory models",
              file=sys.stderr)
        faults += 1
    if others:
        print(f"not compared, for their loops have branches: {', '.join(sorted(others))}")
    if faults == 0:
        print(f"{compared.total()} cells of {len(SETS)} kernels under two memory models take as "
              "many instructions as their machine code has")
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
