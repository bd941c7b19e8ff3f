package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.PartialResult;
import io.triad.Triad;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class ZeroCopySendTest {
  private static final int SIZE = 2_000_000;

  private static ByteBuffer random() {
    byte[] content = new byte[SIZE];
    new Random(3).nextBytes(content);
    return ByteBuffer.allocateDirect(SIZE).put(content).flip();
  }

  private static ByteBuffer receive(SocketStream stream) throws IOException {
    ByteBuffer received = ByteBuffer.allocate(SIZE * 2);
    while (stream.receiveSome(received) >= 0) {
      Triad.checkpoint();
    }
    return received.flip();
  }

  @Test
  void all_arrives_and_the_memory_is_free_again() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          ByteBuffer data = random();
          AtomicReference<ByteBuffer> received = new AtomicReference<>();
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> received.set(receive(server)));
                client.sendAllZeroCopy(data);
                assertThat(data.hasRemaining()).isFalse();
                for (int i = 0; i < SIZE; i++) {
                  data.put(i, (byte) 0); // what is still on its way must not become this
                }
                client.sendEof();
              });
          assertThat(received.get()).isEqualTo(random());
        });
  }

  @Test
  void memory_on_the_heap_is_refused() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> client.sendAllZeroCopy(ByteBuffer.allocate(3)));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> client.sendAllZeroCopy(MemorySegment.ofArray(new byte[3])));
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(3).fill((byte) 7);
            Checkpoints.assertCheckpoints(() -> client.sendAllZeroCopy(segment));
            Checkpoints.assertCheckpoints(() -> client.sendAllZeroCopy(segment.asSlice(0, 0)));
          }
          assertThat(server.receiveSome()).containsExactly(7, 7, 7);
        });
  }

  @Test
  void a_cancelled_send_tells_how_much_the_peer_gets() throws Exception {
    TcpPairs.run(
        TcpPairs::narrow,
        (client, server) -> {
          ByteBuffer data = random();
          AtomicReference<Throwable> thrown = new AtomicReference<>();
          CancelScope scope = new CancelScope();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> scope.enter(
                        _ -> {
                          try {
                            client.sendAllZeroCopy(data);
                          } catch (Throwable e) {
                            thrown.set(e);
                            throw e;
                          }
                        }));
                Settling.waitAllTasksBlocked();
                scope.cancel();
                // The kernel keeps the memory until the peer has acknowledged what it was sent.
                nursery.startSoon(
                    () -> {
                      ByteBuffer received = receive(server);
                      assertThat(received).isEqualTo(random().limit(received.limit()));
                      assertThat(PartialResult.of(thrown.get())).hasValue(received.limit());
                      assertThat(data.position()).isEqualTo(received.limit());
                    });
                nursery.startSoon(
                    () -> {
                      while (thrown.get() == null) {
                        Triad.checkpoint();
                      }
                      client.sendEof();
                    });
              });
          assertThat(PartialResult.of(thrown.get()).orElse(-1)).isBetween(1L, SIZE - 1L);
        });
  }

  @Test
  void closing_ends_it() throws Exception {
    TcpPairs.run(
        TcpPairs::narrow,
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> assertThatExceptionOfType(ClosedResourceException.class)
                      .isThrownBy(() -> client.sendAllZeroCopy(random())));
              Settling.waitAllTasksBlocked();
              nursery.startSoon(() -> receive(server));
              client.close();
            }));
  }
}
