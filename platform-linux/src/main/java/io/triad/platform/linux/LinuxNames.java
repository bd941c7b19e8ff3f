package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.engine.NameService;
import io.triad.engine.Platform;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import io.triad.platform.linux.ffi.addrinfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The names of the GNU C library: getaddrinfo(3), getnameinfo(3), getprotoent_r(3), getservent_r(3),
 * if_nameindex(3). Every call has memory of its own, the place for errno included, so any thread may
 * make one.
 *
 * <p>The resolver of the JDK is no substitute: it caches for as long as a property says, sorts the
 * answers by family, and takes {@code 1.2} for an address in places where the system does not.
 */
final class LinuxNames implements NameService {
  static final LinuxNames INSTANCE = new LinuxNames();

  private static final ValueLayout.OfShort NETWORK_SHORT =
      JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  /** HOST_NAME_MAX and the closing zero: gethostname(2). */
  private static final int HOST_NAME_BYTES = 65;

  /** struct protoent and struct servent: two pointers, a number; and a pointer in the second. */
  private static final int ENTRY_BYTES = 32;

  private static final int ENTRY_NUMBER = 16;
  private static final int ENTRY_BUFFER_BYTES = 1024;

  /** struct if_nameindex: an index, padding, a pointer. */
  private static final int INTERFACE_BYTES = 16;

  private LinuxNames() {}

  @Override
  public Answer<List<Address>> addresses(
      @Nullable String host,
      @Nullable String service,
      int flags,
      int family,
      int type,
      int protocol) {
    try (Arena arena = Arena.ofConfined()) {
      Libc libc = new Libc(arena);
      MemorySegment hints = addrinfo.allocate(arena);
      addrinfo.ai_flags(hints, addressFlags(flags));
      addrinfo.ai_family(hints, family);
      addrinfo.ai_socktype(hints, type);
      addrinfo.ai_protocol(hints, protocol);
      MemorySegment list = arena.allocate(ADDRESS);
      int code = libc.getaddrinfo(text(arena, host), text(arena, service), hints, list);
      if (code != 0) {
        return failure(libc, code);
      }
      MemorySegment first = list.get(ADDRESS, 0);
      try {
        return new Known<>(read(first));
      } finally {
        Libc.freeaddrinfo(first);
      }
    }
  }

  /** Null is a null pointer, which has a meaning of its own. */
  private static MemorySegment text(Arena arena, @Nullable String text) {
    return text == null ? MemorySegment.NULL : arena.allocateFrom(text, UTF_8);
  }

  private static int addressFlags(int flags) {
    return flag(flags, PASSIVE, Linux.AI_PASSIVE())
        | flag(flags, CANONICAL_NAME, Linux.AI_CANONNAME())
        | flag(flags, NUMERIC_HOST, Linux.AI_NUMERICHOST())
        | flag(flags, NUMERIC_SERVICE, Linux.AI_NUMERICSERV())
        | flag(flags, V4_MAPPED, Linux.AI_V4MAPPED())
        | flag(flags, ALL, Linux.AI_ALL())
        | flag(flags, ADDRESS_CONFIGURED, Linux.AI_ADDRCONFIG());
  }

  private static int nameFlags(int flags) {
    return flag(flags, AS_NUMERIC_HOST, Linux.NI_NUMERICHOST())
        | flag(flags, AS_NUMERIC_SERVICE, Linux.NI_NUMERICSERV())
        | flag(flags, NO_DOMAIN, Linux.NI_NOFQDN())
        | flag(flags, NAME_REQUIRED, Linux.NI_NAMEREQD())
        | flag(flags, DATAGRAM, Linux.NI_DGRAM());
  }

  private static int flag(int flags, int ours, int theirs) {
    return (flags & ours) == 0 ? 0 : theirs;
  }

  private static List<Address> read(MemorySegment first) {
    List<Address> addresses = new ArrayList<>();
    MemorySegment next = first;
    while (next.address() != 0) {
      MemorySegment entry = next.reinterpret(addrinfo.sizeof());
      int family = addrinfo.ai_family(entry);
      if (family == Linux.AF_INET() || family == Linux.AF_INET6()) {
        MemorySegment address =
            addrinfo.ai_addr(entry).reinterpret(addrinfo.ai_addrlen(entry));
        MemorySegment name = addrinfo.ai_canonname(entry);
        addresses.add(
            new Address(
                family,
                addrinfo.ai_socktype(entry),
                addrinfo.ai_protocol(entry),
                socketAddress(address, family == Linux.AF_INET6()),
                name.address() == 0 ? null : Libc.string(name.address())));
      }
      next = addrinfo.ai_next(entry);
    }
    return addresses;
  }

  /** Other than elsewhere a mapped IPv4 address stays one of IPv6: it is for an IPv6 socket. */
  private static InetSocketAddress socketAddress(MemorySegment from, boolean ipv6) {
    int port = Short.toUnsignedInt(from.get(NETWORK_SHORT, 2));
    byte[] bytes = from.asSlice(ipv6 ? 8 : 4, ipv6 ? 16 : 4).toArray(JAVA_BYTE);
    try {
      if (!ipv6) {
        return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
      }
      int scope = from.get(JAVA_INT, 24);
      return new InetSocketAddress(
          Inet6Address.getByAddress(null, bytes, scope == 0 ? -1 : scope), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // thrown for a wrong length only
    }
  }

  @Override
  public Answer<Name> names(InetSocketAddress address, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      Libc libc = new Libc(arena);
      MemorySegment memory = arena.allocate(Platform.ADDRESS_BYTES, 8);
      int length = SocketAddresses.encode(address, memory);
      MemorySegment host = arena.allocate(Linux.NI_MAXHOST());
      MemorySegment service = arena.allocate(Linux.NI_MAXSERV());
      int code = libc.getnameinfo(memory, length, host, service, nameFlags(flags));
      return code == 0
          ? new Known<>(new Name(host.getString(0), service.getString(0)))
          : failure(libc, code);
    }
  }

  private static <T> Failure<T> failure(Libc libc, int code) {
    return new Failure<>(
        code,
        symbol(code),
        Libc.gaiStrerror(code),
        code == Linux.EAI_SYSTEM() ? libc.systemError() : 0);
  }

  /** The names that RFC 3493 and the GNU C library give these errors. */
  private static String symbol(int code) {
    return switch (code) {
      case -1 -> "EAI_BADFLAGS";
      case -2 -> "EAI_NONAME";
      case -3 -> "EAI_AGAIN";
      case -4 -> "EAI_FAIL";
      case -5 -> "EAI_NODATA";
      case -6 -> "EAI_FAMILY";
      case -7 -> "EAI_SOCKTYPE";
      case -8 -> "EAI_SERVICE";
      case -9 -> "EAI_ADDRFAMILY";
      case -10 -> "EAI_MEMORY";
      case -11 -> "EAI_SYSTEM";
      case -12 -> "EAI_OVERFLOW";
      case -105 -> "EAI_IDN_ENCODE";
      default -> "EAI " + code;
    };
  }

  @Override
  public OptionalInt protocol(String name) {
    try (Arena arena = Arena.ofConfined()) {
      Libc libc = new Libc(arena);
      MemorySegment text = arena.allocateFrom(name, UTF_8);
      return number(
          arena, (entry, buffer, found) -> libc.getprotobyname(text, entry, buffer, found));
    }
  }

  @Override
  public OptionalInt service(String name, String protocol) {
    try (Arena arena = Arena.ofConfined()) {
      Libc libc = new Libc(arena);
      MemorySegment service = arena.allocateFrom(name, UTF_8);
      MemorySegment transport = arena.allocateFrom(protocol, UTF_8);
      OptionalInt port =
          number(
              arena,
              (entry, buffer, found) -> libc.getservbyname(service, transport, entry, buffer,
                  found));
      return port.isEmpty()
          ? port
          : OptionalInt.of(Short.toUnsignedInt(Short.reverseBytes((short) port.getAsInt())));
    }
  }

  /** Looks for an entry of a database; answers 0 or an error number. */
  private interface Search {
    int find(MemorySegment entry, MemorySegment buffer, MemorySegment found);
  }

  /** An entry's number, as it stands there. The buffer grows until the entry's names fit. */
  private static OptionalInt number(Arena arena, Search search) {
    MemorySegment entry = arena.allocate(ENTRY_BYTES, 8);
    MemorySegment found = arena.allocate(ADDRESS);
    int bytes = ENTRY_BUFFER_BYTES;
    int result = search.find(entry, arena.allocate(bytes, 8), found);
    while (result == Linux.ERANGE()) {
      bytes *= 2;
      result = search.find(entry, arena.allocate(bytes, 8), found);
    }
    // Not to be found is no error there; ENOENT means that the database itself is missing.
    return found.get(JAVA_LONG, 0) == 0
        ? OptionalInt.empty()
        : OptionalInt.of(entry.get(JAVA_INT, ENTRY_NUMBER));
  }

  @Override
  public String hostName() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(HOST_NAME_BYTES);
      LinuxErrors.require(new Libc(arena).gethostname(name), "gethostname");
      return name.getString(0);
    }
  }

  @Override
  public List<Interface> interfaces() {
    try (Arena arena = Arena.ofConfined()) {
      long list = new Libc(arena).ifNameindex();
      LinuxErrors.require((int) Math.min(list, 0), "if_nameindex");
      try {
        return interfaces(MemorySegment.ofAddress(list).reinterpret(Long.MAX_VALUE));
      } finally {
        Libc.ifFreenameindex(list);
      }
    }
  }

  private static List<Interface> interfaces(MemorySegment list) {
    List<Interface> interfaces = new ArrayList<>();
    for (long at = 0; list.get(JAVA_INT, at) != 0; at += INTERFACE_BYTES) {
      interfaces.add(
          new Interface(list.get(JAVA_INT, at), Libc.string(list.get(JAVA_LONG, at + 8))));
    }
    return interfaces;
  }
}
