/* SPDX-License-Identifier: MIT
 *
 * decode.c: Zydis' words about an instruction, in ours. What each instruction reads and writes is
 * Zydis' knowledge; what is here is what it cannot say: which value goes where.
 */
#include "trace/recorder/decode.h"

#include <Zydis/Zydis.h>

#include "trace/trace.h"

typedef ZydisDecodedInstruction instruction_t;
typedef ZydisDecodedOperand operand_t;

static uint64_t register_bit(ZydisRegister reg) {
    ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
    const unsigned id = (unsigned char)ZydisRegisterGetId(reg);
    switch (ZydisRegisterGetClass(reg)) {
    case ZYDIS_REGCLASS_GPR8:
    case ZYDIS_REGCLASS_GPR16:
    case ZYDIS_REGCLASS_GPR32:
    case ZYDIS_REGCLASS_GPR64:
        return 1ull << (unsigned char)ZydisRegisterGetId(whole);
    case ZYDIS_REGCLASS_XMM:
    case ZYDIS_REGCLASS_YMM:
        return 1ull << (REGISTERS_VECTOR + id % 16);
    case ZYDIS_REGCLASS_MMX:
        return 1ull << (REGISTERS_MMX + id);
    case ZYDIS_REGCLASS_X87:
        return 1ull << REGISTERS_X87;
    default:
        return 0; /* flags, RIP, segments, control words: no load's value is followed there */
    }
}

static bool is_vector(ZydisRegister reg) {
    ZydisRegisterClass class = ZydisRegisterGetClass(reg);
    return class == ZYDIS_REGCLASS_XMM || class == ZYDIS_REGCLASS_YMM;
}

/* All vector registers at once, in an area that no operand describes. */
static bool saves_state(const instruction_t *instruction) {
    switch (instruction->mnemonic) {
    case ZYDIS_MNEMONIC_FXSAVE:
    case ZYDIS_MNEMONIC_FXSAVE64:
    case ZYDIS_MNEMONIC_FXRSTOR:
    case ZYDIS_MNEMONIC_FXRSTOR64:
    case ZYDIS_MNEMONIC_XSAVE:
    case ZYDIS_MNEMONIC_XSAVE64:
    case ZYDIS_MNEMONIC_XSAVEC:
    case ZYDIS_MNEMONIC_XSAVEC64:
    case ZYDIS_MNEMONIC_XSAVEOPT:
    case ZYDIS_MNEMONIC_XSAVEOPT64:
    case ZYDIS_MNEMONIC_XRSTOR:
    case ZYDIS_MNEMONIC_XRSTOR64:
        return true;
    default:
        return false;
    }
}

static bool is_nontemporal(const instruction_t *instruction) {
    switch (instruction->mnemonic) {
    case ZYDIS_MNEMONIC_MOVNTI:
    case ZYDIS_MNEMONIC_MOVNTQ:
    case ZYDIS_MNEMONIC_MOVNTDQ:
    case ZYDIS_MNEMONIC_MOVNTDQA:
    case ZYDIS_MNEMONIC_MOVNTPD:
    case ZYDIS_MNEMONIC_MOVNTPS:
    case ZYDIS_MNEMONIC_VMOVNTDQ:
    case ZYDIS_MNEMONIC_VMOVNTDQA:
    case ZYDIS_MNEMONIC_VMOVNTPD:
    case ZYDIS_MNEMONIC_VMOVNTPS:
    case ZYDIS_MNEMONIC_MASKMOVQ:
    case ZYDIS_MNEMONIC_MASKMOVDQU:
    case ZYDIS_MNEMONIC_VMASKMOVDQU:
        return true;
    default:
        return false;
    }
}

/* Whether the result is the same whatever its two equal operands hold, as every core knows (Intel
 * optimization reference manual, 3.5.1.7, "Clearing registers and dependency breaking idioms"). */
static bool ignores_its_sources(const instruction_t *instruction, const operand_t *operands) {
    switch (instruction->mnemonic) {
    case ZYDIS_MNEMONIC_XOR:
    case ZYDIS_MNEMONIC_SUB:
    case ZYDIS_MNEMONIC_PXOR:
    case ZYDIS_MNEMONIC_XORPS:
    case ZYDIS_MNEMONIC_XORPD:
    case ZYDIS_MNEMONIC_PSUBB:
    case ZYDIS_MNEMONIC_PSUBW:
    case ZYDIS_MNEMONIC_PSUBD:
    case ZYDIS_MNEMONIC_PSUBQ:
    case ZYDIS_MNEMONIC_PCMPEQB:
    case ZYDIS_MNEMONIC_PCMPEQW:
    case ZYDIS_MNEMONIC_PCMPEQD:
    case ZYDIS_MNEMONIC_PCMPEQQ:
    case ZYDIS_MNEMONIC_VPXOR:
    case ZYDIS_MNEMONIC_VXORPS:
    case ZYDIS_MNEMONIC_VXORPD:
    case ZYDIS_MNEMONIC_VPSUBB:
    case ZYDIS_MNEMONIC_VPSUBW:
    case ZYDIS_MNEMONIC_VPSUBD:
    case ZYDIS_MNEMONIC_VPSUBQ:
    case ZYDIS_MNEMONIC_VPCMPEQB:
    case ZYDIS_MNEMONIC_VPCMPEQW:
    case ZYDIS_MNEMONIC_VPCMPEQD:
    case ZYDIS_MNEMONIC_VPCMPEQQ:
        break;
    default:
        return false;
    }
    const operand_t *a = &operands[instruction->operand_count_visible - 2], *b = a + 1;
    return a->type == ZYDIS_OPERAND_TYPE_REGISTER && b->type == ZYDIS_OPERAND_TYPE_REGISTER &&
           a->reg.value == b->reg.value;
}

/* The register that a compiler clears, before REP STOS for one: XOR r, r; SUB r, r; MOV r, 0. */
static uint64_t zeroed(const instruction_t *instruction, const operand_t *operands) {
    bool clears = (instruction->mnemonic == ZYDIS_MNEMONIC_XOR ||
                   instruction->mnemonic == ZYDIS_MNEMONIC_SUB) &&
                  ignores_its_sources(instruction, operands);
    bool moves = instruction->mnemonic == ZYDIS_MNEMONIC_MOV &&
                 operands[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE && operands[1].imm.value.u == 0;
    bool whole = operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER && operands[0].size >= 32;
    return (clears || moves) && whole ? register_bit(operands[0].reg.value) : 0;
}

static int rmw_op(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_XCHG:
        return TRACE_XCHG;
    case ZYDIS_MNEMONIC_XADD:
        return TRACE_XADD;
    case ZYDIS_MNEMONIC_AND:
    case ZYDIS_MNEMONIC_BTR:
        return TRACE_AND;
    case ZYDIS_MNEMONIC_OR:
    case ZYDIS_MNEMONIC_BTS:
        return TRACE_OR;
    case ZYDIS_MNEMONIC_XOR:
    case ZYDIS_MNEMONIC_NOT:
    case ZYDIS_MNEMONIC_BTC:
        return TRACE_XOR;
    case ZYDIS_MNEMONIC_CMPXCHG:
    case ZYDIS_MNEMONIC_CMPXCHG8B:
    case ZYDIS_MNEMONIC_CMPXCHG16B:
        return TRACE_CMPXCHG;
    default:
        return TRACE_ADD; /* ADD, SUB, INC, DEC, NEG, ADC, SBB: no other may be locked */
    }
}

static void set_kind(struct code *code, const instruction_t *instruction, bool memory) {
    const ZydisInstructionAttributes repeats =
        ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE;
    switch (instruction->mnemonic) {
    case ZYDIS_MNEMONIC_MFENCE:
        code->kind = CODE_FENCE, code->op = TRACE_MFENCE;
        return;
    case ZYDIS_MNEMONIC_LFENCE:
        code->kind = CODE_FENCE, code->op = TRACE_LFENCE;
        return;
    case ZYDIS_MNEMONIC_SFENCE:
        code->kind = CODE_FENCE, code->op = TRACE_SFENCE;
        return;
    default:
        break;
    }
    if (instruction->meta.category == ZYDIS_CATEGORY_STRINGOP &&
        instruction->attributes & repeats) {
        switch (instruction->mnemonic) {
        case ZYDIS_MNEMONIC_MOVSB:
        case ZYDIS_MNEMONIC_MOVSW:
        case ZYDIS_MNEMONIC_MOVSD:
        case ZYDIS_MNEMONIC_MOVSQ:
            code->kind = CODE_REP_MOVS;
            return;
        case ZYDIS_MNEMONIC_STOSB:
        case ZYDIS_MNEMONIC_STOSW:
        case ZYDIS_MNEMONIC_STOSD:
        case ZYDIS_MNEMONIC_STOSQ:
            code->kind = CODE_REP_STOS;
            return;
        default:
            code->kind = CODE_REP;
            return;
        }
    }
    if (memory && (instruction->attributes & ZYDIS_ATTRIB_HAS_LOCK ||
                   instruction->mnemonic == ZYDIS_MNEMONIC_XCHG)) {
        code->kind = CODE_RMW;
        code->op = (uint8_t)rmw_op(instruction->mnemonic);
    }
}

static struct place place_of(const operand_t *operand) {
    const ZydisDecodedOperandMem *memory = &operand->mem;
    struct place place = {.indexed = memory->index != ZYDIS_REGISTER_NONE};
    place.registers = register_bit(memory->base) | register_bit(memory->index);
    if (operand->visibility == ZYDIS_OPERAND_VISIBILITY_EXPLICIT && memory->disp.has_displacement)
        place.displacement = (int32_t)memory->disp.value;
    unsigned bytes = operand->size / 8u;
    place.size = bytes <= TRACE_MAX_SIZE ? (uint8_t)bytes : 0;
    if (memory->segment == ZYDIS_REGISTER_FS || memory->segment == ZYDIS_REGISTER_GS) {
        place.base = TRACE_BASE_SEGMENT;
    } else if (memory->base == ZYDIS_REGISTER_RSP || memory->base == ZYDIS_REGISTER_ESP) {
        place.base = TRACE_BASE_STACK;
    } else if (memory->base == ZYDIS_REGISTER_RIP || memory->base == ZYDIS_REGISTER_EIP ||
               (memory->base == ZYDIS_REGISTER_NONE && !place.indexed)) {
        place.base = TRACE_BASE_RIP;
        place.displacement = 0;
    }
    return place;
}

static void add_memory(struct code *code, const instruction_t *instruction,
                       const operand_t *operand) {
    struct place place = place_of(operand);
    if (operand->mem.type == ZYDIS_MEMOP_TYPE_AGEN) { /* LEA: the address is the value */
        code->sources |= place.registers;
        return;
    }
    if (is_vector(operand->mem.index)) /* VSIB: each element on its own */
        place.size = (uint8_t)(operand->element_size / 8u);
    if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ) {
        place.registers |= code->load.registers; /* CMPS has two */
        code->load = place;
    }
    if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
        code->store = place;
    code->vector |= saves_state(instruction);
}

/* Counters and pointers that go on by themselves: they hold no loaded value they did not hold. */
static bool goes_on(const instruction_t *instruction, const operand_t *operand) {
    if (operand->visibility != ZYDIS_OPERAND_VISIBILITY_HIDDEN)
        return false;
    const uint64_t bit = register_bit(operand->reg.value);
    if (bit == register_bit(ZYDIS_REGISTER_RSP))
        return true;
    return instruction->meta.category == ZYDIS_CATEGORY_STRINGOP &&
           (bit == register_bit(ZYDIS_REGISTER_RSI) || bit == register_bit(ZYDIS_REGISTER_RDI) ||
            bit == register_bit(ZYDIS_REGISTER_RCX));
}

static void add_register(struct code *code, const instruction_t *instruction,
                         const operand_t *operand) {
    const uint64_t bit = register_bit(operand->reg.value);
    if (operand->visibility != ZYDIS_OPERAND_VISIBILITY_HIDDEN)
        code->vector |= is_vector(operand->reg.value);
    if (!bit || goes_on(instruction, operand))
        return;
    if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ)
        code->sources |= bit;
    if (!(operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
        return;
    bool part = operand->size < 32 || bit == 1ull << REGISTERS_X87;
    if (operand->actions & ZYDIS_OPERAND_ACTION_WRITE && !part)
        code->replaces |= bit;
    else
        code->merges |= bit;
}

static void set_by(struct code *code, ZydisInstructionCategory category) {
    if (category == ZYDIS_CATEGORY_X87_ALU)
        code->load.by = code->store.by = TRACE_BY_X87;
    else if (category == ZYDIS_CATEGORY_CALL)
        code->store.by = TRACE_BY_CALL;
    else if (category == ZYDIS_CATEGORY_RET)
        code->load.by = TRACE_BY_RET;
}

void decode(struct code *code, const void *bytes, size_t size, uint64_t address) {
    ZydisDecoder decoder;
    instruction_t instruction;
    operand_t operands[ZYDIS_MAX_OPERAND_COUNT];
    *code = (struct code){.address = address, .length = (uint8_t)size};
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes, size, &instruction, operands)))
        return;
    bool memory = false;
    for (unsigned i = 0; i < instruction.operand_count; i++) {
        if (operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY) {
            add_memory(code, &instruction, &operands[i]);
            memory = true;
        } else if (operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER) {
            add_register(code, &instruction, &operands[i]);
        }
    }
    set_kind(code, &instruction, memory);
    code->nontemporal = is_nontemporal(&instruction);
    code->carries = true;
    if (ignores_its_sources(&instruction, operands))
        code->sources = 0;
    code->zeroes = zeroed(&instruction, operands);
    set_by(code, instruction.meta.category);
    /* MOVSS and MOVSD between registers leave the rest of theirs. */
    if (!memory && (instruction.mnemonic == ZYDIS_MNEMONIC_MOVSS ||
                    instruction.mnemonic == ZYDIS_MNEMONIC_MOVSD)) {
        code->merges |= code->replaces;
        code->replaces = 0;
    }
    switch (instruction.meta.category) {
    case ZYDIS_CATEGORY_SYSCALL: /* its result comes from the kernel */
        code->sources = 0;
        code->replaces |= register_bit(ZYDIS_REGISTER_RAX);
        code->ends_block = true;
        break;
    case ZYDIS_CATEGORY_CALL: /* the address of the next instruction */
    case ZYDIS_CATEGORY_COND_BR:
    case ZYDIS_CATEGORY_UNCOND_BR:
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_INTERRUPT:
        code->sources = 0;
        code->carries = false;
        code->ends_block = true;
        break;
    default:
        break;
    }
}
