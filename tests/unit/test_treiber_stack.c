/* SPDX-License-Identifier: MIT
 *
 * A pop of treiber_stack on a core whose failing exchange of 16 bytes returns two halves of two
 * moments, as an exclusive pair may without FEAT_LSE2: the other threads are played by the
 * exchange.
 */
#define LOWERING_ID   torn
#define LOWERING_NAME "torn"
#ifdef __aarch64__
#define LOWERING_HEADER "lowering/aarch64/plain.h"
#else
#define LOWERING_HEADER "lowering/x86_64/plain.h"
#endif
#include "kernels/access.h"
#include "unit/cmocka_all.h"

static struct pair torn_exchange(uint64_t *place, struct pair want, struct pair value);
#define sync_compare_exchange_pair torn_exchange
#include "kernels/queues/treiber_stack.c"

static struct state stack;
static unsigned exchanges;

/* Before the first exchange others pop both nodes; its low half was read before that, its high half
 * after. Before the next, they push the first node again, with none below. */
static struct pair torn_exchange(uint64_t *place, struct pair want, struct pair value) {
    struct pair seen = {(uint64_t)&stack.node[0], 0};
    if (exchanges++ == 0) {
        place[0] = 0;
        place[1] += 2;
        seen.high = place[1];
        return seen;
    }
    if (place[0] == 0) {
        stack.node[0].next = 0;
        place[0] = (uint64_t)&stack.node[0];
    }
    seen = (struct pair){place[0], place[1]};
    if (seen.low == want.low && seen.high == want.high) {
        place[0] = value.low;
        place[1] = value.high;
    }
    return seen;
}

static void a_torn_pair_is_not_believed(void **state) {
    (void)state;
    struct side side = {.top = stack.top};
    stack.node[0].next = (uint64_t)&stack.node[1];
    stack.top[0] = (uint64_t)&stack.node[0];
    (void)pop(&side);
    /* Node 1 is another thread's by now. */
    assert_true(stack.top[0] != (uint64_t)&stack.node[1]);
    assert_int_equal(exchanges, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_torn_pair_is_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
