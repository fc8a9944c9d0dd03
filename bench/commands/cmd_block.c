/* SPDX-License-Identifier: MIT
 *
 * cmd_block.c: `tsobench block`: one block in a process of its own, for `run`.
 */
#include "base/die.h"
#include "block/block.h"
#include "commands/commands.h"

int cmd_block(int argc, char **argv) {
    (void)argv;
    if (argc != 1)
        die(EXIT_USAGE,
            "`block' is for internal use: `tsobench run' starts it with a job on standard input");
    return block_serve();
}
