package io.triad.engine.simulated;

/** Which kinds of socket there are: those of TCP and UDP over IPv4 and IPv6, and two of Unix. */
final class Sockets {
  /** What Linux gives to a socket of datagrams: socket(7), rmem_default. */
  private static final int DATAGRAM_BUFFER = 212_992;

  private Sockets() {}

  /** Why there is no such socket, or 0; as of socket(2). */
  static int refuses(int family, int type, int protocol) {
    boolean unix = family == UnixName.AF_UNIX;
    if (!unix && family != Endpoint.AF_INET && family != Endpoint.AF_INET6) {
      return Errno.EAFNOSUPPORT.negated();
    }
    if (type != Constants.SOCK_STREAM && type != Constants.SOCK_DGRAM) {
      return Errno.ESOCKTNOSUPPORT.negated();
    }
    boolean fits = protocol == 0 || protocol == (unix ? UnixName.AF_UNIX : protocolOf(type));
    return fits ? 0 : Errno.EPROTONOSUPPORT.negated();
  }

  private static int protocolOf(int type) {
    return type == Constants.SOCK_STREAM ? Constants.IPPROTO_TCP : Constants.IPPROTO_UDP;
  }

  static OpenSocket open(World world, int family, int type) {
    boolean stream = type == Constants.SOCK_STREAM;
    boolean unix = family == UnixName.AF_UNIX;
    boolean ipv6 = family == Endpoint.AF_INET6;
    int buffer = stream ? world.conditions().socketBufferBytes() : DATAGRAM_BUFFER;
    SocketOptions options =
        new SocketOptions(buffer, family, type, unix ? 0 : protocolOf(type));
    if (unix) {
      return stream
          ? new UnixStreamSocket(world, options)
          : new UnixDatagramSocket(world, options);
    }
    return stream ? new TcpSocket(world, ipv6, options) : new UdpSocket(world, ipv6, options);
  }

  /** Two Unix sockets that are connected to each other. */
  static OpenSocket[] pair(World world, int type) {
    OpenSocket one = open(world, UnixName.AF_UNIX, type);
    OpenSocket other = open(world, UnixName.AF_UNIX, type);
    if (one instanceof UnixStreamSocket first && other instanceof UnixStreamSocket second) {
      UnixStreamSocket.join(first, second);
    } else if (one instanceof UnixDatagramSocket first
        && other instanceof UnixDatagramSocket second) {
      UnixDatagramSocket.join(first, second);
    }
    return new OpenSocket[] {one, other};
  }
}
