/* SPDX-License-Identifier: MIT */
#include "oracle/tests.h"

#include <stdio.h>
#include <string.h>

#include "base/die.h"

#define TEST_TEXTS(first, second, third, fourth, ...)                                              \
    { first, second, third, fourth }
static const struct {
    const char *name, *outcome, *threads[TEST_THREADS];
} rows[] = {
#define TEST(name, outcome, ...) {name, outcome, TEST_TEXTS(__VA_ARGS__, NULL, NULL, NULL, NULL)},
#include "oracle/tests.def"
#undef TEST
};
enum { TESTS = sizeof rows / sizeof *rows };

static uint8_t variable_of(char name) {
    const char *at = strchr(TEST_VARIABLE_NAMES, name);
    if (at == NULL || name == '\0')
        die(EXIT_FAILED, "a test has a variable `%c'", name);
    return (uint8_t)(at - TEST_VARIABLE_NAMES);
}

static struct test_op read_op(const char *text) {
    static const struct {
        const char *format;
        enum test_kind kind;
        int fields;
    } forms[] = {{"W %c %hhu", TEST_STORE, 2},
                 {"R %c", TEST_LOAD, 1},
                 {"XCHG %c %hhu", TEST_EXCHANGE, 2},
                 {"XADD %c %hhu", TEST_FETCH_ADD, 2},
                 {"CAS %c %hhu %hhu", TEST_COMPARE_EXCHANGE, 3}};
    struct test_op op = {.kind = TEST_FENCE, .slot = TEST_REGISTERS};
    if (strncmp(text, "MF", 2) == 0)
        return op;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char name;
        uint8_t first = 0, second = 0;
        if (sscanf(text, forms[i].format, &name, &first, &second) != forms[i].fields)
            continue;
        op.kind = forms[i].kind;
        op.variable = variable_of(name);
        op.value = forms[i].fields == 3 ? second : first;
        op.want = first;
        return op;
    }
    die(EXIT_FAILED, "a test has an operation `%s'", text);
}

static void read_thread(struct test *test, unsigned thread, const char *text) {
    unsigned ops = 0;
    for (; text; text = strchr(text, ';')) {
        text += strspn(text, "; ");
        struct test_op op = read_op(text);
        if (ops == TEST_OPS || test->registers[thread] == TEST_REGISTERS)
            die(EXIT_FAILED, "%s has more than %d operations", test->name, TEST_OPS);
        if (op.kind != TEST_STORE && op.kind != TEST_FENCE)
            op.slot = (uint8_t)test->registers[thread]++;
        if (op.kind != TEST_FENCE)
            test->variables |= 1u << op.variable;
        test->kinds |= 1u << op.kind;
        test->ops[thread][ops++] = op;
    }
}

static struct test tests[2 * TESTS];
static size_t pairs;

/* The same with CMPXCHG16B: another name, and another kind of operation. */
static void add_pair(const struct test *of) {
    struct test *test = &tests[TESTS + pairs++];
    const char *at = strstr(of->name, "cas");
    char *name = NULL;
    *test = *of;
    if (at == NULL || asprintf(&name, "%.*scas16%s", (int)(at - of->name), of->name, at + 3) < 0)
        die(EXIT_FAILED, "no name for %s with CMPXCHG16B", of->name);
    test->name = name;
    test->kinds ^= 1u << TEST_COMPARE_EXCHANGE | 1u << TEST_COMPARE_EXCHANGE_PAIR;
    for (unsigned thread = 0; thread < TEST_THREADS; thread++)
        for (struct test_op *op = test->ops[thread]; op->kind; op++)
            if (op->kind == TEST_COMPARE_EXCHANGE)
                op->kind = TEST_COMPARE_EXCHANGE_PAIR;
}

size_t tests_of_pairs(void) {
    size_t count;
    tests_all(&count);
    return pairs;
}

const struct test *tests_all(size_t *count) {
    *count = TESTS;
    for (size_t i = 0; i < TESTS && tests[i].name == NULL; i++) {
        tests[i].name = rows[i].name;
        tests[i].outcome = rows[i].outcome;
        for (unsigned thread = 0; thread < TEST_THREADS && rows[i].threads[thread]; thread++) {
            read_thread(&tests[i], thread, rows[i].threads[thread]);
            tests[i].threads = thread + 1;
        }
        if (tests[i].kinds >> TEST_COMPARE_EXCHANGE & 1)
            add_pair(&tests[i]);
    }
    return tests;
}

struct machine_program machine_program_of(const struct test *test) {
    struct machine_program program = {.threads = test->threads};
    for (unsigned thread = 0; thread < test->threads; thread++)
        memcpy(program.ops[thread], test->ops[thread], sizeof test->ops[thread]);
    return program;
}

const struct outcomes *test_outcomes(size_t test, enum reference reference) {
    static struct outcomes all[2 * TESTS][REFERENCES];
    struct outcomes *it = &all[test][reference];
    size_t count;
    if (it->count == 0) {
        struct machine_program program = machine_program_of(&tests_all(&count)[test]);
        *it = machine_outcomes(&program, reference == REFERENCE_TSO);
        if (it->count == 0)
            die(EXIT_FAILED, "%s has too many states", tests_all(&count)[test].name);
    }
    return it;
}
