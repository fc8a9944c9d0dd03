# SPDX-License-Identifier: MIT
#
# Target `libperf`: the distribution's, else built from the kernel's sources that scripts/setup
# unpacked, else nothing, and HAVE_LIBPERF is false: then cycles come from the chain of additions.

set(HAVE_LIBPERF TRUE)
pkg_check_modules(libperf_package QUIET IMPORTED_TARGET libperf)
if(libperf_package_FOUND)
  add_library(libperf ALIAS PkgConfig::libperf_package)
  return()
endif()

set(LINUX_TOOLS ${PROJECT_SOURCE_DIR}/build/linux-tools CACHE PATH "what scripts/setup unpacked")
set(linux_tools ${LINUX_TOOLS}/tools)
# What libperf needs of the kernel's other libraries differs from version to version; of a static
# library only what is used is linked.
file(GLOB libperf_sources ${linux_tools}/lib/perf/*.c ${linux_tools}/lib/api/fs/fs.c
  ${linux_tools}/lib/api/fd/array.c ${linux_tools}/lib/api/debug.c ${linux_tools}/lib/zalloc.c
  ${linux_tools}/lib/str_error_r.c)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(linux_arch arm64)
else()
  set(linux_arch x86)
endif()
# Its private include directories shadow <linux/...>, so they stay private.
set(libperf_folders ${linux_tools}/lib ${linux_tools}/lib/api ${linux_tools}/include
  ${linux_tools}/arch/${linux_arch}/include ${linux_tools}/include/uapi)
set(libperf_headers ${linux_tools}/lib/perf/include)

set(libperf_reason "there is no package of it and no kernel's sources: run scripts/setup")
if(libperf_sources)
  file(WRITE ${PROJECT_BINARY_DIR}/libperf-builds.c
    "#include \"count/group.h\"\nint main(void) { int error; return !group_open(0, &error); }\n")
  try_compile(LIBPERF_BUILDS ${PROJECT_BINARY_DIR}/libperf-builds
    SOURCES ${PROJECT_SOURCE_DIR}/bench/count/group.c ${PROJECT_SOURCE_DIR}/bench/base/die.c
      ${PROJECT_SOURCE_DIR}/bench/base/visible.c
      ${PROJECT_BINARY_DIR}/libperf-builds.c ${libperf_sources}
    CMAKE_FLAGS
      "-DINCLUDE_DIRECTORIES=${PROJECT_SOURCE_DIR}/bench;${libperf_folders};${libperf_headers}"
    COMPILE_DEFINITIONS -w -D_GNU_SOURCE
    LINK_LIBRARIES Threads::Threads
    OUTPUT_VARIABLE libperf_errors)
  set(libperf_reason "the kernel's sources in ${linux_tools} do not build here")
endif()
if(NOT LIBPERF_BUILDS)
  unset(LIBPERF_BUILDS CACHE) # tried again at the next configuration
  message(WARNING "no libperf, so no PMU counters: ${libperf_reason}. ${libperf_errors}")
  set(HAVE_LIBPERF FALSE)
  add_library(libperf INTERFACE)
  return()
endif()

add_library(libperf STATIC ${libperf_sources})
set_target_properties(libperf PROPERTIES
  OUTPUT_NAME perf C_STANDARD 11 EXPORT_COMPILE_COMMANDS OFF)
target_compile_definitions(libperf PRIVATE _GNU_SOURCE)
# Not our code: no warnings, and the kernel's C is not what UBSan takes C to be.
target_compile_options(libperf PRIVATE -w -fno-sanitize=undefined)
target_include_directories(libperf PRIVATE ${libperf_folders})
target_include_directories(libperf SYSTEM PUBLIC ${libperf_headers})
