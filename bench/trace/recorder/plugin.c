/* SPDX-License-Identifier: MIT
 *
 * plugin.c: the recorder, as QEMU's user mode emulation loads it. It counts instructions, opens a
 * window where it was told to, and writes what the threads do in it.
 *
 * Only the thread whose turn it is runs (turns.h), so nothing here is locked.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "trace/recorder/outside.h"
#include "trace/recorder/qemu_plugin.h"
#include "trace/recorder/raw.h"
#include "trace/recorder/stream.h"
#include "trace/recorder/turns.h"

enum { TURN_INSTRUCTIONS = 1000, NOBODY = -1 };

/* What the loader is told: out=FILE,first=N,stride=N,windows=N,length=N,
 * instructions=N,totals=N. */
static struct {
    const char *out;
    uint64_t first, stride, windows; /* begin after first, first + stride, ... instructions */
    uint64_t length, instructions;   /* a window ends when one of its streams has so many */
    uint64_t totals;                 /* 1: count all accesses of the run, and keep none */
} wanted;

static struct {
    int current;                 /* the thread that runs guest instructions, or NOBODY */
    bool open;                   /* the window */
    bool over;                   /* nothing is recorded any more */
    bool newborn[TURNS_THREADS]; /* the thread is in its first block */
    const struct code *last;
    uint64_t instructions; /* of the run so far */
    uint64_t event;        /* when a window begins or a turn ends */
    uint64_t turn_end;
    uint64_t windows; /* begun */
    uint64_t begin;   /* of the open window */
    struct raw_totals totals;
    struct stream *streams[TURNS_THREADS];
} run = {.current = NOBODY};

/* Open only while it is written: a program may close whatever it finds open. */
static FILE *out_open(void) {
    FILE *file = fopen(wanted.out, "ae");
    if (!file)
        _exit(EXIT_FAILURE);
    return file;
}

static void out_close(FILE *file) {
    if (fclose(file))
        _exit(EXIT_FAILURE);
}

_Noreturn static void fail(const char *why) {
    const struct raw_header header = {.tag = RAW_FAILURE};
    FILE *file = out_open();
    fwrite(&header, sizeof header, 1, file);
    fputs(why, file);
    out_close(file);
    _exit(EXIT_FAILURE);
}

void turns_stuck(const char *why) {
    fail(why);
}

static uint64_t next_window(void) {
    return run.windows < wanted.windows ? wanted.first + run.windows * wanted.stride : UINT64_MAX;
}

static void set_event(void) {
    uint64_t window = run.open ? UINT64_MAX : next_window();
    run.event = window < run.turn_end ? window : run.turn_end;
}

static void open_window(void) {
    for (unsigned i = 0; i < TURNS_THREADS; i++)
        if (run.streams[i])
            stream_open(run.streams[i]);
    run.begin = run.instructions;
    run.windows++;
    run.open = true;
    set_event();
}

/* Writes of each stream the blocks that are complete. */
static void close_window(void) {
    struct raw_header header = {.tag = RAW_WINDOW, .begin = run.begin};
    run.open = false;
    set_event();
    if (wanted.totals)
        return;
    for (unsigned i = 0; i < TURNS_THREADS; i++)
        header.streams += run.streams[i] && run.streams[i]->whole_count ? 1 : 0;
    FILE *file = out_open();
    fwrite(&header, sizeof header, 1, file);
    for (unsigned i = 0; i < TURNS_THREADS; i++) {
        const struct stream *stream = run.streams[i];
        if (!stream || !stream->whole_count)
            continue;
        const struct raw_stream raw = {stream->whole_instructions, stream->whole_count};
        fwrite(&raw, sizeof raw, 1, file);
        fwrite(stream->records, sizeof *stream->records, stream->whole_count, file);
    }
    out_close(file);
}

static void end_run(void) {
    if (run.over)
        return;
    run.over = true;
    if (run.open)
        close_window();
    run.totals.instructions = run.instructions;
    const struct raw_header header = {.tag = RAW_END, .totals = run.totals};
    FILE *file = out_open();
    fwrite(&header, sizeof header, 1, file);
    out_close(file);
    turns_end();
}

/* The rare ways of on_execute(). */
static void take_turn(unsigned thread) {
    if (run.newborn[thread])
        turns_begin(thread);
    else
        turns_take(thread);
    run.current = (int)thread;
}

static void on_event(unsigned thread) {
    if (run.instructions >= run.turn_end) {
        run.turn_end = run.instructions + TURN_INSTRUCTIONS;
        run.current = NOBODY;
        turns_pass(thread);
        run.current = (int)thread;
    }
    if (!run.open && run.instructions >= next_window())
        open_window();
    set_event();
}

static void record(unsigned thread, const struct code *code) {
    if (!run.streams[thread] && !(run.streams[thread] = calloc(1, sizeof *run.streams[thread])))
        abort();
    struct stream *stream = run.streams[thread];
    bool begins = stream_execute(stream, code);
    if (wanted.totals)
        stream_tally(stream, &run.totals);
    else if (begins &&
             (stream->accesses >= wanted.length || stream->instructions >= wanted.instructions))
        close_window();
}

static void on_execute(unsigned thread, void *data) {
    const struct code *code = data;
    if (run.over)
        return;
    if (run.current != (int)thread)
        take_turn(thread);
    if (code->kind >= CODE_REP_MOVS && run.last && code->address == run.last->address)
        return; /* it repeats, perhaps in another translation: still the same instruction */
    if (run.instructions >= run.event && !run.newborn[thread])
        on_event(thread);
    run.last = code;
    outside_nanoseconds = ++run.instructions;
    if (run.open && !run.over)
        record(thread, code);
    if (code->ends_block && run.newborn[thread]) {
        run.newborn[thread] = false;
        run.current = NOBODY;
    }
}

static void on_memory(unsigned thread, uint32_t access, uint64_t address, void *data) {
    if (!run.open || run.over)
        return;
    stream_touch(run.streams[thread], data,
                 (struct touch){.address = address,
                                .size = (uint8_t)(1u << qemu_plugin_mem_size_shift(access)),
                                .store = qemu_plugin_mem_is_store(access)});
}

static void on_translate(uint64_t id, struct qemu_plugin_block *block) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_instruction *instruction = qemu_plugin_tb_get_insn(block, i);
        struct code *code = malloc(sizeof *code); /* QEMU never says when it forgets a block */
        if (!code)
            abort();
        decode(code, qemu_plugin_insn_data(instruction), qemu_plugin_insn_size(instruction),
               qemu_plugin_insn_vaddr(instruction));
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_execute, QEMU_PLUGIN_NO_REGISTERS,
                                               code);
        qemu_plugin_register_vcpu_mem_cb(instruction, on_memory, QEMU_PLUGIN_NO_REGISTERS,
                                         QEMU_PLUGIN_READ_WRITE, code);
    }
}

static void on_thread(uint64_t id, unsigned thread) {
    (void)id;
    if (thread >= TURNS_THREADS)
        fail("the program has more than 64 threads at once");
    run.newborn[thread] = thread != 0;
    if (!run.over)
        turns_announce(thread);
}

static void on_system_call(uint64_t id, unsigned thread, int64_t number, uint64_t a1, uint64_t a2,
                           uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7,
                           uint64_t a8) {
    (void)id, (void)a1, (void)a2, (void)a3, (void)a4, (void)a5, (void)a6, (void)a7, (void)a8;
    if (number == SYS_exit_group)
        end_run();
    if (run.over)
        return;
    run.current = NOBODY;
    turns_leave(thread, number == SYS_exit    ? TURNS_LEAVES
                        : number == SYS_clone ? TURNS_RETURNS
                                              : TURNS_MAY_SLEEP);
}

static void on_end(uint64_t id, void *data) {
    (void)id, (void)data;
    end_run();
}

/* Of a process that the program makes nothing is recorded. */
static void on_fork(void) {
    run.over = true;
}

static void read_argument(const char *argument) {
    static const struct {
        const char *name;
        uint64_t *value;
    } numbers[] = {{"first=", &wanted.first},
                   {"stride=", &wanted.stride},
                   {"windows=", &wanted.windows},
                   {"length=", &wanted.length},
                   {"instructions=", &wanted.instructions},
                   {"totals=", &wanted.totals}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strncmp(argument, numbers[i].name, strlen(numbers[i].name)) == 0)
            *numbers[i].value = strtoull(argument + strlen(numbers[i].name), NULL, 10);
    if (strncmp(argument, "out=", 4) == 0)
        wanted.out = strdup(argument + 4);
}

__attribute__((visibility("default"))) const int qemu_plugin_version = QEMU_PLUGIN_INTERFACE;

__attribute__((visibility("default"))) int
qemu_plugin_install(uint64_t id, const struct qemu_info *info, int count, char **arguments) {
    (void)info;
    for (int i = 0; i < count; i++)
        read_argument(arguments[i]);
    if (!wanted.out || pthread_atfork(NULL, NULL, on_fork))
        return -1;
    set_event();
    qemu_plugin_register_vcpu_init_cb(id, on_thread);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
    qemu_plugin_register_vcpu_syscall_cb(id, on_system_call);
    qemu_plugin_register_atexit_cb(id, on_end, NULL);
    return 0;
}
