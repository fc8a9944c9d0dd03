/* SPDX-License-Identifier: MIT
 *
 * lines.c: zstd under stdio; the archive of a finished run.
 */
#include "samples/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "base/die.h"
#include "base/durable.h"
#include "samples/samples.h"

enum { LEVEL = 9 };

struct unpacker {
    FILE *file;
    ZSTD_DStream *stream;
    ZSTD_inBuffer in;
    char *buffer;
    size_t pending; /* not 0: a frame is open */
};

static ssize_t source_read(void *cookie, char *data, size_t size) {
    struct unpacker *source = cookie;
    ZSTD_outBuffer out = {data, size, 0};
    while (out.pos == 0) {
        if (source->in.pos == source->in.size) {
            source->in.pos = 0;
            source->in.size = fread(source->buffer, 1, ZSTD_DStreamInSize(), source->file);
            if (source->in.size == 0) {
                errno = EBADMSG; /* cut short */
                return source->pending || ferror(source->file) ? -1 : 0;
            }
        }
        source->pending = ZSTD_decompressStream(source->stream, &out, &source->in);
        if (ZSTD_isError(source->pending)) {
            errno = EBADMSG;
            return -1;
        }
    }
    return (ssize_t)out.pos;
}

static int source_close(void *cookie) {
    struct unpacker *source = cookie;
    ZSTD_freeDStream(source->stream);
    int result = fclose(source->file);
    free(source->buffer);
    free(source);
    return result;
}

FILE *lines_open(const char *path) {
    FILE *file = fopen(path, "re");
    size_t length = strlen(path);
    if (file == NULL || length < 4 || strcmp(path + length - 4, ".zst") != 0)
        return file;
    struct unpacker *source = allocate(1, sizeof *source);
    source->file = file;
    source->stream = ZSTD_createDStream();
    source->buffer = allocate(ZSTD_DStreamInSize(), 1);
    source->in.src = source->buffer;
    FILE *stream =
        fopencookie(source, "r", (cookie_io_functions_t){source_read, NULL, NULL, source_close});
    if (source->stream == NULL || stream == NULL)
        die(EXIT_FAILED, "out of memory for %s", path);
    return stream;
}

/* 0, or -1 and errno. */
static int compress_into(FILE *in, FILE *out) {
    size_t in_size = ZSTD_CStreamInSize(), out_size = ZSTD_CStreamOutSize(), left = 1;
    char *in_buffer = allocate(in_size, 1), *out_buffer = allocate(out_size, 1);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    int failed = context ? 0 : ENOMEM;
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    for (bool last = false; !last && !failed;) {
        ZSTD_inBuffer input = {in_buffer, fread(in_buffer, 1, in_size, in), 0};
        last = input.size < in_size;
        if (last && ferror(in))
            failed = errno;
        do {
            ZSTD_outBuffer output = {out_buffer, out_size, 0};
            left =
                ZSTD_compressStream2(context, &output, &input, last ? ZSTD_e_end : ZSTD_e_continue);
            if (ZSTD_isError(left))
                failed = ENOMEM;
            else if (fwrite(out_buffer, 1, output.pos, out) != output.pos)
                failed = errno;
        } while (!failed && (last ? left != 0 : input.pos != input.size));
    }
    ZSTD_freeCCtx(context);
    free(in_buffer);
    free(out_buffer);
    errno = failed;
    return failed ? -1 : 0;
}

static int compress_file(const char *from, const char *to) {
    FILE *in = fopen(from, "re"), *out = in ? fopen(to, "we") : NULL;
    int failed = in == NULL || out == NULL || compress_into(in, out) ? errno : 0;
    if (out && fclose(out) && !failed)
        failed = errno;
    if (in)
        fclose(in);
    errno = failed;
    return failed ? -1 : 0;
}

static bool same_text(const char *left, const char *right) {
    enum { SIZE = 1 << 16 };
    FILE *a = lines_open(left), *b = lines_open(right);
    char *buffer = allocate(2, SIZE);
    bool same = a && b;
    for (size_t size = 1; same && size > 0;) {
        size = fread(buffer, 1, SIZE, a);
        same = fread(buffer + SIZE, 1, SIZE, b) == size && !ferror(a) && !ferror(b) &&
               memcmp(buffer, buffer + SIZE, size) == 0;
    }
    if (a)
        fclose(a);
    if (b)
        fclose(b);
    free(buffer);
    errno = EIO;
    return same;
}

/* DIR/samples.jsonl<tail>, or death. */
static char *name_of(const char *directory, const char *tail) {
    char *path;
    if (asprintf(&path, "%s/samples.jsonl%s", directory, tail) < 0)
        die(EXIT_FAILED, "out of memory for %s", directory);
    return path;
}

int samples_compress(const char *directory) {
    char *plain = name_of(directory, ""), *packed = name_of(directory, ".zst");
    char *part = name_of(directory, ".part.zst");
    bool done = compress_file(plain, part) == 0 && same_text(plain, part) &&
                durable_rename(part, packed) == 0;
    int failed = done ? 0 : errno;
    if (failed)
        unlink(part);
    else if (durable_unlink(plain))
        failed = errno;
    free(plain);
    free(packed);
    free(part);
    errno = failed;
    return failed ? -1 : 0;
}

int samples_unpack(const char *directory, int file) {
    enum { SIZE = 1 << 16 };
    char *packed = name_of(directory, ".zst"), *buffer = allocate(SIZE, 1);
    FILE *in = lines_open(packed);
    int failed = in ? 0 : errno;
    for (size_t size = SIZE; size == SIZE && !failed;) {
        size = fread(buffer, 1, SIZE, in);
        if (ferror(in) || durable_append(file, buffer, size))
            failed = errno;
    }
    if (in)
        fclose(in);
    free(packed);
    free(buffer);
    errno = failed;
    return failed ? -1 : 0;
}
