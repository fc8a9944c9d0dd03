#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# scripts/run with everything that it calls made up: wherever its tree lies, whoever calls it and
# whatever fails, it stops where the program stopped and says what was the matter.
#
# NATIVE: the same script
. "$SOURCE_DIR/tests/lib.sh"
chmod 755 "$work"

# A tree with a program that notes its calls and does what FAKE_* say, and a cmake that builds it.
tree=$work/tree
mkdir -p "$tree/scripts" "$tree/results" "$work/bin"
cp "$SOURCE_DIR/scripts/run" "$tree/scripts"
printf '#!/bin/sh\nexit 0\n' >"$tree/scripts/setup"
cat >"$tree/scripts/audit" <<'END'
#!/bin/sh
echo counts
exit ${FAKE_AUDIT:-0}
END
cat >"$work/program" <<'END'
#!/bin/sh
echo "$*" >>"$CALLS"
case $1 in
run)
    [ -z "${FAKE_DEAD-}" ] || { echo "cannot write samples.jsonl: No space left on device" >&2; exit 1; }
    mkdir -p results/one && : >results/one/samples.jsonl || exit 1
    [ -z "${FAKE_FOLDER-}" ] || mkdir "results/one/$FAKE_FOLDER"
    echo "$PWD/results/one"
    exit ${FAKE_RUN:-0} ;;
report) exit ${FAKE_REPORT:-0} ;;
"${FAKE_EVENT-}") echo '{'; exit 1 ;;
esac
echo '{}'
END
cat >"$work/bin/cmake" <<'END'
#!/bin/sh
[ "$1" != --build ] || { cp "$PROGRAM" "$2/tsobench"; exit; }
[ "$1 $2 $3" = "--preset native -B" ] || exit 9
! [ -e "$4/CMakeCache.txt" ] || grep -q "HOME_DIRECTORY:INTERNAL=$PWD\$" "$4/CMakeCache.txt" ||
    { echo "CMake Error: another source directory" >&2; exit 1; }
[ -z "${FAKE_BUILD-}" ] || { echo "error: $FAKE_BUILD"; exit 1; }
printf 'CMAKE_HOME_DIRECTORY:INTERNAL=%s\nCMAKE_CACHEFILE_DIR:INTERNAL=%s\n' "$PWD" "$4" \
    >"$4/CMakeCache.txt"
END
chmod +x "$tree"/scripts/* "$work/program" "$work/bin/cmake"
export PATH=$work/bin:$PATH PROGRAM=$work/program CALLS=$work/calls
unset TSOBENCH_BUILD XDG_CACHE_HOME
user=()

# run STATUS VARIABLE=VALUE...: in a fresh tree as its user; leaves out, err and calls.
script=$tree/scripts/run
run() {
    local status=0 want=$1
    rm -rf "$tree/results/one"
    : >"$CALLS" && chmod 666 "$CALLS"
    "${user[@]}" env "${@:2}" "$script" --suite smoke >"$work/out" 2>"$work/err" || status=$?
    [[ $status == "$want" ]] || fail "$*: status $status, want $want: $(<"$work/err")"
}
# calls WORD...: what of the program was called, in this order.
calls() {
    local seen
    seen=$(cut -d ' ' -f 1 "$CALLS" | xargs)
    [[ $seen == "$*" ]] || fail "it called: $seen; want: $*"
}
one=$tree/results/one

run 0
calls run switch backpatch "$( (($(nproc) < 2)) || echo "matrix ")core report"
grep -q '^run --suite smoke$' "$CALLS" || fail "the arguments did not come through"
[[ $(tail -n 1 "$work/out") == "$one" ]] || fail "the run directory is not printed"
for file in counts.tsv switch.json backpatch.json; do
    [[ -s $one/$file ]] || fail "no $file"
done

# The program died before it had a folder; someone stopped it; there was nothing to measure.
before=$(ls /)
run 1 FAKE_DEAD=1
calls run
has err '^cannot write samples'
[[ $(ls /) == "$before" && $(wc -l <"$work/err") == 1 ]] || fail "it went on: $(<"$work/err")"
for status in 2 3 130; do
    run $status FAKE_RUN=$status
    calls run
done
# A failed block is a run all the same. The worse status counts.
run 1 FAKE_RUN=1
[[ -s $one/counts.tsv && $(tail -n 1 "$CALLS") == report* ]] || fail "nothing beside a run with failures"
run 3 FAKE_REPORT=3 FAKE_RUN=1

# What fails beside the run is named, leaves no half of a file, and stops nothing.
run 1 FAKE_AUDIT=1
has err '^run: no counts.tsv: audit .* ended with exit status 1$'
run 1 FAKE_EVENT=switch
has err '^run: no switch.json: tsobench switch --json ended with exit status 1$'
[[ ! -e $one/switch.json && ! -e $one/switch.json.new && -s $one/backpatch.json ]] ||
    fail "half a switch.json, or nothing after it"
run 1 FAKE_FOLDER=counts.tsv.new
hasnot err 'audit'
has err 'counts.tsv.new: Is a directory'

# A build that fails or cannot be logged runs no old program.
run 1 FAKE_BUILD=none
calls
has err '^error: none$'
rm "$tree/build/build.log" && mkdir "$tree/build/build.log"
run 1
calls
has err 'cannot write .*/build.log: TSOBENCH_BUILD=DIR builds elsewhere$'
rmdir "$tree/build/build.log"

# Streams that the parent closed.
for stream in 0 1 2; do
    run 0 bash -c "exec \"\$0\" \"\$@\" $stream<&-"
    [[ -s $one/counts.tsv ]] || fail "stream $stream closed: no counts.tsv"
done

# By a link, from anywhere; in a tree that was moved.
ln -s "$tree/scripts/run" "$work/link"
script=$work/link
(cd / && CDPATH=/tmp run 0)
mv "$tree" "$work/moved"
tree=$work/moved script=$tree/scripts/run one=$tree/results/one
run 0
[[ -s $one/counts.tsv ]] || fail "a moved tree"

# A tree that its user cannot write, with what another one built there; and with nothing.
mkdir -m 777 "$work/cache"
if ((EUID == 0)); then
    type -P setpriv >/dev/null || finish
    user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
rm -rf "$one"
chmod -R a-w "$tree" && chmod -R a+rX "$tree"
for round in built bare; do
    run 0 XDG_CACHE_HOME="$work/cache"
    [[ -s $work/cache/tsobench/results/one/counts.tsv ]] || fail "$round: no results in the cache"
    [[ $(tail -n 1 "$work/out") == "$work/cache/tsobench/results/one" ]] || fail "$round: no word of where"
    chmod -R u+w "$tree" && rm -rf "$tree/build" "$work/cache/tsobench" && chmod -R a-w "$tree"
done
run 0 HOME="$work/cache/home"
[[ -x $work/cache/home/.cache/tsobench/tsobench ]] || fail "not built in ~/.cache"
run 1 HOME=
calls
has err "^run: $tree cannot be written: set TSOBENCH_BUILD"
run 0 HOME= TSOBENCH_BUILD="$work/cache/mine"
[[ -x $work/cache/mine/tsobench ]] || fail "not built in TSOBENCH_BUILD"
chmod -R u+w "$tree"

finish
