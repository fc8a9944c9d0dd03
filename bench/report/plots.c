/* SPDX-License-Identifier: MIT */
#include "plots.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "die.h"

static const struct {
    const char *terminal, *suffix;
} formats[] = {{"svg", "svg"}, {"pngcairo", "png"}, {"dumb", "txt"}}; /* bits of plot_files */
enum { FORMATS = sizeof formats / sizeof formats[0] };

/* Starts gnuplot on one script, its output the picture. The directory stands between quotes of
 * gnuplot's, in which only a quote means something: it is doubled. */
static pid_t draw(const char *plot, const char *terminal, const char *suffix,
                  const char *directory) {
    char quoted[PATH_MAX], settings[PATH_MAX + 64], script[PATH_MAX], picture[PATH_MAX];
    char *end = quoted;
    for (const char *p = directory; *p && end < quoted + sizeof quoted - 2; p++) {
        *end++ = *p;
        if (*p == '\'')
            *end++ = '\'';
    }
    *end = 0;
    snprintf(settings, sizeof settings, "run='%s'; terminal='%s'", quoted, terminal);
    snprintf(script, sizeof script, "%s/%s.gp", TSOBENCH_PLOTS_DIR, plot);
    snprintf(picture, sizeof picture, "%s/%s.%s", directory, plot, suffix);
    fflush(NULL);
    pid_t child = fork();
    if (child != 0)
        return child;
    int file = open(picture, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file >= 0 && dup2(file, STDOUT_FILENO) >= 0)
        execlp("gnuplot", "gnuplot", "-e", settings, script, (char *)NULL);
    _exit(EXIT_FAILED);
}

static bool have_gnuplot(void) {
    const char *path = getenv("PATH");
    char *copy = strdup(path ? path : ""), *rest = copy;
    bool found = false;
    for (char *folder; !found && (folder = strsep(&rest, ":")) != NULL;) {
        char program[PATH_MAX];
        snprintf(program, sizeof program, "%s/gnuplot", folder);
        found = access(program, X_OK) == 0;
    }
    free(copy);
    return found;
}

/* All at once: most of gnuplot's time is its start. */
static int draw_all(const char *const *names, size_t name_count, const char *directory,
                    unsigned files) {
    pid_t children[PLOTS * FORMATS];
    size_t count = 0;
    int result = EXIT_DONE;
    if (!have_gnuplot()) {
        warn("no plots: gnuplot is not installed (packages gnuplot-nox or gnuplot)");
        return EXIT_MISSING;
    }
    for (size_t n = 0; n < name_count; n++)
        for (int f = 0; f < FORMATS; f++)
            if (files >> f & 1)
                children[count++] =
                    draw(names[n], formats[f].terminal, formats[f].suffix, directory);
    for (size_t i = 0; i < count; i++) {
        int status = 1;
        if (children[i] < 0 || waitpid(children[i], &status, 0) < 0 || status != 0)
            result = EXIT_FAILED;
    }
    if (result == EXIT_FAILED)
        warn("gnuplot failed in %s; the tables are whole", directory);
    return result;
}

int plots_draw(const struct report *report, const char *directory, unsigned files) {
    struct plot plots[PLOTS];
    const char *names[PLOTS];
    size_t count = 0;
    plots_of(report, plots);
    for (int p = 0; p < PLOTS; p++)
        if (plots[p].has_data)
            names[count++] = plots[p].name;
    return draw_all(names, count, directory, files);
}

int plots_draw_one(const char *name, const char *directory, unsigned files) {
    return draw_all(&name, 1, directory, files);
}
