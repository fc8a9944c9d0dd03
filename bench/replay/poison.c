/* SPDX-License-Identifier: MIT */
#include "replay/poison.h"

#include "stats/rng.h"

/* No compiler lets a call begin so. Both save what is the caller's, and copy the last argument. */
#ifdef __aarch64__
/* The call goes through x18, which the platform keeps for itself and replays leave alone. */
__asm__(".text\n"
        ".p2align 4\n"
        ".globl poison_call\n"
        ".type poison_call, %function\n"
        "poison_call:\n\t"
        "stp x29, x30, [sp, #-160]!\n\t"
        "stp x19, x20, [sp, #16]\n\t"
        "stp x21, x22, [sp, #32]\n\t"
        "stp x23, x24, [sp, #48]\n\t"
        "stp x25, x26, [sp, #64]\n\t"
        "stp x27, x28, [sp, #80]\n\t"
        "stp d8, d9, [sp, #96]\n\t"
        "stp d10, d11, [sp, #112]\n\t"
        "stp d12, d13, [sp, #128]\n\t"
        "stp d14, d15, [sp, #144]\n\t"
        "mov x18, x2\n\t"
        ".irp n, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, "
        "26, 27, 28, 29\n\t"
        "mov x\\n, x3\n\t"
        ".endr\n\t"
        ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, "
        "23, 24, 25, 26, 27, 28, 29, 30, 31\n\t"
        "dup v\\n\\().2d, x3\n\t"
        ".endr\n\t"
        "blr x18\n\t"
        "ldp x19, x20, [sp, #16]\n\t"
        "ldp x21, x22, [sp, #32]\n\t"
        "ldp x23, x24, [sp, #48]\n\t"
        "ldp x25, x26, [sp, #64]\n\t"
        "ldp x27, x28, [sp, #80]\n\t"
        "ldp d8, d9, [sp, #96]\n\t"
        "ldp d10, d11, [sp, #112]\n\t"
        "ldp d12, d13, [sp, #128]\n\t"
        "ldp d14, d15, [sp, #144]\n\t"
        "ldp x29, x30, [sp], #160\n\t"
        "ret\n\t"
        ".size poison_call, . - poison_call\n");
#else
__asm__(".text\n"
        ".p2align 4\n"
        ".globl poison_call\n"
        ".type poison_call, @function\n"
        "poison_call:\n\t"
        ".irp r, rbx, rbp, r12, r13, r14, r15, rdx\n\t"
        "push %\\r\n\t"
        ".endr\n\t"
        ".irp r, rax, rdx, rbx, rbp, r8, r9, r10, r11, r12, r13, r14, r15\n\t"
        "mov %rcx, %\\r\n\t"
        ".endr\n\t"
        ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
        "movq %rcx, %xmm\\n\n\t"
        "punpcklqdq %xmm\\n, %xmm\\n\n\t"
        ".endr\n\t"
        "call *(%rsp)\n\t"
        ".irp r, rdx, r15, r14, r13, r12, rbp, rbx\n\t"
        "pop %\\r\n\t"
        ".endr\n\t"
        "ret\n\t"
        ".size poison_call, . - poison_call\n");
#endif

uint64_t poison_of(uint64_t seed) {
    /* No user's address has any of the bits 48 to 55 set, those above AArch64 may ignore. */
    return UINT64_C(0x5a5a) << 48 | rng_hash(seed, "registers") >> 16;
}
