/*
 * Socket addresses: SOCKADDR, ws2ipdef.h, afunix.h. Ports and IPv4 addresses stand in network byte
 * order, flow labels too; the family and the scope id in the machine's.
 */
#ifndef TRIAD_WINDOWS_ADDRESS_H
#define TRIAD_WINDOWS_ADDRESS_H

#include "../types.h"

struct sockaddr {
  u16 sa_family;
  u8 sa_data_0;
  GAP1 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2
};

struct sockaddr_in {
  s16 sin_family;
  u16 sin_port;
  u32 sin_addr;
  GAP4 GAP4
};

/* 16 bytes in network order; C knows them as 8 words only: u.Word. */
struct in6_addr {
  u16 opaque_0;
  GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2
};

struct sockaddr_in6 {
  s16 sin6_family;
  u16 sin6_port;
  u32 sin6_flowinfo;
  struct in6_addr sin6_addr;
  u32 sin6_scope_id;
};

/* The path's bytes after the first two. */
#define GAP20 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2
#define SUN_PATH_REST GAP20 GAP20 GAP20 GAP20 GAP20 GAP2 GAP2 GAP2

struct sockaddr_un {
  u16 sun_family;
  u8 sun_path_0;
  GAP1 SUN_PATH_REST
};

/* Value of IP_PKTINFO; unlike on Linux the interface comes last. */
struct in_pktinfo {
  u32 ipi_addr;
  u32 ipi_ifindex;
};

/* Value of IPV6_PKTINFO */
struct in6_pktinfo {
  struct in6_addr ipi6_addr;
  u32 ipi6_ifindex;
};

/* Value of IP_ADD_MEMBERSHIP; an interface may stand for its address as 0.x.x.x. */
struct ip_mreq {
  u32 imr_multiaddr;
  u32 imr_interface;
};

/* Value of IPV6_JOIN_GROUP and IPV6_LEAVE_GROUP */
struct ipv6_mreq {
  struct in6_addr ipv6mr_multiaddr;
  u32 ipv6mr_interface;
};

#endif
