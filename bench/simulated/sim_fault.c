/* SPDX-License-Identifier: MIT
 *
 * sim_fault.c: a fault ends the simulator, as nobody is there to whom it could be handed. So a
 * trial is announced: if that is the last that was heard of this process, scripts/gem5/jobs.py
 * starts it again and says what is known to fault.
 */
#include "threads/fault.h"

#include <stdio.h>
#include <string.h>

#include "simulated/simulated.h"

static void say(const char *type, const char *name) {
    simulated_print(json_pack("{s:i, s:s, s:s}", "format", 1, "type", type, "cell", name));
}

bool fault_on_any(struct crew *crew, const char *name, void (*call)(void *context, unsigned thread),
                  void *context, char *reason, size_t size) {
    size_t length = strlen(name);
    for (unsigned i = 0; i < simulated.fault_count; i++) {
        const char *known = simulated.faults[i];
        if (strncmp(known, name, length) == 0 && known[length] == '=') {
            snprintf(reason, size, "faults: the simulator ends: %s", known + length + 1);
            return true;
        }
    }
    say("trying", name);
    crew_all(crew, call, context);
    say("tried", name);
    return false;
}
