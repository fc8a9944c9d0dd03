/* SPDX-License-Identifier: MIT
 *
 * traces.c: what one thread can do, whatever the others do: every trace of its accesses, with the
 * values that it read and stored and what is ordered before what in it (lob of aarch64.cat, and
 * pick-lob). A mask has a bit for each event of the thread.
 */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "oracle/explore.h"

enum {
    DOMAIN_VALUES = 24, /* of a location */
    TRACES_MOST = 20000,
    STEPS_MOST = 1 << 20, /* of a program */
    LOOPS_MOST = 2,       /* branches back, of a thread; what goes on is not looked at */
};

/* A register's value, and the reads on which it depends: by data or address (basic-dep), and by a
 * choice of the processor's as well (pick-basic-dep), which is at least as many. */
struct value {
    uint64_t number;
    uint32_t data, pick;
};

/* What an event depends on, and what is ordered before it. */
struct dependences {
    struct value address, data;
    uint32_t basic, basic_pick; /* through it, to who reads what it stored */
    uint32_t lob;               /* closed */
};

struct run {
    unsigned at, loops;
    struct value registers[REGISTERS], flags; /* flags: N 8, Z 4, C 2, V 1 */
    struct thread_run trace;
    struct dependences dependences[TRACE_EVENTS];
    /* Events so far: by what they are ... */
    uint32_t writes, counted_reads, releases;
    /* ... and what comes before each later event, store or load. */
    uint32_t before_all, before_stores, before_loads;
    uint32_t address_po, address_po_pick; /* addr; po */
    uint32_t control, control_pick;
    int monitor; /* the event of the last load exclusive, or -1 */
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

static uint64_t cut(uint64_t value, unsigned size) {
    return size >= 8 ? value : value & ((UINT64_C(1) << 8 * size) - 1);
}

static uint64_t extended(uint64_t value, unsigned size) {
    unsigned shift = 64 - 8 * size;
    return (uint64_t)((int64_t)(value << shift) >> shift);
}

static struct value join(struct value left, struct value right, uint64_t number) {
    return (struct value){number, left.data | right.data, left.pick | right.pick};
}

static void set(struct run *run, unsigned index, struct value value, unsigned size) {
    value.number = cut(value.number, size);
    value.pick |= value.data;
    if (index != REGISTER_ZERO)
        run->registers[index] = value;
}

/* The second operand, or the offset of an address. */
static struct value operand(const struct run *run, const struct line *line) {
    struct value value = run->registers[line->rm];
    if (line->rm == REGISTER_ZERO)
        return (struct value){.number = (uint64_t)line->immediate};
    if (line->extend == 'U')
        value.number = cut(value.number, 4);
    else if (line->extend == 'S')
        value.number = extended(value.number, 4);
    value.number = (value.number << line->shift) + (uint64_t)line->immediate;
    return value;
}

/* ---- what is ordered before an event: aarch64.cat ---- */

static int store_before(const struct run *run, unsigned location) {
    for (int i = (int)run->trace.count - 1; i >= 0; i--)
        if (run->trace.events[i].write && run->trace.events[i].location == location)
            return i;
    return -1;
}

/* Of a read: obs; lrs, rmw; lrs; [A | Q], [L]; po; [A]. Its dependences through memory. */
static uint32_t before_read(struct run *run, struct dependences *it, unsigned location,
                            unsigned order) {
    uint32_t before = run->before_all | run->before_loads | it->address.data;
    int source = store_before(run, location);
    bool acquire = order & ACCESS_ACQUIRE;
    if (!rule_kept(RULE_ACQUIRE_PC_RCPC))
        acquire |= (order & ACCESS_ACQUIRE_PC) != 0;
    if (acquire && rule_kept(RULE_RELEASE_ACQUIRE))
        before |= run->releases;
    if (!rule_kept(RULE_CONTROL_STORES))
        before |= run->control;
    it->basic = it->address.data;
    it->basic_pick = it->address.pick;
    if (source < 0)
        return before;
    const struct dependences *from = &run->dependences[source];
    if (rule_kept(RULE_DEPENDENCE_FORWARD))
        before |= from->address.data | from->data.data;
    if ((order & (ACCESS_ACQUIRE | ACCESS_ACQUIRE_PC)) && run->trace.events[source].read >= 0 &&
        rule_kept(RULE_RMW_FORWARD))
        before |= 1u << run->trace.events[source].read;
    if (!rule_kept(RULE_FORWARDING))
        before |= 1u << source;
    if (rule_kept(RULE_DEPENDENCE_MEMORY)) {
        it->basic |= from->basic;
        it->basic_pick |= from->basic_pick;
    }
    return before;
}

/* Of a store: dob and pob into stores, [M]; po; [L], [W]; dmb.st; [W], lws, rmw. */
static uint32_t before_write(struct run *run, struct dependences *it, unsigned location,
                             unsigned order, int read) {
    uint32_t before = run->before_all | run->before_stores;
    before |= it->address.data | it->data.data | run->control;
    if (rule_kept(RULE_PICK_STORES))
        before |= it->address.pick | it->data.pick | run->control_pick;
    if (rule_kept(RULE_ADDRESS_STORES))
        before |= run->address_po | (rule_kept(RULE_PICK_STORES) ? run->address_po_pick : 0);
    for (unsigned i = 0; i < run->trace.count; i++)
        if (run->trace.events[i].location == location)
            before |= 1u << i;
    if (order & ACCESS_RELEASE)
        before |= (1u << run->trace.count) - 1;
    if (read >= 0 && !rule_kept(RULE_RMW_ORDER) && run->trace.events[read].line == run->at)
        before &= ~(1u << read); /* one instruction: po does not do it */
    else if (read >= 0)
        before |= 1u << read;
    return before;
}

/* What the event is to those after it. */
static void after_event(struct run *run, const struct dependences *it, unsigned number, bool write,
                        unsigned order, bool counted) {
    uint32_t bit = 1u << number;
    if (write) {
        run->writes |= bit;
        if (order & ACCESS_RELEASE) {
            run->releases |= bit;
            run->before_all |= rule_kept(RULE_RELEASE_BEFORE) ? 0 : bit;
        }
    } else {
        run->counted_reads |= counted ? bit : 0;
        if (order & (ACCESS_ACQUIRE | ACCESS_ACQUIRE_PC))
            run->before_all |= bit;
    }
    run->address_po |= it->address.data;
    run->address_po_pick |= it->address.pick;
}

struct access {
    bool write;
    unsigned location, order;
    uint64_t value;
    struct value address, data; /* data: of a store. Its pick: what it was chosen by, too */
    int read;                   /* of a store: the read of the same read-modify-write */
    bool uncounted;             /* a read without a register: no DMB LD orders it */
};

/* A new event; its number, or -1 where there are too many. */
static int add_event(struct search *search, struct run *run, const struct access *access) {
    unsigned number = run->trace.count;
    struct dependences *it = &run->dependences[number];
    if (number == TRACE_EVENTS) {
        search->too_many = true;
        return -1;
    }
    *it = (struct dependences){.address = access->address, .data = access->data};
    uint32_t before = access->write
                          ? before_write(run, it, access->location, access->order, access->read)
                          : before_read(run, it, access->location, access->order);
    it->lob = before;
    for (unsigned i = 0; i < number; i++)
        if (before >> i & 1)
            it->lob |= run->dependences[i].lob;
    before = it->lob;
    if (access->write) {
        it->basic = access->address.data | access->data.data;
        it->basic_pick = access->address.pick | access->data.pick;
        /* pick-basic-dep; lob; [W] */
        for (unsigned i = 0; i < number; i++)
            if (it->lob >> i & 1 && rule_kept(RULE_PICK_STORES))
                before |= run->dependences[i].basic_pick;
    }
    run->trace.events[number] = (struct event){.write = access->write,
                                               .line = (uint8_t)run->at,
                                               .location = (uint8_t)access->location,
                                               .read = (int8_t)access->read,
                                               .value = access->value,
                                               .before = before};
    run->trace.count++;
    after_event(run, it, number, access->write, access->order, !access->uncounted);
    return (int)number;
}

/* What a read's register depends on. */
static struct value loaded(const struct run *run, int read, uint64_t number) {
    const struct dependences *it = &run->dependences[read];
    uint32_t bit = 1u << read;
    return (struct value){number, bit | it->basic, bit | it->basic | it->basic_pick};
}

static void barrier(struct run *run, unsigned kind) {
    uint32_t all = (1u << run->trace.count) - 1;
    if (kind & BARRIER_FULL)
        run->before_all |= all;
    if (kind & BARRIER_LOADS) {
        if (rule_kept(RULE_DMB_LD_STORES))
            run->before_all |= run->counted_reads;
        else
            run->before_loads |= run->counted_reads;
    }
    if (kind & BARRIER_STORES) {
        run->before_stores |= run->writes;
        if (!rule_kept(RULE_DMB_ST_STORES) || (kind & BARRIER_DSB && rule_kept(RULE_DSB)))
            run->before_all |= run->writes;
    }
}

/* ---- instructions ---- */

static void go(struct search *search, struct run *run);

static void next(struct search *search, struct run *run) {
    run->at++;
    go(search, run);
}

static int location_of(struct search *search, const struct run *run, const struct line *line,
                       struct value *address) {
    struct value offset = operand(run, line), base = run->registers[line->rn];
    *address = join(base, offset, base.number + offset.number);
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
        access.value = cut(domain->values[i], line->size);
        int read = add_event(search, &copy, &access);
        if (read < 0)
            return;
        set(&copy, line->rd, loaded(&copy, read, access.value), line->size);
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
    access.value = cut(access.data.number, line->size);
    return access;
}

static void store_exclusive(struct search *search, const struct run *run, const struct line *line) {
    struct access access = plain_store(search, run, line, line->rd);
    struct run copy = *run;
    struct value status = {.number = 1};
    if (!rule_kept(RULE_STATUS) && run->monitor >= 0)
        status = loaded(run, run->monitor, 1);
    set(&copy, line->rs, status, 4);
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
    set(&copy, line->rs, status, 4);
    copy.monitor = -1;
    next(search, &copy);
}

static uint64_t combined(enum rmw_kind kind, uint64_t old, uint64_t value, unsigned size) {
    int64_t signed_old = (int64_t)extended(old, size),
            signed_value = (int64_t)extended(value, size);
    switch (kind) {
    case RMW_SWAP:
        return value;
    case RMW_ADD:
        return old + value;
    case RMW_CLEAR:
        return old & ~value;
    case RMW_XOR:
        return old ^ value;
    case RMW_SET:
        return old | value;
    case RMW_SMAX:
        return signed_old > signed_value ? old : value;
    case RMW_SMIN:
        return signed_old < signed_value ? old : value;
    case RMW_UMAX:
        return old > value ? old : value;
    default:
        return old < value ? old : value;
    }
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
        uint64_t old = cut(domain->values[i], line->size);
        struct access read = atomic_read(line, &write, old);
        write.read = add_event(search, &copy, &read);
        write.value = cut(combined(line->rmw, old, operand_value, line->size), line->size);
        if (write.read < 0 || !store(search, &copy, &write))
            return;
        struct value result = loaded(&copy, write.read, old);
        if (line->rmw != RMW_SWAP) { /* what is stored was computed from what was read */
            copy.dependences[copy.trace.count - 1].basic |= result.data;
            copy.dependences[copy.trace.count - 1].basic_pick |= result.pick;
        }
        full_atomic(&copy, &read, &write);
        set(&copy, line->rd, result, line->size);
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
    set(&copy, line->rs, kept, line->size);
    next(search, &copy);
    if (old.pick == 0 || line->rs == REGISTER_ZERO)
        return;
    kept = (struct value){read.number, read.data, read.pick | old.pick};
    set(run, line->rs, kept, line->size);
    next(search, run);
}

static void cas(struct search *search, const struct run *run, const struct line *line) {
    struct access write = plain_store(search, run, line, line->rd);
    const struct domain *domain = &search->domain[write.location];
    struct value old = run->registers[line->rs];
    uint64_t fresh = write.value, want = cut(old.number, line->size);
    uint32_t data_pick = write.data.pick;
    for (unsigned i = 0; i < domain->count && !search->too_many; i++) {
        struct run copy = *run;
        uint64_t value = cut(domain->values[i], line->size);
        struct access read = atomic_read(line, &write, value);
        write.read = add_event(search, &copy, &read);
        if (write.read < 0)
            return;
        struct value result = loaded(&copy, write.read, value);
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
            set(&copy, line->rs, result, line->size);
            next(search, &copy);
        }
    }
}

static void compute(struct run *run, const struct line *line) {
    struct value left = run->registers[line->rn], right = operand(run, line);
    uint64_t a = cut(left.number, line->size), b = cut(right.number, line->size), result = 0;
    bool carry = false, overflow = false;
    uint64_t sign = UINT64_C(1) << (8 * line->size - 1);
    switch (line->op) {
    case OP_MOVE:
        left = (struct value){0};
        result = b;
        break;
    case OP_ADD:
        result = cut(a + b, line->size);
        carry = result < a;
        overflow = ~(a ^ b) & (a ^ result) & sign;
        break;
    case OP_SUB:
        result = cut(a - b, line->size);
        carry = a >= b;
        overflow = (a ^ b) & (a ^ result) & sign;
        break;
    case OP_AND:
        result = a & b;
        break;
    case OP_OR:
        result = a | b;
        break;
    default:
        result = a ^ b;
    }
    struct value value = join(left, right, result);
    if (line->set_flags) {
        run->flags = value;
        run->flags.number = (result & sign ? 8u : 0) | (result == 0 ? 4u : 0) | (carry ? 2u : 0) |
                            (overflow ? 1u : 0);
    }
    set(run, line->rd, value, line->size);
}

static bool condition_of(uint64_t flags, const char *condition) {
    static const char *const names[] = {"EQ", "CS", "MI", "VS", "HI", "GE", "GT", "AL",
                                        "NE", "CC", "PL", "VC", "LS", "LT", "LE", "NV"};
    bool n = flags & 8, z = flags & 4, c = flags & 2, v = flags & 1;
    const bool holds[] = {z, c, n, v, c && !z, n == v, !z && n == v, true};
    if (strcmp(condition, "HS") == 0)
        return c;
    if (strcmp(condition, "LO") == 0)
        return !c;
    for (unsigned i = 0; i < 16; i++)
        if (strcmp(condition, names[i]) == 0)
            return i < 8 ? holds[i] : i == 15 || !holds[i - 8];
    return false;
}

static void select_register(struct run *run, const struct line *line) {
    bool first = condition_of(run->flags.number, line->condition);
    struct value value = run->registers[first ? line->rn : line->rm];
    value.pick |= value.data | run->flags.data | run->flags.pick;
    set(run, line->rd, value, line->size);
}

/* BCC: what follows depends on it. */
static void branch(struct search *search, struct run *run, const struct line *line) {
    struct value by = line->op == OP_BRANCH_IF ? run->flags : run->registers[line->rn];
    uint64_t number = cut(by.number, line->size);
    bool taken = line->op == OP_BRANCH        ? true
                 : line->op == OP_BRANCH_IF   ? condition_of(by.number, line->condition)
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

static void isb(struct run *run) {
    run->before_all |= run->control | run->control_pick | run->address_po | run->address_po_pick;
    if (!rule_kept(RULE_ISB))
        run->before_all |= (1u << run->trace.count) - 1;
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
            compute(run, line);
            continue;
        case OP_SELECT:
            select_register(run, line);
            continue;
        case OP_BARRIER:
            barrier(run, line->order);
            continue;
        case OP_ISB:
            isb(run);
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
