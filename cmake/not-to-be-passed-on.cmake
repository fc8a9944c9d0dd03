# SPDX-License-Identifier: MIT
#
# For cpack, from a build that links libperf (GPL-2.0-only) and Google Benchmark (Apache-2.0).
message(FATAL_ERROR "This program may not be passed on: libperf's licence and that of Google "
  "Benchmark do not go together. Configure with -DGOOGLE_BENCHMARK=OFF.")
