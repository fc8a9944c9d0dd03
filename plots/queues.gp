# SPDX-License-Identifier: MIT
#
# queues.gp: the time an element takes through each queue, a panel a number of threads, and one way
# between two threads; lowerings and references side by side.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/queues.gp

here = ARG0[1:strlen(ARG0) - strlen("queues.gp")]
figure = "queues"
load here . "data.gp"
unit = "ns per element (lower is better)"
places = ""
logarithmic_x = 0
logarithmic_y = 1
baseline = 0
offset = 0.012
drawing = "yerrorbars"
set xtics rotate by 30 right noenhanced
load here . "panels.gp"
