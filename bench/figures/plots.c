/* SPDX-License-Identifier: MIT
 *
 * plots.c: runs gnuplot. A picture is drawn into memory, and replaces the file of before when it
 * is seen to be whole: gnuplot's exit status is 0 on a full disk, too.
 */
#include "figures/plots.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/data.h"
#include "base/die.h"
#include "base/replace_file.h"

/* Bits of plot_files, and what the end of a whole picture holds. */
static const struct format {
    const char *terminal, *suffix, *last;
    size_t last_size;
} formats[] = {{"svg", "svg", "</svg>", 6},
               {"pngcairo", "png", "IEND\xae\x42\x60\x82", 8},
               {"dumb", "txt", "", 0}};
enum { FORMATS = sizeof formats / sizeof formats[0] };

/* A PNG is made as large as it can be without being too heavy for a page or a repository. */
static const double scales[] = {2, 1.5, 1, 0.75};
enum { SCALES = sizeof scales / sizeof scales[0], MOST_PNG_BYTES = 400 << 10 };

struct picture {
    const char *name;
    const struct format *format;
    int scale;  /* of scales */
    int memory; /* the file that gnuplot writes */
    pid_t child;
    bool is_made;
};

/* What would change pictures or run somebody's code: gnuplot's own variables, and a locale that
 * has no UTF-8, of which it complains. */
static void set_environment(void) {
    static const char *const locales[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8"};
    static const char *const names[] = {"GNUTERM",
                                        "GNUHELP",
                                        "GNUPLOT_LIB",
                                        "GNUPLOT_DRIVER_DIR",
                                        "GNUPLOT_FONTPATH",
                                        "GNUPLOT_PS_DIR",
                                        "GNUPLOT_DEFAULT_GDFONT",
                                        "GDFONTPATH",
                                        "FIT_SCRIPT",
                                        "FIT_LOG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++) {
        locale_t locale = newlocale(LC_CTYPE_MASK, locales[i], NULL);
        if (locale == NULL)
            continue;
        freelocale(locale);
        setenv("LC_ALL", locales[i], 1);
        break;
    }
}

/* Starts gnuplot on one script, in the directory of what it draws: so no name of a directory is
 * ever part of what it executes. -d: it reads nobody's ~/.gnuplot. */
static void draw(struct picture *picture, const char *scripts, const char *directory) {
    char settings[64], script[PATH_MAX];
    snprintf(settings, sizeof settings, "run='.'; terminal='%s'; scale=%g",
             picture->format->terminal, scales[picture->scale]);
    snprintf(script, sizeof script, "%s/%s.gp", scripts, picture->name);
    picture->memory = memfd_create(picture->name, MFD_CLOEXEC);
    fflush(NULL);
    picture->child = picture->memory < 0 ? -1 : fork();
    if (picture->child != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    set_environment();
    if (dup2(picture->memory, STDOUT_FILENO) >= 0 && chdir(directory) == 0)
        execlp("gnuplot", "gnuplot", "-d", "-e", settings, script, (char *)NULL);
    _exit(EXIT_FAILED);
}

/* NULL where gnuplot made a whole picture, or what is wrong. Its child is waited for. */
static const char *fault_of(const struct picture *picture, const char *begin, size_t size) {
    const struct format *format = picture->format;
    int status = 0;
    if (picture->child < 0)
        return strerror(errno);
    /* Where children cannot be waited for (SIGCHLD ignored), the picture alone says it. */
    if (waitpid(picture->child, &status, 0) > 0 && status != 0)
        return "gnuplot failed";
    while (size > 0 && begin[size - 1] == '\n')
        size--;
    return size <= format->last_size ||
                   memcmp(begin + size - format->last_size, format->last, format->last_size) != 0
               ? "gnuplot's picture breaks off"
               : NULL;
}

/* The size of what gnuplot wrote, when it has ended. */
static size_t size_of(const struct picture *picture) {
    struct stat file = {0};
    if (picture->child > 0)
        waitid(P_PID, (id_t)picture->child, &(siginfo_t){0}, WEXITED | WNOWAIT);
    if (picture->memory >= 0)
        fstat(picture->memory, &file);
    return (size_t)file.st_size;
}

/* Waits for a picture, has one drawn smaller that is too heavy, and puts it where it belongs if it
 * is whole. */
static void finish(struct picture *picture, const char *scripts, const char *directory) {
    char path[PATH_MAX];
    struct replacement new;
    snprintf(path, sizeof path, "%s/%s.%s", directory, picture->name, picture->format->suffix);
    size_t size = size_of(picture);
    while (strcmp(picture->format->suffix, "png") == 0 && size > MOST_PNG_BYTES &&
           picture->scale + 1 < SCALES) {
        waitpid(picture->child, NULL, 0);
        close(picture->memory);
        picture->scale++;
        draw(picture, scripts, directory);
        size = size_of(picture);
    }
    char *begin = allocate(size + 1, 1);
    if (size && pread(picture->memory, begin, size, 0) != (ssize_t)size)
        size = 0;
    const char *fault = fault_of(picture, begin, size);
    if (fault == NULL && !replace_begin(&new, path))
        fault = strerror(errno);
    else if (fault == NULL) {
        fwrite(begin, 1, size, new.file);
        if (!replace_end(&new))
            fault = strerror(errno);
    }
    if (fault)
        warn("no %s: %s", path, fault);
    picture->is_made = fault == NULL;
    free(begin);
    if (picture->memory >= 0)
        close(picture->memory);
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

/* The formats that are asked for, less those that this gnuplot was built without; what is missing
 * is said, and goes into status. */
static unsigned formats_here(unsigned files, int *status) {
    static char print[] = "set print '-'; print ' ', GPVAL_TERMINALS, ' '";
    char *argv[] = {"gnuplot", "-d", "-e", print, NULL}, *line = NULL;
    size_t size = 0;
    struct child gnuplot;
    *status = EXIT_MISSING;
    if (!have_gnuplot()) {
        warn("no plots: gnuplot is not installed (packages gnuplot-nox or gnuplot)");
        return 0;
    }
    if (!child_start(&gnuplot, argv))
        die(EXIT_FAILED, "cannot start gnuplot: %s", strerror(errno));
    bool is_told = getline(&line, &size, gnuplot.out) > 0;
    *status = is_told ? EXIT_DONE : EXIT_FAILED;
    int ended = child_end(&gnuplot);
    if (!is_told)
        warn("no plots: gnuplot failed (exit status %d)", ended);
    for (int f = 0; f < FORMATS; f++) {
        char word[32];
        snprintf(word, sizeof word, " %s ", formats[f].terminal);
        if (is_told && files >> f & 1 && strstr(line, word) == NULL) {
            warn("no .%s: this gnuplot has no terminal %s; package gnuplot-nox or gnuplot has it",
                 formats[f].suffix, formats[f].terminal);
            *status = EXIT_MISSING;
            files &= ~(1U << f);
        }
    }
    free(line);
    return is_told ? files : 0;
}

/* The folder of gnuplot's scripts, from wherever gnuplot is started; the caller frees it. NULL,
 * with a warning, where there is none. */
static char *find_scripts(void) {
    const char *named = getenv("TSOBENCH_PLOTS");
    char *found = named ? NULL : data_find("plots");
    char *scripts = named || found ? realpath(named ? named : found, NULL) : NULL;
    free(found);
    if (scripts == NULL)
        warn("no plots: there is no folder plots/ beside the program; TSOBENCH_PLOTS=DIR names "
             "another");
    return scripts;
}

/* "plots as .svg and .txt, a.png": the formats of which all pictures were made, then the others. */
static void list(const struct picture *pictures, size_t count, FILE *out) {
    bool whole[FORMATS], any = false;
    for (int f = 0; f < FORMATS; f++) {
        size_t made = 0, all = 0;
        for (size_t i = 0; i < count; i++)
            if (pictures[i].format == &formats[f]) {
                all++;
                made += pictures[i].is_made;
            }
        whole[f] = all && made == all;
    }
    for (int f = 0; f < FORMATS; f++)
        if (whole[f]) {
            bool more = false;
            for (int later = f + 1; later < FORMATS; later++)
                more |= whole[later];
            fprintf(out, "%s.%s", !any ? ", plots as " : more ? ", " : " and ", formats[f].suffix);
            any = true;
        }
    for (size_t i = 0; i < count; i++)
        if (pictures[i].is_made && !whole[pictures[i].format - formats])
            fprintf(out, ", %s.%s", pictures[i].name, pictures[i].format->suffix);
}

/* All at once: most of gnuplot's time is its start. */
static int draw_all(const char *const *names, size_t name_count, const char *directory,
                    unsigned files, FILE *made) {
    struct picture pictures[PLOTS * FORMATS];
    size_t count = 0;
    int status;
    if (name_count == 0)
        return EXIT_DONE;
    files = formats_here(files, &status);
    char *scripts = files ? find_scripts() : NULL;
    if (files && scripts == NULL) {
        files = 0;
        status = EXIT_MISSING;
    }
    for (size_t n = 0; n < name_count; n++)
        for (int f = 0; f < FORMATS; f++)
            if (files >> f & 1) {
                pictures[count] = (struct picture){.name = names[n], .format = &formats[f]};
                draw(&pictures[count++], scripts, directory);
            }
    for (size_t i = 0; i < count; i++) {
        finish(&pictures[i], scripts, directory);
        if (!pictures[i].is_made)
            status = EXIT_FAILED;
    }
    free(scripts);
    if (made)
        list(pictures, count, made);
    return status;
}

int plots_draw(const struct plot_source *source, const char *directory, unsigned files,
               FILE *made) {
    struct plot plots[PLOTS];
    const char *names[PLOTS];
    size_t count = 0;
    plots_of(source, plots);
    for (int p = 0; p < PLOTS; p++)
        if (plots[p].has_data)
            names[count++] = plots[p].name;
    return draw_all(names, count, directory, files, made);
}

int plots_draw_one(const char *name, const char *directory, unsigned files) {
    return draw_all(&name, 1, directory, files, NULL);
}
