/* SPDX-License-Identifier: MIT
 *
 * trace_kernel.c: the kernel that replays. It is longer than other files, since its axes, its
 * windows and the code made of them are one state, which no other file shall see.
 */
#include "replay/trace_kernel.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/data.h"
#include "base/die.h"
#include "machine/feature.h"
#include "machine/topology.h"
#include "mapping/given.h"
#include "replay/policy.h"
#include "replay/policy_verdict.h"
#include "trace/trace.h"

enum { COPIES = 2, MAX_TRACES = MAX_VALUES - 1 };

/* What one thread replays. */
struct replayer {
    LINE_ALIGNED const struct trace_stream *stream;
    uint8_t *arena;
    uint64_t passes, sum; /* since prepare() */
    enum addressing addressing;
    replay_function *code[COPIES][MAX_POLICIES]; /* found when first called */
};

/* The kernel's state: as many replayers as threads, for as long as the process lives. */
struct state {
    struct replayer *replayers;
    const struct trace_window *window;
    uint64_t instructions; /* of the guest, in a pass, by a thread on average */
};

/* The traces of the folder; those that cannot be read are there, with the reason. */
static struct known {
    char path[512];
    struct trace *trace;
    char name[64];
    char why[160];
    size_t (*plain_bytes)[ADDRESSINGS]; /* of each window; 0: not known yet */
} known[MAX_TRACES];
static size_t known_count;

enum { TRACE_AXIS, WINDOW_AXIS };
/* open_traces() fills those of traces and windows. */
static struct axis axes[] = {
    [TRACE_AXIS] = {.key = "trace", .kind = AXIS_WORD},
    [WINDOW_AXIS] = {.key = "window", .kind = AXIS_NUMBER},
    {"arena", AXIS_WORD, {{"private", 0, 0}, {"shared", 1, 0}}},
    {"addressing", AXIS_WORD, {{"folded", 0, 0}, {"same", 1, 0}}},
    {0},
};

const char *trace_kernel_folder(void) {
    static char *found;
    const char *named = getenv("TSOBENCH_TRACES");
    if (named == NULL && found == NULL)
        found = data_find("traces");
    return named ? named : found ? found : "traces";
}

static bool is_trace(const char *name) {
    const char *ending = strrchr(name, '.');
    return ending && strcmp(ending, ".trace") == 0;
}

static int is_trace_entry(const struct dirent *entry) {
    return is_trace(entry->d_name);
}

static void add_one(const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (known_count == MAX_TRACES) {
        warn("more than %d traces: %s is left out", MAX_TRACES, path);
        return;
    }
    struct known *into = &known[known_count++];
    snprintf(into->path, sizeof into->path, "%s", path);
    snprintf(into->name, sizeof into->name, "%.*s", (int)(strlen(name) - strlen(".trace")), name);
}

static void add_folder(const char *folder) {
    struct dirent **entries;
    int count = scandir(folder, &entries, is_trace_entry, alphasort);
    for (int i = 0; i < count; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        add_one(path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

static void find_traces(const char *folder) {
    if (is_trace(folder))
        add_one(folder);
    else
        add_folder(folder);
    if (known_count == 0) {
        snprintf(known[0].name, sizeof known[0].name, "none");
        snprintf(known[0].why, sizeof known[0].why, "no traces %s",
                 getenv("TSOBENCH_TRACES") ? "where TSOBENCH_TRACES says" : "with the program");
        known_count = 1;
    }
}

static bool is_of(const char *set, const char *trace) {
    char parameter[96];
    snprintf(parameter, sizeof parameter, "/trace=%s,", trace);
    return set == NULL || strstr(set, parameter);
}

/* The reason goes into a run's data, where no path of this machine may stand: it begins with the
 * trace's path, which is cut to its name. */
static void read_one(struct known *of) {
    char why[sizeof of->path + sizeof of->why];
    const char *slash = strrchr(of->path, '/');
    of->trace = trace_read(of->path, why, sizeof why);
    if (of->trace == NULL)
        snprintf(of->why, sizeof of->why, "%.*s", (int)sizeof of->why - 1,
                 why + (slash ? slash + 1 - of->path : 0));
}

/* Fills the axes, and reads the traces that are wanted: in a simulator each takes seconds. What
 * cannot be read has its reason. Windows beyond the last value are not measured. */
static void open_traces(const char *set) {
    static char numbers[MAX_TRACES][4];
    size_t windows = 1;
    if (known_count == 0)
        find_traces(trace_kernel_folder());
    for (size_t i = 0; i < known_count; i++) {
        struct known *of = &known[i];
        axes[TRACE_AXIS].values[i] = (struct axis_value){of->name, i > 0, 0};
        if (of->trace == NULL && of->why[0] == 0 && is_of(set, of->name))
            read_one(of);
        if (of->trace && of->plain_bytes == NULL)
            of->plain_bytes = allocate(of->trace->window_count, sizeof *of->plain_bytes);
        if (of->trace && of->trace->window_count > windows)
            windows = of->trace->window_count;
    }
    for (size_t i = 0; i < windows && i < MAX_TRACES; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%zu", i);
        axes[WINDOW_AXIS].values[i] = (struct axis_value){numbers[i], i ? 3 : 0, 0};
    }
}

static const struct trace_window *window_at(const struct params *params) {
    const struct trace *trace = known[params->chosen[TRACE_AXIS]].trace;
    unsigned which = params->chosen[WINDOW_AXIS];
    return trace && which < trace->window_count ? &trace->windows[which] : NULL;
}

static enum addressing addressing_at(const struct params *params) {
    return strcmp(param_word(params, "addressing"), "same") == 0 ? ADDRESSING_SAME
                                                                 : ADDRESSING_FOLDED;
}

static bool is_shared(const struct params *params) {
    return strcmp(param_word(params, "arena"), "shared") == 0;
}

/* Those of this ISA. */
#ifdef __aarch64__
#define POLICIES "policies_aarch64.def"
#else
#define POLICIES "policies_x86_64.def"
#endif

enum {
#define POLICY(id, ...) POLICY_##id,
#include POLICIES
#undef POLICY
    POLICY_GIVEN, /* a user's, to MAX_GIVEN */
};
_Static_assert(POLICY_GIVEN + MAX_GIVEN <= (int)MAX_POLICIES,
               "more policies than there is room for");

static const struct policy *policies_here(size_t *count) {
    return policies(isa_here(), count);
}

/* What the plain cells replay: a CPU without LSE has RMWs too. */
static unsigned plain_here(void) {
#ifdef __aarch64__
    if (!(feature_detect() & FEATURE_LSE))
        return POLICY_plain_llsc;
#endif
    return POLICY_plain;
}

/* Bytes of a pass by the plain policy: the largest of the streams. */
static size_t plain_bytes(const struct trace_window *window, const struct params *params) {
    enum addressing addressing = addressing_at(params);
    const struct known *of = &known[params->chosen[TRACE_AXIS]];
    size_t *known_bytes = &of->plain_bytes[params->chosen[WINDOW_AXIS]][addressing];
    size_t count, bytes = 0;
    if (*known_bytes)
        return *known_bytes;
    for (size_t i = 0; i < window->stream_count; i++) {
        struct replay_code code = replay_generate(isa_here(), &policies_here(&count)[plain_here()],
                                                  &window->streams[i], addressing);
        bytes = code.end - code.begin > bytes ? code.end - code.begin : bytes;
        replay_code_free(&code);
    }
    return *known_bytes = bytes;
}

static void at(const struct params *params, unsigned threads, struct point *point) {
    const struct known *of = &known[params->chosen[TRACE_AXIS]];
    const struct trace_window *window = window_at(params);
    uint64_t l1i = topology_l1i();
    size_t count;
    *point = (struct point){.absent = is_shared(params) && threads == 1};
    if (window == NULL && (of->trace || params->chosen[WINDOW_AXIS]))
        point->absent = true;
    else if (window == NULL)
        snprintf(point->skip, sizeof point->skip, "%s", of->why);
    else if (replay_refused())
        snprintf(point->skip, sizeof point->skip, "%s", replay_refused());
    if (window == NULL || point->absent)
        return;
    point->footprint = window->arena_bytes * (is_shared(params) ? 1 : threads);
    point->needs = policy_needs(&policies_here(&count)[plain_here()], window);
    size_t bytes = l1i ? plain_bytes(window, params) : 0;
    if (bytes > l1i)
        snprintf(point->skip, sizeof point->skip,
                 "its plain code of %zu KiB does not fit the L1 instruction cache of %llu KiB",
                 bytes >> 10, (unsigned long long)l1i >> 10);
}

static void setup(struct work *work, unsigned thread) {
    struct state *state = work->state;
    if (thread == 0) {
        void *memory = mmap(NULL, work->threads * sizeof *state->replayers, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            die(EXIT_FAILED, "out of memory for %u replays", work->threads);
        state->replayers = memory;
        state->window = window_at(work->params);
        uint64_t sum = 0;
        unsigned threads = 0;
        for (; threads < work->threads; threads++)
            sum +=
                replay_instructions(&state->window->streams[threads % state->window->stream_count]);
        state->instructions = threads && sum >= threads ? sum / threads : 1;
    }
    struct replayer *me = &state->replayers[thread];
    uint64_t bytes = state->window->arena_bytes;
    bool shared = is_shared(work->params);
    me->stream = &state->window->streams[thread % state->window->stream_count];
    me->addressing = addressing_at(work->params);
    me->arena = work->arena + (shared ? 0 : thread * bytes);
    if (!shared || thread == 0)
        memset(me->arena, 0, bytes);
}

static uint64_t multiple(const struct work *work) {
    return ((const struct state *)work->state)->instructions;
}

static void prepare(struct work *work, uint64_t ops) {
    struct state *state = work->state;
    (void)ops;
    for (unsigned i = 0; i < work->threads; i++)
        state->replayers[i].passes = state->replayers[i].sum = 0;
}

static replay_function *generate(const struct replayer *me, unsigned policy) {
    size_t count;
    policy = policy == POLICY_plain ? plain_here() : policy;
    struct replay_code code =
        replay_generate(isa_here(), &policies_here(&count)[policy], me->stream, me->addressing);
    replay_function *function = replay_map(&code);
    if (function == NULL)
        die(EXIT_FAILED,
            "the system does not let generated code run: %s (a policy such as PR_SET_MDWE or "
            "SELinux's execmem)",
            strerror(errno));
    replay_code_free(&code);
    return function;
}

/* Code is made once for all threads of a stream and for as long as the process lives. */
static replay_function *code_of(const struct replayer *me, unsigned copy, unsigned policy) {
    static struct made {
        struct made *next;
        const struct trace_stream *stream;
        enum addressing addressing;
        replay_function *code[COPIES][MAX_POLICIES];
    } * all;
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    struct made *made = all;
    while (made && (made->stream != me->stream || made->addressing != me->addressing))
        made = made->next;
    if (made == NULL) {
        made = allocate(1, sizeof *made);
        *made = (struct made){.next = all, .stream = me->stream, .addressing = me->addressing};
        all = made;
    }
    if (made->code[copy][policy] == NULL)
        made->code[copy][policy] = generate(me, policy);
    pthread_mutex_unlock(&mutex);
    return made->code[copy][policy];
}

/* Whole passes: at least `ops` guest instructions. The first call, which is never a timed one,
 * makes the code. */
static void replay(struct work *work, unsigned thread, uint64_t ops, unsigned copy,
                   unsigned policy) {
    const struct state *state = work->state;
    struct replayer *me = &state->replayers[thread];
    uint64_t passes = (ops + state->instructions - 1) / state->instructions;
    if (me->code[copy][policy] == NULL)
        me->code[copy][policy] = code_of(me, copy, policy);
    me->sum |= me->code[copy][policy](me->arena, passes);
    me->passes += passes;
}

/* That memory is still 0 where a thread can have changed it: else the addresses were not those of
 * the trace. */
static bool all_zero(const struct replayer *me) {
    for (size_t i = 0; i < me->stream->count; i++) {
        const struct trace_access *access = &me->stream->accesses[i];
        uint64_t count = access->count;
        bool rep = access->kind == TRACE_MOVS || access->kind == TRACE_STOS;
        if (!rep && access->kind > TRACE_RMW)
            continue;
        uint32_t place = access->kind == TRACE_MOVS ? access->to_offset : access->offset;
        for (uint64_t byte = 0; byte < count * access->size; byte++)
            if (me->arena[place + byte])
                return false;
    }
    return true;
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    uint64_t passes = (ops + state->instructions - 1) / state->instructions;
    for (unsigned i = 0; i < work->threads; i++) {
        const struct replayer *me = &state->replayers[i];
        if (me->passes != passes)
            return "a thread has made another number of passes";
        if (me->sum)
            return "what is added to zeros is not zero";
        if (!all_zero(me))
            return "the arena is not zero";
    }
    return NULL;
}

/* Each policy is a function of its own. */
#define POLICY(id, ...)                                                                            \
    void replay__##id(struct work *work, unsigned thread, uint64_t ops);                           \
    void replay__##id(struct work *work, unsigned thread, uint64_t ops) {                          \
        replay(work, thread, ops, 0, POLICY_##id);                                                 \
    }
#include POLICIES
#undef POLICY

#define GIVEN(ROW) ROW(0) ROW(1) ROW(2) ROW(3) ROW(4) ROW(5) ROW(6) ROW(7)
#define GIVEN_FUNCTION(number)                                                                     \
    void replay__given_##number(struct work *work, unsigned thread, uint64_t ops);                 \
    void replay__given_##number(struct work *work, unsigned thread, uint64_t ops) {                \
        replay(work, thread, ops, 0, POLICY_GIVEN + number);                                       \
    }
GIVEN(GIVEN_FUNCTION)

void replay__plain_twin(struct work *work, unsigned thread, uint64_t ops);
void replay__plain_twin(struct work *work, unsigned thread, uint64_t ops) {
    replay(work, thread, ops, 1, POLICY_plain);
}

/* All policies but the first, which is the baseline, and those of other CPUs. */
static const struct variant *variants(const struct params *params) {
    static void (*const runs[])(struct work *, unsigned, uint64_t) = {
#define POLICY(id, ...) replay__##id,
#include POLICIES
#undef POLICY
#define GIVEN_POINTER(number) replay__given_##number,
        GIVEN(GIVEN_POINTER)};
    static struct variant all[MAX_POLICIES];
    const struct trace_window *window = window_at(params);
    size_t count, used = 0;
    const struct policy *policy = policies_here(&count);
    unsigned have = feature_detect();
    for (size_t i = 1; i < count; i++)
        if ((policy[i].lacks & have) == 0 && i != plain_here())
            all[used++] = (struct variant){.name = policy[i].name,
                                           .kind = VARIANT_FORM,
                                           .needs = window ? policy_needs(&policy[i], window) : 0,
                                           .run = runs[i]};
    all[used] = (struct variant){.name = NULL};
    return all;
}

static const char *unsound(const struct variant *form, const struct params *params) {
    size_t count;
    const struct policy *policy = policies_here(&count);
    const struct trace_window *window = window_at(params);
    for (size_t i = 0; i < count; i++)
        if (strcmp(policy[i].name, form->name) == 0)
            return policy_breaks(&policy[i], isa_here(), window);
    return NULL;
}

static const struct kernel_extras extras = {
    .open = open_traces,
    .at = at,
    .multiple = multiple,
    .unsound = unsound,
    .stem = "replay",
};

#define TRACE_KERNEL(run_)                                                                         \
    {                                                                                              \
        .name = "trace_replay", .family = "traces",                                                \
        .summary = "windows of real programs' traces, replayed by each translator's policy",       \
        .op = "guest instruction", .weight = 1, .min_threads = 1,                                  \
        .state_bytes = sizeof(struct state), .axes = axes, .setup = setup, .prepare = prepare,     \
        .run = run_, .check = check, .variants = variants, .forms_only = true,                     \
        .may_fault = true, /* a locked access that crosses a line */                               \
            .extras = &extras,                                                                     \
    }

const struct kernel trace_kernel = TRACE_KERNEL(replay__plain);
const struct kernel trace_kernel_twin = TRACE_KERNEL(replay__plain_twin);
