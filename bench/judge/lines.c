/* SPDX-License-Identifier: MIT
 *
 * lines.c: zstd under stdio, and the compression of a finished run.
 */
#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "die.h"
#include "samples.h"

enum { LEVEL = 9 };

struct source {
    FILE *file;
    ZSTD_DStream *stream;
    ZSTD_inBuffer in;
    char *buffer;
    size_t pending; /* not 0: a frame is open */
};

static ssize_t source_read(void *cookie, char *data, size_t size) {
    struct source *source = cookie;
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
    struct source *source = cookie;
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
    struct source *source = allocate(1, sizeof *source);
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

static void compress_file(const char *from, const char *to) {
    FILE *in = fopen(from, "re"), *out = fopen(to, "we");
    if (in == NULL || out == NULL)
        die(EXIT_FAILED, "%s: %s", in ? to : from, strerror(errno));
    size_t in_size = ZSTD_CStreamInSize(), out_size = ZSTD_CStreamOutSize(), left = 1;
    char *in_buffer = allocate(in_size, 1), *out_buffer = allocate(out_size, 1);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    for (bool last = false; !last;) {
        ZSTD_inBuffer input = {in_buffer, fread(in_buffer, 1, in_size, in), 0};
        last = input.size < in_size;
        do {
            ZSTD_outBuffer output = {out_buffer, out_size, 0};
            left =
                ZSTD_compressStream2(context, &output, &input, last ? ZSTD_e_end : ZSTD_e_continue);
            if (ZSTD_isError(left))
                die(EXIT_FAILED, "%s: %s", to, ZSTD_getErrorName(left));
            if (fwrite(out_buffer, 1, output.pos, out) != output.pos)
                die(EXIT_FAILED, "%s: %s", to, strerror(errno));
        } while (last ? left != 0 : input.pos != input.size);
    }
    ZSTD_freeCCtx(context);
    if (ferror(in) || fflush(out) || fsync(fileno(out)) || fclose(out))
        die(EXIT_FAILED, "%s: %s", to, strerror(errno));
    fclose(in);
    free(in_buffer);
    free(out_buffer);
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
    return same;
}

void samples_compress(const char *directory) {
    char *plain, *packed, *part;
    if (asprintf(&plain, "%s/samples.jsonl", directory) < 0 ||
        asprintf(&packed, "%s.zst", plain) < 0 || asprintf(&part, "%s.part.zst", plain) < 0)
        die(EXIT_FAILED, "out of memory");
    compress_file(plain, part);
    if (!same_text(plain, part)) {
        unlink(part);
        die(EXIT_FAILED, "%s: reading back gives something else; %s is kept", packed, plain);
    }
    /* The archive's name must be on disk before the original's goes. */
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (rename(part, packed) || folder < 0 || fsync(folder) || unlink(plain))
        die(EXIT_FAILED, "%s: %s", packed, strerror(errno));
    close(folder);
    free(plain);
    free(packed);
    free(part);
}
