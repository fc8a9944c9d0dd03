/* SPDX-License-Identifier: MIT
 *
 * interpreter: a register machine whose registers are in memory, as those of a guest are for an
 * interpreting emulator. Its program draws random numbers (sequence.h) and counts in a table how
 * often their high bits come: for each instruction a load of its word, of two registers, and a
 * store of one, mostly to what was stored just before.
 *
 * The dispatch is compares and branches, not a table of addresses, whose reads no primitive would
 * record. One operation is one instruction of the program; all are equal for this machine.
 */
#include <string.h>

#include "sequence.h"

enum { REGISTERS = 8, TABLE = 256, TURNS = 1000 };

enum opcode { ADD, ADD_BYTE, MULTIPLY, SHIFT_RIGHT, LOAD, STORE, BRANCH_IF, JUMP };

#define INSTRUCTION(op, to, a, b) (op | (to) << 8 | (a) << 16 | (uint32_t)(b) << 24)

/* r0 is the random number, r3 the place in the table and r4 its count, r5 the turns to go. */
static const uint32_t program[] = {
    INSTRUCTION(MULTIPLY, 0, 0, 1),     INSTRUCTION(ADD, 0, 0, 2),
    INSTRUCTION(SHIFT_RIGHT, 3, 0, 56), INSTRUCTION(LOAD, 4, 3, 0),
    INSTRUCTION(ADD_BYTE, 4, 4, 1),     INSTRUCTION(STORE, 4, 3, 0),
    INSTRUCTION(ADD_BYTE, 5, 5, 255),   INSTRUCTION(BRANCH_IF, 5, 0, 0),
    INSTRUCTION(ADD_BYTE, 5, 6, 0),     INSTRUCTION(JUMP, 0, 0, 0),
};
enum { LENGTH = sizeof program / sizeof program[0], TURN = 8, ROUND = TURNS * TURN + 2 };

struct state {
    LINE_ALIGNED uint64_t reg[REGISTERS];
    LINE_ALIGNED uint32_t code[LENGTH];
    LINE_ALIGNED uint64_t table[TABLE];
    LINE_ALIGNED uint64_t pc;
    uint64_t done;  /* instructions, ever */
    uint64_t start; /* done before the sample */
    uint64_t sum;   /* of the table before the sample */
};

static void setup(struct work *work, unsigned thread) {
    (void)thread;
    struct state *state = work->state;
    memcpy(state->code, program, sizeof program);
    state->reg[1] = SEQUENCE_A;
    state->reg[2] = SEQUENCE_C;
    state->reg[5] = state->reg[6] = TURNS;
}

static uint64_t sum_of(const struct state *state) {
    uint64_t sum = 0;
    for (int i = 0; i < TABLE; i++)
        sum += state->table[i];
    return sum;
}

static void prepare(struct work *work, uint64_t ops) {
    (void)ops;
    struct state *state = work->state;
    state->start = state->done;
    state->sum = sum_of(state);
    state->reg[0] = work->nonce;
}

void RUN_SYMBOL(interpreter)(struct work *work, unsigned thread, uint64_t ops) {
    (void)thread;
    struct state *state = private_load_pointer(&work->state);
    uint64_t *reg = state->reg, *table = state->table;
    const uint32_t *code = state->code;
    uint64_t pc = private_load64(&state->pc);
    private_store64(&state->done, private_load64(&state->done) + ops);
    for (; ops; ops--) {
        uint64_t word = data_load32(&code[pc++]);
        uint64_t *to = &reg[word >> 8 & 7];
        const uint64_t *a = &reg[word >> 16 & 7];
        uint64_t b = word >> 24;
        switch (word & 7) {
        case ADD:
            data_store64(to, data_load64(a) + data_load64(&reg[b & 7]));
            break;
        case ADD_BYTE:
            data_store64(to, data_load64(a) + (uint64_t)(int8_t)b);
            break;
        case MULTIPLY:
            data_store64(to, data_load64(a) * data_load64(&reg[b & 7]));
            break;
        case SHIFT_RIGHT:
            data_store64(to, data_load64(a) >> (b & 63));
            break;
        case LOAD:
            data_store64(to, data_load64(&table[data_load64(a) % TABLE]));
            break;
        case STORE:
            data_store64(&table[data_load64(a) % TABLE], data_load64(to));
            break;
        case BRANCH_IF:
            pc = data_load64(to) ? b : pc;
            break;
        default:
            pc = b;
        }
    }
    private_store64(&state->pc, pc);
}

/* How often instruction `at` of a turn is among the first `count` instructions. */
static uint64_t times(uint64_t count, uint64_t at) {
    uint64_t rest = count % ROUND;
    rest = rest < TURNS * TURN ? rest : TURNS * TURN;
    return count / ROUND * TURNS + (rest + TURN - 1 - at) / TURN;
}

static const char *check(struct work *work, uint64_t ops) {
    const struct state *state = work->state;
    uint64_t from = state->start, to = from + ops, rest = to % ROUND, x = work->nonce;
    if (state->done != to || state->pc != (rest < TURNS * TURN ? rest % TURN : TURN + rest % TURN))
        return "another number of instructions was done";
    if (state->reg[5] != (rest > TURNS * TURN ? TURNS : TURNS - (rest + TURN - 7) / TURN))
        return "another number of turns was done";
    /* The numbers drawn; a sample may begin and end between multiplication and addition. */
    uint64_t additions = times(to, 1) - times(from, 1);
    if (times(from, 0) != times(from, 1) && additions) {
        x += SEQUENCE_C;
        additions--;
    }
    x = sequence_jump(x, additions);
    if (times(to, 0) != times(to, 1) && times(to, 0) != times(from, 0))
        x *= SEQUENCE_A;
    if (state->reg[0] != x)
        return "the random number is another one";
    if (sum_of(state) - state->sum != times(to, 5) - times(from, 5))
        return "the table has another number of counts";
    return NULL;
}

static const struct axis axes[] = {{0}};

extern const struct kernel KERNEL_SYMBOL(interpreter);
const struct kernel KERNEL_SYMBOL(interpreter) = {
    .name = "interpreter",
    .family = "programs",
    .summary = "interpreter of a bytecode, its registers in memory",
    .op = "instruction",
    .weight = 1,
    .uses = USES_LOAD | USES_STORE,
    .min_threads = 1,
    .max_threads = 1,
    .state_bytes = sizeof(struct state),
    .axes = axes,
    .setup = setup,
    .prepare = prepare,
    .run = RUN_SYMBOL(interpreter),
    .check = check,
};
