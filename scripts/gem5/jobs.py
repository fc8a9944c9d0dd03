# SPDX-License-Identifier: MIT
"""Simulations: one program on one machine each, many side by side, and a run directory of them."""

import concurrent.futures
import json
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
            "core", "cpus", "rob", "sq", "lq", "l1_cycles", "l1_bytes", "last_cycles", "last_bytes",
            "clock_ghz", "memory")}
        values.update(changes, memory_model=model)
        return [word for name, value in values.items() if value is not None
                for word in ("--" + name.replace("_", "-"), str(value))]

    def __call__(self, folder, model, arguments, changes):
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
        fast = {"list": ["--functional"], "run": ["--skip-start"],
                "core": ["--skip-start"]}.get(arguments[0], [])
        # Nothing of the caller's may reach what is simulated: not even the length of a path.
        command = [self.gem5, "--listener-mode=off", "--dump-config=", "--json-config=",
                   "--dot-config=", f"--outdir={folder}",
                   os.path.join(PROJECT, "scripts", "gem5", "machine.py"),
                   *self.machine_options(model, changes), *fast, "--", self.program,
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
    reason = simulator(folder, "weak", ["list", *suite_words(simulator.options, suite)], {})
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


def plan(options, suite, sets, changes, lowerings=None):
    """The jobs of a run: the litmus battery, what kind of core it is, and the sets, each under both
    models; of chosen sets or lowerings not the second, which has nothing to do with them. A job is
    what one simulation needs, as data: a run's can be made on many machines."""
    extra = ["--ops", str(options.ops)] if options.ops else []
    if lowerings or options.lowerings:
        extra += ["--lowerings", lowerings or options.lowerings]
    works = [] if lowerings else [("litmus", ["battery"])]
    if not (lowerings or options.lowerings or options.only):
        works.append(("core", ["core"]))
    works += [(name, ["run", *suite_words(options, suite), *extra, "--sample-ns",
                      sample_ns(options, name), "--set", name]) for name in sets]
    return [{"name": name, "model": model, "arguments": arguments, "changes": changes}
            for name, arguments in works for model in MODELS]


def folders(run, work):
    """Where the jobs of a run leave what they said and counted."""
    return [os.path.join(work, run["folder"], f"job-{number:04d}")
            for number in range(len(run["jobs"]))]


def directory(run, work):
    """The run directory that becomes of a run: of a sweep's it is only read for its table."""
    return run["out"] or os.path.join(work, run["folder"], "run")


def do(simulator, job, folder):
    """One job. Returns why it failed, or None; `folder` has what it said, and when it ran."""
    begin = time.time()
    reason = simulator(folder, job["model"], job["arguments"], job["changes"])
    with open(os.path.join(folder, "times.json"), "w", encoding="utf-8") as file:
        json.dump([begin, time.time()], file)
    return reason


def do_all(simulator, runs, work):
    """All jobs of all runs, several at a time. Returns how many failed."""
    todo = [(job, folder) for run in runs for job, folder in zip(run["jobs"], folders(run, work))]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(simulator.options.jobs) as pool:
        futures = {pool.submit(do, simulator, job, folder): job for job, folder in todo}
        for done, future in enumerate(concurrent.futures.as_completed(futures), 1):
            job, reason = futures[future], future.result()
            failures += reason is not None
            print(f"[{done}/{len(todo)}] {job['name']} {job['model']} "
                  f"{job['changes']['store_path']}" + (f": {reason}" if reason else ""),
                  file=sys.stderr)
    return failures


def merge(simulator, run, work):
    """Makes the run directory of jobs that have all been done. Returns how many had failed."""
    places, spans = folders(run, work), []
    for job, folder in zip(run["jobs"], places):
        try:
            with open(os.path.join(folder, "times.json"), encoding="utf-8") as file:
                spans.append(json.load(file))
        except (OSError, ValueError) as error:
            raise Stop(FAILED, f"{folder} has nothing of the job {job['name']} {job['model']}: "
                       "run it, or bring what it left") from error
    seconds = max(end for _, end in spans) - min(begin for begin, _ in spans)
    program = os.environ.get("TSOBENCH", os.path.join(PROJECT, "build", "tsobench")).split()
    if subprocess.run([*program, "import", "--out", directory(run, work), "--guest", simulator.program,
                       "--command", run["command"], "--seconds", f"{seconds:.0f}", *places],
                      check=False).returncode:
        raise Stop(FAILED, "the import failed")
    return sum(os.path.exists(os.path.join(folder, "failed")) for folder in places)
