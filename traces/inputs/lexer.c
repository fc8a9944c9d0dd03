/* SPDX-License-Identifier: MIT */
/* Something for the compiler to chew on, without headers: a calculator of expressions. */
typedef unsigned long size;
typedef struct node {
    enum { NUMBER, NAME, ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, NEGATE, CALL } kind;
    double value;
    char name[16];
    struct node *left, *right;
} node;
typedef struct {
    const char *at;
    node *pool;
    size used, limit;
    int failed;
} parser;
static const struct {
    const char *name;
    double value;
} constants[] = {{"pi", 3.14159265358979}, {"e", 2.71828182845905}, {"tau", 6.28318530717959}};

static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static int same(const char *a, const char *b) {
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}
static void skip(parser *p) {
    while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n')
        p->at++;
}
static node *make(parser *p, int kind, node *left, node *right) {
    if (p->used == p->limit) {
        p->failed = 1;
        return &p->pool[0];
    }
    node *n = &p->pool[p->used++];
    n->kind = kind, n->left = left, n->right = right, n->value = 0, n->name[0] = 0;
    return n;
}
static node *sum(parser *p);
static node *number(parser *p) {
    node *n = make(p, NUMBER, 0, 0);
    double scale = 1;
    for (; is_digit(*p->at); p->at++)
        n->value = n->value * 10 + (*p->at - '0');
    if (*p->at == '.')
        for (p->at++; is_digit(*p->at); p->at++)
            n->value += (*p->at - '0') * (scale /= 10);
    return n;
}
static node *primary(parser *p) {
    skip(p);
    if (is_digit(*p->at))
        return number(p);
    if (*p->at == '(') {
        p->at++;
        node *n = sum(p);
        skip(p);
        if (*p->at == ')')
            p->at++;
        else
            p->failed = 1;
        return n;
    }
    if (*p->at == '-') {
        p->at++;
        return make(p, NEGATE, primary(p), 0);
    }
    if (is_letter(*p->at)) {
        node *n = make(p, NAME, 0, 0);
        size i = 0;
        for (; is_letter(*p->at) || is_digit(*p->at); p->at++)
            if (i < sizeof n->name - 1)
                n->name[i++] = *p->at;
        n->name[i] = 0;
        skip(p);
        if (*p->at == '(') {
            p->at++;
            n->kind = CALL;
            n->left = sum(p);
            skip(p);
            p->failed |= *p->at != ')';
            p->at += *p->at == ')';
        }
        return n;
    }
    p->failed = 1;
    return make(p, NUMBER, 0, 0);
}
static node *power(parser *p) {
    node *n = primary(p);
    skip(p);
    if (*p->at != '^')
        return n;
    p->at++;
    return make(p, POWER, n, power(p));
}
static node *product(parser *p) {
    node *n = power(p);
    for (;;) {
        skip(p);
        if (*p->at == '*')
            p->at++, n = make(p, MULTIPLY, n, power(p));
        else if (*p->at == '/')
            p->at++, n = make(p, DIVIDE, n, power(p));
        else
            return n;
    }
}
static node *sum(parser *p) {
    node *n = product(p);
    for (;;) {
        skip(p);
        if (*p->at == '+')
            p->at++, n = make(p, ADD, n, product(p));
        else if (*p->at == '-')
            p->at++, n = make(p, SUBTRACT, n, product(p));
        else
            return n;
    }
}
static double whole_power(double base, long exponent) {
    double result = 1;
    for (long e = exponent < 0 ? -exponent : exponent; e; e >>= 1, base *= base)
        if (e & 1)
            result *= base;
    return exponent < 0 ? 1 / result : result;
}
static double root(double x) {
    double guess = x > 1 ? x / 2 : 1;
    for (int i = 0; i < 40; i++)
        guess = (guess + x / guess) / 2;
    return guess;
}
double evaluate(const node *n) {
    switch (n->kind) {
    case NUMBER:
        return n->value;
    case NAME:
        for (size i = 0; i < sizeof constants / sizeof constants[0]; i++)
            if (same(n->name, constants[i].name))
                return constants[i].value;
        return 0;
    case ADD:
        return evaluate(n->left) + evaluate(n->right);
    case SUBTRACT:
        return evaluate(n->left) - evaluate(n->right);
    case MULTIPLY:
        return evaluate(n->left) * evaluate(n->right);
    case DIVIDE:
        return evaluate(n->left) / evaluate(n->right);
    case POWER:
        return whole_power(evaluate(n->left), (long)evaluate(n->right));
    case NEGATE:
        return -evaluate(n->left);
    case CALL:
        return same(n->name, "sqrt") ? root(evaluate(n->left)) : evaluate(n->left);
    }
    return 0;
}
static void fold(node *n) {
    if (n->left)
        fold(n->left);
    if (n->right)
        fold(n->right);
    if (n->left && n->left->kind == NUMBER && (!n->right || n->right->kind == NUMBER) &&
        n->kind != CALL) {
        n->value = evaluate(n);
        n->kind = NUMBER;
        n->left = n->right = 0;
    }
}
int calculate(const char *text, node *pool, size limit, double *result) {
    parser p = {text, pool, 0, limit, 0};
    node *n = sum(&p);
    skip(&p);
    if (p.failed || *p.at)
        return -1;
    fold(n);
    *result = evaluate(n);
    return 0;
}
