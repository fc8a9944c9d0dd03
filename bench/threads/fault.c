/* SPDX-License-Identifier: MIT */
#include "threads/fault.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/text.h"

static _Thread_local sigjmp_buf *way_out; /* of the call under way on this thread */

/* A fault elsewhere is a fault: it comes again, and then nobody catches it. */
static void on_fault(int signal_number) {
    if (way_out)
        siglongjmp(*way_out, signal_number);
    signal(signal_number, SIG_DFL);
}

static void catch_faults(void) {
    static const int signals[] = {SIGBUS, SIGILL, SIGSEGV};
    struct sigaction action = {.sa_handler = on_fault};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, NULL);
}

int fault_of(void (*call)(void *context, unsigned thread), void *context, unsigned thread) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    sigjmp_buf here;
    pthread_once(&once, catch_faults);
    int caught = sigsetjmp(here, 1);
    if (caught == 0) {
        way_out = &here;
        call(context, thread);
    }
    way_out = NULL;
    return caught;
}

struct trial {
    void (*call)(void *context, unsigned thread);
    void *context;
    atomic_int signal; /* that a thread got, or 0 */
};

static void try_on_thread(void *context, unsigned thread) {
    struct trial *trial = context;
    int signal = fault_of(trial->call, trial->context, thread);
    if (signal)
        atomic_store(&trial->signal, signal);
}

bool fault_on_any(struct crew *crew, const char *name, void (*call)(void *context, unsigned thread),
                  void *context, char *reason, size_t size) {
    struct trial trial = {.call = call, .context = context};
    char text[32];
    (void)name;
    crew_all(crew, try_on_thread, &trial);
    int signal = atomic_load(&trial.signal);
    if (signal)
        snprintf(reason, size, "faults: %s", text_signal(signal, text, sizeof text));
    return signal != 0;
}
