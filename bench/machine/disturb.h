/* SPDX-License-Identifier: MIT
 *
 * disturb.h: what the system did to a thread while it was timed.
 */
#ifndef DISTURB_H
#define DISTURB_H

#include <stdbool.h>

/* How often the calling thread had to give way to another so far. */
long disturb_switches(void);

/* Whether the calling thread is on another CPU than this one. */
bool disturb_moved(unsigned cpu);

#endif
