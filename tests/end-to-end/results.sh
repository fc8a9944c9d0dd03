#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What is generated from results/ is what its raw samples say: RESULTS.md, the generated parts of
# README.md, docs/method.md and docs/kernels.md, each run's summary.tsv. Regenerate with
# scripts/results. What somebody measured and did not publish changes nothing.
#
# UNSANITIZED: minutes, for the same digits; report.sh has the same code
# COST: 10
# NATIVE: the same digits
. "$SOURCE_DIR/tests/lib.sh"
need zstd
cd "$SOURCE_DIR" || exit 1

# ---- unpublished runs: in a tree with git and one without ----

tree=$work/tree mine=results/mine/20260101T000000Z
mkdir -p "$tree/scripts"
cp scripts/results "$tree/scripts"
run() { # DIR OPTION...: a run that was made up
    mkdir -p "$tree/$1"
    awk -f tests/fakes/fake-run "${@:2}" >"$tree/$1/samples.jsonl"
    echo '{"machine": "made-up", "source": "measured"}' >"$tree/$1/machine.json"
}
# generate DIR: what scripts/results makes there, of this tree.
generate() { "$tree/scripts/results" --into "$1" || fail "no results in ${1##*/}"; }

run results/made-up/20250101T000000Z
if type -P git >/dev/null; then
    git -C "$tree" init -q && git -C "$tree" add .
else
    printf '[results/made-up/20250101T000000Z](results/made-up/20250101T000000Z)\n' >"$tree/RESULTS.md"
fi
export TSOBENCH # relative to nothing: ctest gives its whole path
mkdir "$work/alone" "$work/beside" "$work/archive" "$work/both"
generate "$work/alone"
run "$mine" -v seed=2
run results/broken/20260101T000000Z
echo '{' >"$tree/results/broken/20260101T000000Z/samples.jsonl"
cp "$tree/results/made-up/20250101T000000Z/samples.jsonl" "$tree/results/samples.jsonl"
generate "$work/beside"
diff -r "$work/alone" "$work/beside" || fail "runs that git does not track are in what is generated"
cp "$work/alone/RESULTS.md" "$tree"
rm -rf "$tree/.git"
generate "$work/archive"
diff -r "$work/alone" "$work/archive" || fail "an archive's results are more than it held"
printf '[%s](%s)\n' "$mine" "$mine" >>"$tree/RESULTS.md" # a published one counts
generate "$work/both"
! diff -r "$work/alone" "$work/both" >/dev/null || fail "a run that is published is not seen"

# ---- this tree ----

runs=$(scripts/results --list) || skip "no results are published here"
scripts/results --into "$work" || fail "scripts/results"

# differs FOLDER: 0, and how, if what was committed there is not what was regenerated.
differs() {
    local status=1 file
    for file in RESULTS.md README.md docs/method.md docs/kernels.md; do
        [[ -f $1/$file ]] || continue
        diff -u "$1/$file" "$work/$file" || status=0
    done
    while IFS= read -r file; do
        diff -u "$1/$file/summary.tsv" "$work/$file/summary.tsv" || status=0
    done <<<"$runs"
    return $status
}

(($(wc -l <RESULTS.md) <= 600)) || fail "RESULTS.md has $(wc -l <RESULTS.md) lines"
! differs . || fail "the above is not what the samples say; run scripts/results"

# The planted fault: one digit more in each file in turn.
for file in RESULTS.md README.md "${runs%%$'\n'*}/summary.tsv"; do
    rm -rf "$work/fault" && mkdir "$work/fault"
    while IFS= read -r run; do
        cp --parents "$run/summary.tsv" "$work/fault"
    done <<<"$runs"
    cp --parents RESULTS.md README.md docs/method.md docs/kernels.md "$work/fault"
    sed -i '0,/[0-9]\.[0-9]/s/[0-9]\.[0-9]/&7/' "$work/fault/$file"
    differs "$work/fault" >/dev/null || fail "a changed digit in $file was not seen"
done

finish
