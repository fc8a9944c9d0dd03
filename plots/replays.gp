# SPDX-License-Identifier: MIT
#
# replays.gp: what each policy costs in each trace, over the plain policy: real programs' accesses, in
# their order and with their dependences.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/replays.gp

here = ARG0[1:strlen(ARG0) - strlen("replays.gp")]
figure = "replays"
load here . "data.gp"
unit = "times the plain replay's time (lower is better)"
places = ""
logarithmic_x = 0
logarithmic_y = 1
baseline = 1
offset = 0.012
drawing = "yerrorbars"
set xtics rotate by 30 right noenhanced
load here . "panels.gp"
