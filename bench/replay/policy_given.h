/* SPDX-License-Identifier: MIT
 *
 * policy_given.h: a user's mapping as a policy.
 */
#ifndef POLICY_GIVEN_H
#define POLICY_GIVEN_H

#include "replay/policy.h"

/* What replays do of a mapping, which the policy refers to; but not whether it is sound. False,
 * after a warning, where they have no form for one of its sequences. */
bool policy_of_mapping(const struct mapping *mapping, struct policy *policy);

#endif
