# SPDX-License-Identifier: MIT
#
# headline.gp: what each lowering costs in each kernel, at the centre of its parameters: a row a
# kernel, in families, those in which most changes first; a mark a lowering.
#
#   gnuplot -e "run='DIR'; terminal='svg'" plots/headline.gp

here = ARG0[1:strlen(ARG0) - strlen("headline.gp")]
load here . "data.gp"
panels = 0 # the series of the one panel are read here
load here . "shown.gp"
array is_sound[series + 1] # somewhere
array is_unsound[series + 1]
do for [i = 1:series] {
    is_sound[i] = 0
    is_unsound[i] = 0
}
stats file index "headline." using (is_sound[int($2)] = is_sound[int($2)] || $6 == 0, \
    is_unsound[int($2)] = is_unsound[int($2)] || $6 > 0, 0) nooutput
sound = " "
do for [i = 1:series] {
    w = sprintf("%d ", i)
    if (is_sound[i] || is_unsound[i]) {
        all = all . w
        used = used + 1
    }
    if (is_sound[i]) { sound = sound . w }
    if (is_unsound[i]) { dashed = dashed . w }
}
stats file index "headline." using 1 nooutput
kernel_lines = -int(STATS_min)
row_high = used < 6 ? 20.0 : 14.0 + 1.2 * used # so that marks of one row lie apart
key_wide = key_width(all, 290.0)
wide = 720 + key_wide
high = 118 + row_high * kernel_lines
if (high < 118 + 20 * used) { high = 118 + 20 * used }
rows = 16 + kernel_lines
load here . "style.gp"

stats file index "headline." using 5 nooutput
most = STATS_max > 1.1 ? STATS_max : 1.1
stats file index "headline." using 4 nooutput
least = STATS_min < 1 ? STATS_min : 1
left_end = least * 0.93
right_end = most * 1.07

heading = sprintf("Time over that of %s under %s", lowering[1], model[1])
set xlabel "times the baseline's time" . (intervals ? ", 95 % interval" : "") . \
    " (lower is better)"
set logscale x
set format x "%g×"
set xrange [left_end : right_end]
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
set yrange [-kernel_lines - 0.6 : -0.4]
unset grid
set grid xtics linecolor "#d8d8d8" linewidth 0.6

# The marks of a row stand below each other, in the order of the key.
nth(w) = words(all[1:strstrt(all, " " . w . " ")])
one(list, k) = k <= words(list) ? word(list, k) : "1"
# Of an empty list gnuplot draws the first, too: far below what is shown.
at(list, k, y) = k <= words(list) ? y + 0.4 - 0.8 * (nth(one(list, k)) + 0.5) / used : -1000
ratio_of(list, k, series, wanted, is_unsound, x) = k > words(list) ? 1 : \
    series == int(one(list, k)) && (is_unsound > 0) == wanted ? x : NaN
set errorbars 0
set pointsize 0.9
set macros
drawing = intervals ? "with xerrorbars" : "with points"
columns = intervals ? ":4:5" : ""

if (graphic) {
    set multiplot
    set label 1001 heading at screen 0.5, screen 1 - 22.0 / high center noenhanced font ",15"
    set lmargin at screen 180.0 / wide
    set rmargin at screen 1 - (key_wide + 25) / wide
    set bmargin at screen (foot_high + 62) / high
    set tmargin at screen 1 - 40.0 / high
    unset ytics
    unset key
    set arrow 1 from 1, graph 0 to 1, graph 1 nohead linecolor "#303030"
} else {
    set title heading
    set ytics scale 0 noenhanced
    set key outside right top vertical Left reverse
}
# Lines between the kernels (-1000: below what is shown), and their names; families have rows of
# their own.
plot file index "headline tics." using (left_end):($1 - (graphic ? 0.5 : 1000)):(right_end - left_end):(0) \
         with vectors nohead linecolor rgb "#e6e6e6" notitle, \
     for [k = 1:words(sound)] file index "headline." \
         using (ratio_of(sound, k, $2, 0, $6, $3)):(at(sound, k, $1))@columns @drawing \
         linecolor rgb colour(int(one(sound, k))) pointtype symbol(int(one(sound, k)), 0) \
         title (graphic ? "" : name(one(sound, k))), \
     for [k = 1:words(dashed)] file index "headline." \
         using (ratio_of(dashed, k, $2, 1, $6, $3)):(at(dashed, k, $1))@columns @drawing \
         linecolor rgb colour(int(one(dashed, k))) pointtype symbol(int(one(dashed, k)), 1) \
         title (graphic || k > words(dashed) ? "" : name(one(dashed, k))), \
     file index "headline tics." using (left_end):1:2 with labels right offset -0.8, 0 \
         noenhanced textcolor "#303030" notitle, \
     file index "headline families." using (left_end):1:2 with labels left offset 0.6, 0 \
         noenhanced textcolor "#808080" font ",11" notitle
if (graphic) {
    unset label
    unset arrow
    unset xlabel
    load here . "key.gp"
    unset multiplot
}
