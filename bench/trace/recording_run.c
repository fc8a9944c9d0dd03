/* SPDX-License-Identifier: MIT
 *
 * recording_run.c: runs a program with the recorder, and reads what that leaves.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/data.h"
#include "base/die.h"
#include "base/temporary.h"
#include "base/text.h"
#include "trace/recording.h"
#include "trace/recording_process.h"

static const char library[] = "tsobench-recorder.so";

char *recording_find(const char *program) {
    enum { MACHINE_AT = 18, X86_64 = 62 }; /* e_machine of an ELF header, elf(5) */
    unsigned char header[MACHINE_AT + 2] = {0};
    char *path = strchr(program, '/') ? strdup(program) : recording_find_in_path(program);
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        die(EXIT_USAGE, "there is no program `%s': give its path, or a name on PATH", program);
    ssize_t size = read(file, header, sizeof header);
    close(file);
    if (size != sizeof header || memcmp(header, "\177ELF\2\1", 6) != 0 ||
        header[MACHINE_AT] != X86_64 || header[MACHINE_AT + 1] != 0)
        die(EXIT_USAGE, "%s is not an x86-64 program", path);
    char *plugin = data_find(library);
    const struct recording_lack lack = recording_lack();
    if (lack.why)
        die(EXIT_MISSING, "%s; to get it: %s", lack.why, lack.how);
    if (!plugin)
        die(EXIT_MISSING, "%s was not built: that needs Zydis, and an x86-64 host", library);
    free(plugin);
    return path;
}

static void show_messages(const char *messages) {
    char line[512];
    FILE *file = fopen(messages, "r");
    while (file && fgets(line, sizeof line, file))
        fputs(line, stderr);
    if (file)
        fclose(file);
}

struct bytes {
    char *data;
    size_t size, at;
};

static struct bytes read_all(const char *path) {
    struct bytes bytes = {0};
    struct stat status;
    FILE *file = fopen(path, "r");
    if (!file)
        return bytes;
    if (fstat(fileno(file), &status) == 0) {
        bytes.data = allocate((size_t)status.st_size + 1, 1);
        bytes.size = fread(bytes.data, 1, (size_t)status.st_size, file);
    }
    fclose(file);
    return bytes;
}

/* The next bytes, or NULL if there are not so many. */
static const void *take(struct bytes *bytes, size_t size) {
    if (bytes->size - bytes->at < size)
        return NULL;
    const void *at = bytes->data + bytes->at;
    bytes->at += size;
    return at;
}

static void add_window(struct recording *recording, const struct raw_header *header,
                       struct bytes *bytes) {
    struct recorded_window window = {.begin = header->begin, .stream_count = header->streams};
    window.streams = allocate(window.stream_count + 1, sizeof *window.streams);
    for (size_t i = 0; i < window.stream_count; i++) {
        const struct raw_stream *raw = take(bytes, sizeof *raw);
        const struct raw_access *records = raw ? take(bytes, raw->count * sizeof *records) : NULL;
        if (!records)
            die(EXIT_FAILED, "the recorder ended in the middle of a window; record again");
        window.streams[i] = (struct recorded_stream){raw->instructions, raw->count, records};
    }
    if (window.stream_count == 0) {
        free(window.streams);
        return;
    }
    recording->windows = realloc(recording->windows, (recording->window_count + 1) * sizeof window);
    if (!recording->windows)
        abort();
    recording->windows[recording->window_count++] = window;
}

/* False if the recorder did not come to its end. */
static bool read_recording(struct recording *recording, struct bytes bytes) {
    recording->bytes = bytes.data;
    for (const struct raw_header *header; (header = take(&bytes, sizeof *header));) {
        if (header->tag == RAW_FAILURE)
            die(EXIT_FAILED, "cannot record: %.*s", (int)(bytes.size - bytes.at),
                bytes.data + bytes.at);
        recording->totals = header->totals;
        if (header->tag == RAW_END)
            return true;
        add_window(recording, header, &bytes);
    }
    return false;
}

struct recording recording_run(const struct recording_plan *plan) {
    struct recording recording = {0};
    struct temporary *folder = temporary_folder();
    const char *path = temporary_path(folder);
    char *plugin, *messages, *raw, *library_path, *preload;
    library_path = data_find(library);
    if (asprintf(&raw, "%s/raw", path) < 0 || asprintf(&messages, "%s/messages", path) < 0 ||
        asprintf(&preload, "LD_PRELOAD=%s", library_path) < 0 ||
        asprintf(&plugin,
                 "%s,out=%s,first=%lu,stride=%lu,windows=%lu,length=%lu,instructions=%lu,"
                 "totals=%d",
                 library_path, raw, plan->first, plan->stride, plan->windows, plan->length,
                 plan->instructions, plan->totals) < 0)
        abort();
    const int status = recording_spawn(plan, plugin, preload, messages);
    struct bytes bytes = read_all(raw);
    if (status != 0)
        show_messages(messages);
    temporary_remove(folder);
    const bool complete = read_recording(&recording, bytes);
    char name[32];
    if (status > EXIT_SIGNAL)
        die(EXIT_FAILED, "%s was ended by %s", plan->command[0],
            text_signal(status - EXIT_SIGNAL, name, sizeof name));
    if (!complete)
        die(EXIT_FAILED, "%s: the recording broke off (exit status %d)", plan->command[0], status);
    if (status != 0)
        warn("%s ended with exit status %d", plan->command[0], status);
    free(library_path);
    free(plugin);
    free(preload);
    free(messages);
    free(raw);
    return recording;
}

void recording_free(struct recording *recording) {
    for (size_t i = 0; i < recording->window_count; i++)
        free(recording->windows[i].streams);
    free(recording->windows);
    free(recording->bytes);
}
