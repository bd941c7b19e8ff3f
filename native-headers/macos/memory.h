/*
 * Memory and limits: mmap(2), getrlimit(2).
 */
#ifndef TRIAD_MACOS_MEMORY_H
#define TRIAD_MACOS_MEMORY_H

#include "../types.h"

enum {
  PROT_NONE = 0x0,
  PROT_READ = 0x1,
  PROT_WRITE = 0x2,
};

enum {
  MAP_SHARED = 0x1,
  MAP_PRIVATE = 0x2,
  MAP_ANON = 0x1000,
};

/* RLIM_INFINITY is the largest s64, other than on Linux. */
struct rlimit {
  u64 rlim_cur;
  u64 rlim_max;
};

enum {
  RLIMIT_MEMLOCK = 6,
  RLIMIT_NOFILE = 8,
};

#endif
