/* SPDX-License-Identifier: MIT
 *
 * recording_packages.c: what the bytes of a recording depend on that is not in its command.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/recording.h"
#include "trace/recording_process.h"

/* A format of records, or a way to choose them, that gives other bytes of the same run. */
enum { RECORDER_VERSION = 2 };

/* What a shell command prints, its lines joined by ", "; "unknown" if that is nothing. The caller
 * frees it. */
static char *output_of(const char *command) {
    char line[512], *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size), *pipe = popen(command, "r");
    if (!memory)
        abort();
    while (pipe && fgets(line, sizeof line, pipe)) {
        line[strcspn(line, "\n")] = 0;
        fprintf(memory, "%s%s", ftell(memory) ? ", " : "", line);
    }
    if (pipe)
        pclose(pipe);
    if (ftell(memory) == 0)
        fputs("unknown", memory);
    fclose(memory);
    return text;
}

char *recording_packages(const char *path) {
    /* dpkg knows some files below / and some below /usr, which is the same folder. */
    setenv("TSOBENCH_PROGRAM", path, 1);
    return output_of("{ echo \"$TSOBENCH_PROGRAM\"; ldd \"$TSOBENCH_PROGRAM\" |"
                     "  grep -o '/[^ ]*'; } 2>/dev/null |"
                     "while IFS= read -r file; do"
                     "  file=$(realpath -- \"$file\");"
                     "  dpkg-query -S -- \"$file\" \"${file#/usr}\" 2>/dev/null |"
                     "  sed 's/[:,].*//;q';"
                     "done | awk '!seen[$0]++' |"
                     "while IFS= read -r package; do"
                     "  dpkg-query -W -f '${Package} ${Version}\\n' -- \"$package\" 2>/dev/null |"
                     "  head -n 1;"
                     "done");
}

struct recording_lack recording_lack(void) {
    struct recording_lack lack = {0};
    char *qemu = recording_find_in_path(RECORDING_EMULATOR);
    char *options = output_of(RECORDING_EMULATOR " -h 2>/dev/null");
    if (qemu == NULL)
        lack = (struct recording_lack){RECORDING_EMULATOR " is not installed",
                                       "the package qemu-user, of a QEMU that has plugins"};
    else if (strstr(options, "-plugin") == NULL)
        lack = (struct recording_lack){
            RECORDING_EMULATOR " has no plugins here, as one that is linked statically (Debian 13)",
            "first in PATH, a QEMU built with --enable-plugins, such as Debian 12's qemu-user"};
    free(options);
    free(qemu);
    return lack;
}

char *recording_versions(void) {
    char *qemu = output_of("qemu-x86_64 --version 2>/dev/null | head -n 1"), *text;
    if (asprintf(&text, "tsobench recorder %d, %s", RECORDER_VERSION, qemu) < 0)
        abort();
    free(qemu);
    return text;
}
