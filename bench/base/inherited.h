/* SPDX-License-Identifier: MIT
 *
 * inherited.h: what the parent handed down and this program does not take as it is.
 */
#ifndef INHERITED_H
#define INHERITED_H

/* Before anything else: descriptors 0 to 2 are open, so that no file of a run becomes one of them
 * and gets what is meant for the terminal; children can be waited for; a file that may not grow is
 * an error of write() and no signal. */
void inherited_mend(void);

#endif
