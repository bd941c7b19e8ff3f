/*
 * Sockets, their options and messages: socket(2), socket(7), ip(7), ipv6(7), tcp(7), udp(7),
 * unix(7), send(2), recv(2), cmsg(3).
 */
#ifndef TRIAD_LINUX_SOCKET_H
#define TRIAD_LINUX_SOCKET_H

#include "../types.h"

/* Address families, which are also protocol families. */
enum {
  AF_UNSPEC = 0,
  AF_UNIX = 1,
  AF_INET = 2,
  AF_INET6 = 10,
  AF_NETLINK = 16,
  AF_PACKET = 17,
  AF_VSOCK = 40,
};

enum {
  SOCK_STREAM = 1,
  SOCK_DGRAM = 2,
  SOCK_RAW = 3,
  SOCK_SEQPACKET = 5,
  SOCK_NONBLOCK = 0x800,
  SOCK_CLOEXEC = 0x80000,
};

enum {
  IPPROTO_IP = 0,
  IPPROTO_ICMP = 1,
  IPPROTO_TCP = 6,
  IPPROTO_UDP = 17,
  IPPROTO_IPV6 = 41,
  IPPROTO_ICMPV6 = 58,
  IPPROTO_SCTP = 132,
  IPPROTO_UDPLITE = 136,
  IPPROTO_RAW = 255,
  IPPROTO_MPTCP = 262,
};

/* Option levels; SOL_SOCKET aside they equal the protocol's number. */
enum {
  SOL_IP = 0,
  SOL_SOCKET = 1,
  SOL_TCP = 6,
  SOL_UDP = 17,
  SOL_IPV6 = 41,
};

/* Level SOL_SOCKET: socket(7) */
enum {
  SO_DEBUG = 1,
  SO_REUSEADDR = 2,
  SO_TYPE = 3,
  SO_ERROR = 4,
  SO_DONTROUTE = 5,
  SO_BROADCAST = 6,
  SO_SNDBUF = 7,
  SO_RCVBUF = 8,
  SO_KEEPALIVE = 9,
  SO_OOBINLINE = 10,
  SO_PRIORITY = 12,
  SO_LINGER = 13,
  SO_REUSEPORT = 15,
  SO_PASSCRED = 16,
  SO_PEERCRED = 17,
  SO_RCVLOWAT = 18,
  SO_SNDLOWAT = 19,
  SO_RCVTIMEO = 20,
  SO_SNDTIMEO = 21,
  SO_BINDTODEVICE = 25,
  SO_TIMESTAMP = 29,
  SO_ACCEPTCONN = 30,
  SO_PEERSEC = 31,
  SO_SNDBUFFORCE = 32,
  SO_RCVBUFFORCE = 33,
  SO_TIMESTAMPNS = 35,
  SO_MARK = 36,
  SO_TIMESTAMPING = 37,
  SO_PROTOCOL = 38,
  SO_DOMAIN = 39,
  SO_RXQ_OVFL = 40,
  SO_PEEK_OFF = 42,
  SO_LOCK_FILTER = 44,
  SO_BUSY_POLL = 46,
  SO_MAX_PACING_RATE = 47,
  SO_INCOMING_CPU = 49,
  SO_ATTACH_REUSEPORT_CBPF = 51,
  SO_INCOMING_NAPI_ID = 56,
  SO_COOKIE = 57,
  SO_PEERGROUPS = 59,
  SO_ZEROCOPY = 60,
  SO_TXTIME = 61,
  SO_BINDTOIFINDEX = 62,
  SO_PREFER_BUSY_POLL = 69,
  SO_BUSY_POLL_BUDGET = 70,
  SO_RCVMARK = 75,
  SO_PASSPIDFD = 76,
  SO_PEERPIDFD = 77,
};

/* Level IPPROTO_TCP: tcp(7) */
enum {
  TCP_NODELAY = 1,
  TCP_MAXSEG = 2,
  TCP_CORK = 3,
  TCP_KEEPIDLE = 4,
  TCP_KEEPINTVL = 5,
  TCP_KEEPCNT = 6,
  TCP_SYNCNT = 7,
  TCP_LINGER2 = 8,
  TCP_DEFER_ACCEPT = 9,
  TCP_WINDOW_CLAMP = 10,
  TCP_INFO = 11,
  TCP_QUICKACK = 12,
  TCP_CONGESTION = 13,
  TCP_MD5SIG = 14,
  TCP_THIN_LINEAR_TIMEOUTS = 16,
  TCP_USER_TIMEOUT = 18,
  TCP_FASTOPEN = 23,
  TCP_TIMESTAMP = 24,
  TCP_NOTSENT_LOWAT = 25,
  TCP_CC_INFO = 26,
  TCP_SAVE_SYN = 27,
  TCP_SAVED_SYN = 28,
  TCP_FASTOPEN_CONNECT = 30,
  TCP_ULP = 31,
  TCP_INQ = 36,
  TCP_TX_DELAY = 37,
};

/* Level IPPROTO_UDP: udp(7) */
enum {
  UDP_CORK = 1,
  UDP_SEGMENT = 103,
  UDP_GRO = 104,
};

/* Level IPPROTO_IP: ip(7) */
enum {
  IP_TOS = 1,
  IP_TTL = 2,
  IP_HDRINCL = 3,
  IP_OPTIONS = 4,
  IP_RECVOPTS = 6,
  IP_RETOPTS = 7,
  IP_PKTINFO = 8,
  IP_MTU_DISCOVER = 10,
  IP_RECVERR = 11,
  IP_RECVTTL = 12,
  IP_RECVTOS = 13,
  IP_MTU = 14,
  IP_FREEBIND = 15,
  IP_TRANSPARENT = 19,
  IP_RECVORIGDSTADDR = 20,
  IP_MINTTL = 21,
  IP_BIND_ADDRESS_NO_PORT = 24,
  IP_MULTICAST_IF = 32,
  IP_MULTICAST_TTL = 33,
  IP_MULTICAST_LOOP = 34,
  IP_ADD_MEMBERSHIP = 35,
  IP_DROP_MEMBERSHIP = 36,
  IP_UNBLOCK_SOURCE = 37,
  IP_BLOCK_SOURCE = 38,
  IP_ADD_SOURCE_MEMBERSHIP = 39,
  IP_DROP_SOURCE_MEMBERSHIP = 40,
  IP_MULTICAST_ALL = 49,
  IP_UNICAST_IF = 50,
  IP_LOCAL_PORT_RANGE = 51,
  IP_PMTUDISC_DONT = 0,
  IP_PMTUDISC_WANT = 1,
  IP_PMTUDISC_DO = 2,
  IP_PMTUDISC_PROBE = 3,
};

/* Level IPPROTO_IPV6: ipv6(7) */
enum {
  IPV6_UNICAST_HOPS = 16,
  IPV6_MULTICAST_IF = 17,
  IPV6_MULTICAST_HOPS = 18,
  IPV6_MULTICAST_LOOP = 19,
  IPV6_JOIN_GROUP = 20,
  IPV6_LEAVE_GROUP = 21,
  IPV6_MTU_DISCOVER = 23,
  IPV6_MTU = 24,
  IPV6_RECVERR = 25,
  IPV6_V6ONLY = 26,
  IPV6_RECVPKTINFO = 49,
  IPV6_PKTINFO = 50,
  IPV6_RECVHOPLIMIT = 51,
  IPV6_HOPLIMIT = 52,
  IPV6_DONTFRAG = 62,
  IPV6_RECVTCLASS = 66,
  IPV6_TCLASS = 67,
  IPV6_AUTOFLOWLABEL = 70,
  IPV6_ADDR_PREFERENCES = 72,
  IPV6_FREEBIND = 78,
};

/* Groups of either family, at level SOL_IP or SOL_IPV6: ip(7), RFC 3678. */
enum {
  MCAST_JOIN_GROUP = 42,
  MCAST_BLOCK_SOURCE = 43,
  MCAST_UNBLOCK_SOURCE = 44,
  MCAST_LEAVE_GROUP = 45,
  MCAST_JOIN_SOURCE_GROUP = 46,
  MCAST_LEAVE_SOURCE_GROUP = 47,
};

/* Flags of send and receive: send(2), recv(2) */
enum {
  MSG_OOB = 0x1,
  MSG_PEEK = 0x2,
  MSG_DONTROUTE = 0x4,
  MSG_CTRUNC = 0x8,
  MSG_TRUNC = 0x20,
  MSG_DONTWAIT = 0x40,
  MSG_EOR = 0x80,
  MSG_WAITALL = 0x100,
  MSG_CONFIRM = 0x800,
  MSG_ERRQUEUE = 0x2000,
  MSG_NOSIGNAL = 0x4000,
  MSG_MORE = 0x8000,
  MSG_WAITFORONE = 0x10000,
  MSG_ZEROCOPY = 0x4000000,
  MSG_FASTOPEN = 0x20000000,
  MSG_CMSG_CLOEXEC = 0x40000000,
};

/* shutdown(2) */
enum {
  SHUT_RD = 0,
  SHUT_WR = 1,
  SHUT_RDWR = 2,
};

/* Control messages of level SOL_SOCKET: unix(7) */
enum {
  SCM_RIGHTS = 1,
  SCM_CREDENTIALS = 2,
  SCM_PIDFD = 4,
};

/* Largest backlog a system has unless net.core.somaxconn says otherwise: listen(2) */
enum {
  SOMAXCONN = 4096,
};

/* Unread and unsent bytes of a socket: tcp(7), unix(7), ioctl(2) */
enum {
  SIOCINQ = 0x541b,
  SIOCOUTQ = 0x5411,
};

struct iovec {
  void *iov_base;
  u64 iov_len;
};

struct msghdr {
  void *msg_name;
  u32 msg_namelen;
  struct iovec *msg_iov;
  u64 msg_iovlen;
  void *msg_control;
  u64 msg_controllen;
  s32 msg_flags;
};

/* One message of sendmmsg(2) or recvmmsg(2). */
struct mmsghdr {
  struct msghdr msg_hdr;
  u32 msg_len;
};

/* Header of one control message; its data follows, aligned to 8: cmsg(3) */
struct cmsghdr {
  u64 cmsg_len;
  s32 cmsg_level;
  s32 cmsg_type;
};

/* Value of SO_LINGER; seconds. */
struct linger {
  s32 l_onoff;
  s32 l_linger;
};

/* Value of SO_PEERCRED and of SCM_CREDENTIALS. */
struct ucred {
  s32 pid;
  u32 uid;
  u32 gid;
};

/* Value of SO_RCVTIMEO and SO_SNDTIMEO. */
struct timeval {
  s64 tv_sec;
  s64 tv_usec;
};

#endif
