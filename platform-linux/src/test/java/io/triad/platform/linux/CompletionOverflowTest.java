package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Engine;
import io.triad.engine.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * More completions than the completion queue holds. The kernel keeps the rest in a list, which it
 * shows in /proc/self/fdinfo; so these tests know that it came to that.
 */
@OnEveryRing
class CompletionOverflowTest {
  private static final int ENTRIES = 4;

  private final EngineMode mode;

  CompletionOverflowTest(EngineMode mode) {
    this.mode = mode;
  }

  private static long overflowed() throws IOException {
    for (var descriptor : OpenDescriptors.list().entrySet()) {
      if (descriptor.getValue().contains("[io_uring]")) {
        return Files.readAllLines(Path.of("/proc/self/fdinfo", descriptor.getKey().toString()))
            .stream()
            .dropWhile(line -> !line.startsWith("CqOverflowList"))
            .filter(line -> line.contains("user_data="))
            .count();
      }
    }
    throw new AssertionError("no ring is open");
  }

  @Test
  void nothing_is_lost_when_far_more_completes_than_the_queue_holds() throws IOException {
    try (TestEngine engine = TestEngine.open(mode, ENTRIES, ENTRIES, 64)) {
      int[] pair = engine.pair();
      List<Recording> operations = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        Recording operation = new Recording();
        operation.awaitReady(pair[0], Operation.WRITABLE);
        operations.add(engine.submit(operation));
      }
      assertThat(overflowed()).as("completions in the kernel's list").isGreaterThan(1_000);
      engine.awaitAll(operations);
      assertThat(operations).allMatch(operation -> operation.results().size() == 1);
    }
  }

  @Test
  void the_bytes_of_a_socket_stay_in_order() throws IOException {
    try (TestEngine engine = TestEngine.open(mode, ENTRIES, ENTRIES, 64)) {
      int sockets = 24;
      int rounds = 100;
      List<int[]> pairs = new ArrayList<>();
      List<Recording> receives = new ArrayList<>();
      for (int i = 0; i < sockets; i++) {
        pairs.add(engine.pair());
        Recording receive = new Recording();
        receive.receiveLoaned(pairs.get(i)[0]);
        receives.add(engine.submit(receive));
      }
      engine.engine().poll(0);
      long mostOverflowed = 0;
      for (int round = 0; round < rounds; round++) {
        byte[] message = ByteBuffer.allocate(4).putInt(round).array();
        pairs.forEach(pair -> PosixCalls.sendAll(pair[1], message));
        engine.engine().poll(Engine.FOREVER);
        mostOverflowed = Math.max(mostOverflowed, overflowed());
      }
      assertThat(mostOverflowed).as("completions in the kernel's list").isPositive();
      engine.until(
          () -> receives.stream().allMatch(receive -> receive.byteCount() == rounds * 4),
          "all bytes of all sockets");
      ByteBuffer expected = ByteBuffer.allocate(rounds * 4);
      for (int round = 0; round < rounds; round++) {
        expected.putInt(round);
      }
      for (Recording receive : receives) {
        assertThat(receive.bytes()).isEqualTo(expected.array());
        engine.cancel(receive);
      }
      engine.awaitAll(receives);
      assertThat(receives).allMatch(receive -> receive.result() == Operation.CANCELED);
    }
  }

  @Test
  void accepted_connections_survive_an_overflow() throws IOException {
    try (TestEngine engine = TestEngine.open(mode, ENTRIES, ENTRIES, 64)) {
      int connections = 200;
      TestEngine.Listening listening = engine.listen(connections);
      Recording accept = new Recording();
      accept.accept(listening.descriptor());
      engine.submit(accept);
      engine.engine().poll(0);
      List<Recording> connects = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        Recording connect = new Recording();
        connect.connect(
            engine.own(engine.platform().openStreamSocket(false)),
            listening.address().address(),
            listening.length());
        connects.add(engine.submit(connect));
      }
      assertThat(overflowed()).as("completions in the kernel's list").isPositive();
      engine.awaitAll(connects);
      assertThat(connects).allMatch(connect -> connect.result() == 0);
      engine.until(() -> accept.results().size() == connections, "all connections accepted");
      assertThat(accept.results()).doesNotHaveDuplicates();
      accept.results().forEach(engine::own);
      engine.cancel(accept);
      assertThat(engine.await(accept)).isEqualTo(Operation.CANCELED);
    }
  }
}
