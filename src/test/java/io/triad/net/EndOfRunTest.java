package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.Clock;
import io.triad.Nursery;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.TriadInternalError;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.testing.StreamPair;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A run has the kernel's last word on everything before it ends, however it ends. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class EndOfRunTest {
  /** Works until it is told not to. */
  private static final class BrokenClock implements Clock {
    private boolean broken;

    @Override
    public long nanos() {
      if (broken) {
        throw new UnsupportedOperationException("the clock is broken");
      }
      return System.nanoTime();
    }

    @Override
    public long untilNanos(long deadlineNanos) {
      return deadlineNanos == Long.MAX_VALUE ? deadlineNanos : deadlineNanos - nanos();
    }
  }

  @Test
  void a_run_at_fault_ends_although_tasks_are_sending_receiving_and_accepting() {
    BrokenClock clock = new BrokenClock();
    List<Integer> descriptors = new ArrayList<>();

    assertThatExceptionOfType(TriadInternalError.class)
        .isThrownBy(
            () -> Triad.run(
                RunOptions.DEFAULT.withClock(clock),
                () -> Nursery.open(
                    nursery -> {
                      StreamPair<SocketStream, SocketStream> pair = TcpPairs.open();
                      SocketListener listener =
                          Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
                      for (Object each : List.of(pair.sender(), pair.receiver(), listener)) {
                        String text = each.toString();
                        descriptors.add(
                            Integer.valueOf(
                                text.substring(text.lastIndexOf(' ') + 1)));
                      }
                      nursery.startSoon(
                          () -> pair.sender().sendAll(new byte[20_000_000]));
                      nursery.startSoon(() -> pair.sender().receiveSome());
                      nursery.startSoon(listener::accept);
                      nursery.startSoon(() -> Triad.sleep(Duration.ofDays(1)));
                      Triad.sleep(Duration.ofMillis(50));
                      clock.broken = true;
                      Triad.sleepForever();
                    })))
        .withStackTraceContaining("the clock is broken");

    // The tasks were not unwound, so what they had open is open: the test gives it back.
    assertThat(descriptors).hasSize(3);
    try (Platform platform = Platforms.open()) {
      for (int descriptor : descriptors) {
        assertThat(platform.close(descriptor)).isZero();
      }
    }
  }
}
