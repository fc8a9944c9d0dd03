/* SPDX-License-Identifier: MIT
 *
 * form_state.h: the memory of a kernel that times forms (form.h), for whoever runs forms of its own
 * in such a kernel: bench/forms.
 */
#ifndef FORM_STATE_H
#define FORM_STATE_H

#include <stdint.h>

enum { WORDS = 8, UNROLL = 16, MAX_PAGE = 65536 };

struct form_state {
    uint8_t *place;   /* the first word */
    uint64_t stride;  /* to the next */
    uint64_t bits;    /* of an access; of 128 both halves are alike */
    uint32_t latency; /* which loop */
    uint32_t kind;    /* the kernel's own parameter */
    uint64_t start;   /* what the sample finds in all words */
    uint64_t last;    /* the number after the last step */
    uint64_t done;    /* steps of the sample */
    uint32_t writes;  /* what the form that ran does */
    uint8_t area[(WORDS + 2) * MAX_PAGE];
};

#endif
