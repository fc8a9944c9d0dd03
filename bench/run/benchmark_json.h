/* SPDX-License-Identifier: MIT
 *
 * benchmark_json.h: a run as the JSON of Google Benchmark, for the tools that read that: a cell is
 * one of its benchmarks, a block a repetition, a round an iteration.
 */
#ifndef BENCHMARK_JSON_H
#define BENCHMARK_JSON_H

#include "samples/samples.h"

/* The text of benchmark.json, as the library's own reporter lays it out; NULL without memory. The
 * caller frees it. */
char *benchmark_json_text(const struct samples *run);

#endif
