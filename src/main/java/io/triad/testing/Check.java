package io.triad.testing;

import io.triad.Action;
import io.triad.BrokenResourceException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.stream.AsyncResource;
import io.triad.stream.ReceiveStream;
import io.triad.stream.SendStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What checks are made of. Each statement of a check bears the text of its promise, which begins
 * with the number; whatever goes wrong becomes an {@link AssertionError} with that text.
 */
final class Check {
  /** Far more than any check takes, and soon enough for whoever waits for the answer. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  private Check() {}

  /** A promise that was not kept; told apart from an assertion that failed inside a stream. */
  private static final class Failure extends AssertionError {
    private static final long serialVersionUID = 1L;

    Failure(String promise, @Nullable String otherwise, @Nullable Throwable cause) {
      super(promise + "; but " + otherwise, cause);
    }
  }

  /** What is done with a pair of streams. */
  @FunctionalInterface
  interface PairAction<S extends SendStream, R extends ReceiveStream> {
    void run(S sender, R receiver) throws Exception;
  }

  /** Makes a pair, does something with it, and closes both ends forcefully, whatever happens. */
  static <S extends SendStream, R extends ReceiveStream> void withPair(
      String promise, StreamMaker<S, R> maker, PairAction<? super S, ? super R> action) {
    within(
        promise,
        () -> {
          StreamPair<S, R> pair = maker.make();
          try (Forceful _ = new Forceful(pair.receiver());
              Forceful _ = new Forceful(pair.sender())) {
            action.run(pair.sender(), pair.receiver());
          }
        });
  }

  /** Closes a resource forcefully at the end of a block. */
  private record Forceful(AsyncResource resource) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      AsyncResource.closeForcefully(resource);
    }
  }

  /** Does something that must end, soon and normally. */
  static void within(String promise, Action<? extends Exception> action) {
    CancelScope scope = new CancelScope().setTimeout(LIMIT);
    scope.<RuntimeException>enter(_ -> passes(promise, action));
    that(promise, !scope.cancelledCaught(), "it hangs");
  }

  /** Does all checks of one direction in the other one. */
  static void inTheOtherDirection(Action<RuntimeException> checks) {
    try {
      checks.run();
    } catch (Failure failure) {
      throw new Failure(
          "CHK-34: the same must hold in the other direction", failure.getMessage(), failure);
    }
  }

  /** Does something that must end normally. */
  static void passes(String promise, Action<? extends Exception> action) {
    try {
      action.run();
    } catch (Failure | Cancelled e) {
      throw e;
    } catch (ExceptionGroup group) {
      for (Throwable leaf : group.leaves()) {
        if (leaf instanceof Failure failure) {
          throw failure;
        }
      }
      throw new Failure(promise, "it threw " + group.leaves(), group);
    } catch (Throwable e) {
      throw new Failure(promise, "it threw " + e, e);
    }
  }

  /** Does something that must end normally and execute a checkpoint. */
  static void checkpoint(String promise, Action<? extends Exception> action) {
    passes(promise, () -> counted(promise, action));
  }

  /** Does something that must end normally and execute a checkpoint, or say that it is broken. */
  static void checkpointOrBroken(String promise, Action<? extends Exception> action) {
    passes(
        promise,
        () -> {
          try {
            counted(promise, action);
          } catch (BrokenResourceException e) {
            // just as good
          }
        });
  }

  private static void counted(String promise, Action<? extends Exception> action)
      throws Exception {
    Checkpoints.Points points = new Checkpoints.Points();
    action.run();
    that(promise, points.makeCheckpoint(), "it executed no checkpoint: " + points);
  }

  /** Does something that must throw. */
  static void fails(
      String promise, Class<? extends Throwable> expected, Action<? extends Exception> action) {
    try {
      action.run();
    } catch (Throwable e) {
      if (expected.isInstance(e)) {
        return;
      }
      if (e instanceof Cancelled cancelled) {
        throw cancelled;
      }
      throw new Failure(promise, "it threw " + e, e);
    }
    throw new Failure(promise, "it threw no " + expected.getSimpleName(), null);
  }

  /**
   * Does two things at once that exclude each other: exactly one must throw. The other one is then
   * cancelled.
   */
  static void conflict(
      String promise,
      Class<? extends Throwable> expected,
      Action<? extends Exception> first,
      Action<? extends Exception> second) {
    fails(
        promise,
        expected,
        () -> {
          try {
            together(first, second);
          } catch (ExceptionGroup group) {
            throw group.leaves().size() == 1 && group.leaves().getFirst() instanceof Exception only
                ? only
                : group;
          }
        });
  }

  /** Does two things at once and waits for both; the first failure cancels the other. */
  static void together(Action<? extends Exception> first, Action<? extends Exception> second) {
    Nursery.open(
        nursery -> {
          nursery.startSoon(first);
          nursery.startSoon(second);
        });
  }

  /** Does something once another task is blocked in something else, and waits for both. */
  static void whileBlocked(
      Action<? extends Exception> blocked, Action<? extends Exception> meanwhile) {
    Nursery.open(
        nursery -> {
          nursery.startSoon(blocked);
          Settling.waitAllTasksBlocked();
          meanwhile.run();
        });
  }

  /** Does something inside a scope that is cancelled already, which it must notice. */
  static void cancelled(String promise, Action<? extends Exception> action) {
    CancelScope scope = new CancelScope();
    scope.cancel("no time for grace");
    passes(promise, () -> scope.enter(_ -> action.run()));
    that(promise, scope.cancelledCaught(), "it did not notice that it was cancelled");
  }

  /** Asserts something. */
  static void that(String promise, boolean kept, String otherwise) {
    if (!kept) {
      throw new Failure(promise, otherwise, null);
    }
  }
}
