package io.triad.engine.simulated;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A socket of the network, which has an address and a port. */
interface InternetSocket {
  boolean isIpv6();

  /** Whether an IPv6 socket talks to IPv4, too. */
  boolean takesIpv4();

  boolean isListening();

  SocketOptions options();

  /** Where it is bound; null if it is not. */
  @Nullable Endpoint local();

  void setLocal(@Nullable Endpoint newLocal);

  /** Why an address in memory is not for this kind of socket, or 0. */
  default int wrongFamily(MemorySegment address, int length) {
    if (Endpoint.read(address, length) == null) {
      return Errno.EINVAL.negated();
    }
    if (Endpoint.looksLikeIpv6(address) == isIpv6()) {
      return 0;
    }
    return isIpv6() ? Errno.EINVAL.negated() : Errno.EAFNOSUPPORT.negated();
  }

  /** The address of a socket that is bound to none. */
  default Endpoint unbound() {
    return new Endpoint(isIpv6() ? Endpoint.ANY_IPV6 : Endpoint.ANY_IPV4, 0);
  }
}
