# SPDX-License-Identifier: MIT
#
# generated/config.h: what the program says about how it was built.

set(git_version unknown)
find_program(GIT git)
if(GIT)
  execute_process(COMMAND ${GIT} describe --always --dirty
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    OUTPUT_VARIABLE git_output RESULT_VARIABLE git_failed
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT git_failed)
    set(git_version ${git_output})
  endif()
endif()
if(EXISTS ${PROJECT_SOURCE_DIR}/.git/logs/HEAD) # a commit makes it stale
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/.git/logs/HEAD)
endif()

set(libperf_version "${libperf_package_VERSION}")
if(NOT libperf_version AND EXISTS ${linux_tools}/../version)
  file(STRINGS ${linux_tools}/../version libperf_version LIMIT_COUNT 1)
endif()

list(JOIN kernel_flags " " kernel_flags_text)
file(CONFIGURE OUTPUT generated/config.h @ONLY CONTENT [[
#pragma once
#define TSOBENCH_VERSION "@PROJECT_VERSION@"
#define TSOBENCH_GIT "@git_version@"
#define TSOBENCH_COMPILER "@CMAKE_C_COMPILER_ID@ @CMAKE_C_COMPILER_VERSION@"
#define TSOBENCH_CFLAGS "@kernel_flags_text@"
#cmakedefine01 HAVE_LIBPERF
#define LINKED_LIBPERF "@libperf_version@"
#define LINKED_HWLOC "@hwloc_VERSION@"
#define LINKED_JANSSON "@jansson_VERSION@"
#define LINKED_ZSTD "@zstd_VERSION@"
#define LINKED_CK "@ck_VERSION@"
#define LINKED_URCU "@urcu_liburcu-cds_VERSION@"
]])
