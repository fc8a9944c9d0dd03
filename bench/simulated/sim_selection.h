/* SPDX-License-Identifier: MIT
 *
 * sim_selection.h: what of a plan one simulation measures.
 */
#ifndef SELECTION_H
#define SELECTION_H

#include "plan/plan.h"

/* The plan is that of a core with both models, so that both processes make the same sets; this
 * one has only the cells of its own model, and of those the lowerings asked for, names separated by
 * commas (NULL: all). */
void selection_keep(struct set *set, const char *lowerings);

/* Skips what takes minutes to simulate: sets whose data is in the level of this name (NULL: skips
 * nothing), and replays on several threads, where each policy is some thousands of instructions on
 * each of them, many times. */
void selection_leave_out(struct plan *plan, const char *level);

#endif
