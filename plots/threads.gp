# SPDX-License-Identifier: MIT
#
# threads.gp: throughput of locks and queues over threads, a line a lowering, a panel a kernel.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/threads.gp

load run . "/plot.gp"
across = threads_panels < 3 ? threads_panels : 3
down = (threads_panels + across - 1) / across
key_wide = 260
wide = 370 * across + key_wide + 70
high = 75 + 330 * down
rows = 24 * threads_panels
load ARG0[1:strlen(ARG0) - strlen("threads.gp")] . "style.gp"

stats $threads using 3 nooutput
most = STATS_max
set xrange [0.8 : most * 1.1 + 0.2]
if (most <= 16) { set xtics 1, 1 }
set yrange [0 : *]
set pointsize 0.8

of(w, panel, p, series, x) = panel == p && int(w) == series ? x : NaN
# Lowerings stand side by side, or their intervals could not be seen.
middle(list) = strlen(list) / 2.0
shift(p, w) = 0.004 * most * (strstrt(threads_series[p], " " . w . " ") - middle(threads_series[p]))
unit = "million operations/s (higher is better)"
dash(p, w) = member(threads_unsound[p], w) ? 2 : 1
name(p, w) = key(int(w)) . (member(threads_unsound[p], w) ? " (unsound)" : "")

if (graphic) {
    set multiplot layout down, across margins screen 76.0 / wide, 1 - (key_wide + 14.0) / wide, \
        85.0 / high, 1 - 40.0 / high spacing screen 60.0 / wide, 90.0 / high
    set key at screen 1 - (key_wide - 6.0) / wide, screen 1 - 34.0 / high left top vertical Left \
        reverse samplen 2
} else {
    set multiplot layout threads_panels, 1
    set key outside right top vertical Left reverse
}
do for [p = 1:threads_panels] {
    set title threads_panel[p] . (graphic ? "" : ", " . unit)
    unset ylabel
    if (graphic && (p - 1) % across == 0) { set ylabel unit }
    if (p + across > threads_panels) { set xlabel "threads" } else { unset xlabel }
    list = threads_series[p]
    plot for [w in list] $threads \
        using (of(w, $1, p, $2, $3 + shift(p, w))):4:5:6 with yerrorlines \
        linecolor rgb colour(int(w)) linewidth 1.6 dashtype dash(p, w) \
        pointtype symbol(int(w)) title name(p, w)
    # The key and the caption are the whole figure's.
    if (graphic) { set key off }
    unset label 1000
}
unset multiplot
