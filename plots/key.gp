# SPDX-License-Identifier: MIT
#
# key.gp: the key of a whole figure of curves, right of the panels, key_wide pixels of it. In a place
# as high as the picture, or it would be cut to a panel's height. Loaded within the multiplot.

set lmargin at screen 1 - key_wide / wide
set rmargin at screen 1
set tmargin at screen 1 - 40.0 / high
set bmargin at screen foot_high / high
unset border
unset tics
unset logscale
unset title
unset ylabel
set xrange [0 : 1]
set yrange [0 : 1]
set key on inside left top vertical Left reverse samplen 2 maxrows used + 1 font ",12"
plot for [w in all] 2 with linespoints linecolor rgb colour(int(w)) linewidth 1.6 \
    dashtype dash(is_dashed(w)) pointtype symbol(int(w), is_dashed(w)) title name(w)
