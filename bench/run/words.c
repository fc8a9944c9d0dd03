/* SPDX-License-Identifier: MIT */
#include "run/words.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/private.h"
#include "base/text.h"
#include "stats/rng.h"

enum { MOST_LINES = 256 };

static const char die_prefix[] = "tsobench: ", warn_prefix[] = "tsobench: warning: ";

/* Calls use for each line of what was said, without its end. */
static void each_line(char *text, void (*use)(char *line, void *context), void *context) {
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        use(line, context);
        if (next)
            next[-1] = '\n';
    }
}

/* Passes a line on if it is new, and the reason does not say it. */
static void pass_on(char *line, void *context) {
    static uint64_t passed[MOST_LINES];
    static size_t count;
    uint64_t hash = rng_hash(0, line);
    for (size_t i = 0; i < count; i++)
        if (passed[i] == hash)
            return;
    if (count < MOST_LINES)
        passed[count++] = hash;
    const char *reason = context;
    bool died = strncmp(line, die_prefix, sizeof die_prefix - 1) == 0;
    if (*line && !(died && strcmp(line + sizeof die_prefix - 1, reason) == 0))
        fprintf(stderr, "%s\n", line);
}

/* The last words of die(); before there are any, the first of whoever speaks. */
struct words {
    char line[512];
    bool died;
};

static void find_words(char *line, void *context) {
    struct words *words = context;
    bool died = strncmp(line, die_prefix, sizeof die_prefix - 1) == 0 &&
                strncmp(line, warn_prefix, sizeof warn_prefix - 1) != 0;
    if (!died && (words->line[0] || strncmp(line, warn_prefix, sizeof warn_prefix - 1) == 0))
        return;
    snprintf(words->line, sizeof words->line, "%s", line);
    words->died = died;
}

void words_reason(int status, char *said, char *reason, size_t size) {
    struct words words = {.line = ""};
    bool signaled = status != WORDS_UNKNOWN && WIFSIGNALED(status);
    bool aborted = signaled && WTERMSIG(status) == SIGABRT;
    char name[32], message[256] = "";
    each_line(said, find_words, &words);
    if (words.died || (words.line[0] && status && (aborted || !signaled)))
        private_left_out(message, sizeof message,
                         words.line + (words.died ? sizeof die_prefix - 1 : 0));
    if (status == WORDS_UNKNOWN)
        snprintf(reason, size, "nobody knows how it ended");
    else if (signaled)
        snprintf(reason, size, "%s", text_signal(WTERMSIG(status), name, sizeof name));
    else if (status == 0)
        snprintf(reason, size, "no answer");
    else if (!words.died)
        snprintf(reason, size, "exit status %d", WEXITSTATUS(status));
    else
        reason[0] = 0; /* its own words say it all */
    size_t used = strlen(reason);
    snprintf(reason + used, size - used, "%s%s", used && message[0] ? ": " : "", message);
}

void words_pass_on(char *said, const char *reason) {
    each_line(said, pass_on, (void *)reason);
}
