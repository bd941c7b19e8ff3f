package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.triad.BusyResourceException;
import io.triad.Nursery;
import io.triad.PartialResult;
import io.triad.Triad;
import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LockstepBusyTest {
  @Test
  void str_09_str_12_the_second_sender_learns_that_nothing_of_its_own_was_accepted()
      throws IOException {
    var pair = LockstepStreams.oneWayPair();
    Triad.<IOException>run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> pair.sender().sendAll(new byte[5]));
              assertThat(pair.receiver().receiveSome(3)).hasSize(3);
              var busy = catchThrowableOfType(
                  BusyResourceException.class, () -> pair.sender().sendAll(new byte[7]));
              assertThat(PartialResult.of(busy)).isEqualTo(OptionalLong.of(0));
              assertThat(pair.receiver().receiveSome(3)).as("the first goes on").hasSize(2);
            }));
  }
}
