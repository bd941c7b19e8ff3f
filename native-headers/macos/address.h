/*
 * Socket addresses: ip(4), ip6(4), unix(4). All begin with their length in a byte and the family in
 * another; the kernel does not look at the length of what it is given, and sets it in what it gives.
 * Ports and IPv4 addresses stand in network byte order, flow labels too; the scope id in the
 * machine's.
 */
#ifndef TRIAD_MACOS_ADDRESS_H
#define TRIAD_MACOS_ADDRESS_H

#include "../types.h"

struct sockaddr {
  u8 sa_len;
  u8 sa_family;
  u8 sa_data_0;
  GAP1 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2
};

struct sockaddr_in {
  u8 sin_len;
  u8 sin_family;
  u16 sin_port;
  u32 sin_addr;
  GAP4 GAP4
};

/* 16 bytes in network order. */
struct in6_addr {
  u32 opaque_aligned;
  GAP4 GAP4 GAP4
};

struct sockaddr_in6 {
  u8 sin6_len;
  u8 sin6_family;
  u16 sin6_port;
  u32 sin6_flowinfo;
  struct in6_addr sin6_addr;
  u32 sin6_scope_id;
};

/* The path's bytes after the first. */
#define GAP20 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2
#define SUN_PATH_REST GAP20 GAP20 GAP20 GAP20 GAP20 GAP2

/* A path or nothing at all; there are no abstract names: unix(4) */
struct sockaddr_un {
  u8 sun_len;
  u8 sun_family;
  u8 sun_path_0;
  GAP1 SUN_PATH_REST
};

/* Room for any address, aligned for all of them. */
struct sockaddr_storage {
  u8 ss_len;
  u8 ss_family;
  GAP2 GAP4
  u64 opaque_aligned;
  GAP64 GAP32 GAP16
};

/* Value of IP_PKTINFO */
struct in_pktinfo {
  u32 ipi_ifindex;
  u32 ipi_spec_dst;
  u32 ipi_addr;
};

/* Value of IPV6_PKTINFO */
struct in6_pktinfo {
  struct in6_addr ipi6_addr;
  u32 ipi6_ifindex;
};

/* Values of IP_ADD_MEMBERSHIP and IP_MULTICAST_IF */
struct ip_mreq {
  u32 imr_multiaddr;
  u32 imr_interface;
};

struct ip_mreqn {
  u32 imr_multiaddr;
  u32 imr_address;
  s32 imr_ifindex;
};

/* Value of IPV6_JOIN_GROUP and IPV6_LEAVE_GROUP */
struct ipv6_mreq {
  struct in6_addr ipv6mr_multiaddr;
  u32 ipv6mr_interface;
};

/*
 * Values of MCAST_JOIN_GROUP and MCAST_JOIN_SOURCE_GROUP, and of their opposites. Packed to 4, other
 * than elsewhere, so the addresses, 128 bytes each, begin at 4 and 132; here they are bytes, because
 * jextract cannot pack a struct that is part of another.
 */
#define GAP124 GAP4 GAP4 GAP4 GAP8 GAP16 GAP16 GAP16 GAP16 GAP16 GAP16 GAP8
#pragma pack(4)
struct group_req {
  u32 gr_interface;
  struct {
    u32 opaque_aligned;
    GAP124
  } gr_group;
};

struct group_source_req {
  u32 gsr_interface;
  struct {
    u32 opaque_aligned;
    GAP124
  } gsr_group;
  struct {
    u32 opaque_aligned;
    GAP124
  } gsr_source;
};
#pragma pack()

#endif
