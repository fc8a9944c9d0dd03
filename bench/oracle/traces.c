/* SPDX-License-Identifier: MIT
 *
 * traces.c: what one thread can do, whatever the others do: every trace of its accesses, with the
 * values that it read and stored and what is ordered before what in it (lob of aarch64.cat, and
 * pick-lob). A mask has a bit for each event of the thread.
 */
#include <stdlib.h>

#include "base/die.h"
#include "oracle/order.h"

enum {
    DOMAIN_VALUES = 24, /* of a location */
    TRACES_MOST = 20000,
    STEPS_MOST = 1 << 20, /* of a program */
    LOOPS_MOST = 2,       /* branches back, of a thread; what goes on is not looked at */
};

struct domain {
    unsigned count;
    uint64_t values[DOMAIN_VALUES];
};

struct search {
    const struct program *program;
    unsigned thread;
    struct domain domain[PROGRAM_LOCATIONS], wider[PROGRAM_LOCATIONS];
    uint8_t sizes[PROGRAM_LOCATIONS]; /* in bytes, of the accesses so far: bits */
    struct traces *traces;
    unsigned steps;
    bool too_many;
};

static bool domain_add(struct domain *domain, uint64_t value) {
    for (unsigned i = 0; i < domain->count; i++)
        if (domain->values[i] == value)
            return true;
    if (domain->count == DOMAIN_VALUES)
        return false;
    domain->values[domain->count++] = value;
    return true;
}

/* ---- instructions ---- */

static int add_event(struct search *search, struct run *run, const struct access *access) {
    int number = run_add_event(run, access);
    search->too_many |= number < 0;
    return number;
}

static void go(struct search *search, struct run *run);

static void next(struct search *search, struct run *run) {
    run->at++;
    go(search, run);
}

static int location_of(struct search *search, const struct run *run, const struct line *line,
                       struct value *address) {
    struct value offset = run_operand(run, line), base = run->registers[line->rn];
    *address = value_join(base, offset, base.number + offset.number);
    int location = program_location(search->program, address->number);
    if (location < 0)
        die(EXIT_USAGE, "%s: P%u: `%s' accesses an address at which no variable begins",
            search->program->name, search->thread, line->text);
    uint8_t *sizes = &search->sizes[location];
    *sizes |= line->size;
    if (*sizes & 3 && *sizes & (*sizes - 1))
        die(EXIT_USAGE,
            "%s: P%u: `%s' has another size than other accesses of its variable: mixed sizes are "
            "not modelled",
            search->program->name, search->thread, line->text);
    return location;
}

static void load(struct search *search, const struct run *run, const struct line *line) {
    struct access access = {.order = line->order, .read = -1};
    access.location = (unsigned)location_of(search, run, line, &access.address);
    const struct domain *domain = &search->domain[access.location];
    for (unsigned i = 0; i < domain->count && !search->too_many; i++) {
        struct run copy = *run;
        access.value = value_cut(domain->values[i], line->size);
        int read = add_event(search, &copy, &access);
        if (read < 0)
            return;
        run_set(&copy, line->rd, run_loaded(&copy, read, access.value), line->size);
        if (line->op == OP_LOAD_EXCLUSIVE)
            copy.monitor = read;
        next(search, &copy);
    }
}

/* Adds a store and goes on; the value may be in memory from now on. */
static bool store(struct search *search, struct run *run, const struct access *access) {
    if (!domain_add(&search->wider[access->location], access->value))
        search->too_many = true;
    return add_event(search, run, access) >= 0;
}

static struct access plain_store(struct search *search, const struct run *run,
                                 const struct line *line, unsigned source) {
    struct access access = {.write = true, .order = line->order & ACCESS_RELEASE, .read = -1};
    access.location = (unsigned)location_of(search, run, line, &access.address);
    access.data = run->registers[source];
    access.value = value_cut(access.data.number, line->size);
    return access;
}

static void store_exclusive(struct search *search, const struct run *run, const struct line *line) {
    struct access access = plain_store(search, run, line, line->rd);
    struct run copy = *run;
    struct value status = {.number = 1};
    if (!rule_kept(RULE_STATUS) && run->monitor >= 0)
        status = run_loaded(run, run->monitor, 1);
    run_set(&copy, line->rs, status, 4);
    copy.monitor = -1;
    next(search, &copy);
    if (run->monitor < 0 || run->trace.events[run->monitor].location != access.location)
        return;
    copy = *run;
    access.read = run->monitor;
    if (!store(search, &copy, &access))
        return;
    if (!rule_kept(RULE_EXCLUSIVES_NO_AMO) && access.order)
        copy.before_all |= 1u << (copy.trace.count - 1);
    status.number = 0;
    run_set(&copy, line->rs, status, 4);
    copy.monitor = -1;
    next(search, &copy);
}

/* The read of an atomic instruction. One without a register acquires nothing. */
static struct access atomic_read(const struct line *line, const struct access *write,
                                 uint64_t value) {
    bool none = line->no_return && rule_kept(RULE_NO_RETURN);
    return (struct access){.location = write->location,
                           .order = none ? 0 : line->order & ACCESS_ACQUIRE,
                           .value = value,
                           .address = write->address,
                           .read = -1,
                           .uncounted = none};
}

/* After the store of an atomic instruction that acquires and releases: a barrier. */
static void full_atomic(struct run *run, const struct access *read, const struct access *write) {
    if ((read->order & ACCESS_ACQUIRE) && (write->order & ACCESS_RELEASE) &&
        rule_kept(RULE_AMO_BARRIER))
        run->before_all |= 1u << (run->trace.count - 1);
}

static void rmw(struct search *search, const struct run *run, const struct line *line) {
    struct access write = plain_store(search, run, line, line->rs);
    uint64_t operand_value = write.value;
    const struct domain *domain = &search->domain[write.location];
    for (unsigned i = 0; i < domain->count && !search->too_many; i++) {
        struct run copy = *run;
        uint64_t old = value_cut(domain->values[i], line->size);
        struct access read = atomic_read(line, &write, old);
        write.read = add_event(search, &copy, &read);
        write.value =
            value_cut(value_combined(line->rmw, old, operand_value, line->size), line->size);
        if (write.read < 0 || !store(search, &copy, &write))
            return;
        struct value result = run_loaded(&copy, write.read, old);
        if (line->rmw != RMW_SWAP) { /* what is stored was computed from what was read */
            copy.dependences[copy.trace.count - 1].basic |= result.data;
            copy.dependences[copy.trace.count - 1].basic_pick |= result.pick;
        }
        full_atomic(&copy, &read, &write);
        run_set(&copy, line->rd, result, line->size);
        next(search, &copy);
    }
}

/* A CAS that succeeds: its register, which had what was read, may be said to be the one or the
 * other; the other one chose. */
static void cas_register(struct search *search, struct run *run, const struct line *line,
                         struct value old, struct value read) {
    struct value kept = {read.number, old.data, old.pick | read.pick};
    if (!rule_kept(RULE_PICK))
        kept.data |= read.data;
    struct run copy = *run;
    run_set(&copy, line->rs, kept, line->size);
    next(search, &copy);
    if (old.pick == 0 || line->rs == REGISTER_ZERO)
        return;
    kept = (struct value){read.number, read.data, read.pick | old.pick};
    run_set(run, line->rs, kept, line->size);
    next(search, run);
}

static void cas(struct search *search, const struct run *run, const struct line *line) {
    struct access write = plain_store(search, run, line, line->rd);
    const struct domain *domain = &search->domain[write.location];
    struct value old = run->registers[line->rs];
    uint64_t fresh = write.value, want = value_cut(old.number, line->size);
    uint32_t data_pick = write.data.pick;
    for (unsigned i = 0; i < domain->count && !search->too_many; i++) {
        struct run copy = *run;
        uint64_t value = value_cut(domain->values[i], line->size);
        struct access read = atomic_read(line, &write, value);
        write.read = add_event(search, &copy, &read);
        if (write.read < 0)
            return;
        struct value result = run_loaded(&copy, write.read, value);
        bool equal = value == want;
        if (equal || !rule_kept(RULE_FAILED_CAS_STORES_NOT)) {
            write.value = equal ? fresh : value;
            write.data.pick = data_pick | old.pick;
            if (!store(search, &copy, &write))
                return;
            copy.dependences[copy.trace.count - 1].basic_pick |= result.pick;
            full_atomic(&copy, &read, &write);
        }
        if (equal) {
            cas_register(search, &copy, line, old, result);
        } else {
            run_set(&copy, line->rs, result, line->size);
            next(search, &copy);
        }
    }
}

/* BCC: what follows depends on it. */
static void branch(struct search *search, struct run *run, const struct line *line) {
    struct value by = line->op == OP_BRANCH_IF ? run->flags : run->registers[line->rn];
    uint64_t number = value_cut(by.number, line->size);
    bool taken = line->op == OP_BRANCH        ? true
                 : line->op == OP_BRANCH_IF   ? run_condition(by.number, line->condition)
                 : line->op == OP_BRANCH_ZERO ? number == 0
                                              : number != 0;
    if (line->op != OP_BRANCH) {
        run->control |= by.data;
        run->control_pick |= by.pick | by.data;
    }
    if (!taken) {
        next(search, run);
        return;
    }
    if (line->target <= run->at && ++run->loops > LOOPS_MOST)
        return;
    run->at = line->target;
    go(search, run);
}

/* Whether the filter, where it is equalities alone, drops every execution that has this trace. */
static bool is_dropped(const struct search *search, const struct run *run) {
    const struct condition *filter = &search->program->filter;
    bool dropped = false;
    for (unsigned i = 0; i < filter->count; i++) {
        const struct node *node = &filter->nodes[i];
        const struct observed *it = &search->program->observed[node->observed];
        if (node->kind != NODE_AND && node->kind != NODE_EQUAL)
            return false;
        dropped |= node->kind == NODE_EQUAL && it->is_register && it->thread == search->thread &&
                   run->registers[it->index].number != node->value;
    }
    return dropped;
}

static void keep_trace(struct search *search, const struct run *run) {
    struct traces *traces = search->traces;
    if (is_dropped(search, run))
        return;
    if (traces->count == TRACES_MOST) {
        search->too_many = true;
        return;
    }
    if (traces->count == traces->room) {
        traces->room = traces->room ? 2 * traces->room : 16;
        traces->list = realloc(traces->list, traces->room * sizeof *traces->list);
        if (traces->list == NULL)
            die(EXIT_FAILED, "out of memory");
    }
    struct thread_run *trace = &traces->list[traces->count++];
    *trace = run->trace;
    for (unsigned i = 0; i < REGISTERS; i++)
        trace->registers[i] = run->registers[i].number;
}

/* Runs on from run->at; run is the caller's and is changed. */
static void go(struct search *search, struct run *run) {
    const struct program *program = search->program;
    for (;; run->at++) {
        if (search->too_many || ++search->steps > STEPS_MOST) {
            search->too_many = true;
            return;
        }
        if (run->at >= program->count[search->thread]) {
            keep_trace(search, run);
            return;
        }
        const struct line *line = &program->lines[search->thread][run->at];
        struct access access;
        switch (line->op) {
        case OP_NOP:
            continue;
        case OP_MOVE:
        case OP_ADD:
        case OP_SUB:
        case OP_AND:
        case OP_OR:
        case OP_XOR:
            run_compute(run, line);
            continue;
        case OP_SELECT:
            run_select(run, line);
            continue;
        case OP_BARRIER:
            run_barrier(run, line->order);
            continue;
        case OP_ISB:
            run_isb(run);
            continue;
        case OP_STORE:
            access = plain_store(search, run, line, line->rd);
            if (!store(search, run, &access))
                return;
            continue;
        case OP_LOAD:
        case OP_LOAD_EXCLUSIVE:
            load(search, run, line);
            return;
        case OP_STORE_EXCLUSIVE:
            store_exclusive(search, run, line);
            return;
        case OP_RMW:
            rmw(search, run, line);
            return;
        case OP_CAS:
            cas(search, run, line);
            return;
        default:
            branch(search, run, line);
            return;
        }
    }
}

/* How many stores there can be: a value that is not there after so many rounds has no origin. */
static unsigned stores_of(const struct program *program) {
    unsigned stores = 0;
    bool back = false;
    for (unsigned thread = 0; thread < program->threads; thread++)
        for (unsigned i = 0; i < program->count[thread]; i++) {
            const struct line *line = &program->lines[thread][i];
            stores += line->op == OP_STORE || line->op == OP_STORE_EXCLUSIVE ||
                      line->op == OP_RMW || line->op == OP_CAS;
            back |= line->op >= OP_BRANCH && line->target <= i;
        }
    return back ? stores * (1 + LOOPS_MOST) : stores;
}

static void one_round(struct search *search, struct traces *traces) {
    for (unsigned thread = 0; thread < search->program->threads; thread++) {
        struct run run = {.monitor = -1};
        search->thread = thread;
        search->traces = &traces[thread];
        search->traces->count = 0;
        for (unsigned i = 0; i < REGISTERS; i++)
            run.registers[i].number = search->program->registers[thread][i];
        go(search, &run);
    }
}

bool traces_make(const struct program *program, struct traces traces[PROGRAM_THREADS]) {
    static struct search search;
    search = (struct search){.program = program};
    for (unsigned i = 0; i < program->locations; i++)
        domain_add(&search.wider[i], program->memory[i]);
    for (unsigned round = 0, rounds = stores_of(program) + 2; round < rounds; round++) {
        bool wider = false;
        for (unsigned i = 0; i < program->locations; i++) {
            wider |= search.wider[i].count > search.domain[i].count;
            search.domain[i] = search.wider[i];
        }
        if ((round && !wider) || search.too_many)
            break;
        one_round(&search, traces);
    }
    return !search.too_many;
}
