/* SPDX-License-Identifier: MIT
 *
 * serve.c: a block's process: a job comes on stdin, a line of samples.jsonl goes out.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "block/block.h"
#include "probe/machine.h"

int block_serve(void) {
    char *text = NULL;
    size_t size = 0;
    struct job job;
    if (getdelim(&text, &size, 0, stdin) < 0)
        die(EXIT_USAGE,
            "`block' is for internal use: `tsobench run' starts it with a job on standard input");
    job_parse(&job, text);
    free(text);
    if (job.source != machine_source())
        die(EXIT_FAILED,
            "a process of an %s run is %s: the emulator does not start it; register it in "
            "binfmt_misc",
            source_name(job.source), source_name(machine_source()));
    json_t *line = block_measure(&job);
    int failed = json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(line);
    if (failed || putchar('\n') == EOF || fflush(stdout))
        die(EXIT_FAILED, "cannot write the block's result: %s", strerror(errno));
    return EXIT_DONE;
}
