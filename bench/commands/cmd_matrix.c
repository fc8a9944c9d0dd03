/* SPDX-License-Identifier: MIT
 *
 * cmd_matrix.c: `tsobench matrix': how long a message takes between each two CPUs.
 */
#include <stdbool.h>
#include <stdio.h>

#include "base/die.h"
#include "base/options.h"
#include "base/text.h"
#include "commands/commands.h"
#include "matrix/matrix.h"
#include "probe/machine.h"
#include "report/matrix_table.h"

static const char help[] =
    "NAME\n"
    "    tsobench matrix - how long a message takes between each two CPUs\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench matrix [--json] [--cpus LIST] [--kernel NAME] [--lowerings LIST]\n"
    "                    [OPTION]...\n"
    "\n"
    "DESCRIPTION\n"
    "    Measures the latency between each pair of CPUs: runs ping_pong, a kernel of\n"
    "    two threads, under plain code, plain code again (A/A) and the lowerings of\n"
    "    the quick suite, interleaved in rounds, in 8 processes.\n"
    "\n"
    "    Prints nanoseconds and core cycles of one way (half a round trip; of other\n"
    "    kernels an operation), and the ratio to plain code, with 95 % intervals. A\n"
    "    pair stands for both directions; its memory is on the node of the CPU that\n"
    "    stands first. CPUs are in the order of the topology: those of a core, a\n"
    "    cluster, a socket stand together.\n"
    "\n"
    "    If there are more pairs than the time allows, a random choice of them is\n"
    "    measured. A pair that cannot be pinned, or whose threads are moved, is\n"
    "    skipped with the reason. A pair whose A/A interval does not hold 1 is\n"
    "    named.\n"
    "\n"
    "OPTIONS\n"
    "    --json            one JSON object, as matrix.json of a run directory, which\n"
    "                      `report' prints and draws as a heat map\n"
    "    --cpus LIST       only pairs of these, as 0-3,8 (default: all)\n"
    "    --pairs N         N random pairs at most (default: as many as there is time\n"
    "                      for)\n"
    "    --kernel NAME     another kernel that runs on two threads\n"
    "    --lowerings LIST  these beside plain, separated by commas\n"
    "    --seconds N       at most about N seconds (default: 60); few pairs take\n"
    "                      less\n"
    "    --seed N          of the order and the choice of pairs (default: 1)\n"
    "    --help            this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done, 1 something failed or no pair could be measured, 2 wrong usage\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench matrix\n"
    "    tsobench matrix --cpus 0-7 --kernel spsc_ring --lowerings native\n";

static void print_value(const json_t *value, const char *after) {
    json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
    fputs(after, stdout);
}

/* A line a key, and of arrays a line an element: a big machine has thousands of pairs. */
static void print_json(const json_t *matrix) {
    const char *key, *before = "{\n";
    json_t *value, *element;
    json_object_foreach((json_t *)matrix, key, value) {
        size_t i, count = json_array_size(value);
        printf("%s\"%s\": ", before, key);
        before = ",\n";
        if (count == 0) {
            print_value(value, "");
            continue;
        }
        puts("[");
        json_array_foreach(value, i, element) {
            print_value(element, i + 1 < count ? ",\n" : "]");
        }
    }
    puts("\n}");
}

int cmd_matrix(int argc, char **argv) {
    enum { JSON = 1, CPUS, PAIRS, KERNEL, LOWERINGS, SECONDS, SEED };
    static const struct option options[] = {{"json", no_argument, NULL, JSON},
                                            {"cpus", required_argument, NULL, CPUS},
                                            {"pairs", required_argument, NULL, PAIRS},
                                            {"kernel", required_argument, NULL, KERNEL},
                                            {"lowerings", required_argument, NULL, LOWERINGS},
                                            {"seconds", required_argument, NULL, SECONDS},
                                            {"seed", required_argument, NULL, SEED},
                                            {0}};
    bool as_json = false;
    char why[128];
    struct matrix_request request = {.kernel = "ping_pong", .seconds = 60, .seed = 1};
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == JSON)
            as_json = true;
        else if (option == CPUS)
            request.cpus = optarg;
        else if (option == PAIRS)
            request.pairs = text_number("--pairs", optarg, 1, 1000000);
        else if (option == KERNEL)
            request.kernel = optarg;
        else if (option == LOWERINGS)
            request.lowerings = optarg;
        else if (option == SECONDS)
            request.seconds = (double)text_number("--seconds", optarg, 1, 1000000);
        else
            request.seed = text_number("--seed", optarg, 0, 1000000000);
    }
    options_end(argc, argv);
    json_t *matrix = matrix_measure(&request);
    if (as_json) {
        print_json(matrix);
    } else {
        struct page page = {.out = stdout, .format = PAGE_TEXT};
        matrix_table(matrix, &page);
        if (machine_source() != SOURCE_MEASURED)
            printf("%s: these times say nothing about any CPU\n", source_name(machine_source()));
    }
    bool measured = matrix_measured(matrix, why, sizeof why);
    json_decref(matrix);
    if (!measured)
        die(EXIT_FAILED, "no pair was measured: %s", why);
    return EXIT_DONE;
}
