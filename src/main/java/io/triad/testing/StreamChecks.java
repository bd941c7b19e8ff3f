package io.triad.testing;

import io.triad.stream.ByteStream;
import io.triad.stream.HalfCloseableStream;
import io.triad.stream.ReceiveStream;
import io.triad.stream.SendStream;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether streams keep the promises of {@code io.triad.stream}. For the authors of streams:
 *
 * <pre>{@code
 * Triad.run(() -> StreamChecks.checkHalfCloseableStream(MyStreams::pair, MyStreams::cloggedPair));
 * }</pre>
 *
 * <p>A check that fails throws an {@link AssertionError} whose message begins with the number of the
 * promise, {@code CHK-01} to {@code CHK-43}, and says what it is. Both ends of every pair are closed
 * forcefully in the end, whatever happened. A check that hangs fails after 30 seconds of the run's
 * clock.
 *
 * <p>Each method takes two makers. The second one makes <em>clogged</em> pairs, in which sending
 * blocks until the other end receives; some promises can be checked only with those. Null stands for
 * streams that never clog. A clogged pair for a two-way check is clogged in both directions.
 *
 * <p>All methods are called in a task of a run, as the only task that is not blocked.
 */
public final class StreamChecks {
  private StreamChecks() {}

  /**
   * Checks a sending and a receiving stream: CHK-01 to CHK-24 and, with a clogged maker, CHK-25 to
   * CHK-33.
   *
   * @param maker makes pairs that can take at least one byte before the receiver asks for it, or
   *     whose sender waits until it does
   * @param cloggedMaker makes clogged pairs, or null
   * @param <S> the type of the first end
   * @param <R> the type of the second end
   * @throws AssertionError if a promise is broken
   */
  public static <S extends SendStream, R extends ReceiveStream> void checkOneWayStream(
      StreamMaker<S, R> maker, @Nullable StreamMaker<S, R> cloggedMaker) {
    OneWayChecks.run(maker);
    if (cloggedMaker != null) {
      CloggedChecks.run(cloggedMaker);
    }
  }

  /**
   * Checks a pair of two-way streams: everything that {@link #checkOneWayStream} does, in both
   * directions, and CHK-34 to CHK-37.
   *
   * @param maker makes pairs
   * @param cloggedMaker makes pairs that are clogged in both directions, or null
   * @param <S> the type of the first end
   * @param <R> the type of the second end
   * @throws AssertionError if a promise is broken
   */
  public static <S extends ByteStream, R extends ByteStream> void checkTwoWayStream(
      StreamMaker<S, R> maker, @Nullable StreamMaker<S, R> cloggedMaker) {
    checkOneWayStream(maker, cloggedMaker);
    Check.inTheOtherDirection(
        () -> checkOneWayStream(flipped(maker),
            cloggedMaker == null ? null : flipped(cloggedMaker)));
    TwoWayChecks.run(maker);
  }

  /**
   * Checks a pair of streams whose sending direction can be ended on its own: everything that {@link
   * #checkTwoWayStream} does, CHK-38 to CHK-41 and, with a clogged maker, CHK-42 and CHK-43.
   *
   * @param maker makes pairs
   * @param cloggedMaker makes pairs that are clogged in both directions, or null
   * @param <S> the type of the first end
   * @param <R> the type of the second end
   * @throws AssertionError if a promise is broken
   */
  public static <S extends HalfCloseableStream, R extends HalfCloseableStream>
      void checkHalfCloseableStream(
          StreamMaker<S, R> maker, @Nullable StreamMaker<S, R> cloggedMaker) {
    checkTwoWayStream(maker, cloggedMaker);
    HalfCloseChecks.run(maker);
    if (cloggedMaker != null) {
      HalfCloseChecks.runClogged(cloggedMaker);
    }
  }

  private static <A extends ByteStream, B extends ByteStream> StreamMaker<B, A> flipped(
      StreamMaker<A, B> maker) {
    return () -> {
      StreamPair<A, B> pair = maker.make();
      return new StreamPair<>(pair.receiver(), pair.sender());
    };
  }
}
