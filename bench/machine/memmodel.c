/* SPDX-License-Identifier: MIT */
#include "machine/memmodel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "machine/cpuname.h"

/* From the patches "arm64: Support the TSO memory model" (Hector Martin, 2024), as Asahi Linux
 * carries them. An earlier proposal used option 71, which has since become something else. */
enum {
    GET_MEM_MODEL = 0x6d4d444c,
    SET_MEM_MODEL = 0x4d4d444c,
    MODEL_DEFAULT = 0,
    MODEL_TSO = 1,
};

/* The list of the same patches. That Denver and Carmel do even more is said, not known. */
static const struct {
    uint32_t implementer, part;
    const char *name;
} always_tso[] = {
    {0x4e, 0x003, "NVIDIA Denver"},
    {0x4e, 0x004, "NVIDIA Carmel"},
    {0x46, 0x001, "Fujitsu A64FX"},
};

bool memmodel_can(const struct memmodel_support *support, enum memmodel model) {
    switch (model) {
    case MEMMODEL_WEAK:
        return support->can_weak;
    case MEMMODEL_TSO:
        return support->can_tso;
    default:
        return support->fixed;
    }
}

static int get_model(void) {
    int model = prctl(GET_MEM_MODEL, 0L, 0L, 0L, 0L);
    return model < 0 ? -errno : model;
}

static int set_model(long model) {
    return prctl(SET_MEM_MODEL, model, 0L, 0L, 0L) < 0 ? -errno : 0;
}

#define SAY(...) snprintf(support->reason, sizeof support->reason, __VA_ARGS__)

void memmodel_probe_arm64(uint32_t midr, struct memmodel_support *support) {
    memset(support, 0, sizeof *support);
    for (size_t i = 0; i < sizeof always_tso / sizeof *always_tso; i++) {
        if (midr >> 24 == always_tso[i].implementer && (midr >> 4 & 0xfff) == always_tso[i].part) {
            support->fixed = true;
            SAY("%s is always TSO (list of the kernel patches)", always_tso[i].name);
            return;
        }
    }

    int error = set_model(MODEL_TSO);
    if (error) {
        support->can_weak = true;
        if (error == -EINVAL) /* also where Apple's switch is broken in a guest */
            SAY("this kernel, or its hypervisor, offers no switch (PR_SET_MEM_MODEL: EINVAL)");
        else
            SAY("PR_SET_MEM_MODEL is refused: %s", strerror(-error));
        return;
    }
    int tso = get_model();
    error = set_model(MODEL_DEFAULT);
    int initial = get_model();

    /* A kernel that knows the CPU to be always TSO accepts TSO and goes on saying DEFAULT. */
    if (tso == MODEL_DEFAULT && error == 0) {
        support->fixed = true;
        SAY("always TSO by the kernel's word: it accepts TSO and reports no change");
    } else if (tso == MODEL_TSO && error == 0 && initial == MODEL_DEFAULT) {
        support->can_weak = support->can_tso = true;
        SAY("PR_SET_MEM_MODEL, for each thread");
    } else if (tso == MODEL_TSO) {
        support->can_tso = true;
        SAY("PR_SET_MEM_MODEL turned TSO on but not off again");
    } else {
        /* Not knowing what was switched, claim nothing about TSO. */
        support->can_weak = error == 0;
        SAY("PR_SET_MEM_MODEL accepts TSO, but PR_GET_MEM_MODEL answers %d", tso);
    }
}

int memmodel_set_arm64(enum memmodel model) {
    if (model == MEMMODEL_FIXED_TSO)
        return 0;
    long wanted = model == MEMMODEL_TSO ? MODEL_TSO : MODEL_DEFAULT;
    int error = set_model(wanted);
    /* Where there is no switch there is nothing to switch off. */
    if (error && model == MEMMODEL_WEAK && get_model() < 0)
        return 0;
    if (error)
        return error;
    int now = get_model();
    if (now < 0)
        return now;
    return now == wanted ? 0 : -EIO;
}

#if defined(__x86_64__)
bool memmodel_now(enum memmodel *model) {
    *model = MEMMODEL_FIXED_TSO;
    return true;
}

void memmodel_probe(struct memmodel_support *support) {
    memset(support, 0, sizeof *support);
    support->fixed = true;
    SAY("x86-64 is always TSO");
}

int memmodel_set(enum memmodel model) {
    return model == MEMMODEL_FIXED_TSO ? 0 : -EINVAL;
}
#else
bool memmodel_now(enum memmodel *model) {
    int now = get_model();
    *model = now == MODEL_TSO ? MEMMODEL_TSO : MEMMODEL_WEAK;
    return now >= 0;
}

void memmodel_probe(struct memmodel_support *support) {
    memmodel_probe_arm64(cpuname_midr(0), support);
}

int memmodel_set(enum memmodel model) {
    return memmodel_set_arm64(model);
}
#endif
