package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.stream.HalfCloseableStream;
import io.triad.testkit.PassingStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checks accept a stream that keeps every promise, and find each promise that is broken. */
@Timeout(60)
final class StreamChecksTest {
  private static void check(
      StreamMaker<HalfCloseableStream, HalfCloseableStream> maker,
      StreamMaker<HalfCloseableStream, HalfCloseableStream> cloggedMaker) {
    Triad.run(() -> StreamChecks.checkHalfCloseableStream(maker, cloggedMaker));
  }

  /** A pair that keeps every promise, and is clogged by nature. */
  private static StreamPair<HalfCloseableStream, HalfCloseableStream> lockstep() {
    StreamPair<LockstepStream, LockstepStream> pair = LockstepStreams.pair();
    return new StreamPair<>(pair.sender(), pair.receiver());
  }

  @Test
  void test_42_a_stream_that_keeps_every_promise_passes() {
    check(StreamChecksTest::lockstep, StreamChecksTest::lockstep);
  }

  /** The message must begin with the number of the row that the defect is named after. */
  @ParameterizedTest
  @EnumSource
  @Tag("CHK-02")
  @Tag("CHK-03")
  @Tag("CHK-04")
  @Tag("CHK-05")
  @Tag("CHK-06")
  @Tag("CHK-08")
  @Tag("CHK-09")
  @Tag("CHK-10")
  @Tag("CHK-11")
  @Tag("CHK-12")
  @Tag("CHK-13")
  @Tag("CHK-14")
  @Tag("CHK-15")
  @Tag("CHK-16")
  @Tag("CHK-17")
  @Tag("CHK-18")
  @Tag("CHK-19")
  @Tag("CHK-20")
  @Tag("CHK-21")
  @Tag("CHK-22")
  @Tag("CHK-23")
  @Tag("CHK-24")
  @Tag("CHK-25")
  @Tag("CHK-26")
  @Tag("CHK-27")
  @Tag("CHK-28")
  @Tag("CHK-29")
  @Tag("CHK-30")
  @Tag("CHK-31")
  @Tag("CHK-32")
  @Tag("CHK-33")
  @Tag("CHK-34")
  @Tag("CHK-36")
  @Tag("CHK-37")
  @Tag("CHK-38")
  @Tag("CHK-39")
  @Tag("CHK-40")
  @Tag("CHK-41")
  @Tag("CHK-42")
  @Tag("CHK-43")
  void a_broken_promise_is_found_by_its_check(Defect defect) {
    StreamMaker<HalfCloseableStream, HalfCloseableStream> broken =
        () -> defect.applyTo(lockstep());

    assertThatThrownBy(
        () -> check(defect.onlyIfClogged ? StreamChecksTest::lockstep : broken, broken))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(defect.id());
  }

  @Test
  void chk_01_chk_35_an_end_that_is_missing_is_found() {
    assertThatThrownBy(
        () -> check(StreamChecksTest::withoutSender, StreamChecksTest::withoutSender))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("CHK-01");
    int[] left = {pairsOfBothDirections()};
    StreamMaker<HalfCloseableStream, HalfCloseableStream> later =
        () -> left[0]-- > 0 ? lockstep() : withoutSender();
    assertThatThrownBy(() -> Triad.run(() -> StreamChecks.checkTwoWayStream(later, null)))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("CHK-35");
  }

  @SuppressWarnings("NullAway") // that is the defect
  private static StreamPair<HalfCloseableStream, HalfCloseableStream> withoutSender() {
    return new StreamPair<>(null, lockstep().receiver());
  }

  /** How many pairs the one-way checks take, there and back. */
  private static int pairsOfBothDirections() {
    int[] made = {0};
    Triad.run(
        () -> StreamChecks.checkOneWayStream(
            () -> {
              made[0]++;
              return lockstep();
            },
            null));
    return made[0] * 2;
  }

  @Test
  void both_ends_are_closed_although_the_check_fails_and_a_close_fails() {
    List<String> closed = new ArrayList<>();
    StreamMaker<HalfCloseableStream, HalfCloseableStream> maker =
        () -> {
          StreamPair<HalfCloseableStream, HalfCloseableStream> pair = lockstep();
          return new StreamPair<>(
              new PassingStream(pair.sender()) {
                @Override
                public void close() throws IOException {
                  closed.add("sender");
                  inner.close();
                  throw new IOException("not closed well");
                }
              },
              new PassingStream(pair.receiver()) {
                @Override
                public byte[] receiveSome(int maxBytes) {
                  throw new UnsupportedOperationException();
                }

                @Override
                public void close() throws IOException {
                  closed.add("receiver");
                  inner.close();
                }
              });
        };

    assertThatThrownBy(() -> check(maker, maker)).hasMessageStartingWith("CHK-02");
    assertThat(closed).containsExactly("sender", "receiver");
  }

  @Test
  void what_hangs_fails() {
    StreamMaker<HalfCloseableStream, HalfCloseableStream> deaf =
        () -> {
          StreamPair<HalfCloseableStream, HalfCloseableStream> pair = lockstep();
          return new StreamPair<>(
              pair.sender(),
              new PassingStream(pair.receiver()) {
                @Override
                public byte[] receiveSome(int maxBytes) {
                  Triad.sleepForever();
                  throw new AssertionError("woken by hand");
                }
              });
        };

    assertThatThrownBy(
        () -> Triad.run(
            RunOptions.DEFAULT.withClock(MockClock.autojump()),
            () -> StreamChecks.checkOneWayStream(deaf, null)))
        .hasStackTraceContaining("CHK-01 to CHK-08: sending and receiving; but it hangs");
  }
}
