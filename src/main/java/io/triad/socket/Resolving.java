package io.triad.socket;

import io.triad.loop.Fiber;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as callers give them to bind, connect and send, made into addresses that the socket can
 * use (SOCK-21 to SOCK-30).
 *
 * <p>What is numeric and of the socket's family passes as it is, without a checkpoint and without
 * asking anybody. An unresolved {@link InetSocketAddress} is looked up for the family, kind and protocol
 * of the socket. Its host may be empty, which means all interfaces to bind to and this machine to
 * connect to, or {@code <broadcast>}.
 */
final class Resolving {
  private static final String BROADCAST = "<broadcast>";

  private Resolving() {}

  /**
   * Makes an address usable.
   *
   * @param fiber of the calling task
   * @param family of the socket
   * @param type of the socket
   * @param protocol of the socket
   * @param v6only whether an IPv6 socket takes no IPv4; asked only where it matters
   * @param address as the caller gave it
   * @param local whether it is to be bound to, and not to be connected or sent to
   * @return an address of the socket's family
   * @throws IllegalArgumentException if it is another kind of address; nobody has been asked
   * @throws IOException if the host is unknown, or has no address of this family
   */
  static SocketAddress resolve(
      Fiber fiber,
      int family,
      int type,
      int protocol,
      BooleanSupplier v6only,
      SocketAddress address,
      boolean local)
      throws IOException {
    InetSocketAddress inet = internetAddress(fiber, family, address);
    if (inet == null) {
      return address;
    }
    boolean ipv6 = family == run(fiber).inet6;
    InetAddress known = known(inet, ipv6, v6only, local);
    if (known != null) {
      return known == inet.getAddress() ? inet : new InetSocketAddress(known, inet.getPort());
    }
    AddressHints hints = hints(family, type, protocol, ipv6 && !v6only.getAsBoolean(), local);
    return LookUp.addresses(fiber, host(inet), Integer.toString(inet.getPort()), hints)
        .getFirst()
        .address();
  }

  /** No wish for configured families only: this machine may be reachable by loopback alone. */
  private static AddressHints hints(
      int family, int type, int protocol, boolean takesMapped, boolean local) {
    AddressHints hints = new AddressHints(family, type, protocol, Set.of());
    hints = local ? hints.passive() : hints;
    return takesMapped ? hints.v4Mapped() : hints;
  }

  /** As {@link #resolve}, and a checkpoint also if nobody had to be asked (SOCK-30). */
  static SocketAddress resolveWithCheckpoint(
      Fiber fiber,
      int family,
      int type,
      int protocol,
      BooleanSupplier v6only,
      SocketAddress address,
      boolean local)
      throws IOException {
    internetAddress(fiber, family, address);
    fiber.checkpoint();
    return resolve(fiber, family, type, protocol, v6only, address, local);
  }

  /**
   * An address that needs no look-up, for calls that must not wait (SOCK-29).
   *
   * @return an address of the socket's family
   * @throws IllegalArgumentException if it is another kind of address, or its host is a name
   * @throws IOException if the numbers are those of another family
   */
  static SocketAddress requireNumeric(
      Fiber fiber,
      int family,
      int type,
      int protocol,
      BooleanSupplier v6only,
      SocketAddress address,
      boolean local)
      throws IOException {
    InetSocketAddress inet = internetAddress(fiber, family, address);
    if (inet == null || !inet.isUnresolved()) {
      return resolve(fiber, family, type, protocol, v6only, address, local);
    }
    boolean ipv6 = family == run(fiber).inet6;
    InetAddress known = known(inet, ipv6, v6only, local);
    if (known != null) {
      return new InetSocketAddress(known, inet.getPort());
    }
    AddressHints hints = hints(family, type, protocol, ipv6 && !v6only.getAsBoolean(), local);
    try {
      return LookUp.numbers(fiber, host(inet), Integer.toString(inet.getPort()), hints)
          .getFirst()
          .address();
    } catch (GaiException e) {
      if (!e.symbol().equals("EAI_NONAME")) {
        throw e;
      }
      throw new IllegalArgumentException(
          "expected an already-resolved numeric address, not " + inet, e);
    }
  }

  private static SocketRun run(Fiber fiber) {
    return SocketRun.of(fiber.loop());
  }

  /** The address for an internet socket; null if the address is for the system as it is. */
  private static @Nullable InetSocketAddress internetAddress(
      Fiber fiber, int family, SocketAddress address) {
    SocketRun run = run(fiber);
    if (family == run.inet || family == run.inet6) {
      if (address instanceof InetSocketAddress inet) {
        return inet;
      }
      check(address instanceof RawSocketAddress, "an InetSocketAddress (host and port)", address);
    } else if (family == run.unix) {
      check(
          address instanceof UnixDomainSocketAddress
              || address instanceof AbstractUnixAddress
              || address instanceof RawSocketAddress,
          "a UnixDomainSocketAddress or an AbstractUnixAddress",
          address);
    }
    return null;
  }

  private static void check(boolean right, String wanted, SocketAddress address) {
    if (!right) {
      throw new IllegalArgumentException(
          "address should be "
              + wanted
              + " for a socket of this family, not the "
              + address.getClass().getSimpleName()
              + " "
              + address);
    }
  }

  /** The address, if it takes no look-up to tell it. */
  private static @Nullable InetAddress known(
      InetSocketAddress address, boolean ipv6, BooleanSupplier v6only, boolean local) {
    if (address.isUnresolved()) {
      return literal(address.getHostString(), ipv6, local);
    }
    InetAddress numeric = address.getAddress();
    if (ipv6 == numeric instanceof Inet6Address) {
      return numeric;
    }
    if (!ipv6) {
      return null;
    }
    if (local && numeric.isAnyLocalAddress()) {
      // How the JDK says "all interfaces", and what its own IPv6 sockets take it for.
      return Literals.ANY_IPV6;
    }
    return v6only.getAsBoolean() ? null : Literals.mapped(numeric);
  }

  private static @Nullable InetAddress literal(String host, boolean ipv6, boolean local) {
    if (host.isEmpty()) {
      return local
          ? ipv6 ? Literals.ANY_IPV6 : Literals.ANY_IPV4
          : ipv6 ? Literals.LOOPBACK_IPV6 : Literals.LOOPBACK_IPV4;
    }
    if (host.equals(BROADCAST)) {
      return ipv6 ? Literals.mapped(Literals.BROADCAST) : Literals.BROADCAST;
    }
    InetAddress numeric = Literals.parse(host);
    return numeric != null && ipv6 == numeric instanceof Inet6Address ? numeric : null;
  }

  private static String host(InetSocketAddress address) {
    return address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
  }
}
