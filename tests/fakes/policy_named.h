/* SPDX-License-Identifier: MIT
 *
 * policy_named.h: policies of AArch64 for tests, by their names.
 */
#ifndef POLICY_NAMED_H
#define POLICY_NAMED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay/policy.h"
#include "unit/cmocka_all.h"

static inline const struct policy *policy_of(const char *name) {
    size_t count;
    const struct policy *all = policies(ISA_AARCH64, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    fail_msg("no policy %s", name);
    return NULL;
}

/* The words of a stream's records by a policy, in one line. */
static inline const char *line_of(const char *name, const struct trace_access *accesses,
                                  size_t count) {
    static char line[1024];
    struct trace_stream stream = {(struct trace_access *)accesses, count};
    struct words *words = policy_words(policy_of(name), &stream);
    line[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *parts[] = {words[i].before, words[i].access, words[i].store, words[i].after};
        for (size_t p = 0; p < 4; p++)
            if (parts[p] && *parts[p]) {
                strcat(line, *line ? " | " : "");
                strcat(line, parts[p]);
            }
    }
    free(words);
    return line;
}

#endif
