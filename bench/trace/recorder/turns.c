/* SPDX-License-Identifier: MIT
 *
 * turns.c: one thread at a time. The kernel is asked for a thread's state in /proc.
 */
#include "trace/recorder/turns.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "trace/recorder/outside.h"

enum state {
    ABSENT,
    COMING,  /* announced, or surely back soon */
    READY,   /* runs, or waits for its turn */
    CALLING, /* in a system call */
    LEAVING, /* in its last one */
};

static struct turn {
    enum state state;
    atomic_bool back; /* from a system call: it may sleep for the lock */
    int status;       /* file, or 0 */
    pthread_cond_t changed;
} turns[TURNS_THREADS] = {[0 ... TURNS_THREADS - 1] = {.changed = PTHREAD_COND_INITIALIZER}};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned holder; /* whose turn it is */
static bool ended;

/* The file of proc(5) that says what this thread does. It stays open, and far from the numbers that
 * the program's own files get: those must be the same each time. */
static int open_status(void) {
    enum { FIRST = 900 };
    const int low = open("/proc/thread-self/stat", O_RDONLY | O_CLOEXEC);
    const int status = fcntl(low, F_DUPFD_CLOEXEC, FIRST);
    if (status < 0)
        turns_stuck("cannot read a thread's state in /proc");
    close(low);
    return status;
}

/* The letter by which it names the thread's state; 0 if the thread is gone. */
static char letter_of(const struct turn *turn) {
    char text[128];
    ssize_t size = pread(turn->status, text, sizeof text - 1, 0);
    if (size <= 0)
        return 0;
    text[size] = 0;
    const char *name_end = strrchr(text, ')');
    return name_end && name_end[1] ? name_end[2] : 0;
}

/* Whether all threads but this one wait: for their turn, or asleep in a system call. */
static bool is_quiet(unsigned me) {
    for (unsigned i = 0; i < TURNS_THREADS; i++)
        if (turns[i].state == LEAVING && letter_of(&turns[i]) == 0) {
            close(turns[i].status);
            turns[i].state = ABSENT;
            turns[i].status = 0;
        } else if (turns[i].state == LEAVING || turns[i].state == COMING) {
            return false;
        }
    for (unsigned i = 0; i < TURNS_THREADS; i++)
        if (i != me && turns[i].state == CALLING &&
            (letter_of(&turns[i]) != 'S' || atomic_load(&turns[i].back)))
            return false;
    return true;
}

/* The one to run after the holder, which is the holder if no other is ready. */
static unsigned next_ready(void) {
    for (unsigned i = 1; i < TURNS_THREADS; i++)
        if (turns[(holder + i) % TURNS_THREADS].state == READY)
            return (holder + i) % TURNS_THREADS;
    return holder;
}

/* Lets the others go on: most system calls are over at once. */
static void give_way(unsigned *tries) {
    enum { YIELDS = 100 };
    const struct timespec pause = {.tv_nsec = 20000};
    pthread_mutex_unlock(&lock);
    if (++*tries < YIELDS)
        sched_yield();
    else
        nanosleep(&pause, NULL);
    pthread_mutex_lock(&lock);
}

/* Waits for a signal; looks every second whether the one who should give it can. */
static void wait_for_signal(unsigned me, unsigned *stuck) {
    enum { STUCK_SECONDS = 10 };
    struct timespec until = outside_host_time();
    until.tv_sec++;
    const bool late = pthread_cond_timedwait(&turns[me].changed, &lock, &until) == ETIMEDOUT;
    const bool asleep = turns[holder].state == READY && letter_of(&turns[holder]) == 'S';
    *stuck = late && asleep && holder != me && !ended ? *stuck + 1 : 0;
    if (*stuck == STUCK_SECONDS)
        turns_stuck("the emulator waits for threads that wait for their turn");
}

static void wait_for_turn(unsigned me) {
    unsigned stuck = 0, tries = 0;
    while (!ended && holder != me) {
        if (turns[holder].state == READY || next_ready() != me) {
            wait_for_signal(me, &stuck);
        } else if (!is_quiet(me)) {
            give_way(&tries);
        } else if (turns[holder].state != READY && next_ready() == me) {
            holder = me;
        }
    }
}

void turns_announce(unsigned thread) {
    pthread_mutex_lock(&lock);
    turns[thread].state = COMING;
    pthread_mutex_unlock(&lock);
}

void turns_begin(unsigned thread) {
    unsigned tries = 0;
    pthread_mutex_lock(&lock);
    turns[thread].status = open_status();
    while (!ended && turns[holder].state != READY && letter_of(&turns[holder]) != 'S')
        give_way(&tries);
    pthread_mutex_unlock(&lock);
}

void turns_take(unsigned thread) {
    unsigned tries = 0;
    atomic_store(&turns[thread].back, true);
    pthread_mutex_lock(&lock);
    atomic_store(&turns[thread].back, false);
    if (!turns[thread].status)
        turns[thread].status = open_status();
    turns[thread].state = READY;
    if (holder == thread) {
        while (!ended && !is_quiet(thread))
            give_way(&tries);
    } else {
        /* One that was next, and waits for quiet, may be so no longer. */
        pthread_cond_signal(&turns[next_ready()].changed);
        wait_for_turn(thread);
    }
    pthread_mutex_unlock(&lock);
}

void turns_pass(unsigned thread) {
    pthread_mutex_lock(&lock);
    holder = next_ready();
    if (holder != thread) {
        pthread_cond_signal(&turns[holder].changed);
        wait_for_turn(thread);
    }
    pthread_mutex_unlock(&lock);
}

void turns_leave(unsigned thread, enum turns_call call) {
    static const enum state states[] = {CALLING, COMING, LEAVING};
    pthread_mutex_lock(&lock);
    turns[thread].state = states[call];
    pthread_cond_signal(&turns[next_ready()].changed);
    pthread_mutex_unlock(&lock);
}

void turns_end(void) {
    pthread_mutex_lock(&lock);
    ended = true;
    for (unsigned i = 0; i < TURNS_THREADS; i++)
        pthread_cond_broadcast(&turns[i].changed);
    pthread_mutex_unlock(&lock);
}
