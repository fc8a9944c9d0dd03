# SPDX-License-Identifier: MIT
"""Simulations: one program on one machine each, many side by side, and a run directory of them."""

import concurrent.futures
import os
import re
import subprocess
import sys
import time

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
MODELS = ("weak", "tso")
MISSING, USAGE, FAILED = 3, 2, 1


class Stop(Exception):
    """Ends the program with a status and a line on stderr."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Simulator:
    """gem5 with one program; each call is one machine."""

    def __init__(self, gem5, program, options):
        self.gem5, self.program, self.options = gem5, program, options

    def machine_options(self, model, changes):
        values = {name: getattr(self.options, name) for name in (
            "core", "cpus", "sq", "lq", "l1_cycles", "l1_bytes", "last_cycles", "last_bytes",
            "clock_ghz", "memory")}
        values.update(changes, memory_model=model)
        return [word for name, value in values.items() if value is not None
                for word in ("--" + name.replace("_", "-"), str(value))]

    def __call__(self, folder, model, arguments, changes=None):
        """Runs the program in `folder`. Returns why it failed, or None.

        A cell that gem5 ends in when the program tries it is told to the program, which then
        leaves it out, and all begins again."""
        os.makedirs(folder)
        faults = {}
        while True:
            known = [word for cell, why in faults.items() for word in ("--fault", f"{cell}={why}")]
            reason = self.run(folder, model, arguments, known, changes)
            cell, why = trial(folder) if reason else (None, None)
            if why is None or cell in faults:
                break
            faults[cell] = why
        if reason:
            with open(os.path.join(folder, "failed"), "w", encoding="utf-8") as file:
                file.write(reason + "\n")
        return reason

    def run(self, folder, model, arguments, known, changes):
        """Once. Returns why it failed, or None."""
        fast = {"list": ["--functional"], "run": ["--skip-start"]}.get(arguments[0], [])
        # Nothing of the caller's may reach what is simulated: not even the length of a path.
        command = [self.gem5, "--listener-mode=off", "--dump-config=", "--json-config=",
                   "--dot-config=", f"--outdir={folder}",
                   os.path.join(PROJECT, "scripts", "gem5", "machine.py"),
                   *self.machine_options(model, changes or {}), *fast, "--", self.program,
                   *arguments, *known, "--machine", "machine.json"]
        log = os.path.join(folder, "gem5.log")
        with open(log, "w", encoding="utf-8") as file:
            try:
                status = subprocess.run(command, stdout=file, stderr=file, check=False,
                                        stdin=subprocess.DEVNULL,
                                        timeout=self.options.limit).returncode
            except subprocess.TimeoutExpired:
                return f"took more than {self.options.limit} s"
        return f"gem5 ended with status {status}: {last_words(folder)}" if status else None


def lines_of(folder, name):
    """What is not empty of a file that may not be there."""
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            return [line.strip() for line in file if line.strip()]
    except FileNotFoundError:
        return []


def why_gem5_ended(folder):
    """The reason that gem5 itself gave, or None."""
    for line in lines_of(folder, "gem5.log"):
        found = re.search(r"\b(?:panic|fatal): (?:.* occurred: )?(.+)", line)
        if found:
            return found[1]
    return None


def trial(folder):
    """The cell that the program was trying when gem5 ended, and why it did; or twice None."""
    last = "".join(lines_of(folder, "guest.jsonl")[-1:])
    trying = re.search(r'"type":"trying","cell":"(.+)"', last)
    why = why_gem5_ended(folder)
    return (trying[1], why) if trying and why else (None, None)


def last_words(folder):
    """What the simulator and the program said last; of the simulator rather why it ended."""
    ended = why_gem5_ended(folder)
    words = [ended] if ended else lines_of(folder, "gem5.log")[-1:]
    return "; ".join(words + lines_of(folder, "guest.err")[-1:]) or "no word"


def list_sets(simulator, folder, suite, only):
    """Names of the sets that the program can measure on this machine."""
    reason = simulator(folder, "weak", ["list", *suite_words(simulator.options, suite)])
    if reason:
        raise Stop(FAILED, reason)
    with open(os.path.join(folder, "guest.jsonl"), encoding="utf-8") as file:
        names = [line.split("\t")[0] for line in file]
    try:
        chosen = [name for name in names if only is None or re.search(only, name)]
    except re.error as error:
        raise Stop(USAGE, f"--only: {error}") from error
    if not chosen:
        raise Stop(USAGE, "no set has such a name: see tsobench list --sets")
    return chosen


def suite_words(options, suite):
    """How the program is told of its suite."""
    left_out = options.leave_out or ("L3" if suite in ("smoke", "quick") else "none")
    return ["--suite", suite] + (["--leave-out", left_out] if left_out != "none" else [])


def sample_ns(options, name):
    return str(options.sample_ns or (1500 if name.endswith("/threads=1") else 6000))


def measure(simulator, work, suite, sets, out, changes=None, lowerings=None):
    """One run: the sets under both models, and the run directory of them. Returns failures."""
    options = simulator.options
    extra = []
    if options.ops:
        extra += ["--ops", str(options.ops)]
    if lowerings or options.lowerings:
        extra += ["--lowerings", lowerings or options.lowerings]
    jobs = [(name, model, ["run", *suite_words(options, suite), *extra, "--sample-ns",
                           sample_ns(options, name), "--set", name])
            for name in sets for model in MODELS]
    if not lowerings:
        jobs = [("litmus", model, ["battery"]) for model in MODELS] + jobs
    begin = time.monotonic()
    folders = [os.path.join(work, f"job-{number:04d}") for number in range(len(jobs))]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        futures = {pool.submit(simulator, folder, model, arguments, changes): (name, model)
                   for folder, (name, model, arguments) in zip(folders, jobs)}
        for done, future in enumerate(concurrent.futures.as_completed(futures), 1):
            name, model = futures[future]
            reason = future.result()
            failures += reason is not None
            print(f"[{done}/{len(jobs)}] {name} {model}" + (f": {reason}" if reason else ""),
                  file=sys.stderr)
    program = os.environ.get("TSOBENCH", os.path.join(PROJECT, "build", "tsobench")).split()
    if subprocess.run([*program, "import", "--out", out, "--guest", simulator.program, "--command",
                       options.command, "--seconds", f"{time.monotonic() - begin:.0f}", *folders],
                      check=False).returncode:
        raise Stop(FAILED, "the import failed")
    return failures
