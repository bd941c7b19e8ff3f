/*
 * Messages whose every byte depends on the connection and on the message's number: windows into
 * one table of random bytes. They are sent from the table and compared with it, so that
 * making and checking them costs next to nothing, and an echo of another message, another
 * connection or another place in the stream differs.
 */
#ifndef BENCH_MESSAGE_H
#define BENCH_MESSAGE_H

#include <stdint.h>

enum { MESSAGE_STARTS = 16384, LARGEST_MESSAGE = 1 << 20 };

static char message_bytes[MESSAGE_STARTS + LARGEST_MESSAGE];

static inline void make_messages(void) {
  uint64_t state = 0x9e3779b97f4a7c15u;
  for (unsigned i = 0; i < sizeof message_bytes; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    message_bytes[i] = (char)(state >> 32);
  }
}

static inline const char *message(unsigned connection, uint64_t number) {
  return message_bytes + (connection * 7919u + number * 131u) % MESSAGE_STARTS;
}

#endif
