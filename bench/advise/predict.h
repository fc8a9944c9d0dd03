/* SPDX-License-Identifier: MIT
 *
 * predict.h: the linear model applied to traces: what a policy's order would add to the time of a
 * window of a real program, and what it did add where the window was replayed.
 */
#ifndef PREDICT_H
#define PREDICT_H

#include "advise/model.h"
#include "replay/policy.h"
#include "trace/trace.h"

/* ns over the plain policy for one pass over a stream. */
struct prediction {
    double fitted, least, most; /* NAN where a cost is missing: see `missing` */
    double unmodelled;          /* share of the accesses: elements of REP whose loop is another */
    char missing[64];           /* the sequence that the run says nothing of, or "" */
};

/* What a policy should cost over the plain one in a stream: its accesses by kind, times the costs
 * of the model. */
struct prediction predict_stream(const struct model *model, const struct policy *policy,
                                 const struct policy *plain, const struct trace_stream *stream);

/* Which guest operation a record is; a REP's element and each record of an instruction by itself.
 */
enum operation_id predict_operation(const struct trace_access *access, bool store);

#endif
