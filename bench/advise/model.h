/* SPDX-License-Identifier: MIT
 *
 * model.h: a linear model of what order costs: each sequence for each operation adds so many ns to
 * the time of plain code, whatever stands around it.
 *
 * The costs are fitted to a run's instruction kernels, by least squares of the errors relative to
 * the time measured, none below 0: each set says that its loads and stores together cost what it
 * measured over plain code. That they do not all agree is what is wrong with such a model: the same
 * barrier costs less after a load that hits than after a store that misses. So beside the fit stand
 * the least and the most that any one kernel says of a sequence by itself, and the fit's own error.
 */
#ifndef MODEL_H
#define MODEL_H

#include "advise/advise.h"

struct cost {
    enum operation_id operation;
    const char *sequence;       /* as the cells of single instructions are named: "ldr+dmb.ishld" */
    double fitted, least, most; /* ns over plain; the latter two NAN where no kernel has it alone */
    unsigned equations;         /* that it is in */
};

struct model {
    struct cost *costs;
    size_t count, equations;
    double
        error; /* median of the relative errors of the times it was fitted to; NAN: no equation */
};

/* The model of a run, for code under the memory model of its plain code. */
struct model *model_fit(const struct advice *advice);
void model_free(struct model *model);

/* NULL: the run says nothing of it. Plain code is the sequence "plain" and has no cost: NULL too.
 */
const struct cost *model_cost(const struct model *model, enum operation_id operation,
                              const char *sequence);

/* Least squares with no unknown below 0: rows x columns coefficients a, row after row, and b; the
 * unknowns come into x. By sequential coordinate descent (Franc, Hlavac and Navara, "Sequential
 * coordinate-wise algorithm for the non-negative least squares problem", CAIP 2005). */
void model_solve(const double *a, const double *b, size_t rows, size_t columns, double *x);

#endif
