/* SPDX-License-Identifier: MIT
 *
 * bfs: breadth-first search (Moore, 1959) of a graph in compressed rows: where a vertex's edges
 * begin, and their targets. A vertex is marked with the number of the search and its level, so
 * marks need not be cleared between searches. One operation is one edge.
 *
 * The graph has many components of 64 vertices that are scattered over the arrays, and a search is
 * of one of them, the next search of the next: a short sample then sees searches from beginning to
 * end, also where the graph is large. Edges follow from the component's number; the root from the
 * sample's nonce.
 */
#include "pattern.h"
#include "sequence.h"

enum { SIZE = 64, DEGREE = 8, EDGES = SIZE * DEGREE, VERTEX_BYTES = 8 + 4 + 4 * DEGREE };

struct state {
    LINE_ALIGNED uint32_t queue[SIZE]; /* vertices found, in this order */
    LINE_ALIGNED uint64_t vertices;    /* a power of two */
    uint64_t searches;                 /* begun, ever: also the number in marks */
    uint64_t head, tail;               /* of the queue */
    uint64_t edge, end;                /* of the vertex that was taken from it last */
    uint64_t mark;                     /* of the vertices that it finds */
    uint64_t done;                     /* edges, ever */
    uint64_t start, start_search;      /* done and searches before the sample */
    uint64_t root, start_root;         /* of the last search; before the sample */
};

/* Where the arrays lie in the arena. */
struct graph {
    uint64_t *mark;   /* search << 8 | level */
    uint32_t *first;  /* of a vertex, its first edge; one more than vertices */
    uint32_t *target; /* of an edge */
};

ALWAYS_INLINE struct graph graph_in(uint8_t *arena, uint64_t vertices) {
    uint64_t *mark = (uint64_t *)(void *)arena;
    uint32_t *target = (uint32_t *)(mark + vertices);
    return (struct graph){mark, target + DEGREE * vertices, target};
}

static struct graph graph_of(const struct work *work) {
    const struct state *state = work->state;
    return graph_in(work->arena, state->vertices);
}

/* The vertex that is member 0 to 63 of a component, counted over all; and back. */
ALWAYS_INLINE uint64_t vertex_of(uint64_t member, uint64_t vertices) {
    uint64_t x = SEQUENCE_A * member & (vertices - 1);
    return x ^ x >> (64 - (uint64_t)__builtin_clzll(vertices)) / 2;
}

static uint64_t member_of(uint64_t vertex, uint64_t vertices) {
    uint64_t inverse = SEQUENCE_A; /* modulo 2^64, by Newton's iteration; right in 3 bits */
    for (int i = 0; i < 5; i++)
        inverse *= 2 - SEQUENCE_A * inverse;
    return inverse * sequence_fold(vertex, vertices) & (vertices - 1);
}

/* Where edge e of a member leads to. The first ones make a ring, so all are reached. */
static uint64_t neighbour(uint64_t member, uint64_t e) {
    uint64_t to = e == 0 ? member + 1 : pattern_random(member / SIZE, member % SIZE * DEGREE + e);
    return member / SIZE * SIZE + to % SIZE;
}

ALWAYS_INLINE uint64_t root_of(uint64_t search, uint64_t nonce) {
    return (search + nonce) * SEQUENCE_C >> 58;
}

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    uint64_t vertices = state->vertices = sequence_floor(work->footprint / VERTEX_BYTES);
    struct graph graph = graph_of(work);
    for (uint64_t v = 0; v < vertices; v++) {
        uint64_t member = member_of(v, vertices);
        graph.mark[v] = 0;
        graph.first[v] = (uint32_t)(v * DEGREE);
        for (uint64_t e = 0; e < DEGREE; e++)
            graph.target[v * DEGREE + e] = (uint32_t)vertex_of(neighbour(member, e), vertices);
    }
    graph.first[vertices] = (uint32_t)(vertices * DEGREE);
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    state->start = state->done;
    state->start_search = state->searches;
    state->start_root = state->root;
}

void RUN_SYMBOL(bfs)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    uint64_t vertices = private_load64(&state->vertices);
    struct graph graph = graph_in(private_load_pointer(&work->arena), vertices);
    uint64_t searches = private_load64(&state->searches);
    uint64_t head = private_load64(&state->head), tail = private_load64(&state->tail);
    uint64_t edge = private_load64(&state->edge), end = private_load64(&state->end);
    uint64_t mark = private_load64(&state->mark);
    private_store64(&state->done, private_load64(&state->done) + ops);
    for (;;) {
        uint64_t stop = end - edge < ops ? end : edge + ops;
        ops -= stop - edge;
        for (; edge != stop; edge++) {
            uint32_t vertex = data_load32(&graph.target[edge]);
            if (data_load64(&graph.mark[vertex]) >> 8 != mark >> 8) {
                data_store64(&graph.mark[vertex], mark);
                data_store32(&state->queue[tail++ % SIZE], vertex);
            }
        }
        if (ops == 0)
            break;
        if (head == tail) {
            uint64_t root = root_of(searches, private_load64(&work->nonce));
            uint64_t vertex = vertex_of(searches * SIZE + root, vertices);
            searches++;
            head = 0;
            tail = 1;
            data_store64(&graph.mark[vertex], searches << 8);
            data_store32(&state->queue[0], (uint32_t)vertex);
            private_store64(&state->root, root);
        }
        uint32_t vertex = data_load32(&state->queue[head++ % SIZE]);
        edge = data_load32(&graph.first[vertex]);
        end = data_load32(&graph.first[vertex + 1]);
        mark = data_load64(&graph.mark[vertex]) + 1;
    }
    private_store64(&state->searches, searches);
    private_store64(&state->head, head);
    private_store64(&state->tail, tail);
    private_store64(&state->edge, edge);
    private_store64(&state->end, end);
    private_store64(&state->mark, mark);
}

/* Does the first `edges` edges of a search again, without the graph in memory; whether the marks
 * are what it finds. */
static bool marks_are_right(const struct work *work, uint64_t search, uint64_t root,
                            uint64_t edges) {
    const struct state *state = work->state;
    uint64_t base = search * SIZE, queue[SIZE], level[SIZE], tail = 1;
    bool found[SIZE] = {false};
    queue[0] = root;
    level[root] = 0;
    found[root] = true;
    for (uint64_t i = 0; i < edges; i++) {
        uint64_t from = queue[i / DEGREE];
        uint64_t to = neighbour((base & (state->vertices - 1)) + from, i % DEGREE) % SIZE;
        if (!found[to]) {
            found[to] = true;
            level[to] = level[from] + 1;
            queue[tail++] = to;
        }
    }
    for (uint64_t i = 0; i < SIZE; i++) {
        uint64_t mark = graph_of(work).mark[vertex_of(base + i, state->vertices)];
        if (found[i] ? mark != ((search + 1) << 8 | level[i]) : mark >> 8 == search + 1)
            return false;
    }
    return true;
}

static const char *check(struct work *work, uint64_t ops) {
    enum { PROBES = 3 };
    const struct state *state = work->state;
    uint64_t search = (state->done - 1) / EDGES, components = state->vertices / SIZE;
    if (state->done - state->start != ops || state->searches != search + 1)
        return "another number of edges was followed";
    /* The last search; then some that are complete and not yet overwritten. */
    uint64_t oldest = state->start / EDGES;
    if (search - oldest >= components)
        oldest = search - components + 1;
    for (uint64_t i = 0; i < PROBES; i++) {
        uint64_t probe = search - (i ? pattern_random(work->nonce, i) % (search - oldest + 1) : 0);
        uint64_t root =
            probe < state->start_search ? state->start_root : root_of(probe, work->nonce);
        if (!marks_are_right(work, probe, root,
                             probe == search ? state->done - search * EDGES : EDGES))
            return "a vertex was not found, or at another level";
    }
    return NULL;
}

static const struct axis axes[] = {
    {"footprint", AXIS_FOOTPRINT, {{"L1", 0, 0}, {"L2", 1, 0}, {"L3", 2, 0}, {"DRAM", 1, 0}}},
    {0},
};

extern const struct kernel KERNEL_SYMBOL(bfs);
const struct kernel KERNEL_SYMBOL(bfs) = {
    .name = "bfs",
    .family = "programs",
    .summary = "breadth-first search of a graph in compressed rows",
    .op = "edge",
    .weight = 1,
    .uses = USES_LOAD | USES_STORE,
    .streams = 1,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(bfs),
    .check = check,
};
