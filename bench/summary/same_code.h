/* SPDX-License-Identifier: MIT
 *
 * same_code.h: the memory model is an axis over identical machine code, so a cell must retire as
 * many instructions as the same code does in another model. If it does not, something else than
 * the model differs, and their ratio means nothing.
 */
#ifndef SAME_CODE_H
#define SAME_CODE_H

#include "samples/samples.h"

/* How many more instructions an operation of a cell takes than the same code in another memory
 * model, as a fraction; 0: as many, NAN: not counted, nothing to compare with, or several threads,
 * which wait for each other by executing instructions. */
double same_code_apart(const struct sample_set *set, size_t cell);

#endif
