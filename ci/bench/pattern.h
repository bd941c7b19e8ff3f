/*
 * The bytes that the stream servers send over and over, in every language the same: byte i of the
 * chunk is the low byte of i * 31 + (i >> 8) * 17.
 */
#ifndef BENCH_PATTERN_H
#define BENCH_PATTERN_H

enum { CHUNK_BYTES = 64 * 1024 };

static unsigned char pattern[CHUNK_BYTES];

static inline void make_pattern(void) {
  for (unsigned i = 0; i < CHUNK_BYTES; i++) {
    pattern[i] = (unsigned char)(i * 31 + (i >> 8) * 17);
  }
}

#endif
