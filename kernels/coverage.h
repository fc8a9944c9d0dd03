/* SPDX-License-Identifier: MIT
 *
 * coverage.h: which accesses a lowering orders.
 */
#ifndef COVERAGE_H
#define COVERAGE_H

enum coverage {
    COVERAGE_ALL,  /* every access is ordered: what a translator must do */
    COVERAGE_SYNC, /* only sync accesses are: native code; data accesses are plain */
    COVERAGE_NONE, /* of code that is no lowering */
};

#endif
