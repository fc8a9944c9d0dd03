# SPDX-License-Identifier: MIT
"""Runs a static arm64 program on a machine of cores.py, inside gem5:

  gem5 --outdir=JOB scripts/gem5/machine.py [OPTION]... -- PROGRAM [ARGUMENT]...

System calls are emulated, so there is no kernel and no operating system's noise: a program takes
as many cycles each time. What the program counts it marks with the pseudo-instructions work_begin
and work_end; between them the statistics of each core go to JOB/counters.jsonl, a line an
interval. JOB/machine.json describes the machine. The program works in JOB."""

import argparse
import json
import os
import sys

import _m5.core
import m5
from m5.objects import (AddrRange, ArmAtomicSimpleCPU, ArmISA, ArmO3CPU, Cache, FP_ALU,
                        FP_MultDiv, FUPool, IntALU, IntMultDiv, IprPort, L2XBar, MemCtrl, OpDesc,
                        PredALU, Process, RdWrPort, ReadPort, Root, SEWorkload, SIMD_Unit,
                        SrcClockDomain, StridePrefetcher, System, SystemXBar, VoltageDomain,
                        WritePort)
import m5.objects

import cores

# What is counted, by core: our name, and gem5's below the core or its cache.
COUNTERS = {
    "cycles": "numCycles",
    "instructions": "commitStats0.numInsts",
    "loads": "commitStats0.numLoadInsts",
    "stores": "commitStats0.numStoreInsts",
    "ordered": "commit.membars",  # DMB, DSB, and loads and stores with order
    "atomics": "commit.amos",
    "sq_full": "rename.SQFullEvents",
    "lq_full": "rename.LQFullEvents",
    "order_violations": "lsq0.memOrderViolation",
    "squashed_loads": "lsq0.squashedLoads",
    "l1d_misses": "dcache/overallMisses",
}

STALL = 10**12  # ps in which nothing was marked: all threads wait, and for ever
ISAR1_LRCPC = 1 << 20  # LDAPR, which gem5 decodes but whose feature register does not mention it


def parse():
    parser = argparse.ArgumentParser(prog="machine.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--core", choices=cores.CORES, default="middle")
    parser.add_argument("--cpus", type=int, choices=(1, 2, 4), default=2)
    parser.add_argument("--memory-model", choices=("weak", "tso"), default="weak")
    parser.add_argument("--store-path", choices=cores.STORE_PATHS, default="serial")
    parser.add_argument("--rob", type=int, metavar="N", help="reorder buffer entries")
    parser.add_argument("--sq", type=int, metavar="N", help="store queue entries")
    parser.add_argument("--lq", type=int, metavar="N", help="load queue entries")
    parser.add_argument("--l1-cycles", type=int, metavar="N", help="latency of the data cache")
    parser.add_argument("--l1-bytes", type=int, metavar="N")
    parser.add_argument("--last-cycles", type=int, metavar="N", help="latency of the last level")
    parser.add_argument("--last-bytes", type=int, metavar="N")
    parser.add_argument("--clock-ghz", type=float, metavar="N")
    parser.add_argument("--memory", choices=cores.MEMORIES)
    parser.add_argument("--skip-start", action="store_true", help="until the first interval begins "
                        "let each instruction take a cycle, which is fast; there must be one "
                        "thread until then: gem5 24.0 takes any other for the first one afterwards "
                        "(cpu/thread_context.cc:254), and nobody learns that it ends")
    parser.add_argument("--functional", action="store_true", help="do so to the end")
    parser.add_argument("program")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser.parse_args()


# What a unit for loads does of what ArmO3CPU needs: gem5's list has RISC-V's vectors, too.
LOADS, STORES = ("MemRead", "FloatMemRead"), ("MemWrite", "FloatMemWrite")


def operations(sizes, classes):
    """With a fast data cache the look-up is spent in the load unit, which begins a load a cycle
    all the same; but for a cycle, which such a cache takes too, since its answer is there at the
    core's next one. So load_latency is the same."""
    looking_up = sizes["l1d"]["cycles"] - 1 if "l1d_clock" in sizes else 0
    return [OpDesc(opClass=name, opLat=1 + (looking_up if name in LOADS else 0))
            for name in classes]


def pool(sizes):
    """Execution units: gem5's kinds of them, as many as the core has."""
    units = [IntALU(count=sizes["alus"]), IntMultDiv(count=sizes["multipliers"]),
             FP_ALU(count=sizes["fp_units"]), FP_MultDiv(count=sizes["fp_units"]),
             SIMD_Unit(count=sizes["fp_units"]), PredALU(), IprPort()]
    for kind, count, classes in ((ReadPort, sizes["loads"], LOADS),
                                 (WritePort, sizes["stores"], STORES),
                                 (RdWrPort, sizes["either"], LOADS + STORES)):
        if count:
            units.append(kind(count=count, opList=operations(sizes, classes)))
    return FUPool(FUList=units)


def cache(sizes):
    return Cache(size=f"{sizes['bytes']}B", assoc=sizes["ways"], tag_latency=sizes["cycles"],
                 data_latency=sizes["cycles"], response_latency=sizes["cycles"],
                 mshrs=sizes["misses"], tgts_per_mshr=20)


def data_cache(sizes, voltage):
    """The first level of data: with the core's clock, or with one of its own (STORE_PATHS)."""
    level = cache(sizes["l1d"])
    if "l1d_clock" in sizes:
        clock = sizes["clock_ghz"] * sizes["l1d_clock"]
        level.clk_domain = SrcClockDomain(clock=f"{clock}GHz", voltage_domain=voltage)
        level.tag_latency = level.data_latency = 1
        level.response_latency = sizes["l1d"]["cycles"] * sizes["l1d_clock"]
    if "prefetch" in sizes:
        level.prefetcher = StridePrefetcher(prefetch_on_access=True, queue_size=64,
                                            **sizes["prefetch"])
    return level


def core(number, machine, waits):
    """A core; one that waits takes over from a simple one of its number."""
    sizes, width = machine["sizes"], machine["sizes"]["width"]
    return ArmO3CPU(
        cpu_id=number, switched_out=waits, needsTSO=machine["memory_model"] == "tso",
        fetchWidth=width, decodeWidth=width, renameWidth=width, dispatchWidth=width,
        issueWidth=max(width, 8), wbWidth=max(width, 8), commitWidth=width, squashWidth=width,
        numROBEntries=sizes["rob"], numIQEntries=sizes["iq"],
        LQEntries=sizes["lq"], SQEntries=sizes["sq"],
        numPhysIntRegs=sizes["int_registers"], numPhysVecRegs=sizes["vec_registers"],
        numPhysFloatRegs=sizes["vec_registers"], cacheStorePorts=sizes["store_ports"],
        fuPool=pool(sizes))


def start(cpu, process):
    """Gives a core its process and, if it begins the simulation, all else that it needs."""
    isa = ArmISA()
    isa.id_aa64isar1_el1 = int(isa.id_aa64isar1_el1) | ISAR1_LRCPC
    cpu.isa = [isa]
    cpu.workload = process
    cpu.createInterruptController()
    cpu.createThreads()


def build(machine, options):
    """The machine, the process on it, and the cores that wait."""
    sizes = machine["sizes"]
    simple = options.skip_start or options.functional
    system = System(mem_mode="atomic" if simple else "timing", cache_line_size=machine["line"],
                    mem_ranges=[AddrRange(f"{machine['memory_bytes']}B")],
                    exit_on_work_items=True)
    system.clk_domain = SrcClockDomain(clock=f"{sizes['clock_ghz']}GHz",
                                       voltage_domain=VoltageDomain())
    system.membus = SystemXBar()
    system.system_port = system.membus.cpu_side_ports
    system.memory = MemCtrl(dram=getattr(m5.objects, machine["memory"])(
        range=system.mem_ranges[0]))
    system.memory.port = system.membus.mem_side_ports
    system.last_bus = L2XBar()
    system.last = cache(sizes["last"])
    system.last.cpu_side = system.last_bus.mem_side_ports
    system.last.mem_side = system.membus.cpu_side_ports

    program = os.path.abspath(options.program)
    system.workload = SEWorkload.init_compatible(program)
    process = Process(executable=program, cwd=m5.options.outdir,
                      cmd=[os.path.basename(program)] + options.arguments, env=[],
                      output=os.path.join(m5.options.outdir, "guest.jsonl"),
                      errout=os.path.join(m5.options.outdir, "guest.err"))
    numbers = range(machine["cpus"])
    full = [core(number, machine, simple) for number in numbers]
    system.cpu = [ArmAtomicSimpleCPU(cpu_id=number) for number in numbers] if simple else full
    if simple:
        system.waiting = full
        for cpu in full:
            start(cpu, process)
    for cpu in system.cpu:
        start(cpu, process)
        cpu.addPrivateSplitL1Caches(cache(sizes["l1i"]),
                                    data_cache(sizes, system.clk_domain.voltage_domain))
        above = system.last_bus
        if sizes["middle"]:
            cpu.middle_bus = L2XBar()
            cpu.middle = cache(sizes["middle"])
            cpu.middle.cpu_side = cpu.middle_bus.mem_side_ports
            cpu.middle.mem_side = system.last_bus.cpu_side_ports
            above = cpu.middle_bus
        cpu.connectCachedPorts(above.cpu_side_ports)
    return system


def snapshot(stats):
    return {name: [stat.total for stat in per_core] for name, per_core in stats.items()}


def run(system, options, out):
    """Simulates to the end, a line of counts for each interval that the program marked."""
    simple = options.skip_start or options.functional
    pairs = list(zip(system.cpu, system.waiting if simple else system.cpu))
    stats = {name: [(first.dcache if "/" in stat else last).resolveStat(stat.split("/")[-1])
                    for first, last in pairs] for name, stat in COUNTERS.items()}
    begun = {}
    waiting = options.skip_start
    while True:
        event = m5.simulate(STALL)
        cause, code = event.getCause(), event.getCode()
        if cause == "workbegin":
            if waiting:
                m5.switchCpus(system, pairs)
                waiting = False
            begun[code] = (m5.curTick(), snapshot(stats))
        elif cause == "workend":
            tick, before = begun.pop(code)
            line = {"work": code, "ticks": m5.curTick() - tick}
            for name, after in snapshot(stats).items():
                line[name] = [int(b - a) for a, b in zip(before[name], after)]
            out.write(json.dumps(line) + "\n")
            out.flush()
        elif cause == "simulate() limit reached":
            return f"all threads wait: nothing for {STALL // 10**9} ms", 1
        elif begun:
            return f"{cause}, but interval {min(begun)} never ended", 1
        else:
            return cause, code


def main():
    options = parse()
    machine = cores.machine(options.core, options.cpus, options.memory_model, options.store_path, {
        name: getattr(options, name) for name in (
            "rob", "sq", "lq", "l1_cycles", "l1_bytes", "last_cycles", "last_bytes", "clock_ghz",
            "memory")})
    machine["simulator"] = f"gem5 {_m5.core.gem5Version}"
    out = m5.options.outdir
    with open(os.path.join(out, "machine.json"), "w", encoding="utf-8") as file:
        json.dump(machine, file, indent=1)
    system = build(machine, options)
    root = Root(full_system=False, system=system)
    m5.instantiate()
    with open(os.path.join(out, "counters.jsonl"), "w", encoding="utf-8") as file:
        cause, code = run(root.system, options, file)
    print(f"machine.py: {cause} ({code}) at {m5.curTick()} ps")
    sys.exit(code if cause.startswith("exiting with") else 1)


if __name__ == "__m5_main__":
    main()
