# SPDX-License-Identifier: MIT
#
# bandwidth.gp: of bulk memory over size, a curve a lowering, reference or form, a panel a kernel
# and access width; then all widths of memcpy at one size.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/bandwidth.gp

here = ARG0[1:strlen(ARG0) - strlen("bandwidth.gp")]
figure = "bandwidth"
load here . "data.gp"
unit = "GB/s (higher is better)"
places = "size of each array, or width of an access, in bytes"
logarithmic_x = 1
logarithmic_y = 1
baseline = 0
offset = 0
load here . "panels.gp"
