package io.triad.platform.windows;

import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.NameService;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.engine.SocketFiles;
import io.triad.engine.SocketOption;
import io.triad.platform.windows.ffi.OpenHandles;
import io.triad.platform.windows.ffi.Windows;
import io.triad.platform.windows.ffi.Winsock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;

/** Windows. */
public final class WindowsPlatform implements Platform {
  private static final String IOCP = "iocp";

  private final Arena arena = Arena.ofShared();
  private final Winsock winsock = new Winsock(arena);
  private final SocketCalls sockets = new SocketCalls(winsock, arena);
  private final WindowsCalls calls = new WindowsCalls(winsock, sockets, arena);

  /** Made by the ladder. */
  public WindowsPlatform() {}

  @Override
  public Engine openEngine() {
    String forced = System.getProperty("triad.engine");
    if (forced != null && !forced.equals(IOCP)) {
      throw new EngineUnavailableException(
          "-Dtriad.engine=" + forced + ": there are iocp, on Windows, and simulated");
    }
    return IocpEngine.open();
  }

  @Override
  public List<String> describe() {
    return List.of(
        "system: " + Platforms.systemName() + " " + System.getProperty("os.version"));
  }

  @Override
  public String errorName(int code) {
    return WindowsErrors.name(code);
  }

  @Override
  public String errorMessage(int code) {
    return WindowsErrors.message(code);
  }

  @Override
  public NonBlockingCalls calls() {
    return calls;
  }

  @Override
  public NameService names() {
    return WindowsNames.INSTANCE;
  }

  @Override
  public OptionalInt constant(String name) {
    return WindowsConstants.byName(name);
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
  public SocketFiles socketFiles() {
    return WindowsSocketFiles.INSTANCE;
  }

  @Override
  public int openStreamSocket(boolean ipv6) {
    int family = ipv6 ? Windows.AF_INET6() : Windows.AF_INET();
    return calls.socket(family, Windows.SOCK_STREAM(), 0, true);
  }

  @Override
  public int bind(int descriptor, MemorySegment address, int length) {
    return winsock.bind(descriptor, address, length);
  }

  /** With a place for the error of its own. */
  @Override
  public int bindFromAnyThread(int descriptor, MemorySegment address, int length) {
    try (Arena scratch = Arena.ofConfined()) {
      return new Winsock(scratch).bind(descriptor, address, length);
    }
  }

  @Override
  public int listen(int descriptor, int backlog) {
    return winsock.listen(descriptor, backlog);
  }

  @Override
  public int shutdownSend(int descriptor) {
    return winsock.shutdown(descriptor, Windows.SD_SEND());
  }

  @Override
  public int close(int descriptor) {
    return calls.close(descriptor);
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
    return Windows.SOCK_STREAM();
  }

  @Override
  public int setOption(int descriptor, int level, int name, MemorySegment value, int length) {
    return sockets.setOption(descriptor, level, name, value, length);
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

  /** Those that Triad has opened: {@link OpenHandles}. */
  @Override
  public int openDescriptors() {
    return OpenHandles.count();
  }

  @Override
  public void close() {
    arena.close();
  }
}
