package io.triad.platform.macos;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.engine.NameService;
import io.triad.engine.Platform;
import io.triad.platform.macos.ffi.Darwin;
import io.triad.platform.macos.ffi.Macos;
import io.triad.platform.macos.ffi.addrinfo;
import io.triad.platform.macos.ffi.if_nameindex;
import io.triad.platform.macos.ffi.protoent;
import io.triad.platform.macos.ffi.servent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The names of libSystem: getaddrinfo(3), getnameinfo(3), getprotoent(3), getservent(3),
 * if_nameindex(3). Every call has a place for errno and memory of its own, so any thread may make one.
 */
final class MacosNames implements NameService {
  /** MAXHOSTNAMELEN: gethostname(3). */
  private static final int HOST_NAME_BYTES = 256;

  /** Held while an entry of the two databases is read, which the next call for one overwrites. */
  private static final ReentrantLock ENTRIES = new ReentrantLock();

  private final Darwin darwin;

  MacosNames(Darwin darwin) {
    this.darwin = darwin;
  }

  @Override
  public Answer<List<Address>> addresses(
      @Nullable String host,
      @Nullable String service,
      int flags,
      int family,
      int type,
      int protocol) {
    try (Arena arena = Arena.ofConfined()) {
      Darwin calls = darwin.in(arena);
      MemorySegment hints = addrinfo.allocate(arena);
      addrinfo.ai_flags(hints, addressFlags(flags));
      addrinfo.ai_family(hints, family);
      addrinfo.ai_socktype(hints, type);
      addrinfo.ai_protocol(hints, protocol);
      MemorySegment list = arena.allocate(ADDRESS);
      long result = calls.getaddrinfo(text(arena, host), text(arena, service), hints, list);
      if (result != 0) {
        return failure(calls, result);
      }
      MemorySegment first = list.get(ADDRESS, 0);
      try {
        return new Known<>(read(first));
      } finally {
        calls.freeaddrinfo(first);
      }
    }
  }

  /** Null is a null pointer, which has a meaning of its own. */
  private static MemorySegment text(Arena arena, @Nullable String text) {
    return text == null ? MemorySegment.NULL : arena.allocateFrom(text, UTF_8);
  }

  private static int addressFlags(int flags) {
    return flag(flags, PASSIVE, Macos.AI_PASSIVE())
        | flag(flags, CANONICAL_NAME, Macos.AI_CANONNAME())
        | flag(flags, NUMERIC_HOST, Macos.AI_NUMERICHOST())
        | flag(flags, NUMERIC_SERVICE, Macos.AI_NUMERICSERV())
        | flag(flags, V4_MAPPED, Macos.AI_V4MAPPED())
        | flag(flags, ALL, Macos.AI_ALL())
        | flag(flags, ADDRESS_CONFIGURED, Macos.AI_ADDRCONFIG());
  }

  private static int nameFlags(int flags) {
    return flag(flags, AS_NUMERIC_HOST, Macos.NI_NUMERICHOST())
        | flag(flags, AS_NUMERIC_SERVICE, Macos.NI_NUMERICSERV())
        | flag(flags, NO_DOMAIN, Macos.NI_NOFQDN())
        | flag(flags, NAME_REQUIRED, Macos.NI_NAMEREQD())
        | flag(flags, DATAGRAM, Macos.NI_DGRAM());
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
      if (family == Macos.AF_INET() || family == Macos.AF_INET6()) {
        MemorySegment name = addrinfo.ai_canonname(entry);
        addresses.add(
            new Address(
                family,
                addrinfo.ai_socktype(entry),
                addrinfo.ai_protocol(entry),
                MacosAddresses.decodeResolved(
                    addrinfo.ai_addr(entry).reinterpret(addrinfo.ai_addrlen(entry))),
                name.address() == 0 ? null : Darwin.string(name.address())));
      }
      next = addrinfo.ai_next(entry);
    }
    return addresses;
  }

  @Override
  public Answer<Name> names(InetSocketAddress address, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      Darwin calls = darwin.in(arena);
      MemorySegment memory = arena.allocate(Platform.ADDRESS_BYTES, 8);
      int length = MacosAddresses.encode(address, memory);
      MemorySegment host = arena.allocate(Macos.NI_MAXHOST());
      MemorySegment service = arena.allocate(Macos.NI_MAXSERV());
      long result = calls.getnameinfo(memory, length, host, service, nameFlags(flags));
      return result == 0
          ? new Known<>(new Name(host.getString(0), service.getString(0)))
          : failure(calls, result);
    }
  }

  private static <T> Failure<T> failure(Darwin calls, long result) {
    int code = (int) result;
    return new Failure<>(code, symbol(code), calls.gaiStrerror(code), (int) (result >>> 32));
  }

  /** The names that netdb.h gives these errors. */
  private static String symbol(int code) {
    return switch (code) {
      case 1 -> "EAI_ADDRFAMILY";
      case 2 -> "EAI_AGAIN";
      case 3 -> "EAI_BADFLAGS";
      case 4 -> "EAI_FAIL";
      case 5 -> "EAI_FAMILY";
      case 6 -> "EAI_MEMORY";
      case 7 -> "EAI_NODATA";
      case 8 -> "EAI_NONAME";
      case 9 -> "EAI_SERVICE";
      case 10 -> "EAI_SOCKTYPE";
      case 11 -> "EAI_SYSTEM";
      case 12 -> "EAI_BADHINTS";
      case 13 -> "EAI_PROTOCOL";
      case 14 -> "EAI_OVERFLOW";
      default -> "EAI " + code;
    };
  }

  @Override
  public OptionalInt protocol(String name) {
    try (Arena arena = Arena.ofConfined()) {
      Darwin calls = darwin.in(arena);
      MemorySegment text = arena.allocateFrom(name, UTF_8);
      ENTRIES.lock();
      try {
        long found = calls.getprotobyname(text);
        return found == 0
            ? OptionalInt.empty()
            : OptionalInt.of(protoent.p_proto(entry(found, protoent.sizeof())));
      } finally {
        ENTRIES.unlock();
      }
    }
  }

  @Override
  public OptionalInt service(String name, String protocol) {
    try (Arena arena = Arena.ofConfined()) {
      Darwin calls = darwin.in(arena);
      MemorySegment service = arena.allocateFrom(name, UTF_8);
      MemorySegment transport = arena.allocateFrom(protocol, UTF_8);
      ENTRIES.lock();
      try {
        long found = calls.getservbyname(service, transport);
        if (found == 0) {
          return OptionalInt.empty();
        }
        short port = (short) servent.s_port(entry(found, servent.sizeof()));
        return OptionalInt.of(Short.toUnsignedInt(Short.reverseBytes(port)));
      } finally {
        ENTRIES.unlock();
      }
    }
  }

  private static MemorySegment entry(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  @Override
  public String hostName() {
    try (Arena arena = Arena.ofConfined()) {
      Darwin calls = darwin.in(arena);
      MemorySegment name = arena.allocate(HOST_NAME_BYTES);
      MacosErrors.require(calls, calls.gethostname(name), "gethostname");
      return name.getString(0);
    }
  }

  @Override
  public List<Interface> interfaces() {
    try (Arena arena = Arena.ofConfined()) {
      Darwin calls = darwin.in(arena);
      long list = calls.ifNameindex();
      MacosErrors.require(calls, (int) Math.min(list, 0), "if_nameindex");
      try {
        return interfaces(entry(list, Long.MAX_VALUE));
      } finally {
        calls.ifFreenameindex(list);
      }
    }
  }

  private static List<Interface> interfaces(MemorySegment list) {
    List<Interface> interfaces = new ArrayList<>();
    for (long i = 0;; i++) {
      MemorySegment entry = list.asSlice(i * if_nameindex.sizeof(), if_nameindex.sizeof());
      int index = if_nameindex.if_index(entry);
      if (index == 0) {
        return interfaces;
      }
      String name = Darwin.string(if_nameindex.if_name(entry).address());
      interfaces.add(new Interface(index, name));
    }
  }
}
