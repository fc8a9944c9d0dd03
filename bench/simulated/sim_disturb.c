/* SPDX-License-Identifier: MIT
 *
 * sim_disturb.c: there is no system that could disturb anybody.
 */
#include "machine/disturb.h"

long disturb_switches(void) {
    return 0;
}

bool disturb_moved(unsigned cpu) {
    (void)cpu;
    return false;
}
