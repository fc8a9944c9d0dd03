# SPDX-License-Identifier: MIT
#
# traces.gp: what recorded programs do to memory: a row a trace or a window, a panel a question.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/traces.gp

here = ARG0[1:strlen(ARG0) - strlen("traces.gp")]
load here . "data.gp"
stats file index "traces rows." using (traces_rows = int($1), 0) nooutput
array traces_row[traces_rows]
array traces_note[traces_rows]
stats file index "traces rows." using \
    (traces_row[int($1)] = strcol(2), traces_note[int($1)] = strcol(3), 0) nooutput
stats file index "traces panels." using (traces_panels = int($1), 0) nooutput
array traces_stacked[traces_panels]
array traces_title[traces_panels]
stats file index "traces panels." using \
    (traces_stacked[int($1)] = int($2), traces_title[int($1)] = strcol(3), 0) nooutput
most_parts = 8
array traces_parts[traces_panels]
array traces_part[most_parts * traces_panels]
do for [p = 1:traces_panels] {
    stats file index sprintf("traces parts %d.", p) using (traces_parts[p] = int($1), \
        traces_part[most_parts * (p - 1) + int($1)] = strcol(2), 0) nooutput
}
row_high = traces_rows > 24 ? 22.0 : 34.0
names_wide = 40.0
do for [r = 1:traces_rows] {
    chars = strlen(traces_row[r]) > strlen(traces_note[r]) ? strlen(traces_row[r]) : strlen(traces_note[r])
    if (30 + 7.0 * chars > names_wide) { names_wide = 30 + 7.0 * chars }
}
panel_wide = 250.0
gap = 34.0
wide = names_wide + traces_panels * (panel_wide + gap)
key_high = 96.0
top = 34.0
plot_high = row_high * traces_rows
high = top + plot_high + 34 + key_high
rows = 24
load here . "style.gp"
if (!graphic) {
    print "(the tables of tsobench trace show are its text)"
    exit
}

# Okabe and Ito's, by panel. Kinds: loads blue, stores orange, vectors lighter; sizes get darker.
colours_1 = "0x0072B2 0x7FB8D8 0xD55E00 0xEAAE7F 0x303030 0xCC79A7"
colours_2 = "0xE4EEF6 0xBFD6E8 0x8DB9D9 0x4D91C3 0xCC79A7 0xE69F00 0xB57600 0x704800"
colours_3 = "0x009E73 0x56B4E9 0xE69F00 0xCC79A7"
colours_4 = "0xD55E00 0xE69F00 0x0072B2"
shade_of(p, i) = int(word(value(sprintf("colours_%d", p)), int(i)))

# Panels whose stacks are all of something end there.
array right_end[traces_panels]
do for [p = 1:traces_panels] {
    stats file index sprintf("traces %d.", p) using 4 nooutput
    right_end[p] = p == 2 || p == 3 ? 100 : STATS_max > 0 ? 1.02 * STATS_max : 1
}
set style fill solid 1 noborder
set yrange [traces_rows + 0.5 : 0.5]
set grid noytics
set tics scale 0.5
set border 1
set key off
set multiplot
do for [p = 1:traces_panels] {
    x = names_wide + (p - 1) * (panel_wide + gap)
    set lmargin at screen x / wide
    set rmargin at screen (x + panel_wide) / wide
    set tmargin at screen 1 - top / high
    set bmargin at screen 1 - (top + plot_high) / high
    set title traces_title[p] font ",11" offset 0, -0.4
    set xtics font ",9" offset 0, 0.4
    unset ytics
    set xrange [0 : right_end[p]]
    if (p == 1) {
        do for [r = 1:traces_rows] {
            set label (2 * r) traces_row[r] at screen (names_wide - 10) / wide, first r \
                right offset 0, (traces_rows > 24 ? 0 : 0.36) noenhanced font ",11"
            if (traces_rows <= 24) {
                set label (2 * r + 1) traces_note[r] at screen (names_wide - 10) / wide, first r \
                    right offset 0, -0.5 noenhanced font ",8" textcolor "#606060"
            }
        }
    }
    # Stacks take the row's height; bars that stand for themselves share it.
    parts = traces_parts[p]
    low(row, i) = traces_stacked[p] ? row - 0.36 : row - 0.4 + 0.8 * (i - 1) / parts
    top_of(row, i) = traces_stacked[p] ? row + 0.36 : row - 0.4 + 0.8 * i / parts
    plot file index sprintf("traces %d.", p) using 3:1:3:4:(low($1, $2)):(top_of($1, $2)): \
        (shade_of(p, $2)) with boxxyerror linecolor rgb variable
    unset label
}
# The keys stand below their panels.
unset border
unset tics
unset grid
unset title
set xrange [0 : 1]
set yrange [0 : 1]
do for [p = 1:traces_panels] {
    x = names_wide + (p - 1) * (panel_wide + gap)
    set lmargin at screen x / wide
    set rmargin at screen (x + panel_wide) / wide
    set tmargin at screen 1 - (top + plot_high + 30) / high
    set bmargin at screen foot_high / high
    set key on inside left top vertical Left reverse samplen 1.2 font ",10" maxrows 5 noenhanced
    plot NaN notitle, for [i = 1:traces_parts[p]] keyentry with boxes \
        linecolor rgb shade_of(p, i) title traces_part[most_parts * (p - 1) + i]
}
unset multiplot
