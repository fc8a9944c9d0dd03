/* SPDX-License-Identifier: MIT */
#include "base/build.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static char digits[2 * 64 + 1];

/* The note with the name GNU and this type; names and contents are padded to four bytes. */
static void find_id(const char *note, const char *end) {
    while (end - note >= (ptrdiff_t)sizeof(ElfW(Nhdr))) {
        const ElfW(Nhdr) *head = (const void *)note;
        const char *name = note + sizeof *head, *content = name + ((head->n_namesz + 3) & ~3u);
        if (head->n_type == NT_GNU_BUILD_ID && head->n_namesz == 4 && memcmp(name, "GNU", 4) == 0)
            for (unsigned i = 0; i < head->n_descsz && 2 * i + 2 < sizeof digits; i++)
                snprintf(digits + (size_t)2 * i, 3, "%02x", (unsigned char)content[i]);
        note = content + ((head->n_descsz + 3) & ~3u);
    }
}

/* The first object is the program itself. */
static int visit(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size, (void)context;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        const char *begin = (const char *)(info->dlpi_addr + part->p_vaddr);
        if (part->p_type == PT_NOTE)
            find_id(begin, begin + part->p_memsz);
    }
    return 1;
}

const char *build_id(void) {
    if (digits[0] == 0)
        dl_iterate_phdr(visit, NULL);
    return digits;
}
