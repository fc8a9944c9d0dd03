#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# `tsobench sound --header`: each of our lowerings, printed as a mapping and made a header again, is
# compiled to the same object, of both ISAs where their compilers are; what no family of
# instructions has is refused in a line.
#
# NATIVE: the same texts
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail

# compile COMPILER HEADER OBJECT
compile() {
    "$1" -O2 -std=gnu17 -D_GNU_SOURCE -I "$SOURCE_DIR/kernels" -I "$work" -DLOWERING_ID=x \
        -DLOWERING_NAME='"x"' -DLOWERING_HEADER="\"$2\"" -c "$SOURCE_DIR/tests/programs/primitives.c" \
        -o "$3" 2>"$work/err" || fail "$1 with $2: $(head -c 600 "$work/err")"
}

same=0
for isa in aarch64 x86_64; do
    compiler=$isa-linux-gnu-gcc
    type -P "$compiler" >/dev/null || continue
    for header in "$SOURCE_DIR/kernels/lowering/$isa"/*.h; do
        name=$(basename "$header" .h)
        [[ $name != rt-align ]] || continue # whose accesses are more than one instruction
        ends 0 sound --isa "${isa/_/-}" --print "$name"
        mv "$work/out" "$work/$name.map"
        ends 0 sound --header "$work/headers" "$work/$name.map"
        compile "$compiler" "lowering/$isa/$name.h" "$work/ours.o"
        compile "$compiler" "headers/$name.h" "$work/made.o"
        cmp -s "$work/ours.o" "$work/made.o" || fail "$name of $isa is not the same code"
        same=$((same + 1))
    done
done
((same > 4)) || skip "no compiler of either ISA by its long name here"

# refused TEXT LINE: a mapping that is ldapr-stlr's but for this line.
refused() {
    ends 0 sound --isa aarch64 --print ldapr-stlr
    sed "s/^${2%% *} = .*/$2/" "$work/out" >"$work/wrong.map"
    ends 2 sound --header "$work/headers" "$work/wrong.map"
    [[ $(wc -l <"$work/err") == 1 ]] || fail "more than a line"
    has err "$1"
}
refused 'load = .* cannot be compiled: ' 'load = TST; B.NE; LDAPR; B; LDR; DMB ISHLD'
refused 'load_vec16 = LDAPUR cannot be compiled: ' 'load_vec16 = LDAPUR'
refused 'cannot be a lowering.s name' 'name = My_Mapping'
finish
