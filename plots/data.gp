# SPDX-License-Identifier: MIT
#
# data.gp: reads what all figures share from the run's plot.tsv (bench/figures/plots.h says what is in
# it). A script sets here, and figure if it is one of curves, and loads this. What a run says is read
# as numbers and strings; none of it is ever executed, and a test sees to that.

file = run . "/plot.tsv"
set datafile separator "\t"
set datafile commentschars "#"
stats file index "caption." using (intervals = int($1), series = int($2), caption = strcol(3), 0) nooutput
array lowering[series + 1]
array model[series + 1]
if (series) {
    stats file index "series." using \
        (lowering[int($1)] = strcol(2), model[int($1)] = strcol(3), 0) nooutput
}
if (exists("figure")) {
    points = figure . "."
    stats file index figure . " panels." using (panels = int($1), tics = int($2), 0) nooutput
    array title_of[panels]
    array list_of[panels] # numbers of series, between blanks
    array unsound_of[panels]
    stats file index figure . " panels." using (title_of[int($1)] = strcol(3), \
        list_of[int($1)] = " " . strcol(4) . " ", unsound_of[int($1)] = " " . strcol(5) . " ", 0) \
        nooutput
    array tic_panel[tics + 1] # names of places on the x axis
    array tic_x[tics + 1]
    array tic_word[tics + 1]
    if (tics) {
        stats file index figure . " tics." using (tic_panel[int($0) + 1] = int($1), \
            tic_x[int($0) + 1] = $2, tic_word[int($0) + 1] = strcol(3), 0) nooutput
    }
}
member(list, word) = strstrt(list, " " . word . " ") > 0
key(i) = lowering[i] . (model[i] eq model[1] ? "" : ", " . model[i])
# Names of tics are formats.
as_tic(name) = (tic_name = "", sum [i = 1:strlen(name)] \
    (tic_name = tic_name . (name[i:i] eq "%" ? "%%" : name[i:i]), 0), tic_name)
