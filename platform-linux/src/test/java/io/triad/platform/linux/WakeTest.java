package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Engine;
import io.triad.engine.Operation;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How long a poll waits, and what ends it. */
@OnEveryEngine
class WakeTest {
  private final EngineMode mode;

  WakeTest(EngineMode mode) {
    this.mode = mode;
  }

  /** A receive that nothing will end but bytes from the second of the pair. */
  private static Recording idle(TestEngine engine, int[] pair) {
    Recording receive = new Recording();
    receive.receive(pair[0], engine.memory(16).address(), 16);
    return engine.submit(receive);
  }

  private static void end(TestEngine engine, int[] pair, Recording idle) {
    PosixCalls.sendAll(pair[1], new byte[1]);
    assertThat(engine.await(idle)).isEqualTo(1);
  }

  @Test
  void a_poll_that_only_looks_comes_back_with_nothing() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      Recording idle = idle(engine, pair);
      for (int i = 0; i < 1000; i++) {
        assertThat(engine.engine().poll(0)).isFalse();
      }
      assertThat(idle.ended()).isFalse();
      end(engine, pair, idle);
    }
  }

  @Test
  void a_poll_ends_when_its_time_is_over_and_not_before() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      Recording idle = idle(engine, pair);
      for (long nanos : new long[] {1, 999, 1_000_000, 30_000_000}) {
        long start = System.nanoTime();
        assertThat(engine.engine().poll(nanos)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
      }
      end(engine, pair, idle);
    }
  }

  @Test
  void time_outs_beyond_any_clock_are_not_taken_for_short_ones() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      Recording idle = idle(engine, pair);
      Thread peer = new Thread(() -> PosixCalls.sendAll(pair[1], new byte[1]), "peer");
      peer.start();
      while (!idle.ended()) {
        assertThat(engine.engine().poll(Engine.FOREVER - 1)).isTrue();
      }
      assertThat(idle.result()).isEqualTo(1);
    }
  }

  @Test
  void a_wake_before_the_sleep_ends_it() {
    try (TestEngine engine = TestEngine.open(mode)) {
      engine.engine().wake(); // even before the first poll has armed anything
      assertThat(engine.engine().poll(Engine.FOREVER)).isTrue();
      engine.engine().wake();
      assertThat(engine.engine().poll(Engine.FOREVER)).isTrue();
    }
  }

  @Test
  void many_wakes_are_one_and_cost_no_operation() {
    try (TestEngine engine = TestEngine.open(mode, 2, 4, 64)) {
      int[] pair = engine.pair();
      Recording idle = idle(engine, pair);
      for (int i = 0; i < 10_000; i++) {
        engine.engine().wake();
      }
      assertThat(engine.engine().poll(Engine.FOREVER)).isTrue();
      assertThat(engine.engine().operationsInFlight()).isEqualTo(1);
      // At most one more was noted while the first was being read.
      engine.engine().poll(0);
      engine.engine().poll(0);
      assertThat(engine.engine().poll(0)).isFalse();
      end(engine, pair, idle);
    }
  }

  @Test
  void every_sleep_is_ended_by_a_wake_from_another_thread() throws InterruptedException {
    try (TestEngine engine = TestEngine.open(mode)) {
      int rounds = 3_000;
      AtomicInteger slept = new AtomicInteger();
      AtomicInteger woken = new AtomicInteger();
      Thread waker =
          new Thread(
              () -> {
                for (int round = 1; round <= rounds; round++) {
                  while (slept.get() < round) {
                    Thread.onSpinWait();
                  }
                  woken.set(round);
                  engine.engine().wake();
                }
              },
              "waker");
      waker.start();
      for (int round = 1; round <= rounds; round++) {
        int expected = round;
        slept.set(round);
        engine.until(() -> woken.get() >= expected, "wake number " + round);
      }
      waker.join();
    }
  }

  @Test
  void wakes_from_several_threads_disturb_no_operation() throws InterruptedException {
    try (TestEngine engine = TestEngine.open(mode, 4, 8, 64)) {
      int[] pair = engine.pair();
      AtomicBoolean stop = new AtomicBoolean();
      Thread[] wakers = new Thread[3];
      for (int i = 0; i < wakers.length; i++) {
        wakers[i] =
            new Thread(
                () -> {
                  while (!stop.get()) {
                    engine.engine().wake();
                  }
                },
                "waker");
        wakers[i].start();
      }
      try {
        Recording receive = new Recording();
        receive.receiveLoaned(pair[0]);
        engine.submit(receive);
        for (int i = 1; i <= 1000; i++) {
          PosixCalls.sendAll(pair[1], new byte[1]);
          int expected = i;
          engine.until(() -> receive.byteCount() == expected, "a byte");
        }
        engine.cancel(receive);
        assertThat(engine.await(receive)).isEqualTo(Operation.CANCELED);
      } finally {
        stop.set(true);
        for (Thread waker : wakers) {
          waker.join();
        }
      }
    }
  }
}
