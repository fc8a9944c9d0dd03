#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What is installed works where it is moved to, for another user, from another folder; it holds no
# path of the machine that built it, and neither does what it leaves.
#
# NATIVE: the same files
# BUILDS: what cpack packs
. "$SOURCE_DIR/tests/lib.sh"
chmod 755 "$work"
cd "$work" || exit 1

read -ra command <<<"$TSOBENCH" # an emulator and its options, and the program
emulator=("${command[@]:0:${#command[@]}-1}")
another=()
((EUID)) || another=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# ends STATUS PROGRAM ARGUMENT...: as another user, in a folder of that user's.
mkdir elsewhere && chmod 777 elsewhere
ends() {
    local status=0 want=$1
    (cd elsewhere && exec "${another[@]}" "${emulator[@]}" "${@:2}") >out 2>err || status=$?
    [[ $status == "$want" ]] || fail "${*:2}: status $status, want $want: $(head -n 5 err)"
}

cmake --install "$BUILD_DIR" --prefix "$work/first" >out || fail "$(cat out)"
mv first moved
program=$work/moved/bin/tsobench
ends 0 "$program" --version
ends 0 "$program" run --suite smoke --only '^(load_latency|trace_replay)/.*threads=1$' --rounds 2 \
    --blocks 1 --out run
grep -q '^trace_replay/trace=[a-z0-9]*,.*plain' elsewhere/run/summary.tsv ||
    fail "the installed traces were not found"
if type -P gnuplot >/dev/null; then
    ends 0 "$program" report run
    [[ -s elsewhere/run/headline.svg ]] || fail "the installed plots were not found"
fi
if [[ -e $BUILD_DIR/tsobench-recorder.so ]] && qemu-x86_64 -h 2>/dev/null | grep -q -e '^-plugin'; then
    ends 0 "$program" trace record -o a.trace -- gzip --version
fi

# No path of the build, where nothing is for a debugger.
if ! $READELF -SW "$program" | grep -q debug_info; then
    found=$(find moved -type f -exec grep -lF -e "$SOURCE_DIR" -e "$BUILD_DIR" {} +)
    [[ ! $found ]] || fail "a path of the build is in $found"
fi
! $READELF -dW "$program" | grep -E 'RPATH|RUNPATH' || fail "it looks for libraries in a folder"

# ---- alone ----

mkdir alone && cp "$program" alone
ends 0 "$work/alone/tsobench" run --suite smoke --only '^(load_latency|trace_replay)/.*threads=1$' \
    --rounds 2 --blocks 1 --out alone
[[ $(zstd -qdc elsewhere/alone/samples.jsonl.zst) == *'no traces with the program'* ]] ||
    fail "it does not say that there are no traces"
"${emulator[@]}" "$program" check elsewhere/alone 2>&1 | grep 'holds' && fail "check: it holds a path"
if type -P gnuplot >/dev/null; then
    ends 3 "$work/alone/tsobench" report alone
    [[ $(wc -l <err) == 1 && $(cat err) == *TSOBENCH_PLOTS* ]] || fail "no plots: $(cat err)"
    [[ -s elsewhere/alone/report.txt && ! -e elsewhere/alone/headline.svg ]] ||
        fail "without plots there are to be tables, and no empty figures"
    TSOBENCH_PLOTS=$work/moved/share/tsobench/plots ends 0 "$work/alone/tsobench" report alone
fi

# ---- manual and completion ----

manuals=moved/share/man/man1
for words in '' list probe run report recommend 'trace record'; do
    # shellcheck disable=SC2086
    page=$manuals/$(sed 's/ *$//; s/ /-/g' <<<"tsobench $words").1
    [[ -s $page ]] || fail "no $page"
done
if type -P man >/dev/null; then
    for page in "$manuals"/*.1; do
        LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null | head -n 3 >said
        [[ ! -s said ]] || fail "$page: $(cat said)"
    done
    man -l $manuals/tsobench-run.1 2>/dev/null | grep -q -- '--suite NAME' || fail "run's manual lacks --suite"
fi

# complete WORD...: what bash offers for the last one.
complete_words() {
    # shellcheck disable=SC2016
    bash -c '. moved/share/bash-completion/completions/tsobench
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && _tsobench && echo "${COMPREPLY[@]}"' - "$@"
}
[[ $(complete_words tsobench rec) == recommend ]] || fail "bash does not complete rec"
[[ $(complete_words tsobench run --o) == "--only --out" ]] || fail "bash does not complete run --o"
[[ $(complete_words tsobench trace r) == "record replay" ]] || fail "bash does not complete trace r"
[[ $(complete_words tsobench trace record --w) == --window ]] || fail "bash does not complete verbs"
for shell in zsh fish; do
    type -P $shell >/dev/null || continue
    find moved -name '*_tsobench' -o -name tsobench.fish | grep -E "$shell" | xargs "$shell" -n ||
        fail "the completion for $shell is no script of it"
done

# ---- packages ----

if [[ $(cat "$BUILD_DIR/CPackConfig.cmake") == *not-to-be-passed-on* ]]; then
    (cd "$BUILD_DIR" && cpack -G TZST -B "$work/package") >out 2>&1 && fail "cpack packs what may not be passed on"
    grep -q GOOGLE_BENCHMARK=OFF out || fail "cpack does not say why: $(tail -n 3 out)"
    [[ ! $(find package -name '*.tar.zst') ]] || fail "cpack left a package"
fi

finish
