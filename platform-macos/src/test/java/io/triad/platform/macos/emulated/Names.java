package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * getaddrinfo(3) and what goes with it. Lists are allocated by the emulator; one that is freed twice,
 * or that it never made, is an error of the test.
 */
final class Names {
  // struct addrinfo of Darwin: the name comes before the address
  private static final int ENTRY_BYTES = 48;
  private static final int ADDRESS_LENGTH_AT = 16;
  private static final int NAME_AT = 24;
  private static final int ADDRESS_AT = 32;
  private static final int NEXT_AT = 40;

  private static final int LINUX_ADDRESS_AT = 24;
  private static final int LINUX_NAME_AT = 32;

  private static final int SOCK_RAW = 3;

  /** Darwin's flag and Linux's. */
  private static final int[][] ADDRESS_FLAGS = {
    {0x1, Linux.AI_PASSIVE()},
    {0x2, Linux.AI_CANONNAME()},
    {0x4, Linux.AI_NUMERICHOST()},
    {0x1000, Linux.AI_NUMERICSERV()},
    {0x100, Linux.AI_ALL()},
    {0x400, Linux.AI_ADDRCONFIG()},
    {0x800, Linux.AI_V4MAPPED()},
  };

  private static final int[][] NAME_FLAGS = {
    {0x1, Linux.NI_NOFQDN()},
    {0x2, Linux.NI_NUMERICHOST()},
    {0x4, Linux.NI_NAMEREQD()},
    {0x8, Linux.NI_NUMERICSERV()},
    {0x10, Linux.NI_DGRAM()},
  };

  private static final int EAI_BADFLAGS = 3;
  private static final int EAI_FAMILY = 5;
  private static final int EAI_SYSTEM = 11;

  /** By Darwin's number: the number of Linux, and the text. */
  private record Failure(int linux, String text) {}

  private static final Map<Integer, Failure> FAILURES =
      Map.ofEntries(
          Map.entry(1, new Failure(-9, "Address family for hostname not supported")),
          Map.entry(2, new Failure(-3, "Temporary failure in name resolution")),
          Map.entry(EAI_BADFLAGS, new Failure(-1, "Invalid value for ai_flags")),
          Map.entry(4, new Failure(-4, "Non-recoverable failure in name resolution")),
          Map.entry(EAI_FAMILY, new Failure(-6, "ai_family not supported")),
          Map.entry(6, new Failure(-10, "Memory allocation failure")),
          Map.entry(7, new Failure(-5, "No address associated with nodename")),
          Map.entry(8, new Failure(-2, "nodename nor servname provided, or not known")),
          Map.entry(9, new Failure(-8, "servname not supported for ai_socktype")),
          Map.entry(10, new Failure(-7, "ai_socktype not supported")),
          Map.entry(EAI_SYSTEM, new Failure(-11, "System error")),
          Map.entry(14, new Failure(-12, "Argument buffer overflow")));

  private static final Map<Integer, MemorySegment> TEXTS = new ConcurrentHashMap<>();
  private static final Map<Long, Arena> LISTS = new ConcurrentHashMap<>();

  private final Host host;

  Names(Host host) {
    this.host = host;
  }

  /** How many lists of addresses nobody has freed. */
  static int unfreed() {
    return LISTS.size();
  }

  // ---- errors ----

  /** 0, or Darwin's number, with errno in the upper half for EAI_SYSTEM. */
  private long result(int linux) {
    if (linux == 0) {
      return 0;
    }
    for (Map.Entry<Integer, Failure> failure : FAILURES.entrySet()) {
      if (failure.getValue().linux == linux) {
        int number = failure.getKey();
        return number == EAI_SYSTEM ? (long) host.error() << 32 | number : number;
      }
    }
    throw new AssertionError("a failure of the resolver that Darwin does not know: " + linux);
  }

  static long text(int number) {
    Failure failure = FAILURES.get(number);
    String text = failure == null ? "Unknown error" : failure.text;
    return TEXTS.computeIfAbsent(number, _ -> Arena.global().allocateFrom(text)).address();
  }

  private static int flags(int darwin, int[][] pairs) {
    int linux = 0;
    int rest = darwin;
    for (int[] pair : pairs) {
      if ((darwin & pair[0]) != 0) {
        linux |= pair[1];
        rest &= ~pair[0];
      }
    }
    return rest == 0 ? linux : -1;
  }

  // ---- addresses ----

  long addresses(long hostName, long service, long hints, long list) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment linuxHints = arena.allocate(ENTRY_BYTES, 8);
      int type = 0;
      if (hints != 0) {
        MemorySegment given = Host.at(hints, ENTRY_BYTES);
        int flags = flags(given.get(JAVA_INT, 0), ADDRESS_FLAGS);
        int family = Addresses.linuxFamily(given.get(JAVA_INT, 4));
        if (flags < 0 || family < 0) {
          return flags < 0 ? EAI_BADFLAGS : EAI_FAMILY;
        }
        type = given.get(JAVA_INT, 8);
        linuxHints.set(JAVA_INT, 0, flags);
        linuxHints.set(JAVA_INT, 4, family);
        linuxHints.set(JAVA_INT, 8, type);
        linuxHints.set(JAVA_INT, 12, given.get(JAVA_INT, 12));
      }
      MemorySegment found = arena.allocate(JAVA_LONG);
      int code =
          (int) host.raw(
              "getaddrinfo",
              hostName,
              service,
              hints == 0 ? 0 : linuxHints.address(),
              found.address());
      if (code != 0) {
        return result(code);
      }
      long first = found.get(JAVA_LONG, 0);
      Host.at(list, Long.BYTES).set(JAVA_LONG, 0, copy(first, type));
      host.raw("freeaddrinfo", first);
      return 0;
    }
  }

  /** The list as Darwin lays it out, without raw sockets that nobody asked for. */
  private static long copy(long first, int type) {
    Arena arena = Arena.ofShared();
    List<MemorySegment> entries = new ArrayList<>();
    long next = first;
    while (next != 0) {
      MemorySegment linux = Host.at(next, ENTRY_BYTES);
      if (type != 0 || linux.get(JAVA_INT, 8) != SOCK_RAW) {
        entries.add(copy(arena, linux));
      }
      next = linux.get(JAVA_LONG, NEXT_AT);
    }
    for (int i = 1; i < entries.size(); i++) {
      entries.get(i - 1).set(JAVA_LONG, NEXT_AT, entries.get(i).address());
    }
    long address = entries.getFirst().address();
    LISTS.put(address, arena);
    return address;
  }

  private static MemorySegment copy(Arena arena, MemorySegment linux) {
    MemorySegment entry = arena.allocate(ENTRY_BYTES, 8);
    int length = linux.get(JAVA_INT, ADDRESS_LENGTH_AT);
    MemorySegment address = arena.allocate(Addresses.MAX_BYTES, 8);
    MemorySegment.copy(
        Host.at(linux.get(JAVA_LONG, LINUX_ADDRESS_AT), length), 0, address, 0, length);
    entry.set(JAVA_INT, 4, Addresses.darwinFamily(linux.get(JAVA_INT, 4)));
    entry.set(JAVA_INT, 8, linux.get(JAVA_INT, 8));
    entry.set(JAVA_INT, 12, linux.get(JAVA_INT, 12));
    entry.set(
        JAVA_INT,
        ADDRESS_LENGTH_AT,
        Addresses.toDarwin(address, length, Addresses.MAX_BYTES));
    entry.set(JAVA_LONG, ADDRESS_AT, address.address());
    long name = linux.get(JAVA_LONG, LINUX_NAME_AT);
    if (name != 0) {
      String text = Host.at(name, Long.MAX_VALUE).getString(0);
      entry.set(JAVA_LONG, NAME_AT, arena.allocateFrom(text).address());
    }
    return entry;
  }

  static void free(long list) {
    Arena arena = LISTS.remove(list);
    if (arena == null) {
      throw new AssertionError("freeaddrinfo of what is no list");
    }
    arena.close();
  }

  // ---- names ----

  long names(
      long address,
      int length,
      long hostName,
      int hostLength,
      long service,
      int serviceLength,
      int flags) {
    int linuxFlags = flags(flags, NAME_FLAGS);
    if (linuxFlags < 0) {
      return EAI_BADFLAGS;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment linux = arena.allocate(Addresses.MAX_BYTES, 8);
      int linuxLength = Addresses.toLinux(Host.at(address, length), length, linux);
      if (linuxLength < 0) {
        return EAI_FAMILY;
      }
      return result(
          (int) host.raw(
              "getnameinfo",
              linux.address(),
              linuxLength,
              hostName,
              hostLength,
              service,
              serviceLength,
              linuxFlags));
    }
  }
}
