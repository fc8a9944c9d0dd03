/* SPDX-License-Identifier: MIT
 *
 * line.h: how far apart two variables lie that no cache line and no prefetcher shall bring
 * together.
 */
#ifndef LINE_H
#define LINE_H

/* Two 64-byte lines: adjacent-line prefetchers and Apple's 128-byte lines both need it. */
#define LINE_BYTES   128
#define LINE_ALIGNED __attribute__((aligned(LINE_BYTES)))

#endif
