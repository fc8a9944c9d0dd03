/* SPDX-License-Identifier: MIT
 *
 * html.c: a report as one page that can be sent as a file: nothing in it is fetched from anywhere.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "advise/replayed.h"
#include "base/die.h"
#include "base/temporary.h"
#include "figures/plots.h"
#include "formats/formats.h"

static const char head[] =
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<style>\n"
    ":root { color-scheme: light dark; --ink: #202020; --paper: #fff; --line: #d8d8d8;\n"
    "        --soft: #606060; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  :root { --ink: #e8e8e8; --paper: #181818; --line: #404040; --soft: #a8a8a8; }\n"
    "}\n"
    "body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--paper);\n"
    "       color: var(--ink); font: 1rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }\n"
    "h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; } h3 { font-size: 1rem; }\n"
    ".note { color: var(--soft); font-size: .8rem; }\n"
    ".wide { overflow-x: auto; margin-bottom: 1rem; }\n"
    ".wide:focus-visible { outline: 2px solid; }\n"
    "table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }\n"
    "th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); text-align: right;\n"
    "         white-space: nowrap; overflow-wrap: normal; }\n"
    "th.left, td.left { text-align: left; }\n"
    "figure { margin: 0 0 1.5rem; }\n"
    "figure svg { display: block; background: #fff; min-width: 40rem; max-width: 100%;\n"
    "             height: auto; }\n"
    "figcaption { color: var(--soft); font-size: .8rem; }\n"
    "summary { cursor: pointer; font-weight: 600; padding: .5rem 0; }\n"
    "</style>\n";

/* Gnuplot names its parts alike in every picture; on one page each needs its own names. */
static void print_svg(const char *text, const char *name, const struct page *page) {
    static const char *const marks[] = {"id=\"", "id='", "xlink:href='#", "url(#", "href=\"#"};
    const char *svg = strstr(text, "<svg");
    for (const char *p = svg ? svg : ""; *p;) {
        size_t i = 0, length = 0;
        while (i < sizeof marks / sizeof *marks) {
            length = strlen(marks[i]);
            if (strncmp(p, marks[i], length) == 0)
                break;
            i++;
        }
        if (i == sizeof marks / sizeof *marks) {
            fputc(*p++, page->out);
            continue;
        }
        fprintf(page->out, "%s%s_", marks[i], name);
        p += length;
    }
}

static void print_figure(const struct plot *plot, const char *directory, const struct page *page) {
    char path[PATH_MAX], *text = NULL;
    size_t size = 0;
    snprintf(path, sizeof path, "%s/%s.svg", directory, plot->name);
    FILE *file = plot->has_data ? fopen(path, "re") : NULL;
    if (file == NULL)
        return;
    if (getdelim(&text, &size, 0, file) > 0) {
        fputs("<figure><div class=\"wide\" tabindex=\"0\">", page->out);
        print_svg(text, plot->name, page);
        fputs("</div><figcaption>", page->out);
        page_text(page, plot->title);
        fputs("</figcaption></figure>\n", page->out);
    }
    fclose(file);
    free(text);
}

static void print_page(const struct plot_source *source, const char *directory, const char *files,
                       FILE *out) {
    const struct report *report = source->report;
    struct plot plots[PLOTS];
    struct page page = report_page(report, out, PAGE_HTML);
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n", out);
    fputs(head, out);
    fputs("<title>tsobench: ", out);
    page_text(&page, report->machine);
    fputs("</title>\n</head>\n<body>\n", out);
    page_heading(&page, 1, "What x86-TSO order costs: %s", report->machine);
    page_paragraph(&page, "Made with %s%s; raw samples: %s.", report->run->command,
                   report->run->complete ? "" : " (not finished)", files);
    report_headline(report, &page);
    report_floors(report, &page);
    report_spin(report, &page);
    report_matrix(report, &page);
    report_core(report, &page);
    if (source->replays)
        replays_print(source->replays, &page);
    plots_of(source, plots);
    for (size_t i = 0; i < PLOTS; i++)
        print_figure(&plots[i], directory, &page);
    page_fold(&page, "Peaks, and every cell");
    report_tables(report, &page, true);
    page_unfold(&page);
    page_fold(&page, "Checklist");
    char *text;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    format_checklist(source, files, memory);
    fclose(memory);
    fputs("<pre style=\"white-space: pre-wrap\">", out);
    page_text(&page, text);
    fputs("</pre>\n", out);
    free(text);
    page_unfold(&page);
    fputs("</body>\n</html>\n", out);
}

/* The figures are drawn where nobody else sees them. */
int format_html(const struct plot_source *source, bool draw, const char *files, FILE *out) {
    struct temporary *folder = temporary_folder();
    const char *path = temporary_path(folder);
    plots_write(source, path);
    int status = draw ? plots_draw(source, path, PLOT_SVG, NULL) : EXIT_DONE;
    print_page(source, path, files, out);
    temporary_remove(folder);
    return status;
}
