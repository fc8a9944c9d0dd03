# SPDX-License-Identifier: MIT
#
# shown.gp: the series of a figure of curves, each once, whatever panels it is in. Loaded after
# data.gp, before style.gp; key.gp draws their key, key_width() pixels wide.

used = 0
all = " "
dashed = " " # those that are unsound somewhere
do for [i = 1:series] {
    do for [p = 1:panels] {
        w = sprintf(" %d ", i)
        if (strstrt(list_of[p], w) && !strstrt(all, w)) {
            all = all . w[2:]
            used = used + 1
        }
        if (strstrt(unsound_of[p], w) && !strstrt(dashed, w)) { dashed = dashed . w[2:] }
    }
}
of(w, panel, p, series, x) = panel == p && int(w) == series ? x : NaN
is_dashed(w) = member(dashed, w)
dash(unsound) = unsound ? 2 : 1
name(w) = key(int(w)) . (is_dashed(w) ? " (unsound)" : "")
# At least so many pixels; else what the mark with its margins takes, and the letters of the longest name.
letters(w) = strlen(name(w))
key_width(list, least) = (longest = (least - 70) / 8.8, sum [k = 1:words(list)] \
    (letters(word(list, k)) > longest ? (longest = letters(word(list, k)), 0) : 0), 70 + 8.8 * longest)
