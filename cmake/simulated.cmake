# SPDX-License-Identifier: MIT
#
# tsobench-simulated: the same objects of the kernels in a static program for a simulator, where
# there is no hwloc, no perf, no Google Benchmark and no fork. What of the instrument does not need
# them is the same; for the rest bench/simulated/sim_NAME.c
# stands for a NAME.c, behind the same header.

set(shared core/answers core/core core/meaning core/probes core/region core/survey core/survey_block
  core/turn stats/knee stats/stats
  base/data base/die base/layout base/options base/text base/visible
  block/block block/runner
  forms/forms forms/forms_aarch64 forms/forms_emit forms/forms_run forms/forms_x86_64
  mapping/fill mapping/given mapping/mapping mapping/mapping_read mapping/words_aarch64
  mapping/words_x86_64
  litmus/battery litmus/litmus_run litmus/litmus_tests litmus/litmus_tso
  machine/feature machine/sysfile machine/topology_levels
  plan/params plan/plan plan/registry plan/request
  replay/emit_aarch64 replay/emit_aarch64_rep replay/emit_aarch64_rmw replay/emit_x86_64
  replay/encode_x86_64
  replay/policy replay/policy_given replay/replay replay/replay_steps replay/trace_kernel
  samples/vocabulary
  threads/crew trace/trace_code trace/trace_read trace/trace_valid)
list(TRANSFORM shared PREPEND bench/)
list(TRANSFORM shared APPEND .c)
file(GLOB simulated_sources CONFIGURE_DEPENDS bench/simulated/*.c)

# In place of PkgConfig::, whose libraries are shared ones.
find_library(JANSSON_STATIC libjansson.a REQUIRED)
find_library(ZSTD_STATIC libzstd.a REQUIRED)
find_library(URCU_QSBR_STATIC liburcu-qsbr.a REQUIRED)
find_library(URCU_CDS_STATIC liburcu-cds.a REQUIRED)
find_library(URCU_COMMON_STATIC liburcu-common.a REQUIRED)

add_executable(tsobench-simulated ${shared} ${simulated_sources} ${kernel_objects})
target_include_directories(tsobench-simulated PRIVATE bench ${PROJECT_SOURCE_DIR}
  ${PROJECT_BINARY_DIR}/generated ${jansson_INCLUDE_DIRS})
target_compile_definitions(tsobench-simulated PRIVATE _GNU_SOURCE SIMULATED)
target_link_options(tsobench-simulated PRIVATE -static)
target_link_libraries(tsobench-simulated PRIVATE ${JANSSON_STATIC} ${ZSTD_STATIC} ${URCU_CDS_STATIC}
  ${URCU_QSBR_STATIC} ${URCU_COMMON_STATIC} Threads::Threads m)
