/* SPDX-License-Identifier: MIT
 *
 * reader.h: what the parts of the reader of litmus tests share.
 */
#ifndef READER_H
#define READER_H

#include "oracle/program.h"

enum { READER_LABELS = 64, READER_CELL = 128 };

struct reader {
    const char *path;
    const char *start; /* of the text, without comments */
    const char *at;
    struct program *program;
    struct {
        uint8_t thread, line;
        char name[32];
    } labels[READER_LABELS];
    unsigned label_count;
    struct {
        uint8_t thread, line;
        char name[32];
    } jumps[PROGRAM_THREADS * 16];
    unsigned jump_count;
};

/* Dies with "PATH:LINE: what", the line of reader->at. */
_Noreturn void reader_wrong(const struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The location of this name, made if it is new. */
unsigned reader_location(struct reader *reader, const char *name);

/* A number or an address, "1", "-1", "0x10", "x", "&x"; dies where it is neither. */
uint64_t reader_value(struct reader *reader, const char *text);

/* "X5", "w5", "XZR": the register's number, and the bytes of its view; -1 if it is none. */
int reader_register(const char *name, uint8_t *size);

/* Reads one cell of the program: labels and an instruction. */
void reader_instruction(struct reader *reader, unsigned thread, const char *cell);

/* Reads from `locations' to the end. */
void reader_condition(struct reader *reader);

#endif
