#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What a report leaves where something fails: gnuplot, its terminals, the disk, a signal, another
# report. The old stays until the new is good, what is said to be there is there, and no temporary
# file is left.
#
# NATIVE: the same code
. "$SOURCE_DIR/tests/lib.sh"
need gnuplot python3
export TMPDIR=$work/tmp
mkdir "$work/run" "$work/tmp" "$work/bin"
cat >"$work/run/machine.json" <<'JSON'
{"cpus": [{"cpus": "0-1", "name": "Made-up Core"}], "memory": {"page_kib": 4}}
JSON
awk -f "$SOURCE_DIR/tests/fakes/fake-run" -v blocks=1 -v rounds=10 >"$work/run/samples.jsonl"
run=$work/run

# same WHAT: the files of the run are those that `keep` saw.
keep() { (cd "$run" && cksum -- *) >"$work/kept"; }
same() { (cd "$run" && cksum -- *) | diff "$work/kept" - >"$work/said" || fail "$1: $(<"$work/said")"; }
# clean WHAT: no file is left where temporary ones are made.
clean() {
    [[ -z $(ls -A "$TMPDIR") && -z $(find "$run" -name '.*.new-*') ]] ||
        fail "$1 left $(ls -A "$TMPDIR") $(find "$run" -name '.*')"
}

# A locale without UTF-8, somebody's own settings, children that nobody may wait for.
mkdir "$work/home"
echo 'system("touch executed")' >"$work/home/.gnuplot"
cp "$work/home/.gnuplot" "$run/gnuplotrc"
(
    cd "$work/home" || exit
    LC_ALL=C HOME=$work/home GNUTERM=png GNUPLOT_LIB=$work/home ends 0 report "$run"
    [[ ! -s $work/err ]] || fail "under LC_ALL=C: $(<"$work/err")"
)
[[ -z $(find "$work" -name executed) ]] || fail "settings of somebody were read"
rm "$run/gnuplotrc"
has out ': summary.tsv, report.txt, plots as .svg, .png and .txt$'
hasnot run/report.txt "$work"
keep
TSOBENCH="env --ignore-signal=CHLD $TSOBENCH" ends 0 report "$run"
same "SIGCHLD ignored"
clean "a report"

# A key has room for its longest name: where it is cut, the picture's right edge is not white.
cat >"$work/edge.py" <<'PYTHON'
import struct, sys, zlib
data, at, packed = open(sys.argv[1], "rb").read(), 8, b""
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    if kind == b"IHDR":
        width, height, depth, colour = struct.unpack(">IIBB", data[at + 8:at + 18])
        assert depth == 8 and colour == 2
    packed += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
    at += size + 12
raw, stride = zlib.decompress(packed), 3 * width
above = bytes(stride + 3)
for y in range(height):
    line = bytearray(3) + bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
    filter = raw[y * (stride + 1)]
    for i in range(3, len(line)) if filter else ():
        a, b, c = line[i - 3], above[i], above[i - 3]
        near = min((a, b, c), key=lambda x: abs(a + b - c - x))
        line[i] = line[i] + (0, a, b, (a + b) // 2, near)[filter] & 255
    assert line[-6:] == b"\xff" * 6, f"line {y} of {height} is cut"
    above = line
PYTHON
mkdir "$work/long"
sed 's/sc-mfence/a-lowering-with-rather-a-long-name/' "$run/plot.tsv" >"$work/long/plot.tsv"
for figure in headline threads locks; do
    gnuplot -e "run='$work/long'; terminal='pngcairo'; scale=0.3" "$SOURCE_DIR/plots/$figure.gp" \
        >"$work/long/$figure.png" 2>"$work/err" || fail "no $figure with a long name: $(<"$work/err")"
    python3 "$work/edge.py" "$work/long/$figure.png" 2>"$work/err" ||
        fail "the key of $figure is cut: $(tail -n 1 "$work/err")"
done

# Two at once, and what they leave is whole.
for one in 1 2 3; do
    # shellcheck disable=SC2086 # an emulator and a program
    $TSOBENCH report "$run" >"$work/out.$one" 2>&1 || fail "one of several: $(<"$work/out.$one")" &
done
wait
same "several at once"
clean "several at once"

# A disk that is full, as far as one can be made: files end at some size.
for blocks in 1 20 60; do
    # shellcheck disable=SC2086 # an emulator and a program
    (ulimit -f $blocks && exec $TSOBENCH report "$run" >"$work/out" 2>"$work/err") && fail "a full disk"
    same "files of $blocks blocks"
    clean "files of $blocks blocks"
done

# gnuplot without a terminal; one that breaks off with success; one that says nothing.
# gnuplot_is TERMINALS SVG
gnuplot_is() {
    cat >"$work/bin/gnuplot" <<SH
#!/bin/sh
case \$* in
*GPVAL_TERMINALS*) echo " $1 " ;;
*"='svg'"*) printf '%s' '$2' ;;
*"='pngcairo'"*) printf 'IEND\256\102\140\202' ;;
*) echo text ;;
esac
SH
    chmod +x "$work/bin/gnuplot"
}
without() { PATH=$work/bin:$PATH ends "$@"; }
if [[ $TSOBENCH == "$TSOBENCH_BINARY" ]]; then # an emulator is found in PATH
    gnuplot_is "dumb svg" '<svg></svg>'
    cp -r "$run" "$work/before"
    without 3 report "$run"
    has err 'no \.png: this gnuplot has no terminal pngcairo; package gnuplot-nox'
    has out ', plots as \.svg and \.txt$'
    cmp -s "$run/headline.png" "$work/before/headline.png" || fail "a good .png is gone"
    [[ $(<"$run/headline.svg") == '<svg></svg>' ]] || fail "the new .svg is not there"

    keep
    gnuplot_is "dumb svg pngcairo" '<svg><g>'
    without 1 report "$run"
    has err 'no .*/headline\.svg: gnuplot.s picture breaks off'
    has out ', plots as \.txt$'
    [[ $(<"$run/headline.svg") == '<svg></svg>' ]] || fail "a whole .svg is replaced by half a one"
    gnuplot_is "" ""
    without 3 report "$run"
    hasnot out 'plots as'
    clean "gnuplots that fail"
fi

# Ended by a signal in the middle: nothing is left in TMPDIR, or beside what was there.
printf '#!/bin/sh\ncase $* in *GPVAL*) echo " svg dumb pngcairo " ;; *) exec sleep 60 ;; esac\n' \
    >"$work/bin/gnuplot"
printf '#!/bin/sh\nexec sleep 60\n' | tee "$work/bin/x86_64-linux-gnu-objdump" >"$work/bin/aarch64-linux-gnu-objdump"
chmod +x "$work/bin"/*
trace=$(compgen -G "$SOURCE_DIR/traces/*.trace" | head -n 1)
# interrupted SIGNAL ARGUMENT...
interrupted() {
    local signal=$1 status=0 wait
    shift
    # shellcheck disable=SC2086 # an emulator and a program
    PATH=$work/bin:$PATH env --default-signal $TSOBENCH "$@" >"$work/out" 2>"$work/err" &
    for ((wait = 0; wait < 200; wait++)); do
        [[ -z $(ls -A "$TMPDIR") ]] || break
        sleep 0.05
    done
    [[ -n $(ls -A "$TMPDIR") ]] || fail "$1 $2 has no temporary files: the test is empty"
    sleep 0.1
    kill -"$signal" $!
    wait $! || status=$?
    ((status == 128 + $(kill -l "$signal"))) || fail "$* ended with $status after SIG$signal"
    clean "$1 $2 after SIG$signal"
}
if [[ $TSOBENCH == "$TSOBENCH_BINARY" ]]; then
    for signal in INT TERM HUP PIPE; do
        interrupted "$signal" report --format html "$run"
        [[ -z $trace ]] || interrupted "$signal" trace check "$trace"
    done
fi
TMPDIR=$work/nowhere ends 1 report --format html "$run"
has err "cannot make a folder in $work/nowhere: No such file"

finish
