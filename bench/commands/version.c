/* SPDX-License-Identifier: MIT
 *
 * version.c: `tsobench --version`: which program this is, whose code is in it, and so under which
 * licence it may be passed on.
 */
#include <stdio.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "block/gb_shim.h"
#include "commands/commands.h"
#include "config.h"

static void print_part(const char *name, const char *version, const char *licence) {
    printf("    %-20s %-28s %s\n", name, version, licence);
}

void version_print(void) {
    printf("tsobench %s (%s)\n\nlinked:\n", TSOBENCH_VERSION, TSOBENCH_GIT);
    if (HAVE_LIBPERF)
        print_part("libperf", LINKED_LIBPERF, "GPL-2.0-only");
    if (gb_version())
        print_part("Google Benchmark", gb_version(), "Apache-2.0");
    print_part("hwloc", LINKED_HWLOC, "BSD-3-Clause");
    print_part("jansson", LINKED_JANSSON, "MIT");
    print_part("zstd", LINKED_ZSTD, "BSD-3-Clause");
    print_part("libpfm", "4", "MIT");
    print_part("liburcu", LINKED_URCU, "LGPL-2.1-or-later");
    print_part("Concurrency Kit", LINKED_CK, "BSD-2-Clause");
#ifdef __GLIBC__
    print_part("glibc", gnu_get_libc_version(), "LGPL-2.1-or-later");
#endif
    puts("\nlicence: the sources are under the MIT licence.");
    if (HAVE_LIBPERF && gb_version())
        puts("This program holds libperf and Google Benchmark, whose licences the Free Software\n"
             "Foundation holds to be incompatible: use it, and pass on the sources. A build with\n"
             "-DGOOGLE_BENCHMARK=OFF may be passed on.");
    else if (HAVE_LIBPERF)
        puts("This program as a whole is under the GPL-2.0-only, as libperf is: pass it on so.");
    else
        puts("Each part of this program is passed on under its own licence.");
}
