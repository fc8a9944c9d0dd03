/* SPDX-License-Identifier: MIT
 *
 * cmd_sound.c: `tsobench sound`: does a mapping keep x86-TSO, by Arm's model? And the model itself,
 * for any litmus test.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/folder.h"
#include "base/options.h"
#include "base/text.h"
#include "commands/commands.h"
#include "machine/feature.h"
#include "oracle/answer.h"
#include "oracle/oracle.h"

static const char help[] =
    "NAME\n"
    "    tsobench sound - is a mapping of x86 operations to instructions sound?\n"
    "\n"
    "SYNOPSIS\n"
    "    tsobench sound [--against tso|sc] [--isa ISA] [--export DIR] FILE|NAME...\n"
    "    tsobench sound --litmus FILE...\n"
    "\n"
    "DESCRIPTION\n"
    "    Judges mappings, by the name of a lowering (see tsobench list) or from a\n"
    "    file, of either ISA on any host. The mapping translates each of 113 litmus\n"
    "    tests; all final states that Arm's memory model then allows are compared\n"
    "    with those of x86-TSO (for mappings of x86-64, which has TSO, with those of\n"
    "    sequential consistency).\n"
    "\n"
    "    The verdicts:\n"
    "\n"
    "    sound          no test can end in a state that the reference forbids\n"
    "    over-strong    and some allowed state is lost: more order than was asked\n"
    "                   for\n"
    "    unsound        for the programs named, with an execution that shows it\n"
    "    undecided      some test takes more steps than are looked at, or has an\n"
    "                   instruction that is not modelled; no promise\n"
    "\n"
    "    A verdict is as good as the 113 tests. The model knows order; it knows\n"
    "    neither accesses of mixed sizes nor single-copy atomicity: which accesses\n"
    "    may be torn is listed below the verdict. A mapping whose data accesses are\n"
    "    plain (native) is judged for programs without data races: with variables of\n"
    "    the tests as data, where the others keep threads from racing on them.\n"
    "\n"
    "    A mapping's file is lines `key = SEQUENCE'; # begins a comment:\n"
    "\n"
    "        isa = aarch64                          or x86-64\n"
    "        load = LDAPR                           or: ldapr {value}, [{address}]\n"
    "        store = STLR\n"
    "        exchange = SWPAL\n"
    "        compare_exchange = DMB ISH; CASAL      or: LDAXR; STLXR; DMB ISH\n"
    "        fetch_add = LDADDAL\n"
    "        fence = DMB ISH                        MFENCE; NOP where nothing is\n"
    "                                               needed\n"
    "\n"
    "    Further keys are name, coverage (all, or sync: data accesses are plain),\n"
    "    load_byte, store_byte, load_pair, store_pair, load_vec16, store_vec16,\n"
    "    load_vec32, store_vec32, compare_exchange_pair, copy, load_unaligned,\n"
    "    store_unaligned. If left out, a byte is accessed as any word, a pair as two\n"
    "    words, CMPXCHG16B is CMPXCHG on two registers, vectors and unaligned data\n"
    "    are accessed by half barriers (LDR; DMB ISHLD and DMB ISH; STR) unless the\n"
    "    access is LDR or STR itself, and a copy stands between full barriers;\n"
    "    vectors, unaligned accesses and copies are judged only if they are written.\n"
    "\n"
    "    CMPXCHG16B is judged in the tests that have a CMPXCHG: SB+cas16-fail-read is\n"
    "    SB+cas-fail-read with it.\n"
    "\n"
    "OPTIONS\n"
    "    --against REF   tso or sc (default: tso; sc for mappings of x86-64)\n"
    "    --export DIR    write DIR/TEST.NAME.litmus for herd7, which can judge the\n"
    "                    same\n"
    "    --isa ISA       aarch64 or x86-64: for names that both have (default: this\n"
    "                    host's first)\n"
    "    --print         print the mappings as files, and judge nothing\n"
    "    --header DIR    write DIR/NAME.h, a lowering's header, for a build with it\n"
    "                    in all kernels (see scripts/run --mapping), and judge\n"
    "                    nothing\n"
    "    --litmus        FILEs are AArch64 litmus tests for herd7: print all final\n"
    "                    states\n"
    "    --json          as JSON\n"
    "    --help          this text in short; --manual: in full\n"
    "\n"
    "EXIT STATUS\n"
    "    0  all mappings are sound; all tests were answered\n"
    "    1  some mapping is unsound, or cannot be judged\n"
    "    2  wrong usage, or a file that is wrong: FILE:LINE:COLUMN: what\n";

struct settings {
    const char *against, *export, *header;
    enum isa isa; /* of names; ISAS: any */
    bool print, litmus, json;
};

static char *read_text(const char *path) {
    enum { MOST = 1 << 20 };
    FILE *file = fopen(path, "re");
    if (file == NULL)
        die(EXIT_USAGE, "%s: %s", path, strerror(errno));
    char *text = allocate(MOST + 1, 1);
    size_t length = fread(text, 1, MOST + 1, file);
    bool failed = ferror(file);
    fclose(file);
    if (failed || length > MOST || memchr(text, '\0', length))
        die(EXIT_USAGE, "%s is not a litmus test: it cannot be read, is too long, or is not text",
            path);
    return text;
}

static void answer(const char *path) {
    char *text = read_text(path);
    struct program *program = program_parse(path, text);
    if (!answer_print(program, stdout))
        die(EXIT_FAILED, "%s is undecided: it has too many executions to look at", path);
    putchar('\n');
    program_free(program);
    free(text);
}

/* A word is a file if it has a slash or a dot, or no mapping has this name. */
static const struct mapping *mapping_of_word(const char *word, enum isa isa) {
    const struct mapping *known = mapping_named(word, isa);
    if (known || strpbrk(word, "/."))
        return known && !strpbrk(word, "/.") ? known : mapping_read(word);
    FILE *file = fopen(word, "re");
    if (file) {
        fclose(file);
        return mapping_read(word);
    }
    size_t count;
    const struct mapping *all = mapping_table(&count);
    const char *names[256];
    for (size_t i = 0; i < count && i < 256; i++)
        names[i] = all[i].name;
    text_unknown("mapping", word, names, count < 256 ? count : 256);
}

static enum reference reference_for(const struct settings *settings,
                                    const struct mapping *mapping) {
    if (settings->against)
        return text_same(settings->against, "sc") ? REFERENCE_SC : REFERENCE_TSO;
    return mapping->isa == ISA_X86_64 ? REFERENCE_SC : REFERENCE_TSO;
}

static const char *reference_name(enum reference reference) {
    return reference == REFERENCE_SC ? "sequential consistency" : "x86-TSO";
}

static const char *word_of(const struct verdict *verdict) {
    return verdict->hole_count    ? "unsound"
           : verdict->unknown     ? "undecided"
           : verdict->over_strong ? "sound, over-strong"
                                  : "sound, exact";
}

static void print_tests(const char *head, const size_t *tests, unsigned count) {
    size_t all;
    const struct test *test = tests_all(&all);
    unsigned column = 100;
    for (unsigned i = 0; i < count; i++) {
        unsigned length = (unsigned)strlen(test[tests[i]].name) + 2;
        if (column + length > 96) {
            printf("%s", i ? "\n    " : head);
            column = i ? 4 : (unsigned)strlen(head);
        }
        printf("%s%s", test[tests[i]].name, i + 1 < count ? ", " : "\n");
        column += length;
    }
}

static void print_over_strong(const struct verdict *verdict) {
    size_t count;
    const struct test *tests = tests_all(&count);
    if (verdict->over_strong == 0)
        return;
    print_tests("  forbids needlessly: ", verdict->over_strong_tests, verdict->over_strong);
    size_t first = verdict->over_strong_tests[0];
    /* What was judged is still known, so that asking again costs nothing. */
    struct lowered lowered;
    char state[128];
    oracle_lower(verdict->mapping, first, &lowered);
    const struct comparison *result =
        oracle_compare(first, verdict->mapping->isa, &lowered, verdict->reference);
    oracle_state_text(&tests[first], &result->missing, state, sizeof state);
    printf("    %s never ends as %s, which %s allows\n", tests[first].name, state,
           reference_name(verdict->reference));
}

static void print_torn(const struct mapping *mapping) {
    unsigned torn = oracle_not_atomic(mapping, mapping->needs);
    if (torn)
        puts("  order only; not modelled, and no single accesses:");
    for (unsigned i = 0; i < TORN_KINDS; i++)
        if (torn >> i & 1)
            printf("    %s\n", oracle_torn_text(1u << i));
}

/* Bytes, pairs and CMPXCHG16B that are left out are as any scalar. */
static void print_left_out(const struct mapping *mapping) {
    static const enum access_kind kinds[] = {KIND_VECTOR, KIND_VECTOR32, KIND_COPY, KIND_UNALIGNED};
    const char *between = "  not written, and so not judged: ";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (oracle_left_out(mapping, kinds[i])) {
            printf("%s%s", between, access_kind_name(kinds[i]));
            between = ", ";
        }
    fputs(*between == ',' ? "\n" : "", stdout);
}

static void print_verdict(const struct mapping *mapping, const struct verdict *verdict) {
    char name[128];
    size_t count;
    tests_all(&count);
    printf("%s (%s) against %s: %s\n", mapping->name, isa_name(mapping->isa),
           reference_name(verdict->reference), word_of(verdict));
    printf("  %zu tests of scalars: %u unsound, %u over-strong\n", count, verdict->unsound,
           verdict->over_strong);
    if (mapping->coverage == COVERAGE_SYNC)
        puts("  for programs without data races: data accesses are plain");
    if (verdict->unknown)
        printf("  undecided: %s\n", verdict->why);
    print_tests("  unsound: ", verdict->unsound_tests, verdict->unsound);
    for (unsigned i = 0; i < verdict->hole_count; i++) {
        oracle_hole_name(&verdict->holes[i], name, sizeof name);
        printf("unsound for %s%s\n",
               i || verdict->holes[i].kinds || verdict->holes[i].test_ops ? "programs with " : "",
               name);
        oracle_explain(verdict, &verdict->holes[i], stdout);
    }
    print_over_strong(verdict);
    print_left_out(mapping);
    print_torn(mapping);
}

static json_t *names_of(const size_t *tests, unsigned count) {
    size_t all;
    json_t *array = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(array, json_string(tests_all(&all)[tests[i]].name));
    return array;
}

static json_t *verdict_json(const struct mapping *mapping, const struct verdict *verdict) {
    json_t *holes = json_array(), *torn = json_array();
    char name[128], state[128];
    size_t count;
    for (unsigned i = 0; i < verdict->hole_count; i++) {
        const struct hole *hole = &verdict->holes[i];
        const struct test *test = &tests_all(&count)[hole->test];
        oracle_hole_name(hole, name, sizeof name);
        oracle_state_text(test, &hole->state, state, sizeof state);
        char data[TEST_VARIABLES + 1];
        oracle_data_names(hole, data);
        json_array_append_new(holes, json_pack("{s:s, s:s, s:s, s:s}", "for", name, "test",
                                               test->name, "state", state, "data", data));
    }
    unsigned bits = oracle_not_atomic(mapping, mapping->needs);
    for (unsigned i = 0; i < TORN_KINDS; i++)
        if (bits >> i & 1)
            json_array_append_new(torn, json_string(oracle_torn_text(1u << i)));
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s?}", "name", mapping->name, "isa",
                     isa_name(mapping->isa), "against",
                     verdict->reference == REFERENCE_SC ? "sc" : "tso", "verdict", word_of(verdict),
                     "unsound", names_of(verdict->unsound_tests, verdict->unsound), "over_strong",
                     names_of(verdict->over_strong_tests, verdict->over_strong), "unsound_for",
                     holes, "not_single_copy_atomic", torn, "not_judged",
                     verdict->unknown ? verdict->why : NULL);
}

static unsigned export_all(const struct mapping *mapping, const char *folder) {
    unsigned files = 0;
    size_t count;
    const struct test *tests = tests_all(&count);
    folder_make(folder, "");
    for (size_t i = 0; i < count; i++)
        files += oracle_export(mapping, &tests[i], folder);
    return files;
}

static void write_header(const struct mapping *mapping, const char *folder) {
    char *path = NULL;
    folder_make(folder, "");
    if (asprintf(&path, "%s/%s.h", folder, mapping->name) < 0)
        die(EXIT_FAILED, "out of memory");
    FILE *out = fopen(path, "we");
    if (out == NULL)
        die(EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
    mapping_header(mapping, out);
    if (fclose(out))
        die(EXIT_FAILED, "cannot write %s: %s", path, strerror(errno));
    free(path);
}

/* Of a file; a lowering's lives as long as the program. */
static void mapping_done(const struct mapping *mapping) {
    if (mapping->text)
        mapping_free((struct mapping *)mapping);
}

static int judge_all(const struct settings *settings, int count, char **words) {
    bool unsound = false;
    json_t *all = json_array();
    for (int i = 0; i < count; i++) {
        const struct mapping *mapping = mapping_of_word(words[i], settings->isa);
        if (settings->print || settings->header) {
            if (settings->print)
                mapping_print(mapping, stdout);
            else
                write_header(mapping, settings->header);
            mapping_done(mapping);
            continue;
        }
        const struct verdict *verdict = oracle_judge(mapping, reference_for(settings, mapping));
        unsound |= verdict->hole_count > 0 || verdict->unknown;
        if (settings->json)
            json_array_append_new(all, verdict_json(mapping, verdict));
        else
            print_verdict(mapping, verdict);
        if (settings->export)
            fprintf(settings->json ? stderr : stdout, "%u files in %s\n",
                    export_all(mapping, settings->export), settings->export);
    }
    if (settings->json) {
        json_dumpf(all, stdout, JSON_INDENT(1));
        putchar('\n');
    }
    json_decref(all);
    return unsound ? EXIT_FAILED : EXIT_DONE;
}

int cmd_sound(int argc, char **argv) {
    enum { AGAINST = 1, EXPORT, HEADER, ISA, PRINT, LITMUS, JSON };
    static const struct option options[] = {{"against", required_argument, NULL, AGAINST},
                                            {"export", required_argument, NULL, EXPORT},
                                            {"header", required_argument, NULL, HEADER},
                                            {"isa", required_argument, NULL, ISA},
                                            {"print", no_argument, NULL, PRINT},
                                            {"litmus", no_argument, NULL, LITMUS},
                                            {"json", no_argument, NULL, JSON},
                                            {0}};
    struct settings settings = {.isa = ISAS};
    for (int option; (option = options_next(argc, argv, options, help)) != -1;) {
        settings.print |= option == PRINT;
        settings.litmus |= option == LITMUS;
        settings.json |= option == JSON;
        if (option == EXPORT)
            settings.export = optarg;
        if (option == HEADER)
            settings.header = optarg;
        if (option == AGAINST)
            settings.against = optarg;
        if (option == ISA) {
            text_check_list("isa", optarg, (const char *const[]){"aarch64", "x86-64"}, 2);
            settings.isa = *optarg == 'a' ? ISA_AARCH64 : ISA_X86_64;
        }
    }
    if (settings.against)
        text_check_list("reference", settings.against, (const char *const[]){"tso", "sc"}, 2);
    if (optind == argc)
        die(EXIT_USAGE, "no mapping was named: a file, or a lowering of tsobench list (see "
                        "tsobench sound --help)");
    if (!settings.litmus)
        return judge_all(&settings, argc - optind, argv + optind);
    for (int i = optind; i < argc; i++)
        answer(argv[i]);
    return EXIT_DONE;
}
