# SPDX-License-Identifier: MIT
#
# What is installed, and packed by cpack. Plots, traces and the recorder are found relative to the
# program (bench/base/data.h): a build has them beside it, by links, as a bundle has. Nothing in the
# program leads to the machine that built it.

include(GNUInstallDirs)

foreach(folder plots traces)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${PROJECT_BINARY_DIR}/${folder} SYMBOLIC)
endforeach()
if(libperf_type STREQUAL STATIC_LIBRARY) # of ours only libperf says where its assertions stand
  target_compile_options(libperf PRIVATE -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
endif()

install(TARGETS tsobench)
if(TARGET tsobench-recorder)
  install(TARGETS tsobench-recorder DESTINATION lib/tsobench)
endif()
install(DIRECTORY plots DESTINATION share/tsobench FILES_MATCHING PATTERN "*.gp")
file(GLOB traces CONFIGURE_DEPENDS traces/*.trace)
install(FILES ${traces} DESTINATION share/tsobench/traces)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The manual is what --help says; another machine's program cannot be asked without an emulator.
if(NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR)
  set(manuals ${PROJECT_BINARY_DIR}/manuals)
  add_custom_command(OUTPUT ${manuals}/tsobench.1
    COMMAND bash ${PROJECT_SOURCE_DIR}/cmake/manuals.sh ${manuals} ${PROJECT_VERSION}
      ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:tsobench>
    DEPENDS tsobench cmake/manuals.sh VERBATIM)
  add_custom_target(manuals ALL DEPENDS ${manuals}/tsobench.1)
  install(DIRECTORY ${manuals}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
    FILES_MATCHING PATTERN "*.1")
  install(FILES ${manuals}/tsobench.bash RENAME tsobench
    DESTINATION share/bash-completion/completions)
  install(FILES ${manuals}/_tsobench DESTINATION share/zsh/site-functions)
  install(FILES ${manuals}/tsobench.fish DESTINATION share/fish/vendor_completions.d)
endif()

set(CPACK_GENERATOR DEB TZST)
set(CPACK_PACKAGE_VENDOR "The tsobench authors")
set(CPACK_PACKAGE_CONTACT "The tsobench authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "what does it cost to give a program TSO?")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gnuplot-nox, qemu-user")
if(CMAKE_CROSSCOMPILING) # dpkg-shlibdeps has this machine's libraries only
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS OFF)
endif()
if(HAVE_LIBPERF AND GOOGLE_BENCHMARK)
  set(CPACK_INSTALL_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/not-to-be-passed-on.cmake)
endif()
include(CPack)
