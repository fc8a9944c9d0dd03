#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# A system on which no memory becomes executable (PR_SET_MDWE, as of systemd's
# MemoryDenyWriteExecute): traces are not replayed and say why, and all else goes on.
. "$SOURCE_DIR/tests/lib.sh"
[[ $TSOBENCH == "$TSOBENCH_BINARY" ]] || skip "an emulator makes code itself"

cat >"$work/mdwe.c" <<'C'
#include <sys/prctl.h>
#include <unistd.h>
int main(int argc, char **argv) {
    if (argc < 2 || prctl(65 /* PR_SET_MDWE */, 1, 0, 0, 0))
        return 77;
    execv(argv[1], argv + 1);
    return 1;
}
C
"$CC" -o "$work/mdwe" "$work/mdwe.c" || fail "cannot build the launcher"
"$work/mdwe" /bin/true || skip "PR_SET_MDWE is not to be had here"
TSOBENCH="$work/mdwe $TSOBENCH"

refused='the system does not let generated code run: Permission denied'
ends 0 run --suite smoke --only '^(trace_replay|load_latency)/' --out "$work/run"
hasnot err 'failed'
grep '^trace_replay/' "$work/run/summary.tsv" >"$work/tsv"
has tsv "skipped=${refused// /_}"
hasnot tsv 'failed='
ends 0 selftest --only '^trace_replay/'
has out "^skip trace_replay/.* $refused"
hasnot out '^FAIL'
trace=$(find "$SOURCE_DIR/traces" -name '*.trace' | head -n 1)
ends 1 trace check --execute 2 "$trace"
has err "^tsobench: nothing can be executed: $refused$"

finish
