/* SPDX-License-Identifier: MIT
 *
 * decode_x86_64.c: evaluates x86-64 code from its disassembly (Intel's syntax), as far as addresses
 * need it. As decode_aarch64.c it knows what a replay may hold, and no more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access_list.h"

enum { ARENA_BIT = 40, REGISTERS = 16 };

struct machine {
    struct decoding *decoding;
    const struct instruction *at;
    uint64_t r[REGISTERS];
    bool backward, zero;
    char first[MAX_OPERANDS], second[MAX_OPERANDS];
};

static bool fail(struct machine *machine, const char *what) {
    snprintf(machine->decoding->why, machine->decoding->why_size, "code+0x%zx: %s: %s %s",
             machine->at->offset - machine->decoding->start, what, machine->at->mnemonic,
             machine->at->operands);
    return false;
}

/* The number of a general register of any width, REGISTERS if it is none. */
static unsigned general(const char *text, size_t length) {
    static const char *const names[REGISTERS][4] = {
        {"rax", "eax", "ax", "al"},      {"rcx", "ecx", "cx", "cl"},
        {"rdx", "edx", "dx", "dl"},      {"rbx", "ebx", "bx", "bl"},
        {"rsp", "esp", "sp", "spl"},     {"rbp", "ebp", "bp", "bpl"},
        {"rsi", "esi", "si", "sil"},     {"rdi", "edi", "di", "dil"},
        {"r8", "r8d", "r8w", "r8b"},     {"r9", "r9d", "r9w", "r9b"},
        {"r10", "r10d", "r10w", "r10b"}, {"r11", "r11d", "r11w", "r11b"},
        {"r12", "r12d", "r12w", "r12b"}, {"r13", "r13d", "r13w", "r13b"},
        {"r14", "r14d", "r14w", "r14b"}, {"r15", "r15d", "r15w", "r15b"}};
    for (unsigned i = 0; i < REGISTERS; i++)
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
static uint64_t address(const struct machine *machine, const char *operand) {
    uint64_t sum = 0;
    for (const char *at = strchr(operand, '[') + 1; *at && *at != ']';) {
        bool minus = *at == '-';
        at += *at == '+' || *at == '-';
        size_t length = strcspn(at, "+-*]");
        unsigned which = general(at, length);
        uint64_t term = which < REGISTERS ? machine->r[which] : strtoull(at, NULL, 0);
        at += length;
        if (*at == '*') {
            term *= strtoull(at + 1, NULL, 0);
            at += strcspn(at, "+-]");
        }
        sum += minus ? -term : term;
    }
    return sum;
}

static uint64_t value(const struct machine *machine, const char *operand) {
    unsigned which = general(operand, strlen(operand));
    return which < REGISTERS    ? machine->r[which]
           : is_memory(operand) ? 0
                                : strtoull(operand, NULL, 0);
}

static void set(struct machine *machine, const char *operand, uint64_t to) {
    unsigned which = general(operand, strlen(operand));
    if (which < REGISTERS)
        machine->r[which] = to;
}

static void found(struct machine *machine, const char *word, char way, bool vector, uint64_t bytes,
                  uint64_t at) {
    struct decoding *decoding = machine->decoding;
    size_t place = machine->at->offset - decoding->start;
    if (place < decoding->begin || place >= decoding->end)
        return;
    struct listed item = {.way = way, .vector = vector, .bytes = (uint32_t)bytes, .from = place};
    item.offset = way == '-' ? 0 : (int64_t)(at - (UINT64_C(1) << ARENA_BIT));
    for (size_t i = 0; word[i] && i < sizeof item.word - 1; i++)
        item.word[i] = (char)(word[i] >= 'a' && word[i] <= 'z' ? word[i] - 'a' + 'A' : word[i]);
    access_list_add(&decoding->found, item);
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
    if (load)
        found(machine, "MOV", 'R', general(machine->first, strlen(machine->first)) == REGISTERS,
              memory_bytes(machine->second), address(machine, machine->second));
    if (store)
        found(machine, "MOV", 'W', general(machine->second, strlen(machine->second)) == REGISTERS,
              memory_bytes(machine->first), address(machine, machine->first));
    if (!store)
        set(machine, machine->first, value(machine, machine->second));
    return true;
}

/* REP MOVS and REP STOS, the lowest address first whatever the direction. */
static bool repeat(struct machine *machine) {
    bool copy = strcmp(machine->at->mnemonic, "rep movs") == 0;
    if (!copy && strcmp(machine->at->mnemonic, "rep stos"))
        return false;
    uint64_t size = memory_bytes(machine->first), bytes = size * machine->r[1];
    uint64_t back = machine->backward ? bytes - size : 0,
             moved = machine->backward ? -bytes : bytes;
    const char *word = machine->backward ? "BACK" : copy ? "REP MOVS" : "REP STOS";
    if (machine->backward)
        found(machine, word, '-', false, 0, 0);
    if (copy)
        found(machine, "REP MOVS", 'R', false, bytes, machine->r[6] - back);
    found(machine, copy ? "REP MOVS" : "REP STOS", 'W', false, bytes, machine->r[7] - back);
    machine->r[6] += copy ? moved : 0;
    machine->r[7] += moved;
    machine->r[1] = 0;
    return true;
}

static bool locked(struct machine *machine) {
    const char *name = machine->at->mnemonic;
    bool exchange = strcmp(name, "xchg") == 0;
    if (strncmp(name, "lock ", 5) && !exchange)
        return false;
    if (strcmp(name, "lock add") == 0 && strstr(machine->first, "[rsp")) {
        found(machine, name, '-', false, 0, 0);
        return true;
    }
    if (!is_memory(machine->first))
        return false;
    found(machine, name, 'M', false, memory_bytes(machine->first),
          address(machine, machine->first));
    if (exchange || strcmp(name, "lock xadd") == 0)
        set(machine, machine->second, 0);
    return true;
}

static bool arithmetic(struct machine *machine) {
    const char *name = machine->at->mnemonic;
    uint64_t first = value(machine, machine->first), second = value(machine, machine->second);
    bool fence = strcmp(name + 1, "fence") == 0;
    if (strcmp(name, "lea") == 0)
        set(machine, machine->first, address(machine, machine->second));
    else if (strcmp(name, "add") == 0)
        set(machine, machine->first, first + second);
    else if (strcmp(name, "xor") == 0)
        set(machine, machine->first, first ^ second);
    else if (strcmp(name, "or") == 0)
        set(machine, machine->first, first | second);
    else if (strcmp(name, "std") == 0 || strcmp(name, "cld") == 0)
        machine->backward = name[0] == 's';
    else if (strcmp(name, "dec") == 0) /* of the passes left: it was the last */
        machine->zero = true;
    else if (fence)
        found(machine, name, '-', false, 0, 0);
    else
        return strcmp(name, "push") == 0 || strcmp(name, "pop") == 0 || strcmp(name, "nop") == 0 ||
               strcmp(name, "vzeroupper") == 0;
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
    struct machine machine = {.decoding = decoding};
    machine.r[7] = UINT64_C(1) << ARENA_BIT;
    machine.r[6] = 1; /* pass */
    for (size_t at = 0; at < decoding->count; at++) {
        machine.at = &decoding->instructions[at];
        split(&machine);
        if (strcmp(machine.at->mnemonic, "ret") == 0)
            return true;
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
