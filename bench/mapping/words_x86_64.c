/* SPDX-License-Identifier: MIT
 *
 * words_x86_64.c: what the lowerings of one ISA say, for any host.
 */
#define LOWERING_WORDS_ONLY
#include "kernels/asm/x86_64.h"
#include "mapping/words.h"

const struct lowering words_x86_64[] = {
#include "words_x86_64.def"
};
const size_t words_x86_64_count = sizeof words_x86_64 / sizeof *words_x86_64;
