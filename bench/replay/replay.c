/* SPDX-License-Identifier: MIT */
#include "replay/replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/die.h"
#include "replay/emit.h"
#include "replay/publish.h"

void emit_bytes(struct emitter *emitter, const void *bytes, size_t count) {
    if (emitter->size + count > emitter->room) {
        emitter->room = emitter->room ? 2 * emitter->room : 1 << 16;
        emitter->bytes = realloc(emitter->bytes, emitter->room);
        if (emitter->bytes == NULL)
            die(EXIT_FAILED, "out of memory for %zu bytes of machine code", emitter->room);
    }
    memcpy(emitter->bytes + emitter->size, bytes, count);
    emitter->size += count;
}

static void emit_step(struct emitter *emitter, const struct emit_isa *isa, const struct step *step,
                      const struct words *words) {
    switch ((enum step_kind)step->kind) {
    case STEP_ALU:
        isa->alu(emitter, step->count);
        break;
    case STEP_MOVE:
        isa->move(emitter, step);
        break;
    case STEP_DEPEND:
        isa->depend(emitter, step);
        break;
    case STEP_ACCESS:
        isa->words(emitter, words[step->record].before);
        isa->access(emitter, step, &words[step->record]);
        isa->words(emitter, words[step->record].after);
        break;
    }
}

struct replay_code replay_generate(enum isa which, const struct policy *policy,
                                   const struct trace_stream *stream, enum addressing addressing) {
    const struct emit_isa *isa = which == ISA_AARCH64 ? &emit_aarch64 : &emit_x86_64;
    struct emitter emitter = {.policy = policy, .stream = stream, .addressing = addressing};
    struct replay_steps steps = replay_steps_of(stream, &isa->registers);
    struct words *words = policy_words(policy, stream);

    isa->begin(&emitter);
    size_t top = emitter.size;
    isa->top(&emitter);
    size_t begin = emitter.size;
    emitter.instructions = 0;
    for (size_t i = 0; i < steps.count; i++)
        emit_step(&emitter, isa, &steps.steps[i], words);
    uint64_t instructions = emitter.instructions;
    size_t end = emitter.size;
    isa->end(&emitter, top);
    struct replay_code code = {.bytes = emitter.bytes,
                               .size = emitter.size,
                               .begin = begin,
                               .end = end,
                               .instructions = instructions,
                               .guest_instructions = steps.instructions,
                               .alu = steps.alu,
                               .moves = steps.moves,
                               .excess = steps.excess,
                               .dependences = steps.dependences,
                               .lost = steps.lost,
                               .accesses = steps.accesses};
    free(words);
    replay_steps_free(&steps);
    return code;
}

void replay_code_free(struct replay_code *code) {
    free(code->bytes);
    *code = (struct replay_code){0};
}

replay_function *replay_map(const struct replay_code *code) {
    replay_function *function;
    void *page = mmap(NULL, code->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return NULL;
    memcpy(page, code->bytes, code->size);
    if (mprotect(page, code->size, PROT_READ | PROT_EXEC)) {
        int error = errno;
        munmap(page, code->size);
        errno = error;
        return NULL;
    }
    publish_code(page, code->size);
    memcpy(&function, &page, sizeof function);
    return function;
}

const char *replay_refused(void) {
    static char why[96];
    static bool tried;
    uint8_t nothing[1] = {0};
    const struct replay_code code = {.bytes = nothing, .size = sizeof nothing};
    if (!tried) {
        replay_function *function = replay_map(&code);
        if (function)
            replay_unmap(function, &code);
        else
            snprintf(why, sizeof why, "the system does not let generated code run: %s",
                     strerror(errno));
        tried = true;
    }
    return why[0] ? why : NULL;
}

void replay_unmap(replay_function *function, const struct replay_code *code) {
    void *page;
    memcpy(&page, &function, sizeof page);
    munmap(page, code->size);
}
