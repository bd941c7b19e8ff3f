/*
 * Socket addresses: sockaddr(3type), ip(7), ipv6(7), unix(7). Ports and IPv4 addresses stand in
 * network byte order, flow labels too; the family and the scope id in the machine's.
 */
#ifndef TRIAD_LINUX_ADDRESS_H
#define TRIAD_LINUX_ADDRESS_H

#include "../types.h"

struct sockaddr {
  u16 sa_family;
  u8 sa_data_0;
  GAP1 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2
};

struct sockaddr_in {
  u16 sin_family;
  u16 sin_port;
  u32 sin_addr;
  GAP4 GAP4
};

/* 16 bytes in network order; s6_addr32_0 is s6_addr32[0]. */
struct in6_addr {
  u32 s6_addr32_0;
  u32 s6_addr32_1;
  u32 s6_addr32_2;
  u32 s6_addr32_3;
};

struct sockaddr_in6 {
  u16 sin6_family;
  u16 sin6_port;
  u32 sin6_flowinfo;
  struct in6_addr sin6_addr;
  u32 sin6_scope_id;
};

/* The path's bytes after the first two. */
#define GAP20 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2 GAP2
#define SUN_PATH_REST GAP20 GAP20 GAP20 GAP20 GAP20 GAP2 GAP2 GAP2

/* A path, an abstract name (first byte 0) or nothing at all; the length decides: unix(7) */
struct sockaddr_un {
  u16 sun_family;
  u8 sun_path_0;
  GAP1 SUN_PATH_REST
};

/* Room for any address, aligned for all of them. */
struct sockaddr_storage {
  u16 ss_family;
  GAP2 GAP4
  u64 opaque_aligned;
  GAP64 GAP32 GAP16
};

/* Values of MCAST_JOIN_GROUP and MCAST_JOIN_SOURCE_GROUP, and of their opposites */
struct group_req {
  u32 gr_interface;
  GAP4
  struct sockaddr_storage gr_group;
};

struct group_source_req {
  u32 gsr_interface;
  GAP4
  struct sockaddr_storage gsr_group;
  struct sockaddr_storage gsr_source;
};

/* Value of IP_PKTINFO */
struct in_pktinfo {
  s32 ipi_ifindex;
  u32 ipi_spec_dst;
  u32 ipi_addr;
};

/* Value of IPV6_PKTINFO */
struct in6_pktinfo {
  struct in6_addr ipi6_addr;
  u32 ipi6_ifindex;
};

/* Value of IP_ADD_MEMBERSHIP and IP_MULTICAST_IF */
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

/* What MSG_ERRQUEUE answers, followed by the address of the node that reported: ip(7) */
struct sock_extended_err {
  u32 ee_errno;
  u8 ee_origin;
  u8 ee_type;
  u8 ee_code;
  u8 ee_pad;
  u32 ee_info;
  u32 ee_data;
};

enum {
  SO_EE_ORIGIN_NONE = 0,
  SO_EE_ORIGIN_LOCAL = 1,
  SO_EE_ORIGIN_ICMP = 2,
  SO_EE_ORIGIN_ICMP6 = 3,
  SO_EE_ORIGIN_ZEROCOPY = 5,
};

#endif
