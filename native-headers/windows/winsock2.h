/*
 * Sockets: WSASocketW, Socket Options (SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP, IPPROTO_IPV6),
 * WSARecvMsg, WSAPoll, WSAIoctl, WSAStartup.
 */
#ifndef TRIAD_WINDOWS_WINSOCK2_H
#define TRIAD_WINDOWS_WINSOCK2_H

#include "../types.h"

enum {
  AF_UNSPEC = 0,
  AF_UNIX = 1,
  AF_INET = 2,
  AF_INET6 = 23,
  AF_BTH = 32,
};

enum {
  SOCK_STREAM = 1,
  SOCK_DGRAM = 2,
  SOCK_RAW = 3,
  SOCK_RDM = 4,
  SOCK_SEQPACKET = 5,
};

enum {
  IPPROTO_IP = 0,
  IPPROTO_ICMP = 1,
  IPPROTO_TCP = 6,
  IPPROTO_UDP = 17,
  IPPROTO_IPV6 = 41,
  IPPROTO_ICMPV6 = 58,
  IPPROTO_SCTP = 132,
  IPPROTO_RAW = 255,
};

enum {
  SOL_SOCKET = 0xffff,
};

/* Level SOL_SOCKET */
enum {
  SO_DEBUG = 0x1,
  SO_ACCEPTCONN = 0x2,
  SO_REUSEADDR = 0x4,
  SO_KEEPALIVE = 0x8,
  SO_DONTROUTE = 0x10,
  SO_BROADCAST = 0x20,
  SO_USELOOPBACK = 0x40,
  SO_LINGER = 0x80,
  SO_OOBINLINE = 0x100,
  SO_DONTLINGER = ~0x80,
  SO_EXCLUSIVEADDRUSE = ~0x4,
  SO_SNDBUF = 0x1001,
  SO_RCVBUF = 0x1002,
  SO_SNDLOWAT = 0x1003,
  SO_RCVLOWAT = 0x1004,
  SO_SNDTIMEO = 0x1005,
  SO_RCVTIMEO = 0x1006,
  SO_ERROR = 0x1007,
  SO_TYPE = 0x1008,
  SO_MAX_MSG_SIZE = 0x2003,
  SO_PROTOCOL_INFOW = 0x2005,
  SO_CONDITIONAL_ACCEPT = 0x3002,
};

/* Level IPPROTO_TCP */
enum {
  TCP_NODELAY = 0x1,
  TCP_EXPEDITED_1122 = 0x2,
  TCP_KEEPALIVE = 3,
  TCP_MAXSEG = 4,
  TCP_MAXRT = 5,
  TCP_STDURG = 6,
  TCP_TIMESTAMPS = 10,
  TCP_CONGESTION_ALGORITHM = 12,
  TCP_DELAY_FIN_ACK = 13,
  TCP_MAXRTMS = 14,
  TCP_FASTOPEN = 15,
  TCP_KEEPCNT = 16,
  TCP_KEEPIDLE = TCP_KEEPALIVE,
  TCP_KEEPINTVL = 17,
};

/* Level IPPROTO_UDP */
enum {
  UDP_NOCHECKSUM = 1,
  UDP_CHECKSUM_COVERAGE = 20,
};

/* Level IPPROTO_IP */
enum {
  IP_OPTIONS = 1,
  IP_HDRINCL = 2,
  IP_TOS = 3,
  IP_TTL = 4,
  IP_MULTICAST_IF = 9,
  IP_MULTICAST_TTL = 10,
  IP_MULTICAST_LOOP = 11,
  IP_ADD_MEMBERSHIP = 12,
  IP_DROP_MEMBERSHIP = 13,
  IP_DONTFRAGMENT = 14,
  IP_ADD_SOURCE_MEMBERSHIP = 15,
  IP_DROP_SOURCE_MEMBERSHIP = 16,
  IP_BLOCK_SOURCE = 17,
  IP_UNBLOCK_SOURCE = 18,
  IP_PKTINFO = 19,
  IP_RECVTTL = 21,
  IP_RECEIVE_BROADCAST = 22,
  IP_RECVIF = 24,
  IP_RECVDSTADDR = 25,
  IP_UNICAST_IF = 31,
  IP_RECVTOS = 40,
  IP_MTU_DISCOVER = 71,
  IP_MTU = 73,
  IP_RECVERR = 75,
  IP_PMTUDISC_DO = 1,
  IP_PMTUDISC_DONT = 2,
  IP_PMTUDISC_PROBE = 3,
};

/* Level IPPROTO_IPV6 */
enum {
  IPV6_HDRINCL = 2,
  IPV6_UNICAST_HOPS = 4,
  IPV6_MULTICAST_IF = 9,
  IPV6_MULTICAST_HOPS = 10,
  IPV6_MULTICAST_LOOP = 11,
  IPV6_JOIN_GROUP = 12,
  IPV6_LEAVE_GROUP = 13,
  IPV6_DONTFRAG = 14,
  IPV6_PKTINFO = 19,
  IPV6_HOPLIMIT = 21,
  IPV6_PROTECTION_LEVEL = 23,
  IPV6_RECVIF = 24,
  IPV6_RECVDSTADDR = 25,
  IPV6_CHECKSUM = 26,
  IPV6_V6ONLY = 27,
  IPV6_UNICAST_IF = 31,
  IPV6_RTHDR = 32,
  IPV6_RECVRTHDR = 38,
  IPV6_TCLASS = 39,
  IPV6_RECVTCLASS = 40,
  IPV6_MTU_DISCOVER = 71,
  IPV6_MTU = 72,
  IPV6_RECVERR = 75,
};

/* Levels IPPROTO_IP and IPPROTO_IPV6: groups of either family */
enum {
  MCAST_JOIN_GROUP = 41,
  MCAST_LEAVE_GROUP = 42,
  MCAST_BLOCK_SOURCE = 43,
  MCAST_UNBLOCK_SOURCE = 44,
  MCAST_JOIN_SOURCE_GROUP = 45,
  MCAST_LEAVE_SOURCE_GROUP = 46,
};

/* Flags of send and receive; the last four come out of a receive. */
enum {
  MSG_OOB = 0x1,
  MSG_PEEK = 0x2,
  MSG_DONTROUTE = 0x4,
  MSG_WAITALL = 0x8,
  MSG_PUSH_IMMEDIATE = 0x20,
  MSG_PARTIAL = 0x8000,
  MSG_TRUNC = 0x100,
  MSG_CTRUNC = 0x200,
  MSG_BCAST = 0x400,
  MSG_MCAST = 0x800,
};

enum {
  SD_RECEIVE = 0,
  SD_SEND = 1,
  SD_BOTH = 2,
};

enum {
  SOMAXCONN = 0x7fffffff,
};

/* WSASocketW */
enum {
  WSA_FLAG_OVERLAPPED = 0x1,
  WSA_FLAG_NO_HANDLE_INHERIT = 0x80,
};

/* What WSASocketW takes the parameters of a duplicate from: WSADuplicateSocketW */
enum {
  FROM_PROTOCOL_INFO = -1,
};

/* ioctlsocket, WSAIoctl */
enum {
  FIONREAD = 0x4004667f,
  FIONBIO = (s32) 0x8004667e,
  SIO_KEEPALIVE_VALS = (s32) 0x98000004,
  SIO_UDP_CONNRESET = (s32) 0x9800000c,
  SIO_LOOPBACK_FAST_PATH = (s32) 0x98000010,
  SIO_GET_EXTENSION_FUNCTION_POINTER = (s32) 0xc8000006,
  SIO_BASE_HANDLE = 0x48000022,
  SIO_BSP_HANDLE_POLL = 0x4800001d,
};

/* WSAPROTOCOL_INFOW.dwServiceFlags1 */
enum {
  XP1_IFS_HANDLES = 0x20000,
};

/* WSAPoll */
enum {
  POLLERR = 0x1,
  POLLHUP = 0x2,
  POLLNVAL = 0x4,
  POLLWRNORM = 0x10,
  POLLWRBAND = 0x20,
  POLLRDNORM = 0x100,
  POLLRDBAND = 0x200,
  POLLPRI = 0x400,
  POLLIN = 0x300,
  POLLOUT = 0x10,
};

struct pollfd {
  u64 fd;
  s16 events;
  s16 revents;
};

/* A range of memory. */
typedef struct {
  u32 len;
  void *buf;
} WSABUF;

/* WSASendMsg, WSARecvMsg */
typedef struct {
  struct sockaddr *name;
  s32 namelen;
  WSABUF *lpBuffers;
  u32 dwBufferCount;
  WSABUF Control;
  u32 dwFlags;
} WSAMSG;

/* Header of one control message; its data follows, aligned to 8: WSA_CMSG_DATA */
typedef struct {
  u64 cmsg_len;
  s32 cmsg_level;
  s32 cmsg_type;
} WSACMSGHDR;

/* Value of SO_LINGER; seconds. */
struct linger {
  u16 l_onoff;
  u16 l_linger;
};

/* Gaps of 8 bytes would be aligned to 8, and the struct is not. */
#define GAP4X4 GAP4 GAP4 GAP4 GAP4
#define GAP4X16 GAP4X4 GAP4X4 GAP4X4 GAP4X4
#define PROTOCOL_INFO_HEAD GAP4X16 GAP4
#define PROTOCOL_NAME_REST \
  GAP4X16 GAP4X16 GAP4X16 GAP4X16 GAP4X16 GAP4X16 GAP4X16 GAP4X4 GAP4X4 GAP4X4 GAP4 GAP4 GAP4

/* Value of SO_PROTOCOL_INFOW, and what a duplicate is made from. The first 72 bytes and the name of
   the protocol (256 characters) are copied as a whole. */
typedef struct {
  u32 dwServiceFlags1;
  PROTOCOL_INFO_HEAD
  s32 iVersion;
  s32 iAddressFamily;
  s32 iMaxSockAddr;
  s32 iMinSockAddr;
  s32 iSocketType;
  s32 iProtocol;
  s32 iProtocolMaxOffset;
  s32 iNetworkByteOrder;
  s32 iSecurityScheme;
  u32 dwMessageSize;
  u32 dwProviderReserved;
  u16 szProtocol_0;
  GAP2 PROTOCOL_NAME_REST
} WSAPROTOCOL_INFOW;

/* What WSAStartup answers; of interest are the versions alone. */
typedef struct {
  u16 wVersion;
  u16 wHighVersion;
  u16 iMaxSockets;
  u16 iMaxUdpDg;
  void *lpVendorInfo;
  GAP64 GAP64 GAP64 GAP64 GAP64 GAP64 GAP8
} WSADATA;

/* Value of SIO_KEEPALIVE_VALS; milliseconds. */
struct tcp_keepalive {
  u32 onoff;
  u32 keepalivetime;
  u32 keepaliveinterval;
};

#endif
