package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.platform.linux.ffi.Linux;
import io.triad.platform.macos.emulated.OptionTable.Kind;
import io.triad.platform.macos.emulated.OptionTable.Option;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** getsockopt(2) and setsockopt(2). */
final class Options {
  private static final int TICKS_PER_SECOND = 100;

  /** struct sockaddr_storage, in both systems. */
  private static final int STORAGE_BYTES = 128;

  private final Host host;

  Options(Host host) {
    this.host = host;
  }

  // ---- setting ----

  int set(int descriptor, int level, int name, MemorySegment value) {
    OpenSocket socket = OpenSocket.of(host, descriptor);
    if (socket.type == 0) {
      return host.isOpen(descriptor) ? -Errors.ENOTSOCK : -Errors.EBADF;
    }
    if (socket.isStream()
        && socket.isDead(host.poll(descriptor, LinuxNumbers.POLLRDHUP))) {
      return -Errors.EINVAL; // both directions are shut
    }
    Option option = OptionTable.find(level, name);
    if (option == null) {
      return -Errors.ENOPROTOOPT;
    }
    if (option.kind() != Kind.PLAIN && value.byteSize() < option.minBytes()) {
      return -Errors.EINVAL;
    }
    return switch (option.kind()) {
      case PLAIN, BIT, NO_DELAY, TIME -> pass(descriptor, option, value);
      case BUFFER -> {
        if (option.linuxName() == Linux.SO_SNDBUF()) {
          socket.sendBytes = value.get(JAVA_INT_UNALIGNED, 0);
        }
        yield pass(descriptor, option, value);
      }
      case NO_SIGNAL -> {
        socket.noSigPipe = value.get(JAVA_INT_UNALIGNED, 0) != 0;
        yield 0;
      }
      case REMEMBERED -> {
        socket.remember(level, name, value.get(JAVA_INT_UNALIGNED, 0));
        yield 0;
      }
      case LINGER_TICKS -> linger(descriptor, option, value);
      case NO_FRAGMENTS -> passInt(descriptor, option, value.get(JAVA_INT_UNALIGNED, 0) == 0
          ? Linux.IP_PMTUDISC_DONT()
          : Linux.IP_PMTUDISC_DO());
      case SOURCE -> source(descriptor, option, value);
      case GROUP, GROUP_SOURCE -> group(descriptor, option, value);
      case READ_ONLY, ERROR, COUNT -> -Errors.ENOPROTOOPT;
    };
  }

  private int pass(int descriptor, Option option, MemorySegment value) {
    return host.call(
        "setsockopt",
        descriptor,
        option.linuxLevel(),
        option.linuxName(),
        value.address(),
        value.byteSize());
  }

  private int passInt(int descriptor, Option option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      return pass(descriptor, option, arena.allocateFrom(JAVA_INT, value));
    }
  }

  private int linger(int descriptor, Option option, MemorySegment value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment linger = arena.allocate(8, 4);
      linger.set(JAVA_INT, 0, value.get(JAVA_INT_UNALIGNED, 0));
      linger.set(JAVA_INT, 4, value.get(JAVA_INT_UNALIGNED, 4) / TICKS_PER_SECOND);
      return pass(descriptor, option, linger);
    }
  }

  /** struct ip_mreq_source: group, source, interface; on Linux group, interface, source. */
  private int source(int descriptor, Option option, MemorySegment value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment swapped = arena.allocate(12, 4);
      swapped.set(JAVA_INT, 0, value.get(JAVA_INT_UNALIGNED, 0));
      swapped.set(JAVA_INT, 4, value.get(JAVA_INT_UNALIGNED, 8));
      swapped.set(JAVA_INT, 8, value.get(JAVA_INT_UNALIGNED, 4));
      return pass(descriptor, option, swapped);
    }
  }

  /** struct group_req and group_source_req, packed to four bytes on Darwin. */
  private int group(int descriptor, Option option, MemorySegment value) {
    int addresses = option.kind() == Kind.GROUP ? 1 : 2;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(8 + (long) addresses * STORAGE_BYTES, 8);
      request.set(JAVA_INT, 0, value.get(JAVA_INT_UNALIGNED, 0));
      for (int i = 0; i < addresses; i++) {
        int result =
            Addresses.toLinux(
                value.asSlice(4 + (long) i * STORAGE_BYTES, STORAGE_BYTES),
                STORAGE_BYTES,
                request.asSlice(8 + (long) i * STORAGE_BYTES, STORAGE_BYTES));
        if (result < 0) {
          return result;
        }
      }
      return pass(descriptor, option, request);
    }
  }

  // ---- reading ----

  /** Reads an option; {@code length} is an int in memory, read and written. */
  int get(int descriptor, int level, int name, MemorySegment value, MemorySegment length) {
    OpenSocket socket = OpenSocket.of(host, descriptor);
    if (socket.type == 0) {
      return host.isOpen(descriptor) ? -Errors.ENOTSOCK : -Errors.EBADF;
    }
    Option option = OptionTable.find(level, name);
    if (option == null) {
      return -Errors.ENOPROTOOPT;
    }
    Integer known = known(descriptor, socket, level, name, option);
    if (known != null) {
      return known < 0 ? known : answer(known, value, length);
    }
    int result =
        host.call(
            "getsockopt",
            descriptor,
            option.linuxLevel(),
            option.linuxName(),
            value.address(),
            length.address());
    if (result >= 0 && length.get(JAVA_INT, 0) >= option.minBytes()) {
      adjust(level, name, option, value);
    }
    return result;
  }

  private static int answer(int number, MemorySegment value, MemorySegment length) {
    if (value.byteSize() < Integer.BYTES) {
      return -Errors.EINVAL;
    }
    value.set(JAVA_INT_UNALIGNED, 0, number);
    length.set(JAVA_INT, 0, Integer.BYTES);
    return 0;
  }

  /** An int that Linux would not answer, or not so; or {@code -errno}; null for others. */
  private @Nullable Integer known(
      int descriptor, OpenSocket socket, int level, int name, Option option) {
    return switch (option.kind()) {
      case NO_SIGNAL -> socket.noSigPipe ? 1 : 0;
      case REMEMBERED -> socket.remembered(level, name);
      case ERROR -> {
        int events = LinuxNumbers.POLLRDHUP;
        int error = socket.pendingError(host, descriptor, host.poll(descriptor, events));
        if (error != 0) {
          yield socket.takeError();
        }
        int linux = host.option(descriptor, LinuxNumbers.SOL_SOCKET, Linux.SO_ERROR());
        yield linux <= 0 ? linux : Errors.darwin(linux);
      }
      case COUNT -> host.count(descriptor, option.linuxName());
      case BUFFER ->
          option.linuxName() == Linux.SO_SNDBUF() && !socket.isStream() ? socket.sendBytes : null;
      case GROUP, GROUP_SOURCE, SOURCE -> -Errors.ENOPROTOOPT;
      default -> null;
    };
  }

  private static void adjust(int level, int name, Option option, MemorySegment value) {
    switch (option.kind()) {
      case BIT -> {
        // A flag is answered by its bit, which is the option's number.
        boolean set = value.get(JAVA_INT_UNALIGNED, 0) != 0;
        value.set(JAVA_INT_UNALIGNED, 0, set ? name : 0);
      }
      case NO_DELAY -> {
        final int bit = 4; // TF_NODELAY
        value.set(JAVA_INT_UNALIGNED, 0, value.get(JAVA_INT_UNALIGNED, 0) != 0 ? bit : 0);
      }
      // Linux doubles what is set, and answers that.
      case BUFFER -> value.set(JAVA_INT_UNALIGNED, 0, value.get(JAVA_INT_UNALIGNED, 0) / 2);
      case LINGER_TICKS -> {
        value.set(JAVA_INT_UNALIGNED, 0, value.get(JAVA_INT_UNALIGNED, 0) != 0 ? name : 0);
        value.set(
            JAVA_INT_UNALIGNED, 4, value.get(JAVA_INT_UNALIGNED, 4) * TICKS_PER_SECOND);
      }
      case NO_FRAGMENTS ->
          value.set(
              JAVA_INT_UNALIGNED,
              0,
              value.get(JAVA_INT_UNALIGNED, 0) == Linux.IP_PMTUDISC_DO() ? 1 : 0);
      case TIME -> value.set(JAVA_LONG.withByteAlignment(1), 8, value.get(JAVA_INT_UNALIGNED, 8));
      default -> {}
    }
  }
}
