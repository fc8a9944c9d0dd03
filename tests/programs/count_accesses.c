/* SPDX-License-Identifier: MIT
 *
 * count_accesses.c: a plugin for qemu-aarch64 that counts the loads, stores and atomics which
 * generated code executes. It knows nothing of how the code was made: generated is what a program
 * has made executable by mprotect(), and an access is an instruction of the architecture's group
 * "loads and stores" whose base is not the stack pointer (what a function saves and restores).
 * tests/end-to-end/replay.sh compiles it for the host; no program of the project holds it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "trace/recorder/qemu_plugin.h"

enum { MPROTECT = 226, READ_AND_EXECUTE = 5, MAX_RANGES = 1 << 16 };

int qemu_plugin_version = QEMU_PLUGIN_INTERFACE;

static struct { uint64_t begin, end; } ranges[MAX_RANGES];
static size_t range_count;
static uint64_t accesses;

static void on_syscall(uint64_t id, unsigned thread, int64_t number, uint64_t a1, uint64_t a2,
                       uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7,
                       uint64_t a8) {
    (void)id, (void)thread, (void)a4, (void)a5, (void)a6, (void)a7, (void)a8;
    if (number == MPROTECT && a3 == READ_AND_EXECUTE && range_count < MAX_RANGES) {
        ranges[range_count].begin = a1;
        ranges[range_count++].end = a1 + a2;
    }
}

static void on_access(unsigned thread, void *data) {
    (void)thread, (void)data;
    accesses++;
}

static bool is_generated(uint64_t address) {
    for (size_t i = range_count; i-- > 0;)
        if (address >= ranges[i].begin && address < ranges[i].end)
            return true;
    return false;
}

static void on_translation(uint64_t id, struct qemu_plugin_block *block) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_instruction *instruction = qemu_plugin_tb_get_insn(block, i);
        uint32_t word;
        memcpy(&word, qemu_plugin_insn_data(instruction), sizeof word);
        bool access = (word >> 25 & 5) == 4, on_stack = (word >> 5 & 31) == 31;
        if (access && !on_stack && is_generated(qemu_plugin_insn_vaddr(instruction)))
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_access, QEMU_PLUGIN_NO_REGISTERS,
                                                   NULL);
    }
}

static void on_exit(uint64_t id, void *data) {
    (void)id, (void)data;
    fprintf(stderr, "executed accesses: %" PRIu64 "\n", accesses);
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv);
int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv) {
    (void)info, (void)argc, (void)argv;
    qemu_plugin_register_vcpu_syscall_cb(id, on_syscall);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    qemu_plugin_register_atexit_cb(id, on_exit, NULL);
    return 0;
}
