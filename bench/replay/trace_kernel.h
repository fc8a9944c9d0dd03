/* SPDX-License-Identifier: MIT
 *
 * trace_kernel.h: trace_replay, the one kernel whose code is generated: windows of recorded traces
 * under each translator's policy. It is under no lowering; its baseline is the plain policy, its
 * twin the same code generated a second time, at another address.
 *
 * The traces are the files *.trace of a folder: that of the environment's TSOBENCH_TRACES, else
 * `traces` where the program's data lies (data.h), else of the current folder. Of its axes each
 * value of `trace` is a file, each of `window` a window of it.
 */
#ifndef TRACE_KERNEL_H
#define TRACE_KERNEL_H

#include "kernels/kernel.h"
#include "replay/replay.h"

extern const struct kernel trace_kernel, trace_kernel_twin;

/* The folder of traces, or one file. */
const char *trace_kernel_folder(void);

#endif
