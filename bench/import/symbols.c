/* SPDX-License-Identifier: MIT */
#include "import/symbols.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

struct symbols {
    unsigned char *file;
    size_t size;
    const Elf64_Sym *table;
    size_t count;
    const char *names;
    size_t names_size;
};

static unsigned char *read_whole(const char *path, size_t *size) {
    FILE *file = fopen(path, "re");
    if (file == NULL || fseek(file, 0, SEEK_END))
        die(EXIT_USAGE, "cannot read %s: %s", path, strerror(errno));
    long length = ftell(file);
    rewind(file);
    /* A name that nothing in the file ends is ended by the byte behind it. */
    unsigned char *bytes = allocate((length > 0 ? (size_t)length : 0) + 1, 1);
    *size = fread(bytes, 1, (size_t)(length > 0 ? length : 0), file);
    fclose(file);
    return bytes;
}

static bool is_inside(const struct symbols *symbols, uint64_t offset, uint64_t size) {
    return offset <= symbols->size && size <= symbols->size - offset && offset % 8 == 0;
}

static void find_table(struct symbols *symbols) {
    const Elf64_Ehdr *head = (const void *)symbols->file;
    if (symbols->size < sizeof *head || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
        head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_shentsize != sizeof(Elf64_Shdr) ||
        !is_inside(symbols, head->e_shoff, (uint64_t)head->e_shnum * sizeof(Elf64_Shdr)))
        return;
    const Elf64_Shdr *sections = (const void *)(symbols->file + head->e_shoff);
    for (unsigned i = 0; i < head->e_shnum; i++) {
        const Elf64_Shdr *section = &sections[i];
        if (section->sh_type != SHT_SYMTAB || section->sh_link >= head->e_shnum ||
            !is_inside(symbols, section->sh_offset, section->sh_size))
            continue;
        const Elf64_Shdr *names = &sections[section->sh_link];
        if (names->sh_offset >= symbols->size)
            continue;
        symbols->table = (const void *)(symbols->file + section->sh_offset);
        symbols->count = section->sh_size / sizeof(Elf64_Sym);
        symbols->names = (const char *)symbols->file + names->sh_offset;
        symbols->names_size = symbols->size - names->sh_offset;
    }
}

struct symbols *symbols_read(const char *path) {
    struct symbols *symbols = allocate(1, sizeof *symbols);
    symbols->file = read_whole(path, &symbols->size);
    find_table(symbols);
    if (symbols->count == 0)
        die(EXIT_USAGE, "%s has no symbols: name the program that was simulated, not stripped",
            path);
    return symbols;
}

void symbols_free(struct symbols *symbols) {
    if (symbols)
        free(symbols->file);
    free(symbols);
}

const char *symbols_at(const struct symbols *symbols, uint64_t address) {
    for (size_t i = 0; i < symbols->count; i++) {
        const Elf64_Sym *symbol = &symbols->table[i];
        if (symbol->st_value == address && ELF64_ST_TYPE(symbol->st_info) == STT_FUNC &&
            ELF64_ST_BIND(symbol->st_info) == STB_GLOBAL && symbol->st_name < symbols->names_size)
            return symbols->names + symbol->st_name;
    }
    return NULL;
}
