/* SPDX-License-Identifier: MIT
 *
 * publish.h: instructions that were stored as data, before they are executed. As stamp.h is, this
 * is another header in a simulator.
 */
#ifndef PUBLISH_H
#define PUBLISH_H

#include <stddef.h>

/* What was stored there is what all threads execute from now on. */
static inline void publish_code(char *code, size_t bytes) {
    __builtin___clear_cache(code, code + bytes);
}

#endif
