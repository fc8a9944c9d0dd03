#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The audit passes on what was built, and sees a wrong instruction, an access that no primitive
# made, a call out of timed code, and a kernel that says less than it does.
#
# UNSANITIZED: kernels are compiled without sanitizers in every build
# COST: 15
. "$SOURCE_DIR/tests/lib.sh"
set -euo pipefail

audit() { # LIST BINARY
    "$SOURCE_DIR/scripts/audit" --objdump "$OBJDUMP" --readelf "$READELF" --list "$1" "$2"
}

$TSOBENCH list --json >"$work/all.json"
audit "$work/all.json" "$TSOBENCH_BINARY"
# Holds every primitive at every width, which no kernel does.
audit "$work/all.json" "$BUILD_DIR/tests/test_access"

# The faults are planted in copies of one kernel and of the instructions.
cp -r "$SOURCE_DIR/kernels" "$work"
lowered=plain source=ticket_lock
kernel=$work/kernels/locks/ticket_lock.c
forms=$work/kernels/asm/$ARCH.h
only() { # LOWERING...: what the planted program's list says, with one kernel
    python3 - "$work/all.json" "$source" "$@" >"$work/one.json" <<'END'
import json, sys
every = json.load(open(sys.argv[1]))
json.dump({"lowerings": [x for x in every["lowerings"] if x["name"] in sys.argv[3:]],
           "kernels": [x for x in every["kernels"] if x["name"] == sys.argv[2]]}, sys.stdout)
END
}

build() { # -> $work/planted
    "$CC" -std=gnu17 -O2 -fno-stack-protector -fno-jump-tables -fno-pie -I"$work/kernels" \
        -DLOWERING_ID="${lowered//-/_}" -DLOWERING_NAME="\"$lowered\"" \
        -DLOWERING_HEADER="\"lowering/$ARCH/$lowered.h\"" -c "$work"/kernels/*/"$source.c" \
        -o "$work/planted.o"
    "$CC" -nostdlib -static -no-pie -Wl,-e,0 -Wl,--unresolved-symbols=ignore-all \
        "$work/planted.o" -o "$work/planted"
}

expect_fault() { # TEXT; then removes the fault
    build
    if audit "$work/one.json" "$work/planted" >"$work/out" 2>&1; then
        fail "the audit does not see: $1"
    fi
    grep -qF -- "$1" "$work/out" || fail "the audit does not say: $1: $(<"$work/out")"
    cp -r "$SOURCE_DIR/kernels" "$work"
}

replace() { # FILE OLD NEW: a plant that does not take would prove nothing
    grep -qF -- "$2" "$1" || fail "$1 has no $2"
    python3 - "$@" <<'END'
import sys
path, old, new = sys.argv[1:]
text = open(path).read()
open(path, "w").write(text.replace(old, new))
END
}

only plain
build
audit "$work/one.json" "$work/planted"

if [[ $ARCH == aarch64 ]]; then
    replace "$forms" '"LDR", after, value, A64_ANY(p)' '"LDAR", after, value, A64_BASE(p)'
    expect_fault "plain sync_load32 is \`LDAR', promised \`LDR'"
else
    replace "$forms" 'X86_STORE_##bits after' 'X86_STORE_##bits "; mfence" after'
    expect_fault "plain sync_store32 is \`MOV; MFENCE', promised \`MOV'"
fi

if [[ $ARCH == aarch64 ]]; then
    replace "$forms" 'stem " %x[value], %[memory]"' 'stem " %w[value], %[memory]"'
else
    replace "$forms" '"movq %1, %q0"' '"movl %1, %k0"'
fi
expect_fault "not 64 bits"

hint="spin_on32(holder->spin, &holder->state->serving, serving);"
replace "$kernel" "sync_load32(&holder->state->serving)" \
    "*(volatile uint32_t *)&holder->state->serving"
expect_fault "is recorded by no primitive"

replace "$kernel" "$hint" "__sync_synchronize();"
expect_fault "is recorded by no primitive"

replace "$kernel" "$hint" "{ extern void leave(void); leave(); }"
expect_fault "leaves timed code"

replace "$kernel" "$hint" "((void (*)(void))holder->state)();"
expect_fault "may go anywhere"

# A hint is what it is called.
if [[ $ARCH == aarch64 ]]; then
    replace "$forms" 'SPIN_RECORDED("isb")' 'SPIN_RECORDED("sb")'
    replace "$work/kernels/spin.h" 'RECORDED_FORM(name, "", name)' 'RECORDED_FORM("isb", "", name)'
    expect_fault "form isb is \`SB'"
else
    replace "$work/kernels/spin.h" 'RECORDED_FORM(name, "", name)' 'RECORDED_FORM(name, "", "nop")'
    expect_fault "form pause is \`NOP'"
fi

replace "$work/one.json" '"add"' '"cas"'
expect_fault "kernel ticket_lock under plain"

# Forms, whose name is the promise.
source=load_forms
rows=$work/kernels/instructions/forms_$ARCH.h
only plain
build
audit "$work/one.json" "$work/planted"
if [[ $ARCH == aarch64 ]]; then
    replace "$rows" '"ldr+dmb.ishld"' '"ldr+dmb.ish"'
    expect_fault "form ldr+dmb.ish is \`LDR; DMB ISHLD'"
    replace "$rows" '"ldr %q[value], %[memory]"' '"ldr %d[value], %[memory]"'
    expect_fault "not 128 bits"
else
    replace "$rows" '"mov+lfence"' '"mov+mfence"'
    expect_fault "form mov+mfence is \`MOV; LFENCE'"
    replace "$rows" '"movl %[memory], %k[value]"' '"movq %[memory], %q[value]"'
    expect_fault "not 32 bits"
fi

source=rmw_forms
only plain
build
audit "$work/one.json" "$work/planted"
if [[ $ARCH == aarch64 ]]; then
    replace "$rows" 'FEATURE_LSE, A64_CASP("caspal")' 'FEATURE_LSE, A64_CASP("caspa")'
    expect_fault "form caspal is \`CASPA'"
    replace "$rows" 'A64_COMPARE_LOOP("ldaxp", "stlxp")' 'A64_COMPARE_LOOP("ldxp", "stlxp")'
    expect_fault "form ldaxp+cmp+ccmp+b.ne+stlxp+cbnz is \`LDXP; CMP; CCMP; B.NE; STLXP; CBNZ'"
else
    replace "$rows" '"lock cmpxchg16b %[memory]"' '"lock cmpxchg8b %[memory]"'
    expect_fault "form lock.cmpxchg16b is \`LOCK CMPXCHG8B'"
fi

# Words that no assembler has put together.
if [[ $ARCH == aarch64 ]]; then
    words=$work/kernels/asm/aarch64_words.h
    lowered=lrcpc3 source=memcpy
    only plain lrcpc3
    replace "$words" 0x1dc00800 0x1d800800
    expect_fault "is \`STLUR; LDAPUR', promised \`LDAPUR; LDAPUR'"
    replace "$words" 0xd9401800 0xd9401c00
    expect_fault "is \`.INST', promised \`LDIAPP'"
    lowered=rt-align
    only plain rt-align
    replace "$work/kernels/asm/aarch64_tested.h" '"stlr" suffix' '"str" suffix'
    expect_fault "promised \`TST; B.NE; STLR; B; DMB ISH; STR'"
    lowered=branch-after-load
    only plain branch-after-load
    replace "$forms" '"; CBNZ %x["' '"; CBZ %x["'
    expect_fault "is \`LDR; CBZ', promised \`LDR; CBNZ'"
    lowered=linux-llsc source=ticket_lock
    only plain linux-llsc
    replace "$work/kernels/asm/aarch64_rmw.h" 'PRFM PSTL1STRM, ' 'PRFM PLDL1KEEP, '
    expect_fault "is \`PRFM PLDL1KEEP; LDXR; ADD; STLXR; CBNZ; DMB ISH', promised \`PRFM PSTL1STRM; "
fi

finish
