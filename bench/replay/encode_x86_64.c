/* SPDX-License-Identifier: MIT */
#include "replay/encode_x86_64.h"

#include <string.h>

const struct x86_form *x86_form(const char *word) {
    static const struct x86_form forms[] = {
#define X86(word, shape, bytes, opcode) {word, shape, bytes, sizeof bytes - 1, opcode},
#include "replay/encodings_x86_64.def"
#undef X86
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].word, word) == 0)
            return &forms[i];
    return NULL;
}

void x86_byte(struct emitter *emitter, unsigned value) {
    const uint8_t bytes = (uint8_t)value;
    emit_bytes(emitter, &bytes, 1);
}

void x86_immediate(struct emitter *emitter, uint64_t value, unsigned bytes) {
    emit_bytes(emitter, &value, bytes); /* both hosts are little-endian */
}

void x86_raw(struct emitter *emitter, const char *bytes, size_t count) {
    emit_bytes(emitter, bytes, count);
    emitter->instructions++;
}

static void modrm(struct emitter *emitter, unsigned reg, const struct x86_place *place) {
    bool sib = place->index != NOT_A_REGISTER || (place->base & 7) == RSP;
    bool none = place->displacement == 0 && (place->base & 7) != RBP;
    bool near = place->displacement >= -128 && place->displacement < 128;
    unsigned mode = none ? 0 : near ? 1 : 2;
    x86_byte(emitter, mode << 6 | (reg & 7) << 3 | (sib ? RSP : place->base & 7));
    if (sib)
        x86_byte(emitter, (place->index == NOT_A_REGISTER ? RSP : place->index & 7) << 3 |
                              (place->base & 7));
    if (!none)
        x86_immediate(emitter, (uint64_t)(int64_t)place->displacement, near ? 1 : 4);
}

void x86_memory_or_lock(struct emitter *emitter, bool lock, enum x86_prefix prefix, bool wide,
                        unsigned opcode, unsigned reg, const struct x86_place *place) {
    static const uint8_t prefixes[] = {0, 0x66, 0xf3, 0xf2};
    unsigned index = place->index == NOT_A_REGISTER ? 0 : place->index;
    emitter->instructions++;
    if (lock)
        x86_byte(emitter, 0xf0);
    if (prefix)
        x86_byte(emitter, prefixes[prefix]);
    unsigned rex = (wide ? 8u : 0) | reg >> 3 << 2 | index >> 3 << 1 | place->base >> 3;
    bool of_byte = opcode == 0x88 || opcode == 0x86 || (lock && (opcode & 1) == 0);
    if (rex || (of_byte && reg >= RSP)) /* without it, 4 to 7 are AH to BH */
        x86_byte(emitter, 0x40 | rex);
    if (opcode > 0xff)
        x86_byte(emitter, opcode >> 8);
    x86_byte(emitter, opcode & 0xff);
    modrm(emitter, reg, place);
}

void x86_memory(struct emitter *emitter, enum x86_prefix prefix, bool wide, unsigned opcode,
                unsigned reg, const struct x86_place *place) {
    x86_memory_or_lock(emitter, false, prefix, wide, opcode, reg, place);
}

void x86_registers(struct emitter *emitter, enum x86_prefix prefix, bool wide, unsigned opcode,
                   unsigned reg, unsigned other) {
    emitter->instructions++;
    if (prefix)
        x86_byte(emitter, 0x66);
    unsigned rex = (wide ? 8u : 0) | reg >> 3 << 2 | other >> 3;
    if (rex)
        x86_byte(emitter, 0x40 | rex);
    if (opcode > 0xff)
        x86_byte(emitter, opcode >> 8);
    x86_byte(emitter, opcode & 0xff);
    x86_byte(emitter, 0xc0 | (reg & 7) << 3 | (other & 7));
}

void x86_copy(struct emitter *emitter, unsigned to, unsigned from) {
    if (to != from)
        x86_registers(emitter, PREFIX_NONE, true, 0x89, from, to);
}

void x86_vex(struct emitter *emitter, enum x86_prefix prefix, bool wide, bool of_32,
             unsigned opcode, unsigned reg, const struct x86_place *place, unsigned other) {
    unsigned base = place ? place->base : other;
    unsigned index = place && place->index != NOT_A_REGISTER ? place->index : 0;
    emitter->instructions++;
    x86_byte(emitter, 0xc4);
    x86_byte(emitter, (~reg >> 3 & 1) << 7 | (~index >> 3 & 1) << 6 | (~base >> 3 & 1) << 5 | 1);
    x86_byte(emitter, (wide ? 0x80u : 0) | 0x78 | (of_32 ? 4u : 0) | (unsigned)prefix);
    x86_byte(emitter, opcode & 0xff);
    if (place)
        modrm(emitter, reg, place);
    else
        x86_byte(emitter, 0xc0 | (reg & 7) << 3 | (other & 7));
}

void x86_move(struct emitter *emitter, const char *word, bool load, unsigned size, unsigned value,
              const struct x86_place *place, bool nontemporal) {
    enum x86_prefix prefix = size == 2 && !load ? PREFIX_66 : PREFIX_NONE;
    const struct x86_form *form = x86_form(word);
    unsigned opcode;
    if (form && form->shape == X86_SWAP)
        opcode = form->opcode - (size == 1);
    else if (load)
        opcode = size == 1 ? 0x0fb6 : size == 2 ? 0x0fb7 : 0x8b; /* MOVZX, MOV */
    else
        opcode = nontemporal && size >= 4 ? 0x0fc3 : size == 1 ? 0x88 : 0x89; /* MOVNTI */
    x86_memory(emitter, prefix, size == 8, opcode, value, place);
}

void x86_lea(struct emitter *emitter, unsigned to, struct x86_place place) {
    x86_memory(emitter, PREFIX_NONE, true, 0x8d, to, &place);
}

void x86_cross(struct emitter *emitter, unsigned opcode, unsigned vector, unsigned general) {
    if (emitter->wide)
        x86_vex(emitter, PREFIX_66, true, false, opcode, vector, NULL, general);
    else
        x86_registers(emitter, PREFIX_66, true, 0x0f00 | opcode, vector, general);
}
