# SPDX-License-Identifier: MIT
#
# tsobench-static: the same objects as the program's in one file that runs on any Linux of this ISA,
# at another address each time (static-pie), as the layout of blocks wants it. It is made to be
# passed on (scripts/bundle), so Google Benchmark is not in it: see google-benchmark.cmake.

# Of Concurrency Kit headers are enough. Its library would bring ck_hp.c, which is Apache-2.0.
set(archives "")
set(missing_archives "")
foreach(name hwloc jansson zstd pfm urcu-cds urcu-qsbr urcu-common)
  find_library(STATIC_${name} lib${name}.a)
  if(STATIC_${name})
    list(APPEND archives ${STATIC_${name}})
  else()
    list(APPEND missing_archives lib${name}.a)
  endif()
endforeach()
get_target_property(libperf_type libperf TYPE)
if(libperf_type STREQUAL STATIC_LIBRARY)
  list(APPEND archives libperf)
elseif(HAVE_LIBPERF)
  list(APPEND missing_archives "libperf from the kernel's sources")
endif()
string(TOUPPER CMAKE_C_FLAGS_${CMAKE_BUILD_TYPE} flags)
if("${CMAKE_C_FLAGS} ${${flags}}" MATCHES -fsanitize)
  list(APPEND missing_archives "a build without sanitizers")
endif()
if(missing_archives)
  list(JOIN missing_archives ", " text)
  message(STATUS "no tsobench-static: it needs ${text}")
  return()
endif()

add_executable(tsobench-static bench/main.c bench/block/gb_none.c bench/static/absent.c
  $<TARGET_OBJECTS:tsobench_core> ${kernel_objects})
target_include_directories(tsobench-static PRIVATE
  $<TARGET_PROPERTY:tsobench_core,INCLUDE_DIRECTORIES>)
target_compile_definitions(tsobench-static PRIVATE _GNU_SOURCE)
target_compile_options(tsobench-static PRIVATE -fPIE)
# Exported are the functions of kernels, whose names have such a form: were it all, the C library's
# thread-local variables would be among them, and a static program cannot relocate these.
target_link_options(tsobench-static PRIVATE -static-pie "-Wl,--export-dynamic-symbol=[a-z]*__*"
  -Wl,--wrap=dlopen -Wl,-Map=${PROJECT_BINARY_DIR}/tsobench-static.map)
target_link_libraries(tsobench-static PRIVATE ${archives} Threads::Threads m)
