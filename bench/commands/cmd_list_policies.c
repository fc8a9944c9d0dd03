/* SPDX-License-Identifier: MIT
 *
 * cmd_list_policies.c: what translators make of the accesses of a trace, as rows of a table.
 */
#include <stddef.h>
#include <stdio.h>

#include "base/text.h"
#include "commands/cmd_list.h"
#include "kernels/needs.h"
#include "machine/feature.h"
#include "replay/policy_torn.h"
#include "replay/policy_verdict.h"

static void print_sequences(const struct policy *policy) {
    static const struct {
        const char *key;
        size_t offset;
    } rows[] = {
#define ROW(field) {#field, offsetof(struct policy, field)}
        ROW(load),
        ROW(store),
        ROW(load_byte),
        ROW(store_byte),
        ROW(load_vector),
        ROW(store_vector),
        ROW(load_stack),
        ROW(store_stack),
        ROW(load_x87),
        ROW(store_x87),
        ROW(load_ret),
        ROW(load_unaligned),
        ROW(store_unaligned),
        ROW(store_nontemporal),
        ROW(load_rep),
        ROW(store_rep),
        ROW(rmw),
        ROW(exchange),
        ROW(compare_exchange),
        ROW(movs_before),
        ROW(rep_after)};
#undef ROW
    static const char *const fences[] = {"mfence", "lfence", "sfence"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *value = *(const char *const *)((const char *)policy + rows[i].offset);
        if (value)
            printf("      %-22s %s\n", rows[i].key, value);
    }
    for (size_t i = 0; i < TRACE_FENCES; i++)
        printf("      %-22s %s\n", fences[i], policy->fence[i]);
}

static void print_attributes(const struct policy *policy) {
    static const char *const ways[] = {
        [REP_QUADS] = "by pairs of vector registers, the rest by elements",
        [REP_MOPS] = "by FEAT_MOPS; what that cannot do as without it",
        [REP_ELEMENTS] = "by elements, each by its load and store",
        [REP_EIGHTS] = "of bytes by 8 of them, else by elements, plain",
        [REP_PLAIN] = "by elements, plain",
        [REP_NATIVE] = "the CPU's own"};
    printf("      %-22s %s\n", "rep", ways[policy->rep]);
    if (policy->strongmem)
        printf("      %-22s box64's STRONGMEM=%u, WEAKBARRIER=%u\n", "barriers by block",
               policy->strongmem, policy->weakbarrier);
    if (policy->unlisted)
        printf("      %-22s %u %% of the %s; the others are LDR and STR\n", "listed",
               100 - policy->unlisted, policy->strongmem ? "blocks" : "instructions");
    if (policy->within_16)
        printf("      %-22s within 16 bytes\n", "aligned");
    for (unsigned bit = 1; bit; bit <<= 1) {
        if ((policy->needs | (policy->rmw_lse ? FEATURE_LSE : 0u)) & bit)
            printf("      %-22s %s%s\n", "needs", feature_name(bit),
                   policy->needs & bit ? "" : " for read-modify-writes");
        if (policy->lacks & bit)
            printf("      %-22s a CPU without %s\n", "for", feature_name(bit));
    }
}

void list_policies(void) {
    puts("POLICIES");
    for (int isa = 0; isa < ISAS; isa++) {
        size_t count;
        const struct policy *all = policies((enum isa)isa, &count);
        for (size_t i = 0; i < count; i++) {
            printf("  %s (%s)\n      used by %s\n", all[i].name, isa_name((enum isa)isa),
                   all[i].used_by);
            if (all[i].mapping)
                printf("      %-22s %s\n", "from the lowering", all[i].mapping);
            print_sequences(&all[i]);
            print_attributes(&all[i]);
            if (isa == ISA_X86_64)
                printf("      %-22s sound", "fixed-tso");
            else
                list_holes(policy_verdict(&all[i], (enum isa)isa));
            putchar('\n');
            list_torn(policy_torn(&all[i], (enum isa)isa, NULL, all[i].needs));
        }
    }
}
