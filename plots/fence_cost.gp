# SPDX-License-Identifier: MIT
#
# fence_cost.gp: some stores, then a fence, a release store or a read-modify-write, over the number of
# stores: a curve a lowering or form ("nop": nothing after them), a panel for each kind of end and
# where the stores go.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/fence_cost.gp

here = ARG0[1:strlen(ARG0) - strlen("fence_cost.gp")]
figure = "fence_cost"
load here . "data.gp"
unit = "ns a burst (lower is better)"
places = "stores before it"
logarithmic_x = 0
logarithmic_y = 1
baseline = 0
offset = 0
load here . "panels.gp"
