/* SPDX-License-Identifier: MIT
 *
 * record.h: the trace that every primitive leaves for the audit.
 *
 * RECORDED(op, bits, instructions) is the text of an asm statement: the instructions, and in a
 * section that is never loaded the start and end of the code and the words "lowering op<bits>".
 * scripts/audit disassembles exactly [start, end) and compares it with what the lowering
 * promises for op. Zero bytes at run time.
 */
#ifndef RECORD_H
#define RECORD_H

#define RECORDED(op, bits, instructions)                                                           \
    "771:\n\t" instructions "\n772:\n\t"                                                           \
    ".pushsection .tso_audit,\"\",@progbits\n\t"                                                   \
    ".quad 771b, 772b\n\t"                                                                         \
    ".asciz \"" LOWERING_NAME " " op bits "\"\n\t"                                                 \
    ".popsection"

#endif
