/* SPDX-License-Identifier: MIT
 *
 * order.c: what is ordered before what in a thread, by aarch64.cat: lob, and pick-lob.
 */
#include "oracle/order.h"

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

int run_add_event(struct run *run, const struct access *access) {
    unsigned number = run->trace.count;
    struct dependences *it = &run->dependences[number];
    if (number == TRACE_EVENTS)
        return -1;
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

struct value run_loaded(const struct run *run, int read, uint64_t number) {
    const struct dependences *it = &run->dependences[read];
    uint32_t bit = 1u << read;
    return (struct value){number, bit | it->basic, bit | it->basic | it->basic_pick};
}

void run_barrier(struct run *run, unsigned kind) {
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

void run_isb(struct run *run) {
    run->before_all |= run->control | run->control_pick | run->address_po | run->address_po_pick;
    if (!rule_kept(RULE_ISB))
        run->before_all |= (1u << run->trace.count) - 1;
}
