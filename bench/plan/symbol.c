/* SPDX-License-Identifier: MIT
 *
 * symbol.c: what was called, by the program's own table of exported symbols, which is in its
 * memory: dladdr() would say the same, but says nothing in a static program.
 */
#include <elf.h>
#include <link.h>
#include <string.h>

#include "plan/plan.h"

/* Where the program was loaded; its addresses at link time begin at 0, or it was not moved. */
extern const char program_begin[] __asm__("__ehdr_start") __attribute__((visibility("hidden")));

struct table {
    const ElfW(Sym) * symbols;
    const char *names;
    size_t count;
};

/* Some loaders make addresses of what the dynamic section says, others leave it as it is. */
static const void *loaded(ElfW(Addr) address) {
    ElfW(Addr) begin = (ElfW(Addr))program_begin;
    return (const char *)NULL + (address < begin ? address + begin : address);
}

/* Only a table of hashes says where the symbols end. In DT_GNU_HASH buckets hold the first symbol
 * of each, and of the words that follow, one a symbol, bit 0 ends a bucket. */
static size_t count_symbols(const uint32_t *hashes) {
    uint32_t buckets = hashes[0], first = hashes[1], filter_words = hashes[2], last = 0;
    const uint32_t *bucket = hashes + 4 + filter_words * (sizeof(ElfW(Addr)) / sizeof *hashes);
    const uint32_t *chain = bucket + buckets;
    for (uint32_t i = 0; i < buckets; i++)
        last = bucket[i] > last ? bucket[i] : last;
    while (last >= first && !(chain[last - first] & 1))
        last++;
    return last + 1;
}

extern ElfW(Dyn) _DYNAMIC[]; /* of which musl's <link.h> says nothing */

static struct table find_table(void) {
    struct table table = {0};
    for (const ElfW(Dyn) *entry = _DYNAMIC; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_SYMTAB)
            table.symbols = loaded(entry->d_un.d_ptr);
        else if (entry->d_tag == DT_STRTAB)
            table.names = loaded(entry->d_un.d_ptr);
        else if (entry->d_tag == DT_GNU_HASH)
            table.count = count_symbols(loaded(entry->d_un.d_ptr));
        else if (entry->d_tag == DT_HASH)
            table.count = ((const uint32_t *)loaded(entry->d_un.d_ptr))[1];
    }
    return table;
}

const char *plan_symbol(const struct cell *cell) {
    static struct table table;
    const void *address;
    memcpy(&address, &cell->run, sizeof address);
    if (table.symbols == NULL)
        table = find_table();
    for (size_t i = 0; table.symbols && i < table.count; i++)
        if (table.symbols[i].st_shndx != SHN_UNDEF && loaded(table.symbols[i].st_value) == address)
            return table.names + table.symbols[i].st_name;
    return NULL;
}
