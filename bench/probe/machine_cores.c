/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/cpuname.h"
#include "machine/feature.h"
#include "machine/topology.h"
#include "machine/virt.h"
#include "probe/machine.h"
#include "probe/machine_parts.h"

enum { NAME_SIZE = 96 };

/* Appends to a slug, with one '-' for whatever may not be in it. */
static void append_slug(char *out, size_t size, const char *text) {
    size_t length = strlen(out);
    for (; *text && length + 2 < size; text++) {
        if (isalnum((unsigned char)*text) || *text == '+')
            out[length++] = (char)tolower((unsigned char)*text);
        else if (length && out[length - 1] != '-' && out[length - 1] != '+')
            out[length++] = '-';
    }
    while (length && out[length - 1] == '-')
        length--;
    out[length] = '\0';
}

void machine_slug(char *out, size_t size) {
    unsigned count;
    const unsigned *cpus = topology_cpus(&count);
    char name[NAME_SIZE], part[NAME_SIZE], seen[8 * NAME_SIZE] = "";
    out[0] = '\0';
    for (unsigned i = 0; i < count; i++) {
        cpuname_of(cpus[i], name, sizeof name);
        snprintf(part, sizeof part, "|%.90s|", name);
        if (strstr(seen, part))
            continue;
        size_t length = strlen(seen);
        snprintf(seen + length, sizeof seen - length, "%s", part);
        append_slug(out, size, *out ? "+" : "");
        append_slug(out, size, name);
    }
#if defined(__x86_64__)
    /* Hypervisors make one brand of several generations. */
    snprintf(part, sizeof part, "-%x", cpuname_signature(0));
    append_slug(out, size, part);
#endif
    if (virt_emulated(name, sizeof name)) {
        append_slug(out, size, "-emulated");
    } else if (virt_hypervisor(name, sizeof name)) {
        append_slug(out, size, "-");
        snprintf(part, sizeof part, "-%.90s", name);
        append_slug(out, size, part);
    }
}

static int compare_cpus(const void *left, const void *right) {
    const unsigned *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

json_t *machine_cpus(void) {
    unsigned count, *sorted, *kind_of;
    const unsigned *cpus = topology_cpus(&count);
    json_t *kinds = json_array();
    sorted = malloc(count * sizeof *sorted);
    kind_of = calloc(count, sizeof *kind_of);
    if (sorted && kind_of) {
        memcpy(sorted, cpus, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, compare_cpus);
    }
    for (unsigned i = 0; sorted && kind_of && i < count; i++) {
        char name[NAME_SIZE], signature[16], list[1024] = "";
        if (kind_of[i])
            continue;
        cpuname_of(sorted[i], name, sizeof name);
        for (unsigned k = i, last = 0; k < count; k++) {
            if (cpuname_signature(sorted[k]) != cpuname_signature(sorted[i]))
                continue;
            topology_extend_list(list, sizeof list, sorted[k], last);
            last = sorted[k];
            kind_of[k] = 1;
        }
        snprintf(signature, sizeof signature, "0x%08x", cpuname_signature(sorted[i]));
        json_array_append_new(kinds, json_pack("{s:s, s:s, s:s}", "cpus", list, "name", name,
                                               "signature", signature));
    }
    free(sorted);
    free(kind_of);
    return kinds;
}

json_t *machine_caches(unsigned cpu) {
    struct topology_caches caches = topology_caches(cpu);
    json_t *json = json_object();
    if (caches.l1d)
        json_object_set_new(json, "l1d_bytes", json_integer((json_int_t)caches.l1d));
    if (caches.l2)
        json_object_set_new(json, "l2_bytes", json_integer((json_int_t)caches.l2));
    if (caches.l3) {
        json_object_set_new(json, "l3_bytes", json_integer((json_int_t)caches.l3));
        json_object_set_new(json, "l3_cores", json_integer((json_int_t)caches.l3_cores));
    }
    return json;
}

json_t *machine_working_sets(unsigned cpu) {
    json_t *json = json_object();
    for (unsigned i = 0; i < TOPOLOGY_LEVELS; i++) {
        char key[32], why[128];
        uint64_t bytes = topology_footprint((enum topology_level)i, cpu, why, sizeof why);
        snprintf(key, sizeof key, "%s_bytes", topology_level_name((enum topology_level)i));
        if (bytes)
            json_object_set_new(json, key, json_integer((json_int_t)bytes));
    }
    return json;
}

json_t *machine_features(bool present) {
    unsigned have = feature_detect();
    json_t *names = json_array();
#if defined(__x86_64__)
    const unsigned first = 16, last = 31;
#else
    const unsigned first = 0, last = 15;
#endif
    for (unsigned i = first; i <= last; i++) {
        const char *name = feature_name(1u << i);
        if (name && (have >> i & 1) == present)
            json_array_append_new(names, json_string(name));
    }
    return names;
}
