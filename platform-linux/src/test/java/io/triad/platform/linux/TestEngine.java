package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Engine;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * An engine in a test, used by the thread that opened it. At the end nothing may be in flight, no
 * buffer lent, and the descriptors of the process must be those of the beginning.
 */
final class TestEngine implements AutoCloseable {
  /** Beyond this a condition is taken for one that never comes. Passing tests do not wait for it. */
  private static final long HOPELESS_NANOS = 20_000_000_000L;

  private final Map<Integer, String> descriptorsBefore = OpenDescriptors.list();
  private final Arena arena = Arena.ofShared();
  private final LinuxPlatform platform = new LinuxPlatform();
  private final Engine engine;
  private final List<Integer> descriptors = new ArrayList<>();
  private final Set<Operation> submitted = new LinkedHashSet<>();

  private TestEngine(Function<LinuxPlatform, Engine> opening) {
    engine = opening.apply(platform);
  }

  /** Opens one with the usual sizes. */
  static TestEngine open(EngineMode mode) {
    return open(mode, 1024, 8192, 16384);
  }

  /** Opens one with certain sizes: entries of two queues, and receive buffers. */
  static TestEngine open(EngineMode mode, int submissions, int completions, int buffers) {
    return new TestEngine(platform -> mode.open(platform, submissions, completions, buffers));
  }

  static TestEngine open(IoUringOptions options) {
    return new TestEngine(platform -> platform.openEngine(options));
  }

  Engine engine() {
    return engine;
  }

  LinuxPlatform platform() {
    return platform;
  }

  /** Off-heap memory that lives as long as this engine. */
  MemorySegment memory(long bytes) {
    return arena.allocate(bytes, 64);
  }

  /** Off-heap memory with these bytes. */
  MemorySegment memory(byte[] bytes) {
    MemorySegment memory = memory(bytes.length);
    memory.copyFrom(MemorySegment.ofArray(bytes));
    return memory;
  }

  /** Submits, and remembers the operation for a test that fails. */
  <T extends Operation> T submit(T operation) {
    submitted.add(operation);
    engine.submit(operation);
    return operation;
  }

  void cancel(Operation operation) {
    engine.cancel(operation);
  }

  /** Polls until the condition holds; what makes it true must come with a completion. */
  void until(BooleanSupplier condition, String description) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      long left = HOPELESS_NANOS - (System.nanoTime() - start);
      if (left <= 0) {
        throw new AssertionError("never came: " + description);
      }
      engine.poll(left);
    }
  }

  /** Polls until the final completion; answers its result. */
  int await(Recording operation) {
    until(operation::ended, "the end of " + operation);
    return operation.result();
  }

  void awaitAll(List<? extends Recording> operations) {
    until(() -> operations.stream().allMatch(Recording::ended), "the end of all operations");
  }

  /** Two ends of a connection, closed with this engine. */
  int[] pair() {
    int[] pair = PosixCalls.socketPair();
    descriptors.add(pair[0]);
    descriptors.add(pair[1]);
    return pair;
  }

  /** Two ends of a TCP connection on the loopback interface, closed with this engine. */
  int[] tcpPair() {
    Listening listening = listen(1);
    int client = own(platform.openStreamSocket(false));
    LinuxErrors.require(
        PosixCalls.connect(client, listening.address, listening.length), "connect");
    int server = own(PosixCalls.accept(listening.descriptor));
    close(listening.descriptor);
    return new int[] {server, client};
  }

  /** A listening socket and the address to reach it. */
  record Listening(int descriptor, MemorySegment address, int length) {}

  /** Listens on a free port of the loopback interface; closed with this engine. */
  Listening listen(int backlog) {
    int descriptor = own(platform.openStreamSocket(false));
    MemorySegment address = memory(Platform.ADDRESS_BYTES);
    int length =
        platform.encode(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), address);
    LinuxErrors.require(platform.bind(descriptor, address, length), "bind");
    LinuxErrors.require(platform.listen(descriptor, backlog), "listen");
    return new Listening(descriptor, address, platform.readAddress(descriptor, false, address));
  }

  /** Has a descriptor closed with this engine. */
  int own(int descriptor) {
    descriptors.add(LinuxErrors.require(descriptor, "opening a descriptor"));
    return descriptor;
  }

  /** Closes a descriptor of ours now. */
  void close(int descriptor) {
    disown(descriptor);
    LinuxErrors.require(PosixCalls.close(descriptor), "close");
  }

  /** Somebody else has closed a descriptor of ours. */
  void disown(int descriptor) {
    assertThat(descriptors.remove((Integer) descriptor)).as("a descriptor of ours").isTrue();
  }

  @Override
  public void close() {
    int inFlight = engine.operationsInFlight();
    int lent = engine.buffersLent();
    submitted.forEach(engine::cancel); // a test that fails shall not hang
    until(() -> submitted.stream().noneMatch(Operation::inFlight), "the end of what is in flight");
    assertThat(engine.operationsInFlight()).as("operations that never end").isZero();
    for (int descriptor : descriptors) {
      LinuxErrors.require(PosixCalls.close(descriptor), "close");
    }
    engine.close();
    platform.close();
    arena.close();
    assertThat(inFlight).as("operations in flight at the end").isZero();
    assertThat(lent).as("receive buffers lent at the end").isZero();
    assertThat(OpenDescriptors.list()).as("descriptors at the end").isEqualTo(descriptorsBefore);
  }
}
