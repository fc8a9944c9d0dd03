/* SPDX-License-Identifier: MIT */
#include "disassemble.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "die.h"

/* Of each ISA, by the names that Debian's binutils packages have on any machine. */
static const struct tool {
    const char *program, *options, *package;
} tools[ISAS] = {
    [ISA_AARCH64] = {"aarch64-linux-gnu-objdump", "-m aarch64", "binutils-aarch64-linux-gnu"},
    [ISA_X86_64] = {"x86_64-linux-gnu-objdump", "-m i386:x86-64 -M intel",
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
        die(EXIT_FAILED, "objdump says more than is expected: %s", text);
    memcpy(into->mnemonic, text, length);
    into->mnemonic[length] = '\0';
    for (char *at = into->mnemonic; *at; at++)
        *at = *at == '_' ? ' ' : *at;
    snprintf(into->operands, sizeof into->operands, "%s", operands);
    return true;
}

struct instruction *disassemble(enum isa isa, const uint8_t *code, size_t size, size_t *count) {
    char path[] = "/tmp/tsobench-code-XXXXXX", command[256];
    int file = mkstemp(path);
    if (file < 0 || write(file, code, size) != (ssize_t)size || close(file))
        die(EXIT_FAILED, "cannot write machine code to %s: %s", path, strerror(errno));
    snprintf(command, sizeof command, "%s -D -z -w -b binary %s --no-show-raw-insn %s",
             tools[isa].program, tools[isa].options, path);
    FILE *out = popen(command, "re");
    if (out == NULL)
        die(EXIT_FAILED, "cannot start %s: %s", tools[isa].program, strerror(errno));
    size_t room = size / 4 + 16, used = 0;
    struct instruction *all = allocate(room, sizeof *all);
    char *line = NULL;
    size_t line_size = 0;
    while (getline(&line, &line_size, out) >= 0) {
        if (used == room) {
            room += room / 2 + 16;
            all = realloc(all, room * sizeof *all);
            if (all == NULL)
                die(EXIT_FAILED, "out of memory for %zu instructions", room);
        }
        used += take_line(line, &all[used]);
    }
    free(line);
    int status = pclose(out);
    unlink(path);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) /* the shell's for "not found" */
        die(EXIT_MISSING, "no %s here: install the package %s", tools[isa].program,
            tools[isa].package);
    if (status)
        die(EXIT_FAILED, "%s did not work: its status is 0x%x", tools[isa].program,
            (unsigned)status);
    *count = used;
    return all;
}
