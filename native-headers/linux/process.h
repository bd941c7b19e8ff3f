/*
 * Child processes: posix_spawn(3), posix_spawnattr_init(3p), waitid(2), wait(2), prctl(2). The
 * attribute objects are opaque: only their size is known here, as the GNU C library has it.
 */
#ifndef TRIAD_LINUX_PROCESS_H
#define TRIAD_LINUX_PROCESS_H

#include "../types.h"

typedef struct {
  u64 opaque;
  GAP64 GAP64 GAP64 GAP64 GAP64 GAP8
} posix_spawnattr_t;

typedef struct {
  u64 opaque;
  GAP64 GAP8
} posix_spawn_file_actions_t;

enum {
  POSIX_SPAWN_RESETIDS = 0x1,
  POSIX_SPAWN_SETPGROUP = 0x2,
  POSIX_SPAWN_SETSIGDEF = 0x4,
  POSIX_SPAWN_SETSIGMASK = 0x8,
  POSIX_SPAWN_SETSCHEDPARAM = 0x10,
  POSIX_SPAWN_SETSCHEDULER = 0x20,
  POSIX_SPAWN_SETSID = 0x80,
};

/* What to wait for: waitid(2) */
enum {
  P_ALL = 0,
  P_PID = 1,
  P_PGID = 2,
  P_PIDFD = 3,
};

enum {
  WNOHANG = 0x1,
  WUNTRACED = 0x2,
  WSTOPPED = 0x2,
  WEXITED = 0x4,
  WCONTINUED = 0x8,
  WNOWAIT = 0x1000000,
};

/* siginfo_t.si_code of a child's change of state: waitid(2) */
enum {
  CLD_EXITED = 1,
  CLD_KILLED = 2,
  CLD_DUMPED = 3,
  CLD_TRAPPED = 4,
  CLD_STOPPED = 5,
  CLD_CONTINUED = 6,
};

/* prctl(2) */
enum {
  PR_SET_PDEATHSIG = 1,
  PR_SET_CHILD_SUBREAPER = 36,
};

#endif
