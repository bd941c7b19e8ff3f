/*
 * Descriptors: fcntl(2), open(2).
 */
#ifndef TRIAD_MACOS_FILE_H
#define TRIAD_MACOS_FILE_H

#include "../types.h"

enum {
  F_DUPFD = 0,
  F_GETFD = 1,
  F_SETFD = 2,
  F_GETFL = 3,
  F_SETFL = 4,
  F_GETPATH = 50,
  F_FULLFSYNC = 51,
  F_DUPFD_CLOEXEC = 67,
  F_SETNOSIGPIPE = 73,
  F_GETNOSIGPIPE = 74,
  F_BARRIERFSYNC = 85,
};

enum {
  FD_CLOEXEC = 1,
};

enum {
  O_RDONLY = 0x0,
  O_WRONLY = 0x1,
  O_RDWR = 0x2,
  O_NONBLOCK = 0x4,
  O_APPEND = 0x8,
  O_NOFOLLOW = 0x100,
  O_CREAT = 0x200,
  O_TRUNC = 0x400,
  O_EXCL = 0x800,
  O_EVTONLY = 0x8000,
  O_NOCTTY = 0x20000,
  O_DIRECTORY = 0x100000,
  O_CLOEXEC = 0x1000000,
};

#endif
