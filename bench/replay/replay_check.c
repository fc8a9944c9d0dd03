/* SPDX-License-Identifier: MIT */
#include "replay/replay_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "replay/access_list.h"
#include "replay/disassemble.h"
#include "replay/poison.h"
#include "threads/fault.h"

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

/* A comparison under way. Records are counted from 1; 0 is none. */
struct comparison {
    struct checked *checked;
    const struct access_list *wanted, *found;
    uint64_t missing;                     /* dependences of the trace that the code has not */
    size_t address_missing, data_missing; /* the last records to miss theirs */
};

static size_t record_of(const struct comparison *comparison, uint32_t from) {
    return comparison->wanted->items[from - 1].from + 1;
}

/* Says of the i-th item that what it uses does not come from the record that it should. */
static bool strays(const struct comparison *comparison, size_t i, const char *what, uint32_t from,
                   size_t named) {
    char source[64], wanted[64] = "";
    if (from == ORIGIN_UNWRITTEN)
        snprintf(source, sizeof source, "a register that nothing has written");
    else if (from == ORIGIN_OTHERS)
        snprintf(source, sizeof source, "several records");
    else
        snprintf(source, sizeof source, "record %zu", record_of(comparison, from) - 1);
    if (named)
        snprintf(wanted, sizeof wanted, ", not record %zu", named - 1);
    snprintf(comparison->checked->why, sizeof comparison->checked->why,
             "record %zu: the %s at code+0x%zx comes from %s%s", comparison->wanted->items[i].from,
             what, comparison->found->items[i].from, source, wanted);
    return false;
}

/* Whether what the i-th item uses comes from the record that is named and from nothing else but,
 * where it writes what it has read, its own. That it does not come from there either may be for
 * want of a register: such dependences are counted. */
static bool follows(struct comparison *comparison, size_t i, const char *what, struct origin have,
                    size_t named, size_t own, size_t *last_missing) {
    bool is_there = named == 0;
    size_t record = comparison->wanted->items[i].from + 1;
    for (unsigned k = 0; k < 2 && have.of[k]; k++) {
        bool known = have.of[k] < ORIGIN_OTHERS;
        size_t source = known ? record_of(comparison, have.of[k]) : 0;
        if (!known || (source != named && source != own))
            return strays(comparison, i, what, have.of[k], named);
        is_there |= source == named;
    }
    comparison->missing += !is_there && *last_missing != record;
    if (!is_there)
        *last_missing = record;
    return true;
}

/* Whether address and data of the i-th item come from where the trace has them from. */
static bool follows_trace(struct comparison *comparison, size_t i) {
    const struct listed *found = &comparison->found->items[i];
    size_t record = comparison->wanted->items[i].from + 1;
    const struct trace_access *access = &comparison->checked->stream->accesses[record - 1];
    bool copies = access->kind == TRACE_MOVS, writes = found->way == 'W' || found->way == 'M';
    size_t address =
        access->address_from && !(copies && writes) ? record - access->address_from : 0;
    size_t data = copies ? record : access->data_from ? record - access->data_from : 0;
    size_t own = access->kind == TRACE_RMW && found->way == 'W' ? record : 0;
    return found->way == '-' || (follows(comparison, i, "address", found->address, address, 0,
                                         &comparison->address_missing) &&
                                 (!writes || follows(comparison, i, "data", found->data, data, own,
                                                     &comparison->data_missing)));
}

static void compare(struct checked *checked, const struct access_list *wanted,
                    const struct access_list *found) {
    size_t count = wanted->count > found->count ? wanted->count : found->count;
    struct comparison comparison = {checked, wanted, found, 0, 0, 0};
    for (size_t i = 0; i < count; i++) {
        const struct listed *want = i < wanted->count ? &wanted->items[i] : NULL;
        const struct listed *have = i < found->count ? &found->items[i] : NULL;
        char wants[80], has[80];
        if (want && have && same(want, have)) {
            if (!follows_trace(&comparison, i))
                return;
            continue;
        }
        describe(wants, sizeof wants, want);
        describe(has, sizeof has, have);
        size_t record = want ? want->from : checked->stream->count;
        snprintf(checked->why, sizeof checked->why, "record %zu wants %s; code+0x%zx is %s", record,
                 wants, have ? have->from : checked->code.end, has);
        return;
    }
    if (comparison.missing != checked->code.lost)
        snprintf(checked->why, sizeof checked->why, "%llu dependences are missing, %llu are said",
                 (unsigned long long)comparison.missing, (unsigned long long)checked->code.lost);
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

struct execution {
    replay_function *function;
    uint8_t *arena;
    uint64_t passes, poison, sum;
};

static void execute(void *context, unsigned thread) {
    struct execution *execution = context;
    (void)thread;
    execution->sum =
        poison_call(execution->arena, execution->passes, execution->function, execution->poison);
}

const char *replay_execute(const struct replay_code *code, uint64_t arena_bytes, uint64_t passes) {
    struct execution execution = {replay_map(code), aligned_alloc(TRACE_PAGE_BYTES, arena_bytes),
                                  passes, 0, 0};
    const char *wrong = NULL;
    if (execution.arena == NULL || execution.function == NULL)
        die(EXIT_FAILED, "cannot map %zu bytes of code: %s", code->size, strerror(errno));
    for (uint64_t seed = 0; seed < EXECUTE_SEEDS && wrong == NULL; seed++) {
        execution.poison = poison_of(seed);
        memset(execution.arena, 0, arena_bytes);
        if (fault_of(execute, &execution, 0))
            wrong = "it faults";
        else if (execution.sum)
            wrong = "what is added to zeros is not zero";
        for (uint64_t i = 0; i < arena_bytes && wrong == NULL; i++)
            wrong = execution.arena[i] ? "the arena is not zero" : NULL;
    }
    replay_unmap(execution.function, code);
    free(execution.arena);
    return wrong;
}
