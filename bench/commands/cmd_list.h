/* SPDX-License-Identifier: MIT
 *
 * cmd_list.h: parts of `tsobench list'.
 */
#ifndef CMD_LIST_H
#define CMD_LIST_H

#include "oracle/oracle.h"

/* One line of what breaks it in weak mode, with the test of each, or "sound"; without its end. */
void list_holes(const struct verdict *verdict);

/* Lines of what is no single access: bits of enum torn. */
void list_torn(unsigned torn);

/* The policies of replays, of both ISAs. */
void list_policies(void);

#endif
