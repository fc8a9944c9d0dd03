/* SPDX-License-Identifier: MIT
 *
 * schema_files.c: the files beside the samples. Whoever adds a key to one of them adds it here.
 */
#include <string.h>

#include "samples/schema.h"
#include "samples/vocabulary.h"

#define BYTES WHOLE(0, 1e18)

static const struct schema name = {NULL, NAME};
static const struct schema text = {NULL, TEXT};
static const struct schema model = {NULL, WORDS(MEMMODEL_WORDS)};
static const struct schema cpu_number = {NULL, WHOLE(0, 65535)};

/* ---- machine.json ---- */

static const struct schema core_kind[] = {
    {"cpus", CPUS}, {"name", NAME}, {"signature", NAME}, {NULL}};
static const struct schema each_kind = {NULL, OBJECT(core_kind)};
static const struct schema caches[] = {{"l1d_bytes", BYTES, OPTIONAL},
                                       {"l2_bytes", BYTES, OPTIONAL},
                                       {"l3_bytes", BYTES, OPTIONAL},
                                       {"l3_cores", WHOLE(0, 65536), OPTIONAL},
                                       {NULL}};
static const struct schema working_sets[] = {{"L1_bytes", BYTES, OPTIONAL},
                                             {"L2_bytes", BYTES, OPTIONAL},
                                             {"L3_bytes", BYTES, OPTIONAL},
                                             {"DRAM_bytes", BYTES, OPTIONAL},
                                             {NULL}};
static const struct schema memory[] = {{"size_bytes", BYTES, OPTIONAL},
                                       {"page_kib", WHOLE(1, 1 << 30)},
                                       {"huge_page_kib", WHOLE(0, 1 << 30), OPTIONAL},
                                       {"transparent_huge_pages", NAME, OPTIONAL},
                                       {NULL}};
static const struct schema limits[] = {{"memory_bytes", BYTES, OPTIONAL},
                                       {"cpu_time", NUMBER(0, 65536), OPTIONAL},
                                       {"throttled_before", WHOLE(0, 1e18), OPTIONAL},
                                       {NULL}};
static const struct schema variable[] = {{"name", NAME}, {"value", TEXT}, {NULL}};
static const struct schema each_variable = {NULL, OBJECT(variable)};
static const struct schema kernel[] = {{"kernel", NAME},
                                       {"kernel_version", NAME},
                                       {"kernel_config", TEXT, OPTIONAL},
                                       {"interrupts_per_second", WHOLE(0, 1e12), OPTIONAL},
                                       {"libc", NAME},
                                       {"isolated_cpus", NAME, OPTIONAL},
                                       {"nohz_full_cpus", NAME, OPTIONAL},
                                       {"spec_store_bypass", NAME, OPTIONAL},
                                       {NULL}};
static const struct schema virtualization[] = {{"hypervisor", NAME},
                                               {"evidence", NAME, OPTIONAL},
                                               {"container", NAME, OPTIONAL},
                                               {"emulator", NAME, OPTIONAL},
                                               {"simulator", NAME, OPTIONAL},
                                               {"emulator_settings", TEXT, OPTIONAL},
                                               {NULL}};
static const struct schema memory_model[] = {
    {"available", LIST(0, 3, &model)}, {"state", WORDS(MEMMODEL_WORDS)}, {"because", TEXT}, {NULL}};
static const struct schema clock[] = {{"counter", NAME},
                                      {"claimed_hz", WHOLE(1, 1e12), OPTIONAL},
                                      {"measured_hz", WHOLE(1, 1e12)},
                                      {"step_ns", NUMBER(0, 1e9)},
                                      {"overhead_ns", NUMBER(0, 1e9)},
                                      {"kernel_source", NAME, OPTIONAL},
                                      {NULL}};
static const struct schema frequency[] = {{"now_ghz", NUMBER(0, 1e6), OPTIONAL},
                                          {"driver", NAME, OPTIONAL},
                                          {"governor", NAME, OPTIONAL},
                                          {"boost", NAME, OPTIONAL},
                                          {NULL}};
static const struct schema pmu[] = {
    {"name", NAME}, {"type", WHOLE(0, 1e9)}, {"cpus", NAME, OPTIONAL}, {NULL}};
static const struct schema each_pmu = {NULL, OBJECT(pmu)};
static const struct schema perf[] = {
    {"event_paranoid", WHOLE(-10, 10), OPTIONAL}, {"user_access", WHOLE(0, 10), OPTIONAL}, {NULL}};
static const struct schema missing[] = {{"what", TEXT}, {"why", TEXT}, {"how", TEXT}, {NULL}};
static const struct schema each_missing = {NULL, OBJECT(missing)};
static const struct schema selftest[] = {{"pmu", NAME},
                                         {"event", NAME},
                                         {"loop", NAME},
                                         {"expected", WHOLE(0, 1e18)},
                                         {"counted", NUMBER(0, 1e18), NULLABLE},
                                         {"error", NUMBER(-1e18, 1e18), NULLABLE},
                                         {"trusted", TRUTH},
                                         {"reason", TEXT, NULLABLE},
                                         {NULL}};
static const struct schema each_selftest = {NULL, OBJECT(selftest)};
static const struct schema overhead[] = {
    {"user_ns", NUMBER(0, 1e9), OPTIONAL}, {"syscall_ns", NUMBER(0, 1e9), OPTIONAL}, {NULL}};
static const struct schema erratum[] = {
    {"erratum", WHOLE(1, 1e9)}, {"core", NAME}, {"effect", TEXT}, {NULL}};
static const struct schema each_erratum = {NULL, OBJECT(erratum)};
static const struct schema footprints[] = {{"*", SCALAR}, {NULL}}; /* bytes, or why not */
static const struct schema run[] = {{"version", WORD},
                                    {"git", NAME},
                                    {"build", NAME, OPTIONAL},
                                    {"compiler", NAME},
                                    {"kernel_flags", TEXT},
                                    {"footprints", OBJECT(footprints)},
                                    {"cpus", LIST(1, 65536, &cpu_number)},
                                    {"ticks_per_ns", NUMBER(1e-6, 1e3)},
                                    {"missing", TEXT},
                                    {NULL}};
static const struct schema simulated[] = {{"*", ANY}, {NULL}}; /* as its simulator describes it */

static const struct schema machine[] = {{"machine", WORD},
                                        {"source", WORDS(SOURCE_WORDS)},
                                        {"product", NAME, OPTIONAL},
                                        {"architecture", WORDS("aarch64 x86_64")},
                                        {"cpus", LIST(1, 65536, &each_kind)},
                                        {"cores", WHOLE(1, 65536), OPTIONAL},
                                        {"numa_nodes", WHOLE(0, 65536), OPTIONAL},
                                        {"caches", OBJECT(caches), OPTIONAL, NULLABLE},
                                        {"working_sets", OBJECT(working_sets), OPTIONAL, NULLABLE},
                                        {"features", LIST(0, 1024, &name), OPTIONAL},
                                        {"features_absent", LIST(0, 1024, &name), OPTIONAL},
                                        {"errata", LIST(0, 1024, &each_erratum), OPTIONAL},
                                        {"memory", OBJECT(memory)},
                                        {"limits", OBJECT(limits), OPTIONAL},
                                        {"system", OBJECT(kernel)},
                                        {"environment", LIST(0, 1024, &each_variable), OPTIONAL},
                                        {"fex_config", LIST(0, 1024, &text), OPTIONAL},
                                        {"virtualization", OBJECT(virtualization)},
                                        {"memory_model", OBJECT(memory_model)},
                                        {"clock", OBJECT(clock)},
                                        {"frequency", OBJECT(frequency), OPTIONAL},
                                        {"pmus", LIST(0, 1024, &each_pmu), OPTIONAL},
                                        {"perf", OBJECT(perf), OPTIONAL},
                                        {"missing", LIST(0, 1024, &each_missing), OPTIONAL},
                                        {"pmu_selftest", LIST(0, 4096, &each_selftest), OPTIONAL},
                                        {"pmu_selftest_skipped", TEXT, OPTIONAL},
                                        {"pmu_overhead", OBJECT(overhead), OPTIONAL, NULLABLE},
                                        {"simulated", OBJECT(simulated), OPTIONAL},
                                        {"run", OBJECT(run)},
                                        {NULL}};

/* ---- matrix.json ---- */

static const struct schema cpu[] = {{"cpu", WHOLE(0, 65535)},
                                    {"core", WHOLE(0, 65535)},
                                    {"cluster", WHOLE(-1, 65535)},
                                    {"package", WHOLE(-1, 65535)},
                                    {NULL}};
static const struct schema each_cpu = {NULL, OBJECT(cpu)};
static const struct schema matrix_cell[] = {{"lowering", WORD},
                                            {"role", WORDS("baseline aa twin lowering")},
                                            {"model", WORDS(MEMMODEL_WORDS)},
                                            {"sound", TRUTH},
                                            {"witness", NAME, NULLABLE},
                                            {"symbol", NAME, NULLABLE},
                                            {NULL}};
static const struct schema each_matrix_cell = {NULL, OBJECT(matrix_cell)};
static const struct schema end_of_interval = {NULL, NUMBER(ABOVE_0, 1e12)};
static const struct schema interval = {NULL, LIST(3, 3, &end_of_interval)};
static const struct schema wrong = {NULL, WHOLE(0, 1e9)};
static const struct schema pair[] = {{"cpus", LIST(2, 2, &cpu_number)},
                                     {"blocks", WHOLE(1, BOUND_BLOCKS), OPTIONAL},
                                     {"ns", LIST(1, BOUND_CELLS, &interval), OPTIONAL},
                                     {"cycles", LIST(1, BOUND_CELLS, &interval), OPTIONAL},
                                     {"ratio", LIST(1, BOUND_CELLS, &interval), OPTIONAL},
                                     {"wrong", LIST(1, BOUND_CELLS, &wrong), OPTIONAL},
                                     {"skipped", TEXT, OPTIONAL},
                                     {NULL}};
static const struct schema each_pair = {NULL, OBJECT(pair)};
static const struct schema skip[] = {
    {"lowering", WORD}, {"model", WORDS(MEMMODEL_WORDS)}, {"reason", TEXT}, {NULL}};
static const struct schema each_skip = {NULL, OBJECT(skip)};

static const struct schema matrix[] = {{"format", WHOLE(1, 1)},
                                       {"source", WORDS(SOURCE_WORDS)},
                                       {"machine", WORD},
                                       {"version", WORD},
                                       {"git", NAME},
                                       {"time", TIME},
                                       {"seed", SEED},
                                       {"kernel", WORD},
                                       {"params", NAME},
                                       {"op", NAME},
                                       {"unit", NAME},
                                       {"blocks", WHOLE(0, BOUND_BLOCKS)},
                                       {"rounds", WHOLE(0, BOUND_ROUNDS)},
                                       {"cpus", LIST(0, 65536, &each_cpu)},
                                       {"cells", LIST(0, BOUND_CELLS, &each_matrix_cell)},
                                       {"pairs", LIST(0, 1e7, &each_pair)},
                                       {"unmeasured", WHOLE(0, 1e10)},
                                       {"skipped", LIST(0, BOUND_CELLS, &each_skip)},
                                       {NULL}};

/* ---- core.json ---- */

static const struct schema end_of_answer = {NULL, NUMBER(0, 1e12)};
static const struct schema each_count = {NULL, WHOLE(0, 1e6)};
static const struct schema answer[] = {
    {"id", NAME},
    {"question", TEXT},
    {"words", NAME},
    {"model", WORDS(MEMMODEL_WORDS)},
    {"reading", WORDS("knee rate cycles merge overlap wait undone")},
    {"unit", NAME},
    {"value", LIST(3, 3, &end_of_answer), OPTIONAL},
    {"word", NAME, OPTIONAL},
    {"undecided", TEXT, OPTIONAL},
    {"skipped", TEXT, OPTIONAL},
    {"how", TEXT, OPTIONAL},
    {"counts", LIST(0, 65536, &each_count), OPTIONAL},
    {"ns", LIST(0, 65536, &end_of_answer), OPTIONAL},
    {NULL}};
static const struct schema each_answer = {NULL, OBJECT(answer)};
static const struct schema sentence = {NULL, TEXT};

static const struct schema core[] = {{"format", WHOLE(1, 1)},
                                     {"source", WORDS(SOURCE_WORDS)},
                                     {"machine", WORD},
                                     {"version", WORD},
                                     {"git", NAME},
                                     {"time", TIME},
                                     {"seed", SEED},
                                     {"cpu", WHOLE(0, 65535)},
                                     {"page_kib", WHOLE(0, 1 << 30)},
                                     {"lines", WHOLE(0, 1e15)},
                                     {"blocks", WHOLE(0, BOUND_BLOCKS)},
                                     {"rounds", WHOLE(0, BOUND_ROUNDS)},
                                     {"turns", WHOLE(0, BOUND_ROUNDS)},
                                     {"models", LIST(0, 3, &model)},
                                     {"model_reason", TEXT},
                                     {"answers", LIST(0, 4096, &each_answer)},
                                     {"meaning", LIST(0, 16, &sentence)},
                                     {NULL}};

/* ---- switch.json, backpatch.json, benchmark.json ---- */

static const struct schema event[] = {{"event", NAME},
                                      {"what", TEXT},
                                      {"ns", LIST(3, 3, &end_of_interval), OPTIONAL},
                                      {"blocks", WHOLE(1, BOUND_BLOCKS), OPTIONAL},
                                      {"rounds", WHOLE(1, BOUND_ROUNDS), OPTIONAL},
                                      {"skipped", TEXT, OPTIONAL},
                                      {NULL}};
static const struct schema each_event = {NULL, OBJECT(event)};
static const struct schema inheritance[] = {{"thread", WORDS(MEMMODEL_WORDS), OPTIONAL},
                                            {"fork", WORDS(MEMMODEL_WORDS), OPTIONAL},
                                            {"execve", WORDS(MEMMODEL_WORDS), OPTIONAL},
                                            {"skipped", TEXT, OPTIONAL},
                                            {NULL}};
static const struct schema events[] = {{"format", WHOLE(1, 1)},
                                       {"source", WORDS(SOURCE_WORDS)},
                                       {"machine", WORD, OPTIONAL},
                                       {"events", LIST(1, 256, &each_event)},
                                       {"inheritance", OBJECT(inheritance), OPTIONAL},
                                       {NULL}};

static const struct schema context[] = {
    {"date", NAME, OPTIONAL},     {"suite", NAME, OPTIONAL},
    {"seed", NAME, OPTIONAL},     {"source", WORDS(SOURCE_WORDS), OPTIONAL},
    {"library_build_type", NAME}, {NULL}};
static const struct schema benchmark[] = {{"name", TEXT},
                                          {"family_index", WHOLE(-1e19, 1e19)},
                                          {"per_family_instance_index", WHOLE(-1e19, 1e19)},
                                          {"run_name", TEXT},
                                          {"run_type", WORDS("iteration")},
                                          {"repetitions", WHOLE(0, BOUND_BLOCKS)},
                                          {"repetition_index", WHOLE(0, BOUND_BLOCKS)},
                                          {"threads", WHOLE(1, 65536)},
                                          {"iterations", WHOLE(0, 1e15)},
                                          {"real_time", NUMBER(0, 1e15)},
                                          {"cpu_time", NUMBER(0, 1e15)},
                                          {"time_unit", WORDS("ns")},
                                          {"cycles", NUMBER(0, 1e15), OPTIONAL},
                                          {NULL}};
static const struct schema each_benchmark = {NULL, OBJECT(benchmark)};
static const struct schema benchmarks[] = {
    {"context", OBJECT(context)}, {"benchmarks", LIST(0, 1e7, &each_benchmark)}, {NULL}};

/* ---- tables ---- */

static const struct schema audit[] = {{"kernel", WORD},
                                      {"lowering", WORD},
                                      {"function", SYMBOL},
                                      {"plain_loads", WHOLE(0, 1e9)},
                                      {"plain_stores", WHOLE(0, 1e9)},
                                      {"ordered_loads", WHOLE(0, 1e9)},
                                      {"ordered_stores", WHOLE(0, 1e9)},
                                      {"rmws", WHOLE(0, 1e9)},
                                      {"copies", WHOLE(0, 1e9)},
                                      {"barriers", WHOLE(0, 1e9)},
                                      {NULL}};
static const struct schema harness[] = {{"set", NAME},
                                        {"pair", WORDS("aa twin native")},
                                        {"method", WORDS("google-benchmark tsobench")},
                                        {"wall_s", NUMBER(0, 1e9)},
                                        {"ratio", NUMBER(ABOVE_0, 1e9)},
                                        {"half_width", NUMBER(0, 1e9)},
                                        {NULL}};
static const struct schema per_op[] = {{"set", NAME},
                                       {"lowering", WORD},
                                       {"role", WORDS(ROLE_WORDS)},
                                       {"memory_model", WORDS(MEMMODEL_WORDS)},
                                       {"event", NAME},
                                       {"per_op", NUMBER(0, 1e16), NULLABLE},
                                       {"baseline_per_op", NUMBER(0, 1e16), NULLABLE},
                                       {NULL}};

/* ---- by name ---- */

static const struct {
    const char *name;
    const struct schema *rows;
} documents[] = {{"machine.json", machine},      {"matrix.json", matrix},  {"switch.json", events},
                 {"backpatch.json", events},     {"core.json", core},      {"counts.tsv", audit},
                 {"benchmark.json", benchmarks}, {"harness.tsv", harness}, {"events.tsv", per_op}};

const struct schema *schema_of_file(const char *name_) {
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        if (strcmp(name_, documents[i].name) == 0)
            return documents[i].rows;
    return NULL;
}
