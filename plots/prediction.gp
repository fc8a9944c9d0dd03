# SPDX-License-Identifier: MIT
#
# prediction.gp: what the linear model of the instruction kernels predicts of each replayed trace under
# each policy, over what was measured. On the diagonal both agree; a bar reaches from the least to the
# most that single kernels say of the costs.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/prediction.gp

here = ARG0[1:strlen(ARG0) - strlen("prediction.gp")]
figure = "prediction"
load here . "data.gp"
unit = "predicted, times the plain replay's time"
places = "measured, times the plain replay's time"
logarithmic_x = 1
logarithmic_y = 1
baseline = 0
offset = 0
drawing = "yerrorbars"
diagonal = 1
load here . "panels.gp"
