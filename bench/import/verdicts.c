/* SPDX-License-Identifier: MIT */
#include "import/verdicts.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "advise/gains.h"
#include "base/die.h"
#include "base/text.h"
#include "oracle/oracle.h"
#include "replay/policy_verdict.h"
#include "samples/vocabulary.h"
#include "trace/trace.h"

static const char *text(const json_t *object, const char *key) {
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

/* The trace of a replay's set ("trace=cc1,window=0,..."), and the place of its window; NULL, and it
 * is said why, where it cannot be read. */
static struct trace *trace_of(const char *params, size_t *window) {
    char name[64], path[PATH_MAX], why[256];
    if (sscanf(params, "trace=%63[^,],window=%zu", name, window) != 2)
        return NULL;
    snprintf(path, sizeof path, "%s/%s.trace", traces_folder(NULL), name);
    struct trace *trace = trace_read(path, why, sizeof why);
    if (trace == NULL)
        warn("verdicts are those for any program: %s", why);
    return trace;
}

static const char *policy_breaks_named(const char *name, const struct trace_window *window) {
    size_t count;
    const struct policy *all = policies(ISA_AARCH64, &count);
    for (size_t i = 0; i < count; i++)
        if (text_same(all[i].name, name))
            return policy_breaks(&all[i], ISA_AARCH64, window);
    return "undecided";
}

static const char *lowering_breaks(const char *name, const json_t *block) {
    const struct mapping *mapping = mapping_named(name, ISA_AARCH64);
    return mapping ? oracle_breaks(mapping,
                                   (unsigned)json_integer_value(json_object_get(block, "uses")),
                                   (unsigned)json_integer_value(json_object_get(block, "features")))
                   : "undecided";
}

void verdicts_set(json_t *block) {
    size_t i, place = 0;
    json_t *cell;
    if (json_object_get(block, "uses") == NULL)
        return; /* a guest that judged for itself */
    bool replay = text_same(text(block, "kernel"), "trace_replay");
    struct trace *trace = replay ? trace_of(text(block, "params"), &place) : NULL;
    const struct trace_window *window =
        trace && place < trace->window_count ? &trace->windows[place] : NULL;
    json_array_foreach(json_object_get(block, "cells"), i, cell) {
        const char *name = text(cell, "lowering");
        if (!json_is_boolean(json_object_get(cell, "sound")) ||
            !text_same(text(cell, "model"), memmodel_name(MEMMODEL_WEAK)))
            continue;
        const char *breaks = replay && text_same(text(cell, "role"), role_name(ROLE_FORM))
                                 ? policy_breaks_named(name, window)
                                 : lowering_breaks(name, block);
        json_object_set_new(cell, "sound", json_boolean(breaks == NULL));
        json_object_set_new(cell, "witness", breaks ? json_string(breaks) : json_null());
    }
    trace_free(trace);
    json_object_del(block, "uses");
    json_object_del(block, "features");
}
