package io.triad.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * A platform and its engine in a test, with nothing but their contract between. At the end nothing
 * may be in flight or lent, and as many descriptors open as in the beginning.
 */
public final class EngineRig implements AutoCloseable {
  private static final long HOPELESS_NANOS = 20_000_000_000L;
  private static final int UNCOUNTED = -1;

  public final Platform platform;
  public final Engine engine;
  private final Arena arena = Arena.ofShared();
  private final List<Integer> open = new ArrayList<>();
  private final List<Operation> submitted = new ArrayList<>();
  private final int before;

  /** Opens an engine. */
  public EngineRig(Platform platform) {
    this(platform, true);
  }

  /**
   * Opens an engine.
   *
   * @param alone whether nobody else opens descriptors, so that they can be counted
   */
  public EngineRig(Platform platform, boolean alone) {
    this.platform = platform;
    before = alone ? platform.openDescriptors() : UNCOUNTED;
    engine = platform.openEngine();
  }

  /** Whether the system is Linux or simulates it: sockets behave differently in detail elsewhere. */
  public boolean followsLinux() {
    return platform.constant("SO_DOMAIN").isPresent(); // which nobody else has
  }

  /** Skips a test of what is Linux's own. */
  public void assumeLinux(String what) {
    assumeTrue(followsLinux(), "not on Linux, where alone there is: " + what);
  }

  public int constant(String name) {
    return platform.constant(name).orElseThrow();
  }

  public MemorySegment memory(byte... bytes) {
    return arena.allocate(Math.max(1, bytes.length), 8).copyFrom(MemorySegment.ofArray(bytes));
  }

  public static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  public <T extends Operation> T submit(T operation) {
    submitted.add(operation);
    engine.submit(operation);
    return operation;
  }

  public void until(BooleanSupplier condition, String what) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      long left = HOPELESS_NANOS - (System.nanoTime() - start);
      if (left <= 0) {
        throw new AssertionError("never came: " + what);
      }
      engine.poll(left);
    }
  }

  public int await(Recorded operation) {
    until(operation::ended, "the end of " + operation);
    return operation.result();
  }

  /** Polls as often as everything needs that can happen without further ado. */
  public void settle() {
    for (int quiet = 0; quiet < 3; quiet++) {
      if (engine.poll(5_000_000)) {
        quiet = 0;
      }
    }
  }

  /** A positive result, or a failure that names the error. */
  public int check(int result) {
    if (result < 0) {
      throw new AssertionError(
          platform.errorName(-result) + ": " + platform.errorMessage(-result));
    }
    return result;
  }

  public String nameOf(int result) {
    return result < 0 ? platform.errorName(-result) : "no error";
  }

  // ---- sockets ----

  public int socket(boolean ipv6) {
    int descriptor = check(platform.openStreamSocket(ipv6));
    open.add(descriptor);
    return descriptor;
  }

  public void own(int descriptor) {
    open.add(descriptor);
  }

  /** Leaves the closing of a descriptor to the caller; answers it. */
  public int disown(int descriptor) {
    assertThat(open.remove((Integer) descriptor)).isTrue();
    return descriptor;
  }

  public void close(int descriptor) {
    assertThat(open.remove((Integer) descriptor)).isTrue();
    check(platform.close(descriptor));
  }

  public int bind(int descriptor, String host, int port) {
    MemorySegment address = arena.allocate(Platform.ADDRESS_BYTES, 8);
    int length = platform.encode(new InetSocketAddress(host, port), address);
    return platform.bind(descriptor, address, length);
  }

  public InetSocketAddress address(int descriptor, boolean peer) {
    MemorySegment address = arena.allocate(Platform.ADDRESS_BYTES, 8);
    return platform.decode(
        address, check(platform.readAddress(descriptor, peer, address)));
  }

  public int port(int descriptor) {
    return address(descriptor, false).getPort();
  }

  /** Listens on a free port of an address. */
  public int listen(String host, int backlog) {
    int descriptor = socket(host.contains(":"));
    check(bind(descriptor, host, 0));
    check(platform.listen(descriptor, backlog));
    return descriptor;
  }

  public Recorded connect(int descriptor, String host, int port) {
    MemorySegment address = arena.allocate(Platform.ADDRESS_BYTES, 8);
    Recorded connect = new Recorded();
    connect.connect(
        descriptor,
        address.address(),
        platform.encode(new InetSocketAddress(host, port), address));
    return submit(connect);
  }

  /** Takes the connection of a listener that has but one. */
  public int accept(int listener) {
    Recorded accept = new Recorded();
    accept.accept(listener);
    submit(accept);
    until(() -> !accept.results.isEmpty(), "a connection");
    int descriptor = check(accept.results.getFirst());
    own(descriptor);
    engine.cancel(accept);
    await(accept);
    return descriptor;
  }

  /** Two ends of a connection. */
  public int[] pair() {
    int listener = listen("127.0.0.1", 1);
    int client = socket(false);
    Recorded connect = connect(client, "127.0.0.1", port(listener));
    int server = accept(listener);
    check(await(connect));
    close(listener);
    return new int[] {client, server};
  }

  /** Two ends of a connection whose buffers are small and stay so. */
  public int[] narrowPair() {
    int[] pair = pair();
    for (int end : pair) {
      check(platform.setOption(end, SocketOption.SEND_BUFFER, 4096));
      check(platform.setOption(end, SocketOption.RECEIVE_BUFFER, 4096));
    }
    return pair;
  }

  /** Sends all of it, however many operations that takes. */
  public void send(int descriptor, byte... bytes) {
    MemorySegment memory = memory(bytes);
    for (int done = 0; done < bytes.length;) {
      Recorded send = new Recorded();
      send.send(descriptor, memory.address() + done, bytes.length - done);
      submit(send);
      done += check(await(send));
    }
  }

  /** Receives until there are so many bytes. */
  public byte[] receive(int descriptor, int count) {
    MemorySegment memory = memory(new byte[count]);
    for (int done = 0; done < count;) {
      Recorded receive = new Recorded();
      receive.receive(descriptor, memory.address() + done, count - done);
      submit(receive);
      int received = check(await(receive));
      if (received == 0) {
        throw new AssertionError("the end after " + done + " of " + count + " bytes");
      }
      done += received;
    }
    return memory.asSlice(0, count).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  /** What a receive of one byte says: 0 for the end. */
  public int receiveOne(int descriptor) {
    Recorded receive = new Recorded();
    receive.receive(descriptor, memory(new byte[1]).address(), 1);
    return await(submit(receive));
  }

  /** Closes with a reset: socket(7), SO_LINGER with a time of 0. */
  public void reset(int descriptor) {
    MemorySegment linger = arena.allocate(8, 8);
    linger.set(JAVA_INT, 0, 1);
    check(
        platform.setOption(
            descriptor, constant("SOL_SOCKET"), constant("SO_LINGER"), linger, 8));
    close(descriptor);
  }

  @Override
  public void close() {
    int inFlight = engine.operationsInFlight();
    int lent = engine.buffersLent();
    submitted.forEach(engine::cancel); // a test that fails shall not hang
    until(() -> submitted.stream().noneMatch(Operation::inFlight), "the end of everything");
    open.forEach(platform::close);
    engine.close();
    int left = platform.openDescriptors();
    platform.close();
    arena.close();
    assertThat(inFlight).as("operations in flight at the end").isZero();
    assertThat(lent).as("buffers lent at the end").isZero();
    if (before != UNCOUNTED) {
      assertThat(left).as("descriptors at the end").isEqualTo(before);
    }
  }
}
