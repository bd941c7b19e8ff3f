package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.triad.engine.Operation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Opening and closing rings, each with what its mode allows. */
@OnEveryRing
class RingTest {
  /** How many descriptors of rings the kernel registers for one thread (IO_RINGFD_REG_MAX). */
  private static final int REGISTRATIONS = 16;

  private final EngineMode mode;

  RingTest(EngineMode mode) {
    this.mode = mode;
  }

  private static String line(List<String> lines, String start) {
    return lines.stream().filter(each -> each.startsWith(start)).findFirst().orElseThrow();
  }

  @Test
  void forbidden_features_are_not_used() {
    try (TestEngine engine = TestEngine.open(mode)) {
      List<String> lines = engine.engine().describe();
      String flags = line(lines, "setup flags");
      switch (mode) {
        case BEST, WITHOUT_MULTISHOT -> assertThat(flags).startsWith("setup flags: ");
        case WITH_SUBMISSION_ARRAY -> assertThat(flags).doesNotContain("NO_SQARRAY");
        case WITHOUT_DEFERRED_WORK -> assertThat(flags).doesNotContain("DEFER_TASKRUN");
        case WITHOUT_SETUP_FLAGS, OLDEST -> assertThat(flags).isEqualTo("setup flags: none");
      }
      if (!mode.multishot()) {
        assertThat(lines).contains("receive: poll, then recv(2)", "accept: one shot");
      }
    }
  }

  @Test
  void a_thread_opens_any_number_of_engines_one_after_another() {
    Set<String> lines = new HashSet<>();
    for (int i = 0; i < 3 * REGISTRATIONS; i++) {
      try (TestEngine engine = TestEngine.open(mode)) {
        lines.add(line(engine.engine().describe(), "ring descriptor registered"));
      }
    }
    assertThat(lines).as("a place of the thread's for each of them").hasSize(1);
  }

  @Test
  void engines_of_one_thread_do_not_disturb_each_other() {
    try (TestEngine first = TestEngine.open(mode)) {
      int[] pair = first.pair();
      useBoth(first, pair);
    }
  }

  private void useBoth(TestEngine first, int[] pair) {
    try (TestEngine second = TestEngine.open(mode)) {
      Recording one = new Recording();
      one.receiveLoaned(pair[0]);
      first.submit(one);
      Recording other = new Recording();
      other.receiveLoaned(pair[1]);
      second.submit(other);
      first.engine().poll(0);
      second.engine().poll(0);
      PosixCalls.sendAll(pair[0], new byte[] {2});
      PosixCalls.sendAll(pair[1], new byte[] {1});
      first.until(() -> one.byteCount() == 1, "the byte for the first");
      second.until(() -> other.byteCount() == 1, "the byte for the second");
      first.cancel(one);
      second.cancel(other);
      assertThat(first.await(one)).isEqualTo(Operation.CANCELED);
      assertThat(second.await(other)).isEqualTo(Operation.CANCELED);
      assertThat(one.bytes()).containsExactly(1);
      assertThat(other.bytes()).containsExactly(2);
    }
  }

  @Test
  void a_thread_that_may_not_use_the_ring_is_told_so() throws InterruptedException {
    if (!mode.deferred()) {
      return; // such a ring serves any thread, so there is nobody to be told
    }
    try (TestEngine engine = TestEngine.open(mode)) {
      assumeTrue(
          line(engine.engine().describe(), "setup flags").contains("SINGLE_ISSUER"),
          "a ring of this kernel serves any thread");
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread stranger =
          new Thread(
              () -> {
                try {
                  engine.engine().poll(1);
                } catch (Throwable e) {
                  thrown.set(e);
                }
              },
              "stranger");
      stranger.start();
      stranger.join();
      assertThatIllegalStateException()
          .isThrownBy(
              () -> {
                throw thrown.get();
              })
          .withMessageContaining("io_uring_enter");
    }
  }
}
