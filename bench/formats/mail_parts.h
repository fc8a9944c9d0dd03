/* SPDX-License-Identifier: MIT
 *
 * mail_parts.h: what mail.c and mail_full.c share.
 */
#ifndef MAIL_PARTS_H
#define MAIL_PARTS_H

#include "figures/plots.h"

/* The title of a mail. */
void mail_head(const struct report *report, const struct page *page);

/* The mail in full. */
void mail_full(const struct plot_source *source, const char *files, const struct page *page);

#endif
