/* SPDX-License-Identifier: MIT
 *
 * fuzz_trace.c: the reader of traces under libFuzzer. With clang:
 *
 *   ninja fuzz_trace && mkdir new && ./fuzz_trace new tests/data/trace-corpus
 */
#include "fuzz/fuzz_trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    fuzz_bytes(bytes, size);
    return 0;
}
