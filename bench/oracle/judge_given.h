/* SPDX-License-Identifier: MIT
 *
 * judge_given.h: the user's mappings judged, before they are measured.
 */
#ifndef JUDGE_GIVEN_H
#define JUDGE_GIVEN_H

/* Says of each of mapping/given.h what breaks it against x86-TSO, or that nothing does. */
void judge_given(void);

#endif
