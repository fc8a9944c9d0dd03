/* SPDX-License-Identifier: MIT
 *
 * fuzz_oracle.c: texts of mappings, and of litmus tests, under libFuzzer: a mapping that is read is
 * printed, read again and judged; a litmus test that is read is answered. It ends with an error or
 * an answer, in bounded time and memory. Targets fuzz_mapping and fuzz_litmus:
 *
 *   cmake --build build --target fuzz_litmus
 *   build/fuzz_litmus -detect_leaks=0 -timeout=120 -max_total_time=600 CORPUS tests/data/subtle
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "oracle/answer.h"
#include "oracle/oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In the place of base/die.c: an error ends one input. What was allocated for it is given back. */
enum { MOST = 4096 };
static jmp_buf caught;
static void *kept[MOST];
static size_t kept_count;
static bool keeping, printing; /* what was printed can be read */

void die(enum exit_status status, const char *format, ...) {
    (void)format;
    if (status != EXIT_USAGE || printing)
        abort();
    longjmp(caught, 1);
}

void warn(const char *format, ...) {
    (void)format;
}

void *allocate(unsigned long count, unsigned long size) {
    void *memory = calloc(count ? count : 1, size);
    if (memory == NULL)
        abort();
    if (keeping && kept_count < MOST)
        kept[kept_count++] = memory;
    return memory;
}

#ifdef FUZZ_LITMUS
static void try(const char *text) {
    struct states states = {0};
    struct program *program = program_parse("fuzz", text);
    keeping = false;
    explore_states(program, &states);
    states_free(&states);
}
#else
static void try(const char *text) {
    char *printed;
    size_t size;
    struct mapping *mapping = mapping_parse("fuzz", text);
    FILE *out = open_memstream(&printed, &size);
    mapping_print(mapping, out);
    fclose(out);
    printing = true;
    struct mapping *again = mapping_parse("fuzz", printed);
    printing = false;
    free(printed);
    for (size_t row = 0; row < OPERATION_ROWS; row++) {
        const char *one = mapping_sequence(mapping, row), *other = mapping_sequence(again, row);
        if (!one != !other || (one && strcmp(one, other) != 0))
            abort();
    }
    keeping = false;
    oracle_judge(mapping, REFERENCE_TSO);
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (memchr(data, 0, size))
        return 0;
    char *text = calloc(1, size + 1);
    memcpy(text, data, size);
    kept_count = 0;
    keeping = true;
    if (setjmp(caught) == 0)
        try(text);
    keeping = false;
    while (kept_count)
        free(kept[--kept_count]);
    free(text);
    return 0;
}
