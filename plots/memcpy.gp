# SPDX-License-Identifier: MIT
#
# memcpy.gp: bandwidth of copies over their size, a curve a lowering, a panel an access width;
# then all widths at one size.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/memcpy.gp

load run . "/plot.gp"
here = ARG0[1:strlen(ARG0) - strlen("memcpy.gp")]
figure = "memcpy"
unit = "GB/s (higher is better)"
places = "size of a copy, or width of an access in bytes"
logarithmic_x = 1
logarithmic_y = 1
baseline = 0
offset = 0
load here . "panels.gp"
