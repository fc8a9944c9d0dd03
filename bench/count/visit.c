/* SPDX-License-Identifier: MIT */
#include "count/visit.h"

#include <pthread.h>
#include <stddef.h>

#include "machine/topology.h"

struct visit {
    unsigned cpu;
    void (*work)(void *context);
    void *context;
    int error;
};

static void *start(void *argument) {
    struct visit *visit = argument;
    visit->error = topology_pin(visit->cpu);
    if (visit->error == 0)
        visit->work(visit->context);
    return NULL;
}

int visit_cpu(unsigned cpu, void (*work)(void *context), void *context) {
    struct visit visit = {cpu, work, context, 0};
    pthread_t thread;
    int error = pthread_create(&thread, NULL, start, &visit);
    if (error)
        return -error;
    pthread_join(thread, NULL);
    return visit.error;
}
