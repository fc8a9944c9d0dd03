# SPDX-License-Identifier: MIT
#
# memcpy.gp: bandwidth of copies over their size, a line a lowering, a panel an access width.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/memcpy.gp

load run . "/plot.gp"
across = memcpy_panels < 3 ? memcpy_panels : 3
down = (memcpy_panels + across - 1) / across
key_wide = 260
wide = 370 * across + key_wide + 70
high = 75 + 330 * down
rows = 24 * memcpy_panels
load ARG0[1:strlen(ARG0) - strlen("memcpy.gp")] . "style.gp"

size_text(bytes) = bytes < 1048576 ? sprintf("%gK", bytes / 1024) : sprintf("%gM", bytes / 1048576)
stats $memcpy using 3 nooutput
smallest = STATS_min
largest = STATS_max
stats $memcpy using 6 nooutput
set yrange [0 : STATS_max * 1.05]
set logscale x 2
set xrange [smallest / 1.3 : largest * 1.3]
unset xtics
set xtics nomirror
do for [power = 10:40:2] { set xtics add (size_text(2.0 ** power) 2.0 ** power) }
set pointsize 0.6

of(w, panel, p, series, x) = panel == p && int(w) == series ? x : NaN
unit = "GB/s (higher is better)"
dash(p, w) = member(memcpy_unsound[p], w) ? 2 : 1
name(p, w) = key(int(w)) . (member(memcpy_unsound[p], w) ? " (unsound)" : "")

if (graphic) {
    set multiplot layout down, across margins screen 76.0 / wide, 1 - (key_wide + 14.0) / wide, \
        85.0 / high, 1 - 40.0 / high spacing screen 60.0 / wide, 90.0 / high
    set key at screen 1 - (key_wide - 6.0) / wide, screen 1 - 34.0 / high left top vertical Left \
        reverse samplen 2
} else {
    set multiplot layout memcpy_panels, 1
    set key outside right top vertical Left reverse
}
do for [p = 1:memcpy_panels] {
    set title "memcpy, " . memcpy_panel[p] . (graphic ? "" : ", " . unit)
    unset ylabel
    if (graphic && (p - 1) % across == 0) { set ylabel unit }
    if (p + across > memcpy_panels) { set xlabel "size of a copy" } else { unset xlabel }
    list = memcpy_series[p]
    plot for [w in list] $memcpy \
        using (of(w, $1, p, $2, $3)):4:5:6 with yerrorlines \
        linecolor rgb colour(int(w)) linewidth 1.6 dashtype dash(p, w) \
        pointtype symbol(int(w)) title name(p, w)
    # The key and the caption are the whole figure's.
    if (graphic) { set key off }
    unset label 1000
}
unset multiplot
