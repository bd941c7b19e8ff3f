/*
 * Names and addresses: GetAddrInfoW, GetNameInfoW, getprotobyname, getservbyname,
 * GetAdaptersAddresses. The error codes EAI_* are error numbers of sockets.
 */
#ifndef TRIAD_WINDOWS_NAMES_H
#define TRIAD_WINDOWS_NAMES_H

#include "../types.h"

typedef struct {
  s32 ai_flags;
  s32 ai_family;
  s32 ai_socktype;
  s32 ai_protocol;
  u64 ai_addrlen;
  void *ai_canonname;
  struct sockaddr *ai_addr;
  void *ai_next;
} ADDRINFOW;

enum {
  AI_PASSIVE = 0x1,
  AI_CANONNAME = 0x2,
  AI_NUMERICHOST = 0x4,
  AI_NUMERICSERV = 0x8,
  AI_ALL = 0x100,
  AI_ADDRCONFIG = 0x400,
  AI_V4MAPPED = 0x800,
  AI_NON_AUTHORITATIVE = 0x4000,
  AI_SECURE = 0x8000,
  AI_RETURN_PREFERRED_NAMES = 0x10000,
  AI_FQDN = 0x20000,
  AI_FILESERVER = 0x40000,
  AI_DISABLE_IDN_ENCODING = 0x80000,
};

enum {
  EAI_MEMORY = 8,
  EAI_BADFLAGS = 10022,
  EAI_SOCKTYPE = 10044,
  EAI_FAMILY = 10047,
  EAI_SERVICE = 10109,
  EAI_NONAME = 11001,
  EAI_AGAIN = 11002,
  EAI_FAIL = 11003,
  EAI_NODATA = 11004,
};

enum {
  NI_NOFQDN = 0x1,
  NI_NUMERICHOST = 0x2,
  NI_NAMEREQD = 0x4,
  NI_NUMERICSERV = 0x8,
  NI_DGRAM = 0x10,
};

/* Buffer sizes that always suffice, in characters with the closing zero */
enum {
  NI_MAXHOST = 1025,
  NI_MAXSERV = 32,
};

/* getprotobyname */
struct protoent {
  void *p_name;
  void *p_aliases;
  s16 p_proto;
};

/* getservbyname; the port is in network order. */
struct servent {
  void *s_name;
  void *s_aliases;
  void *s_proto;
  s16 s_port;
};

/* GetAdaptersAddresses */
enum {
  GAA_FLAG_SKIP_UNICAST = 0x1,
  GAA_FLAG_SKIP_ANYCAST = 0x2,
  GAA_FLAG_SKIP_MULTICAST = 0x4,
  GAA_FLAG_SKIP_DNS_SERVER = 0x8,
  GAA_FLAG_SKIP_FRIENDLY_NAME = 0x20,
};

/* The first members of a longer struct, which Windows lays out. */
typedef struct {
  u32 Length;
  u32 IfIndex;
  void *Next;
  void *AdapterName;
  void *FirstUnicastAddress;
  void *FirstAnycastAddress;
  void *FirstMulticastAddress;
  void *FirstDnsServerAddress;
  void *DnsSuffix;
  void *Description;
  void *FriendlyName;
  u8 PhysicalAddress_0;
  GAP1 GAP2 GAP4
  u32 PhysicalAddressLength;
  u32 Flags;
  u32 Mtu;
  u32 IfType;
  u32 OperStatus;
  u32 Ipv6IfIndex;
  GAP64
  void *FirstPrefix;
  GAP64 GAP64 GAP64 GAP64 GAP8
} IP_ADAPTER_ADDRESSES;

enum {
  NDIS_IF_MAX_STRING_SIZE = 256,
  ComputerNameDnsHostname = 1,
};

#endif
