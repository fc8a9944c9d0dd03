#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What is generated from results/ is what its raw samples say: RESULTS.md, the generated parts of
# README.md, each run's summary.tsv. Regenerate with scripts/results.
. "$SOURCE_DIR/tests/lib.sh"
cd "$SOURCE_DIR" || exit 1
compgen -G 'results/*/*/samples.jsonl*' >/dev/null || skip "no results"
[[ $ARCH == "$(uname -m)" ]] || skip "minutes under an emulator, for the same digits"

TSOBENCH=$TSOBENCH scripts/results --into "$work" || exit 1

# differs FOLDER: 0, and how, if what was committed there is not what was regenerated.
differs() {
    local status=1 file
    for file in RESULTS.md README.md; do
        [[ -f $1/$file ]] || continue
        diff -u "$1/$file" "$work/$file" || status=0
    done
    while IFS= read -r file; do
        diff -u "$1/$file" "$work/$file" || status=0
    done < <(cd "$work" && find results -name summary.tsv)
    return $status
}

! differs . || fail "the above is not what the samples say; run scripts/results"

# The planted fault: one digit more in each file in turn.
mkdir "$work/fault"
for file in RESULTS.md "$(find results -name summary.tsv | head -n 1)"; do
    rm -rf "${work:?}/fault"
    mkdir "$work/fault"
    cp -r RESULTS.md README.md results "$work/fault"
    sed -i '0,/[0-9]\.[0-9]/s/[0-9]\.[0-9]/&7/' "$work/fault/$file"
    differs "$work/fault" >/dev/null || fail "a changed digit in $file was not seen"
done

finish
