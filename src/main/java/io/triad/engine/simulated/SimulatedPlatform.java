package io.triad.engine.simulated;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.engine.Engine;
import io.triad.engine.NameService;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Platform;
import io.triad.engine.SocketFiles;
import io.triad.engine.SocketOption;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/**
 * The calls of a {@link World}. Numbers of errors and options, and the form of addresses, are those
 * of Linux; it runs on any system.
 */
final class SimulatedPlatform implements Platform {
  private final World world;
  private final SimulatedCalls calls;
  private final SimulatedSocketFiles files;

  /** Made by the ladder: the one that all share who ask for it by name. */
  SimulatedPlatform() {
    this(World.shared());
  }

  SimulatedPlatform(World world) {
    this.world = world;
    calls = new SimulatedCalls(world);
    files = new SimulatedSocketFiles(world);
  }

  @Override
  public Engine openEngine() {
    world.enter();
    try {
      SimulatedEngine engine = new SimulatedEngine(world);
      world.add(engine);
      return engine;
    } finally {
      world.exit();
    }
  }

  @Override
  public List<String> describe() {
    return List.of("limit of descriptors: " + world.conditions().descriptors());
  }

  @Override
  public String errorName(int code) {
    return Errno.name(code);
  }

  @Override
  public String errorMessage(int code) {
    return Errno.text(code);
  }

  /** Makes a call on a socket, alone in the world. */
  private int call(int descriptor, ToIntFunction<OpenSocket> call) {
    world.enter();
    try {
      OpenSocket socket = world.descriptors().get(descriptor);
      return socket == null ? Errno.EBADF.negated() : call.applyAsInt(socket);
    } finally {
      world.exit();
    }
  }

  @Override
  public NonBlockingCalls calls() {
    return calls;
  }

  @Override
  public NameService names() {
    return world.names();
  }

  @Override
  public OptionalInt constant(String name) {
    return Constants.byName(name);
  }

  @Override
  public int family(MemorySegment address) {
    return Endpoint.family(address);
  }

  @Override
  public int encodeUnix(byte[] name, MemorySegment to) {
    return UnixName.encode(name, to);
  }

  @Override
  public byte[] decodeUnix(MemorySegment from, int length) {
    return UnixName.decode(from, length);
  }

  @Override
  public int openStreamSocket(boolean ipv6) {
    return calls.socket(
        ipv6 ? Endpoint.AF_INET6 : Endpoint.AF_INET, Constants.SOCK_STREAM, 0, false);
  }

  @Override
  public int bind(int descriptor, MemorySegment address, int length) {
    return call(descriptor, socket -> socket.bind(address, length));
  }

  @Override
  public int bindFromAnyThread(int descriptor, MemorySegment address, int length) {
    return bind(descriptor, address, length);
  }

  @Override
  public int listen(int descriptor, int backlog) {
    return call(descriptor, socket -> socket.listen(backlog));
  }

  @Override
  public int shutdownSend(int descriptor) {
    return call(descriptor, socket -> socket.shutdown(OpenSocket.SHUT_SENDING));
  }

  @Override
  public SocketFiles socketFiles() {
    return files;
  }

  @Override
  public int close(int descriptor) {
    world.enter();
    try {
      return world.closeDescriptor(descriptor);
    } finally {
      world.exit();
    }
  }

  @Override
  public int setOption(int descriptor, SocketOption option, int value) {
    return call(
        descriptor,
        socket -> option == SocketOption.IPV6_ONLY && isBound(socket)
            ? Errno.EINVAL.negated()
            : socket.options().set(option, value));
  }

  /** ipv6(7): which addresses a socket takes is decided before it is bound. */
  private static boolean isBound(OpenSocket socket) {
    return socket instanceof InternetSocket internet
        && internet.isIpv6()
        && internet.local() != null;
  }

  @Override
  public int getOption(int descriptor, SocketOption option) {
    return call(
        descriptor,
        socket -> switch (option) {
          case ERROR -> socket.takeError();
          case ACCEPTING -> socket.isListening() ? 1 : 0;
          default -> socket.options().get(option);
        });
  }

  @Override
  public int streamType() {
    return Constants.SOCK_STREAM;
  }

  @Override
  public int setOption(int descriptor, int level, int name, MemorySegment value, int length) {
    boolean linger = SocketOptions.isLinger(level, name);
    if (length < (linger ? 2 : 1) * Integer.BYTES) {
      return Errno.EINVAL.negated();
    }
    int number = value.get(JAVA_INT, 0);
    if (linger) {
      int seconds = number == 0 ? -1 : value.get(JAVA_INT, Integer.BYTES);
      return call(
          descriptor,
          socket -> {
            socket.options().setLinger(seconds);
            return 0;
          });
    }
    if (SocketOptions.isOption(SocketOption.IPV6_ONLY, level, name)) {
      return setOption(descriptor, SocketOption.IPV6_ONLY, number);
    }
    return call(descriptor, socket -> socket.options().set(level, name, number));
  }

  @Override
  public int getOption(int descriptor, int level, int name, MemorySegment value, int capacity) {
    if (SocketOptions.isLinger(level, name)) {
      return call(descriptor, socket -> readLinger(socket.options(), value, capacity));
    }
    for (SocketOption option : SocketOption.values()) {
      if (SocketOptions.isOption(option, level, name)) {
        return written(getOption(descriptor, option), value, capacity);
      }
    }
    return written(call(descriptor, socket -> socket.options().get(level, name)), value, capacity);
  }

  private static int readLinger(SocketOptions options, MemorySegment value, int capacity) {
    if (capacity < 2 * Integer.BYTES) {
      return Errno.EINVAL.negated();
    }
    value.set(JAVA_INT, 0, options.lingerSeconds() < 0 ? 0 : 1);
    value.set(JAVA_INT, Integer.BYTES, Math.max(0, options.lingerSeconds()));
    return 2 * Integer.BYTES;
  }

  private static int written(int result, MemorySegment value, int capacity) {
    if (result < 0 || capacity < Integer.BYTES) {
      return result < 0 ? result : Errno.EINVAL.negated();
    }
    value.set(JAVA_INT, 0, result);
    return Integer.BYTES;
  }

  @Override
  public int readAddress(int descriptor, boolean peer, MemorySegment to) {
    return call(descriptor, socket -> peer ? socket.writePeer(to) : socket.writeLocal(to));
  }

  @Override
  public int encode(InetSocketAddress address, MemorySegment to) {
    return Endpoint.encode(address, to);
  }

  @Override
  public InetSocketAddress decode(MemorySegment from, int length) {
    return Endpoint.decode(from, length);
  }

  @Override
  public int openDescriptors() {
    world.enter();
    try {
      return world.descriptors().open();
    } finally {
      world.exit();
    }
  }

  @Override
  public void close() {}
}
