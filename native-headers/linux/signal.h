/*
 * Signals: signal(7), sigaction(2), sigprocmask(2), sigsetops(3), kill(2).
 */
#ifndef TRIAD_LINUX_SIGNAL_H
#define TRIAD_LINUX_SIGNAL_H

#include "../types.h"

/*
 * A set of signals as the C library has it: 1024 bits, signal n is bit n - 1. The kernel reads the
 * first 8 bytes only and wants to be told that size.
 */
typedef struct {
  u64 __val_0;
  GAP64 GAP32 GAP16 GAP8
} sigset_t;

/*
 * What is known of a signal or of a child's change of state: sigaction(2), waitid(2). The C library
 * overlays many variants; these are the fields of kill, sigqueue and SIGCHLD.
 */
typedef struct {
  s32 si_signo;
  s32 si_errno;
  s32 si_code;
  GAP4
  s32 si_pid;
  u32 si_uid;
  union {
    s32 si_status;
    u64 si_value;
  };
  s64 si_utime;
  s64 si_stime;
  GAP64 GAP16
} siginfo_t;

enum {
  SIGHUP = 1,
  SIGINT = 2,
  SIGQUIT = 3,
  SIGILL = 4,
  SIGTRAP = 5,
  SIGABRT = 6,
  SIGBUS = 7,
  SIGFPE = 8,
  SIGKILL = 9,
  SIGUSR1 = 10,
  SIGSEGV = 11,
  SIGUSR2 = 12,
  SIGPIPE = 13,
  SIGALRM = 14,
  SIGTERM = 15,
  SIGSTKFLT = 16,
  SIGCHLD = 17,
  SIGCONT = 18,
  SIGSTOP = 19,
  SIGTSTP = 20,
  SIGTTIN = 21,
  SIGTTOU = 22,
  SIGURG = 23,
  SIGXCPU = 24,
  SIGXFSZ = 25,
  SIGVTALRM = 26,
  SIGPROF = 27,
  SIGWINCH = 28,
  SIGIO = 29,
  SIGPWR = 30,
  SIGSYS = 31,
  _NSIG = 65,
};

/* sigprocmask(2), pthread_sigmask(3) */
enum {
  SIG_BLOCK = 0,
  SIG_UNBLOCK = 1,
  SIG_SETMASK = 2,
};

/* Special values of a handler's address: sigaction(2) */
enum {
  SIG_DFL = 0,
  SIG_IGN = 1,
  SIG_ERR = -1,
};

/* siginfo_t.si_code: who sent it */
enum {
  SI_USER = 0,
  SI_KERNEL = 0x80,
  SI_QUEUE = -1,
  SI_TIMER = -2,
  SI_TKILL = -6,
};

#endif
