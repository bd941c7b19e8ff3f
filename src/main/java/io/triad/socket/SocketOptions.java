package io.triad.socket;

import java.net.SocketOption;

/**
 * Options that {@link java.net.StandardSocketOptions} lacks; for {@link Socket#setOption}. The names
 * are the system's, where their meaning is described: socket(7), ip(7), ipv6(7), tcp(7), udp(7). What
 * is not here goes by number, {@link Socket#setsockopt(int, int, int)}.
 */
public final class SocketOptions {
  /** How many bytes not yet sent make a socket not writable. */
  public static final SocketOption<Integer> TCP_NOTSENT_LOWAT = number("TCP_NOTSENT_LOWAT");

  /** After how many seconds of silence the peer is asked whether it is there. */
  public static final SocketOption<Integer> TCP_KEEPIDLE = number("TCP_KEEPIDLE");

  /** How many seconds are between such questions. */
  public static final SocketOption<Integer> TCP_KEEPINTVL = number("TCP_KEEPINTVL");

  /** After how many questions without an answer the connection is given up. */
  public static final SocketOption<Integer> TCP_KEEPCNT = number("TCP_KEEPCNT");

  /** After how many milliseconds without an answer to data the connection is given up. */
  public static final SocketOption<Integer> TCP_USER_TIMEOUT = number("TCP_USER_TIMEOUT");

  /** Whether only full segments leave. */
  public static final SocketOption<Boolean> TCP_CORK = flag("TCP_CORK");

  /** The algorithm that says how fast to send. */
  public static final SocketOption<String> TCP_CONGESTION =
      new Named<>("TCP_CONGESTION", String.class);

  /** Whether an IPv6 socket takes no IPv4. */
  public static final SocketOption<Boolean> IPV6_V6ONLY = flag("IPV6_V6ONLY");

  /** Whether several sockets share an address; the system spreads connections over them. */
  public static final SocketOption<Boolean> SO_REUSEPORT = flag("SO_REUSEPORT");

  /** Whether a bind leaves the choice of the port to the connect, where more are free. */
  public static final SocketOption<Boolean> IP_BIND_ADDRESS_NO_PORT =
      flag("IP_BIND_ADDRESS_NO_PORT");

  /** Whether IPv4 datagrams say where they came in; see {@link ControlMessage#packetInfo()}. */
  public static final SocketOption<Boolean> IP_PKTINFO = flag("IP_PKTINFO");

  /** Whether IPv6 datagrams say where they came in; see {@link ControlMessage#packetInfo()}. */
  public static final SocketOption<Boolean> IPV6_RECVPKTINFO = flag("IPV6_RECVPKTINFO");

  /** Whether IPv4 datagrams say how far they might go; see {@link ControlMessage#hopLimit()}. */
  public static final SocketOption<Boolean> IP_RECVTTL = flag("IP_RECVTTL");

  /** Whether IPv6 datagrams say how far they might go; see {@link ControlMessage#hopLimit()}. */
  public static final SocketOption<Boolean> IPV6_RECVHOPLIMIT = flag("IPV6_RECVHOPLIMIT");

  /** Whether IPv4 datagrams say their class; see {@link ControlMessage#trafficClass()}. */
  public static final SocketOption<Boolean> IP_RECVTOS = flag("IP_RECVTOS");

  /** Whether IPv6 datagrams say their class; see {@link ControlMessage#trafficClass()}. */
  public static final SocketOption<Boolean> IPV6_RECVTCLASS = flag("IPV6_RECVTCLASS");

  /** Whether datagrams say when they came; see {@link ControlMessage#timestamp()}. */
  public static final SocketOption<Boolean> SO_TIMESTAMPNS = flag("SO_TIMESTAMPNS");

  /** Through how many routers IPv4 goes. */
  public static final SocketOption<Integer> IP_TTL = number("IP_TTL");

  /** Through how many routers IPv6 goes. */
  public static final SocketOption<Integer> IPV6_UNICAST_HOPS = number("IPV6_UNICAST_HOPS");

  /** Into datagrams of how many bytes the kernel cuts a send; 0 for not at all. */
  public static final SocketOption<Integer> UDP_SEGMENT = number("UDP_SEGMENT");

  /** Whether the kernel joins datagrams; see {@link ControlMessage#segmentSize()}. */
  public static final SocketOption<Boolean> UDP_GRO = flag("UDP_GRO");

  /** The error that waits to be told, which reading takes away; 0 for none. */
  public static final SocketOption<Integer> SO_ERROR = number("SO_ERROR");

  /** Whether the socket listens. */
  public static final SocketOption<Boolean> SO_ACCEPTCONN = flag("SO_ACCEPTCONN");

  private SocketOptions() {}

  private record Named<T>(String name, Class<T> type) implements SocketOption<T> {
    @Override
    public String toString() {
      return name;
    }
  }

  private static SocketOption<Integer> number(String name) {
    return new Named<>(name, Integer.class);
  }

  private static SocketOption<Boolean> flag(String name) {
    return new Named<>(name, Boolean.class);
  }
}
