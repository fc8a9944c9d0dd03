# SPDX-License-Identifier: MIT
#
# matrix.gp: how long a message takes between each two CPUs, a panel a lowering, all in one scale.
# CPUs in the order of the topology; lines stand between cores, between clusters, between sockets.
# A pair that was not measured is white. Many CPUs: each pair once, below the diagonal.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/matrix.gp

here = ARG0[1:strlen(ARG0) - strlen("matrix.gp")]
load here . "data.gp"
stats file index "matrix cpus." using (n = int($1) + 1, 0) nooutput
stats file index "matrix panels." using (matrix_panels = int($1), matrix_unit = strcol(3), 0) nooutput
array matrix_panel[matrix_panels]
stats file index "matrix panels." using (matrix_panel[int($1)] = strcol(2), 0) nooutput
cell = n <= 4 ? 64 : n <= 8 ? 40 : n <= 16 ? 24 : n <= 32 ? 14 : n <= 64 ? 7 : 448.0 / n
side = n * cell
across = matrix_panels <= 3 ? matrix_panels : matrix_panels == 4 ? 2 : 3
down = (matrix_panels + across - 1) / across
step_x = side + 62 < 170 ? 170 : side + 62 # room for a panel's name
left = 30.0
bar_wide = 110
wide = left + across * step_x + bar_wide
if (wide < 560) { wide = 560 }
step_y = side + 66.0
high = 44 + step_y * down
rows = 24 # of the text terminal, where nothing is plotted
load here . "style.gp"

heading = sprintf("%s between two CPUs, ns (lower is better)", matrix_unit)
stats file index "matrix." using 4 nooutput
least = STATS_min
most = STATS_max > least ? STATS_max : least * 1.01
# What a CPU is called, by its place, and what begins there.
array name[n]
array begins[n]
stats file index "matrix cpus." using \
    (name[int($1) + 1] = sprintf("%d", int($2)), begins[int($1) + 1] = $3, 0) nooutput
short(ns) = sprintf(ns < 100 ? "%.1f" : "%.0f", ns)
share(ns) = log(ns / least) / log(most / least)
both = n <= 32 ? 1 : 0

if (graphic) {
    set border 0
    set tics scale 0 font ",9"
    unset grid
    unset key
    set palette defined (0 "#f0f6fc", 0.25 "#b7d3ea", 0.5 "#64a9d3", 0.75 "#2171b5", 1 "#08306b")
    set logscale cb 2
    set cbrange [least : most]
    middle = sqrt(least * most)
    set cbtics (short(least) least, short(middle) middle, short(most) most) font ",9"
    set xrange [-0.5 : n - 0.5]
    set yrange [n - 0.5 : -0.5]
    each = (n + 15) / 16
    set xtics () rotate by (n > 8 ? 90 : 0) right offset 0, (n > 8 ? 0 : 0.4)
    if (n <= 8) { set xtics norotate center }
    set ytics () offset 0.6, 0
    do for [i = 1:n:each] {
        set xtics add (name[i] i - 1)
        set ytics add (name[i] i - 1)
    }
    set label 1001 heading at screen left / wide, screen 1 - 16.0 / high font ",14" noenhanced
    corner(flip, row, column) = flip ? row : column
    width(level) = level == 3 ? 2.6 : level == 2 ? 1.4 : 0.4
    line(level) = level == 3 ? "#000000" : level == 2 ? "#404040" : "#a0a0a0"
    ink(ns) = share(ns) > 0.55 ? 0xffffff : 0x202020
    of(p, panel, x) = p == panel ? x : NaN
    # Lines closer than this would cover the cells; cores of many CPUs are too small for any.
    apart(level) = side / (1.0 + sum [i = 2:n] (int(begins[i]) >= level))
    array is_drawn[3] = [n <= 64, apart(2) >= 20, apart(3) >= 20]
    do for [i = 2:n] {
        level = int(begins[i])
        if (level && is_drawn[level]) {
            set arrow from i - 1.5, both ? -0.5 : i - 1.5 to i - 1.5, n - 0.5 nohead front \
                linewidth width(level) linecolor rgb line(level)
            set arrow from -0.5, i - 1.5 to (both ? n - 0.5 : i - 1.5), i - 1.5 nohead front \
                linewidth width(level) linecolor rgb line(level)
        }
    }
    unset colorbox
    set multiplot
    do for [p = 1:matrix_panels] {
        column = (p - 1) % across
        row = (p - 1) / across
        set lmargin at screen (left + column * step_x) / wide
        set rmargin at screen (left + column * step_x + side) / wide
        set tmargin at screen 1 - (row * step_y + 62.0) / high
        set bmargin at screen 1 - (row * step_y + 62.0 + side) / high
        unset title
        set label 1002 matrix_panel[p] at graph 0, graph 1 offset 0, 0.6 noenhanced font ",11"
        if (p == matrix_panels) {
            set colorbox vertical user origin (wide - bar_wide + 20.0) / wide, \
                1 - (62.0 + (side > 160 ? side : 160)) / high \
                size 16.0 / wide, (side > 160 ? side : 160) / high
        }
        # For few CPUs each pair twice; numbers in the boxes where there is room.
        plot for [flip = 0:both] file index "matrix." \
                 using (of(p, $1, flip ? $2 : $3)):(flip ? $3 : $2):(corner(flip, $2, $3) - 0.5): \
                 (corner(flip, $2, $3) + 0.5):(corner(flip, $3, $2) - 0.5): \
                 (corner(flip, $3, $2) + 0.5):4 \
                 with boxxyerror fillstyle solid noborder linecolor palette, \
             file index "matrix cpus." using 1:1:($1 - 0.5):($1 + 0.5):($1 - 0.5):($1 + 0.5) \
                 with boxxyerror fillstyle solid noborder linecolor rgb "#d8d8d8", \
             for [flip = 0:(cell >= 40 ? 1 : -1)] file index "matrix." \
                 using (of(p, $1, flip ? $2 : $3)):(flip ? $3 : $2):(short($4)):(ink($4)) \
                 with labels font ",9" textcolor rgb variable
        unset label 1000
        unset label 1001
    }
    unset multiplot
} else {
    print heading
    # A number each for few CPUs, else a digit: 0 the least, 9 the most, a blank not measured. Of
    # very many CPUs, several that are neighbours share a place, with their mean.
    shared = (n + 63) / 64
    places = (n + shared - 1) / shared
    digit(ns) = sprintf("%d", int(9.999 * share(ns)))
    text(ns) = n <= 12 ? sprintf("%6s", short(ns)) : digit(ns)
    blank = n <= 12 ? "     ." : " "
    if (n > 12) { print sprintf("0 is %s ns, 9 is %s ns", short(least), short(most)) }
    if (shared > 1) { print sprintf("a place is the mean of %d by %d CPUs", shared, shared) }
    at(row, column) = int(row) / shared * places + int(column) / shared + 1
    array total[places * places]
    array count[places * places]
    do for [p = 1:matrix_panels] {
        do for [i = 1:places * places] { total[i] = 0.0; count[i] = 0 }
        stats file index "matrix." using ($1 == p ? ( \
            total[at($2, $3)] = total[at($2, $3)] + $4, count[at($2, $3)] = count[at($2, $3)] + 1, \
            total[at($3, $2)] = total[at($3, $2)] + $4, count[at($3, $2)] = count[at($3, $2)] + 1, \
            0) : 0) nooutput
        print ""
        print matrix_panel[p]
        if (n <= 12) {
            words = "      "
            do for [i = 1:n] { words = words . sprintf("%6s", name[i]) }
            print words
        }
        do for [r = 1:places] {
            words = sprintf("%5s ", name[(r - 1) * shared + 1])
            do for [c = 1:places] {
                i = (r - 1) * places + c
                words = words . (count[i] ? text(total[i] / count[i]) : blank)
            }
            print words
        }
    }
}
