# SPDX-License-Identifier: MIT
#
# style.gp: what all figures share. A script loads data.gp, sets wide and high (pixels,
# without the foot) and rows (lines of text), and loads this.
#
# A colour is of a family of lowerings, by how the name begins, so a new header has one at once and
# the same in every figure of a run. The colours are Okabe and Ito's, which the colour-blind can tell
# apart; those of one colour differ in tint and mark, by their order in the run.
# Whatever is not sound is hatched in bars, dashed with open marks in curves, and named so.

if (!exists("terminal")) terminal = "svg"

# Beginnings of names, the more special first.
families = "sc-mfence sc- mfence- dmb ldar ldapr ldapur lrcpc native plain- plain libc" . \
    " rep- set- dc- fex box64 half-barrier ishld rt- pthread- ck-" . \
    " all-ldar all-ldap all-lrcpc all- qemu risotto"
shade = "0x0072B2 0xD55E00 0xD55E00 0x0072B2 0xD55E00 0xE69F00 0xE69F00 0xE69F00 0x009E73" . \
    " 0x8C564B 0x303030 0x999999" . \
    " 0x8C564B 0x8C564B 0x8C564B 0xCC79A7 0xCC79A7 0xCC79A7 0xCC79A7 0xCC79A7" . \
    " 0x999999 0x56B4E9 0xD55E00 0xE69F00 0xE69F00 0x0072B2 0x0072B2 0x009E73"
spare = "0x56B4E9"
begins(name, start) = name[1:strlen(start)] eq start
# The place of the first family that fits, 0 for none.
place(name) = (found = 0, sum [i = 1:words(families)] \
    (found == 0 && begins(name, word(families, i)) ? (found = i) : 0))
family_shade(place) = int(place ? word(shade, place) : spare)
# Half way to white, two thirds of the way from black, and so on.
mixed(part, tint) = tint == 0 ? part : tint == 1 ? (part + 255) / 2 : tint == 2 ? 2 * part / 3 : \
    tint == 3 ? (part + 510) / 3 : part / 2
tinted(c, tint) = 65536 * mixed(c / 65536, tint) + 256 * mixed(c / 256 % 256, tint) + \
    mixed(c % 256, tint)
# Series of one shade take turns with five tints and six marks, so that 30 of them have each another
# colour and mark.
array shade_of[series + 1]
array turn[series + 1]
do for [i = 1:series] {
    shade_of[i] = family_shade(place(lowering[i]))
    turn[i] = sum [k = 1:i] (shade_of[k] == shade_of[i])
}
colour(i) = tinted(shade_of[i], (turn[i] - 1) % 5)
closed = "7 5 9 11 13 15"
open = "6 4 8 10 12 14"
symbol(i, unsound) = int(word(unsound ? open : closed, 1 + (shade_of[i] + turn[i]) % 6))

# The caption, in as many lines as the picture's width asks for, and in letters that can be read
# where the picture is shown 800 pixels wide.
graphic = terminal ne "dumb"
foot_size = wide > 800 ? int(10 * wide / 800.0 + 0.5) : 10
fits = int(wide / (0.775 * foot_size))
foot_lines = 1
foot = ""
line = ""
do for [w = 1:words(caption)] {
    if (strlen(line) + 1 + strlen(word(caption, w)) > fits) {
        foot = foot . line . "\n"
        line = ""
        foot_lines = foot_lines + 1
    }
    line = line . (line eq "" ? "" : " ") . word(caption, w)
}
foot = foot . line
foot_high = 1.5 * foot_size * foot_lines + 8
high = high + foot_high

if (terminal eq "svg") {
    set terminal svg size wide, high font "DejaVu Sans,13" background "#ffffff" dashed \
        noenhanced
}
if (!exists("scale")) { scale = 2.0 } # of a PNG: twice the size, for projectors
if (terminal eq "pngcairo") {
    set terminal pngcairo size scale * wide, scale * high font "DejaVu Sans,13" fontscale scale \
        noenhanced linewidth scale pointscale 0.85 * scale background "#ffffff"
}
if (!graphic) { set terminal dumb 100, rows noenhanced }

set encoding utf8
set border 3 linecolor "#707070"
set tics nomirror textcolor "#303030"
set grid linecolor "#d8d8d8" linewidth 0.6
set key noenhanced
set title noenhanced
set datafile missing NaN
if (graphic) {
    set label 1000 foot at screen 6.0 / wide, screen (foot_high - 8) / high noenhanced \
        font sprintf(",%d", foot_size) textcolor "#606060"
} else {
    set print '-'
    print caption
}
