/*
 * Names and addresses: getaddrinfo(3), getnameinfo(3), gai_strerror(3). The error codes are those
 * of the GNU C library.
 */
#ifndef TRIAD_LINUX_NAMES_H
#define TRIAD_LINUX_NAMES_H

#include "../types.h"

struct addrinfo {
  s32 ai_flags;
  s32 ai_family;
  s32 ai_socktype;
  s32 ai_protocol;
  u32 ai_addrlen;
  void *ai_addr;
  void *ai_canonname;
  struct addrinfo *ai_next;
};

enum {
  AI_PASSIVE = 0x1,
  AI_CANONNAME = 0x2,
  AI_NUMERICHOST = 0x4,
  AI_V4MAPPED = 0x8,
  AI_ALL = 0x10,
  AI_ADDRCONFIG = 0x20,
  AI_IDN = 0x40,
  AI_CANONIDN = 0x80,
  AI_NUMERICSERV = 0x400,
};

enum {
  EAI_BADFLAGS = -1,
  EAI_NONAME = -2,
  EAI_AGAIN = -3,
  EAI_FAIL = -4,
  EAI_NODATA = -5,
  EAI_FAMILY = -6,
  EAI_SOCKTYPE = -7,
  EAI_SERVICE = -8,
  EAI_ADDRFAMILY = -9,
  EAI_MEMORY = -10,
  EAI_SYSTEM = -11,
  EAI_OVERFLOW = -12,
  EAI_IDN_ENCODE = -105,
};

enum {
  NI_NUMERICHOST = 1,
  NI_NUMERICSERV = 2,
  NI_NOFQDN = 4,
  NI_NAMEREQD = 8,
  NI_DGRAM = 16,
  NI_IDN = 32,
};

/* Buffer sizes that always suffice, in bytes with the closing zero */
enum {
  NI_MAXHOST = 1025,
  NI_MAXSERV = 32,
};

#endif
