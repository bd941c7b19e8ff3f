package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.EngineWatcher;
import io.triad.engine.Operation;
import io.triad.engine.OperationWatcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an engine tells of its receive buffers. */
@OnEveryEngine
class BufferWatchTest {
  private final EngineMode mode;

  BufferWatchTest(EngineMode mode) {
    this.mode = mode;
  }

  @AfterEach
  void nobody_watches_any_more() {
    EngineWatcher.install(null);
  }

  private record Want(Operation receive, int lent, boolean waits) {}

  @Test
  void a_receiver_that_has_to_wait_for_a_buffer_is_told_of() {
    List<Want> wants = new ArrayList<>();
    EngineWatcher.install(
        new EngineWatcher() {
          @Override
          protected @Nullable OperationWatcher submitted(Operation operation) {
            return null;
          }

          @Override
          protected void buffersRanOut(Operation receive, int lent, boolean waits) {
            wants.add(new Want(receive, lent, waits));
          }
        });
    try (TestEngine engine = TestEngine.open(mode, 64, 128, 1)) {
      int[] first = engine.pair();
      PosixCalls.sendAll(first[1], new byte[1]);
      Recording fed = receive(engine, first[0]);
      engine.until(() -> fed.loans() == 1, "the buffer lent");

      int[] second = engine.pair();
      PosixCalls.sendAll(second[1], new byte[1]);
      Recording starving = receive(engine, second[0]);
      engine.until(() -> wants.stream().anyMatch(Want::waits), "the want told");
      assertThat(wants).contains(new Want(starving, 1, true));

      fed.releaseOne();
      engine.until(() -> starving.loans() == 1, "the one served");
      starving.releaseOne();
      List<Recording> both = List.of(fed, starving);
      both.forEach(engine::cancel);
      engine.awaitAll(both);
    }
  }

  private static Recording receive(TestEngine engine, int descriptor) {
    Recording receive = new Recording().keepingLoans();
    receive.receiveLoaned(descriptor);
    return engine.submit(receive);
  }
}
