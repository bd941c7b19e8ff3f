package io.triad.socket;

import java.net.ProtocolFamily;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which addresses are wanted; the hints of getaddrinfo(3). Immutable: {@code
 * AddressHints.ANY.type(SocketType.STREAM).passive()}.
 *
 * @param family the system's number of a family of addresses, AF_INET for example; 0 for any
 * @param type the system's number of a kind of socket, SOCK_STREAM for example; 0 for any
 * @param protocol the number of a protocol, IPPROTO_TCP for example; 0 for any
 * @param flags what else is asked for
 */
public record AddressHints(int family, int type, int protocol, Set<AddressFlag> flags) {
  /** Every family, kind and protocol, and nothing else asked for. */
  public static final AddressHints ANY = new AddressHints(0, 0, 0, Set.of());

  /** Copies the flags. */
  public AddressHints {
    flags = Set.copyOf(flags);
  }

  /**
   * Returns the same hints for one family.
   *
   * @param newFamily the system's number, AF_INET for example; 0 for any
   * @return the hints
   */
  public AddressHints family(int newFamily) {
    return new AddressHints(newFamily, type, protocol, flags);
  }

  /**
   * Returns the same hints for one kind of socket.
   *
   * @param newType the system's number, SOCK_STREAM for example; 0 for any
   * @return the hints
   */
  public AddressHints type(int newType) {
    return new AddressHints(family, newType, protocol, flags);
  }

  /**
   * Returns the same hints for one family; in a task, which knows the numbers of its system.
   *
   * @param newFamily INET or INET6
   * @return the hints
   */
  public AddressHints family(ProtocolFamily newFamily) {
    return family(Sockets.constant("AF_" + newFamily.name()));
  }

  /**
   * Returns the same hints for one kind of socket; in a task, which knows the numbers of its system.
   *
   * @param newType what the socket carries
   * @return the hints
   */
  public AddressHints type(SocketType newType) {
    return type(Sockets.constant(newType.constant()));
  }

  /**
   * Returns the same hints for one protocol.
   *
   * @param newProtocol its number, IPPROTO_TCP for example; 0 for any
   * @return the hints
   */
  public AddressHints protocol(int newProtocol) {
    return new AddressHints(family, type, newProtocol, flags);
  }

  /**
   * Returns the same hints with a flag more.
   *
   * @param flag what is asked for
   * @return the hints
   */
  public AddressHints with(AddressFlag flag) {
    EnumSet<AddressFlag> more = EnumSet.of(flag);
    more.addAll(flags);
    return new AddressHints(family, type, protocol, more);
  }

  /** {@return the same hints with {@link AddressFlag#PASSIVE}} */
  public AddressHints passive() {
    return with(AddressFlag.PASSIVE);
  }

  /** {@return the same hints with {@link AddressFlag#NUMERIC_HOST}} */
  public AddressHints numericHost() {
    return with(AddressFlag.NUMERIC_HOST);
  }

  /** {@return the same hints with {@link AddressFlag#NUMERIC_SERVICE}} */
  public AddressHints numericService() {
    return with(AddressFlag.NUMERIC_SERVICE);
  }

  /** {@return the same hints with {@link AddressFlag#CANONICAL_NAME}} */
  public AddressHints canonicalName() {
    return with(AddressFlag.CANONICAL_NAME);
  }

  /** {@return the same hints with {@link AddressFlag#V4_MAPPED}} */
  public AddressHints v4Mapped() {
    return with(AddressFlag.V4_MAPPED);
  }

  /** The flags as the engine's floor has them. */
  int bits() {
    return flags.stream().mapToInt(AddressFlag::bit).reduce(0, (a, b) -> a | b);
  }
}
