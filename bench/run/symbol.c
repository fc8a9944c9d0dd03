/* SPDX-License-Identifier: MIT
 *
 * symbol.c: what was called, by the word of the loader.
 */
#include <dlfcn.h>
#include <string.h>

#include "plan.h"

const char *plan_symbol(const struct cell *cell) {
    Dl_info info;
    void *address;
    memcpy(&address, &cell->run, sizeof address);
    return dladdr(address, &info) && info.dli_saddr == address ? info.dli_sname : NULL;
}
