/* SPDX-License-Identifier: MIT
 *
 * forms_kernel.h: between the lists of forms and what runs them.
 */
#ifndef FORMS_KERNEL_H
#define FORMS_KERNEL_H

#include "forms/forms.h"
#include "forms/forms_emit.h"
#include "mapping/given.h"

enum {
    FORM_ROWS = 4 * MAX_GIVEN,
    /* Where pair_forms has its second place. */
    FORM_SAME_LINE = 8,
    FORM_OTHER_LINE = 2 * 8 * LINE_BYTES,
};

struct form_row {
    char name[96];
    struct form_loop loop;
};

/* The rows of all that was given in a kernel at a point: how many. */
size_t form_rows(const char *kernel, const struct params *params, struct form_row rows[FORM_ROWS]);

#endif
