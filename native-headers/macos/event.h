/*
 * Events to wait for: kqueue(2), poll(2).
 */
#ifndef TRIAD_MACOS_EVENT_H
#define TRIAD_MACOS_EVENT_H

#include "../types.h"

/* --- kqueue(2) --- */

/* 32 bytes. Packed to 4, which moves no member and makes an array of them need no alignment of 8. */
#pragma pack(4)
struct kevent {
  u64 ident;
  s16 filter;
  u16 flags;
  u32 fflags;
  s64 data;
  void *udata;
};
#pragma pack()

struct timespec {
  s64 tv_sec;
  s64 tv_nsec;
};

enum {
  EVFILT_READ = -1,
  EVFILT_WRITE = -2,
  EVFILT_AIO = -3,
  EVFILT_VNODE = -4,
  EVFILT_PROC = -5,
  EVFILT_SIGNAL = -6,
  EVFILT_TIMER = -7,
  EVFILT_MACHPORT = -8,
  EVFILT_FS = -9,
  EVFILT_USER = -10,
  EVFILT_VM = -12,
  EVFILT_EXCEPT = -15,
};

/* What is asked for */
enum {
  EV_ADD = 0x1,
  EV_DELETE = 0x2,
  EV_ENABLE = 0x4,
  EV_DISABLE = 0x8,
  EV_ONESHOT = 0x10,
  EV_CLEAR = 0x20,
  EV_RECEIPT = 0x40,
  EV_DISPATCH = 0x80,
  EV_UDATA_SPECIFIC = 0x100,
};

/* What is answered */
enum {
  EV_VANISHED = 0x200,
  EV_FLAG0 = 0x1000,
  EV_FLAG1 = 0x2000,
  EV_ERROR = 0x4000,
  EV_EOF = 0x8000,
};

/* fflags of EVFILT_USER */
enum {
  NOTE_TRIGGER = 0x1000000,
};

/* fflags of EVFILT_READ and EVFILT_WRITE, and of EVFILT_EXCEPT */
enum {
  NOTE_LOWAT = 0x1,
  NOTE_OOB = 0x2,
};

/* fflags of EVFILT_VNODE */
enum {
  NOTE_DELETE = 0x1,
  NOTE_WRITE = 0x2,
  NOTE_EXTEND = 0x4,
  NOTE_ATTRIB = 0x8,
  NOTE_LINK = 0x10,
  NOTE_RENAME = 0x20,
  NOTE_REVOKE = 0x40,
  NOTE_FUNLOCK = 0x100,
};

/* fflags of EVFILT_PROC */
enum {
  NOTE_EXIT = 0x80000000,
  NOTE_FORK = 0x40000000,
  NOTE_EXEC = 0x20000000,
  NOTE_SIGNAL = 0x8000000,
  NOTE_EXITSTATUS = 0x4000000,
};

/* fflags of EVFILT_TIMER */
enum {
  NOTE_SECONDS = 0x1,
  NOTE_USECONDS = 0x2,
  NOTE_NSECONDS = 0x4,
  NOTE_ABSOLUTE = 0x8,
};

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
  POLLWRNORM = 0x4,
  POLLWRBAND = 0x100,
};

#endif
