package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.engine.NameService;
import io.triad.engine.Platform;
import io.triad.platform.windows.ffi.ADDRINFOW;
import io.triad.platform.windows.ffi.IP_ADAPTER_ADDRESSES;
import io.triad.platform.windows.ffi.Names;
import io.triad.platform.windows.ffi.Windows;
import io.triad.platform.windows.ffi.Winsock;
import io.triad.platform.windows.ffi.protoent;
import io.triad.platform.windows.ffi.servent;
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
 * The names of Windows: GetAddrInfoW, GetNameInfoW, getprotobyname, getservbyname, GetHostNameW,
 * GetAdaptersAddresses. Every call has memory of its own, so any thread may make one.
 */
final class WindowsNames implements NameService {
  static final WindowsNames INSTANCE = new WindowsNames();

  private static final ValueLayout.OfShort NETWORK_SHORT =
      JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int HOST_NAME_CHARACTERS = 256;

  /** What the documentation advises to begin with. */
  private static final int ADAPTER_BYTES = 15_000;

  private WindowsNames() {}

  // ---- addresses ----

  @Override
  public Answer<List<Address>> addresses(
      @Nullable String host,
      @Nullable String service,
      int flags,
      int family,
      int type,
      int protocol) {
    try (Arena arena = Arena.ofConfined()) {
      Names names = new Names(arena);
      MemorySegment hints = ADDRINFOW.allocate(arena);
      ADDRINFOW.ai_flags(hints, addressFlags(flags));
      ADDRINFOW.ai_family(hints, family);
      ADDRINFOW.ai_socktype(hints, type);
      ADDRINFOW.ai_protocol(hints, protocol);
      MemorySegment list = arena.allocate(ADDRESS);
      int code = names.getAddrInfo(text(arena, host), text(arena, service), hints, list);
      if (code != 0) {
        return failure(code);
      }
      MemorySegment first = list.get(ADDRESS, 0);
      try {
        return new Known<>(read(first));
      } finally {
        names.freeAddrInfo(first);
      }
    }
  }

  /** Null is a null pointer, which has a meaning of its own. */
  private static MemorySegment text(Arena arena, @Nullable String text) {
    return text == null ? MemorySegment.NULL : arena.allocateFrom(text, UTF_16LE);
  }

  private static int addressFlags(int flags) {
    return flag(flags, PASSIVE, Windows.AI_PASSIVE())
        | flag(flags, CANONICAL_NAME, Windows.AI_CANONNAME())
        | flag(flags, NUMERIC_HOST, Windows.AI_NUMERICHOST())
        | flag(flags, NUMERIC_SERVICE, Windows.AI_NUMERICSERV())
        | flag(flags, V4_MAPPED, Windows.AI_V4MAPPED())
        | flag(flags, ALL, Windows.AI_ALL())
        | flag(flags, ADDRESS_CONFIGURED, Windows.AI_ADDRCONFIG());
  }

  private static int nameFlags(int flags) {
    return flag(flags, AS_NUMERIC_HOST, Windows.NI_NUMERICHOST())
        | flag(flags, AS_NUMERIC_SERVICE, Windows.NI_NUMERICSERV())
        | flag(flags, NO_DOMAIN, Windows.NI_NOFQDN())
        | flag(flags, NAME_REQUIRED, Windows.NI_NAMEREQD())
        | flag(flags, DATAGRAM, Windows.NI_DGRAM());
  }

  private static int flag(int flags, int ours, int theirs) {
    return (flags & ours) == 0 ? 0 : theirs;
  }

  private static List<Address> read(MemorySegment first) {
    List<Address> addresses = new ArrayList<>();
    MemorySegment next = first;
    while (next.address() != 0) {
      MemorySegment entry = next.reinterpret(ADDRINFOW.sizeof());
      int family = ADDRINFOW.ai_family(entry);
      if (family == Windows.AF_INET() || family == Windows.AF_INET6()) {
        MemorySegment address =
            ADDRINFOW.ai_addr(entry).reinterpret(ADDRINFOW.ai_addrlen(entry));
        MemorySegment name = ADDRINFOW.ai_canonname(entry);
        addresses.add(
            new Address(
                family,
                ADDRINFOW.ai_socktype(entry),
                ADDRINFOW.ai_protocol(entry),
                socketAddress(address, family == Windows.AF_INET6()),
                name.address() == 0 ? null : Winsock.text(name.address())));
      }
      next = ADDRINFOW.ai_next(entry);
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
      MemorySegment memory = arena.allocate(Platform.ADDRESS_BYTES, 8);
      int length = SocketAddresses.encode(address, memory);
      MemorySegment host = arena.allocate(2L * Windows.NI_MAXHOST(), 2);
      MemorySegment service = arena.allocate(2L * Windows.NI_MAXSERV(), 2);
      int code =
          new Names(arena).getNameInfo(memory, length, host, service, nameFlags(flags));
      return code == 0
          ? new Known<>(
              new Name(host.getString(0, UTF_16LE), service.getString(0, UTF_16LE)))
          : failure(code);
    }
  }

  /** What is no error of the resolver alone is one of the system, and has a number there. */
  private static <T> Failure<T> failure(int code) {
    String symbol = symbol(code);
    return new Failure<>(
        code, symbol, WindowsErrors.message(code), symbol.equals("EAI_SYSTEM") ? code : 0);
  }

  /** The names that RFC 3493 gives these errors, which ws2tcpip.h defines. */
  static String symbol(int code) {
    if (code == Windows.EAI_NONAME()) {
      return "EAI_NONAME";
    } else if (code == Windows.EAI_AGAIN()) {
      return "EAI_AGAIN";
    } else if (code == Windows.EAI_FAIL()) {
      return "EAI_FAIL";
    } else if (code == Windows.EAI_NODATA()) {
      return "EAI_NODATA";
    } else if (code == Windows.EAI_FAMILY()) {
      return "EAI_FAMILY";
    } else if (code == Windows.EAI_SOCKTYPE()) {
      return "EAI_SOCKTYPE";
    } else if (code == Windows.EAI_SERVICE()) {
      return "EAI_SERVICE";
    } else if (code == Windows.EAI_BADFLAGS()) {
      return "EAI_BADFLAGS";
    } else if (code == Windows.EAI_MEMORY()) {
      return "EAI_MEMORY";
    }
    return "EAI_SYSTEM";
  }

  // ---- protocols, services, this machine ----

  @Override
  public OptionalInt protocol(String name) {
    try (Arena arena = Arena.ofConfined()) {
      long found = new Names(arena).getprotobyname(arena.allocateFrom(name, UTF_8));
      return found == 0
          ? OptionalInt.empty()
          : OptionalInt.of(
              protoent.p_proto(MemorySegment.ofAddress(found).reinterpret(protoent.sizeof())));
    }
  }

  @Override
  public OptionalInt service(String name, String protocol) {
    try (Arena arena = Arena.ofConfined()) {
      long found =
          new Names(arena)
              .getservbyname(
                  arena.allocateFrom(name, UTF_8), arena.allocateFrom(protocol, UTF_8));
      if (found == 0) {
        return OptionalInt.empty();
      }
      MemorySegment entry = MemorySegment.ofAddress(found).reinterpret(servent.sizeof());
      return OptionalInt.of(Short.toUnsignedInt(Short.reverseBytes(servent.s_port(entry))));
    }
  }

  @Override
  public String hostName() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(2L * HOST_NAME_CHARACTERS, 2);
      int result = new Names(arena).getHostName(name);
      if (result < 0) {
        throw new IllegalStateException(
            "GetHostNameW failed: " + WindowsErrors.message(-result));
      }
      return name.getString(0, UTF_16LE);
    }
  }

  /** Under their short names ({@code ethernet_32769}), which getaddrinfo takes for a scope. */
  @Override
  public List<Interface> interfaces() {
    try (Arena arena = Arena.ofConfined()) {
      Names names = new Names(arena);
      MemorySegment size = arena.allocate(JAVA_INT);
      MemorySegment list = arena.allocate(ADAPTER_BYTES, 8);
      int code = names.getAdapters(list, size);
      while (code == Windows.ERROR_BUFFER_OVERFLOW()) {
        list = arena.allocate(size.get(JAVA_INT, 0), 8);
        code = names.getAdapters(list, size);
      }
      if (code == Windows.ERROR_NO_DATA()) {
        return List.of();
      }
      if (code != 0) {
        throw new IllegalStateException(
            "GetAdaptersAddresses failed: " + WindowsErrors.message(code));
      }
      return interfaces(names, list, arena.allocate(Windows.NDIS_IF_MAX_STRING_SIZE() + 1));
    }
  }

  private static List<Interface> interfaces(
      Names names, MemorySegment first, MemorySegment buffer) {
    List<Interface> interfaces = new ArrayList<>();
    MemorySegment next = first;
    while (next.address() != 0) {
      MemorySegment adapter = next.reinterpret(IP_ADAPTER_ADDRESSES.sizeof());
      // One without IPv4 has no number for it.
      int four = IP_ADAPTER_ADDRESSES.IfIndex(adapter);
      int index = four == 0 ? IP_ADAPTER_ADDRESSES.Ipv6IfIndex(adapter) : four;
      if (names.indexToName(index, buffer)) {
        interfaces.add(new Interface(index, buffer.getString(0)));
      }
      next = IP_ADAPTER_ADDRESSES.Next(adapter);
    }
    return interfaces;
  }
}
