// SPDX-License-Identifier: MIT
//
// benchmark.json has the layout that Google Benchmark 1.7.1 writes, to the byte: tools that read
// the library's read ours.
#include "fakes/made_run.h"
#include "run/benchmark_json.h"
#include "unit/cmocka_all.h"

static const char as_the_library_writes[] = //
    "{\n"
    "  \"context\": {\n"
    "  \"date\": \"2026-11-22T13:44:00Z\",\n"
    "  \"suite\": \"smoke\",\n"
    "  \"seed\": \"0x2a\",\n"
    "  \"source\": \"measured\",\n"
    "  \"library_build_type\": \"release\"\n"
    "},\n"
    "  \"benchmarks\": [\n"
    "    {\n"
    "      \"name\": \"k/x=1/threads=2/plain/weak/baseline\",\n"
    "      \"family_index\": 0,\n"
    "      \"per_family_instance_index\": 0,\n"
    "      \"run_name\": \"k/x=1/threads=2/plain/weak/baseline\",\n"
    "      \"run_type\": \"iteration\",\n"
    "      \"repetitions\": 1,\n"
    "      \"repetition_index\": 0,\n"
    "      \"threads\": 2,\n"
    "      \"iterations\": 5,\n"
    "      \"real_time\": 2.5000000000000000e-01,\n"
    "      \"cpu_time\": 2.5000000000000000e-01,\n"
    "      \"time_unit\": \"ns\",\n"
    "      \"cycles\": 7.5000000000000000e-01\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"k/x=1/threads=2/ldar-stlr/weak\",\n"
    "      \"family_index\": 1,\n"
    "      \"per_family_instance_index\": 0,\n"
    "      \"run_name\": \"k/x=1/threads=2/ldar-stlr/weak\",\n"
    "      \"run_type\": \"iteration\",\n"
    "      \"repetitions\": 1,\n"
    "      \"repetition_index\": 0,\n"
    "      \"threads\": 2,\n"
    "      \"iterations\": 5,\n"
    "      \"real_time\": 5.0000000000000000e-01,\n"
    "      \"cpu_time\": 5.0000000000000000e-01,\n"
    "      \"time_unit\": \"ns\",\n"
    "      \"cycles\": 1.5000000000000000e+00\n"
    "    }\n"
    "  ]\n"
    "}\n";

static void is_laid_out_as_the_library_does(void **state) {
    (void)state;
    static const struct made_cell cells[] = {
        {"plain", "baseline", "weak", "true", 1000, "1000,1000,1000,1000,1000"},
        {"ldar-stlr", "lowering", "weak", "true", 1000, "2000,2000,2000,2000,2000"}};
    made_append(MADE_BEGIN);
    made_block("k", 2, 0, cells, 2, "");
    made_append(MADE_END);
    struct samples *run = samples_read(made_directory);
    char *text = benchmark_json_text(run);
    samples_free(run);
    assert_string_equal(text, as_the_library_writes);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(is_laid_out_as_the_library_does, made_begin, made_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
