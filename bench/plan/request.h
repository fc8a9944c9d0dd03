/* SPDX-License-Identifier: MIT
 *
 * request.h: from the command line and the machine to what a plan is made of.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "plan/job.h"

/* Fills job->request and job->cpus for this machine: all CPUs this process may use, or those of
 * the list cpus ("0-3,8"); the models this CPU can be put into, or those named in models
 * ("weak,tso"). NULL: not asked for. What was asked for and is not to be had is written to
 * missing, a ";"-separated text, empty when all is there. Dies with EXIT_USAGE on words that
 * mean nothing, on CPUs that do not exist, and when no CPU or no model is left. */
void request_from_machine(struct job *job, const struct suite *suite, const char *cpus,
                          const char *models, char *missing, unsigned long size);

#endif
