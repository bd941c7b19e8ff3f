package io.triad.platform.linux;

import io.triad.engine.DatagramBatch;
import io.triad.engine.Engine;
import io.triad.engine.NameService;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Linux. */
public final class LinuxPlatform implements Platform {
  private final Arena arena = Arena.ofShared();
  private final Libc libc = new Libc(arena);
  private final SocketCalls sockets = new SocketCalls(libc, arena);
  private final LinuxCalls calls = new LinuxCalls(libc, arena);

  /** The mode of new sockets: the one that the engine wants ({@link Engine#wantsNonBlocking}). */
  private boolean nonBlocking;

  /** Which engine it opens; null for the best that there is. */
  private final @Nullable String engineName;

  /** Made by the ladder. */
  public LinuxPlatform() {
    this(System.getProperty("triad.engine"));
  }

  /** One that opens a certain engine, whatever was asked for; for tests. */
  LinuxPlatform(@Nullable String engineName) {
    this.engineName = engineName;
  }

  @Override
  public Engine openEngine() {
    Engine engine = EngineChoice.open(this, sockets, engineName);
    nonBlocking = engine.wantsNonBlocking();
    return engine;
  }

  /** An engine with options other than the usual; for tests. */
  Engine openEngine(IoUringOptions options) {
    return new IoUringEngine(sockets, options);
  }

  /** An engine on epoll with few receive buffers; for tests. */
  Engine openEpoll(int maxReceiveBuffers) {
    nonBlocking = true;
    return EngineChoice.openEpoll(this, "a test wants it", maxReceiveBuffers);
  }

  @Override
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    lines.add("limit of descriptors (RLIMIT_NOFILE): " + limit(Linux.RLIMIT_NOFILE()));
    lines.add("limit of locked memory in bytes (RLIMIT_MEMLOCK): " + limit(Linux.RLIMIT_MEMLOCK()));
    KnownKernels.thisOne().forEach(kernel -> lines.add(kernel.describe()));
    return lines;
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
  public NonBlockingCalls calls() {
    return calls;
  }

  @Override
  public DatagramBatch datagrams(int capacity) {
    return new LinuxDatagramBatch(libc, capacity);
  }

  @Override
  public NameService names() {
    return LinuxNames.INSTANCE;
  }

  @Override
  public OptionalInt constant(String name) {
    return LinuxConstants.byName(name);
  }

  @Override
  public int family(MemorySegment address) {
    return SocketAddresses.family(address);
  }

  @Override
  public int encodeUnix(byte[] name, MemorySegment to) {
    return SocketAddresses.encodeUnix(name, to);
  }

  @Override
  public byte[] decodeUnix(MemorySegment from, int length) {
    return SocketAddresses.decodeUnix(from, length);
  }

  @Override
  public int openStreamSocket(boolean ipv6) {
    return calls.socket(
        ipv6 ? Linux.AF_INET6() : Linux.AF_INET(), Linux.SOCK_STREAM(), 0, nonBlocking);
  }

  @Override
  public int bind(int descriptor, MemorySegment address, int length) {
    return libc.bind(descriptor, address, length);
  }

  /** With a place for errno of its own. */
  @Override
  public int bindFromAnyThread(int descriptor, MemorySegment address, int length) {
    try (Arena scratch = Arena.ofConfined()) {
      return new Libc(scratch).bind(descriptor, address, length);
    }
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
  public int streamType() {
    return Linux.SOCK_STREAM();
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
