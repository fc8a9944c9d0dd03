/* SPDX-License-Identifier: MIT
 *
 * forms.c: which loops the given sequences come to in which kernel.
 */
#include "forms/forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "forms/forms_kernel.h"

/* A list under way. */
struct listing {
    struct form_row *rows;
    size_t count;
    const struct mapping *source;
    const char *plain_load, *plain_store;
};

/* A row, unless there is nothing for it or it cannot be encoded. */
static void add_row(struct listing *listing, const char *suffix, const struct form_loop *loop) {
    char word[MAX_WORD];
    if (loop->first == NULL || form_unencodable(isa_here(), loop, word))
        return;
    struct form_row *row = &listing->rows[listing->count++];
    row->loop = *loop;
    snprintf(row->name, sizeof row->name, "%s%s", listing->source->name, suffix);
}

static const char *either(const char *first, const char *otherwise) {
    return first ? first : otherwise;
}

/* load_forms and store_forms. */
static void add_accesses(struct listing *listing, const struct params *params, bool stores) {
    const struct sequence *of = &listing->source->sequence;
    const char *access = param_word(params, "access");
    bool latency = strcmp(param_word(params, "measure"), "latency") == 0;
    bool aligned = strchr(access, '-') == NULL;
    struct form_loop loop = {.step = !stores   ? FORM_LOAD
                                     : latency ? FORM_RELOAD
                                               : FORM_STORE,
                             .latency = latency,
                             .bytes = (unsigned)strtoul(access, NULL, 10)};
    const char *whole = stores ? of->store : of->load;
    const char *byte = stores ? of->store_byte : of->load_byte;
    const char *unaligned =
        stores ? listing->source->store_unaligned : listing->source->load_unaligned;
    loop.first = loop.bytes == 16  ? (stores ? of->store_vec16 : of->load_vec16)
                 : loop.bytes == 1 ? either(byte, whole)
                 : aligned         ? whole
                                   : either(unaligned, whole);
    add_row(listing, "", &loop);
    if (loop.bytes == 16 && aligned) {
        loop.pair = true;
        loop.first = stores ? of->store_pair : of->load_pair;
        add_row(listing, ":pair", &loop);
    }
}

static void add_modifies(struct listing *listing, const struct params *params) {
    const struct sequence *of = &listing->source->sequence;
    bool alone = given_tried();
    struct form_loop loop = {.latency = strcmp(param_word(params, "measure"), "latency") == 0,
                             .bytes = (unsigned)strtoul(param_word(params, "access"), NULL, 10)};
    const struct {
        enum form_step step;
        const char *sequence, *suffix;
    } kinds[] = {{FORM_ADD, of->fetch_add, alone ? "" : ":add"},
                 {FORM_EXCHANGE, of->exchange, alone ? "" : ":exchange"},
                 {FORM_COMPARE, of->compare_exchange, alone ? "" : ":cas"},
                 {FORM_FAIL, of->compare_exchange, alone ? ":fails" : ":cas-fails"}};
    if (loop.bytes == 16) /* CMPXCHG16B is not generated here */
        return;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        loop.step = kinds[i].step;
        loop.first = kinds[i].sequence;
        add_row(listing, kinds[i].suffix, &loop);
    }
}

static void add_fence(struct listing *listing, const struct params *params) {
    const char *after = param_word(params, "after");
    add_row(listing, "",
            &(struct form_loop){.step = strcmp(after, "store") == 0  ? FORM_STORE_FENCE
                                        : strcmp(after, "load") == 0 ? FORM_LOAD_FENCE
                                                                     : FORM_FENCE,
                                .first = listing->source->sequence.fence,
                                .bytes = 8});
}

/* What stands alone is beside plain accesses: a barrier in it between the two. */
static void add_pair(struct listing *listing, const struct params *params) {
    const char *to = param_word(params, "to"), *pair = param_word(params, "pair");
    const struct mapping *source = listing->source;
    const char *load = source->sequence.load, *store = source->sequence.store;
    const char *fence = given_tried() ? source->sequence.fence : NULL;
    bool same = strcmp(to, "same") == 0, wanted = fence || !given_tried();
    struct form_loop loop = {.between = either(fence, ""),
                             .bytes = 8,
                             .second_at = same                      ? 0
                                          : strcmp(to, "line") == 0 ? FORM_SAME_LINE
                                                                    : FORM_OTHER_LINE};
    if (strcmp(pair, "store-load") == 0) {
        loop.step = FORM_STORE_LOAD;
        loop.latency = same;
        wanted |= load || store;
        loop.first = either(store, listing->plain_store);
        loop.second = either(load, listing->plain_load);
    } else if (strcmp(pair, "load-load") == 0) {
        loop.step = FORM_LOAD_LOAD;
        wanted |= load != NULL;
        loop.first = either(load, listing->plain_load);
        loop.second = given_tried() ? listing->plain_load : loop.first;
    } else {
        loop.step = FORM_STORE_STORE;
        wanted |= store != NULL;
        bool barrier_first = store && form_begins_with_barrier(isa_here(), store);
        loop.first = barrier_first && given_tried() ? listing->plain_store
                                                    : either(store, listing->plain_store);
        loop.second = given_tried() && !barrier_first ? listing->plain_store
                                                      : either(store, listing->plain_store);
    }
    if (wanted)
        add_row(listing, "", &loop);
}

/* fence_cost: as its own forms, nothing without a store. */
static void add_bursts(struct listing *listing, const struct params *params) {
    const struct sequence *of = &listing->source->sequence;
    const char *then = param_word(params, "then");
    struct form_loop loop = {.step = FORM_BURST, .bytes = 8};
    const struct {
        const char *then;
        enum form_step after;
        const char *sequence, *suffix;
    } kinds[] = {{"fence", FORM_FENCE, of->fence, ""},
                 {"release", FORM_STORE, of->store, ""},
                 {"rmw", FORM_ADD, of->fetch_add, ":add"},
                 {"rmw", FORM_EXCHANGE, of->exchange, ":exchange"},
                 {"rmw", FORM_COMPARE, of->compare_exchange, ":cas"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        loop.after = kinds[i].after;
        loop.first = kinds[i].sequence;
        if (strcmp(kinds[i].then, then) == 0 && param_number(params, "stores"))
            add_row(listing, given_tried() ? "" : kinds[i].suffix, &loop);
    }
}

static void add_kernel(struct listing *listing, const char *kernel, const struct params *params) {
    const struct sequence *of = &listing->source->sequence;
    if (strcmp(kernel, "load_forms") == 0)
        add_accesses(listing, params, false);
    else if (strcmp(kernel, "store_forms") == 0)
        add_accesses(listing, params, true);
    else if (strcmp(kernel, "rmw_forms") == 0)
        add_modifies(listing, params);
    else if (strcmp(kernel, "fence_forms") == 0)
        add_fence(listing, params);
    else if (strcmp(kernel, "pair_forms") == 0)
        add_pair(listing, params);
    else if (strcmp(kernel, "fence_cost") == 0)
        add_bursts(listing, params);
    else if (strcmp(kernel, "load_latency") == 0)
        add_row(listing, "",
                &(struct form_loop){
                    .step = FORM_CHASE, .first = of->load, .bytes = 8, .latency = true});
    else if (strcmp(kernel, "store_throughput") == 0 &&
             strcmp(param_word(params, "bytes"), "8") == 0 &&
             strcmp(param_word(params, "stride"), "line") == 0)
        add_row(listing, "",
                &(struct form_loop){.step = FORM_WALK, .first = of->store, .bytes = 8});
}

size_t form_rows(const char *kernel, const struct params *params, struct form_row rows[FORM_ROWS]) {
    struct listing listing = {.rows = rows,
                              .plain_load = isa_here() == ISA_AARCH64 ? "LDR" : "MOV",
                              .plain_store = isa_here() == ISA_AARCH64 ? "STR" : "MOV"};
    for (size_t i = 0; i < given_count(); i++) {
        listing.source = given_at(i);
        if (listing.source->isa != isa_here())
            continue;
        add_kernel(&listing, kernel, params);
    }
    return listing.count;
}
