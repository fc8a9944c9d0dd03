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
#include "report/across.h"
#include "report/counts.h"
#include "report/report.h"

static const char help[] =
    "NAME\n"
    "    tsobench report - tables and plots from run directories\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench report DIR... [-o DIR] [--format FORMAT] [--no-plots]\n"
    "                    [--traces DIR]\n"
    "\n"
    "DESCRIPTION\n"
    "    Reads the raw samples of each run (samples.jsonl, or samples.jsonl.zst) and writes\n"
    "    beside them:\n"
    "\n"
    "        summary.tsv     a row a cell: times, paired ratio to the set's baseline with its\n"
    "                        95 % interval, noise floor, soundness, flags\n"
    "        report.txt      the headline, the floors, peaks, and every cell\n"
    "        events.tsv      events per operation, where a PMU counted\n"
    "        NAME.svg, .png, .txt\n"
    "                        the figures of plots/ that the run has data for\n"
    "        plot.tsv        what the plots show; to draw one alone, or in another format:\n"
    "                        gnuplot -e \"run='DIR'; terminal='svg'\" plots/headline.gp\n"
    "\n"
    "    Prints the headline, the floors, and where the files are. Equal samples give equal\n"
    "    digits: the bootstrap's seeds follow from the names of set and cell.\n"
    "\n"
    "    Ratios are times over the baseline's, plain accesses in TSO mode where there is one:\n"
    "    above 1 is slower. \"=\" stands before a ratio that the set's floor hides; \"unsound\"\n"
    "    after one whose lowering does not keep TSO.\n"
    "\n"
    "FORMATS\n"
    "    text       the above (default)\n"
    "    markdown   the report without its cells is printed, too: RESULTS.md is made of it\n"
    "    mail       at most 72 columns of ASCII, with a checklist that is answered from the data\n"
    "    benchstat  Go benchmark lines, one a sample\n"
    "    tsv        summary.tsv of one run\n"
    "    html       one page of one run, the figures in it\n"
    "    The last four go to stdout and write no file, unless -o is given.\n"
    "\n"
    "OPTIONS\n"
    "    -o, --output DIR       write there, and leave the run directories alone; of several\n"
    "                           runs, each into DIR/<machine>/<time>\n"
    "    --format FORMAT        see above\n"
    "    --no-plots             tables only\n"
    "    --traces DIR           where the traces are that were replayed, for what is predicted\n"
    "                           of them (default: as trace replay has it)\n"
    "    --help                 this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done; 1 damaged samples, or a plot failed; 2 wrong usage, no samples, or an output\n"
    "    folder that cannot be written; 3 no gnuplot, or one without a terminal that is\n"
    "    needed: the tables are made, the plots are not\n"
    "\n"
    "EXAMPLES\n"
    "    tsobench report results/*/*\n"
    "    tsobench report -o /tmp/again results/intel-xeon/20261122T134501Z\n"
    "    tsobench report --format html results/intel-xeon/20261122T134501Z >page.html\n";

enum format {
    FORMAT_TEXT,
    FORMAT_MARKDOWN,
    FORMAT_MAIL,
    FORMAT_BENCHSTAT,
    FORMAT_TSV,
    FORMAT_HTML,
    FORMATS
};
static const char *const format_names[FORMATS] = {"text",      "markdown", "mail",
                                                  "benchstat", "tsv",      "html"};

struct settings {
    const char *output; /* NULL: beside the samples */
    const char *traces; /* NULL: the usual folder */
    enum format format;
    bool plots;
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

/* All of a report on one page. RESULTS.md keeps the headline between marks, for the README. */
static void print_report(const struct plot_source *source, const struct page *page,
                         const char *directory) {
    const struct report *report = source->report;
    const struct samples *run = report->run;
    bool markdown = page->format == PAGE_MARKDOWN;
    struct plot plots[PLOTS];
    page_heading(page, 2, "%s", report->machine);
    char seconds[32] = "";
    if (!samples_simulated(run) || run->seconds > 0)
        snprintf(seconds, sizeof seconds, " in %.0f s", run->seconds);
    const char *unfinished =
        run->complete ? "" : " (not finished: what is here is what was measured)";
    if (markdown) {
        fputs("Made with ", page->out);
        page_code(page, run->command);
        fprintf(page->out, "%s%s; raw samples and all rows: ", seconds, unfinished);
        page_link(page, directory, "%s", directory);
        fputs("; every cell: ", page->out);
        page_link(page, "report.txt", "%s/report.txt", directory);
        fputs(".\n\n<!-- run: ", page->out);
        page_text(page, run->suite);
        fputc(' ', page->out);
        page_text(page, run->source ? source_name(run->source) : "nothing");
        fputc(' ', page->out);
        page_text(page, run->time ? run->time : "-");
        fputs(" -->\n\n", page->out);
    } else {
        page_paragraph(page, "Made with %s%s%s; %s", run->command, seconds, unfinished,
                       shown_directory(directory));
    }
    report_headline(report, page);
    report_floors(report, page);
    report_matrix(report, page);
    report_core(report, page);
    if (source->replays)
        replays_print(source->replays, page);
    plots_of(source, plots);
    for (int i = 0; markdown && i < PLOTS; i++)
        if (plots[i].has_data) {
            fputc('!', page->out);
            page_link(page, plots[i].title, "%s/%s.png", directory, plots[i].name);
            fputs("\n\n", page->out);
        }
    if (markdown)
        fputs("<!-- end of run -->\n\n", page->out);
    /* A page of thousands of rows is read by nobody, and code hosts do not show it. */
    page_fold(page, markdown ? "Peaks and references" : "Peaks, references, and every cell");
    report_tables(report, page, !markdown);
    page_unfold(page);
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
    print_report(source, &page, directory);
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
                      struct table *across, bool *compared) {
    trim(directory);
    char out[PATH_MAX], *figures, *shown = visible_text(shown_directory(directory));
    size_t size;
    int status = EXIT_DONE, drawn;
    FILE *figures_out = open_memstream(&figures, &size);
    bool is_page = settings->format == FORMAT_TEXT || settings->format == FORMAT_MARKDOWN;
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
        print_report(&source, &page, directory);
        *compared |= across_add(across, report);
        break;
    case FORMAT_MAIL:
        format_mail(&source, shown, stdout);
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
    enum { FORMAT = 1, NO_PLOTS, TRACES };
    static const struct option options[] = {{"output", required_argument, NULL, 'o'},
                                            {"format", required_argument, NULL, FORMAT},
                                            {"no-plots", no_argument, NULL, NO_PLOTS},
                                            {"traces", required_argument, NULL, TRACES},
                                            {0}};
    struct settings settings = {.plots = true};
    int status = EXIT_DONE;
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        if (option == 'o')
            settings.output = optarg;
        else if (option == TRACES)
            settings.traces = optarg;
        else if (option == NO_PLOTS)
            settings.plots = false;
        else
            settings.format = format_of(optarg);
    }
    if (optind == argc)
        die(EXIT_USAGE, "no run directory was named, as results/*/* (see tsobench report --help)");
    if (argc - optind > 1 && (settings.format == FORMAT_TSV || settings.format == FORMAT_HTML))
        die(EXIT_USAGE, "--format %s is of one run: name only one", format_names[settings.format]);
    struct table *across = across_new();
    bool compared = false;
    for (int i = optind; i < argc; i++) {
        int one = report_one(argv[i], &settings, argc - optind == 1, across, &compared);
        status = one > status ? one : status;
    }
    if (compared)
        across_print(across, &(struct page){.out = stdout, .format = PAGE_MARKDOWN});
    else
        table_free(across);
    return status;
}
