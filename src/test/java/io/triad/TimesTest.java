package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class TimesTest {
  private static final long[] EDGES = {
    Long.MIN_VALUE, Long.MIN_VALUE + 1, -1_000_000_007, -1, 0, 1, 1_000_000_007,
    Long.MAX_VALUE - 1, Long.MAX_VALUE
  };

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE + 1, -1_000_000_001, -1, 0, 1, 999, Long.MAX_VALUE - 1})
  void core_42_nanoseconds_survive_the_way_out_and_in(long nanos) {
    assertThat(Times.nanos(Times.duration(nanos))).isEqualTo(nanos);
  }

  @Test
  void what_is_further_away_than_a_long_means_for_ever() {
    assertThat(Times.nanos(Triad.FOREVER)).isEqualTo(Times.NEVER);
    assertThat(Times.nanos(Triad.FOREVER.negated())).isEqualTo(Times.ALWAYS);
    assertThat(Times.nanos(Duration.ofDays(365L * 293))).isEqualTo(Times.NEVER);
    assertThat(Times.nanos(Duration.ofDays(-365L * 293))).isEqualTo(Times.ALWAYS);
    assertThat(Times.duration(Times.NEVER)).isEqualTo(Triad.FOREVER);
    assertThat(Times.duration(Times.ALWAYS)).isEqualTo(Triad.FOREVER.negated());
  }

  @Test
  void sums_stop_at_the_ends_of_time() {
    BigInteger latest = BigInteger.valueOf(Times.NEVER);
    BigInteger earliest = BigInteger.valueOf(Times.ALWAYS);
    for (long instant : EDGES) {
      for (long nanos : EDGES) {
        BigInteger sum = BigInteger.valueOf(instant).add(BigInteger.valueOf(nanos));
        long expected =
            nanos == Times.NEVER ? Times.NEVER : sum.min(latest).max(earliest).longValueExact();
        assertThat(Times.plus(instant, nanos)).as("%d + %d", instant, nanos).isEqualTo(expected);
      }
    }
  }

  @Test
  void core_40_a_time_out_is_not_negative() {
    assertThat(Times.timeout(Duration.ZERO)).isZero();
    assertThat(Times.timeout(Triad.FOREVER)).isEqualTo(Times.NEVER);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Times.timeout(Duration.ofNanos(-1)))
        .withMessageContaining("PT-0.000000001S");
  }
}
