/* SPDX-License-Identifier: MIT */
#include "replay_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access_list.h"
#include "die.h"
#include "disassemble.h"

static void describe(char *out, size_t size, const struct listed *item) {
    if (item == NULL)
        snprintf(out, size, "nothing");
    else if (item->way == '-')
        snprintf(out, size, "%s", item->word);
    else
        snprintf(out, size, "%s (%c) of %u bytes at %lld%s", item->word, item->way, item->bytes,
                 (long long)item->offset, item->vector ? ", vector" : "");
}

static bool same(const struct listed *a, const struct listed *b) {
    return strcmp(a->word, b->word) == 0 && a->way == b->way && a->bytes == b->bytes &&
           a->offset == b->offset && a->vector == b->vector;
}

static void compare(struct checked *checked, const struct access_list *wanted,
                    const struct access_list *found) {
    size_t count = wanted->count > found->count ? wanted->count : found->count;
    for (size_t i = 0; i < count; i++) {
        const struct listed *want = i < wanted->count ? &wanted->items[i] : NULL;
        const struct listed *have = i < found->count ? &found->items[i] : NULL;
        char wants[80], has[80];
        if (want && have && same(want, have))
            continue;
        describe(wants, sizeof wants, want);
        describe(has, sizeof has, have);
        size_t record = want ? want->from : checked->stream->count;
        snprintf(checked->why, sizeof checked->why, "record %zu wants %s; code+0x%zx is %s", record,
                 wants, have ? have->from : checked->code.end, has);
        return;
    }
}

/* The code stands at `start` of what was disassembled; returns behind its instructions. */
static size_t check_one(struct checked *checked, const struct instruction *all, size_t count,
                        size_t at, size_t start) {
    size_t end = at, in_pass = 0;
    for (; end < count && all[end].offset < start + checked->code.size; end++)
        in_pass += all[end].offset >= start + checked->code.begin &&
                   all[end].offset < start + checked->code.end;
    struct decoding decoding = {.instructions = all + at,
                                .count = end - at,
                                .start = start,
                                .begin = checked->code.begin,
                                .end = checked->code.end,
                                .why = checked->why,
                                .why_size = sizeof checked->why};
    checked->why[0] = '\0';
    struct access_list wanted = access_list_of(checked->isa, checked->policy, checked->stream);
    bool decoded =
        checked->isa == ISA_AARCH64 ? decode_aarch64(&decoding) : decode_x86_64(&decoding);
    if (decoded)
        compare(checked, &wanted, &decoding.found);
    if (checked->why[0] == '\0' && in_pass != checked->code.instructions)
        snprintf(checked->why, sizeof checked->why, "%zu instructions in a pass, %llu are said",
                 in_pass, (unsigned long long)checked->code.instructions);
    /* What one instruction does is listed twice where it copies. */
    const struct listed *last = NULL;
    for (size_t i = 0; i < decoding.found.count; i++) {
        const struct listed *item = &decoding.found.items[i];
        bool again = last && last->from == item->from && strcmp(last->word, item->word) == 0 &&
                     last->way != item->way;
        checked->accesses += item->way != '-' && !again;
        last = item;
    }
    access_list_free(&wanted);
    access_list_free(&decoding.found);
    return end;
}

size_t replay_check(struct checked *all, size_t count) {
    size_t size = 0, instructions, wrong = 0;
    for (size_t i = 0; i < count; i++)
        size += all[i].code.size;
    uint8_t *bytes = allocate(size ? size : 1, 1);
    size_t at = 0, next = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(bytes + at, all[i].code.bytes, all[i].code.size);
        at += all[i].code.size;
    }
    struct instruction *disassembly =
        count ? disassemble(all[0].isa, bytes, size, &instructions) : NULL;
    at = 0;
    for (size_t i = 0; i < count; i++) {
        next = check_one(&all[i], disassembly, instructions, next, at);
        at += all[i].code.size;
        wrong += all[i].why[0] != '\0';
    }
    free(disassembly);
    free(bytes);
    return wrong;
}

const char *replay_execute(const struct replay_code *code, uint64_t arena_bytes, uint64_t passes) {
    uint8_t *arena = aligned_alloc(TRACE_PAGE_BYTES, arena_bytes);
    replay_function *function = replay_map(code);
    if (arena == NULL || function == NULL)
        die(EXIT_FAILED, "cannot map %zu bytes of code", code->size);
    memset(arena, 0, arena_bytes);
    const char *wrong = function(arena, passes) ? "what is added to zeros is not zero" : NULL;
    for (uint64_t i = 0; i < arena_bytes && wrong == NULL; i++)
        wrong = arena[i] ? "the arena is not zero" : NULL;
    replay_unmap(function, code);
    free(arena);
    return wrong;
}
