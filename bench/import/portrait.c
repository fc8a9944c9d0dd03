/* SPDX-License-Identifier: MIT */
#include "import/portrait.h"

#include <stdbool.h>

#include "base/die.h"
#include "core/core.h"

json_t *portrait_merge(const struct guest *guest, const json_t *weak, const json_t *tso,
                       const char *machine) {
    json_t *core = json_deep_copy(weak), *answers = json_array(), *models = json_array();
    const json_t *in_weak = json_object_get(weak, "answers"),
                 *in_tso = json_object_get(tso, "answers");
    bool same = json_array_size(in_weak) > 0 && json_array_size(in_weak) == json_array_size(in_tso);
    for (size_t i = 0; same && i < json_array_size(in_weak); i++) {
        json_t *a = json_array_get(in_weak, i), *b = json_array_get(in_tso, i);
        same = json_equal(json_object_get(a, "id"), json_object_get(b, "id"));
        json_array_append(answers, a);
        json_array_append(answers, b);
    }
    if (!same)
        die(EXIT_USAGE, "%s: the two cores were not asked the same: simulate both again",
            guest->folder);
    json_array_extend(models, json_object_get(weak, "models"));
    json_array_extend(models, json_object_get(tso, "models"));
    json_object_set_new(core, "models", models);
    json_object_set_new(core, "answers", answers);
    json_object_set_new(core, "machine", json_string(machine));
    json_object_set_new(core, "model_reason", json_string("each model is a core of its own"));
    json_object_set_new(core, "meaning", core_meaning(core));
    return core;
}
