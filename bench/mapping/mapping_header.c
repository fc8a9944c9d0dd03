/* SPDX-License-Identifier: MIT
 *
 * mapping_header.c: a user's mapping as a lowering's header (kernels/lowering.h), for a build in
 * which it stands beside ours in every kernel. The header defines a family of its own, of the
 * macros that the families of kernels/asm are made of, so that a mapping like one of ours becomes
 * the same instructions.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "mapping/mapping.h"

enum { MOST_WORDS = 16, AROUND = 256 };

struct header {
    const struct mapping *mapping;
    char id[64];
    FILE *out;
};

/* A sequence around one access, or around the instructions of one loop. */
struct parts {
    char before[AROUND], after[AROUND]; /* as C strings, with quotes: "DMB ISH; " */
    char word[MOST_WORDS][MAX_WORD];    /* what stands between them */
    size_t count;
};

_Noreturn static void refuse(const struct header *header, const char *operation,
                             const char *sequence, const char *why) {
    die(EXIT_USAGE, "%s: %s = %s cannot be compiled: %s", header->mapping->name, operation,
        sequence, why);
}

static bool is_around(const struct header *header, const char *word) {
    const struct known_instruction *it = instruction_named(header->mapping->isa, word);
    return it->class == CLASS_BARRIER || it->class == CLASS_NOTHING || it->class == CLASS_PREFETCH;
}

/* An instruction without values of the mapping as the assembler has it. */
static void assembler_text(const struct header *header, const char *word, char *out, size_t size) {
    if (instruction_named(header->mapping->isa, word)->class == CLASS_PREFETCH)
        snprintf(out, size, "\"%s, %%[memory]\"", word);
    else if (header->mapping->isa == ISA_AARCH64)
        snprintf(out, size, "\"%s\"", word);
    else if (text_same(word, "LOCK ADD"))
        snprintf(out, size, "LOCK_ADD");
    else if (text_same(word, "LOCK OR"))
        snprintf(out, size, "\"lock orq $0, (%%%%rsp)\"");
    else {
        snprintf(out, size, "\"%s\"", word);
        for (char *at = out; *at; at++)
            *at = (char)tolower((unsigned char)*at);
    }
}

static void append(const struct header *header, char around[AROUND], const char *word, bool first) {
    char text[2 * MAX_WORD + 8];
    size_t used = strlen(around);
    assembler_text(header, word, text, sizeof text);
    snprintf(around + used, AROUND - used, first ? "%s \"; \" " : "\"; \" %s ", text);
}

static struct parts split(const struct header *header, const char *operation,
                          const char *sequence) {
    struct parts parts = {.before = "\"\" ", .after = "\"\" "};
    char word[MAX_WORD];
    const char *rest = sequence;
    bool ended = false;
    while ((rest = mapping_next_word(rest, word)) != NULL) {
        bool around = is_around(header, word);
        if (!around && (ended || parts.count == MOST_WORDS))
            refuse(header, operation, sequence, "it is more than one access");
        if (!around)
            memcpy(parts.word[parts.count++], word, MAX_WORD);
        else
            append(header, parts.count ? parts.after : parts.before, word, parts.count == 0);
        ended = around && parts.count > 0;
    }
    return parts;
}

/* Whether these words and no others stand between. */
static bool matches(const struct parts *parts, const char *const *words, size_t count) {
    if (parts->count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!text_same(parts->word[i], words[i]))
            return false;
    return true;
}

static void define(const struct header *header, const char *member) {
    fprintf(header->out, "#define MAPPING_%s_%s", header->id, member);
}

/* ---- loads and stores ---- */

static const char *address_of(const char *word) {
    if (text_same(word, "LDR") || text_same(word, "STR"))
        return "A64_ANY";
    return text_same(word, "LDAPUR") || text_same(word, "STLUR") ? "A64_NEAR" : "A64_BASE";
}

static void scalar(const struct header *header, bool load, unsigned bits, const char *sequence) {
    const char *name = load ? "load" : "store";
    struct parts it = split(header, name, sequence);
    bool arm = header->mapping->isa == ISA_AARCH64;
    bool branched = load && it.count == 2 && text_same(it.word[1], "CBNZ");
    if (it.count != 1 && !branched)
        refuse(header, name, sequence, "it is more than one instruction that accesses memory");
    fprintf(header->out, "#define MAPPING_%s_%s_%u(op, value, p) ", header->id,
            load ? "LOAD" : "STORE", bits);
    if (arm)
        fprintf(header->out, "A64_%s(op, %u, %s, \"%s\", %s%s, value, %s(p))\n",
                load ? "LOAD" : "STORE", bits, it.before, it.word[0],
                branched ? "A64_BRANCH(\"value\") " : "", it.after, address_of(it.word[0]));
    else if (text_same(it.word[0], "MOV"))
        fprintf(header->out, "X86_%s(op, %u, %s, %s, value, p)\n", load ? "LOAD" : "STORE", bits,
                it.before, it.after);
    else if (text_same(sequence, "XCHG") && !load)
        fprintf(header->out, "XCHG_STORE(op, %u, value, p)\n", bits);
    else
        refuse(header, name, sequence, "only XCHG alone is a store beside MOV");
}

static void scalars(const struct header *header, bool load) {
    const struct sequence *it = &header->mapping->sequence;
    const char *byte = load ? it->load_byte : it->store_byte, *other = load ? it->load : it->store;
    define(header, load ? "LOAD" : "STORE");
    fprintf(header->out, "(op, bits, value, p) MAPPING_%s_%s_##bits(op, value, p)\n", header->id,
            load ? "LOAD" : "STORE");
    for (unsigned bits = 8; bits <= 64; bits *= 2)
        scalar(header, load, bits, bits == 8 && byte ? byte : other);
}

/* "S; S": into one; false where it is not the same twice. */
static bool halves(const char *sequence, char *one, size_t size) {
    size_t length = strlen(sequence), half = length / 2 - 1;
    if (length < 4 || length % 2 || strncmp(sequence + half, "; ", 2) != 0 ||
        strncmp(sequence, sequence + half + 2, half) != 0)
        return false;
    snprintf(one, size, "%.*s", (int)half, sequence);
    return true;
}

static void pair(const struct header *header, bool load) {
    const struct sequence *words = &header->mapping->sequence;
    const char *sequence = load ? words->load_pair : words->store_pair;
    const char *name = load ? "load_pair" : "store_pair", *upper = load ? "LOAD" : "STORE";
    char one[AROUND];
    bool twice = halves(sequence, one, sizeof one);
    struct parts it = split(header, name, twice ? one : sequence);
    define(header, load ? "LOAD_PAIR(op, low, high, p) " : "STORE_PAIR(op, low, high, p) ");
    if (header->mapping->isa == ISA_X86_64 && twice && text_same(one, "XCHG") && !load)
        fprintf(header->out, "XCHG_STORE_PAIR(op, low, high, p)\n");
    else if (header->mapping->isa == ISA_X86_64 && twice && text_same(it.word[0], "MOV"))
        fprintf(header->out, "X86_%s_PAIR(op, %s, %s, low, high, p)\n", upper, it.before, it.after);
    else if (it.count == 1 && (text_same(it.word[0], "LDP") || text_same(it.word[0], "STP")))
        fprintf(header->out, "PLAIN_%s_PAIR(%s, %s, op, low, high, p)\n", upper, it.before,
                it.after);
    else if (text_same(sequence, "LDR; CBNZ; LDR; CBNZ"))
        fprintf(header->out, "BRANCHED_LOAD_PAIR(op, low, high, p)\n");
    else if (text_same(sequence, "LDIAPP") || text_same(sequence, "STILP"))
        fprintf(header->out, "LRCPC3_%s_PAIR(op, low, high, p)\n", upper);
    else if (twice && it.count == 1)
        fprintf(header->out, "A64_%s_TWICE(op, %s, \"%s\", %s, low, high, %s(p), %s((p) + 1))\n",
                upper, it.before, it.word[0], it.after, address_of(it.word[0]),
                address_of(it.word[0]));
    else
        refuse(header, name, sequence, "it is neither one instruction nor the same access twice");
}

/* The instruction of a plain vector access. */
static const char *vector_word(enum isa isa, bool load, unsigned bytes) {
    if (isa == ISA_X86_64)
        return bytes == 16 ? "MOVDQU" : "VMOVDQU";
    return bytes == 16 ? load ? "LDR" : "STR" : load ? "LDP" : "STP";
}

static void vector(const struct header *header, bool load, unsigned bytes, const char *sequence) {
    char name[16];
    enum isa isa = header->mapping->isa;
    snprintf(name, sizeof name, "%s_vec%u", load ? "load" : "store", bytes == 64 ? 32 : bytes);
    struct parts it = split(header, name, sequence);
    if (it.count != 1 || !text_same(it.word[0], vector_word(isa, load, bytes)))
        refuse(header, name, sequence, "vectors are LDR, LDP, STR, STP, MOVDQU or VMOVDQU here");
    fprintf(header->out, "#define MAPPING_%s_%s_VEC%u(op, value, p) ", header->id,
            load ? "LOAD" : "STORE", bytes);
    if (isa == ISA_AARCH64)
        fprintf(header->out, "PLAIN_%s_VEC%u(%s, %s, op, value, p)\n", load ? "LOAD" : "STORE",
                bytes, it.before, it.after);
    else
        fprintf(header->out, "X86_%s_VEC%u(op, %s, %s, value, p)\n", load ? "LOAD" : "STORE", bytes,
                it.before, it.after);
}

/* Those of FEAT_LRCPC3 are as in the lowering whose words they are. */
static const char *lrcpc3_family(const struct header *header, bool load) {
    static const char *const names[][2] = {{"lrcpc3", "LRCPC3"}, {"lrcpc3-lanes", "LRCPC3_LANES"}};
    const struct sequence *own = &header->mapping->sequence;
    for (size_t i = 0; i < 2; i++) {
        const struct sequence *its = &mapping_named(names[i][0], ISA_AARCH64)->sequence;
        if (load ? text_same(own->load_vec16, its->load_vec16) &&
                       text_same(own->load_vec32, its->load_vec32)
                 : text_same(own->store_vec16, its->store_vec16) &&
                       text_same(own->store_vec32, its->store_vec32))
            return names[i][1];
    }
    return NULL;
}

static void vectors(const struct header *header, bool load) {
    const struct sequence *it = &header->mapping->sequence;
    vector(header, load, 16, load ? it->load_vec16 : it->store_vec16);
    vector(header, load, 32, load ? it->load_vec32 : it->store_vec32);
    if (header->mapping->isa == ISA_X86_64)
        vector(header, load, 64, load ? it->load_vec32 : it->store_vec32);
    define(header, load ? "VEC_LOAD_SEQUENCE()" : "VEC_STORE_SEQUENCE()");
    fprintf(header->out, " .%s_vec16 = \"%s\", .%s_vec32 = \"%s\"\n", load ? "load" : "store",
            load ? it->load_vec16 : it->store_vec16, load ? "load" : "store",
            load ? it->load_vec32 : it->store_vec32);
}

/* ---- read-modify-writes ---- */

/* Stems of a loop's exclusives: "LDAX" and "STLX". False where it is none with these words between
 * them. */
static bool loop_stems(const struct parts *it, const char *const *between, size_t count,
                       char load[MAX_WORD], char store[MAX_WORD]) {
    if (it->count != count + 3 || !text_same(it->word[count + 2], "CBNZ") ||
        strncmp(it->word[0], "LD", 2) != 0 || strncmp(it->word[count + 1], "ST", 2) != 0)
        return false;
    struct parts middle = {.count = count};
    memcpy(middle.word, it->word[1], count * sizeof *middle.word);
    memcpy(load, it->word[0], MAX_WORD);
    memcpy(store, it->word[count + 1], MAX_WORD);
    load[strlen(load) - 1] = store[strlen(store) - 1] = '\0';
    return matches(&middle, between, count);
}

static const struct modify {
    const char *key, *member, *bits, *operands, *single, *llsc;
    enum instruction_class class;
    const char *between[3];
    size_t between_count;
} modifies[] = {
    {"exchange",
     "EXCHANGE",
     "bits, ",
     "old, value, p",
     "A64_FETCH",
     "LLSC_EXCHANGE",
     CLASS_EXCHANGE,
     {NULL},
     0},
    {"fetch_add",
     "FETCH_ADD",
     "bits, ",
     "old, value, p",
     "A64_FETCH",
     "LLSC_FETCH_ADD",
     CLASS_FETCH_ADD,
     {"ADD"},
     1},
    {"compare_exchange",
     "COMPARE_EXCHANGE",
     "bits, ",
     "want, value, p",
     "A64_COMPARE",
     "LLSC_COMPARE_EXCHANGE",
     CLASS_COMPARE_EXCHANGE,
     {"CMP", "B.NE"},
     2},
    {"compare_exchange_pair",
     "COMPARE_EXCHANGE_PAIR",
     "",
     "want, value, p",
     "A64_COMPARE_PAIR",
     "LLSC_COMPARE_EXCHANGE_PAIR",
     CLASS_COMPARE_EXCHANGE_PAIR,
     {"CMP", "CCMP", "B.NE"},
     3},
};

static void modify(const struct header *header, const struct modify *it, const char *sequence) {
    struct parts parts = split(header, it->key, sequence);
    char load[MAX_WORD], store[MAX_WORD];
    fprintf(header->out, "#define MAPPING_%s_%s(op, %s%s) ", header->id, it->member, it->bits,
            it->operands);
    if (parts.count == 1 &&
        instruction_named(header->mapping->isa, parts.word[0])->class == it->class)
        fprintf(header->out, "%s(op, %s%s, \"%s\", %s, %s)\n", it->single, it->bits, parts.before,
                parts.word[0], parts.after, it->operands);
    else if (loop_stems(&parts, it->between, it->between_count, load, store))
        fprintf(header->out, "%s(\"%s\", \"%s\", %s, %s, op, %s%s)\n", it->llsc, load, store,
                parts.before, parts.after, it->bits, it->operands);
    else if (it->class == CLASS_COMPARE_EXCHANGE &&
             loop_stems(&parts, (const char *const[]){"EOR", "CBNZ"}, 2, load, store))
        fprintf(header->out, "LLSC_COMPARE_OR_LEAVE(\"%s\", \"%s\", %s, %s, op, %s%s)\n", load,
                store, parts.before, parts.after, it->bits, it->operands);
    else
        refuse(header, it->key, sequence, "it is neither one instruction nor a loop of exclusives");
}

static void modifies_of(const struct header *header) {
    const struct sequence *it = &header->mapping->sequence;
    const char *const sequences[] = {it->exchange, it->fetch_add, it->compare_exchange,
                                     it->compare_exchange_pair};
    if (header->mapping->isa == ISA_X86_64) {
        const struct sequence *plain = &mapping_named("plain", ISA_X86_64)->sequence;
        const char *const locked[] = {plain->exchange, plain->fetch_add, plain->compare_exchange,
                                      plain->compare_exchange_pair};
        for (size_t i = 0; i < 4; i++)
            if (!text_same(sequences[i], locked[i]))
                refuse(header, modifies[i].key, sequences[i],
                       "a locked instruction of x86-64 stands alone, a full barrier");
        return;
    }
    for (size_t i = 0; i < 4; i++)
        modify(header, &modifies[i], sequences[i]);
    define(header, "RMW_SEQUENCE()");
    for (size_t i = 0; i < 4; i++)
        fprintf(header->out, "%s .%s = \"%s\"", i ? "," : "", modifies[i].key, sequences[i]);
    fputc('\n', header->out);
}

/* ---- fences and copies ---- */

static void fence(const struct header *header) {
    const char *sequence = header->mapping->sequence.fence;
    struct parts it = split(header, "fence", sequence);
    const struct known_instruction *access =
        it.count == 1 ? instruction_named(header->mapping->isa, it.word[0]) : NULL;
    define(header, "FENCE(op) ");
    if (it.count == 0)
        fprintf(header->out,
                "__asm__ volatile(RECORDED(op, \"\", %.*s) : : : \"memory\", \"cc\")\n",
                (int)(strrchr(it.before, ';') - it.before - 2), it.before);
    else if (access && header->mapping->isa == ISA_AARCH64 &&
             (access->class == CLASS_LOAD || access->class == CLASS_EXCHANGE))
        fprintf(header->out, "OWN_LINE_FENCE(%s \"%s\", \" %s%%[value], %%[memory]\" %s, op)\n",
                it.before, it.word[0], access->class == CLASS_LOAD ? "" : "%[value], ", it.after);
    else
        refuse(header, "fence", sequence, "a fence is barriers, or one load or exchange");
    define(header, "FENCE_SEQUENCE()");
    fprintf(header->out, " .fence = \"%s\"\n", sequence);
}

static void copy(const struct header *header) {
    static const char *const mops[] = {"CPYFP", "CPYFM", "CPYFE"}, *const rep[] = {"REP MOVSB"};
    const char *sequence = header->mapping->sequence.copy;
    bool arm = header->mapping->isa == ISA_AARCH64;
    struct parts it = split(header, "copy", sequence);
    if (!matches(&it, arm ? mops : rep, arm ? 3 : 1))
        refuse(header, "copy", sequence, "a copy is CPYFP; CPYFM; CPYFE, or REP MOVSB");
    define(header, "COPY(op, to, from, bytes) ");
    if (arm)
        fprintf(header->out, "PLAIN_COPY(%s, %s, op, to, from, bytes)\n", it.before, it.after);
    else
        fprintf(header->out, "X86_COPY(op, %s, %s, to, from, bytes)\n", it.before, it.after);
    define(header, "COPY_SEQUENCE()");
    fprintf(header->out, " .copy = \"%s\"\n", sequence);
}

/* ---- the header ---- */

static void sequences_of_scalars(const struct header *header, bool load) {
    const struct sequence *it = &header->mapping->sequence;
    const char *byte = load ? it->load_byte : it->store_byte, *name = load ? "load" : "store";
    define(header, load ? "LOAD_SEQUENCE()" : "STORE_SEQUENCE()");
    if (byte)
        fprintf(header->out, " .%s_byte = \"%s\",", name, byte);
    fprintf(header->out, " .%s = \"%s\", .%s_pair = \"%s\"\n", name, load ? it->load : it->store,
            name, load ? it->load_pair : it->store_pair);
}

static void name_families(const struct header *header, const char *load, const char *store) {
    static const char *const kinds[] = {"LOADS", "STORES", "FENCE", "COPIES"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        fprintf(header->out, "#define LOWERING_%s MAPPING_%s\n", kinds[i], header->id);
    fprintf(header->out, "#define LOWERING_RMW %s%s\n",
            header->mapping->isa == ISA_AARCH64 ? "MAPPING_" : "LOCKED",
            header->mapping->isa == ISA_AARCH64 ? header->id : "");
    fprintf(header->out, "#define LOWERING_VEC_LOADS %s%s\n", load ? "" : "MAPPING_",
            load ? load : header->id);
    fprintf(header->out, "#define LOWERING_VEC_STORES %s%s\n", store ? "" : "MAPPING_",
            store ? store : header->id);
    fprintf(header->out,
            "#define LOWERING_INFO .used_by = \"a mapping that was given to this build\", "
            ".needs = 0x%xu, .rmw_needs = 0x%xu\n",
            header->mapping->needs, header->mapping->rmw_needs);
}

void mapping_header(const struct mapping *mapping, FILE *out) {
    struct header header = {.mapping = mapping, .out = out};
    if (strspn(mapping->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(mapping->name) ||
        strlen(mapping->name) >= sizeof header.id || !*mapping->name)
        die(EXIT_USAGE, "`%s' cannot be a lowering's name: letters a to z, digits and - can be",
            mapping->name);
    for (size_t i = 0; i <= strlen(mapping->name); i++)
        header.id[i] = (char)(mapping->name[i] == '-' ? '_' : mapping->name[i]);
    bool arm = mapping->isa == ISA_AARCH64;
    const char *load = arm ? lrcpc3_family(&header, true) : NULL;
    const char *store = arm ? lrcpc3_family(&header, false) : NULL;
    fprintf(out, "/* SPDX-License-Identifier: MIT\n *\n * %s: made of a mapping. */\n",
            mapping->name);
    if (mapping->coverage == COVERAGE_SYNC)
        fprintf(out, "#define LOWERING_COVERAGE_SYNC\n");
    for (int kind = 1; kind >= 0; kind--) {
        scalars(&header, kind);
        pair(&header, kind);
        sequences_of_scalars(&header, kind);
        if (!(kind ? load : store))
            vectors(&header, kind);
    }
    modifies_of(&header);
    fence(&header);
    copy(&header);
    name_families(&header, load, store);
}
