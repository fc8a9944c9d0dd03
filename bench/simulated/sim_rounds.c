/* SPDX-License-Identifier: MIT
 *
 * sim_rounds.c: in the place of Google Benchmark, which finds out how many rounds are needed: one,
 * since a second one would be the same to the last digit.
 */
#include "block/gb_shim.h"

long gb_run(const char *name, long rounds, double min_seconds, const struct gb_callbacks *callbacks,
            void *context) {
    (void)name, (void)rounds, (void)min_seconds;
    callbacks->begin(context, 1);
    callbacks->round(context);
    return 1;
}
