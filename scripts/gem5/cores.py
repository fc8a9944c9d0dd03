# SPDX-License-Identifier: MIT
"""The simulated machines by name: data only, without gem5, so that anybody can read and test it.

A machine is gem5's out-of-order core with the sizes of a class of real cores. Sizes come from the
public descriptions named beside them; what nobody has published is marked `ours`. No machine is
the core it is named after: neither its predictors and prefetchers nor its store path are known.

Sources
  [A76]  AnandTech, "Arm's Cortex-A76 CPU unveiled" (2018), anandtech.com/show/12785, pages 2 and 3,
         and WikiChip, en.wikichip.org/wiki/arm_holdings/microarchitectures/cortex-a76
  [N1]   as [A76] for what the two share: 68 loads, 72 stores, 20 misses in flight
  [A55]  Arm, Cortex-A55 Technical Reference Manual, 100442, A6.1 and A7.1, and AnandTech,
         "DynamIQ and Arm's new CPUs" (2017), anandtech.com/show/11441, page 4
  [DJ]   D. Johnson, "Apple M1 Microarchitecture Research",
         dougallj.github.io/applecpu/firestorm.html
  [t8103] Asahi Linux, arch/arm64/boot/dts/apple/t8103.dtsi: caches and clock of the M1
  [O3]   gem5 24.0, src/cpu/o3/BaseO3CPU.py: its defaults
"""

KIB = 1024
MIB = 1024 * KIB

# Cycles are of a cache's own look-up. From load to use is one more in L1, which load_latency
# shows, and in the next level the two look-ups, L1's once more for the answer, and 3. A store
# takes L1's look-up, too, which is all that a store under TSO waits for the one before it: see the
# sweep l1-latency. `middle` is a second level of each core; `last` is shared by all.
#
# Instructions come from one buffer of 64 bytes, which a loop that lies across two lines fills
# twice a turn, each time for L1I's look-up (cpu/o3/fetch.cc:1523): with 2 cycles the same copy of
# four words a turn took 0.17 to 0.42 ns a word, by where it began. Real cores fetch ahead. With 1
# cycle, a core 4 wide shows next to nothing of it.
CORES = {
    # gem5's own sizes [O3] with the caches of the table that the project began with; with its
    # queues of 32, no loop whatever fills 256 KiB as fast as that table says.
    "reference": {
        "clock_ghz": 3.0,
        "width": 8, "rob": 192, "iq": 64, "lq": 64, "sq": 64,
        "int_registers": 256, "vec_registers": 256,
        "alus": 6, "multipliers": 2, "fp_units": 4, "loads": 0, "stores": 0, "either": 4,
        "store_ports": 200,
        "l1i": {"bytes": 64 * KIB, "ways": 8, "cycles": 2, "misses": 16},
        "l1d": {"bytes": 64 * KIB, "ways": 8, "cycles": 2, "misses": 16},
        "middle": None,
        "last": {"bytes": MIB, "ways": 16, "cycles": 8, "misses": 32},
    },
    # As wide as a Cortex-A55 [A55] and with its caches; but that core is in order, so what an
    # out-of-order core needs besides is ours, and small.
    "small": {
        "clock_ghz": 1.8,  # ours
        "width": 2, "rob": 32, "iq": 16, "lq": 12, "sq": 12,  # [A55] 2-wide; queues ours
        "int_registers": 96, "vec_registers": 96,  # ours
        "alus": 2, "multipliers": 1, "fp_units": 2, "loads": 1, "stores": 1, "either": 0,  # [A55]
        "store_ports": 1,
        "l1i": {"bytes": 32 * KIB, "ways": 4, "cycles": 1, "misses": 2},
        "l1d": {"bytes": 32 * KIB, "ways": 4, "cycles": 1, "misses": 4},  # [A55] 16 to 64 KiB
        "middle": {"bytes": 128 * KIB, "ways": 4, "cycles": 6, "misses": 8},  # [A55] 64 to 256 KiB
        "last": {"bytes": MIB, "ways": 16, "cycles": 24, "misses": 32},  # size and cycles ours
    },
    # A Cortex-A76 class core.
    "middle": {
        "clock_ghz": 3.0,  # [A76]
        "width": 4, "rob": 128,  # [A76] 4 decoded a cycle, window of 128
        "iq": 120,  # [A76] queues of 16 or 12 at eight ports
        "lq": 68, "sq": 72,  # [N1]
        "int_registers": 192, "vec_registers": 192,  # ours: never the limit
        "alus": 3, "multipliers": 1, "fp_units": 2, "loads": 0, "stores": 0, "either": 2,  # [A76]
        "store_ports": 2,
        "l1i": {"bytes": 64 * KIB, "ways": 4, "cycles": 1, "misses": 8},
        # [A76] 4 cycles from load to use, here 3: with 4 a store would take 3, which no one says.
        "l1d": {"bytes": 64 * KIB, "ways": 4, "cycles": 2, "misses": 20},  # [A76], [N1]
        "middle": {"bytes": 512 * KIB, "ways": 8, "cycles": 5, "misses": 46},  # [A76] 9 to use: 12
        "last": {"bytes": 2 * MIB, "ways": 16, "cycles": 18, "misses": 64},  # [A76] 0 to 4 MiB
    },
    # A Firestorm class core. gem5's cores are at most 12 wide.
    "wide": {
        "clock_ghz": 3.2,  # [t8103]
        "width": 8, "rob": 623, "lq": 129, "sq": 108,  # [DJ]
        "iq": 326,  # ours
        "int_registers": 380, "vec_registers": 434,  # [DJ]
        "alus": 6, "multipliers": 2, "fp_units": 4, "loads": 2, "stores": 1, "either": 1,  # [DJ]
        "store_ports": 2,  # [DJ] two units that store
        "l1i": {"bytes": 192 * KIB, "ways": 6, "cycles": 1, "misses": 16},  # [t8103]
        "l1d": {"bytes": 128 * KIB, "ways": 8, "cycles": 2, "misses": 32},  # [t8103]; [DJ] 3 to use
        "middle": None,
        "last": {"bytes": 12 * MIB, "ways": 12, "cycles": 12, "misses": 64},  # [t8103]; cycles ours
    },
}

# How stores leave the store queue. Under TSO gem5 sends one to the cache and holds back the next
# until the cache has answered (cpu/o3/lsq_unit.cc:800), and no parameter changes that: "serial", as
# no core with a hardware TSO mode is known to be. The others make the answer come in time, by
# parameters alone, for both memory models alike:
#   l1d_clock  the data cache's clock over the core's: it answers a hit before the core's next
#              cycle, so that one store a cycle leaves under TSO. The load unit takes as many cycles
#              longer as the cache's look-up is shorter, and the cache still takes them to fill a line, so
#              loads take as long as before. `store_ports` is 1, so that the models differ in what a
#              store waits for and not in how many leave in a cycle.
#   prefetch   lines that are asked for ahead of a stream of loads or stores of one instruction, so
#              that a store of such a stream finds its line. Nothing asks for the line of a store
#              that no stream foretells, as x86 cores do for every store that waits.
FAST_CACHE = 32  # ours: an answer is due 2 cycles of the cache later at most
STORE_PATHS = {
    "serial": {},
    "hits": {"l1d_clock": FAST_CACHE, "store_ports": 1},
    "pipelined": {"l1d_clock": FAST_CACHE, "store_ports": 1,
                  "prefetch": {"degree": 8, "distance": 8}},  # ours: 16 lines ahead, of 20 misses
}

# What the model is and is not, for the report beside its numbers. Places are of gem5 24.0.0.1.
STORE_NOTES = {
    "serial":
    "Under TSO one store at a time leaves the store queue, hit or miss (cpu/o3/lsq_unit.cc:800); "
    "stores never overlap and none is prefetched. Its TSO tax is an upper bound.",
    "hits":
    "Under TSO one store a cycle leaves the store queue where it hits: the data cache has a clock of "
    "its own, so fast that it answers within the core's cycle, and loads get the time back in the "
    "load unit. A store that misses still holds up all younger ones "
    "(cpu/o3/lsq_unit.cc:800).",
    "pipelined":
    "Under TSO one store a cycle leaves the store queue where it hits: the data cache has a clock of "
    "its own, so fast that it answers within the core's cycle, and loads get the time back in the "
    "load unit. A prefetcher fetches the lines of streams of loads and of stores ahead, in both "
    "memory models. A store whose line no stream foretells still holds up all younger ones "
    "(cpu/o3/lsq_unit.cc:800): of scattered stores the TSO tax is an upper bound here, too.",
}
NOTES = (
    "Every DMB is a full barrier in it, whatever its option "
    "(arch/arm/isa/formats/aarch64.isa:417): it waits at the head of the reorder buffer until the "
    "store queue is empty (cpu/o3/commit.cc:1120). What DMB ISHLD and ISHST cost is an upper "
    "bound.",
    "LDAPR is LDAR in it (arch/arm/isa/insts/ldr64.isa:473-491), and that LDAR is weaker than the "
    "architecture's: later accesses wait for its value (cpu/o3/mem_dep_unit.cc:210), but it does "
    "not wait until an earlier STLR is seen by others: SB by STLR and LDAR shows what Arm forbids. "
    "What LDAPR costs is an upper bound, what LDAR costs after STLR a lower one.",
    "STLR leaves the store queue only from its head (cpu/o3/lsq_unit.cc:832), so a stream of "
    "stores costs by STLR in weak mode what it costs under TSO.",
    "Under TSO a line that another core takes sends back the first load that has read it, if it "
    "is not the oldest, and every younger one (cpu/o3/lsq_unit.cc:462-486).",
    "Acquire, release and exclusive accesses fault where they are not aligned, as on a core without "
    "FEAT_LSE2 (arch/arm/isa/insts/ldr64.isa:88, arch/arm/mmu.cc:275). No system is there to hand "
    "the fault on, so gem5 ends at the exception vector, 0x400, where nothing is mapped; such "
    "cells are left out.",
    "Every read-modify-write, relaxed ones too, waits until the store queue is empty "
    "(cpu/o3/iew.cc:949-961, cpu/o3/commit.cc:1120).",
    "Instructions are not fetched ahead of a taken branch: a short loop that lies across two lines "
    "is limited by that, and what order costs it is a lower bound.",
    "Address translation and system calls take no time, and but for the store path \"pipelined\" there "
    "are no prefetchers. It is no Apple core, nor any other that is sold.",
)

LINE = 64
MEMORY_BYTES = 2048 * MIB
MEMORIES = ("DDR4_2400_8x8", "LPDDR5_6400_1x16_BG_BL32")


def machine(core, cpus, model, store_path="serial", changes=None):
    """The machine as data, in what machine.json of a run directory says of it.

    `changes` overrides sizes of the core: a dictionary with keys as in CORES, where `l1_cycles` is
    short for the latency of the first level of data."""
    sizes = {key: dict(value) if isinstance(value, dict) else value
             for key, value in CORES[core].items()}
    sizes.update(STORE_PATHS[store_path])
    memory = MEMORIES[0]
    for key, value in (changes or {}).items():
        if value is None:
            continue
        if key == "l1_cycles":
            sizes["l1d"]["cycles"] = value
        elif key == "l1_bytes":
            sizes["l1d"]["bytes"] = value
        elif key == "last_bytes":
            sizes["last"]["bytes"] = value
        elif key == "last_cycles":
            sizes["last"]["cycles"] = value
        elif key == "memory":
            memory = value
        else:
            sizes[key] = value
    levels = [level for level in (sizes["l1d"], sizes["middle"], sizes["last"]) if level]
    return {"core": core, "store_path": store_path, "cpus": cpus, "memory_model": model,
            "line": LINE, "memory": memory,
            "memory_bytes": MEMORY_BYTES, "sizes": sizes,
            "caches": [{"level": number, "bytes": level["bytes"]}
                       for number, level in enumerate(levels, 1)],
            "notes": (STORE_NOTES[store_path],) + NOTES}


def caption(described):
    """A line that says what was simulated."""
    sizes = described["sizes"]
    caches = ", ".join(f"{size // KIB} KiB" for size in (c["bytes"] for c in described["caches"]))
    return (f"simulated by {described['simulator']}: {described['core']}, {described['cpus']} CPUs "
            f"at {sizes['clock_ghz']:g} GHz, {sizes['width']} wide, {sizes['rob']} in flight, "
            f"{sizes['lq']} loads, {sizes['sq']} stores; caches {caches}; {described['memory']}; "
            "deterministic, so without intervals")
