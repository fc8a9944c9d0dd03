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
    "    Measures what a hardware TSO mode costs beside the code that runs in it:\n"
    "    the system call that switches a thread, what the kernel adds to a context\n"
    "    switch between threads in different models, and the start of threads and\n"
    "    processes. A system call that does nothing is the yardstick.\n"
    "\n"
    "    All on one CPU, in 8 processes of 25 rounds each, the events of a round in\n"
    "    random order. The number is the geometric mean of the processes' medians,\n"
    "    with its 95 % interval. Without a switch the remaining events are measured,\n"
    "    and the others say why they are not.\n"
    "\n"
    "    With a switch it also prints the memory model of a thread, a process and a\n"
    "    program started by a thread in TSO mode. According to the kernel patches\n"
    "    the first two inherit TSO, and execve() resets to weak.\n"
    "\n"
    "OPTIONS\n"
    "    --json  one JSON object: events (ns: value, low, high; or skipped: the\n"
    "            reason) and inheritance\n"
    "    --help  this text in short; --manual: in full\n"
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
