/* SPDX-License-Identifier: MIT
 *
 * cmd_switch.c: `tsobench switch`: what the switch of the memory model costs.
 */
#include <stdbool.h>
#include <stdio.h>

#include "base/die.h"
#include "base/options.h"
#include "commands/commands.h"
#include "events/switchcost.h"

static const char help[] =
    "NAME\n"
    "    tsobench switch - what switching the memory model costs\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench switch [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    `run' compares code in one memory model with code in the other. This is the rest of a\n"
    "    hardware TSO mode's price: the system call that switches a thread, what the kernel adds\n"
    "    to a context switch between threads in different models, and what starting threads and\n"
    "    processes costs with it. A system call that does nothing is the yardstick.\n"
    "\n"
    "    All on one CPU, in 8 processes of 25 rounds each, the events of a round in random order.\n"
    "    The number is the geometric mean of the processes' medians, with its 95 % interval.\n"
    "    Where there is no switch, what remains is measured and the rest says why not.\n"
    "\n"
    "    Then, where there is one: the model in which a thread, a process and a program find\n"
    "    themselves that were started by a thread in TSO mode. The patches that brought the\n"
    "    switch say: inherited by the first two, weak again after execve().\n"
    "\n"
    "OPTIONS\n"
    "    --json  one JSON object: events (ns: value, low, high; or skipped: the reason) and\n"
    "            inheritance\n"
    "    --help  this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done, 1 something failed or nothing could be measured, 2 wrong usage\n";

static void print_inheritance(const json_t *inheritance) {
    const char *key;
    json_t *value;
    puts("\nstarted by a thread in TSO mode");
    json_object_foreach((json_t *)inheritance, key, value) {
        printf("%-28s %s\n", key, json_string_value(value));
    }
}

int cmd_switch(int argc, char **argv) {
    enum { JSON = 1, ANSWER = 2 };
    static const struct option options[] = {{"json", no_argument, NULL, JSON},
                                            {"answer", no_argument, NULL, ANSWER}, /* to itself */
                                            {0}};
    bool as_json = false;
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == ANSWER)
            switchcost_answer();
        as_json = true;
    }
    options_end(argc, argv);
    char why[128];
    unsigned count = 0;
    while (switchcost_events[count].name)
        count++;
    json_t *results = event_measure(switchcost_events, count);
    json_t *inheritance = switchcost_inheritance();
    bool measured = event_measured(results, why, sizeof why);
    if (as_json) {
        event_print_json(results, "inheritance", inheritance);
    } else {
        event_print(results);
        print_inheritance(inheritance);
        json_decref(results);
        json_decref(inheritance);
    }
    if (!measured)
        die(EXIT_FAILED, "nothing was measured: %s", why);
    return EXIT_DONE;
}
