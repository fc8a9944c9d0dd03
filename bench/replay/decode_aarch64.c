/* SPDX-License-Identifier: MIT
 *
 * decode_aarch64.c: evaluates A64 code from its disassembly, as far as addresses need it, and
 * follows what each register was computed from. It knows the instructions that a replay may hold,
 * and no more: any other is a fault.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay/access_list.h"

enum { SP = 31, ZERO = 32, VECTORS = 33, REGISTERS = 65, OPERANDS = 5 };

struct machine {
    struct decoding *decoding;
    const struct instruction *at;
    struct value x[REGISTERS]; /* of vectors, which are 0 throughout, only the origin */
    bool equal;
    char text[MAX_OPERANDS];
    char *operand[OPERANDS];
    unsigned operands;
};

static bool fail(struct machine *machine, const char *what) {
    snprintf(machine->decoding->why, machine->decoding->why_size, "code+0x%zx: %s: %s %s",
             machine->at->offset - machine->decoding->start, what, machine->at->mnemonic,
             machine->at->operands);
    return false;
}

/* Cuts the operands at commas that are in no bracket. */
static void split(struct machine *machine) {
    unsigned depth = 0;
    char *begin = machine->text;
    snprintf(machine->text, sizeof machine->text, "%s", machine->at->operands);
    machine->operands = 0;
    for (char *at = machine->text; machine->operands < OPERANDS; at++) {
        depth += *at == '[';
        depth -= *at == ']';
        if ((*at == ',' && depth == 0) || *at == '\0') {
            bool last = *at == '\0';
            *at = '\0';
            machine->operand[machine->operands++] = begin + strspn(begin, " ");
            begin = at + 1;
            if (last)
                break;
        }
    }
}

/* x0 to x30, w0 to w30, xzr, wzr, sp, v0 to v31 by any of their names; REGISTERS for all else. */
static unsigned register_of(const char *text) {
    if (strncmp(text, "xzr", 3) == 0 || strncmp(text, "wzr", 3) == 0)
        return ZERO;
    if (strncmp(text, "sp", 2) == 0)
        return SP;
    bool vector = strchr("vqdshb", text[0]) != NULL;
    if (!vector && text[0] != 'x' && text[0] != 'w')
        return REGISTERS;
    char *end;
    unsigned long number = strtoul(text + 1, &end, 10);
    if (end == text + 1 || number > (vector ? 31 : 30))
        return REGISTERS;
    return (vector ? VECTORS : 0) + (unsigned)number;
}

static unsigned scalar_bytes(char letter) {
    return letter == 'q'                    ? 16
           : letter == 'd' || letter == 'x' ? 8
           : letter == 'h'                  ? 2
           : letter == 'b'                  ? 1
                                            : 4;
}

static void set(struct machine *machine, unsigned which, struct value value) {
    if (which < REGISTERS && which != ZERO)
        machine->x[which] = value;
}

/* A register or an immediate. */
static struct value value(const struct machine *machine, const char *text) {
    unsigned which = register_of(text);
    return which < REGISTERS ? machine->x[which]
                             : (struct value){.is = strtoull(text + (*text == '#'), NULL, 0)};
}

static struct value sum(struct value a, struct value b) {
    return (struct value){a.is + b.is, origin_join(a.from, b.from)};
}

/* [base], [base, #d], [base, x2], [base, #d]!, and [base] with an operand after it. */
static struct value address(struct machine *machine, unsigned operand) {
    char *text = machine->operand[operand] + 1, *comma = strchr(text, ',');
    unsigned base = register_of(text);
    struct value at = machine->x[base];
    if (comma)
        at = sum(at, value(machine, comma + 1 + strspn(comma + 1, " ")));
    if (strchr(text, '!'))
        machine->x[base] = at;
    else if (operand + 1 < machine->operands)
        machine->x[base].is += value(machine, machine->operand[operand + 1]).is;
    return at;
}

/* The origin of so many operands. */
static struct origin origin_of(const struct machine *machine, unsigned first, unsigned count) {
    struct origin all = {0};
    for (unsigned i = first; i < first + count; i++)
        all = origin_join(all, value(machine, machine->operand[i]).from);
    return all;
}

/* Something was found; data is the origin of what it writes. Returns a loaded 0. */
static struct value found(struct machine *machine, const char *word, struct listed item,
                          struct value at, struct origin data) {
    item.offset = (int64_t)at.is;
    item.address = at.from;
    item.data = data;
    snprintf(item.word, sizeof item.word, "%s", word);
    size_t place = machine->at->offset - machine->decoding->start;
    return (struct value){.from = decoding_found(machine->decoding, place, item)};
}

/* Loads and stores, pairs too: what the mnemonic begins with, what policies call it, and how many
 * registers stand before the address. */
static bool load_or_store(struct machine *machine) {
    static const struct {
        const char *stem, *word;
        char way;
        unsigned before; /* operands before those that are loaded or stored */
        unsigned moved;
    } forms[] = {{"ldapur", "LDAPUR", 'R', 0, 1}, {"ldapr", "LDAPR", 'R', 0, 1},
                 {"ldaxp", "LDAXR", 'R', 0, 2},   {"ldaxr", "LDAXR", 'R', 0, 1},
                 {"ldar", "LDAR", 'R', 0, 1},     {"ldxp", "LDXR", 'R', 0, 2},
                 {"ldxr", "LDXR", 'R', 0, 1},     {"ldur", "LDR", 'R', 0, 1},
                 {"ldp", "LDP", 'R', 0, 2},       {"ldr", "LDR", 'R', 0, 1},
                 {"stlur", "STLUR", 'W', 0, 1},   {"stlxp", "STLXR", 'W', 1, 2},
                 {"stlxr", "STLXR", 'W', 1, 1},   {"stlr", "STLR", 'W', 0, 1},
                 {"stxp", "STXR", 'W', 1, 2},     {"stxr", "STXR", 'W', 1, 1},
                 {"stur", "STR", 'W', 0, 1},      {"stp", "STP", 'W', 0, 2},
                 {"str", "STR", 'W', 0, 1}};
    const char *mnemonic = machine->at->mnemonic;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t length = strlen(forms[i].stem);
        const char *suffix = mnemonic + length;
        if (strncmp(mnemonic, forms[i].stem, length) || (*suffix && suffix[1]) ||
            (*suffix && *suffix != 'b' && *suffix != 'h'))
            continue;
        const char *first = machine->operand[forms[i].before];
        unsigned bytes = *suffix ? scalar_bytes(*suffix) : scalar_bytes(*first);
        unsigned after = forms[i].before + forms[i].moved;
        if (machine->operands <= after || machine->operand[after][0] != '[')
            return fail(machine, "no address");
        struct listed item = {.way = forms[i].way,
                              .vector = register_of(first) >= VECTORS,
                              .bytes = bytes * forms[i].moved};
        struct origin data = origin_of(machine, forms[i].before, forms[i].moved);
        struct value loaded = found(machine, forms[i].word, item, address(machine, after), data);
        for (unsigned r = forms[i].before; item.way == 'R' && r < after; r++)
            set(machine, register_of(machine->operand[r]), loaded);
        if (forms[i].before) /* the exclusive store succeeds */
            set(machine, register_of(machine->operand[0]), (struct value){0});
        return true;
    }
    return fail(machine, "not known");
}

/* SWPAL, LDADDAL, CASAL and so on, with b or h. */
static bool atomic(struct machine *machine) {
    static const char *const stems[] = {"swpal",   "ldaddal", "ldclral", "ldsetal",
                                        "ldeoral", "caspal",  "casal"};
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        size_t length = strlen(stems[i]);
        const char *suffix = machine->at->mnemonic + length;
        if (strncmp(machine->at->mnemonic, stems[i], length))
            continue;
        bool pair = strcmp(stems[i], "caspal") == 0, compares = stems[i][0] == 'c';
        unsigned bytes = *suffix ? scalar_bytes(*suffix) : scalar_bytes(machine->operand[0][0]);
        char word[MAX_WORD] = {0};
        for (size_t c = 0; c < length; c++)
            word[c] = (char)(stems[i][c] - 'a' + 'A');
        struct listed item = {.way = 'M', .bytes = pair ? 16 : bytes};
        struct origin data = origin_of(machine, 0, pair ? 4 : compares ? 2 : 1);
        struct value old = found(machine, word, item, address(machine, pair ? 4 : 2), data);
        set(machine, register_of(machine->operand[compares ? 0 : 1]), old);
        if (pair)
            set(machine, register_of(machine->operand[1]), old);
        return true;
    }
    return false;
}

static bool arithmetic(struct machine *machine) {
    const char *name = machine->at->mnemonic, *shift = NULL;
    unsigned to = register_of(machine->operand[0]);
    struct value first = {0}, second = {0};
    if (machine->operands > 1)
        first = value(machine, machine->operand[1]);
    if (machine->operands > 2)
        second = value(machine, machine->operand[2]);
    if (machine->operands > 3)
        shift = machine->operand[3];
    if (shift && strncmp(shift, "lsl #", 5) == 0)
        second.is <<= strtoul(shift + 5, NULL, 10);
    struct value result = sum(first, second);
    if (strcmp(name, "mov") == 0 || strcmp(name, "fmov") == 0)
        result = first;
    else if (strcmp(name, "movk") == 0) { /* its shift is the third operand */
        unsigned at =
            machine->operands > 2 ? (unsigned)strtoul(machine->operand[2] + 5, NULL, 10) : 0;
        result = machine->x[to];
        result.is = (result.is & ~(UINT64_C(0xffff) << at)) | first.is << at;
    } else if (strcmp(name, "mvn") == 0)
        result.is = ~first.is;
    else if (strcmp(name, "sub") == 0 || strcmp(name, "subs") == 0) {
        result.is = first.is - second.is;
        machine->equal = strcmp(name, "subs") ? machine->equal : first.is == second.is;
    } else if (strcmp(name, "cmp") == 0) {
        machine->equal = value(machine, machine->operand[0]).is == first.is;
        return true;
    } else if (strcmp(name, "and") == 0)
        result.is = first.is & second.is;
    else if (strcmp(name, "orr") == 0)
        result.is = first.is | second.is;
    else if (strcmp(name, "eor") == 0)
        result.is = first.is ^ second.is;
    else if (strcmp(name, "movi") == 0 || strcmp(name, "mrs") == 0)
        result = (struct value){0};
    else if (strcmp(name, "add"))
        return strcmp(name, "msr") == 0;
    set(machine, to, result);
    return true;
}

/* CPYFP, CPYFM, CPYFE: all is done by the first; the others have 0 bytes left. */
static bool memory_operation(struct machine *machine) {
    const char *name = machine->at->mnemonic;
    bool copy = strncmp(name, "cpyf", 4) == 0;
    if (!copy && strncmp(name, "set", 3))
        return false;
    struct value *to = &machine->x[register_of(machine->operand[0] + 1)],
                 *from = &machine->x[register_of(machine->operand[1] + 1)],
                 *count = &machine->x[register_of(machine->operand[copy ? 2 : 1])];
    struct listed item = {.way = 'R', .bytes = (uint32_t)count->is};
    struct value data = {0};
    char word[MAX_WORD] = {0};
    for (size_t c = 0; name[c] && c < sizeof word - 1; c++)
        word[c] = (char)(name[c] - 'a' + 'A');
    if (copy)
        data = found(machine, word, item, *from, data.from);
    else
        data = value(machine, machine->operand[2]);
    item.way = 'W';
    found(machine, word, item, *to, data.from);
    to->is += count->is;
    if (copy)
        from->is += count->is;
    count->is = 0;
    return true;
}

/* FEAT_LRCPC3, which binutils 2.40 does not know: LDAPUR and STLUR of vectors. */
static bool raw_word(struct machine *machine) {
    uint32_t word = (uint32_t)strtoul(machine->operand[0], NULL, 0);
    if ((word & 0x3f200c00) != 0x1d000800)
        return fail(machine, "not known");
    unsigned bytes = word & 0x800000 ? 16 : 1u << (word >> 30);
    int64_t displacement = ((int64_t)(word >> 12 & 0x1ff) ^ 0x100) - 0x100;
    struct value at =
        sum(machine->x[word >> 5 & 31], (struct value){(uint64_t)displacement, {{0}}});
    bool load = (word & 0x400000) != 0;
    struct value *vector = &machine->x[VECTORS + (word & 31)];
    struct listed item = {.way = load ? 'R' : 'W', .vector = true, .bytes = bytes};
    struct value loaded = found(machine, load ? "LDAPUR" : "STLUR", item, at, vector->from);
    if (load)
        *vector = loaded;
    return true;
}

/* Whether a branch is taken; *known says whether it is one. */
static bool branches(const struct machine *machine, bool *known) {
    const char *name = machine->at->mnemonic;
    *known = true;
    if (strcmp(name, "b") == 0)
        return true;
    if (strcmp(name, "b.ne") == 0)
        return !machine->equal;
    if (strcmp(name, "b.eq") == 0)
        return machine->equal;
    if (strcmp(name, "cbnz") == 0)
        return value(machine, machine->operand[0]).is != 0;
    *known = false;
    return false;
}

static bool step(struct machine *machine) {
    const char *name = machine->at->mnemonic;
    if (strcmp(name, "nop") == 0)
        found(machine, "NOP", (struct listed){.way = '-'}, (struct value){0}, (struct origin){0});
    else if (strcmp(name, "isb") == 0)
        found(machine, "ISB", (struct listed){.way = '-'}, (struct value){0}, (struct origin){0});
    else if (strcmp(name, "dmb") == 0 || strcmp(name, "dsb") == 0) {
        char word[MAX_WORD];
        snprintf(word, sizeof word, "%.3s %.16s", name, machine->operand[0]);
        for (char *c = word; *c; c++)
            *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
        found(machine, word, (struct listed){.way = '-'}, (struct value){0}, (struct origin){0});
    } else if (strcmp(name, ".inst") == 0)
        return raw_word(machine);
    else if (!arithmetic(machine) && !atomic(machine) && !memory_operation(machine))
        return load_or_store(machine);
    return true;
}

bool decode_aarch64(struct decoding *decoding) {
    struct machine machine = {.decoding = decoding};
    for (unsigned i = 0; i < REGISTERS; i++)
        machine.x[i].from.of[0] = i == ZERO ? 0 : ORIGIN_UNWRITTEN;
    machine.x[0] = (struct value){.is = UINT64_C(1) << ARENA_BIT};
    machine.x[1] = (struct value){.is = 1}; /* pass */
    machine.x[SP] = (struct value){.is = UINT64_C(1) << 50};
    size_t at = 0;
    for (uint64_t steps = 0; at < decoding->count && steps < DECODE_LIMIT; steps++) {
        machine.at = &decoding->instructions[at];
        split(&machine);
        if (strcmp(machine.at->mnemonic, "ret") == 0)
            return machine.x[0].from.of[0] == 0 || fail(&machine, "the sum comes from a load");
        bool branch, taken = branches(&machine, &branch);
        if (branch && taken) {
            const char *target = machine.operand[machine.operands - 1];
            at = (strtoull(target, NULL, 16) - decoding->start) / 4;
        } else if (branch || step(&machine))
            at++;
        else
            return false;
    }
    snprintf(decoding->why, decoding->why_size, "runs on and on, or out of the code");
    return false;
}
