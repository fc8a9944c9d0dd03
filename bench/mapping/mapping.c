/* SPDX-License-Identifier: MIT */
#include "mapping/mapping.h"

#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "mapping/words.h"

static const struct known_instruction instructions[] = {
#define INSTRUCTION(isa_, word_, class_, order_, feature_)                                         \
    {.isa = ISA_##isa_,                                                                            \
     .word = (word_),                                                                              \
     .class = CLASS_##class_,                                                                      \
     .order = (order_),                                                                            \
     .feature = (feature_)},
#include "mapping/instructions.def"
#undef INSTRUCTION
};

enum isa isa_here(void) {
#ifdef __aarch64__
    return ISA_AARCH64;
#else
    return ISA_X86_64;
#endif
}

const char *isa_name(enum isa isa) {
    return isa == ISA_AARCH64 ? "aarch64" : "x86-64";
}

const struct known_instruction *instruction_named(enum isa isa, const char *word) {
    for (size_t i = 0; i < sizeof instructions / sizeof *instructions; i++)
        if (instructions[i].isa == isa && text_same(instructions[i].word, word))
            return &instructions[i];
    return NULL;
}

const char *instruction_operands(const struct known_instruction *instruction) {
    static const char *const operands[CLASSES] = {
        [CLASS_LOAD] = "{value}, [{address}]",
        [CLASS_LOAD_LANE] = "{value}, [{address}]",
        [CLASS_LOAD_PAIR] = "{low}, {high}, [{address}]",
        [CLASS_STORE] = "{value}, [{address}]",
        [CLASS_STORE_LANE] = "{value}, [{address}]",
        [CLASS_STORE_PAIR] = "{low}, {high}, [{address}]",
        [CLASS_EXCHANGE] = "{value}, {old}, [{address}]",
        [CLASS_FETCH_ADD] = "{value}, {old}, [{address}]",
        [CLASS_ADD] = "{value}, [{address}]",
        [CLASS_COMPARE_EXCHANGE] = "{want}, {value}, [{address}]",
        [CLASS_LOAD_EXCLUSIVE] = "{old}, [{address}]",
        [CLASS_STORE_EXCLUSIVE] = "{status}, {value}, [{address}]",
        [CLASS_MOVE] = "{value}, [{address}]",
        [CLASS_MOVE_VECTOR] = "{value}, [{address}]",
    };
    const char *text = operands[instruction->class];
    return text ? text : "";
}

const char *mapping_next_word(const char *sequence, char word[MAX_WORD]) {
    size_t length = (size_t)(strchrnul(sequence, ';') - sequence);
    if (length == 0)
        return NULL;
    if (length >= MAX_WORD)
        die(EXIT_FAILED, "word too long in a sequence: %s", sequence);
    memcpy(word, sequence, length);
    word[length] = '\0';
    sequence += length;
    while (*sequence == ';' || *sequence == ' ') /* strspn() makes a table at each call */
        sequence++;
    return sequence;
}

struct mapping mapping_of(const struct lowering *lowering, enum isa isa) {
    return (struct mapping){.name = lowering->name,
                            .used_by = lowering->used_by,
                            .isa = isa,
                            .coverage = lowering->coverage,
                            .sequence = lowering->sequence,
                            .data = lowering->data,
                            .needs = lowering->needs,
                            .rmw_needs = lowering->rmw_needs};
}

const struct mapping *mapping_table(size_t *count) {
    enum { MOST = 256 };
    static struct mapping all[MOST];
    static size_t filled;
    if (filled == 0) {
        if (words_aarch64_count + words_x86_64_count > MOST)
            die(EXIT_FAILED, "more than %d lowerings", MOST);
        for (int i = 0; i < ISAS; i++) {
            enum isa isa = i == 0 ? isa_here() : (enum isa)(1 - isa_here());
            const struct lowering *words = isa == ISA_AARCH64 ? words_aarch64 : words_x86_64;
            size_t many = isa == ISA_AARCH64 ? words_aarch64_count : words_x86_64_count;
            for (size_t k = 0; k < many; k++)
                all[filled++] = mapping_of(&words[k], isa);
        }
    }
    *count = filled;
    return all;
}

const struct mapping *mapping_named(const char *name, enum isa isa) {
    size_t count;
    const struct mapping *all = mapping_table(&count);
    for (size_t i = 0; i < count; i++)
        if (text_same(all[i].name, name) && (isa == ISAS || all[i].isa == isa))
            return &all[i];
    return NULL;
}

#define BIT(class) (1u << CLASS_##class)
#define EXCLUSIVES (BIT(LOAD_EXCLUSIVE) | BIT(STORE_EXCLUSIVE))
#define ROW(name, required, classes)                                                               \
    { #name, offsetof(struct sequence, name), required, classes }
const struct operation_row operation_rows[OPERATION_ROWS] = {
    ROW(load, true, BIT(LOAD) | BIT(MOVE)),
    ROW(store, true, BIT(STORE) | BIT(MOVE) | BIT(EXCHANGE)),
    ROW(load_byte, false, BIT(LOAD) | BIT(MOVE)),
    ROW(store_byte, false, BIT(STORE) | BIT(MOVE) | BIT(EXCHANGE)),
    ROW(load_pair, false, BIT(LOAD) | BIT(LOAD_PAIR) | BIT(MOVE)),
    ROW(store_pair, false, BIT(STORE) | BIT(STORE_PAIR) | BIT(MOVE) | BIT(EXCHANGE)),
    ROW(load_vec16, false, BIT(LOAD) | BIT(LOAD_LANE) | BIT(MOVE_VECTOR)),
    ROW(store_vec16, false, BIT(STORE) | BIT(STORE_LANE) | BIT(MOVE_VECTOR)),
    ROW(load_vec32, false, BIT(LOAD) | BIT(LOAD_PAIR) | BIT(LOAD_LANE) | BIT(MOVE_VECTOR)),
    ROW(store_vec32, false, BIT(STORE) | BIT(STORE_PAIR) | BIT(STORE_LANE) | BIT(MOVE_VECTOR)),
    ROW(exchange, true, BIT(EXCHANGE) | EXCLUSIVES),
    ROW(compare_exchange, true, BIT(COMPARE_EXCHANGE) | EXCLUSIVES),
    ROW(fetch_add, true, BIT(FETCH_ADD) | BIT(ADD) | EXCLUSIVES),
    ROW(compare_exchange_pair, false,
        BIT(COMPARE_EXCHANGE_PAIR) | BIT(LOAD_EXCLUSIVE_PAIR) | BIT(STORE_EXCLUSIVE_PAIR)),
    ROW(fence, true, BIT(LOAD) | BIT(EXCHANGE) | BIT(BARRIER) | BIT(NOTHING)),
    ROW(copy, false, BIT(COPY)),
    {"load_unaligned", offsetof(struct mapping, load_unaligned), false, BIT(LOAD)},
    {"store_unaligned", offsetof(struct mapping, store_unaligned), false, BIT(STORE)},
};

const char **mapping_place(struct mapping *mapping, size_t row) {
    char *base = row < OPERATION_SEQUENCES ? (char *)&mapping->sequence : (char *)mapping;
    return (const char **)(void *)(base + operation_rows[row].offset);
}

const char *mapping_sequence(const struct mapping *mapping, size_t row) {
    struct mapping copy = *mapping;
    return *mapping_place(&copy, row);
}
