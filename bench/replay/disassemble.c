/* SPDX-License-Identifier: MIT */
#include "replay/disassemble.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/die.h"
#include "base/temporary.h"

/* Of each ISA, by the names that Debian's binutils packages have on any machine. */
static const struct tool {
    char *program, *machine, *syntax;
    const char *package;
} tools[ISAS] = {
    [ISA_AARCH64] = {"aarch64-linux-gnu-objdump", "-maarch64", "-Mno-notes",
                     "binutils-aarch64-linux-gnu"},
    [ISA_X86_64] = {"x86_64-linux-gnu-objdump", "-mi386:x86-64", "-Mintel",
                    "binutils-x86-64-linux-gnu"},
};

/* "   1c:<tab>add    x3, x0, #0x10<tab>// #16" into its parts. False: another kind of line. */
static bool take_line(char *line, struct instruction *into) {
    char *colon, *end;
    into->offset = strtoull(line, &colon, 16);
    if (colon == line || strncmp(colon, ":\t", 2))
        return false;
    char *text = colon + 2;
    text[strcspn(text, "\n")] = '\0';
    if ((end = strstr(text, "//")) || (end = strchr(text, ';')) || (end = strchr(text, '<')))
        *end = '\0';
    size_t length = strcspn(text, " \t");
    while (strncmp(text, "lock ", 5) == 0 || strncmp(text, "rep ", 4) == 0) {
        size_t next = length + strspn(text + length, " \t");
        memmove(text + length + 1, text + next, strlen(text + next) + 1);
        text[length] = '_'; /* for now, so that it is one word */
        length += 1 + strcspn(text + length + 1, " \t");
    }
    char *operands = text + length + strspn(text + length, " \t");
    for (size_t at = strlen(operands); at > 0 && strchr(" \t", operands[at - 1]); at--)
        operands[at - 1] = '\0';
    if (length >= sizeof into->mnemonic || strlen(operands) >= sizeof into->operands)
        die(EXIT_FAILED, "objdump printed a line that is not understood: %s", text);
    memcpy(into->mnemonic, text, length);
    into->mnemonic[length] = '\0';
    for (char *at = into->mnemonic; *at; at++)
        *at = *at == '_' ? ' ' : *at;
    snprintf(into->operands, sizeof into->operands, "%s", operands);
    return true;
}

/* Writes the code where objdump finds it; dies where it cannot. The caller frees the path. */
static char *write_code(const struct temporary *folder, const uint8_t *code, size_t size) {
    char *path;
    if (asprintf(&path, "%s/code", temporary_path(folder)) < 0)
        die(EXIT_FAILED, "out of memory");
    FILE *file = fopen(path, "we");
    bool done = file && fwrite(code, 1, size, file) == size && fflush(file) == 0;
    if (!done)
        die(EXIT_FAILED, "cannot write machine code to %s: %s", path, strerror(errno));
    fclose(file);
    return path;
}

const char *disassemble_lacks(enum isa isa) {
    char *argv[] = {tools[isa].program, "--version", NULL}, *line = NULL;
    size_t size = 0;
    struct child objdump;
    if (!child_start(&objdump, argv))
        die(EXIT_FAILED, "cannot start %s: %s", tools[isa].program, strerror(errno));
    while (getline(&line, &size, objdump.out) >= 0)
        continue;
    free(line);
    return child_end(&objdump) == CHILD_NOT_FOUND ? tools[isa].package : NULL;
}

struct instruction *disassemble(enum isa isa, const uint8_t *code, size_t size, size_t *count) {
    const struct tool *tool = &tools[isa];
    struct temporary *folder = temporary_folder();
    char *path = write_code(folder, code, size), *line = NULL;
    char *argv[] = {tool->program,        "-Dzw", "-bbinary", tool->machine, tool->syntax,
                    "--no-show-raw-insn", path,   NULL};
    size_t room = size / 4 + 16, used = 0, line_size = 0;
    struct instruction *all = allocate(room, sizeof *all);
    struct child objdump;
    if (!child_start(&objdump, argv))
        die(EXIT_FAILED, "cannot start %s: %s", tool->program, strerror(errno));
    while (getline(&line, &line_size, objdump.out) >= 0) {
        if (used == room) {
            room += room / 2 + 16;
            all = realloc(all, room * sizeof *all);
            if (all == NULL)
                die(EXIT_FAILED, "out of memory for %zu instructions", room);
        }
        used += take_line(line, &all[used]);
    }
    free(line);
    free(path);
    int status = child_end(&objdump);
    temporary_remove(folder);
    if (status == CHILD_NOT_FOUND)
        die(EXIT_MISSING, "no %s here: install the package %s", tool->program, tool->package);
    if (status > 0)
        die(EXIT_FAILED, "%s failed with exit status %d", tool->program, status);
    *count = used;
    return all;
}
