/*
 * Sockets, their options and messages: socket(2), getsockopt(2), ip(4), ip6(4), tcp(4), unix(4),
 * send(2), recv(2), sendfile(2).
 */
#ifndef TRIAD_MACOS_SOCKET_H
#define TRIAD_MACOS_SOCKET_H

#include "../types.h"

/* Address families, which are also protocol families. */
enum {
  AF_UNSPEC = 0,
  AF_UNIX = 1,
  AF_INET = 2,
  AF_ROUTE = 17,
  AF_LINK = 18,
  AF_INET6 = 30,
  AF_SYSTEM = 32,
  AF_VSOCK = 40,
};

/* There are no SOCK_NONBLOCK and SOCK_CLOEXEC. */
enum {
  SOCK_STREAM = 1,
  SOCK_DGRAM = 2,
  SOCK_RAW = 3,
  SOCK_SEQPACKET = 5,
};

enum {
  IPPROTO_IP = 0,
  IPPROTO_ICMP = 1,
  IPPROTO_TCP = 6,
  IPPROTO_UDP = 17,
  IPPROTO_IPV6 = 41,
  IPPROTO_ICMPV6 = 58,
  IPPROTO_RAW = 255,
};

/* Option levels; the others equal the protocol's number. */
enum {
  SOL_LOCAL = 0,
  SOL_SOCKET = 0xffff,
};

/* Level SOL_SOCKET: getsockopt(2) */
enum {
  SO_DEBUG = 0x1,
  SO_ACCEPTCONN = 0x2,
  SO_REUSEADDR = 0x4,
  SO_KEEPALIVE = 0x8,
  SO_DONTROUTE = 0x10,
  SO_BROADCAST = 0x20,
  SO_USELOOPBACK = 0x40,
  SO_LINGER = 0x80, /* in ticks of the clock, other than everywhere else; see SO_LINGER_SEC */
  SO_OOBINLINE = 0x100,
  SO_REUSEPORT = 0x200,
  SO_TIMESTAMP = 0x400,
  SO_TIMESTAMP_MONOTONIC = 0x800,
  SO_DONTTRUNC = 0x2000,
  SO_WANTMORE = 0x4000,
  SO_WANTOOBFLAG = 0x8000,
  SO_SNDBUF = 0x1001,
  SO_RCVBUF = 0x1002,
  SO_SNDLOWAT = 0x1003,
  SO_RCVLOWAT = 0x1004,
  SO_SNDTIMEO = 0x1005,
  SO_RCVTIMEO = 0x1006,
  SO_ERROR = 0x1007,
  SO_TYPE = 0x1008,
  SO_NREAD = 0x1020,
  SO_NOSIGPIPE = 0x1022,
  SO_NOADDRERR = 0x1023,
  SO_NWRITE = 0x1024,
  SO_REUSESHAREUID = 0x1025,
  SO_LINGER_SEC = 0x1080,
  SO_RANDOMPORT = 0x1082,
  SO_NP_EXTENSIONS = 0x1083,
  SO_NUMRCVPKT = 0x1112,
  SO_NET_SERVICE_TYPE = 0x1116,
};

/* Level SOL_LOCAL: unix(4) */
enum {
  LOCAL_PEERCRED = 0x1,
  LOCAL_PEERPID = 0x2,
  LOCAL_PEEREPID = 0x3,
  LOCAL_PEERUUID = 0x4,
  LOCAL_PEEREUUID = 0x5,
  LOCAL_PEERTOKEN = 0x6,
};

/* Level IPPROTO_TCP: tcp(4) */
enum {
  TCP_NODELAY = 0x1,
  TCP_MAXSEG = 0x2,
  TCP_NOPUSH = 0x4,
  TCP_NOOPT = 0x8,
  TCP_KEEPALIVE = 0x10,
  TCP_CONNECTIONTIMEOUT = 0x20,
  TCP_RXT_CONNDROPTIME = 0x80,
  TCP_RXT_FINDROP = 0x100,
  TCP_KEEPINTVL = 0x101,
  TCP_KEEPCNT = 0x102,
  TCP_SENDMOREACKS = 0x103,
  TCP_ENABLE_ECN = 0x104,
  TCP_FASTOPEN = 0x105,
  TCP_CONNECTION_INFO = 0x106,
  TCP_NOTSENT_LOWAT = 0x201,
};

/* Level IPPROTO_IP: ip(4) */
enum {
  IP_OPTIONS = 1,
  IP_HDRINCL = 2,
  IP_TOS = 3,
  IP_TTL = 4,
  IP_RECVOPTS = 5,
  IP_RECVRETOPTS = 6,
  IP_RECVDSTADDR = 7,
  IP_RETOPTS = 8,
  IP_MULTICAST_IF = 9,
  IP_MULTICAST_TTL = 10,
  IP_MULTICAST_LOOP = 11,
  IP_ADD_MEMBERSHIP = 12,
  IP_DROP_MEMBERSHIP = 13,
  IP_PORTRANGE = 19,
  IP_RECVIF = 20,
  IP_RECVTTL = 24,
  IP_BOUND_IF = 25,
  IP_PKTINFO = 26,
  IP_RECVPKTINFO = 26,
  IP_RECVTOS = 27,
  IP_DONTFRAG = 28,
  IP_MULTICAST_IFINDEX = 66,
  IP_ADD_SOURCE_MEMBERSHIP = 70,
  IP_DROP_SOURCE_MEMBERSHIP = 71,
  IP_BLOCK_SOURCE = 72,
  IP_UNBLOCK_SOURCE = 73,
};

/* Levels IPPROTO_IP and IPPROTO_IPV6: RFC 3678 */
enum {
  MCAST_JOIN_GROUP = 80,
  MCAST_LEAVE_GROUP = 81,
  MCAST_JOIN_SOURCE_GROUP = 82,
  MCAST_LEAVE_SOURCE_GROUP = 83,
  MCAST_BLOCK_SOURCE = 84,
  MCAST_UNBLOCK_SOURCE = 85,
};

/*
 * Level IPPROTO_IPV6: ip6(4). IPV6_PKTINFO and IPV6_HOPLIMIT have two numbers each; these are the ones
 * of RFC 3542, for which the system's headers want __APPLE_USE_RFC_3542.
 */
enum {
  IPV6_UNICAST_HOPS = 4,
  IPV6_MULTICAST_IF = 9,
  IPV6_MULTICAST_HOPS = 10,
  IPV6_MULTICAST_LOOP = 11,
  IPV6_JOIN_GROUP = 12,
  IPV6_LEAVE_GROUP = 13,
  IPV6_PORTRANGE = 14,
  IPV6_CHECKSUM = 26,
  IPV6_V6ONLY = 27,
  IPV6_RECVTCLASS = 35,
  IPV6_TCLASS = 36,
  IPV6_RECVHOPLIMIT = 37,
  IPV6_PKTINFO = 46,
  IPV6_HOPLIMIT = 47,
  IPV6_RECVPKTINFO = 61,
  IPV6_DONTFRAG = 62,
  IPV6_BOUND_IF = 125,
};

/* Flags of send and receive: send(2), recv(2). MSG_NOSIGNAL is missing before macOS 15. */
enum {
  MSG_OOB = 0x1,
  MSG_PEEK = 0x2,
  MSG_DONTROUTE = 0x4,
  MSG_EOR = 0x8,
  MSG_TRUNC = 0x10,
  MSG_CTRUNC = 0x20,
  MSG_WAITALL = 0x40,
  MSG_DONTWAIT = 0x80,
  MSG_EOF = 0x100,
  MSG_NEEDSA = 0x10000,
};

/* shutdown(2) */
enum {
  SHUT_RD = 0,
  SHUT_WR = 1,
  SHUT_RDWR = 2,
};

/* Control messages of level SOL_SOCKET: unix(4), getsockopt(2) */
enum {
  SCM_RIGHTS = 1,
  SCM_TIMESTAMP = 2,
  SCM_CREDS = 3,
  SCM_TIMESTAMP_MONOTONIC = 4,
};

/* Largest backlog a system has unless kern.ipc.somaxconn says otherwise: listen(2) */
enum {
  SOMAXCONN = 128,
};

struct iovec {
  void *iov_base;
  u64 iov_len;
};

struct msghdr {
  void *msg_name;
  u32 msg_namelen;
  struct iovec *msg_iov;
  s32 msg_iovlen;
  void *msg_control;
  u32 msg_controllen;
  s32 msg_flags;
};

/* Header of one control message, 12 bytes; its data follows, and the next one is aligned to 4. */
struct cmsghdr {
  u32 cmsg_len;
  s32 cmsg_level;
  s32 cmsg_type;
};

/* Value of SO_LINGER and SO_LINGER_SEC. */
struct linger {
  s32 l_onoff;
  s32 l_linger;
};

/* Value of SO_RCVTIMEO and SO_SNDTIMEO. */
struct timeval {
  s64 tv_sec;
  s32 tv_usec;
};

/* Value of LOCAL_PEERCRED; then 15 more groups. */
struct xucred {
  u32 cr_version;
  u32 cr_uid;
  s16 cr_ngroups;
  u32 cr_groups_0;
  WORDS15
};

/* What sendfile(2) sends before and after a file. */
struct sf_hdtr {
  struct iovec *headers;
  s32 hdr_cnt;
  struct iovec *trailers;
  s32 trl_cnt;
};

#endif
