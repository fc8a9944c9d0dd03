# SPDX-License-Identifier: MIT
#
# sensitivity.gp: what a lowering costs over one parameter of a kernel, the others at their
# centre: a curve in place of an average. A mix is the share of its second part.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/sensitivity.gp

here = ARG0[1:strlen(ARG0) - strlen("sensitivity.gp")]
figure = "sensitivity"
load here . "data.gp"
unit = "times the baseline's time (lower is better)"
places = "the parameter that is named above the panel"
logarithmic_x = 1
logarithmic_y = 1
baseline = 1
offset = 0
load here . "panels.gp"
