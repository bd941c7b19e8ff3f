package io.triad.platform.linux;

import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.List;

/** Linux. */
public final class LinuxPlatform implements Platform {
  private final Arena arena = Arena.ofShared();
  private final Libc libc = new Libc(arena);
  private final SocketCalls sockets = new SocketCalls(libc, arena);

  /** Made by the ladder. */
  public LinuxPlatform() {}

  @Override
  public Engine openEngine() {
    String forced = System.getProperty("triad.engine", "io_uring");
    if (!forced.equals("io_uring")) {
      throw new EngineUnavailableException(
          "-Dtriad.engine=" + forced + ": there are io_uring, on Linux, and simulated");
    }
    return new IoUringEngine(sockets, IoUringOptions.DEFAULT);
  }

  /** An engine with options other than the usual; for tests. */
  Engine openEngine(IoUringOptions options) {
    return new IoUringEngine(sockets, options);
  }

  @Override
  public List<String> describe() {
    return List.of(
        "limit of descriptors (RLIMIT_NOFILE): " + limit(Linux.RLIMIT_NOFILE()),
        "limit of locked memory in bytes (RLIMIT_MEMLOCK): " + limit(Linux.RLIMIT_MEMLOCK()));
  }

  private String limit(int resource) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment limit = scratch.allocate(16, 8); // struct rlimit: soft, hard
      LinuxErrors.require(libc.getrlimit(resource, limit), "getrlimit");
      long soft = limit.get(ValueLayout.JAVA_LONG, 0);
      return soft == -1 ? "unlimited" : Long.toUnsignedString(soft);
    }
  }

  @Override
  public String errorName(int code) {
    return LinuxErrors.name(code);
  }

  @Override
  public String errorMessage(int code) {
    return Libc.strerror(code);
  }

  @Override
  public int openStreamSocket(boolean ipv6) {
    return sockets.openStreamSocket(ipv6);
  }

  @Override
  public int bind(int descriptor, MemorySegment address, int length) {
    return libc.bind(descriptor, address, length);
  }

  @Override
  public int listen(int descriptor, int backlog) {
    return libc.listen(descriptor, backlog);
  }

  @Override
  public int shutdownSend(int descriptor) {
    return libc.shutdown(descriptor, Linux.SHUT_WR());
  }

  @Override
  public int close(int descriptor) {
    return libc.close(descriptor);
  }

  @Override
  public int setOption(int descriptor, SocketOption option, int value) {
    return sockets.setOption(descriptor, option, value);
  }

  @Override
  public int getOption(int descriptor, SocketOption option) {
    return sockets.getOption(descriptor, option);
  }

  @Override
  public boolean isStreamType(int type) {
    return type == Linux.SOCK_STREAM();
  }

  @Override
  public int setOption(int descriptor, int level, int name, MemorySegment value, int length) {
    return libc.setsockopt(descriptor, level, name, value, length);
  }

  @Override
  public int getOption(int descriptor, int level, int name, MemorySegment value, int capacity) {
    return sockets.getOption(descriptor, level, name, value, capacity);
  }

  @Override
  public int readAddress(int descriptor, boolean peer, MemorySegment to) {
    return sockets.readAddress(descriptor, peer, to);
  }

  @Override
  public int encode(InetSocketAddress address, MemorySegment to) {
    return SocketAddresses.encode(address, to);
  }

  @Override
  public InetSocketAddress decode(MemorySegment from, int length) {
    return SocketAddresses.decode(from, length);
  }

  @Override
  public int openDescriptors() {
    String[] names = new File("/proc/self/fd").list();
    if (names == null) {
      throw new IllegalStateException("/proc/self/fd cannot be read");
    }
    return names.length - 1; // the listing itself takes one
  }

  @Override
  public void close() {
    arena.close();
  }
}
