package io.triad.engine;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the system knows by name: hosts, services, protocols, interfaces, and itself.
 *
 * <p>Any thread may call this at any time, also after the platform that gave it is closed: a look-up
 * that nobody waits for any more goes on by itself. All calls may block, with one exception: {@link
 * #addresses} with both {@link #NUMERIC_HOST} and {@link #NUMERIC_SERVICE} does not.
 */
public interface NameService {
  // ---- what a look-up of addresses is asked for; getaddrinfo(3) calls it AI_… ----

  /** Without a host: an address to bind to, not one to connect to. */
  int PASSIVE = 1;

  /** The first answer carries the name that the host has in truth. */
  int CANONICAL_NAME = 1 << 1;

  /** The host is an address in numbers. */
  int NUMERIC_HOST = 1 << 2;

  /** The service is a port in digits. */
  int NUMERIC_SERVICE = 1 << 3;

  /** For IPv6: IPv4 addresses in IPv6 form if there are no others. */
  int V4_MAPPED = 1 << 4;

  /** With {@link #V4_MAPPED}: these also if there are others. */
  int ALL = 1 << 5;

  /** Only families of which this machine has an address. */
  int ADDRESS_CONFIGURED = 1 << 6;

  // ---- what a look-up of names is asked for; getnameinfo(3) calls it NI_… ----

  /** The host in numbers. */
  int AS_NUMERIC_HOST = 1;

  /** The service in digits. */
  int AS_NUMERIC_SERVICE = 1 << 1;

  /** Of hosts of the own domain the first part only. */
  int NO_DOMAIN = 1 << 2;

  /** A host without a name is an error. */
  int NAME_REQUIRED = 1 << 3;

  /** The service is one of datagrams. */
  int DATAGRAM = 1 << 4;

  /** A result, or why there is none. */
  sealed interface Answer<T> permits Known, Failure {}

  /**
   * A result.
   *
   * @param value what was asked for
   */
  record Known<T>(T value) implements Answer<T> {}

  /**
   * Why there is none.
   *
   * @param code the resolver's number for it
   * @param symbol the name of that number, {@code EAI_NONAME}; the same on every system
   * @param text the resolver's text for it
   * @param errno for {@code EAI_SYSTEM} the system's error number, otherwise 0
   */
  record Failure<T>(int code, String symbol, String text, int errno) implements Answer<T> {}

  /**
   * One address of a host. One of IPv4 in IPv6 form has the class of IPv6 addresses, which is unusual
   * in the JDK.
   *
   * @param family the system's number of its family
   * @param type the system's number of the kind of socket it is for
   * @param protocol the number of the protocol
   * @param address address and port
   * @param canonicalName the true name of the host, in the first answer if asked for
   */
  record Address(
      int family,
      int type,
      int protocol,
      InetSocketAddress address,
      @Nullable String canonicalName) {}

  /**
   * Host and service of an address.
   *
   * @param host a name or numbers
   * @param service a name or digits
   */
  record Name(String host, String service) {}

  /**
   * An interface to a network.
   *
   * @param index its number, from 1
   * @param name its name
   */
  record Interface(int index, String name) {}

  /** Whether a look-up may block; false where a task may make it itself. */
  default boolean mayBlock() {
    return true;
  }

  /**
   * Looks up a host and a service; getaddrinfo(3).
   *
   * @param host ASCII without zeros; null for this machine
   * @param service name or digits, without zeros; null for port 0
   * @param flags {@link #PASSIVE} and so on
   * @param family the system's number; 0 for any
   * @param type the system's number; 0 for any
   * @param protocol its number; 0 for any
   * @return at least one address, the best one first
   */
  Answer<List<Address>> addresses(
      @Nullable String host,
      @Nullable String service,
      int flags,
      int family,
      int type,
      int protocol);

  /**
   * Looks up the names of an address; getnameinfo(3).
   *
   * @param address resolved
   * @param flags {@link #AS_NUMERIC_HOST} and so on
   */
  Answer<Name> names(InetSocketAddress address, int flags);

  /** The number of a protocol above IP; protocols(5). */
  OptionalInt protocol(String name);

  /** The port of a service; services(5). */
  OptionalInt service(String name, String protocol);

  /** The name of this machine; gethostname(2). */
  String hostName();

  /** The interfaces of this machine; if_nameindex(3). */
  List<Interface> interfaces();
}
