/* SPDX-License-Identifier: MIT
 *
 * words_aarch64.c: what the lowerings of one ISA say, for any host.
 */
#define LOWERING_WORDS_ONLY
#include "kernels/asm/aarch64.h"
#include "mapping/words.h"

const struct lowering words_aarch64[] = {
#include "words_aarch64.def"
};
const size_t words_aarch64_count = sizeof words_aarch64 / sizeof *words_aarch64;
