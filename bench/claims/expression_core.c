/* SPDX-License-Identifier: MIT
 *
 * expression_core.c: what was found out about a core (core.json), as a condition has it.
 */
#include <math.h>
#include <stdio.h>

#include "base/die.h"
#include "base/text.h"
#include "claims/expression.h"
#include "core/core.h"

struct finding expression_core(const struct condition *condition, const json_t *core,
                               enum source source) {
    struct finding finding = {.condition = condition,
                              .measures = allocate(1, sizeof(struct measure))};
    const char *model = memmodel_name(condition->top.model);
    const char *of = json_string_value(json_object_get(core, "source"));
    const json_t *answer = core_answer(core, condition->sets, model);
    struct measure *measure = finding.measures;
    double value[3];
    finding.count = 1;
    measure->deterministic = source == SOURCE_SIMULATED;
    if (core == NULL || of == NULL || !text_same(of, source_name(source)))
        snprintf(finding.why, sizeof finding.why, "no core.json beside this run");
    else if (answer == NULL)
        snprintf(finding.why, sizeof finding.why, "core.json does not answer %s@%s",
                 condition->sets, model);
    else if (!core_value(answer, value))
        snprintf(finding.why, sizeof finding.why, "core.json: %s", core_reason(answer));
    else if (!(0 < value[1] && value[1] <= value[0] && value[0] <= value[2]))
        snprintf(finding.why, sizeof finding.why, "%s@%s has no interval", condition->sets, model);
    if (*finding.why)
        return finding;
    measure->value = (struct interval){value[0], value[1], value[2],
                                       (size_t)json_integer_value(json_object_get(core, "blocks"))};
    if (measure->deterministic)
        measure->value.low = measure->value.high = NAN;
    finding.comparisons = 1;
    return finding;
}
