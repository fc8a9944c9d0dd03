/* SPDX-License-Identifier: MIT */
#include "run/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 24, PLAIN_SECONDS = 10 };

void progress_start(struct progress *progress) {
    *progress = (struct progress){.terminal = isatty(STDERR_FILENO), .last_plain = -INFINITY};
}

void progress_show(struct progress *progress, unsigned done, unsigned total, const char *set,
                   unsigned block, long rounds, double elapsed, double left) {
    char time_left[32] = "", rounds_text[32] = "";
    if (left >= 0)
        snprintf(time_left, sizeof time_left, ", %d:%02d left", (int)left / 60, (int)left % 60);
    if (rounds > 0)
        snprintf(rounds_text, sizeof rounds_text, " of %ld rounds", rounds);
    if (progress->terminal) {
        char bar[BAR + 1];
        unsigned filled = total ? done * BAR / total : 0;
        memset(bar, '#', filled);
        memset(bar + filled, '.', BAR - filled);
        bar[BAR] = 0;
        fprintf(stderr, "\r\033[K[%s] %u/%u%s  %.48s block %u%s", bar, done, total, time_left, set,
                block, rounds_text);
    } else if (elapsed - progress->last_plain >= PLAIN_SECONDS || done == total) {
        fprintf(stderr, "%u/%u blocks%s: %s block %u%s\n", done, total, time_left, set, block,
                rounds_text);
        progress->last_plain = elapsed;
    }
    fflush(stderr);
}

void progress_end(struct progress *progress) {
    if (progress->terminal)
        fputs("\r\033[K", stderr);
}
