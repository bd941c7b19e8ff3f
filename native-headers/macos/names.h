/*
 * Names and addresses: getaddrinfo(3), getnameinfo(3), gai_strerror(3), getprotoent(3),
 * getservent(3), if_nameindex(3).
 */
#ifndef TRIAD_MACOS_NAMES_H
#define TRIAD_MACOS_NAMES_H

#include "../types.h"

/* Other than on Linux the name comes before the address. */
struct addrinfo {
  s32 ai_flags;
  s32 ai_family;
  s32 ai_socktype;
  s32 ai_protocol;
  u32 ai_addrlen;
  void *ai_canonname;
  void *ai_addr;
  struct addrinfo *ai_next;
};

struct protoent {
  void *p_name;
  void *p_aliases;
  s32 p_proto;
};

/* The port stands in network byte order. */
struct servent {
  void *s_name;
  void *s_aliases;
  s32 s_port;
  void *s_proto;
};

struct if_nameindex {
  u32 if_index;
  void *if_name;
};

enum {
  AI_PASSIVE = 0x1,
  AI_CANONNAME = 0x2,
  AI_NUMERICHOST = 0x4,
  AI_ALL = 0x100,
  AI_V4MAPPED_CFG = 0x200,
  AI_ADDRCONFIG = 0x400,
  AI_V4MAPPED = 0x800,
  AI_NUMERICSERV = 0x1000,
  AI_DEFAULT = 0x600,
  AI_UNUSABLE = 0x10000000,
};

enum {
  EAI_ADDRFAMILY = 1,
  EAI_AGAIN = 2,
  EAI_BADFLAGS = 3,
  EAI_FAIL = 4,
  EAI_FAMILY = 5,
  EAI_MEMORY = 6,
  EAI_NODATA = 7,
  EAI_NONAME = 8,
  EAI_SERVICE = 9,
  EAI_SOCKTYPE = 10,
  EAI_SYSTEM = 11,
  EAI_BADHINTS = 12,
  EAI_PROTOCOL = 13,
  EAI_OVERFLOW = 14,
};

enum {
  NI_NOFQDN = 0x1,
  NI_NUMERICHOST = 0x2,
  NI_NAMEREQD = 0x4,
  NI_NUMERICSERV = 0x8,
  NI_DGRAM = 0x10,
  NI_WITHSCOPEID = 0x20,
  NI_NUMERICSCOPE = 0x100,
};

/* Buffer sizes that always suffice, in bytes with the closing zero */
enum {
  NI_MAXHOST = 1025,
  NI_MAXSERV = 32,
};

#endif
