#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs.py FOLDER PAGE...: the commands of documents, held against the program (see docs.sh). Each page
has a new FOLDER/work; FOLDER/given is copied there. Prints a line of how many commands it ran."""
import glob
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

# Why a command is not run here. A block names one or more: ```sh needs=gem5,time
NEEDS = {
    "arm64": "an arm64 host: elsewhere the instructions are refused",
    "x86-64": "an x86-64 host, likewise",
    "time": "measures, builds or checks for longer than a test may: the program is run until it has begun",
    "root": "installs packages of the distribution",
    "gem5": "a gem5 of the reader's own",
    "vm": "virtual machines: those of Apple silicon, or kernels that `scripts/setup test` fetches",
    "emulators": "x86 emulators on an arm64 host, and a program that was built elsewhere",
    "recorder": "a qemu-user with plugins and Zydis, and minutes",
}
HOST = {"aarch64": "arm64"}.get(os.uname().machine, os.uname().machine.replace("_", "-"))
# Their exit status 1 is the answer "no".
VERDICTS = r"\btsobench (sound|claims|check|compare)\b"
PROGRAM = r"((\.|build)/)?tsobench"
SCRIPT = r"(scripts|\.ci)/[\w-]+"


class Fault(Exception):
    """What is wrong with a page."""


def run(command, seconds):
    """(status, output, errors) of a line for bash; the status is None if it had to be ended."""
    process = subprocess.Popen(["bash", "-euo", "pipefail", "-c", command], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True)
    try:
        out, err = process.communicate(timeout=seconds)
        return process.returncode, out, err
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate()
        return None, "", ""


def manual(words, cache={}):
    """The text that has all options of a program of ours: of `tsobench trace show ...` that verb's."""
    if re.fullmatch(SCRIPT, words[0]):
        key = (words[0], "--help")
    else:
        named = [word for word in words[1:3] if re.fullmatch("[a-z]+", word)]
        key = ("tsobench", *(named if named[:1] == ["trace"] else named[:1]), "--manual")
    if key not in cache:
        done = subprocess.run(key, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Fault(f"{' '.join(key)}: {done.stderr.strip()}")
        cache[key] = done.stdout
    return cache[key]


def check(words):
    """Whether a program of ours has the options of a command, and the files of its arguments are there."""
    if words[0] == ".ci/run":
        return
    text = manual(words)
    output = False
    for word in words[1:]:
        option = re.match(r"--?[a-zA-Z][\w-]*", word)
        if word == "--":
            return
        if option and not re.search(rf"(?<![\w-]){option[0]}(?![\w-])", text):
            raise Fault(f"no option {option[0]}")
        if re.fullmatch(r"[\w./*-]*(/[\w./*-]*|\.(trace|map|litmus|md))", word) and not (
                output or re.fullmatch(r"[A-Z/]+|/tmp/.*", word) or glob.glob(word)):
            raise Fault(f"no file {word}")
        output = option and option[0] in ("-o", "--out", "--output", "--only")


def parts(line):
    """The simple commands of a line, as words; what stands behind -- is one, too."""
    words = shlex.shlex(line, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    part = []
    for word in [*words, ";"]:
        if re.fullmatch(r"[;&|]+", word) or word == "--":
            if part:
                yield part
            part = []
        elif part or "=" not in word:
            part.append(word)


def check_line(line):
    """Holds a line that is not run against the helps, presets and files; true if anything of ours was there."""
    ours = False
    for words in parts(line):
        if re.fullmatch(PROGRAM, words[0]):
            check(words)
            ours = True
        elif re.fullmatch(SCRIPT, words[0]):
            if not os.access(words[0], os.X_OK):
                raise Fault(f"no program {words[0]}")
            check(words)
            ours = True
        elif words[0] == "cmake" and "--preset" in words:
            preset = words[words.index("--preset") + 1]
            with open("CMakePresets.json", encoding="utf-8") as file:
                if f'"name": "{preset}"' not in file.read():
                    raise Fault(f"no preset {preset}")
            ours = True
    return ours


def shell(lines, needs, counts):
    """Runs the lines of a block in their order, or checks what cannot be run here."""
    missing = needs - {HOST, "time"}
    for line in re.sub(r"\\\n", "", lines).splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        try:
            if missing or "time" in needs and not re.match(PROGRAM, line):
                counts["checked" if check_line(line) else "of others"] += 1
                continue
            status, _, err = run(line, 1 if "time" in needs else 120)
            if status is None and "time" not in needs:
                raise Fault("did not end in two minutes")
            if status and not (status == 1 and re.search(VERDICTS, line)):
                raise Fault(f"status {status}: {err}")
            counts["begun" if status is None else "run"] += 1
        except Fault as fault:
            raise Fault(f"{line}: {fault}") from None


def transcript(block, counts):
    """Runs each command after "$ ", and holds the lines below it against what it prints."""
    for command, wanted in re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", block, re.M):
        _, out, err = run(f"set +e; {command}", 120)
        if err:
            raise Fault(f"{command}: {err}")
        if not out.startswith(wanted):
            raise Fault(f"{command} says\n{out}and not\n{wanted}")
        counts["run"] += 1


def page(path, counts):
    """All of a page, in the current folder."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    blocks = re.compile(r"([^\n]*)\n\n?^```([^\n]*)\n(.*?)^```$", re.S | re.M)
    for before, info, block in blocks.findall(text):
        kind, _, needs = info.partition(" needs=")
        needs = set(needs.split(",")) - {""}
        if kind not in ("sh", "console", "text") or needs - NEEDS.keys():
            raise Fault(f"unknown kind of block: ```{info}")
        if kind == "sh":
            shell(block, needs, counts)
        elif kind == "console":
            transcript(block, counts)
        elif name := re.search(r"`([\w-]+\.map)`:$", before):
            with open(name[1], "w", encoding="utf-8") as file:
                file.write(block)
        elif line := re.search(rf"^({PROGRAM}|{SCRIPT}) .*", block, re.M):
            raise Fault(f"{line[0]}: a command in a block that is not run")
    rest = blocks.sub("", text)
    if line := re.search(r"\n\n( {4,}\S.*)", rest):
        raise Fault(f"an indented block has no kind: {line[1].strip()}")
    for span in re.findall(r"`([^`]+)`", rest):
        span = " ".join(span.split())
        if re.match(rf"({PROGRAM}|{SCRIPT})( |$)", span):
            try:
                check_line(span)
            except Fault as fault:
                raise Fault(f"`{span}`: {fault}") from None
            counts["in a line"] += 1


def main(folder, *paths):
    """Prints the counts of all pages, or what is wrong with them."""
    counts = {"run": 0, "begun": 0, "checked": 0, "of others": 0, "in a line": 0}
    status = 0
    for path in map(os.path.abspath, paths):
        os.chdir(folder)
        shutil.rmtree("work", ignore_errors=True)
        shutil.copytree("given", "work", symlinks=True)
        os.chdir("work")
        try:
            page(path, counts)
        except Fault as fault:
            print(f"{path}: {fault}", file=sys.stderr)
            status = 1
    print(f"{counts['run']} commands run, {counts['begun']} until they had begun; {counts['checked']} not run, "
          f"their options and files checked; {counts['of others']} of other programs; "
          f"{counts['in a line']} named in a line, checked")
    return status


sys.exit(main(*sys.argv[1:]))
