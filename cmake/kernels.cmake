# SPDX-License-Identifier: MIT
#
# The measured code: all of kernels/ once for each lowering header of the target architecture,
# found by name, and the baseline once more as its twin. Target `kernels` brings the objects.

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(ARCH aarch64)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
  set(ARCH x86_64)
else()
  message(FATAL_ERROR "no lowerings for ${CMAKE_SYSTEM_PROCESSOR}")
endif()

# The same code in every preset, and code that the compiler leaves as it is written.
set(kernel_flags -O2 -fomit-frame-pointer -fno-stack-protector -fno-tree-vectorize
  -falign-functions=64 -falign-loops=64 -fno-sanitize=all -fno-lto
  -fno-jump-tables) # whose loads no primitive records
if(CMAKE_C_COMPILER_ID STREQUAL GNU)
  list(APPEND kernel_flags -fno-tree-loop-distribute-patterns)
else() # Clang does at -O2 what GCC does not
  list(APPEND kernel_flags -fno-unroll-loops -fno-slp-vectorize)
endif()
if(ARCH STREQUAL x86_64)
  list(APPEND kernel_flags -fcf-protection=none)
endif()

# The form of every primitive is inline assembly, and not every compiler takes it.
try_compile(KERNELS_BUILD ${PROJECT_BINARY_DIR}/kernels-build
  SOURCES ${PROJECT_SOURCE_DIR}/cmake/kernels_build.c
  CMAKE_FLAGS -DINCLUDE_DIRECTORIES=${PROJECT_SOURCE_DIR}/kernels
  COMPILE_DEFINITIONS ${kernel_flags} -D_GNU_SOURCE -DLOWERING_ID=plain
    -DLOWERING_NAME=\"plain\" -DLOWERING_HEADER=\"lowering/${ARCH}/plain.h\"
  OUTPUT_VARIABLE kernel_errors)
if(NOT KERNELS_BUILD)
  unset(KERNELS_BUILD CACHE)
  string(REGEX MATCH "[^\n]*(error|Error)[^\n]*" kernel_error "${kernel_errors}")
  message(FATAL_ERROR "${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION} cannot build the kernels "
    "(GCC 12 or newer and Clang 14 or newer can): ${kernel_error}")
endif()

file(GLOB kernel_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/kernels/*.c
  ${PROJECT_SOURCE_DIR}/kernels/*/*.c)
file(GLOB lowerings CONFIGURE_DEPENDS
  RELATIVE ${PROJECT_SOURCE_DIR}/kernels/lowering/${ARCH}
  ${PROJECT_SOURCE_DIR}/kernels/lowering/${ARCH}/*.h)
list(TRANSFORM lowerings REPLACE "\\.h$" "")
list(SORT lowerings)
if(NOT plain IN_LIST lowerings)
  message(FATAL_ERROR "kernels/lowering/${ARCH} has no baseline plain.h")
endif()
list(REMOVE_ITEM lowerings plain)
list(PREPEND lowerings plain)
# Headers that were made of users' mappings (tsobench sound --header): lowerings like ours.
file(GLOB mappings CONFIGURE_DEPENDS RELATIVE ${PROJECT_BINARY_DIR}/mappings
  ${PROJECT_BINARY_DIR}/mappings/*.h)
list(TRANSFORM mappings REPLACE "\\.h$" "")
foreach(name IN LISTS mappings)
  if(name IN_LIST lowerings)
    message(FATAL_ERROR "a mapping is called ${name}, as a lowering is")
  endif()
endforeach()

add_library(kernels INTERFACE)
target_link_libraries(kernels INTERFACE PkgConfig::ck PkgConfig::urcu) # of reference variants

# Objects of the sources, compiled with a lowering's header. Tests use it too.
function(compile_for_lowering target id name header)
  add_library(${target} OBJECT ${ARGN})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/kernels ${PROJECT_BINARY_DIR})
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE LOWERING_ID=${id}
    LOWERING_NAME="${name}" LOWERING_HEADER="${header}")
  target_compile_options(${target} PRIVATE ${kernel_flags})
  target_link_libraries(${target} PRIVATE PkgConfig::ck PkgConfig::urcu)
  if(NOT id STREQUAL plain) # one command a source is enough for tools
    set_target_properties(${target} PROPERTIES EXPORT_COMPILE_COMMANDS OFF)
  endif()
endfunction()

function(add_kernels id name header)
  compile_for_lowering(kernels_${id} ${id} ${name} ${header} ${kernel_sources})
  target_sources(kernels INTERFACE $<TARGET_OBJECTS:kernels_${id}>)
  list(APPEND kernel_objects $<TARGET_OBJECTS:kernels_${id}>)
  list(APPEND kernel_ids ${id})
  set(kernel_objects ${kernel_objects} PARENT_SCOPE)
  set(kernel_ids ${kernel_ids} PARENT_SCOPE)
endfunction()

set(lowering_rows "")
foreach(name IN LISTS lowerings mappings)
  string(REPLACE - _ id ${name})
  set(header lowering/${ARCH}/${name}.h)
  if(name IN_LIST mappings)
    set(header mappings/${name}.h)
  endif()
  add_kernels(${id} ${name} ${header})
  string(APPEND lowering_rows "LOWERING(${id})\n")
endforeach()
# Linked last, and so at addresses far from the baseline's.
add_kernels(plain_twin plain lowering/${ARCH}/plain.h)

file(CONFIGURE OUTPUT generated/lowerings.def CONTENT "${lowering_rows}")

# The words of the lowerings of both ISAs, for any host: bench/mapping.
foreach(isa aarch64 x86_64)
  file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
    ${PROJECT_SOURCE_DIR}/kernels/lowering/${isa}/*.h)
  list(SORT headers)
  if(isa STREQUAL ARCH AND mappings)
    list(TRANSFORM mappings PREPEND ${PROJECT_BINARY_DIR}/mappings/ OUTPUT_VARIABLE own)
    list(TRANSFORM own APPEND .h)
    list(APPEND headers ${own})
  endif()
  set(words_rows "")
  foreach(header IN LISTS headers)
    cmake_path(GET header STEM name)
    string(APPEND words_rows
      "#define LOWERING_NAME \"${name}\"\n#include \"${header}\"\n#include \"mapping/row.h\"\n")
  endforeach()
  file(CONFIGURE OUTPUT generated/words_${isa}.def CONTENT "${words_rows}")
endforeach()
