/* SPDX-License-Identifier: MIT
 *
 * qemu_plugin.h: the few functions of QEMU's plugin interface that the recorder calls. No Debian
 * release before trixie ships QEMU's own header. Names, arguments and meaning are those of the
 * document "QEMU TCG Plugins" (docs/devel/tcg-plugins.rst) for version 1 of the interface, which
 * QEMU 5.2 to 8.x have; the loader asks each plugin for its version and refuses another.
 */
#ifndef QEMU_PLUGIN_H
#define QEMU_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QEMU_PLUGIN_INTERFACE = 1 };

enum qemu_plugin_registers { QEMU_PLUGIN_NO_REGISTERS };
enum qemu_plugin_direction { QEMU_PLUGIN_READ = 1, QEMU_PLUGIN_WRITE, QEMU_PLUGIN_READ_WRITE };

struct qemu_plugin_block;       /* instructions that QEMU translates together */
struct qemu_plugin_instruction; /* one of them; valid while it is translated */
struct qemu_info;

typedef void qemu_plugin_thread_callback(uint64_t id, unsigned thread);
typedef void qemu_plugin_execute_callback(unsigned thread, void *data);
typedef void qemu_plugin_memory_callback(unsigned thread, uint32_t access, uint64_t address,
                                         void *data);
typedef void qemu_plugin_translate_callback(uint64_t id, struct qemu_plugin_block *block);
typedef void qemu_plugin_system_callback(uint64_t id, unsigned thread, int64_t number, uint64_t a1,
                                         uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5,
                                         uint64_t a6, uint64_t a7, uint64_t a8);
typedef void qemu_plugin_exit_callback(uint64_t id, void *data);

void qemu_plugin_register_vcpu_init_cb(uint64_t id, qemu_plugin_thread_callback *callback);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, qemu_plugin_translate_callback *callback);
void qemu_plugin_register_vcpu_syscall_cb(uint64_t id, qemu_plugin_system_callback *callback);
void qemu_plugin_register_atexit_cb(uint64_t id, qemu_plugin_exit_callback *callback, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_instruction *instruction,
                                            qemu_plugin_execute_callback *callback,
                                            enum qemu_plugin_registers registers, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_instruction *instruction,
                                      qemu_plugin_memory_callback *callback,
                                      enum qemu_plugin_registers registers,
                                      enum qemu_plugin_direction direction, void *data);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_block *block);
struct qemu_plugin_instruction *qemu_plugin_tb_get_insn(const struct qemu_plugin_block *block,
                                                        size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_instruction *instruction);
size_t qemu_plugin_insn_size(const struct qemu_plugin_instruction *instruction);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_instruction *instruction);
unsigned qemu_plugin_mem_size_shift(uint32_t access);
bool qemu_plugin_mem_is_store(uint32_t access);

#endif
