package io.triad.loop;

import io.triad.engine.Engine;
import java.util.ArrayList;
import java.util.List;

/** A loop on an engine without a kernel, with a clock that stands still unless it is set. */
abstract class OnFakeEngine {
  final FakeEngine engine = new FakeEngine();
  final Scope scope = new Scope();
  final List<String> steps = new ArrayList<>();
  long now;
  Loop loop;

  static final class Scope extends CancelStatus {
    @Override
    protected Error cancelled() {
      return new Error("cancelled");
    }
  }

  private final class ManualTime implements TimeSource {
    @Override
    public long nanos() {
      return now;
    }

    @Override
    public long untilNanos(long deadline) {
      return deadline == Deadline.NEVER ? Engine.FOREVER : Math.max(0, deadline - now);
    }
  }

  final Fiber start(Runnable body) {
    if (loop == null) { // not in @BeforeEach, which runs on another thread than the test
      loop = new Loop(FakeEngine.platform(), engine, new ManualTime());
    }
    return loop.start(null, body, scope);
  }

  static Fiber self() {
    return Loop.requireFiber();
  }
}
