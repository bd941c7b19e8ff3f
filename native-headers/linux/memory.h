/*
 * Memory and limits: mmap(2), madvise(2), mlock(2), sysconf(3), getrlimit(2), getrusage(2).
 */
#ifndef TRIAD_LINUX_MEMORY_H
#define TRIAD_LINUX_MEMORY_H

#include "../types.h"
#include "socket.h"

enum {
  PROT_NONE = 0,
  PROT_READ = 1,
  PROT_WRITE = 2,
  PROT_EXEC = 4,
};

enum {
  MAP_SHARED = 0x1,
  MAP_PRIVATE = 0x2,
  MAP_FIXED = 0x10,
  MAP_ANONYMOUS = 0x20,
  MAP_LOCKED = 0x2000,
  MAP_NORESERVE = 0x4000,
  MAP_POPULATE = 0x8000,
  MAP_STACK = 0x20000,
  MAP_HUGETLB = 0x40000,
  MAP_FIXED_NOREPLACE = 0x100000,
};

/* The address mmap(2) answers when it fails */
enum {
  MAP_FAILED = -1,
};

enum {
  MADV_NORMAL = 0,
  MADV_RANDOM = 1,
  MADV_SEQUENTIAL = 2,
  MADV_WILLNEED = 3,
  MADV_DONTNEED = 4,
  MADV_FREE = 8,
  MADV_DONTFORK = 10,
  MADV_DOFORK = 11,
  MADV_HUGEPAGE = 14,
  MADV_NOHUGEPAGE = 15,
  MADV_DONTDUMP = 16,
  MADV_POPULATE_READ = 22,
  MADV_POPULATE_WRITE = 23,
};

/* sysconf(3) */
enum {
  _SC_OPEN_MAX = 4,
  _SC_PAGESIZE = 30,
  _SC_IOV_MAX = 60,
  _SC_NPROCESSORS_CONF = 83,
  _SC_NPROCESSORS_ONLN = 84,
};

/* getrlimit(2), prlimit(2) */
struct rlimit {
  u64 rlim_cur;
  u64 rlim_max;
};

enum {
  RLIMIT_CPU = 0,
  RLIMIT_FSIZE = 1,
  RLIMIT_DATA = 2,
  RLIMIT_STACK = 3,
  RLIMIT_CORE = 4,
  RLIMIT_NPROC = 6,
  RLIMIT_NOFILE = 7,
  RLIMIT_MEMLOCK = 8,
  RLIMIT_AS = 9,
};

enum : u64 {
  RLIM_INFINITY = 0xffffffffffffffffull,
};

/* getrusage(2) and the usage that the system call waitid(2) reports */
struct rusage {
  struct timeval ru_utime;
  struct timeval ru_stime;
  s64 ru_maxrss;
  s64 ru_ixrss;
  s64 ru_idrss;
  s64 ru_isrss;
  s64 ru_minflt;
  s64 ru_majflt;
  s64 ru_nswap;
  s64 ru_inblock;
  s64 ru_oublock;
  s64 ru_msgsnd;
  s64 ru_msgrcv;
  s64 ru_nsignals;
  s64 ru_nvcsw;
  s64 ru_nivcsw;
};

enum {
  RUSAGE_SELF = 0,
  RUSAGE_CHILDREN = -1,
  RUSAGE_THREAD = 1,
};

#endif
