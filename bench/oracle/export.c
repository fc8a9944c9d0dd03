/* SPDX-License-Identifier: MIT
 *
 * export.c: a test under a mapping as a file for herd7, so that anybody can check what is said here
 * against Arm's own memory model. It is the text that is judged.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "oracle/oracle.h"

/* Names of tests have slashes: "iwp2.8.a/SB+xchgs". */
static void file_name(const struct test *test, const char *mapping, char *out, size_t size) {
    snprintf(out, size, "%s.%s", test->name, mapping);
    for (char *p = out; *p; p++)
        *p = *p == '/' ? '_' : *p;
}

bool oracle_export(const struct mapping *mapping, const struct test *test, const char *folder) {
    static char text[LOWERED_TEXT];
    char name[160], path[4096], information[1024], why[96] = "it is not of arm64";
    const struct sequence *it = &mapping->sequence;
    struct lowered lowered;
    size_t count;
    file_name(test, mapping->name, name, sizeof name);
    snprintf(information, sizeof information,
             "\"Written by tsobench sound --export\"\nLoad=%s\nStore=%s\nExchange=%s\n"
             "Compare=%s\nAdd=%s\nFence=%s\n",
             it->load, it->store, it->exchange, it->compare_exchange, it->fetch_add, it->fence);
    oracle_lower(mapping, (size_t)(test - tests_all(&count)), &lowered);
    if (mapping->isa != ISA_AARCH64 ||
        !lower_text(test, &lowered, name, information, text, why, sizeof why)) {
        warn("%s is not written: %s", name, why);
        return false;
    }
    if ((size_t)snprintf(path, sizeof path, "%s/%s.litmus", folder, name) >= sizeof path)
        die(EXIT_USAGE, "this path is too long: %s", folder);
    FILE *file = fopen(path, "we");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        die(EXIT_USAGE, "cannot write %s: %s", path, strerror(errno));
    return true;
}
