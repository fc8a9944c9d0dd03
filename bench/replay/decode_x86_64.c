/* SPDX-License-Identifier: MIT
 *
 * decode_x86_64.c: evaluates x86-64 code from its disassembly (Intel's syntax), as decode_aarch64.c
 * does: addresses, and what registers were computed from. It knows what a replay may hold, and no
 * more. A write to a part of a register is taken for one to all of it: what is in the rest, an XCHG
 * has waited for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay/access_list.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, GENERALS = 16, REGISTERS = 32 };

struct machine {
    struct decoding *decoding;
    const struct instruction *at;
    struct value r[REGISTERS]; /* of vectors, which are 0 throughout, only the origin */
    struct origin flags;
    bool backward, zero;
    char first[MAX_OPERANDS], second[MAX_OPERANDS];
};

static bool fail(struct machine *machine, const char *what) {
    snprintf(machine->decoding->why, machine->decoding->why_size, "code+0x%zx: %s: %s %s",
             machine->at->offset - machine->decoding->start, what, machine->at->mnemonic,
             machine->at->operands);
    return false;
}

/* The number of a register of any width, vectors after the general ones; REGISTERS if it is none.
 */
static unsigned register_of(const char *text, size_t length) {
    static const char *const names[GENERALS][4] = {
        {"rax", "eax", "ax", "al"},      {"rcx", "ecx", "cx", "cl"},
        {"rdx", "edx", "dx", "dl"},      {"rbx", "ebx", "bx", "bl"},
        {"rsp", "esp", "sp", "spl"},     {"rbp", "ebp", "bp", "bpl"},
        {"rsi", "esi", "si", "sil"},     {"rdi", "edi", "di", "dil"},
        {"r8", "r8d", "r8w", "r8b"},     {"r9", "r9d", "r9w", "r9b"},
        {"r10", "r10d", "r10w", "r10b"}, {"r11", "r11d", "r11w", "r11b"},
        {"r12", "r12d", "r12w", "r12b"}, {"r13", "r13d", "r13w", "r13b"},
        {"r14", "r14d", "r14w", "r14b"}, {"r15", "r15d", "r15w", "r15b"}};
    if (length > 3 && strncmp(text + 1, "mm", 2) == 0)
        return GENERALS + (unsigned)strtoul(text + 3, NULL, 10) % GENERALS;
    for (unsigned i = 0; i < GENERALS; i++)
        for (unsigned width = 0; width < 4; width++)
            if (strlen(names[i][width]) == length && memcmp(names[i][width], text, length) == 0)
                return i;
    return REGISTERS;
}

static bool is_memory(const char *operand) {
    return strchr(operand, '[') != NULL;
}

static unsigned memory_bytes(const char *operand) {
    static const struct {
        const char *name;
        unsigned bytes;
    } sizes[] = {{"BYTE", 1},     {"WORD", 2},   {"DWORD", 4},   {"QWORD", 8},
                 {"XMMWORD", 16}, {"OWORD", 16}, {"YMMWORD", 32}};
    size_t length = strcspn(operand, " ");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (strlen(sizes[i].name) == length && memcmp(sizes[i].name, operand, length) == 0)
            return sizes[i].bytes;
    return 0;
}

/* [base+index*1+0x8], in any of its forms. */
static struct value address(const struct machine *machine, const char *operand) {
    struct value sum = {0};
    for (const char *at = strchr(operand, '[') + 1; *at && *at != ']';) {
        bool minus = *at == '-';
        at += *at == '+' || *at == '-';
        size_t length = strcspn(at, "+-*]");
        unsigned which = register_of(at, length);
        struct value term = {.is = which < REGISTERS ? 0 : strtoull(at, NULL, 0)};
        if (which < REGISTERS)
            term = machine->r[which];
        at += length;
        if (*at == '*') {
            term.is *= strtoull(at + 1, NULL, 0);
            at += strcspn(at, "+-]");
        }
        sum.is += minus ? -term.is : term.is;
        sum.from = origin_join(sum.from, term.from);
    }
    return sum;
}

static struct value value(const struct machine *machine, const char *operand) {
    unsigned which = register_of(operand, strlen(operand));
    if (which < REGISTERS)
        return machine->r[which];
    return (struct value){.is = is_memory(operand) ? 0 : strtoull(operand, NULL, 0)};
}

static void set(struct machine *machine, const char *operand, struct value to) {
    unsigned which = register_of(operand, strlen(operand));
    if (which < REGISTERS)
        machine->r[which] = to;
}

/* Something was found; data is the origin of what it writes. Returns a loaded 0. */
static struct value found(struct machine *machine, const char *word, struct listed item,
                          struct value at, struct origin data) {
    item.offset = (int64_t)at.is;
    item.address = at.from;
    item.data = data;
    for (size_t i = 0; word[i] && i < sizeof item.word - 1; i++)
        item.word[i] = (char)(word[i] >= 'a' && word[i] <= 'z' ? word[i] - 'a' + 'A' : word[i]);
    size_t place = machine->at->offset - machine->decoding->start;
    return (struct value){.from = decoding_found(machine->decoding, place, item)};
}

static void found_barrier(struct machine *machine, const char *word) {
    found(machine, word, (struct listed){.way = '-'}, (struct value){0}, (struct origin){0});
}

/* Loads, stores, and moves between registers. */
static bool move(struct machine *machine) {
    static const char *const names[] = {"mov",    "movzx",   "movabs",  "movss",   "movsd",
                                        "movdqu", "movntdq", "movnti",  "movq",    "vmovq",
                                        "vmovss", "vmovsd",  "vmovdqu", "vmovntdq"};
    bool known = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        known |= strcmp(names[i], machine->at->mnemonic) == 0;
    bool load = is_memory(machine->second), store = is_memory(machine->first);
    if (!known)
        return fail(machine, "not known");
    const char *memory = load ? machine->second : machine->first,
               *other = load ? machine->first : machine->second;
    struct value moved = value(machine, machine->second);
    struct listed item = {.way = load ? 'R' : 'W',
                          .vector = register_of(other, strlen(other)) >= GENERALS,
                          .bytes = memory_bytes(memory)};
    if (load || store)
        moved = found(machine, "MOV", item, address(machine, memory), moved.from);
    if (!store)
        set(machine, machine->first, moved);
    return true;
}

/* REP MOVS and REP STOS, the lowest address first whatever the direction. */
static bool repeat(struct machine *machine) {
    bool copy = strcmp(machine->at->mnemonic, "rep movs") == 0;
    if (!copy && strcmp(machine->at->mnemonic, "rep stos"))
        return false;
    struct value *from = &machine->r[RSI], *to = &machine->r[RDI], at;
    uint64_t size = memory_bytes(machine->first), bytes = size * machine->r[RCX].is;
    uint64_t back = machine->backward ? bytes - size : 0,
             moved = machine->backward ? -bytes : bytes;
    struct listed item = {.way = 'R', .bytes = (uint32_t)bytes};
    struct value data = machine->r[RAX];
    if (machine->backward)
        found_barrier(machine, "BACK");
    if (copy) {
        at = (struct value){from->is - back, from->from};
        data = found(machine, "REP MOVS", item, at, data.from);
        from->is += moved;
    }
    item.way = 'W';
    at = (struct value){to->is - back, to->from};
    found(machine, copy ? "REP MOVS" : "REP STOS", item, at, data.from);
    to->is += moved;
    machine->r[RCX].is = 0;
    return true;
}

/* What a locked instruction writes to memory comes from, and the registers that get the old value.
 */
static bool locked(struct machine *machine) {
    const char *name = machine->at->mnemonic;
    bool exchange = strcmp(name, "xchg") == 0, pair = strcmp(name, "lock cmpxchg16b") == 0;
    if (strncmp(name, "lock ", 5) && !exchange)
        return false;
    bool adds = strcmp(name, "lock add") == 0 || strcmp(name, "lock or") == 0;
    if (adds && strstr(machine->first, "[rsp")) {
        found_barrier(machine, name);
        return true;
    }
    if (!is_memory(machine->first))
        return false;
    struct origin data = value(machine, machine->second).from;
    for (unsigned i = RAX; pair && i <= RBX; i++)
        data = origin_join(data, machine->r[i].from);
    if (strcmp(name, "lock cmpxchg") == 0)
        data = origin_join(data, machine->r[RAX].from);
    struct listed item = {.way = 'M', .bytes = memory_bytes(machine->first)};
    struct value old = found(machine, name, item, address(machine, machine->first), data);
    if (exchange || strcmp(name, "lock xadd") == 0)
        set(machine, machine->second, old);
    if (strncmp(name, "lock cmpxchg", 12) == 0)
        machine->r[RAX] = old;
    if (pair)
        machine->r[RDX] = old;
    machine->flags = old.from;
    return true;
}

static bool arithmetic(struct machine *machine) {
    const char *name = machine->at->mnemonic;
    struct value first = value(machine, machine->first), second = value(machine, machine->second);
    struct value result = {first.is + second.is, origin_join(first.from, second.from)};
    bool sets_flags = true, fence = strcmp(name + 1, "fence") == 0;
    if (strcmp(name, "lea") == 0) {
        result = address(machine, machine->second);
        sets_flags = false;
    } else if (strcmp(name, "xor") == 0) {
        result.is = first.is ^ second.is;
        if (strcmp(machine->first, machine->second) == 0)
            result = (struct value){0};
    } else if (strcmp(name, "or") == 0)
        result.is = first.is | second.is;
    else if (strcmp(name, "adc") == 0) /* of what has carried nothing */
        result.from = origin_join(result.from, machine->flags);
    else if (strcmp(name, "add")) {
        if (strcmp(name, "std") == 0 || strcmp(name, "cld") == 0)
            machine->backward = name[0] == 's';
        else if (strcmp(name, "dec") == 0) /* of the passes left: it was the last */
            machine->zero = true;
        else if (fence)
            found_barrier(machine, name);
        else
            return strcmp(name, "push") == 0 || strcmp(name, "pop") == 0 ||
                   strcmp(name, "nop") == 0 || strcmp(name, "vzeroupper") == 0;
        return true;
    }
    set(machine, machine->first, result);
    if (sets_flags)
        machine->flags = result.from;
    return true;
}

/* Cuts the operands at the comma that is in no bracket. */
static void split(struct machine *machine) {
    const char *all = machine->at->operands, *comma = strchr(all, ',');
    size_t length = comma ? (size_t)(comma - all) : strlen(all);
    snprintf(machine->first, sizeof machine->first, "%.*s", (int)length, all);
    snprintf(machine->second, sizeof machine->second, "%s", comma ? comma + 1 : "");
}

bool decode_x86_64(struct decoding *decoding) {
    struct machine machine = {.decoding = decoding, .flags.of = {ORIGIN_UNWRITTEN}};
    for (unsigned i = 0; i < REGISTERS; i++)
        machine.r[i].from.of[0] = ORIGIN_UNWRITTEN;
    machine.r[RDI] = (struct value){.is = UINT64_C(1) << ARENA_BIT};
    machine.r[RSI] = (struct value){.is = 1}; /* pass */
    machine.r[RSP].from.of[0] = 0;
    for (size_t at = 0; at < decoding->count; at++) {
        machine.at = &decoding->instructions[at];
        split(&machine);
        if (strcmp(machine.at->mnemonic, "ret") == 0)
            return machine.r[RAX].from.of[0] == 0 || fail(&machine, "the sum comes from a load");
        if (strcmp(machine.at->mnemonic, "jne") == 0) {
            if (!machine.zero)
                return fail(&machine, "jumps");
        } else if (!arithmetic(&machine) && !repeat(&machine) && !locked(&machine) &&
                   !move(&machine))
            return false;
    }
    snprintf(decoding->why, decoding->why_size, "runs out of the code");
    return false;
}
