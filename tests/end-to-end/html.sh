#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The HTML form of a report in a browser: nothing is fetched, figures are in it, and it is no wider
# than a phone or a desk. HTML_KEEP=DIR keeps pages and pictures there, to be looked at.
#
# NATIVE: the same digits
. "$SOURCE_DIR/tests/lib.sh"
browser=$(command -v chromium || command -v chromium-browser) || skip "no chromium here"
need gnuplot
keep=${HTML_KEEP:-$work}

# browse WIDTH ARGUMENT...: only our own process is waited for, and no network is asked.
browse() {
    local width=$1
    shift
    HOME=$work timeout 100 "$browser" --headless --no-sandbox --disable-gpu --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$work/profile" --window-size="$width,900" --hide-scrollbars "$@" 2>/dev/null
}

# What the browser found, written into the page that it dumps. A window of headless Chromium is
# never narrower than 500 pixels, so the page is looked at in a frame of the width in question.
frame='<iframe id="frame" src="FILE" style="border:0;width:WIDTHpx;height:880px"></iframe>
<script>onload = function () {
    var d = document.getElementById("frame").contentDocument;
    document.title = "scroll=" + d.scrollingElement.scrollWidth + " svg=" +
        d.querySelectorAll("figure svg").length + " tables=" + d.querySelectorAll("table").length;
};</script>'
# look PAGE WIDTH: the title that the frame's script made.
look() {
    sed "s|FILE|$1|; s|WIDTH|$2|" <<<"<style>body{margin:0}</style>$frame" >"$work/frame.html"
    browse "$2" --allow-file-access-from-files --dump-dom "file://$work/frame.html" |
        sed -n 's|.*<title>\(.*\)</title>.*|\1|p'
}

mkdir "$work/run"
cat >"$work/run/machine.json" <<'JSON'
{"cpus": [{"cpus": "0-7", "name": "Core <made> up & co"}], "memory": {"page_kib": 4},
 "system": {"kernel": "6.1.0-a-rather-long-name-of-a-kernel-without-any-blank-in-it"}}
JSON
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v machine=arm >"$work/run/samples.jsonl"
page=$work/page.html
# shellcheck disable=SC2086
$TSOBENCH report --format html "$work/run" >"$page" || fail "no page"

grep -q 'Core &lt;made&gt; up &amp; co' "$page" || fail "text is not escaped"
# Nothing is fetched: no address but the names of XML's vocabularies.
grep -oE '(src|href|url)[=(][^ >]*' "$page" | grep -vE "^[a-z]+[=(]['\"]?#" && fail "a reference"
grep -oE 'https?:[^ "]*' "$page" | grep -v '^http://www.w3.org/' && fail "an address"

for width in 390 1280; do
    seen=$(look "$page" "$width")
    echo "$width px: $seen"
    [[ $seen =~ ^scroll=([0-9]+)\ svg=5\ tables=([0-9]+)$ ]] || fail "not a whole page: $seen"
    ((${BASH_REMATCH[1]-9999} <= width)) || fail "wider than $width px"
    cp "$page" "$keep/page.html" 2>/dev/null
    browse "$width" --screenshot="$keep/page-$width.png" "file://$work/frame.html" >/dev/null
    [[ -s $keep/page-$width.png ]] || fail "no picture at $width px"
done

# The planted fault: something that is too wide.
sed 's|<h1>|<div style="width:2000px">x</div><h1>|' "$page" >"$work/wide.html"
[[ $(look "$work/wide.html" 390) =~ ^scroll=20[0-9][0-9] ]] || fail "a wide page was not seen"

finish
