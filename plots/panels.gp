# SPDX-License-Identifier: MIT
#
# panels.gp: a figure of curves, in panels. Loaded by the scripts of such figures, which set
# figure (its name in plot.tsv) before they load data.gp, unit (of the y axis), places (of the x axis), and may set
# logarithmic_x and logarithmic_y, baseline (a line at 1), offset (how far apart series stand) and
# drawing (yerrorbars: the places have no order, so no lines) and diagonal (logarithmic axes of
# one range, and a line where both say the same).

across = panels < 2 ? panels : 2 # so that all can be read where the picture is 800 pixels wide
down = (panels + across - 1) / across
load here . "shown.gp"
key_wide = key_width(all, 290.0)
wide = 360 * across + key_wide + 50
high = 60 + 335 * down
# A key that is longer than the panels makes the picture longer.
if (high < 60 + 20 * used) { high = 60 + 20 * used }
rows = 24 * panels
load here . "style.gp"

set macros
if (!exists("drawing")) { drawing = "yerrorlines" }
stats file index points using 5 nooutput
lowest = STATS_min
stats file index points using 6 nooutput
highest = STATS_max
array from[panels]
array to[panels]
do for [p = 1:panels] { # before there are ranges, which would hide points from it
    stats file index points using ($1 == p ? $3 : NaN) nooutput
    from[p] = STATS_min
    to[p] = STATS_max
}
if (logarithmic_y) {
    set logscale y 2
    set yrange [lowest / 1.2 : highest * 1.2]
    set format y "%g"
} else {
    set yrange [0 : highest * 1.05]
}
set pointsize 0.7

unsound(p, w) = member(unsound_of[p], w)
in_panel(p, w) = member(list_of[p], w)
# Series stand side by side where their intervals could not be seen otherwise.
nth(p, w) = words(list_of[p][1:strstrt(list_of[p], " " . w . " ")]) - words(list_of[p]) / 2.0
beside(p, w, x) = log_x ? x * (1 + offset * nth(p, w)) : x + offset * nth(p, w) * reach

if (graphic) {
    set multiplot
    set label 1001 unit at screen 16.0 / wide, screen 1 - (167.0 * down + 10) / high center \
        rotate by 90 font ",12"
    set label 1002 places at screen (180.0 * across + 30) / wide, screen (foot_high + 20) / high \
        center font ",12"
    set tics font ",11"
} else {
    set multiplot layout panels, 1
    set key outside right top vertical Left reverse
}
do for [p = 1:panels] {
    column = (p - 1) % across
    row = (p - 1) / across
    reach = to[p] - from[p]
    log_x = logarithmic_x && from[p] > 0 && to[p] / from[p] >= 8 && \
        !strstrt(title_of[p], "all widths")
    unset logscale x
    if (log_x) {
        set logscale x 2
        set xrange [from[p] / 1.3 : to[p] * 1.3]
    } else {
        set xrange [from[p] - 0.08 * reach : to[p] + 0.08 * reach]
    }
    set xtics autofreq
    named = 0
    do for [k = 1:tics] { if (tic_panel[k] == p) { named = 1 } }
    if (named) { set xtics () }
    do for [k = 1:tics] { if (tic_panel[k] == p) { set xtics add (as_tic(tic_word[k]) tic_x[k]) } }
    if (!named && places eq "threads") { set xtics 1, reach > 16 ? 8 : 1 }
    if (graphic) {
        set lmargin at screen (column * 360.0 + 100) / wide
        set rmargin at screen (column * 360.0 + 370) / wide
        set tmargin at screen 1 - (row * 335.0 + 50) / high
        set bmargin at screen 1 - (row * 335.0 + 300) / high
    }
    set title title_of[p] . (graphic ? "" : ", " . unit)
    if (baseline && (!logarithmic_y || lowest / 1.2 <= 1)) {
        set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead linecolor "#303030"
    }
    if (exists("diagonal")) {
        low = lowest < from[p] ? lowest : from[p]
        high_end = highest > to[p] ? highest : to[p]
        set logscale x 2
        set xrange [low / 1.2 : high_end * 1.2]
        set yrange [low / 1.2 : high_end * 1.2]
        set arrow 2 from first low, first low to first high_end, first high_end nohead \
            linecolor "#303030"
    }
    list = list_of[p]
    if (graphic) { set key off }
    plot for [w in list] file index points \
        using (of(w, $1, p, $2, beside(p, w, $3))):4:5:6 with @drawing \
        linecolor rgb colour(int(w)) linewidth 1.6 dashtype dash(unsound(p, w)) \
        pointtype symbol(int(w), unsound(p, w)) title name(w)
    unset label # the whole figure's
    unset arrow
}
if (graphic) { load here . "key.gp" }
unset multiplot
