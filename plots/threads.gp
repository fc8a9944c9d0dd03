# SPDX-License-Identifier: MIT
#
# threads.gp: throughput over threads, a curve a lowering, a panel a kernel; locks have locks.gp.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/threads.gp

here = ARG0[1:strlen(ARG0) - strlen("threads.gp")]
figure = "threads"
load here . "data.gp"
unit = "million operations/s (higher is better)"
places = "threads"
logarithmic_x = 0
logarithmic_y = 0
baseline = 0
offset = 0.012
load here . "panels.gp"
