// SPDX-License-Identifier: MIT
//
// gb_shim.cc: the C shim over Google Benchmark, and the only C++ of the project.
#include "block/gb_shim.h"

#include <benchmark/benchmark.h>

#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

// Keeps the library silent: rows and tables are made from our own samples.
class CollectingReporter : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context &) override {
        return true;
    }
    void ReportRuns(const std::vector<Run> &report) override {
        runs.insert(runs.end(), report.begin(), report.end());
    }
    std::vector<Run> runs;
};

// Its flags have their values from BENCHMARK_* variables since before main(), which are for other
// programs. So each that could disturb is set once more; one that a version lacks does no harm.
void Initialize(bool interleave) {
    static char flags[][48] = {"tsobench",
                               "--benchmark_list_tests=false",
                               "--benchmark_min_warmup_time=0",
                               "--benchmark_repetitions=1",
                               "--benchmark_report_aggregates_only=false",
                               "--benchmark_display_aggregates_only=false",
                               "--benchmark_out=",
                               "--benchmark_out_format=json",
                               "--benchmark_format=console",
                               "--benchmark_perf_counters=",
                               "--benchmark_time_unit=ns",
                               "--benchmark_dry_run=false",
                               "--v=0"};
    static char in_turn[] = "--benchmark_enable_random_interleaving=false";
    static char at_random[] = "--benchmark_enable_random_interleaving=true";
    std::vector<char *> arguments(std::begin(flags), std::end(flags));
    arguments.push_back(interleave ? at_random : in_turn);
    int count = static_cast<int>(arguments.size());
    arguments.push_back(nullptr);
    benchmark::Initialize(&count, arguments.data());
}

// Runs what is registered. What the library finds odd of the machine it would tell the user, once
// in each block; the machine is described elsewhere.
void Run(benchmark::BenchmarkReporter *reporter) {
    std::streambuf *errors = std::cerr.rdbuf(nullptr);
    benchmark::RunSpecifiedBenchmarks(reporter, nullptr, ".");
    std::cerr.rdbuf(errors);
}

} // namespace

extern "C" {

const char *gb_version() {
    return GOOGLE_BENCHMARK_VERSION;
}

long gb_run(const char *name, long rounds, double min_seconds, const struct gb_callbacks *callbacks,
            void *context) {
    Initialize(false);
    long last = 0;
    benchmark::ClearRegisteredBenchmarks();
    auto *entry = benchmark::RegisterBenchmark(name, [&](benchmark::State &state) {
        last = static_cast<long>(state.max_iterations);
        callbacks->begin(context, last);
        for (auto _ : state)
            state.SetIterationTime(callbacks->round(context));
    });
    entry->UseManualTime();
    if (rounds > 0)
        entry->Iterations(rounds);
    else
        entry->MinTime(min_seconds);
    CollectingReporter reporter;
    Run(&reporter);
    return last;
}

void gb_run_plain(const char *const names[2], void (*const body[2])(void *context, long n),
                  void *const context[2], int repetitions, double min_seconds,
                  struct gb_plain *result) {
    Initialize(true);
    benchmark::ClearRegisteredBenchmarks();
    for (int i = 0; i < 2; i++) {
        auto *entry = benchmark::RegisterBenchmark(names[i], [=](benchmark::State &state) {
            while (state.KeepRunningBatch(state.max_iterations))
                body[i](context[i], static_cast<long>(state.max_iterations));
        });
        entry->MinTime(min_seconds)->Repetitions(repetitions)->UseRealTime();
    }
    CollectingReporter reporter;
    Run(&reporter);
    for (const auto &run : reporter.runs) {
        if (run.run_type != benchmark::BenchmarkReporter::Run::RT_Aggregate)
            continue;
        int which = run.run_name.function_name == names[0] ? 0 : 1;
        if (run.aggregate_name == "median")
            result->median[which] = run.GetAdjustedRealTime();
        if (run.aggregate_name == "cv")
            result->cv[which] = run.real_accumulated_time;
    }
}

} // extern "C"
