/* SPDX-License-Identifier: MIT
 *
 * check_schema.c: machine.json, and objects key by key. A key that the tables do not know is a
 * problem: it may hold anything. Whoever adds a key to machine.json adds it here.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

static const char machine_keys[] =
    "machine=s source=s product=s? architecture=s cpus=a cores=i? numa_nodes=i? caches=o? "
    "working_sets=o? features=a? features_absent=a? errata=a? memory=o limits=o? system=o "
    "environment=a? virtualization=o memory_model=o clock=o frequency=o? pmus=a? perf=o? "
    "missing=a? "
    "pmu_selftest=a? pmu_selftest_skipped=s? pmu_overhead=*? simulated=o? run=o";
static const struct {
    const char *section, *keys;
} sections[] = {
    {"cpus", "cpus=s name=s signature=s"},
    {"caches", "l1d_bytes=i? l2_bytes=i? l3_bytes=i? l3_cores=i?"},
    {"working_sets", "L1_bytes=i? L2_bytes=i? L3_bytes=i? DRAM_bytes=i?"},
    {"memory", "size_bytes=i? page_kib=i huge_page_kib=i? transparent_huge_pages=s?"},
    {"limits", "memory_bytes=i? cpu_time=n? throttled_before=i?"},
    {"environment", "name=s value=s"},
    {"system", "kernel=s kernel_version=s libc=s isolated_cpus=s? nohz_full_cpus=s? "
               "spec_store_bypass=s?"},
    {"virtualization", "hypervisor=s evidence=s? container=s? emulator=s? "
                       "emulator_settings=s? simulator=s?"},
    {"memory_model", "available=a state=s because=s"},
    {"clock", "counter=s claimed_hz=i? measured_hz=i step_ns=n overhead_ns=n kernel_source=s?"},
    {"frequency", "now_ghz=n? driver=s? governor=s? boost=s?"},
    {"pmus", "name=s type=i cpus=s?"},
    {"perf", "event_paranoid=i? user_access=i?"},
    {"missing", "what=s why=s how=s"},
    {"pmu_selftest", "pmu=s event=s loop=s expected=i counted=* error=* trusted=b reason=S"},
    {"pmu_overhead", "user_ns=n? syscall_ns=n?"},
    {"run", "version=s git=s compiler=s kernel_flags=s footprints=o cpus=a ticks_per_ns=n "
            "missing=s"},
};

/* ---- objects ---- */

static bool is_of_type(const json_t *value, char type) {
    switch (type) {
    case 's':
        return json_is_string(value);
    case 'S':
        return json_is_string(value) || json_is_null(value);
    case 'i':
        return json_is_integer(value);
    case 'n':
        return json_is_number(value);
    case 'b':
        return json_is_boolean(value);
    case 'B':
        return json_is_boolean(value) || json_is_null(value);
    case 'a':
        return json_is_array(value);
    case 'o':
        return json_is_object(value);
    default:
        return true;
    }
}

/* Where "key=" begins a word of keys; NULL if it does not. */
static const char *find_key(const char *keys, const char *key) {
    size_t length = strlen(key);
    for (const char *at = keys; at; at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL)
        if (strncmp(at, key, length) == 0 && at[length] == '=')
            return at + length + 1;
    return NULL;
}

bool check_object(struct check *check, const char *where, json_t *object, const char *keys) {
    const char *key;
    json_t *value;
    if (!json_is_object(object)) {
        check_problem(check, "%s: no object", where);
        return false;
    }
    json_object_foreach(object, key, value) {
        const char *type = find_key(keys, key);
        if (type == NULL) {
            check_problem(check, "%s: foreign key `%s'", where, key);
            return false;
        }
        if (!is_of_type(value, *type)) {
            check_problem(check, "%s: `%s' is of the wrong type", where, key);
            return false;
        }
        const char *why = json_is_string(value) ? check_private(json_string_value(value)) : NULL;
        if (why) {
            check_problem(check, "%s: `%s' holds %s", where, key, why);
            return false;
        }
    }
    for (const char *at = keys; at; at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL) {
        char name[64];
        size_t length = strcspn(at, "=");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        if (at[length + 2] != '?' && json_object_get(object, name) == NULL) {
            check_problem(check, "%s: no `%s'", where, name);
            return false;
        }
    }
    return true;
}

bool check_each(struct check *check, const char *where, json_t *array, const char *keys) {
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item) {
        if (!check_object(check, where, item, keys))
            return false;
    }
    return true;
}

/* ---- machine.json ---- */

void check_machine(struct check *check) {
    char path[PATH_MAX], where[64];
    json_error_t error;
    snprintf(path, sizeof path, "%s/machine.json", check->directory);
    json_t *machine = json_load_file(path, 0, &error);
    if (machine == NULL) {
        check_problem(check, "machine.json: %s", error.text);
        return;
    }
    bool fine = check_object(check, "machine.json", machine, machine_keys);
    for (size_t i = 0; fine && i < sizeof sections / sizeof sections[0]; i++) {
        json_t *section = json_object_get(machine, sections[i].section);
        snprintf(where, sizeof where, "machine.json: %s", sections[i].section);
        if (json_is_array(section))
            check_each(check, where, section, sections[i].keys);
        else if (section && !json_is_null(section))
            check_object(check, where, section, sections[i].keys);
    }
    if (fine && json_array_size(json_object_get(machine, "cpus")) == 0)
        check_problem(check, "machine.json: no kind of CPU");
    json_decref(machine);
}
