# SPDX-License-Identifier: MIT
"""Whether `tsobench core` finds the sizes of cores that are known, since they were chosen."""

import json
import os

import jobs

NAME = "sizes"
# The questions, the machine's option that is asked about, and the sizes that are tried.
SIZES = (("store-buffer/*", "sq", (16, 32, 64)),
         ("load-queue/*", "lq", (32, 68)),
         ("reorder-buffer/*", "rob", (64, 128)))
STORE_PATH = "serial"  # none changes how many entries there are


def plan(options):
    """The runs: one a size, which is asked for its buffer in both models."""
    runs = []
    for question, option, places in SIZES:
        for place in places:
            changes = {"store_path": STORE_PATH, option: place}
            runs.append({"sweep": NAME, "store_path": STORE_PATH, "out": None, "is": place,
                         "folder": os.path.join(NAME, f"{option}-{place}"),
                         "command": options.command,
                         "jobs": [{"name": f"{option}={place}", "model": model,
                                   "arguments": ["core", "--only", question], "changes": changes}
                                  for model in jobs.MODELS]})
    return runs


def answers(folder):
    """What the program found in there; nothing where the simulation failed."""
    return [answer for line in map(json.loads, jobs.lines_of(folder, "guest.jsonl"))
            if line["type"] == "core" for answer in line["core"]["answers"]]


def table(runs, work, out):
    """Writes OUT/sizes.tsv, a row a question, model and size. Returns how many failed."""
    failures, rows = 0, []
    for run in runs:
        for folder in jobs.folders(run, work):
            found = answers(folder)
            failures += not found
            rows += [(answer["id"], answer["model"], run["is"],
                      *(answer.get("value") or ("n/a", "n/a", "n/a")),
                      answer.get("undecided") or answer.get("skipped") or "") for answer in found]
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, NAME + ".tsv"), "w", encoding="utf-8") as file:
        file.write("question\tmemory_model\tentries\tfound\tlow\thigh\twhy_not\n")
        file.writelines("\t".join(f"{it:g}" if isinstance(it, float) else str(it) for it in row)
                        + "\n" for row in sorted(rows, key=lambda row: (row[0], row[1], row[2])))
    return failures
