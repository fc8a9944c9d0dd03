# SPDX-License-Identifier: MIT
#
# sweep.gp: what order costs on a simulated machine over one of its sizes, or over a parameter of a
# kernel: hardware TSO over weak order, and LDAR and STLR over hardware TSO.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/sweep.gp

here = ARG0[1:strlen(ARG0) - strlen("sweep.gp")]
figure = "sweep"
load here . "data.gp"
unit = "ratio of times (1 is free)"
places = "what is named above the panel"
logarithmic_x = 1
logarithmic_y = 1
baseline = 1
offset = 0
load here . "panels.gp"
