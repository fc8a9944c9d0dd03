# SPDX-License-Identifier: MIT
#
# knee.gp: what order costs over how many accesses a cycle plain code makes, which additions between
# them lower: a curve a lowering, a panel for loads, stores and where they go.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/knee.gp

here = ARG0[1:strlen(ARG0) - strlen("knee.gp")]
figure = "knee"
load here . "data.gp"
unit = "times the baseline's time (lower is better)"
places = "plain accesses a cycle"
logarithmic_x = 1
logarithmic_y = 1
baseline = 1
offset = 0
load here . "panels.gp"
