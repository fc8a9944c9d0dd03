/* SPDX-License-Identifier: MIT */
#include "machine/cgroup.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "machine/sysfile.h"

/* A group of this process: the folder of a hierarchy's mount, and the group's path below it. */
struct group {
    char mount[PATH_MAX], path[PATH_MAX];
};

/* What is asked of a group, and of each above it. */
typedef void ask_group(const char *folder, void *answer);

/* The path of /proc/self/cgroup for a controller of version 1, or of version 2 if it is NULL. */
static bool find_path(const char *controller, char *path, size_t size) {
    char line[PATH_MAX + 256];
    bool found = false;
    FILE *file = sysfile_open("/proc/self/cgroup");
    while (file && !found && fgets(line, sizeof line, file)) {
        char *rest = line, *number = strsep(&rest, ":"), *list = strsep(&rest, ":");
        if (rest == NULL)
            continue;
        rest[strcspn(rest, "\n")] = '\0';
        found =
            controller ? text_listed(list, controller) : strcmp(number, "0") == 0 && *list == '\0';
        if (found)
            snprintf(path, size, "%s", rest);
    }
    if (file)
        fclose(file);
    return found;
}

/* "\040" and the like in place, as mountinfo writes what would end a word. */
static void decode_octal(char *text) {
    char *to = text;
    for (; *text; text++) {
        unsigned value;
        if (*text == '\\' && sscanf(text + 1, "%3o", &value) == 1) {
            *to++ = (char)value;
            text += 3;
        } else {
            *to++ = *text;
        }
    }
    *to = '\0';
}

/* Where the hierarchy is mounted, and the group that this mount shows as its top. */
static bool find_mount(const char *controller, char *mount, char *top, size_t size) {
    char line[2 * PATH_MAX];
    bool found = false;
    FILE *file = sysfile_open("/proc/self/mountinfo");
    while (file && !found && fgets(line, sizeof line, file)) {
        char *words[5], *rest = line, *tail = strstr(line, " - ");
        if (tail == NULL)
            continue;
        *tail = '\0';
        tail += 3;
        tail[strcspn(tail, "\n")] = '\0';
        const char *type = strsep(&tail, " ");
        strsep(&tail, " "); /* the source; options of the file system follow */
        for (int i = 0; i < 5; i++)
            words[i] = strsep(&rest, " ");
        if (words[4] == NULL || strcmp(type, controller ? "cgroup" : "cgroup2") ||
            (controller && (tail == NULL || !text_listed(tail, controller))))
            continue;
        decode_octal(words[3]);
        decode_octal(words[4]);
        snprintf(top, size, "%s", words[3]);
        snprintf(mount, size, "%s", words[4]);
        found = true;
    }
    if (file)
        fclose(file);
    return found;
}

/* The group of a controller. Where the mount shows another part of the tree than the group is in,
 * which is a container's without a namespace of its own, its top is all that can be asked. */
static bool find_group(const char *controller, struct group *group) {
    char top[PATH_MAX], path[PATH_MAX];
    if (!find_path(controller, path, sizeof path) ||
        !find_mount(controller, group->mount, top, sizeof top))
        return false;
    size_t length = strcmp(top, "/") == 0 ? 0 : strlen(top);
    bool below = strncmp(path, top, length) == 0 && (path[length] == '/' || path[length] == '\0');
    snprintf(group->path, sizeof group->path, "%s",
             below && strstr(path, "/..") == NULL ? path + length : "");
    if (strcmp(group->path, "/") == 0)
        group->path[0] = '\0';
    return true;
}

/* Asks the groups of both versions that have the controller, from the process's own upwards; only
 * the process's own ones if above is false. */
static void ask(const char *controller, bool above, ask_group *question, void *answer) {
    const char *versions[] = {controller, NULL};
    for (int i = 0; i < 2; i++) {
        struct group group;
        char folder[2 * PATH_MAX];
        if (!find_group(versions[i], &group))
            continue;
        for (bool more = true; more;) {
            char *slash = strrchr(group.path, '/');
            snprintf(folder, sizeof folder, "%s%s", group.mount, group.path);
            question(folder, answer);
            more = above && slash;
            if (more)
                *slash = '\0';
        }
    }
}

/* The number after a word at the beginning of a line; 0 if there is no such line. */
static uint64_t number_after(const char *folder, const char *name, const char *word) {
    char path[2 * PATH_MAX], line[256];
    uint64_t number = 0;
    size_t length = strlen(word);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = sysfile_open(path);
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, word, length) == 0 && line[length] == ' ')
            number = strtoull(line + length, NULL, 10);
    if (file)
        fclose(file);
    return number;
}

static void least_memory(const char *folder, void *answer) {
    static const char *const names[] = {"memory.max", "memory.high", "memory.limit_in_bytes"};
    uint64_t *least = answer, bytes; /* "max" is no number */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sysfile_number(&bytes, "%s/%s", folder, names[i]) && bytes < *least)
            *least = bytes;
    /* Of version 1: with the groups that a container does not see. */
    bytes = number_after(folder, "memory.stat", "hierarchical_memory_limit");
    if (bytes && bytes < *least)
        *least = bytes;
}

uint64_t cgroup_memory(void) {
    uint64_t least = UINT64_MAX;
    ask("memory", true, least_memory, &least);
    /* Version 1 writes so many whole pages for no limit. */
    return least < (uint64_t)INT64_MAX / 2 ? least : UINT64_MAX;
}

static void least_time(const char *folder, void *answer) {
    double *least = answer, quota = 0, period = 0;
    char line[64];
    uint64_t number;
    if (sysfile_line(line, sizeof line, "%s/cpu.max", folder)) {
        if (sscanf(line, "%lf %lf", &quota, &period) != 2) /* "max 100000" */
            return;
    } else if (sysfile_line(line, sizeof line, "%s/cpu.cfs_quota_us", folder) &&
               sysfile_number(&number, "%s/cpu.cfs_period_us", folder)) {
        quota = strtod(line, NULL); /* -1: none */
        period = (double)number;
    }
    if (quota > 0 && period > 0 && (*least == 0 || quota / period < *least))
        *least = quota / period;
}

double cgroup_cpu_time(void) {
    double least = 0;
    ask("cpu", true, least_time, &least);
    return least;
}

static void add_throttled(const char *folder, void *answer) {
    *(uint64_t *)answer += number_after(folder, "cpu.stat", "nr_throttled");
}

uint64_t cgroup_throttled(void) {
    uint64_t sum = 0;
    ask("cpu", true, add_throttled, &sum);
    return sum;
}

static void add_kills(const char *folder, void *answer) {
    *(uint64_t *)answer += number_after(folder, "memory.events", "oom_kill") +
                           number_after(folder, "memory.oom_control", "oom_kill");
}

struct cgroup_kills cgroup_kills(void) {
    struct cgroup_kills kills = {0};
    ask("memory", false, add_kills, &kills.group);
    kills.machine = number_after("/proc", "vmstat", "oom_kill");
    return kills;
}

bool cgroup_killed_since(struct cgroup_kills before, char *why, size_t size) {
    struct cgroup_kills now = cgroup_kills();
    uint64_t memory = cgroup_memory();
    if (now.group > before.group && memory != UINT64_MAX)
        snprintf(why, size, "killed for want of memory: its control group may use %llu MiB",
                 (unsigned long long)memory >> 20);
    else if (now.group > before.group || now.machine > before.machine)
        snprintf(why, size, "killed for want of memory");
    else
        return false;
    return true;
}

json_t *cgroup_json(void) {
    json_t *json = json_object();
    uint64_t memory = cgroup_memory();
    double time = cgroup_cpu_time();
    if (memory != UINT64_MAX)
        json_object_set_new(json, "memory_bytes", json_integer((json_int_t)memory));
    if (time > 0) {
        json_object_set_new(json, "cpu_time", json_real(time));
        json_object_set_new(json, "throttled_before", json_integer((json_int_t)cgroup_throttled()));
    }
    return json;
}
