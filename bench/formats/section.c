/* SPDX-License-Identifier: MIT
 *
 * section.c: all that a report says of one run: report.txt, and a section of RESULTS.md, which
 * leaves to report.txt what nobody reads from top to bottom.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/formats.h"

/* Readers of a document see the first figure, and find the others by a link. */
static void print_figures(const struct plot_source *source, const struct page *page,
                          const char *directory) {
    struct plot plots[PLOTS];
    size_t links = 0;
    plots_of(source, plots);
    for (int i = 0; i < PLOTS; i++)
        if (plots[i].has_data && i == 0) {
            fputc('!', page->out);
            page_link(page, plots[i].title, "%s/%s.png", directory, plots[i].name);
            fputs("\n\n", page->out);
        } else if (plots[i].has_data) {
            fputs(links++ ? "; " : "Figures: ", page->out);
            page_link(page, plots[i].title, "%s/%s.png", directory, plots[i].name);
        }
    fputs(links ? ".\n\n" : "", page->out);
}

/* By which command, and where the rest is. Documents that quote a section find it between marks:
 * "<!-- run: SUITE SOURCE TIME -->" and "<!-- end of run -->". */
static void print_origin(const struct report *report, const struct page *page,
                         const char *directory) {
    const struct samples *run = report->run;
    char seconds[32] = "";
    if (!samples_simulated(run) || run->seconds > 0)
        snprintf(seconds, sizeof seconds, " in %.0f s", run->seconds);
    const char *unfinished =
        run->complete ? "" : " (not finished: what is here is what was measured)";
    if (page->format != PAGE_MARKDOWN) {
        page_paragraph(page, "Made with %s%s%s; %s", run->command, seconds, unfinished, directory);
        return;
    }
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
}

void format_section(const struct plot_source *source, const struct page *page,
                    const char *directory) {
    const struct report *report = source->report;
    bool markdown = page->format == PAGE_MARKDOWN;
    char *title = report_title(report);
    struct page part = *page;
    part.of = markdown ? title : NULL;
    page_heading(page, 2, "%s", title);
    print_origin(report, page, directory);
    report_headline(report, page);
    report_floors(report, page);
    if (markdown)
        print_figures(source, page, directory);
    report_spin(report, &part);
    report_matrix(report, &part);
    report_core(report, &part);
    if (source->replays && markdown)
        replays_summary(source->replays, &part);
    else if (source->replays)
        replays_print(source->replays, &part);
    if (markdown)
        fputs("<!-- end of run -->\n\n", page->out);
    /* A page of thousands of rows is read by nobody, and code hosts do not show it. */
    page_fold(page, "Peaks and references");
    report_tables(report, &part, !markdown);
    page_unfold(page);
    free(title);
}
