# Target `libperf`: the distribution's, else built from the kernel's sources that scripts/setup
# unpacked. Its private include directories shadow <linux/...>, so they stay private.

pkg_check_modules(libperf_package QUIET IMPORTED_TARGET libperf)
if(libperf_package_FOUND)
  add_library(libperf ALIAS PkgConfig::libperf_package)
  return()
endif()

set(LINUX_TOOLS ${PROJECT_SOURCE_DIR}/build/linux-tools CACHE PATH "what scripts/setup unpacked")
set(linux_tools ${LINUX_TOOLS}/tools)
if(NOT EXISTS ${linux_tools}/lib/perf/evsel.c)
  message(FATAL_ERROR "libperf: no package and no sources of it: run scripts/setup")
endif()

set(libperf_sources core cpumap threadmap evsel evlist mmap xyarray lib)
list(TRANSFORM libperf_sources REPLACE "(.+)" "${linux_tools}/lib/perf/\\1.c")
add_library(libperf STATIC ${libperf_sources}
  ${linux_tools}/lib/zalloc.c ${linux_tools}/lib/api/fd/array.c)
set_target_properties(libperf PROPERTIES
  OUTPUT_NAME perf C_STANDARD 11 EXPORT_COMPILE_COMMANDS OFF)
target_compile_definitions(libperf PRIVATE _GNU_SOURCE)
# Not our code: no warnings, and the kernel's C is not what UBSan takes C to be.
target_compile_options(libperf PRIVATE -w -fno-sanitize=undefined)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(linux_arch arm64)
else()
  set(linux_arch x86)
endif()
target_include_directories(libperf PRIVATE
  ${linux_tools}/lib ${linux_tools}/include ${linux_tools}/arch/${linux_arch}/include
  ${linux_tools}/include/uapi)
target_include_directories(libperf SYSTEM PUBLIC ${linux_tools}/lib/perf/include)
