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
        die(EXIT_USAGE, "`block' is how `run' starts its blocks: it reads a job from stdin");
    return block_serve();
}
