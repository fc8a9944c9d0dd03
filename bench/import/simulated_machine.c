/* SPDX-License-Identifier: MIT */
#include "import/simulated_machine.h"

#include <stdio.h>

/* "middle core of store path serial, 3 GHz, 4 wide, 128 in flight, 72 stores queued": what is told
 * of it. */
static void describe_core(const struct guest *guest, char *out, size_t size) {
    static const struct {
        const char *key, *words;
    } parts[] = {{"clock_ghz", "GHz"},
                 {"width", "wide"},
                 {"rob", "in flight"},
                 {"lq", "loads queued"},
                 {"sq", "stores queued"}};
    json_t *sizes = json_object_get(guest->machine, "sizes");
    const char *path = json_string_value(json_object_get(guest->machine, "store_path"));
    size_t used =
        (size_t)snprintf(out, size, "%s core%s%s", guest_text(guest, guest->machine, "core"),
                         path ? " of store path " : "", path ? path : "");
    for (size_t i = 0; i < sizeof parts / sizeof *parts && used < size; i++) {
        json_t *value = json_object_get(sizes, parts[i].key);
        if (json_is_number(value))
            used += (size_t)snprintf(out + used, size - used, ", %g %s", json_number_value(value),
                                     parts[i].words);
    }
}

static json_t *caches(const struct guest *guest) {
    static const char *const keys[] = {"l1d_bytes", "l2_bytes", "l3_bytes"};
    json_t *object = json_object(), *cache;
    size_t i;
    json_array_foreach(json_object_get(guest->machine, "caches"), i, cache) {
        json_int_t level = guest_number(guest, cache, "level");
        if (level >= 1 && level <= 3)
            json_object_set(object, keys[level - 1], json_object_get(cache, "bytes"));
    }
    return object;
}

json_t *simulated_machine(const struct guest *guest, const json_t *program) {
    char core[160], slug[64], cpus[32];
    json_int_t count = guest_number(guest, guest->machine, "cpus");
    const char *simulator = guest_text(guest, guest->machine, "simulator");
    describe_core(guest, core, sizeof core);
    snprintf(slug, sizeof slug, "gem5-%s", guest_text(guest, guest->machine, "core"));
    snprintf(cpus, sizeof cpus, "0-%lld", (long long)count - 1);
    json_t *numbers = json_array(), *described = json_deep_copy(guest->machine);
    json_object_del(described, "memory_model");
    for (json_int_t i = 0; i < count; i++)
        json_array_append_new(numbers, json_integer(i));
    json_t *run =
        json_pack("{s:s, s:s, s:s, s:s, s:O, s:o, s:f, s:s}", "version",
                  guest_text(guest, program, "version"), "git", guest_text(guest, program, "git"),
                  "compiler", guest_text(guest, program, "compiler"), "kernel_flags",
                  guest_text(guest, program, "kernel_flags"), "footprints",
                  json_object_get(program, "footprints"), "cpus", numbers, "ticks_per_ns", 1.0,
                  "missing", "");
    json_t *machine =
        json_pack("{s:s, s:s, s:s, s:[{s:s, s:s, s:s}], s:I, s:o}", "machine", slug, "source",
                  "simulated", "architecture", "aarch64", "cpus", "cpus", cpus, "name", core,
                  "signature", simulator, "cores", count, "caches", caches(guest));
    json_object_set_new(machine, "memory",
                        json_pack("{s:I, s:i}", "size_bytes",
                                  guest_number(guest, guest->machine, "memory_bytes"), "page_kib",
                                  4));
    json_object_set_new(machine, "system",
                        json_pack("{s:s, s:s, s:s}", "kernel", "none: system calls are emulated",
                                  "kernel_version", simulator, "libc", "static"));
    json_object_set_new(machine, "virtualization",
                        json_pack("{s:s, s:s}", "hypervisor", "none seen", "simulator", simulator));
    json_object_set_new(machine, "memory_model",
                        json_pack("{s:[s, s], s:s, s:s}", "available", "weak", "tso", "state",
                                  "weak", "because", "a parameter of the simulated core"));
    json_object_set_new(machine, "clock",
                        json_pack("{s:s, s:I, s:f, s:f}", "counter", "simulated time",
                                  "measured_hz", (json_int_t)1000000000, "step_ns", 1.0,
                                  "overhead_ns", 0.0));
    json_object_set_new(machine, "simulated", described);
    json_object_set_new(machine, "run", run);
    return machine;
}
