package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.triad.engine.Engine;
import io.triad.engine.Operation;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Signals that arrive at the loop's thread while it waits in the kernel (EINTR). SIGURG is harmless:
 * nobody uses it, the virtual machine least of all, and without a handler it is ignored.
 */
@OnEveryEngine
class InterruptedWaitTest {
  private final EngineMode mode;

  InterruptedWaitTest(EngineMode mode) {
    this.mode = mode;
  }

  /** Sends signals to the thread that made it, until closed. */
  private static final class Signals implements AutoCloseable {
    private final MemorySegment handlerBefore = PosixCalls.catchAndForget(Linux.SIGURG());
    private final int target = PosixCalls.threadId();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger sent = new AtomicInteger();
    private final Thread thread = new Thread(this::send, "signals");

    Signals() {
      thread.start();
    }

    private void send() {
      while (!stop.get()) {
        LinuxErrors.require(PosixCalls.signalThread(target, Linux.SIGURG()), "tgkill");
        sent.incrementAndGet();
        Thread.yield();
      }
    }

    int sent() {
      return sent.get();
    }

    @Override
    public void close() {
      stop.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("the test ran out of time", e);
      }
      PosixCalls.handle(Linux.SIGURG(), handlerBefore);
    }
  }

  @Test
  void the_kernel_does_report_an_interrupted_wait() {
    assumeTrue(mode.isRing(), "there is no ring");
    try (Arena arena = Arena.ofConfined()) {
      Ring ring = Ring.open(new Libc(arena), arena, 8, 16, mode.forbiddenSetupFlags());
      try (Signals _ = new Signals()) {
        for (int i = 0; i < 100; i++) {
          assertThat(ring.enter(1, 0, 0)).isEqualTo(-Linux.EINTR());
        }
      } finally {
        ring.close();
      }
    }
  }

  @Test
  void signals_neither_fail_a_wait_nor_lose_a_completion() {
    try (TestEngine engine = TestEngine.open(mode, 4, 8, 8)) {
      int[] pair = engine.pair();
      Recording receive = new Recording();
      receive.receiveLoaned(pair[0]);
      engine.submit(receive);
      try (Signals signals = new Signals()) {
        for (int i = 1; i <= 200; i++) {
          int before = signals.sent();
          engine.until(() -> signals.sent() > before + 1, "signals");
          PosixCalls.sendAll(pair[1], new byte[1]);
          int expected = i;
          engine.until(() -> receive.byteCount() == expected, "a byte");
        }
      }
      engine.cancel(receive);
      assertThat(engine.await(receive)).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void an_interrupted_wait_brings_nothing_and_says_so() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      Recording receive = new Recording();
      receive.receive(pair[0], engine.memory(16).address(), 16);
      engine.submit(receive);
      engine.engine().poll(0);
      try (Signals _ = new Signals()) {
        // Without signals this would not come back at all.
        for (int i = 0; i < 100; i++) {
          assertThat(engine.engine().poll(Engine.FOREVER)).isFalse();
        }
      }
      assertThat(receive.ended()).isFalse();
      PosixCalls.sendAll(pair[1], new byte[1]);
      assertThat(engine.await(receive)).isEqualTo(1);
    }
  }

  @Test
  void a_wake_comes_through_a_storm_of_signals() throws InterruptedException {
    try (TestEngine engine = TestEngine.open(mode);
        Signals _ = new Signals()) {
      for (int i = 0; i < 300; i++) {
        AtomicBoolean woken = new AtomicBoolean();
        Thread waker =
            new Thread(
                () -> {
                  woken.set(true);
                  engine.engine().wake();
                },
                "waker");
        waker.start();
        boolean came = false;
        while (!came) {
          came = engine.engine().poll(Engine.FOREVER);
        }
        assertThat(woken).isTrue();
        waker.join();
      }
    }
  }
}
