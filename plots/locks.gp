# SPDX-License-Identifier: MIT
#
# locks.gp: what locks do with more threads: for each lock its throughput and, below it, its
# fairness (the least operations of a thread over the most: kernels/locks/critical.h), a curve a
# lowering or reference.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/locks.gp

here = ARG0[1:strlen(ARG0) - strlen("locks.gp")]
figure = "locks"
load here . "data.gp"
locks = panels / 2 # of each two panels
across = locks < 2 ? locks : 2
down = (locks + across - 1) / across
load here . "shown.gp"
key_wide = key_width(all, 270.0)
wide = 360 * across + key_wide + 50
high = 60 + 400 * down
if (high < 60 + 20 * used) { high = 60 + 20 * used }
rows = 22 * panels
load here . "style.gp"

set pointsize 0.7
stats file index points using 3 nooutput
most = STATS_max
array lowest[panels]
array highest[panels]
do for [p = 1:panels] { # before there are ranges, which would hide points from it
    stats file index points using ($1 == p ? $4 : NaN) nooutput
    lowest[p] = STATS_min
    highest[p] = STATS_max
}
# Series stand side by side where they could not be told apart otherwise.
beside(p, w, x) = x * (1 + 0.012 * (words(list_of[p][1:strstrt(list_of[p], \
    " " . w . " ")]) - words(list_of[p]) / 2.0))

set logscale x 2
set xrange [0.85 : most * 1.18]
set xtics (1)
do for [n = 1:10] { if (2 ** n <= most) { set xtics add (2 ** n) } }
if (log(most) / log(2) != int(log(most) / log(2) + 1e-9)) { set xtics add (most) }
unit = "million operations/s (higher is better)"
if (graphic) {
    set multiplot
    set label 1001 unit at screen 16.0 / wide, screen 1 - (200.0 * down + 10) / high \
        center rotate by 90 font ",12"
    set label 1002 "threads" at screen (180.0 * across + 30) / wide, \
        screen (foot_high + 14) / high center font ",12"
    set tics font ",11"
} else {
    set multiplot layout panels, 1
    set key outside right top vertical Left reverse
}
do for [p = 1:panels] {
    column = ((p - 1) / 2) % across
    row = ((p - 1) / 2) / across
    is_fairness = p % 2 == 0
    if (is_fairness) {
        unset logscale y
        set yrange [-0.05 : 1.1]
        set ytics 0, 0.5, 1
        set format x "%g"
    } else {
        set logscale y 2
        set yrange [lowest[p] / 1.5 : highest[p] * 1.5] # a wide interval shall not rule the picture
        set ytics autofreq
        set format y "%g"
    }
    if (graphic) {
        top = row * 400.0 + 50
        set format x (is_fairness ? "%g" : "")
        set lmargin at screen (column * 360.0 + 100) / wide
        set rmargin at screen (column * 360.0 + 370) / wide
        set tmargin at screen 1 - (top + (is_fairness ? 240 : 0)) / high
        set bmargin at screen 1 - (top + (is_fairness ? 320 : 225)) / high
        set key off
    }
    if (graphic && is_fairness) {
        set title ""
        set ylabel "fairness" offset 1.5, 0 font ",11"
    } else {
        unset ylabel
        set title title_of[p] . (graphic || is_fairness ? "" : ", " . unit)
    }
    list = list_of[p]
    plot for [w in list] file index points \
        using (of(w, $1, p, $2, beside(p, w, $3))):4:5:6 with yerrorlines \
        linecolor rgb colour(int(w)) linewidth 1.6 dashtype dash(is_dashed(w)) \
        pointtype symbol(int(w), is_dashed(w)) title name(w)
    unset label # the whole figure's
}
if (graphic) { load here . "key.gp" }
unset multiplot
