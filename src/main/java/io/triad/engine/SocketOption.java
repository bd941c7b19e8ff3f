package io.triad.engine;

/** The socket options that the portable code sets or reads; a platform knows their numbers. */
public enum SocketOption {
  /** Send small segments at once; tcp(7) TCP_NODELAY. */
  NO_DELAY,
  /** Bytes not yet sent above which a socket is not writable; tcp(7) TCP_NOTSENT_LOWAT. */
  NOT_SENT_LOW_WATER,
  /** Bind although connections of an earlier socket linger; socket(7) SO_REUSEADDR. */
  REUSE_ADDRESS,
  /** Several sockets share a port; socket(7) SO_REUSEPORT. */
  REUSE_PORT,
  /** An IPv6 socket takes no IPv4; ipv6(7) IPV6_V6ONLY. */
  IPV6_ONLY,
  /** Whether the socket listens; socket(7) SO_ACCEPTCONN. */
  ACCEPTING,
  /** The kind of socket; socket(7) SO_TYPE. */
  TYPE,
  /** The family of its addresses; socket(7) SO_DOMAIN. */
  FAMILY,
  /** The protocol; socket(7) SO_PROTOCOL. */
  PROTOCOL,
  /** Bind to an address, and choose the port when connecting; ip(7) IP_BIND_ADDRESS_NO_PORT. */
  BIND_ADDRESS_NO_PORT,
  /** The pending error; socket(7) SO_ERROR. */
  ERROR,
  /** The size of the kernel's receive buffer in bytes; socket(7) SO_RCVBUF. */
  RECEIVE_BUFFER,
  /** The size of the kernel's send buffer in bytes; socket(7) SO_SNDBUF. */
  SEND_BUFFER
}
