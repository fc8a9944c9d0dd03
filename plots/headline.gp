# SPDX-License-Identifier: MIT
#
# headline.gp: what each lowering costs in each kernel, at the centre of its parameters.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/headline.gp

load run . "/plot.gp"
wide = 960
high = 150 + 17 * headline_lines
rows = 12 + headline_lines
load ARG0[1:strlen(ARG0) - strlen("headline.gp")] . "style.gp"

stats $headline using 5 nooutput
most = STATS_max > 1.1 ? STATS_max : 1.1
stats $headline using 4 nooutput
least = STATS_min < 1 ? STATS_min : 1

set title sprintf("Time over that of %s under %s", lowering[1], model[1]) font ",15"
set xlabel "times the baseline's time, 95 % interval (lower is better)"
set logscale x
set format x "%g×"
set xrange [least * 0.97 : most * (most / least) ** 0.1]
set xtics (1)
do for [decade in "1 10 100 1000"] {
    do for [step in "1 1.2 1.5 2 3 5 7"] {
        fine = step eq "1.2" || step eq "1.5" ? 6 : step eq "7" ? 20 : 1e9
        if (most < fine) { set xtics add (decade * step) }
    }
}
if (least < 0.8) { set xtics add (0.1, 0.2, 0.3, 0.5, 0.7) }
set yrange [-headline_lines - 0.8 : -0.2]
set ytics scale 0 noenhanced
unset grid
if (graphic) {
    set grid xtics linecolor "#d8d8d8" linewidth 0.6
    set arrow 1 from 1, graph 0 to 1, graph 1 nohead linecolor "#303030" front
}
set key outside right top vertical Left reverse samplen 1.5
if (graphic) { set bmargin 5 }

of(w, series, y) = int(w) == series ? y : NaN
end(high) = high > 1 ? high : 1
text(ratio, unsound) = sprintf(ratio < 10 ? "%.2f" : "%.1f", ratio) . (unsound ? " unsound" : "")
hatched(unsound, y) = unsound > 0 ? y : -1000 # else below yrange

if (graphic) {
    plot for [w in headline_series] $headline \
             using (1):(of(w, $2, $1)):(1):3:($1 - 0.42):($1 + 0.42) with boxxyerror \
             linecolor rgb colour(int(w)) fillstyle solid 0.85 noborder title key(int(w)), \
         $headline \
             using (1):(hatched($6, $1)):(1):3:(hatched($6, $1 - 0.42)):(hatched($6, $1 + 0.42)) \
             with boxxyerror \
             linecolor rgb "#ffffff" fillstyle transparent pattern 4 noborder notitle, \
         $headline using 3:1:4:5 with xerrorbars pointtype 0 linecolor "#000000" notitle, \
         $headline using (end($5)):1:(text($3, $6 > 0)) with labels left offset 0.7, 0 \
             font ",10" notitle, \
         $headline_tics using (1):1:ytic(2) with points pointsize 0 notitle
} else {
    plot for [w in headline_series] $headline using 3:(of(w, $2, $1)) with points \
             title key(int(w)), \
         $headline using (end($5)):1:(text($3, $6 > 0)) with labels left offset 3, 0 notitle, \
         $headline_tics using (1):1:ytic(2) with dots notitle
}
