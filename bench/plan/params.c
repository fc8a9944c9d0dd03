/* SPDX-License-Identifier: MIT
 *
 * params.c: what kernels ask of the point in their parameter space that was chosen for them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "kernels/kernel.h"

const char *param_word(const struct params *params, const char *key) {
    for (unsigned i = 0; params->axes[i].key; i++)
        if (strcmp(params->axes[i].key, key) == 0)
            return params->axes[i].values[params->chosen[i]].text;
    die(EXIT_FAILED, "a kernel asked for the parameter `%s', which it does not have", key);
}

uint64_t param_number(const struct params *params, const char *key) {
    return strtoull(param_word(params, key), NULL, 10);
}
