# SPDX-License-Identifier: MIT
#
# Target `google-benchmark`: what gb_shim.h declares, by the library or, where its licence is in the
# way, by C of our own: then nothing of the program is C++.

option(GOOGLE_BENCHMARK "let Google Benchmark choose the rounds; OFF for binaries to pass on" ON)
if(GOOGLE_BENCHMARK)
  enable_language(CXX)
  set(CMAKE_CXX_STANDARD 17)
  set(CMAKE_CXX_STANDARD_REQUIRED ON)
  find_package(benchmark REQUIRED)
  add_library(google-benchmark STATIC bench/block/gb_shim.cc)
  target_include_directories(google-benchmark PRIVATE bench)
  target_compile_definitions(google-benchmark PRIVATE
    GOOGLE_BENCHMARK_VERSION="${benchmark_VERSION}")
  target_link_libraries(google-benchmark PRIVATE benchmark::benchmark)
else()
  add_library(google-benchmark STATIC bench/block/gb_none.c)
  target_include_directories(google-benchmark PRIVATE bench)
endif()
