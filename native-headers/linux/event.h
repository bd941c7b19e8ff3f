/*
 * Descriptors to wait on: poll(2), epoll(7), eventfd(2), signalfd(2), timerfd_create(2),
 * pidfd_open(2).
 */
#ifndef TRIAD_LINUX_EVENT_H
#define TRIAD_LINUX_EVENT_H

#include "../types.h"

/* --- poll(2) --- */

struct pollfd {
  s32 fd;
  s16 events;
  s16 revents;
};

enum {
  POLLIN = 0x1,
  POLLPRI = 0x2,
  POLLOUT = 0x4,
  POLLERR = 0x8,
  POLLHUP = 0x10,
  POLLNVAL = 0x20,
  POLLRDNORM = 0x40,
  POLLRDBAND = 0x80,
  POLLWRNORM = 0x100,
  POLLWRBAND = 0x200,
  POLLRDHUP = 0x2000,
};

/* --- epoll(7) --- */

/*
 * The one struct whose layout depends on the architecture. x86-64 packs it (12 bytes, data at 4),
 * so that 32-bit programs can share it; everybody else follows the usual alignment (16 bytes, data
 * at 8). Pick one at run time.
 */
struct epoll_event_packed {
  u32 events;
  u64 data;
} __attribute__((packed));

struct epoll_event_natural {
  u32 events;
  u64 data;
};

enum {
  EPOLL_CLOEXEC = 0x80000,
};

enum {
  EPOLL_CTL_ADD = 1,
  EPOLL_CTL_DEL = 2,
  EPOLL_CTL_MOD = 3,
};

enum {
  EPOLLIN = 0x1,
  EPOLLPRI = 0x2,
  EPOLLOUT = 0x4,
  EPOLLERR = 0x8,
  EPOLLHUP = 0x10,
  EPOLLRDNORM = 0x40,
  EPOLLRDBAND = 0x80,
  EPOLLWRNORM = 0x100,
  EPOLLWRBAND = 0x200,
  EPOLLRDHUP = 0x2000,
  EPOLLEXCLUSIVE = 1 << 28,
  EPOLLWAKEUP = 1 << 29,
  EPOLLONESHOT = 1 << 30,
  EPOLLET = 1u << 31,
};

/* --- eventfd(2) --- */

enum {
  EFD_SEMAPHORE = 0x1,
  EFD_NONBLOCK = 0x800,
  EFD_CLOEXEC = 0x80000,
};

/* --- signalfd(2) --- */

struct signalfd_siginfo {
  u32 ssi_signo;
  s32 ssi_errno;
  s32 ssi_code;
  u32 ssi_pid;
  u32 ssi_uid;
  s32 ssi_fd;
  u32 ssi_tid;
  u32 ssi_band;
  u32 ssi_overrun;
  u32 ssi_trapno;
  s32 ssi_status;
  s32 ssi_int;
  u64 ssi_ptr;
  u64 ssi_utime;
  u64 ssi_stime;
  u64 ssi_addr;
  u16 ssi_addr_lsb;
  GAP2 GAP4 GAP32 GAP8
};

enum {
  SFD_NONBLOCK = 0x800,
  SFD_CLOEXEC = 0x80000,
};

/* --- timerfd_create(2), clock_gettime(2) --- */

struct timespec {
  s64 tv_sec;
  s64 tv_nsec;
};

struct itimerspec {
  struct timespec it_interval;
  struct timespec it_value;
};

enum {
  CLOCK_REALTIME = 0,
  CLOCK_MONOTONIC = 1,
  CLOCK_PROCESS_CPUTIME_ID = 2,
  CLOCK_THREAD_CPUTIME_ID = 3,
  CLOCK_BOOTTIME = 7,
  TIMER_ABSTIME = 1,
};

enum {
  TFD_NONBLOCK = 0x800,
  TFD_CLOEXEC = 0x80000,
  TFD_TIMER_ABSTIME = 0x1,
  TFD_TIMER_CANCEL_ON_SET = 0x2,
};

/* --- pidfd_open(2), pidfd_send_signal(2) --- */

enum {
  PIDFD_NONBLOCK = 0x800,
  PIDFD_THREAD = 0x80,
  PIDFD_SIGNAL_THREAD = 1 << 0,
  PIDFD_SIGNAL_THREAD_GROUP = 1 << 1,
  PIDFD_SIGNAL_PROCESS_GROUP = 1 << 2,
};

#endif
