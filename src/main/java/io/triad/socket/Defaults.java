package io.triad.socket;

/**
 * Which options a socket is opened with. The two eras of Trio differ here, so it is for the caller to
 * say (SOCK-33); where nothing is said it is {@link #RAW}.
 *
 * <p>Streams and listeners have defaults of their own, whatever the socket under them was opened with:
 * see {@code io.triad.net}.
 */
public enum Defaults {
  /** What the system gives, unchanged (SOCK-31). */
  RAW,

  /**
   * What programs usually want (SOCK-32): an address can be bound although connections of an earlier
   * socket linger (SO_REUSEADDR), an IPv6 socket takes IPv4 as well (IPV6_V6ONLY off), small segments
   * leave at once (TCP_NODELAY), and a TCP socket with more than 16 KiB not yet sent is not writable
   * (TCP_NOTSENT_LOWAT). What a socket or system does not have is left out. Each can be set otherwise
   * afterwards. Duplicates and accepted connections get the same.
   */
  MODERN
}
