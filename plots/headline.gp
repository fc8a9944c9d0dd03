# SPDX-License-Identifier: MIT
#
# headline.gp: what each lowering costs in each kernel, at the centre of its parameters.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/headline.gp

here = ARG0[1:strlen(ARG0) - strlen("headline.gp")]
load here . "data.gp"
stats file index "headline." using 1 nooutput
headline_columns = int(STATS_max)
stats file index "headline." using 2 nooutput
headline_lines = -int(STATS_min)
wide = 860 * headline_columns
high = 132 + 17 * headline_lines
rows = 12 + headline_lines
load here . "style.gp"

stats file index "headline." using 6 nooutput
most = STATS_max > 1.1 ? STATS_max : 1.1
stats file index "headline." using 5 nooutput
least = STATS_min < 1 ? STATS_min : 1

heading = sprintf("Time over that of %s under %s", lowering[1], model[1])
set xlabel "times the baseline's time" . (intervals ? ", 95 % interval" : "") . \
    " (lower is better)"
set logscale x
set format x "%g×"
set xrange [least * 0.97 : most * (most / least) ** 0.42]
set xtics (1)
crowded = most > 50 * least # names of places would run into each other
steps = crowded ? "1 2 5" : "1 1.2 1.5 2 3 5 7"
do for [decade in "1 10 100 1000"] {
    do for [step in steps] {
        fine = step eq "1.2" || step eq "1.5" ? 6 : step eq "7" ? 20 : 1e9
        if (most < fine && decade * step < most * 1.05) { set xtics add (decade * step) }
    }
}
if (least < 0.8) { set xtics add (0.1, 0.2, 0.5) }
if (least < 0.8 && !crowded) { set xtics add (0.3, 0.7) }
set yrange [-headline_lines - 0.8 : -0.2]
left_end = least * 0.97
if (graphic) { unset ytics } else { set ytics scale 0 noenhanced }
unset grid
unset key
if (graphic) {
    set grid xtics linecolor "#d8d8d8" linewidth 0.6
    set arrow 1 from 1, graph 0 to 1, graph 1 nohead linecolor "#303030" front
}

in(column, wanted, x) = column == wanted ? x : NaN
end(high) = high > 1 ? high : 1
number(ratio) = sprintf(ratio < 10 ? "%.2f" : "%.1f", ratio)
text(ratio, i, unsound) = number(ratio) . "  " . key(i) . (unsound ? ", unsound" : "")
hatched(column, wanted, unsound, y) = column == wanted && unsound > 0 ? y : -1000 # below yrange

bars = intervals ? \
    'file index "headline." using 4:(in($1, c, $2)):5:6 with xerrorbars pointtype 0 ' . \
    'linecolor "#000000",' : ""

if (graphic) {
    set multiplot
    set label 1001 heading at screen 0.5, screen 1 - 28.0 / high center noenhanced font ",15"
    do for [c = 1:headline_columns] {
        set lmargin at screen ((c - 1) * 860.0 + 185) / wide
        set rmargin at screen (c * 860.0 - 20) / wide
        set bmargin at screen (foot_high + 68) / high
        set tmargin at screen 1 - 50.0 / high
        plot file index "headline." \
                 using (1):(in($1, c, $2)):(1):4:($2 - 0.42):($2 + 0.42):(colour(int($3))) \
                 with boxxyerror linecolor rgb variable fillstyle solid 0.85 noborder, \
             file index "headline." \
                 using (1):(hatched($1, c, $7, $2)):(1):4:(hatched($1, c, $7, $2 - 0.42)): \
                 (hatched($1, c, $7, $2 + 0.42)) with boxxyerror \
                 linecolor rgb "#ffffff" fillstyle transparent pattern 4 noborder, \
             @bars \
             file index "headline." using (end($6)):(in($1, c, $2)):(text($4, int($3), $7 > 0)) with labels \
                 left offset 0.7, 0 font ",10" noenhanced, \
             file index "headline tics." using (left_end):(in($1, c, $2)):3 with labels right offset -0.8, 0 \
                 noenhanced textcolor "#303030"
        unset label # the whole figure's
    }
    unset multiplot
} else {
    do for [c = 1:headline_columns] {
        set title heading
        plot file index "headline." using 4:(in($1, c, $2)) with points, \
             file index "headline." using (end($6)):(in($1, c, $2)):(text($4, int($3), $7 > 0)) with labels \
                 left offset 3, 0 noenhanced, \
             file index "headline tics." using (in($1, c, 1)):2:ytic(in($1, c, 1) == 1 ? as_tic(strcol(3)) : "") \
                 with dots
    }
}
