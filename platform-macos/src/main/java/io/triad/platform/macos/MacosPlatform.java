package io.triad.platform.macos;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.NameService;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Platform;
import io.triad.engine.ReadinessEngine;
import io.triad.engine.SocketOption;
import io.triad.platform.macos.ffi.Darwin;
import io.triad.platform.macos.ffi.DarwinCalls;
import io.triad.platform.macos.ffi.Macos;
import io.triad.platform.macos.ffi.NativeDarwinCalls;
import io.triad.platform.macos.ffi.group_req;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/** macOS. Open to be extended only so that tests can put other calls below it. */
public class MacosPlatform implements Platform {
  private static final String KQUEUE = "kqueue";

  private final Function<Arena, ? extends DarwinCalls> source;
  private final Arena arena = Arena.ofShared();
  private final Darwin darwin;

  /** For what may come when the rest is closed; nobody looks at errno. */
  private final Darwin lasting;

  private final MacosOptions options;
  private final MacosCalls calls;
  private final NameService names;

  /** Made by the ladder. */
  public MacosPlatform() {
    this(NativeDarwinCalls::new);
  }

  /**
   * One with calls of another making.
   *
   * @param source makes calls for one thread that can be used for as long as an arena lives
   */
  protected MacosPlatform(Function<Arena, ? extends DarwinCalls> source) {
    this.source = source;
    darwin = new Darwin(source.apply(arena));
    options = new MacosOptions(darwin, arena);
    calls = new MacosCalls(darwin, options, arena);
    lasting = new Darwin(source.apply(Arena.ofAuto()));
    names = new MacosNames(lasting);
  }

  @Override
  public final Engine openEngine() {
    String forced = System.getProperty("triad.engine");
    if (forced != null && !forced.equals(KQUEUE)) {
      throw new EngineUnavailableException(
          "-Dtriad.engine=" + forced + ": there are kqueue, on macOS, and simulated");
    }
    return openEngine(ReadinessEngine.MAX_RECEIVE_BUFFERS);
  }

  /** An engine with so many receive buffers at most. */
  final Engine openEngine(int maxReceiveBuffers) {
    Arena engines = Arena.ofShared();
    try {
      Darwin own = new Darwin(source.apply(engines));
      return new ReadinessEngine(
          this,
          new KqueuePoller(own, engines),
          engines,
          maxReceiveBuffers,
          bytes -> mapPages(engines, bytes),
          List.of("engine: kqueue"));
    } catch (Throwable e) {
      engines.close();
      throw e;
    }
  }

  private MemorySegment mapPages(Arena engines, long bytes) {
    long address = darwin.mapPages(bytes);
    if (address < 0) {
      throw new OutOfMemoryError(
          "mmap of " + bytes + " bytes failed: " + darwin.strerror((int) -address));
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes, engines, this::unmap);
  }

  private void unmap(MemorySegment mapped) {
    if (lasting.munmap(mapped.address(), mapped.byteSize()) != 0) {
      throw new IllegalStateException("not a mapping: " + mapped);
    }
  }

  @Override
  public final List<String> describe() {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment limit = scratch.allocate(2 * Long.BYTES, Long.BYTES);
      MacosErrors.require(darwin, darwin.getrlimit(Macos.RLIMIT_NOFILE(), limit), "getrlimit");
      long soft = limit.get(JAVA_LONG, 0); // RLIM_INFINITY is the largest long
      return List.of(
          "limit of descriptors (RLIMIT_NOFILE): "
              + (soft == Long.MAX_VALUE ? "unlimited" : Long.toString(soft)));
    }
  }

  @Override
  public final String errorName(int code) {
    return MacosErrors.name(code);
  }

  @Override
  public final String errorMessage(int code) {
    return lasting.strerror(code);
  }

  @Override
  public final NonBlockingCalls calls() {
    return calls;
  }

  @Override
  public final NameService names() {
    return names;
  }

  @Override
  public final OptionalInt constant(String name) {
    return MacosConstants.byName(name);
  }

  // ---- addresses ----

  @Override
  public final int family(MemorySegment address) {
    return MacosAddresses.family(address);
  }

  @Override
  public final int encodeUnix(byte[] name, MemorySegment to) {
    return MacosAddresses.encodeUnix(name, to);
  }

  @Override
  public final byte[] decodeUnix(MemorySegment from, int length) {
    return MacosAddresses.decodeUnix(from, length);
  }

  @Override
  public final int encode(InetSocketAddress address, MemorySegment to) {
    return MacosAddresses.encode(address, to);
  }

  @Override
  public final InetSocketAddress decode(MemorySegment from, int length) {
    return MacosAddresses.decode(from, length);
  }

  // ---- sockets ----

  @Override
  public final int openStreamSocket(boolean ipv6) {
    return calls.socket(
        ipv6 ? Macos.AF_INET6() : Macos.AF_INET(), Macos.SOCK_STREAM(), 0, true);
  }

  @Override
  public final int bind(int descriptor, MemorySegment address, int length) {
    return darwin.bind(descriptor, address, length);
  }

  /** With a place for errno of its own. */
  @Override
  public final int bindFromAnyThread(int descriptor, MemorySegment address, int length) {
    try (Arena scratch = Arena.ofConfined()) {
      return darwin.in(scratch).bind(descriptor, address, length);
    }
  }

  @Override
  public final int listen(int descriptor, int backlog) {
    return darwin.listen(descriptor, backlog);
  }

  @Override
  public final int shutdownSend(int descriptor) {
    return darwin.shutdown(descriptor, Macos.SHUT_WR());
  }

  @Override
  public final int close(int descriptor) {
    return darwin.close(descriptor);
  }

  @Override
  public final int groupAt() {
    return (int) group_req.gr_group$offset();
  }

  @Override
  public final int streamType() {
    return Macos.SOCK_STREAM();
  }

  @Override
  public final int readAddress(int descriptor, boolean peer, MemorySegment to) {
    return options.readAddress(descriptor, peer, to);
  }

  // ---- options ----

  @Override
  public final int setOption(int descriptor, SocketOption option, int value) {
    return options.set(descriptor, option, value);
  }

  @Override
  public final int getOption(int descriptor, SocketOption option) {
    return options.get(descriptor, option);
  }

  @Override
  public final int setOption(
      int descriptor, int level, int name, MemorySegment value, int length) {
    return darwin.setsockopt(descriptor, level, name, value, length);
  }

  @Override
  public final int getOption(
      int descriptor, int level, int name, MemorySegment value, int capacity) {
    return options.get(descriptor, level, name, value, capacity);
  }

  /** The folder lists what this process has, and the listing itself takes one. */
  @Override
  public final int openDescriptors() {
    String[] entries = new File("/dev/fd").list();
    if (entries == null) {
      throw new IllegalStateException("/dev/fd cannot be read");
    }
    return entries.length - 1;
  }

  @Override
  public final void close() {
    arena.close();
  }
}
