package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class PartialResultTest {

  @Test
  void an_exception_without_a_number_has_none() {
    IOException plain = new IOException();
    plain.addSuppressed(new IOException());

    assertThat(PartialResult.of(plain)).isEmpty();
  }

  @Test
  void the_number_hangs_on_the_exception_itself() {
    IOException failure = new IOException();

    assertThat(PartialResult.attach(failure, 17)).isSameAs(failure);
    assertThat(PartialResult.of(failure)).hasValue(17);
    assertThat(PartialResult.of(PartialResult.attach(new IOException(), 0))).hasValue(0);
    assertThat(PartialResult.of(PartialResult.attach(new IOException(), Long.MAX_VALUE)))
        .hasValue(Long.MAX_VALUE);
  }

  @Test
  void the_last_number_counts() {
    IOException failure = PartialResult.attach(new IOException(), 5);
    failure.addSuppressed(new IOException());
    PartialResult.attach(failure, 12); // by a stream around the first one

    assertThat(PartialResult.of(failure)).hasValue(12);
  }

  @Test
  void it_can_be_read_by_people() {
    IOException failure = PartialResult.attach(new IOException(), 5);

    assertThat(failure.getSuppressed()).singleElement().asString().contains("5 bytes");
  }

  @Test
  void a_cancellation_carries_it_too() {
    Triad.run(
        () -> CancelScope.open(
            scope -> {
              scope.cancel();
              Cancelled cancelled =
                  catchThrowableOfType(Cancelled.class, Triad::checkpoint);
              assertThat(PartialResult.of(PartialResult.attach(cancelled, 3))).hasValue(3);
              throw cancelled;
            }));
  }
}
