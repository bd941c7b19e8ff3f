package io.triad.socket;

import io.triad.engine.NameService;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hosts, services, protocols and interfaces by name; the system's own resolver, without the cache and
 * the order of {@link java.net.InetAddress}.
 *
 * <p>Numbers are translated on the spot. Names are looked up on a worker thread, because that may take
 * long; a task that is cancelled meanwhile goes on at once, and the look-up ends by itself.
 *
 * <p>A host that is not ASCII is converted by IDNA 2008 if ICU4J (com.ibm.icu:icu4j) is there; {@link
 * io.triad.Triad#explain} says so. Without it, only names that the older IDNA 2003 converts alike can be
 * looked up.
 *
 * <p>All methods are for tasks of a run.
 */
public final class Names {
  private Names() {}

  // ---- hosts ----

  /**
   * Looks up a host and a service; getaddrinfo(3). A checkpoint in any case (SOCK-17).
   *
   * @param host a name, or an address in numbers; null for this machine: the address to bind to with
   *     {@link AddressFlag#PASSIVE}, the one to connect to otherwise
   * @param service a name, or a port in digits; null for port 0
   * @param hints which addresses are wanted
   * @return the addresses, the best one first
   * @throws GaiException if there are none; the symbol says why
   * @throws IOException what the run's {@link HostnameResolver} throws
   * @throws IllegalArgumentException if host or service contain the character zero
   * @throws UnsupportedOperationException if it takes ICU4J to convert the host, which is missing
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  public static List<AddressInfo> getaddrinfo(
      @Nullable String host, @Nullable String service, AddressHints hints) throws IOException {
    return LookUp.addresses(Loop.requireFiber(), host, service, hints);
  }

  /**
   * Looks up a host; see {@link #getaddrinfo(String, String, AddressHints)}.
   *
   * @param host a name, or an address in numbers; null for this machine
   * @param port 0 to 65535
   * @param hints which addresses are wanted
   * @return the addresses with that port, the best one first
   * @throws IOException if there are none
   * @throws IllegalArgumentException if the port is out of range
   */
  public static List<AddressInfo> getaddrinfo(
      @Nullable String host, int port, AddressHints hints) throws IOException {
    if (port < 0 || port > LookUp.MAX_PORT) {
      throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
    }
    return getaddrinfo(host, Integer.toString(port), hints);
  }

  /**
   * Looks up what an address is called; getnameinfo(3). A checkpoint.
   *
   * @param address resolved; or unresolved with a host in numbers
   * @param flags what else is asked for
   * @return host and service: names if there are any, numbers otherwise
   * @throws GaiException if the host of an unresolved address is a name; or if the address has none
   *     and {@link NameFlag#NAME_REQUIRED} is set
   * @throws IOException what the run's {@link HostnameResolver} throws
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  public static NameInfo getnameinfo(InetSocketAddress address, NameFlag... flags)
      throws IOException {
    Set<NameFlag> wanted = EnumSet.noneOf(NameFlag.class);
    wanted.addAll(Arrays.asList(flags));
    return LookUp.name(Loop.requireFiber(), address, wanted);
  }

  /**
   * Has a resolver of one's own look up names in the run of the calling task, from now on.
   *
   * @param resolver asked for all hosts that are not numbers, and for all names of addresses; null for
   *     the system's
   * @return what was there before; null if that was the system's
   * @throws IllegalStateException outside of a run
   */
  public static @Nullable HostnameResolver setHostnameResolver(
      @Nullable HostnameResolver resolver) {
    LookUp.Custom custom = LookUp.custom(requireLoop());
    HostnameResolver previous = custom.resolver;
    custom.resolver = resolver;
    return previous;
  }

  // ---- protocols, services, interfaces, this machine ----

  /**
   * Looks up the number of a protocol above IP; protocols(5). A checkpoint.
   *
   * @param name {@code tcp} for example
   * @return its number, 6 for example; empty if this system does not know it
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  public static OptionalInt getprotobyname(String name) {
    Fiber fiber = Loop.requireFiber();
    LookUp.checkText(Objects.requireNonNull(name, "name"), "name");
    fiber.checkpoint();
    NameService system = fiber.loop().platform().names();
    return LookUp.outside(system, "look up protocol " + name, () -> system.protocol(name));
  }

  /**
   * Looks up the port of a service; services(5). A checkpoint.
   *
   * @param name {@code http} for example
   * @param protocol {@code tcp} or {@code udp}
   * @return its port, 80 for example; empty if this system does not know it
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  public static OptionalInt getservbyname(String name, String protocol) {
    Fiber fiber = Loop.requireFiber();
    LookUp.checkText(Objects.requireNonNull(name, "name"), "name");
    LookUp.checkText(Objects.requireNonNull(protocol, "protocol"), "protocol");
    fiber.checkpoint();
    NameService system = fiber.loop().platform().names();
    return LookUp.outside(
        system,
        "look up service " + name + "/" + protocol,
        () -> system.service(name, protocol));
  }

  /**
   * Returns the name of this machine; gethostname(2).
   *
   * @return its name, which need not be one that can be looked up
   * @throws IllegalStateException outside of a run
   */
  public static String gethostname() {
    return requireLoop().platform().names().hostName();
  }

  /**
   * Lists the interfaces of this machine; if_nameindex(3).
   *
   * @return index and name of each
   * @throws IllegalStateException outside of a run
   */
  public static List<NetworkInterfaceName> ifNameIndex() {
    return requireLoop().platform().names().interfaces().stream()
        .map(found -> new NetworkInterfaceName(found.index(), found.name()))
        .toList();
  }

  /**
   * Returns the index of an interface; if_nametoindex(3).
   *
   * @param name its name
   * @return its index; empty if there is none of that name
   * @throws IllegalStateException outside of a run
   */
  public static OptionalInt ifNameToIndex(String name) {
    return ifNameIndex().stream()
        .filter(found -> found.name().equals(name))
        .mapToInt(NetworkInterfaceName::index)
        .findFirst();
  }

  /**
   * Returns the name of an interface; if_indextoname(3).
   *
   * @param index its index
   * @return its name; null if there is none of that index
   * @throws IllegalStateException outside of a run
   */
  public static @Nullable String ifIndexToName(int index) {
    return ifNameIndex().stream()
        .filter(found -> found.index() == index)
        .map(NetworkInterfaceName::name)
        .findFirst()
        .orElse(null);
  }

  /**
   * Reads an internet address in numbers, as strictly as inet_pton(3): nobody is asked, and neither
   * abbreviations like {@code 127.1} nor scopes are taken. What is written in IPv6 form becomes an
   * {@link java.net.Inet6Address}, also {@code ::ffff:1.2.3.4}. {@link InetAddress#getHostAddress} is
   * the way back. Any thread may call this.
   *
   * @param text four numbers with dots, or IPv6 without brackets
   * @return the address; null if the text is none
   */
  public static @Nullable InetAddress parseNumeric(String text) {
    return Literals.parse(text);
  }

  // ---- common to all of them ----

  private static Loop requireLoop() {
    Loop loop = Loop.current();
    if (loop == null) {
      throw new IllegalStateException("must be called in a run");
    }
    return loop;
  }
}
