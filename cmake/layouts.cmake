# SPDX-License-Identifier: MIT
#
# Layouts: the program once more for each, of the same objects, but the measured code elsewhere. Where
# code lies, and behind what, changes a loop's time by up to tens of per cent (Mytkowicz et al.,
# ASPLOS 2009), so each block of a run is executed from another layout, and the interval over blocks
# contains what placement does.
#
# A layout is a linker script that puts the text of the kernels' objects into one section, in an
# order and with gaps that are drawn from a seed: nothing is compiled, and the seed makes it again.
# The section has the same size in all layouts, so that nothing else moves.

string(TOUPPER CMAKE_C_FLAGS_${CMAKE_BUILD_TYPE} flags)
if("${CMAKE_C_FLAGS} ${${flags}}" MATCHES -fsanitize)
  set(layouts_default 2)
elseif(CMAKE_CROSSCOMPILING)
  set(layouts_default 3)
else()
  set(layouts_default 16)
endif()
set(LAYOUTS ${layouts_default} CACHE STRING "programs whose kernels lie elsewhere, for blocks; 0: none")
set(LAYOUT_SEED tsobench CACHE STRING "what the layouts are drawn from")

# In lines of 64 bytes, to which functions are aligned: what stands before each object, at most.
set(layout_gap 15)

# write_layout(NUMBER FILE OBJECT...): the script of a layout.
function(write_layout number file)
  string(SHA256 state "${LAYOUT_SEED} ${number}")
  string(SUBSTRING ${state} 0 16 seed)
  # In the order of their hashes; of these, what the gaps are, too.
  set(drawn "")
  foreach(object IN LISTS ARGN)
    string(SHA256 hash "${seed} ${object}")
    list(APPEND drawn "${hash} ${object}")
  endforeach()
  list(SORT drawn)
  set(script "/* Layout ${number}, made by cmake/layouts.cmake: change it there. */\n")
  string(APPEND script "SECTIONS {\n  .layout : ALIGN(8) { kernels_layout = .; QUAD(0x${seed}) "
    "LONG(${number}) LONG(${LAYOUTS}) }\n} INSERT AFTER .data;\n"
    "SECTIONS {\n  .kernels : ALIGN(4096) {\n")
  set(all 0)
  foreach(item IN LISTS drawn)
    string(SUBSTRING ${item} 60 4 digits)
    math(EXPR gap "0x${digits} % (${layout_gap} + 1)")
    math(EXPR all "${all} + ${gap}")
    string(SUBSTRING ${item} 65 -1 object)
    math(EXPR bytes "64 * ${gap}")
    string(APPEND script "    . = ALIGN(64) + ${bytes}; \"${object}\"(.text .text.*)\n")
  endforeach()
  list(LENGTH drawn count)
  math(EXPR rest "64 * (${layout_gap} * ${count} - ${all})")
  string(APPEND script "    . = ALIGN(64) + ${rest};\n  }\n} INSERT AFTER .text;\n")
  file(CONFIGURE OUTPUT ${file} CONTENT "${script}" @ONLY)
endfunction()

# Of the objects as they stand on the linker's command line.
set(layout_objects "")
foreach(id IN LISTS kernel_ids)
  foreach(source IN LISTS kernel_sources)
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    list(APPEND layout_objects CMakeFiles/kernels_${id}.dir/${source}${CMAKE_C_OUTPUT_EXTENSION})
  endforeach()
endforeach()

# link_layout(NUMBER TARGET): the script of a layout becomes TARGET's.
function(link_layout number target)
  set(script ${PROJECT_BINARY_DIR}/generated/layout-${number}.ld)
  write_layout(${number} ${script} ${layout_objects})
  target_link_options(${target} PRIVATE -Wl,-T,${script})
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${script})
endfunction()

add_custom_target(layouts ALL)
# Even if it is to hold none: a folder above, of another build, would be taken for it.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/layouts)
set(layout_numbers "")
if(LAYOUTS GREATER 0)
  foreach(number RANGE 1 ${LAYOUTS})
    list(APPEND layout_numbers ${number})
  endforeach()
endif()
foreach(number IN LISTS layout_numbers)
  add_executable(layout-${number} bench/main.c)
  target_link_libraries(layout-${number} PRIVATE tsobench_core)
  set_target_properties(layout-${number} PROPERTIES ENABLE_EXPORTS ON
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/layouts OUTPUT_NAME ${number})
  link_layout(${number} layout-${number})
  add_dependencies(layouts layout-${number})
endforeach()
add_dependencies(tsobench layouts) # which it starts
