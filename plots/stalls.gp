# SPDX-License-Identifier: MIT
#
# stalls.gp: where the cycles go: for each kernel's centre a stack a lowering, its height the
# cycles over the baseline's, its parts what the PMU's stall events counted.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/stalls.gp

here = ARG0[1:strlen(ARG0) - strlen("stalls.gp")]
load here . "data.gp"
stats file index "stalls panels." using (stalls_panels = int($1), 0) nooutput
array stalls_title[stalls_panels]
stats file index "stalls panels." using (stalls_title[int($1)] = strcol(2), 0) nooutput
stats file index "stalls parts." using (stalls_parts = int($1), 0) nooutput
array stalls_part[stalls_parts]
stats file index "stalls parts." using (stalls_part[int($1)] = strcol(2), 0) nooutput
across = stalls_panels < 3 ? stalls_panels : 3
down = (stalls_panels + across - 1) / across
key_wide = 270.0
panel_wide = 400.0
wide = panel_wide * across + key_wide + 40
high = 30 + 400 * down
rows = 30 * stalls_panels
load here . "style.gp"

# Okabe and Ito's colours, in the order of the parts; what is not stalled is pale.
part_colours = "0xE69F00 0xD55E00 0x0072B2 0x56B4E9 0x009E73 0xF0E442 0xCC79A7 0x009E73 0x0072B2" \
    . " 0xE69F00 0xDDDDDD"
part_colour(p) = int(word(part_colours, p))
# Parts that are nothing in all panels have no place in the key.
array seen[stalls_parts]
do for [p = 1:stalls_parts] {
    seen[p] = 0
    do for [k = 1:stalls_panels] {
        stats file index sprintf("stalls %d.", k) using (column(p)) nooutput
        if (STATS_max > 0) { seen[p] = 1 }
    }
}
set style data histograms
set style histogram rowstacked
set style fill solid 0.9 noborder
set boxwidth 0.75
set xtics rotate by -35 left font ",9" noenhanced
set yrange [0 : *]
set grid noxtics
if (graphic) {
    set multiplot
    set label 1001 "cycles over the baseline's" at screen 14.0 / wide, \
        screen 0.5 center rotate by 90 font ",11"
} else {
    set multiplot layout stalls_panels, 1
}
do for [k = 1:stalls_panels] {
    place = (k - 1) % across
    row = (k - 1) / across
    if (graphic) {
        set lmargin at screen (place * panel_wide + 75) / wide
        set rmargin at screen (place * panel_wide + panel_wide - 10) / wide
        set tmargin at screen 1 - (row * 400.0 + 40) / high
        set bmargin at screen 1 - (row * 400.0 + 310) / high
    }
    set title stalls_title[k] font ',11'
    set key off
    if (!graphic) { set key on }
    plot for [p = 1:stalls_parts] file index sprintf("stalls %d.", k) \
        using (column(p)):xtic(as_tic(strcol(stalls_parts + 1))) linecolor rgb part_colour(p) \
        title (seen[p] ? stalls_part[p] : '')
    unset label # the whole figure's
}
if (graphic) {
    set lmargin at screen 1 - key_wide / wide
    set rmargin at screen 1
    set tmargin at screen 1 - 40.0 / high
    set bmargin at screen foot_high / high
    unset border
    unset tics
    unset title
    unset grid
    set xrange [0 : 1]
    set yrange [0 : 1]
    set key on inside left top vertical Left reverse samplen 1.5 font ",11"
    # From the top as in a stack.
    plot NaN notitle, for [i = 1:stalls_parts] p = stalls_parts + 1 - i, \
        keyentry with boxes linecolor rgb part_colour(p) title (seen[p] ? stalls_part[p] : "")
}
unset multiplot
