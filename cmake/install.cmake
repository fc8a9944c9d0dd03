# SPDX-License-Identifier: MIT
#
# What is found relative to the program (bench/base/data.h): a build has its data beside it, by
# links, as a bundle has. Nothing in the program leads to the machine that built it.

foreach(folder plots traces)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${PROJECT_BINARY_DIR}/${folder} SYMBOLIC)
endforeach()
get_target_property(libperf_type libperf TYPE)
if(libperf_type STREQUAL STATIC_LIBRARY) # of ours only libperf has assertions, which say where they stand
  target_compile_options(libperf PRIVATE -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
endif()
