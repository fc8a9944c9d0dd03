/* SPDX-License-Identifier: MIT */
#include "events/switchcost.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/memmodel.h"

enum { NOT_STARTED = 100 }; /* exit status of a child that could not execute */

/* What failed, and the errno of it, until the next failure of this process. */
static const char *failed(const char *what, int error) {
    static char text[128];
    snprintf(text, sizeof text, "%s: %s", what, strerror(error));
    return text;
}

static const char *open_always(void) {
    return NULL;
}

static const char *run_syscall(unsigned ops) {
    for (; ops; ops--)
        syscall(SYS_getppid);
    return NULL;
}

static const char *open_prctl(void) {
    static struct memmodel_support support;
    memmodel_probe(&support);
    return support.can_weak && support.can_tso ? NULL : support.reason;
}

static const char *run_prctl(unsigned ops) {
    for (; ops; ops--)
        if (memmodel_set(ops & 1 ? MEMMODEL_WEAK : MEMMODEL_TSO))
            return "the switch failed";
    return NULL;
}

/* A thread that answers each byte with a byte, on the CPU of the one that asks. */
struct partner {
    pthread_t thread;
    int ask[2], answer[2]; /* pipes */
    bool tso, switched;
};

static struct partner equal, different;

static void *partner_main(void *argument) {
    struct partner *partner = argument;
    char byte;
    partner->switched = !partner->tso || memmodel_set(MEMMODEL_TSO) == 0;
    while (read(partner->ask[0], &byte, 1) == 1 && byte)
        if (write(partner->answer[1], &byte, 1) != 1)
            break;
    return NULL;
}

static const char *partner_start(struct partner *partner, bool tso) {
    *partner = (struct partner){.tso = tso};
    if (pipe(partner->ask) || pipe(partner->answer))
        return failed("cannot make a pipe", errno);
    int error = pthread_create(&partner->thread, NULL, partner_main, partner);
    return error ? failed("cannot start a second thread", error) : NULL;
}

static const char *partner_ask(struct partner *partner, unsigned ops) {
    char byte = 1;
    for (; ops; ops--)
        if (write(partner->ask[1], &byte, 1) != 1 || read(partner->answer[0], &byte, 1) != 1)
            return "the other thread does not answer";
    return partner->switched ? NULL : "the other thread could not switch";
}

static void partner_stop(struct partner *partner) {
    char byte = 0;
    if (partner->thread && write(partner->ask[1], &byte, 1) == 1)
        pthread_join(partner->thread, NULL);
}

static const char *open_equal(void) {
    return partner_start(&equal, false);
}

static const char *run_equal(unsigned ops) {
    return partner_ask(&equal, ops);
}

static void close_equal(void) {
    partner_stop(&equal);
}

static const char *open_different(void) {
    const char *missing = open_prctl();
    return missing ? missing : partner_start(&different, true);
}

/* The caller may have been left in either model by run_prctl(). */
static void prepare_weak(void) {
    memmodel_set(MEMMODEL_WEAK);
}

static const char *run_different(unsigned ops) {
    return partner_ask(&different, ops);
}

static void close_different(void) {
    partner_stop(&different);
}

static void *nothing(void *argument) {
    return argument;
}

static const char *run_thread(unsigned ops) {
    for (pthread_t thread; ops; ops--) {
        int error = pthread_create(&thread, NULL, nothing, NULL);
        if (error || (error = pthread_join(thread, NULL)) != 0)
            return failed("cannot start a thread", error);
    }
    return NULL;
}

/* Runs child() in a new process; its exit status, or -1. */
static int in_child(void (*child)(void)) {
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        child();
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

static void leave(void) {
    _exit(0);
}

static const char *run_fork(unsigned ops) {
    for (; ops; ops--)
        if (in_child(leave))
            return failed("cannot start a process", errno);
    return NULL;
}

static void execute(void) {
    char *const arguments[] = {(char *)"tsobench", (char *)"switch", (char *)"--answer", NULL};
    execv("/proc/self/exe", arguments);
    _exit(NOT_STARTED);
}

static const char *run_execve(unsigned ops) {
    for (; ops; ops--) {
        int status = in_child(execute);
        if (status < 0 || status == NOT_STARTED)
            return "this program cannot execute itself here";
    }
    return NULL;
}

const struct event switchcost_events[] = {
    {"null syscall", "getppid()", open_always, NULL, run_syscall, NULL, 0},
    {"switch of the model", "PR_SET_MEM_MODEL, and PR_GET_MEM_MODEL to read it back", open_prctl,
     NULL, run_prctl, NULL, 0},
    {"context switches, same", "to another thread on the same CPU and back, through pipes",
     open_equal, prepare_weak, run_equal, close_equal, 0},
    {"context switches, different", "the same where that thread is in TSO mode", open_different,
     prepare_weak, run_different, close_different, 0},
    {"thread", "pthread_create() and pthread_join()", open_always, NULL, run_thread, NULL, 0},
    {"fork", "fork(), exit and waitpid()", open_always, NULL, run_fork, NULL, 4},
    {"fork and execve", "the same with this program executed by it, until its main()", open_always,
     NULL, run_execve, NULL, 1},
    {0},
};

void switchcost_answer(void) {
    enum memmodel model;
    _exit(memmodel_now(&model) ? (int)model : NOT_STARTED);
}

static void answer(void) {
    switchcost_answer();
}

static void *answer_thread(void *model) {
    if (!memmodel_now(model))
        *(enum memmodel *)model = MEMMODEL_COUNT;
    return NULL;
}

static const char *name_of(int model) {
    return model >= 0 && model < MEMMODEL_COUNT ? memmodel_name((enum memmodel)model) : "not known";
}

json_t *switchcost_inheritance(void) {
    const char *missing = open_prctl();
    pthread_t thread;
    enum memmodel of_thread = MEMMODEL_COUNT;
    if (missing)
        return json_pack("{s:s}", "skipped", missing);
    if (memmodel_set(MEMMODEL_TSO))
        return json_pack("{s:s}", "skipped", "the switch failed");
    if (pthread_create(&thread, NULL, answer_thread, &of_thread) == 0)
        pthread_join(thread, NULL);
    int of_fork = in_child(answer), of_execve = in_child(execute);
    memmodel_set(MEMMODEL_WEAK);
    return json_pack("{s:s, s:s, s:s}", "thread", name_of((int)of_thread), "fork", name_of(of_fork),
                     "execve", name_of(of_execve));
}
