/* SPDX-License-Identifier: MIT
 *
 * words.h: the lowerings of each ISA as words: without kernels and litmus tests.
 */
#ifndef WORDS_H
#define WORDS_H

#include "kernels/lowering.h"

extern const struct lowering words_aarch64[], words_x86_64[];
extern const size_t words_aarch64_count, words_x86_64_count;

#endif
