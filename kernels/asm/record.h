/* SPDX-License-Identifier: MIT
 *
 * record.h: the trace that every primitive leaves for the audit.
 *
 * RECORDED(op, bits, instructions) is the text of an asm statement: the instructions, and in a
 * section that is never loaded the start and end of the code and the words "lowering op<bits>".
 * scripts/audit disassembles exactly [start, end) and compares it with what the lowering
 * promises for op. Zero bytes at run time. ASM_TARGET, of each architecture, says which
 * instructions the assembler is to know.
 *
 * RECORDED_FORM(name, bits, instructions) is that of a form: instructions that stand for
 * themselves. The name is the promise: mnemonics as the disassembler has them, in lower case,
 * with "+" between them and "." for a blank: "stlr+ldapr", "str+dmb.ish", "lock.xadd". What
 * follows a ":" in it says how it is used and promises nothing: "casal:fails". `bits` is a string,
 * the width of each of its accesses, or "" where it promises none.
 */
#ifndef RECORD_H
#define RECORD_H

#define RECORDED(op, bits, instructions)                                                           \
    ASM_TARGET "771:\n\t" instructions "\n772:\n\t"                                                \
               ".pushsection .tso_audit,\"\",@progbits\n\t"                                        \
               ".quad 771b, 772b\n\t"                                                              \
               ".asciz \"" LOWERING_NAME " " op bits "\"\n\t"                                      \
               ".popsection"

#define RECORDED_FORM(name, bits, instructions) RECORDED("form", bits " " name, instructions)

#endif
