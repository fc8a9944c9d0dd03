/* SPDX-License-Identifier: MIT
 *
 * cases.c: a program whose every access is known: test_trace_record.c holds the recorder's records
 * against them, line for line. It has no library and no start but its own.
 */
#ifdef FAULT /* what the test has to find */
#define LOCK ""
#else
#define LOCK "lock "
#endif

__asm__(
    ".intel_syntax noprefix\n"
    ".bss\n"
    ".balign 4096\n"
    "page: .skip 8192\n"
    ".data\n"
    ".balign 4096\n"
    "pointer: .quad page + 64\n"
    ".text\n"
    ".globl _start\n"
    "_start:\n"
    "    xor ecx, ecx\n"
    "    jmp begin\n"
    "begin:\n" /* the first block that is recorded */
    "    lea rbx, [rip + page]\n"
    /* Dependence: through a register, through arithmetic, broken by an idiom, partly written. */
    "    mov rax, [rip + pointer]\n"
    "    mov rdx, [rax + 8]\n"
    "    lea rdx, [rdx + rbx + 16]\n"
    "    nop\n"
    "    mov [rdx], rax\n"
    "    xor eax, eax\n"
    "    mov [rbx + rax*4 + 32], eax\n"
    "    mov al, [rbx + 1]\n"
    "    mov [rbx + 2], ax\n"
    /* One instruction, two accesses. */
    "    add dword ptr [rbx + 4], 1\n"
    "    push qword ptr [rbx + 8]\n"
    "    pop rsi\n"
    "    mov [rbx + 40], rsi\n"
    /* Locked. */
    "    " LOCK "add dword ptr [rbx + 4], eax\n"
    "    xchg [rbx + 8], rcx\n"
    "    lock xadd [rbx + 16], rcx\n"
    "    mov [rbx + 48], rcx\n"
    "    lock cmpxchg [rbx + 24], rdx\n"
    "    lock cmpxchg16b [rbx + 64]\n"
    "    lock bts qword ptr [rbx + 24], 3\n"
    "    lock not byte ptr [rbx + 7]\n"
    /* Vectors, halves of which QEMU reports; crossing a page. */
    "    movups xmm1, [rbx + 4088]\n"
    "    vmovdqu ymm2, [rbx + 128]\n"
    "    vmovdqu [rbx + 161], ymm2\n"
    "    vpxor ymm1, ymm2, ymm2\n"
    "    movups [rbx + 96], xmm1\n"
    "    movntdq [rbx + 192], xmm1\n"
    "    movnti [rbx + 208], rcx\n"
    "    movss xmm3, [rbx + 20]\n"
    /* x87, a masked move of lanes 0, 1 and 3, a gather. */
    "    fld tbyte ptr [rbx + 256]\n"
    "    fstp tbyte ptr [rbx + 272]\n"
    "    mov rax, -1\n"
    "    mov [rbx + 320], rax\n"
    "    mov [rbx + 328], ecx\n"
    "    mov [rbx + 332], eax\n"
    "    vmovdqu xmm4, [rbx + 320]\n"
    "    vpmaskmovd [rbx + 336], xmm4, xmm2\n"
    "    vpxor xmm5, xmm5, xmm5\n"
    "    vpcmpeqd xmm4, xmm4, xmm4\n"
    "    vpgatherdd xmm6, [rbx + xmm5*4 + 352], xmm4\n"
    /* REP: forward, backward, of no element; and without REP. */
    "    lea rsi, [rbx + 512]\n"
    "    lea rdi, [rbx + 1024]\n"
    "    mov ecx, 5\n"
    "    rep movsq\n"
    "    std\n"
    "    mov ecx, 300\n"
    "    rep movsb\n"
    "    cld\n"
    "    rep movsb\n"
    "    movsd\n"
    "    mov ecx, 7\n"
    "    rep stosd\n"
    "    xor eax, eax\n"
    "    mov ecx, 3\n"
    "    lea rdi, [rbx + 832]\n"
    "    rep stosq\n"
    /* Fences, FS, absolute, call and return. */
    "    mfence\n"
    "    lfence\n"
    "    sfence\n"
    "    mov edi, 0x1002\n" /* ARCH_SET_FS */
    "    mov rsi, rbx\n"
    "    xchg rsi, rsi\n"
    "    mov eax, 158\n" /* arch_prctl */
    "    mov edi, 0x1002\n"
    "    syscall\n"
    "    mov eax, fs:[40]\n"
    "    call 1f\n"
    "    prefetcht0 [rbx]\n"
    "    mov edi, 0\n"
    "    mov eax, 231\n" /* exit_group */
    "    syscall\n"
    "1:  ret\n"
    ".att_syntax\n");
