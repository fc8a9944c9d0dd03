/* SPDX-License-Identifier: MIT
 *
 * forms_run.c: the variants of instruction kernels whose code is generated. What a run does around
 * the code is what the kernels' own functions do: form_run(), run_load_latency(), walk_run(),
 * burst_all().
 */
#include <errno.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "forms/forms_kernel.h"
#include "kernels/instructions/chase.h"
#include "kernels/instructions/form_state.h"
#include "kernels/store_buffer/bursts.h"
#include "kernels/walk_state.h"
#include "machine/feature.h"

typedef uint64_t form_function(void *place, uint64_t number, uint64_t turns, uint64_t stride);

/* A form of a point, made when first called; the loop is NULL before. */
static struct made {
    struct params params;
    struct form_row row;
    form_function *many, *eight, *few, *last, *burst;
} made[FORM_ROWS];

/* The kernels whose variants were asked for; a work's axes tell whose it is. */
static struct known {
    const struct axis *axes;
    const char *kernel;
} kernels[16];

static form_function *at(replay_function *base, size_t offset) {
    form_function *function;
    uintptr_t address;
    memcpy(&address, &base, sizeof address);
    address += offset;
    memcpy(&function, &address, sizeof function);
    return function;
}

static const char *kernel_of(const struct params *params) {
    size_t i = 0;
    while (kernels[i].axes != params->axes)
        i++;
    return kernels[i].kernel;
}

static const struct made *make(const struct work *work, unsigned which) {
    static struct form_row rows[FORM_ROWS];
    struct made *form = &made[which];
    if (memcmp(&form->params, work->params, sizeof form->params) == 0)
        return form;
    form_rows(kernel_of(work->params), work->params, rows);
    struct form_code code = form_generate(isa_here(), &rows[which].loop);
    replay_function *base = replay_map(&code.code);
    if (base == NULL)
        die(EXIT_FAILED,
            "the system does not let generated code run: %s (a policy such as PR_SET_MDWE or "
            "SELinux's execmem)",
            strerror(errno));
    *form = (struct made){*work->params,        rows[which],        at(base, code.many),
                          at(base, code.eight), at(base, code.few), at(base, code.last),
                          at(base, code.burst)};
    replay_code_free(&code.code);
    return form;
}

static void fill(const struct form_state *state) {
    for (unsigned i = 0; i < WORDS; i++) {
        const uint64_t both[] = {state->start, state->start};
        memcpy(state->place + i * state->stride, both, state->bits / 8);
    }
}

/* form_run(). */
static void run_steps(const struct made *form, struct form_state *state, uint64_t ops) {
    bool writes = form_writes(&form->row.loop), latency = form->row.loop.latency;
    uint64_t n = writes ? state->start + 1 : state->start, done = 1, stride = state->stride;
    /* Code that loads indexes by what it loaded, which is `start`: the base itself is nowhere. */
    uintptr_t base = (uintptr_t)state->place - (writes ? 0 : state->start);
    fill(state);
    if (done + UNROLL <= ops) {
        uint64_t turns = (ops - done) / UNROLL;
        n = form->many((uint8_t *)base, n, turns, stride);
        done += turns * UNROLL;
    }
    if (!latency && done + WORDS <= ops) {
        n = form->eight((uint8_t *)base, n, 1, stride);
        done += WORDS;
    }
    if (done < ops) {
        n = form->few((uint8_t *)base, n, ops - done, stride);
        base += latency ? 0 : (ops - done) * stride;
        done = ops;
    }
    state->last = form->last((uint8_t *)base, n, 1, stride);
    state->done = done;
    state->writes = writes;
}

static void run_chase(const struct made *form, struct chase *chase, uint64_t ops) {
    uint64_t node = chase->cursor;
    if (ops >= UNROLL)
        node = form->many(NULL, node, ops / UNROLL, 0);
    if (ops % UNROLL)
        node = form->few(NULL, node, ops % UNROLL, 0);
    chase->cursor = node;
}

/* walk_run(). */
static void run_walk(const struct made *form, const struct work *work, struct walk *walk,
                     uint64_t ops) {
    const uint64_t step = walk->step, unroll = 32;
    uint8_t *begin = work->arena, *end = begin + walk->bytes, *p = begin + walk->cursor;
    uint64_t value = work->nonce;
    p = p == end ? begin : p;
    while (ops) {
        uint64_t left = (uint64_t)(end - p) / step, count = ops < left ? ops : left;
        uint64_t past = (uint64_t)(p - begin) / step % unroll, first = past ? unroll - past : 0;
        first = first < count ? first : count;
        ops -= count;
        uint64_t turns = (count - first) / unroll, rest = count - first - turns * unroll;
        if (first)
            form->few(p, value, first, step);
        p += first * step;
        if (turns)
            form->many(p, value, turns, step);
        p += turns * unroll * step;
        if (rest)
            form->few(p, value, rest, step);
        p += rest * step;
        if (p == end) {
            p = begin;
            value++;
        }
    }
    walk->cursor = (uint64_t)(p - begin);
}

/* burst_all(). */
static void run_bursts(const struct made *form, const struct work *work, struct bursts *bursts,
                       uint64_t ops) {
    struct form_burst burst = {.arena = (uint64_t)work->arena,
                               .mask = bursts->mask,
                               .stores = bursts->stores,
                               .offset = bursts->cursor,
                               .value = work->nonce,
                               .word = (uint64_t)&bursts->word,
                               .ops = ops,
                               .step = BURST_STEP,
                               .next = bursts->word};
    form->burst(&burst, 0, 0, 0);
    bursts->cursor = burst.offset;
    bursts->next = burst.value;
    bursts->done = ops;
}

static void run(struct work *work, unsigned which, uint64_t ops) {
    const struct made *form = make(work, which);
    if (form->row.loop.step == FORM_CHASE)
        run_chase(form, work->state, ops);
    else if (form->row.loop.step == FORM_WALK)
        run_walk(form, work, work->state, ops);
    else if (form->row.loop.step == FORM_BURST)
        run_bursts(form, work, work->state, ops);
    else
        run_steps(form, work->state, ops);
}

/* A variant is a function, so there is one for each row that there may be. */
#define EIGHT(ROW, high)                                                                           \
    ROW(high##0)                                                                                   \
    ROW(high##1) ROW(high##2) ROW(high##3) ROW(high##4) ROW(high##5) ROW(high##6) ROW(high##7)
#define ALL(ROW) EIGHT(ROW, 00) EIGHT(ROW, 01) EIGHT(ROW, 02) EIGHT(ROW, 03)
#define FUNCTION(octal)                                                                            \
    void form__##octal(struct work *work, unsigned thread, uint64_t ops);                          \
    void form__##octal(struct work *work, unsigned thread, uint64_t ops) {                         \
        (void)thread;                                                                              \
        run(work, octal, ops);                                                                     \
    }
ALL(FUNCTION)

static void (*const functions[FORM_ROWS])(struct work *, unsigned, uint64_t) = {
#define POINTER(octal) form__##octal,
    ALL(POINTER)};

static void remember(const struct kernel *kernel) {
    size_t i = 0;
    while (kernels[i].axes && kernels[i].axes != kernel->axes)
        i++;
    kernels[i] = (struct known){kernel->axes, kernel->name};
}

const struct variant *forms_variants(const struct kernel *kernel, const struct params *params) {
    static struct form_row rows[FORM_ROWS];
    static struct variant all[FORM_ROWS + 1];
    size_t count = form_rows(kernel->name, params, rows);
    for (size_t i = 0; i < count; i++)
        all[i] = (struct variant){.name = text_kept(rows[i].name),
                                  .kind = VARIANT_FORM,
                                  .needs = form_needs(isa_here(), &rows[i].loop),
                                  .run = functions[i]};
    all[count] = (struct variant){.name = NULL};
    if (count)
        remember(kernel);
    return count ? all : NULL;
}
