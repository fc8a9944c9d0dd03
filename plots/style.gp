# SPDX-License-Identifier: MIT
#
# style.gp: what all figures share. A script loads the run's plot.gp, sets wide and high (pixels)
# and rows (lines of text), and loads this.
#
# The colours are Okabe and Ito's, which the colour-blind can tell apart. A lowering has the same
# one in every figure; lowerings of different machines share them. Whatever is not sound is
# hatched or dashed, and the key says so.

if (!exists("terminal")) terminal = "svg"

known = "plain native ldar-stlr ldapr-stlr ldapur-stlur dmb-risotto dmb-qemu dmb-full" . \
    " sc-xchg sc-mfence libc"
shade = "#303030 #009E73 #D55E00 #E69F00 #F0E442 #56B4E9 #0072B2 #CC79A7" . \
    " #D55E00 #0072B2 #999999"
spare = "#8C510A #5E3C99 #7FBF7B #B2ABD2"
# The place of a name among the known ones, 0 for a newer one.
place(name) = sum [i = 1:words(known)] (word(known, i) eq name ? i : 0)
shade_of(place, name) = place ? word(shade, place) : word(spare, 1 + strlen(name) % words(spare))
colour(i) = shade_of(place(lowering[i]), lowering[i])
key(i) = lowering[i] . (model[i] eq model[1] ? "" : ", " . model[i])
member(list, word) = strstrt(list, " " . word . " ") > 0
symbol(i) = int(word("7 5 9 11 13 15 6 4 8 10 12 14", 1 + (i - 1) % 12))

graphic = terminal ne "dumb"
if (terminal eq "svg") {
    set terminal svg size wide, high font "DejaVu Sans,13" background "#ffffff" dashed
}
if (terminal eq "pngcairo") { # twice the size, for projectors
    set terminal pngcairo size 2 * wide, 2 * high font "DejaVu Sans,13" fontscale 2 \
        linewidth 2 pointscale 1.7 background "#ffffff"
}
if (!graphic) { set terminal dumb 100, rows }

set encoding utf8
set border 3 linecolor "#707070"
set tics nomirror textcolor "#303030"
set grid linecolor "#d8d8d8" linewidth 0.6
set key noenhanced
set title noenhanced
set datafile missing NaN
# What the figure is of, at its foot.
if (graphic) {
    set label 1000 caption at screen 0.008, screen 10.0 / high noenhanced font ",8" \
        textcolor "#606060"
} else {
    set print '-'
    print caption
}
