package io.triad.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.BrokenResourceException;
import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link ReceiveStream#forEachChunk}. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class ChunkIterationTest {
  private final List<String> chunks = new ArrayList<>();

  private void note(Chunk chunk) {
    chunks.add(new String(chunk.toArray(), ISO_8859_1));
  }

  @Test
  void str_15_all_chunks_come_in_order_and_the_end_is_no_error() throws Exception {
    Triad.run(() -> new Fed("one", "two").end().forEachChunk(this::note));

    assertThat(chunks).containsExactly("one", "two");
  }

  @Test
  void str_15_a_stream_that_ends_at_once_has_no_chunk() throws Exception {
    Triad.run(() -> new Fed().end().forEachChunk(this::note));

    assertThat(chunks).isEmpty();
  }

  @Test
  void str_15_broken_and_closed_are_thrown() throws Exception {
    BrokenResourceException broken = new BrokenResourceException("cable", null);
    Triad.run(
        () -> {
          Fed stream = new Fed("one").fail(broken);
          assertThatThrownBy(() -> stream.forEachChunk(this::note)).isSameAs(broken);
          stream.close();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> stream.forEachChunk(this::note));
        });

    assertThat(chunks).containsExactly("one");
  }

  @Test
  void str_15_closing_ends_an_iteration_that_waits() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Fed stream = new Fed("one");
              nursery.startSoon(
                  () -> assertThatExceptionOfType(ClosedResourceException.class)
                      .isThrownBy(() -> stream.forEachChunk(this::note)));
              Settling.waitAllTasksBlocked();
              assertThat(chunks).containsExactly("one");
              stream.close();
            }));
  }

  @Test
  void str_15_a_failing_action_ends_the_iteration_and_the_rest_can_still_be_received()
      throws Exception {
    Triad.run(
        () -> {
          Fed stream = new Fed("one", "two").end();
          ChunkAction<FileNotFoundException> fails =
              _ -> {
                throw new FileNotFoundException();
              };
          assertThatExceptionOfType(FileNotFoundException.class)
              .isThrownBy(() -> stream.forEachChunk(fails));
          stream.forEachChunk(this::note);
        });

    assertThat(chunks).containsExactly("two");
  }

  @Test
  void str_15_a_connection_gives_non_empty_chunks_until_the_peer_ends_it() throws Exception {
    byte[] data = new byte[1 << 20];
    new Random(15).nextBytes(data);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    client.sendAll(data);
                    client.sendEof();
                  });
              server.forEachChunk(
                  (ChunkAction<IOException>) chunk -> {
                    assertThat(chunk.length()).isPositive();
                    received.write(chunk.toArray());
                  });
            }));

    assertThat(received.toByteArray()).isEqualTo(data);
  }

  @Test
  void cancelling_an_iteration_loses_nothing() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Fed stream = new Fed();
              CancelScope scope = new CancelScope();
              nursery.startSoon(() -> scope.enter(_ -> stream.forEachChunk(this::note)));
              Settling.waitAllTasksBlocked();
              scope.cancel();
              stream.feed("late").end();
              Settling.waitAllTasksBlocked();
              assertThat(scope.cancelledCaught()).isTrue();
              stream.forEachChunk(this::note);
            }));

    assertThat(chunks).containsExactly("late");
  }
}
