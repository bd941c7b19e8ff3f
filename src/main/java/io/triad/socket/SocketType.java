package io.triad.socket;

/** What a socket carries; socket(2). */
public enum SocketType {
  /** Bytes in order, without borders: TCP, Unix streams. */
  STREAM("SOCK_STREAM"),
  /** Datagrams, each whole or not at all: UDP, Unix datagrams. */
  DATAGRAM("SOCK_DGRAM"),
  /** Packets with their headers, for the privileged. */
  RAW("SOCK_RAW"),
  /** Datagrams over a connection, in order. */
  SEQPACKET("SOCK_SEQPACKET");

  private final String constant;

  SocketType(String constant) {
    this.constant = constant;
  }

  /** What the system's headers call it. */
  String constant() {
    return constant;
  }
}
