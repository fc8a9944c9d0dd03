/* SPDX-License-Identifier: MIT */
#include "replay/access_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

void access_list_add(struct access_list *list, struct listed item) {
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 4096;
        list->items = realloc(list->items, list->room * sizeof *list->items);
        if (list->items == NULL)
            die(EXIT_FAILED, "out of memory for %zu accesses", list->room);
    }
    list->items[list->count++] = item;
}

void access_list_free(struct access_list *list) {
    free(list->items);
    *list = (struct access_list){0};
}

struct origin origin_join(struct origin a, struct origin b) {
    for (unsigned i = 0; i < 2; i++) {
        if (b.of[i] == 0 || b.of[i] == a.of[0] || b.of[i] == a.of[1])
            continue;
        if (a.of[1])
            a.of[1] = ORIGIN_OTHERS;
        else
            a.of[a.of[0] != 0] = b.of[i];
    }
    return a;
}

struct origin decoding_found(struct decoding *decoding, size_t place, struct listed item) {
    if (place < decoding->begin || place >= decoding->end)
        return (struct origin){0};
    item.offset = item.way == '-' ? 0 : item.offset - (INT64_C(1) << ARENA_BIT);
    item.from = place;
    access_list_add(&decoding->found, item);
    return (struct origin){{(uint32_t)decoding->found.count}};
}

/* A list under way: of which record. */
struct listing {
    struct access_list *list;
    enum isa isa;
    const struct policy *policy;
    const struct trace_access *access;
    size_t record;
};

static void add(const struct listing *listing, const char *word, char way, bool vector,
                uint64_t bytes, uint64_t offset) {
    struct listed item = {.way = way,
                          .vector = vector,
                          .bytes = (uint32_t)bytes,
                          .offset = (int64_t)offset,
                          .from = listing->record};
    snprintf(item.word, sizeof item.word, "%s", word);
    access_list_add(listing->list, item);
}

/* A sequence whose access has so many bytes at an offset. */
static void add_words(const struct listing *listing, const char *sequence, char way, bool vector,
                      uint64_t bytes, uint64_t offset) {
    char word[MAX_WORD];
    while ((sequence = mapping_next_word(sequence, word)) != NULL) {
        bool access = policy_is_access(word);
        char both = strcmp(word, "XCHG") == 0 ? 'M' : way;
        add(listing, word, access ? both : '-', access && vector, access ? bytes : 0,
            access ? offset : 0);
    }
}

static void add_load_or_store(const struct listing *listing, const char *words) {
    const struct trace_access *access = listing->access;
    char way = access->kind == TRACE_LOAD ? 'R' : 'W';
    bool narrow = listing->isa == ISA_AARCH64; /* vector registers of 1 and 2 bytes */
    bool vector = access->size != 10 &&
                  (access->size >= 16 || (access->vector && (narrow || access->size >= 4)));
    bool alone = strcmp(words, "LDR") == 0 || strcmp(words, "STR") == 0;
    unsigned part = access->size;
    if (access->size == 10) {
        add_words(listing, words, way, false, 8, access->offset);
        add_words(listing, words, way, false, 2, access->offset + 8u);
        return;
    }
    if (access->size > 16 && listing->isa == ISA_AARCH64) {
        part = alone ? 32 : 16; /* LDP and STP of two registers, or one register at a time */
        words = alone ? (way == 'R' ? "LDP" : "STP") : words;
    } else if (access->size > 32)
        part = 32;
    for (unsigned at = 0; at < access->size; at += part)
        add_words(listing, words, way, vector, part, access->offset + (uint64_t)at);
}

static void add_rmw(const struct listing *listing, const char *sequence) {
    static const char *const lse[TRACE_RMWS] = {"SWPAL",   "LDADDAL", "LDADDAL", "LDCLRAL",
                                                "LDSETAL", "LDEORAL", "CASAL"};
    static const char *const x86[TRACE_RMWS] = {"XCHG",    "LOCK XADD", "LOCK ADD",    "LOCK AND",
                                                "LOCK OR", "LOCK XOR",  "LOCK CMPXCHG"};
    const struct trace_access *access = listing->access;
    unsigned size = access->size, half = size == 16 ? 8 : size;
    char word[MAX_WORD];
    while ((sequence = mapping_next_word(sequence, word)) != NULL) {
        if (strcmp(word, "AL") == 0)
            add(listing, size == 16 ? "CASPAL" : lse[access->op], 'M', false, size, access->offset);
        else if (strcmp(word, "LOCK") == 0)
            add(listing, size == 16 ? "LOCK CMPXCHG16B" : x86[access->op], 'M', false, size,
                access->offset);
        else if (strcmp(word, "LDR-STR") == 0) {
            for (char way = 'R'; way; way = way == 'R' ? 'W' : '\0')
                for (unsigned at = 0; at < size; at += half)
                    add(listing, way == 'R' ? "LDR" : "STR", way, false, half, access->offset + at);
        } else if (policy_is_access(word)) { /* LDAXR-STLXR */
            char *store = strchr(word, '-');
            *store++ = '\0';
            add(listing, word, 'R', false, size, access->offset);
            add(listing, store, 'W', false, size, access->offset);
        } else
            add(listing, word, '-', false, 0, 0);
    }
}

/* A piece of a REP, `at` bytes from its lowest address. */
static void add_piece(const struct listing *listing, const char *load, const char *store,
                      bool vector, uint64_t bytes, uint64_t at) {
    const struct trace_access *access = listing->access;
    if (access->kind == TRACE_MOVS) {
        add_words(listing, load, 'R', vector, bytes, access->offset + at);
        add_words(listing, store, 'W', vector, bytes, access->to_offset + at);
    } else
        add_words(listing, store, 'W', vector, bytes, access->offset + at);
}

/* Pieces of `bytes` bytes in the direction of the REP over [begin, end) of what it has to do. */
static void add_pieces(const struct listing *listing, const char *load, const char *store,
                       bool vector, uint64_t bytes, uint64_t begin, uint64_t end) {
    uint64_t whole = (uint64_t)listing->access->count * listing->access->size;
    for (uint64_t done = begin; done < end; done += bytes)
        add_piece(listing, load, store, vector, bytes,
                  listing->access->backward ? whole - done - bytes : done);
}

static void add_at_once(const struct listing *listing, const char *const words[], size_t count) {
    const struct trace_access *access = listing->access;
    uint64_t bytes = (uint64_t)access->count * access->size, done = 0;
    for (size_t i = 0; i < count; i++, done = bytes) { /* the first does it all */
        if (access->kind == TRACE_MOVS)
            add(listing, words[i], 'R', false, bytes - done, access->offset + done);
        add(listing, words[i], 'W', false, bytes - done,
            (access->kind == TRACE_MOVS ? access->to_offset : access->offset) + done);
    }
}

static void add_rep(const struct listing *listing, const struct words *words) {
    static const char *const copy[] = {"CPYFP", "CPYFM", "CPYFE"};
    static const char *const set[] = {"SETP", "SETM", "SETE"};
    const struct trace_access *access = listing->access;
    uint64_t bytes = (uint64_t)access->count * access->size, size = access->size;
    int64_t apart = (int64_t)access->to_offset - access->offset;
    bool moves = access->kind == TRACE_MOVS, apart_enough = !moves || apart >= 64 || apart <= -64;
    enum rep_way way = policy_rep_way(listing->policy, access);
    if (bytes == 0)
        return;
    if (way == REP_NATIVE) {
        if (access->backward)
            add(listing, "BACK", '-', false, 0, 0);
        if (moves)
            add(listing, "REP MOVS", 'R', false, bytes, access->offset);
        add(listing, moves ? "REP MOVS" : "REP STOS", 'W', false, bytes,
            moves ? access->to_offset : access->offset);
    } else if (way == REP_ELEMENTS)
        add_pieces(listing, words->access, words->store, false, size, 0, bytes);
    else if (way == REP_MOPS && apart_enough && !access->backward)
        add_at_once(listing, moves ? copy : set, 3);
    else if (way == REP_QUADS && apart_enough) {
        add_pieces(listing, "LDP", "STP", true, 32, 0, bytes & ~UINT64_C(31));
        add_pieces(listing, "LDR", "STR", false, size, bytes & ~UINT64_C(31), bytes);
    } else if (way == REP_EIGHTS && apart_enough && !access->backward) {
        add_pieces(listing, "LDR", "STR", false, 8, 0, bytes & ~UINT64_C(7));
        add_pieces(listing, "LDR", "STR", false, 1, bytes & ~UINT64_C(7), bytes);
    } else
        add_pieces(listing, "LDR", "STR", false, size, 0, bytes);
}

struct access_list access_list_of(enum isa isa, const struct policy *policy,
                                  const struct trace_stream *stream) {
    struct access_list list = {0};
    struct words *all = policy_words(policy, stream);
    for (size_t i = 0; i < stream->count; i++) {
        const struct words *words = &all[i];
        struct listing listing = {&list, isa, policy, &stream->accesses[i], i};
        add_words(&listing, words->before, '-', false, 0, 0);
        switch ((enum trace_kind)stream->accesses[i].kind) {
        case TRACE_LOAD:
        case TRACE_STORE:
            add_load_or_store(&listing, words->access);
            break;
        case TRACE_RMW:
            add_rmw(&listing, words->access);
            break;
        case TRACE_MOVS:
        case TRACE_STOS:
            add_rep(&listing, words);
            break;
        case TRACE_FENCE:
            add_words(&listing, words->access, '-', false, 0, 0);
            break;
        case TRACE_BLOCK:
        case TRACE_KINDS:
            break;
        }
        add_words(&listing, words->after, '-', false, 0, 0);
    }
    free(all);
    return list;
}
