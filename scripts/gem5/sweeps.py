# SPDX-License-Identifier: MIT
"""Hardware TSO and ordered instructions over one size of a simulated machine or of a kernel."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys

import cores
import jobs

MEMSET = "memset/bytes=8,size={},value=varied/threads=1"
MEMCPY = "memcpy/bytes=8,size={},unaligned=no/threads=1"
SCATTER = "scatter/one_in={},size=L2/threads=1"
# A row a sweep: what lies along it, the machine's option that changes or None, its places, the
# sets, with a gap for the place where it is no option.
SWEEPS = {
    "store-queue": ("store queue entries", "sq", (8, 16, 32, 64, 128),
                    [MEMSET.format("16K"), SCATTER.format(4)]),
    "l1-latency": ("L1 cycles", "l1_cycles", (1, 2, 4, 8),
                   [MEMSET.format("16K"), MEMCPY.format("16K")]),
    "footprint": ("bytes", None, ("1K", "4K", "16K", "64K", "256K"), [MEMSET, MEMCPY]),
    "store-misses": ("stores a miss", None, (1, 2, 4, 16, 64), [SCATTER]),
}
ORDERED = "ldar-stlr"  # the software TSO of the sweeps


def times(directory):
    """(set, lowering, model): ns of an operation; of what stands for itself, no A/A and no twin."""
    with open(os.path.join(directory, "summary.tsv"), encoding="utf-8") as file:
        return {(row["set"], row["lowering"], row["memory_model"]): float(row["ns_per_op"])
                for row in csv.DictReader(file, delimiter="\t")
                if row["ns_per_op"] and not re.search(r"\b(aa|twin)\b", row["flags"])}


def draw(out):
    """Figures of all sweeps that OUT holds: a panel a sweep and kernel, a curve a store path and
    ratio."""
    panels, points, tics, paths = [], [], [], []
    for name, (axis, _, places, _) in SWEEPS.items():
        path = os.path.join(out, name + ".tsv")
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        for kernel in dict.fromkeys(row["kernel"] for row in rows):
            if len({row["x"] for row in rows if row["kernel"] == kernel}) < 2:
                continue  # no curve
            panel = len(panels) + 1
            tics += [(panel, number(str(place)), place) for place in places]
            drawn = [row for row in rows if row["kernel"] == kernel]
            for row in drawn:
                if row["store_path"] not in paths:
                    paths.append(row["store_path"])
            points += [(panel, 2 * paths.index(row["store_path"]) + number_of, row["x"],
                        row[ratio], row[ratio], row[ratio])
                       for number_of, ratio in enumerate(("tso_tax", "software_tso"), 1)
                       for row in drawn]
            here = sorted({point[1] for point in points if point[0] == panel})
            panels.append((panel, len(tics), f"{kernel}, {axis}", " ".join(map(str, here)), ""))
    with open(os.path.join(out, "machine.txt"), encoding="utf-8") as file:
        caption = file.read().strip()
    series = [(2 * place + number_of, f"{text}, {path}", "simulated")
              for place, path in enumerate(paths)
              for number_of, text in ((1, "plain: TSO tax"), (2, f"{ORDERED}: software TSO"))]
    # What bench/figures/plots.h says of the file.
    with open(os.path.join(out, "plot.tsv"), "w", encoding="utf-8") as file:
        file.write("# Written by scripts/simulate for plots/sweep.gp.\n")
        for name, lines in (("caption", [(0, len(series), caption)]), ("series", series),
                            ("sweep", points), ("sweep panels", panels), ("sweep tics", tics)):
            file.write(f"\n\n# {name}.\n")
            file.writelines("\t".join(map(str, line)) + "\n" for line in lines)
    if not shutil.which("gnuplot"):
        print("simulate: no figure: gnuplot is not installed", file=sys.stderr)
        return
    for terminal, suffix in (("svg", "svg"), ("pngcairo", "png")):
        with open(os.path.join(out, "sweep." + suffix), "wb") as file:
            if subprocess.run(["gnuplot", "-d", "-e", f"run='.'; terminal='{terminal}'",
                               os.path.join(jobs.PROJECT, "plots", "sweep.gp")],
                              cwd=out, stdout=file, check=False).returncode:
                raise jobs.Stop(jobs.FAILED, "gnuplot failed; the tables are whole")


def number(text):
    return int(text.replace("K", "")) * (1024 if text.endswith("K") else 1)


def plan(options, name):
    """The runs of a sweep: for each store path one a place if the machine changes, else one."""
    _, option, places, sets = SWEEPS[name]
    runs = []
    for path in options.store_path:
        for run in ([place] for place in places) if option else [places]:
            folder = os.path.join(name, f"{path}-{run[0]}")
            named = {text.format(place): place for text in sets for place in run}
            changes = {"store_path": path, **({option: run[0]} if option else {})}
            runs.append({"sweep": name, "store_path": path, "folder": folder, "places": named,
                         "out": None, "command": options.command,
                         "jobs": jobs.plan(options, "exhaustive", list(named), changes,
                                           f"plain,{ORDERED}")})
    return runs


def table(options, name, runs, work, out):
    """Writes OUT/NAME.tsv, a row a store path, kernel and place."""
    option, rows = SWEEPS[name][1], []
    for run in runs:
        ns = times(jobs.directory(run, work))
        for set_name, place in run["places"].items():
            cells = [ns.get((set_name, *cell)) for cell in (
                ("plain", "weak"), ("plain", "tso"), (ORDERED, "weak"))]
            if None in cells:
                continue
            weak, tso, ordered = cells
            rows.append([run["store_path"], set_name.split("/")[0], number(str(place)),
                         *(f"{n:.6g}" for n in cells), f"{tso / weak:.4f}", f"{ordered / tso:.4f}"])
    with open(os.path.join(jobs.folders(runs[0], work)[0], "machine.json"),
              encoding="utf-8") as file:
        described = json.load(file)
    if option:  # the core as it is, not at the first place
        described["sizes"] = cores.machine(options.core, 2, "weak")["sizes"]
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "machine.txt"), "w", encoding="utf-8") as file:
        file.write(cores.caption(described) + "\n")
    with open(os.path.join(out, name + ".tsv"), "w", encoding="utf-8") as file:
        file.write("store_path\tkernel\tx\tweak_plain_ns\ttso_plain_ns\t"
                   f"weak_{ORDERED.replace('-', '_')}_ns\ttso_tax\tsoftware_tso\n")
        file.writelines("\t".join(map(str, row)) + "\n"
                        for row in sorted(rows, key=lambda row: (row[1], row[0], row[2])))
