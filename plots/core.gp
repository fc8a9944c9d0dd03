# SPDX-License-Identifier: MIT
#
# core.gp: what the answers about a core were read from: ns of a turn over how often what is asked
# about stands in it, a panel a question, with the answer beside each name. A vertical line is a knee.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/core.gp

here = ARG0[1:strlen(ARG0) - strlen("core.gp")]
load here . "data.gp"
stats file index "core panels." using (core_panels = int($1), 0) nooutput
array core_title[core_panels]
array core_count[core_panels]
stats file index "core panels." using (core_title[int($1)] = strcol(2), 0) nooutput
do for [p = 1:core_panels] { core_count[p] = 0 }
most_series = 24
array core_name[core_panels * most_series]
array core_knee[core_panels * most_series]
place_of(p, s) = (p - 1) * most_series + s
stats file index "core series." using (int($2) > most_series ? 0 : \
    (core_count[int($1)] = int($2), core_knee[place_of(int($1), int($2))] = $3, \
     core_name[place_of(int($1), int($2))] = strcol(4), 0)) nooutput

array core_most[core_panels]
do for [p = 1:core_panels] { # before there are ranges, which would hide points from it
    stats file index "core." using ($1 == p ? $4 : NaN) nooutput
    core_most[p] = STATS_max
}

across = core_panels < 3 ? core_panels : 3
down = (core_panels + across - 1) / across
panel_wide = 330.0
panel_high = 300.0
wide = across * panel_wide + 30
high = down * panel_high + 20
rows = 24 # of the text terminal, where nothing is plotted
load here . "style.gp"
if (!graphic) {
    print "(the tables of tsobench core are its text)"
    exit
}

# Okabe and Ito's.
colours = "0x0072B2 0xD55E00 0x009E73 0xCC79A7 0xE69F00 0x56B4E9 0x303030 0x8C564B"
shade(s) = int(word(colours, 1 + (s - 1) % 8))
dashes(s) = 1 + (s - 1) / 8
of(p, s, panel, series, y) = p == panel && s == series ? y : NaN

set multiplot
set xtics font ",9"
set ytics font ",9"
set title font ",11"
do for [p = 1:core_panels] {
    column = (p - 1) % across
    row = (p - 1) / across
    set lmargin at screen (column * panel_wide + 60) / wide
    set rmargin at screen ((column + 1) * panel_wide) / wide
    set tmargin at screen 1 - (row * panel_high + 40) / high
    set bmargin at screen 1 - (row * panel_high + 265) / high
    set title core_title[p]
    set ylabel "ns" font ",9" offset 1.5, 0
    set key on inside left top vertical Left reverse samplen 1.5 font ",9" noenhanced
    set yrange [0 : core_most[p] * (1.15 + 0.07 * core_count[p])]
    unset arrow
    do for [s = 1:core_count[p]] {
        knee = core_knee[place_of(p, s)]
        if (knee >= 0) {
            set arrow from first knee, graph 0 to first knee, graph 0.6 nohead \
                linecolor rgb shade(s) linewidth 0.8 dashtype 3
        }
    }
    plot for [s = 1:core_count[p]] file index "core." \
        using (of($1, $2, p, s, $3)):4 with lines linecolor rgb shade(s) linewidth 1.3 \
        dashtype dashes(s) title core_name[place_of(p, s)]
    unset label # the whole figure's
}
unset multiplot
