/* SPDX-License-Identifier: MIT
 *
 * cmd_report.c: `tsobench report`: tables and plots from run directories.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/gains.h"
#include "advise/replayed.h"
#include "base/die.h"
#include "base/folder.h"
#include "base/options.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "base/visible.h"
#include "commands/commands.h"
#include "figures/plots.h"
#include "formats/formats.h"
#include "report/counts.h"
#include "report/report.h"

static const char help[] =
    "NAME\n"
    "    tsobench report - tables and plots from run directories\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench report DIR... [-o DIR] [--format FORMAT] [--full] [--no-plots]\n"
    "                    [--traces DIR]\n"
    "\n"
    "DESCRIPTION\n"
    "    Makes tables and plots of each run from its raw samples (samples.jsonl or\n"
    "    samples.jsonl.zst), and prints the headline, the check of the method and\n"
    "    where the files are.\n"
    "\n"
    "    It writes beside the samples:\n"
    "\n"
    "        summary.tsv     one row per cell: times, paired ratio to the set's\n"
    "                        baseline with its 95 % interval, soundness, flags\n"
    "        report.txt      the headline, same code, peaks, and every cell\n"
    "        events.tsv      events per operation, where a PMU counted\n"
    "        NAME.svg, .png, .txt\n"
    "                        the figures of plots/ that the run has data for\n"
    "        plot.tsv        what the plots show; to draw one alone, or in another\n"
    "                        format: gnuplot -e \"run='DIR'; terminal='svg'\"\n"
    "                        plots/headline.gp\n"
    "\n"
    "    Equal samples give equal digits: the bootstrap's seeds follow from the\n"
    "    names of set and cell.\n"
    "\n"
    "    Ratios are times over the baseline's, plain accesses in TSO mode where\n"
    "    there is one: above 1 is slower. \"=\" stands before a ratio that is not told\n"
    "    from 1; \"unsound\" after one whose lowering does not keep TSO. Blocks run\n"
    "    different layouts of the program, so intervals know what placement does; if\n"
    "    all were of one, the set has a floor: how far the intervals of the baseline\n"
    "    against itself (A/A) and its source compiled twice (twin) reach from 1.\n"
    "\n"
    "FORMATS\n"
    "    text       the above (default)\n"
    "    markdown   the above, and on stdout a section for a document\n"
    "    results    the above, and on stdout RESULTS.md: what is known of each core,\n"
    "               then a section for each machine\n"
    "    mail       at most 72 columns and 100 lines of ASCII, to be pasted and\n"
    "               quoted\n"
    "    benchstat  Go benchmark lines, one per sample\n"
    "    tsv        summary.tsv of one run\n"
    "    html       one page of one run, the figures in it\n"
    "    The last four go to stdout and write no file, unless -o is given.\n"
    "\n"
    "OPTIONS\n"
    "    -o, --output DIR       write there, not into the run directories; several\n"
    "                           runs go into DIR/<machine>/<time>\n"
    "    --format FORMAT        see above\n"
    "    --full                 in a mail every lowering of every kernel, a plot,\n"
    "                           and a checklist of 17 questions, answered from the\n"
    "                           data\n"
    "    --no-plots             tables only\n"
    "    --traces DIR           the folder of the replayed traces, for predictions\n"
    "    --help                 this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done; 1 damaged samples, or a plot failed; 2 wrong usage, no samples, or\n"
    "    an output folder that cannot be written; 3 no gnuplot, or one without a\n"
    "    terminal that is needed: the tables are made, the plots are not\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench report results/*/2*\n"
    "    tsobench report --format html results/gem5-middle/*-pipelined >page.html\n";

enum format {
    FORMAT_TEXT,
    FORMAT_MARKDOWN,
    FORMAT_RESULTS,
    FORMAT_MAIL,
    FORMAT_BENCHSTAT,
    FORMAT_TSV,
    FORMAT_HTML,
    FORMATS
};
static const char *const format_names[FORMATS] = {"text",      "markdown", "results", "mail",
                                                  "benchstat", "tsv",      "html"};

struct settings {
    const char *output; /* NULL: beside the samples */
    const char *traces; /* NULL: the usual folder */
    enum format format;
    bool plots, full;
};

static enum format format_of(const char *name) {
    for (int i = 0; i < FORMATS; i++)
        if (strcmp(name, format_names[i]) == 0)
            return (enum format)i;
    text_unknown("format", name, format_names, FORMATS);
}

static struct replacement begin(const char *directory, const char *name) {
    char *path;
    if (asprintf(&path, "%s/%s", directory, name) < 0)
        die(EXIT_FAILED, "out of memory");
    struct replacement file = replace_begin_or_die(path);
    free(path);
    return file;
}

/* The run directory without slashes at its end. */
static void trim(char *directory) {
    for (size_t end = strlen(directory); end > 1 && directory[end - 1] == '/';)
        directory[--end] = 0;
}

/* The last two parts of a path: "machine/time". */
static const char *tail_of(const char *directory) {
    const char *tail = directory + strlen(directory);
    for (int slashes = 0; tail > directory; tail--)
        if (tail[-1] == '/' && ++slashes == 2)
            break;
    return tail;
}

/* Where a run's files go. */
static void choose_output(const struct settings *settings, const char *directory, bool only,
                          char *out, size_t size) {
    if (settings->output == NULL)
        snprintf(out, size, "%s", directory);
    else if (only)
        snprintf(out, size, "%s", settings->output);
    else
        snprintf(out, size, "%s/%s", settings->output, tail_of(directory));
    folder_make(out, "");
}

/* What a report calls its run for those who get it, and need not know where it was. */
static const char *shown_directory(const char *directory) {
    bool is_below = *directory != '/' && strstr(directory, "..") == NULL;
    return is_below ? directory : tail_of(directory);
}

/* Everything that is kept beside the samples; what was drawn is printed on `drawn`. */
static int write_files(const struct plot_source *source, const struct settings *settings,
                       const char *directory, const char *out, FILE *drawn) {
    const struct report *report = source->report;
    struct replacement file = begin(out, "summary.tsv");
    summary_write_tsv(report->summary, file.file);
    replace_end_or_die(&file);
    file = begin(out, "report.txt");
    struct page page = report_page(report, file.file, PAGE_TEXT);
    format_section(source, &page, shown_directory(directory));
    replace_end_or_die(&file);
    if (counts_any(report)) {
        file = begin(out, "events.tsv");
        counts_write_tsv(report, file.file);
        replace_end_or_die(&file);
    }
    plots_write(source, out);
    return settings->plots ? plots_draw(source, out, PLOT_ALL, drawn) : EXIT_DONE;
}

/* Forms for others go to stdout and leave the run directory as it is, unless -o is given. */
static int report_one(char *directory, const struct settings *settings, bool only,
                      struct results *results) {
    trim(directory);
    char out[PATH_MAX], *figures, *shown = visible_text(shown_directory(directory));
    size_t size;
    int status = EXIT_DONE, drawn;
    FILE *figures_out = open_memstream(&figures, &size);
    bool is_page = settings->format <= FORMAT_RESULTS;
    struct report *report = report_open(directory);
    bool replayed = settings->format != FORMAT_TSV && settings->format != FORMAT_BENCHSTAT;
    struct replays *replays = replayed ? replays_of(report, traces_folder(settings->traces)) : NULL;
    const struct plot_source source = {report, replays};
    if (is_page || settings->output) {
        choose_output(settings, directory, only, out, sizeof out);
        status = write_files(&source, settings, directory, out, figures_out);
    }
    fclose(figures_out);
    struct page page = report_page(report, stdout,
                                   settings->format == FORMAT_MARKDOWN ? PAGE_MARKDOWN : PAGE_TEXT);
    switch (settings->format) {
    case FORMAT_TEXT:
        report_headline(report, &page);
        report_floors(report, &page);
        visible_printf("%s/: summary.tsv, report.txt%s\n", out, figures);
        break;
    case FORMAT_MARKDOWN:
        format_section(&source, &page, directory);
        break;
    case FORMAT_RESULTS:
        results_add(results, &source, directory);
        break;
    case FORMAT_MAIL:
        format_mail(&source, shown, settings->full, stdout);
        break;
    case FORMAT_BENCHSTAT:
        format_benchstat(report, stdout);
        break;
    case FORMAT_TSV:
        summary_write_tsv(report->summary, stdout);
        break;
    case FORMAT_HTML:
        drawn = format_html(&source, settings->plots, shown, stdout);
        status = drawn > status ? drawn : status;
        break;
    case FORMATS:
        break;
    }
    free(figures);
    free(shown);
    replays_free(replays);
    report_free(report);
    return status;
}

int cmd_report(int argc, char **argv) {
    enum { FORMAT = 1, IN_FULL, NO_PLOTS, TRACES };
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'},    {"format", required_argument, NULL, FORMAT},
        {"full", no_argument, NULL, IN_FULL},        {"no-plots", no_argument, NULL, NO_PLOTS},
        {"traces", required_argument, NULL, TRACES}, {0}};
    struct settings settings = {.plots = true};
    int status = EXIT_DONE;
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == 'o')
            settings.output = optarg;
        else if (option == TRACES)
            settings.traces = optarg;
        else if (option == NO_PLOTS)
            settings.plots = false;
        else if (option == IN_FULL)
            settings.full = true;
        else
            settings.format = format_of(optarg);
    }
    if (optind == argc)
        die(EXIT_USAGE, "no run directory was named, as results/*/2* (see tsobench report --help)");
    if (argc - optind > 1 && (settings.format == FORMAT_TSV || settings.format == FORMAT_HTML))
        die(EXIT_USAGE, "--format %s is of one run: name only one", format_names[settings.format]);
    struct results *results = results_new();
    for (int i = optind; i < argc; i++) {
        int one = report_one(argv[i], &settings, argc - optind == 1, results);
        status = one > status ? one : status;
    }
    if (settings.format == FORMAT_RESULTS)
        results_print(results, stdout);
    else
        free(results);
    return status;
}
