package io.triad.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.Nursery;
import io.triad.Triad;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No bytes are not the end of a stream, though both look the same where they come out. */
@Timeout(60)
final class EmptyDataTest {
  private static final byte[] NOTHING = {};
  private static final byte[] ABC = {'a', 'b', 'c'};

  private final List<String> received = new ArrayList<>();

  private void receive(byte[] bytes) {
    received.add(new String(bytes, US_ASCII));
  }

  @Test
  void str_14_nothing_put_in_does_not_look_like_the_end_to_who_waits() throws IOException {
    MemoryReceiveStream stream = new MemoryReceiveStream();
    Triad.<IOException>run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> receive(stream.receiveSome()));
              Settling.waitAllTasksBlocked();
              stream.putData(NOTHING);
              Settling.waitAllTasksBlocked();
              assertThat(received).isEmpty();
              stream.putData(ABC);
            }));
    assertThat(received).containsExactly("abc");
  }

  @Test
  void test_24_nothing_sent_does_not_look_like_the_end_to_who_fetches() throws IOException {
    MemorySendStream stream = new MemorySendStream();
    Triad.<IOException>run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> receive(stream.getData()));
              Settling.waitAllTasksBlocked();
              stream.sendAll(NOTHING);
              Settling.waitAllTasksBlocked();
              assertThat(received).isEmpty();
              stream.sendAll(ABC);
            }));
    assertThat(received).containsExactly("abc");
  }
}
