package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.engine.EngineUnavailableException;
import io.triad.engine.Operation;
import io.triad.platform.linux.ffi.Linux;
import java.util.ArrayDeque;

/**
 * A program that takes every descriptor it may have and looks how the engine fares. Started with a
 * limit low enough to get there quickly.
 */
final class ExhaustDescriptors {
  private static final ArrayDeque<Integer> TAKEN = new ArrayDeque<>();

  private ExhaustDescriptors() {}

  public static void main(String[] arguments) {
    loadWhatIsNeededLater();
    for (EngineMode mode : EngineMode.values()) {
      accepting(mode);
      opening(mode);
      System.out.println("passed: " + mode);
    }
  }

  /** Without descriptors no class can be read from a folder. */
  private static void loadWhatIsNeededLater() {
    assertThatExceptionOfType(EngineUnavailableException.class)
        .isThrownBy(
            () -> {
              throw new EngineUnavailableException(
                  IoUringRefusal.explain("nothing", Linux.EMFILE()));
            })
        .withMessageContaining("ulimit")
        .withMessageStartingWith("nothing");
    for (EngineMode mode : EngineMode.values()) {
      accepting(mode, () -> {}, () -> {});
    }
  }

  private static void takeAll() {
    int taken = PosixCalls.duplicate(1);
    while (taken >= 0) {
      TAKEN.add(taken);
      taken = PosixCalls.duplicate(1);
    }
    if (taken != -Linux.EMFILE()) {
      throw new AssertionError("dup failed with " + LinuxErrors.name(-taken));
    }
  }

  private static void giveBack(int count) {
    for (int i = 0; i < count; i++) {
      LinuxErrors.require(PosixCalls.close(TAKEN.remove()), "close");
    }
  }

  private static void accepting(EngineMode mode) {
    accepting(mode, ExhaustDescriptors::takeAll, () -> giveBack(TAKEN.size()));
  }

  private static void accepting(EngineMode mode, Runnable takeAll, Runnable giveAllBack) {
    try (TestEngine engine = TestEngine.open(mode)) {
      TestEngine.Listening listening = engine.listen(8);
      int client = engine.own(engine.platform().openStreamSocket(false));
      int[] pair = engine.pair();
      Recording accept = new Recording();
      accept.accept(listening.descriptor());
      engine.submit(accept);
      engine.engine().poll(0);

      takeAll.run();
      boolean exhausted = !TAKEN.isEmpty();
      LinuxErrors.require(
          PosixCalls.connect(client, listening.address(), listening.length()), "connect");
      engine.until(() -> !accept.results().isEmpty(), "word of the connection");
      if (exhausted) {
        assertThat(accept.results()).containsExactly(-Linux.EMFILE());
        assertThat(accept.ended()).isTrue();
      }

      // What needs no descriptor goes on.
      Recording receive = new Recording();
      receive.receiveLoaned(pair[0]);
      engine.submit(receive);
      PosixCalls.sendAll(pair[1], new byte[1]);
      engine.until(() -> receive.byteCount() == 1, "a byte");
      engine.cancel(receive);
      engine.await(receive);

      giveAllBack.run();
      if (exhausted) {
        accept.again(); // the connection is still there
        engine.submit(accept);
        engine.until(() -> accept.results().size() == 2, "the connection");
      }
      engine.own(accept.results().getLast());
      engine.cancel(accept);
      assertThat(engine.await(accept)).isEqualTo(Operation.CANCELED);
    }
  }

  /** Without a descriptor there is no ring, with one there is no event counter. */
  private static void opening(EngineMode mode) {
    try (LinuxPlatform platform = new LinuxPlatform()) {
      takeAll();
      for (int free = 0; free < 2; free++) {
        giveBack(free);
        assertThatExceptionOfType(EngineUnavailableException.class)
            .isThrownBy(() -> platform.openEngine(mode.options(8, 16, 8)))
            .withMessageContaining("EMFILE")
            .withMessageContaining("ulimit -n")
            .withMessageStartingWith(free == 0 ? "io_uring" : "eventfd");
      }
      giveBack(1);
      platform.openEngine(mode.options(8, 16, 8)).close();
      giveBack(TAKEN.size());
    }
  }
}
