#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fuzz.py runs|traces [--cases N | --minutes N] [--seed N] [--keep FOLDER]

Damages a small run directory with what else stands in one, or a simulation, or a trace, in one
place at a time, and hands it to every command that reads such a thing. TSOBENCH is the program. A
failure is a signal, a sanitizer's report, more than 10 s of a CPU or 512 MiB, a status without a
word, a command that refuses what `check' calls ok, and damage that must be refused and is called ok. Same
seed, same cases; --keep keeps the inputs of failures. All of it is in one file, to be started alone."""

import argparse
import collections
import copy
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("TSOBENCH", "build/tsobench").split()
SECONDS, HANG, MEMORY = 10, 240, 512 << 20 # HANG: a busy machine gives a program little time
REPORTS = ("text", "markdown", "results", "mail", "benchstat", "tsv", "html")

# Values that no field takes; and such as are of the right type, and nobody should believe.
BAD_NUMBERS = (1e308, 10**17 + 10**18, -10**15, "7", [], {}, True)
BAD_TEXTS = ("a\nb", "\x1b[2J", "a\u202eb", "\u0085", "x" * 5000, 7, [], {"#": 0}, "#\x00")
ODD_NUMBERS = (0, -1, 1, 2**31, 2**32 - 1, 2**53 + 1, 0.5, None, 10**9)
ODD_TEXTS = ("", "#", "x", "`id`", '"; system("id")', "$(id)", "%s%n", "/home/x/y", "é", "<b>|a",
             "..", "a,b=c/d", None)
# Where any scalar may stand, or a number below 0; and keys that may be absent.
ANYTHING = {"footprints", "simulated"}
SIGNED = {"event_paranoid", "cluster", "package", "error"}
OPTIONAL = {"family", "metric", "weight", "op_threads", "layout", "issue_width", "events", "count",
            "battery_skipped", "pmu_skipped", "throttled", "erratum", "cycles", "instructions",
            "before", "after", "sets", "suite", "seed", "command", "single", "multi", "machine",
            "skipped", "inheritance", "thread", "fork", "execve", "cores", "numa_nodes",
            "caches", "l2_bytes", "features", "frequency", "missing", "pmus", "event_set", "counts",
            "value", "word", "undecided", "how", "ns", "counted"}


def awk(*words):
    return subprocess.run(("awk", "-f") + words, check=True, capture_output=True, cwd=SOURCE,
                          text=True).stdout


def pack(data, path):
    subprocess.run(["zstd", "-q", "-3", "--check", "-f", "-o", path], input=data, check=True)


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def dump(document):
    return json.dumps(document, ensure_ascii=random_ascii()).encode("utf-8", "surrogatepass")


def random_ascii():
    return random.random() < 0.5


# ---- what is damaged ----

MACHINE = {
    "machine": "made-up", "source": "measured", "architecture": "aarch64",
    "cpus": [{"cpus": "0-7", "name": "Made-up Core", "signature": "0x1"}], "cores": 8,
    "caches": {"l2_bytes": 1 << 20}, "features": ["FEAT_LSE"], "missing": [],
    "memory": {"page_kib": 4}, "virtualization": {"hypervisor": "none seen"},
    "system": {"kernel": "6.1.0", "kernel_version": "#1 SMP", "libc": "glibc 2.36"},
    "memory_model": {"available": ["weak", "tso"], "state": "weak", "because": "it switches"},
    "clock": {"counter": "CNTVCT_EL0", "measured_hz": 2100000000, "step_ns": 0.5,
              "overhead_ns": 20},
    "run": {"version": "0.1.0", "git": "0000000", "compiler": "GNU 12", "kernel_flags": "-O2",
            "footprints": {"L1": 16384, "DRAM": "too little memory"}, "cpus": [0, 1],
            "ticks_per_ns": 2.1, "missing": ""}}
EVENTS = {"format": 1, "source": "measured", "machine": "made-up", "events": [
    {"event": "null syscall", "what": "getppid()", "ns": [100.5, 99.5, 101], "blocks": 8,
     "rounds": 25},
    {"event": "fork", "what": "fork()", "skipped": "the process that measured it died"}],
    "inheritance": {"thread": "tso", "fork": "tso", "execve": "weak"}}
SYMBOLS = "plain_loads plain_stores ordered_loads ordered_stores rmws copies barriers".split()


def samples():
    text = awk("tests/fakes/fake-run", "-v", "machine=arm", "-v", "blocks=2", "-v", "rounds=12", "-v",
               "events=1")
    lines = [json.loads(line) for line in text.splitlines()]
    lines[0]["blocks"] = 2
    kept = ("load_latency/", "memcpy/bytes=8,size=16K", "ticket_lock/-/threads=2")
    return [line for line in lines
            if line["type"] in ("begin", "end", "skipped") or
            (line["type"] == "block" and line["set"].startswith(kept))]


def benchmarks(lines):
    rows = []
    for line in lines:
        for cell in line.get("cells", ()):
            rows.append({"name": line["set"], "family_index": 1, "per_family_instance_index": 1,
                         "run_name": line["set"], "run_type": "iteration", "repetitions": 2,
                         "repetition_index": line["block"], "threads": line["threads"],
                         "iterations": 12, "real_time": 1.5, "cpu_time": 1.5, "time_unit": "ns",
                         "cycles": 4.5})
            assert cell["ticks"]
    return {"context": {"source": "measured", "library_build_type": "release"},
            "benchmarks": rows}


def table(heading, rows):
    return "".join("\t".join(map(str, row)) + "\n" for row in [heading] + rows).encode()


def make_run(folder):
    """A run directory that check calls ok; its lines."""
    os.makedirs(folder)
    lines = samples()
    functions = sorted({(line["kernel"], cell["lowering"], cell["symbol"]) for line in lines
                        for cell in line.get("cells", ()) if cell["symbol"]})
    documents = {"machine.json": MACHINE, "switch.json": EVENTS,
                 "backpatch.json": {**EVENTS, "inheritance": {"skipped": "no switch"}},
                 "benchmark.json": benchmarks(lines),
                 "matrix.json": json.loads(awk("tests/fakes/fake-matrix", "-v", "cpus=4", "-v",
                                               "cluster=1"))}
    with open(os.path.join(SOURCE, "tests/data/core.json"), encoding="utf-8") as file:
        documents["core.json"] = json.load(file)
    for name, document in documents.items():
        write(os.path.join(folder, name), json.dumps(document, indent=1).encode())
    write(os.path.join(folder, "counts.tsv"),
          table(["kernel", "lowering", "function"] + SYMBOLS,
                [list(function) + [1] * len(SYMBOLS) for function in functions]))
    write(os.path.join(folder, "harness.tsv"),
          table(["set", "pair", "method", "wall_s", "ratio", "half_width"],
                [["load_latency/footprint=L1/threads=1", "aa", "tsobench", 1.5, 1.001, 0.002]]))
    pack(b"".join(dump(line) + b"\n" for line in lines),
         os.path.join(folder, "samples.jsonl.zst"))
    run(["report", "--no-plots", folder], check=True)
    return lines


def trim_run(good, folder):
    """The same, trimmed."""
    run(["trim", good, folder], check=True)
    text = subprocess.run(["zstd", "-dcq", os.path.join(folder, "samples.jsonl.zst")], check=True,
                          capture_output=True).stdout
    return [json.loads(line) for line in text.splitlines()]


# ---- damage: a function changes something and says whether it must be refused ----

def places(value, path=()):
    """Every place in a document: the object or list, the key, the keys above."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield value, key, path
        if isinstance(inner, (dict, list)):
            yield from places(inner, path + (key,))


def replace(value, path, key):
    """Another value, and whether nobody may believe it."""
    free = ANYTHING & set(path)
    if isinstance(value, bool):
        return random.choice((None, 7, "true", [])), key not in ("sound",) and not free
    if isinstance(value, (int, float)):
        bad = random.random() < 0.6
        new = random.choice(BAD_NUMBERS if bad else ODD_NUMBERS)
        return new, bad and not free and not (key in SIGNED and new == -10**15)
    if isinstance(value, str):
        bad = random.random() < 0.6
        new = random.choice(BAD_TEXTS if bad else ODD_TEXTS)
        return new, bad and not free
    return random.choice((None, 7, "x", [] if isinstance(value, dict) else {})), bool(
        not free and value and key not in OPTIONAL)


def change_document(document):
    """One change in a document that is JSON."""
    container, key, path = random.choice(list(places(document)))
    kind = random.randrange(10)
    if kind < 6 or isinstance(container, list) and kind < 8:
        value, must = replace(container[key], path, key)
        # null is a spoiled sample in lists of numbers
        must = must and value is not None
        container[key] = value
        return f"{path} {key} = {str(value)[:40]!r}", must
    if kind < 8:
        del container[key]
        must = key not in OPTIONAL and not ANYTHING & set(path)
        return f"{path} {key} deleted", must
    if isinstance(container, dict):
        container["foreign"] = 1
        return f"{path} foreign key", not ANYTHING & set(path)
    container.append(copy.deepcopy(container[key]))
    return f"{path} one more item", False


def change_bytes(data, archive):
    """Bits flipped, cut, doubled, zeroed."""
    kind = random.randrange(4)
    at = random.randrange(len(data))
    if kind == 0:
        return f"cut at {at}", data[:at], archive or at < len(data) - 2
    if kind == 1:
        flipped = bytearray(data)
        flipped[at] ^= 1 << random.randrange(8)
        return f"bit flipped at {at}", bytes(flipped), archive
    if kind == 2:
        end = min(len(data), at + random.randrange(1, 64))
        return f"zeroed at {at}", data[:at] + bytes(end - at) + data[end:], archive and any(
            data[at:end])
    return f"inserted at {at}", data[:at] + os.urandom(8) + data[at:], archive


def bomb():
    """Kilobytes that are gigabytes."""
    name, piece = random.choice((("zeros", b"\0"), ("brackets", b"["), ("keys", b'{"a":'),
                                 ("a text", b"x"), ("newlines", b"\n"), ("numbers", b"1000,"),
                                 ("objects", b"{},"), ("nulls", b"null,")))
    head = {"a text": b'{"format":"', "numbers": b'{"ticks":[', "objects": b'{"cells":[',
            "nulls": b'{"ticks":['}.get(name, b"")
    size = random.choice((20, 100, 1000)) << 20
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bomb.zst")
        with subprocess.Popen(["zstd", "-q", "-1", "--check", "-o", path],
                              stdin=subprocess.PIPE) as zstd:
            chunk = piece * ((1 << 20) // len(piece))
            zstd.stdin.write(head)
            for _ in range(size >> 20):
                zstd.stdin.write(chunk)
        with open(path, "rb") as file:
            return f"bomb of {name}, {size >> 20} MiB", file.read()


def many_sets(lines):
    """As many sets, or blocks of one, as fit into some megabytes."""
    block = next(line for line in lines if line["type"] in ("block", "medians"))
    count, kind = random.choice((3000, 17000, 60000)), random.choice(("sets", "kernels", "skips"))
    many = [lines[0]]
    for i in range(count):
        line = {"format": 1, "type": "skipped", "set": f"k/n={i}/threads=1", "kernel": "k",
                "params": f"n={i}", "threads": 1, "reason": "none"}
        if kind == "kernels":
            line.update(kernel=f"k{i}")
        if kind == "sets":
            line = {**block, **{key: line[key] for key in ("set", "kernel", "params")}}
            line.update(rounds=1, cells=[{**block["cells"][0], "ticks": [9], "chain_before": [9],
                                          "chain_after": [9], "cycles": [9], "instructions": [9],
                                          "event_set": [0], "counts": [None], "migrated": 0,
                                          "preempted": 0}])
        many.append(line)
    return f"{count} {kind}", many


def damage_lines(folder, lines):
    lines = copy.deepcopy(lines)
    kind, at = random.randrange(20), random.randrange(len(lines))
    must = True
    data = None
    if kind < 12:
        what, must = change_document(lines[at])
        what = f"line {at + 1}: {what}"
    elif kind == 12:
        what = f"line {at + 1} twice"
        lines.insert(at, lines[at])
        must = lines[at]["type"] not in ("skipped", "shapes")
    elif kind == 13:
        what, must = f"line {at + 1} deleted", lines[at]["type"] in (
            "begin", "end", "block", "medians")
        del lines[at]
    elif kind == 14:
        what, lines = many_sets(lines)
    elif kind == 15:
        what, data = bomb()
    elif kind == 16:
        other = random.randrange(len(lines))
        what, must = f"lines {at + 1} and {other + 1} changed", False
        lines[at], lines[other] = lines[other], lines[at]
    else:
        with open(os.path.join(folder, "samples.jsonl.zst"), "rb") as file:
            what, data, must = change_bytes(file.read(), True)
    path = os.path.join(folder, "samples.jsonl.zst")
    if data is None:
        text = b"".join(dump(line) + b"\n" for line in lines)
        if random.random() < 0.05:
            text, what = text.replace(b'"type":', b'"type":"x","type":', 1), "a key twice"
            must = True
        pack(text, path)
    else:
        write(path, data)
    return f"samples: {what}", must


def damage_file(folder):
    names = [name for name in sorted(os.listdir(folder)) if
             name.endswith((".json", ".tsv")) and name != "plot.tsv"]
    name = random.choice(names)
    path = os.path.join(folder, name)
    kind = random.randrange(12)
    if kind == 0:
        os.unlink(path)
        made = random.choice(("folder", "pipe", "link", "other", "empty"))
        if made == "folder":
            os.mkdir(path)
        elif made == "pipe":
            os.mkfifo(path)
        elif made == "link":
            os.symlink("/dev/zero", path)
        else:
            write(path, b"" if made == "empty" else b"{}\n")
        return f"{name}: {made}", True
    with open(path, "rb") as file:
        data = file.read()
    if kind < 9 and name.endswith(".json"):
        document = json.loads(data)
        what, must = change_document(document)
        write(path, dump(document))
    else:
        what, data, must = change_bytes(data, False)
        write(path, data)
    return f"{name}: {what}", must


def damage_run(folder, lines):
    """One change of a run directory: what it is, and whether check must refuse it."""
    if random.random() < 0.6:
        return damage_lines(folder, lines)
    return damage_file(folder)


# ---- programs under limits ----

def limit():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


Result = collections.namedtuple("Result", "status text seconds bytes")


def run(words, check=False):
    """Runs the program: its status (below 0: a signal, None: too long) and what it said."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as out:
        with subprocess.Popen(PROGRAM + words, stdout=out, stderr=out, preexec_fn=limit,
                              start_new_session=True, stdin=subprocess.DEVNULL) as process:
            deadline, status, usage = begin + HANG, None, None
            while time.monotonic() < deadline:
                pid, code, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    status = os.waitstatus_to_exitcode(code)
                    break
                time.sleep(0.002 if time.monotonic() < begin + 0.2 else 0.02)
            else:
                os.killpg(process.pid, signal.SIGKILL)
                _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
        out.seek(0)
        text = out.read(1 << 20).decode("utf-8", "replace")
    if check and status:
        sys.exit(f"fuzz: {' '.join(words)}: {status}: {text}")
    return Result(status, text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


class Fuzzer:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.failures = 0
        self.counts = collections.Counter()
        self.slowest = self.largest = 0
        # A sanitizer has memory and time of its own.
        self.sanitized = b"__asan_init" in open(PROGRAM[-1], "rb").read()

    def fail(self, what, why, words):
        self.failures += 1
        print(f"FAIL: case {self.counts['cases']} ({what}): tsobench {' '.join(words)}: {why}",
              flush=True)
        if self.options.keep:
            kept = os.path.join(self.options.keep, str(self.counts["cases"]))
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(os.path.join(self.folder, "bad"), kept, symlinks=True)

    def run(self, what, words, allowed=(0, 1, 2, 3)):
        result = run(words)
        self.counts["commands"] += 1
        self.slowest = max(self.slowest, result.seconds)
        self.largest = max(self.largest, result.bytes)
        if result.status is None:
            self.fail(what, f"no end in {HANG} s", words)
        elif result.seconds > SECONDS * (8 if self.sanitized else 1):
            self.fail(what, f"{result.seconds:.1f} s", words)
        elif result.status not in allowed or "Sanitizer" in result.text or \
                "runtime error:" in result.text:
            self.fail(what, f"status {result.status}: {result.text[-1500:]}", words)
        elif result.status and not result.text.strip():
            self.fail(what, f"status {result.status} without a word", words)
        elif result.bytes > MEMORY and not self.sanitized:
            self.fail(what, f"{result.bytes >> 20} MiB", words)
        return result

    def run_case(self, good, lines):
        bad, made = os.path.join(self.folder, "bad"), os.path.join(self.folder, "made")
        shutil.rmtree(bad, ignore_errors=True)
        shutil.copytree(good, bad)
        what, must = damage_run(bad, lines)
        result = self.run(what, ["check", bad], (0, 1))
        ok = result.status == 0
        self.counts["refused"] += not ok
        self.counts["must"] += must
        if ok and must:
            self.fail(what, "is called ok", ["check"])
        allowed = (0,) if ok else (0, 1, 2, 3)
        commands = [["report", "--no-plots", "--format", form, "-o", made, bad]
                    for form in REPORTS]
        commands += [["compare", good, bad], ["compare", bad, good], ["claims", bad],
                     ["claims", "--json", bad], ["recommend", bad]]
        for words in random.sample(commands, 4):
            self.run(what, words, (0, 2) if ok and words[0] == "recommend" else allowed)

    def import_case(self, good):
        bad, made = os.path.join(self.folder, "bad"), os.path.join(self.folder, "made-run")
        shutil.rmtree(bad, ignore_errors=True)
        shutil.rmtree(made, ignore_errors=True)
        shutil.copytree(good, bad)
        part = os.path.join(bad, random.choice(sorted(os.listdir(bad))))
        path = os.path.join(part, random.choice(sorted(os.listdir(part))))
        with open(path, "rb") as file:
            data = file.read()
        if data and random.random() < 0.7:
            lines = [json.loads(line) for line in data.splitlines()]
            what, _ = change_document(random.choice(lines))
            data = b"".join(dump(line) + b"\n" for line in lines)
        else:
            what, data, _ = change_bytes(data or b"\n", False)
        write(path, data)
        what = f"simulation, {os.path.relpath(path, bad)}: {what}"
        folders = [os.path.join(bad, name) for name in sorted(os.listdir(bad))]
        result = self.run(what, ["import", "--out", made] + folders)
        if result.status == 0: # what it makes is a run
            again = run(["check", made])
            if again.status not in (0, 1) or "samples.jsonl" in again.text:
                self.fail(what, f"made what check cannot read: {again.text}", ["import"])
        elif os.path.exists(made) and result.status == 2:
            self.fail(what, f"refused when it had written: {result.text}", ["import"])

    def runs(self):
        good, simulation = (os.path.join(self.folder, name) for name in ("good", "simulation"))
        trimmed = os.path.join(self.folder, "trimmed")
        bases = ((good, make_run(good)), (trimmed, trim_run(good, trimmed)))
        for folder, _ in bases:
            result = run(["check", folder])
            if result.status:
                sys.exit(f"fuzz: the run to be damaged is not ok: {result.text}")
        subprocess.run([os.path.join(SOURCE, "tests/fakes/fake-simulation"), simulation], check=True)
        while self.goes_on():
            if self.counts["cases"] % 8 == 0:
                self.import_case(simulation)
            else:
                self.run_case(*random.choice(bases))

    def traces(self):
        names = ("flac", "zstd", "luajit")
        contents = [subprocess.run(["zstd", "-dcq", os.path.join(SOURCE, f"traces/{name}.trace")],
                                   check=True, capture_output=True).stdout for name in names]
        bad = os.path.join(self.folder, "bad")
        while self.goes_on():
            shutil.rmtree(bad, ignore_errors=True)
            os.mkdir(bad)
            path, data = os.path.join(bad, "x.trace"), random.choice(contents)
            end = data.index(b"\n", data.index(b"{")) if b"{" in data else len(data)
            if random.random() < 0.3:
                begin = data.index(b"{")
                document = json.loads(data[begin:end])
                what, _ = change_document(document)
                data = data[:begin] + dump(document) + data[end:]
            else:
                what = []
                for _ in range(random.choice((1, 1, 4, 16))):
                    said, data, _ = change_bytes(data or b"\0", False)
                    what.append(said)
                what = ", ".join(what)
            pack(data, path)
            if random.random() < 0.1:
                with open(path, "rb") as file:
                    said, data, _ = change_bytes(file.read(), True)
                write(path, data)
            for words in (["show", path], ["check", path], ["check", "--execute", "3", path],
                          ["replay", path]):
                self.run(f"trace: {what}", ["trace"] + words)

    def goes_on(self):
        self.counts["cases"] += 1
        if self.options.minutes:
            return time.monotonic() < self.begin + 60 * self.options.minutes
        return self.counts["cases"] <= self.options.cases

    def main(self):
        self.begin = time.monotonic()
        getattr(self, self.options.what)()
        counts = self.counts
        print(f"{counts['cases'] - 1} cases of {self.options.what}, {counts['commands']} commands; "
              f"{counts['must']} must be refused by check, {counts['refused']} were; slowest "
              f"{self.slowest:.1f} s, largest {self.largest >> 20} MiB; {self.failures} failures")
        return self.failures > 0


def main():
    parser = argparse.ArgumentParser(prog="fuzz.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("runs", "traces"))
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", metavar="FOLDER", help="of the inputs of failures")
    options = parser.parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory(prefix="tsobench-fuzz-") as folder:
        return Fuzzer(options, folder).main()


if __name__ == "__main__":
    sys.exit(main())
