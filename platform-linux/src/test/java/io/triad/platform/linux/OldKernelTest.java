package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.triad.engine.Operation;
import io.triad.platform.linux.ffi.Linux;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kernels that open a ring and then lack something. The newest kernel is made to answer like them:
 * by a filter on system calls, or by submission entries with a bit that it does not know.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OldKernelTest {
  /** On a kernel that lacks it, what is shown here shows wherever the engine is used. */
  private static TestEngine openWithMultishot() {
    TestEngine engine = TestEngine.open(EngineMode.BEST);
    List<String> lines = engine.engine().describe();
    if (!lines.containsAll(List.of("receive: multishot", "accept: multishot"))) {
      engine.close();
      assumeTrue(false, "this kernel has no multishot to take away");
    }
    return engine;
  }

  private static Recording receiveLoaned(TestEngine engine, int descriptor) {
    Recording receive = new Recording();
    receive.receiveLoaned(descriptor);
    return engine.submit(receive);
  }

  private static Recording accept(TestEngine engine, int descriptor) {
    Recording accept = new Recording();
    accept.accept(descriptor);
    return engine.submit(accept);
  }

  private static void connect(TestEngine engine, TestEngine.Listening listening) {
    int client = engine.own(engine.platform().openStreamSocket(false));
    LinuxErrors.require(
        PosixCalls.connect(client, listening.address(), listening.length()), "connect");
  }

  private static void exchange(TestEngine engine, List<int[]> pairs, List<Recording> receives) {
    for (int round = 1; round <= 3; round++) {
      for (int[] pair : pairs) {
        PosixCalls.sendAll(pair[1], new byte[] {(byte) round});
      }
      int expected = round;
      engine.until(
          () -> receives.stream().allMatch(each -> each.byteCount() == expected), "all bytes");
    }
    receives.forEach(engine::cancel);
    engine.awaitAll(receives);
    for (Recording receive : receives) {
      assertThat(receive.bytes()).containsExactly(1, 2, 3);
      assertThat(receive.result()).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void without_multishot_everybody_is_served_and_nobody_told() throws IOException {
    try (TestEngine engine = openWithMultishot()) {
      List<int[]> pairs = new ArrayList<>();
      List<TestEngine.Listening> listeners = new ArrayList<>();
      List<Recording> receives = new ArrayList<>();
      List<Recording> accepts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        pairs.add(engine.pair());
        receives.add(receiveLoaned(engine, pairs.get(i)[0]));
        listeners.add(engine.listen(4));
        accepts.add(accept(engine, listeners.get(i).descriptor()));
      }
      assertThat(engine.engine().describe()).contains("receive: multishot", "accept: multishot");
      assertThat(MappedSubmissions.find().refuseMultishots()).isEqualTo(8);
      engine.engine().poll(0);
      engine.engine().poll(0);
      assertThat(engine.engine().describe())
          .contains("receive: poll, then recv(2)", "accept: one shot");

      exchange(engine, pairs, receives);
      for (int round = 1; round <= 3; round++) {
        listeners.forEach(listening -> connect(engine, listening));
        int expected = round;
        engine.until(
            () -> accepts.stream().allMatch(each -> each.results().size() == expected),
            "all connections");
      }
      for (Recording accept : accepts) {
        accept.results().forEach(engine::own);
        engine.cancel(accept);
      }
      engine.awaitAll(accepts);
      assertThat(accepts).allMatch(each -> each.result() == Operation.CANCELED);
    }
  }

  @Test
  void a_refused_multishot_that_was_cancelled_is_cancelled() throws IOException {
    try (TestEngine engine = openWithMultishot()) {
      Recording receive = receiveLoaned(engine, engine.pair()[0]);
      Recording accept = accept(engine, engine.listen(1).descriptor());
      engine.cancel(receive);
      engine.cancel(accept);
      assertThat(MappedSubmissions.find().refuseMultishots()).isEqualTo(2);
      assertThat(engine.await(receive)).isEqualTo(Operation.CANCELED);
      assertThat(engine.await(accept)).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void a_receive_that_is_invalid_in_itself_is_no_sign_of_an_old_kernel() {
    try (TestEngine engine = openWithMultishot()) {
      int idle = engine.own(engine.platform().openStreamSocket(false));
      assertThat(engine.await(receiveLoaned(engine, idle))).isEqualTo(-Linux.ENOTCONN());
      assertThat(engine.engine().describe()).contains("receive: multishot");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EINVAL", "ENOMEM"})
  void without_a_ring_of_buffers_the_engine_takes_them_itself(String error) throws Throwable {
    int errno = error.equals("EINVAL") ? Linux.EINVAL() : Linux.ENOMEM();
    new SeccompFilter()
        .refuseIf(SeccompFilter.REGISTER, 1, Linux.IORING_REGISTER_PBUF_RING(), errno)
        .around(
            () -> {
              try (TestEngine engine = TestEngine.open(EngineMode.BEST)) {
                assertThat(engine.engine().describe())
                    .anyMatch(
                        line -> line.startsWith("receive buffers: no ring of provided buffers")
                            && line.contains(error))
                    .contains("receive: poll, then recv(2)");
                List<int[]> pairs = List.of(engine.pair(), engine.pair());
                List<Recording> receives = new ArrayList<>();
                pairs.forEach(pair -> receives.add(receiveLoaned(engine, pair[0])));
                exchange(engine, pairs, receives);
              }
            });
  }

  @Test
  void without_registered_descriptors_the_ring_is_used_by_its_own() throws Throwable {
    new SeccompFilter()
        .refuseIf(
            SeccompFilter.REGISTER, 1, Linux.IORING_REGISTER_RING_FDS(), Linux.EINVAL())
        .around(
            () -> {
              try (TestEngine engine = TestEngine.open(EngineMode.BEST)) {
                assertThat(engine.engine().describe())
                    .contains("ring descriptor registered: no");
                List<int[]> pairs = List.of(engine.pair());
                exchange(engine, pairs, List.of(receiveLoaned(engine, pairs.getFirst()[0])));
              }
            });
  }
}
