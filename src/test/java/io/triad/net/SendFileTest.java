package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.PartialResult;
import io.triad.Triad;
import io.triad.stream.AsyncResource;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
@Timeout(120)
final class SendFileTest {
  private static final int SIZE = 3_000_003;

  private final byte[] content = new byte[SIZE];
  private Path file;

  @TempDir
  private Path directory;

  @BeforeEach
  void makeFile() throws IOException {
    new Random(7).nextBytes(content);
    file = directory.resolve("content");
    Files.write(file, content);
  }

  /** What comes until the end of the stream. */
  private static byte[] receiveAll(SocketStream stream) throws IOException {
    return receive(stream, SIZE * 2);
  }

  private static byte[] receive(SocketStream stream, int max) throws IOException {
    ByteBuffer received = ByteBuffer.allocate(max);
    while (received.hasRemaining() && stream.receiveSome(received) >= 0) {
      Triad.checkpoint();
    }
    byte[] bytes = new byte[received.position()];
    received.get(0, bytes);
    return bytes;
  }

  private byte[] part(int from, int to) {
    return Arrays.copyOfRange(content, from, to);
  }

  @FunctionalInterface
  private interface Sending {
    long send(SocketStream stream) throws IOException;
  }

  /** Sends to a peer that reads everything; answers what it got. */
  private static byte[] received(long expected, Sending sending) throws Exception {
    AtomicReference<byte[]> received = new AtomicReference<>();
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> received.set(receiveAll(server)));
              assertThat(sending.send(client)).isEqualTo(expected);
              client.sendEof();
            }));
    return received.get();
  }

  @Test
  void all_of_a_file_arrives() throws Exception {
    assertThat(received(SIZE, stream -> stream.sendFile(file, 0, SIZE))).isEqualTo(content);
  }

  @Test
  void a_part_of_a_file_arrives_and_the_position_does_not_move() throws Exception {
    try (FileChannel channel = FileChannel.open(file)) {
      channel.position(5);
      assertThat(received(1_500_000, stream -> stream.sendFile(channel, 12_345, 1_500_000)))
          .isEqualTo(part(12_345, 1_512_345));
      assertThat(channel.position()).isEqualTo(5);
    }
  }

  @Test
  void a_file_that_is_shorter_ends_the_sending() throws Exception {
    assertThat(received(3, stream -> stream.sendFile(file, SIZE - 3, Long.MAX_VALUE)))
        .isEqualTo(part(SIZE - 3, SIZE));
    assertThat(received(0, stream -> stream.sendFile(file, SIZE, 10))).isEmpty();
    assertThat(received(0, stream -> stream.sendFile(file, SIZE + 100L, 10))).isEmpty();
    assertThat(received(0, stream -> stream.sendFile(file, 0, 0))).isEmpty();
  }

  @Test
  void a_file_that_shrinks_meanwhile_ends_the_sending() throws Exception {
    long size = 64 << 20; // more than all buffers on the way hold
    TcpPairs.run(
        (client, server) -> {
          long[] sent = new long[1];
          long[] received = {1};
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), size - 1);
            Nursery.open(
                sending -> {
                  sending.startSoon(
                      () -> {
                        sent[0] = client.sendFile(channel, 0, size);
                        client.sendEof();
                      });
                  assertThat(server.receiveSome(1)).isEqualTo(part(0, 1));
                  Settling.waitAllTasksBlocked();
                  channel.truncate(10);
                  while (server.receive(data -> received[0] += data.length())) {
                    Triad.checkpoint();
                  }
                });
          }
          assertThat(sent[0]).isEqualTo(received[0]).isBetween(1L, size - 1);
        });
  }

  @Test
  void between_files_and_bytes_the_order_is_kept() throws Exception {
    byte[] received =
        received(
            2000,
            stream -> {
              stream.sendAll(part(0, 1000));
              long sent = stream.sendFile(file, 1000, 1000);
              stream.sendAll(part(2000, 3000));
              return sent + stream.sendFile(file, 3000, 1000);
            });
    assertThat(received).isEqualTo(part(0, 4000));
  }

  @Test
  void a_file_of_another_file_system_is_copied() throws Exception {
    Path archive = directory.resolve("archive.zip");
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      Path inside = zip.getPath("content");
      Files.write(inside, content);
      assertThat(received(SIZE - 100, stream -> stream.sendFile(inside, 100, Long.MAX_VALUE)))
          .isEqualTo(part(100, SIZE));
    }
  }

  @Test
  void a_cancelled_sending_tells_how_much_the_peer_gets() throws Exception {
    TcpPairs.run(
        TcpPairs::narrow,
        (client, server) -> {
          AtomicReference<Throwable> thrown = new AtomicReference<>();
          CancelScope scope = new CancelScope();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> scope.enter(
                        _ -> {
                          try {
                            client.sendFile(file, 0, SIZE);
                          } catch (Throwable e) {
                            thrown.set(e);
                            throw e;
                          }
                        }));
                assertThat(server.receiveSome(1)).isEqualTo(part(0, 1)); // so it is under way
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
          long sent = PartialResult.of(thrown.get()).orElse(-1);
          assertThat(sent).isBetween(1L, SIZE - 1L);
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> {
                      client.sendFile(file, sent, 5_000); // small buffers make small steps
                      client.sendEof();
                    });
                assertThat(receiveAll(server)).isEqualTo(part(1, (int) sent + 5_000));
              });
        });
  }

  @Test
  void a_slow_reader_gets_everything() throws Exception {
    TcpPairs.run(
        TcpPairs::narrow,
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    client.sendFile(file, 0, 30_000);
                    client.sendEof();
                  });
              ByteBuffer received = ByteBuffer.allocate(40_000);
              while (server.receiveSome(received.limit(received.position() + 900)) >= 0) {
                Triad.checkpoint();
              }
              assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(content, 0, 30_000));
            }));
  }

  @Test
  void a_peer_that_goes_away_breaks_the_sending() throws Exception {
    TcpPairs.run(
        TcpPairs::narrow,
        (client, server) -> {
          AtomicReference<Throwable> thrown = new AtomicReference<>();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> {
                      try {
                        client.sendFile(file, 0, SIZE);
                      } catch (BrokenResourceException e) {
                        thrown.set(e);
                      }
                    });
                assertThat(server.receiveSome(1)).isEqualTo(part(0, 1));
                Settling.waitAllTasksBlocked();
                server.close(); // with data that nobody read: the peer hears a reset
              });
          assertThat(PartialResult.of(thrown.get()).orElse(-1)).isBetween(1L, SIZE - 1L);
        });
  }

  @Test
  void closing_the_stream_ends_the_sending() throws Exception {
    TcpPairs.run(
        TcpPairs::narrow,
        (client, server) -> {
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(ClosedResourceException.class)
                        .isThrownBy(() -> client.sendFile(file, 0, SIZE))
                        .satisfies(
                            e -> assertThat(PartialResult.of(e).orElse(-1)).isPositive()));
                assertThat(server.receiveSome(1)).isEqualTo(part(0, 1));
                Settling.waitAllTasksBlocked();
                assertThatExceptionOfType(BusyResourceException.class)
                    .isThrownBy(() -> client.sendFile(file, 0, 1));
                client.close();
              });
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> client.sendFile(file, 0, 1));
        });
  }

  @Test
  void what_is_no_readable_file_is_refused() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          assertThatIllegalArgumentException().isThrownBy(() -> client.sendFile(file, -1, 1));
          assertThatIllegalArgumentException().isThrownBy(() -> client.sendFile(file, 0, -1));
          assertThatExceptionOfType(NoSuchFileException.class)
              .isThrownBy(() -> client.sendFile(directory.resolve("none"), 0, 1))
              .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(0));
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(() -> client.sendFile(directory, 0, 1));
          try (FileChannel output =
              FileChannel.open(
                  directory.resolve("out"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE)) {
            assertThatExceptionOfType(NonReadableChannelException.class)
                .isThrownBy(() -> client.sendFile(output, 0, 1));
          }
          FileChannel closed = FileChannel.open(file);
          closed.close();
          assertThatExceptionOfType(ClosedChannelException.class)
              .isThrownBy(() -> client.sendFile(closed, 0, 1));
          client.sendAll(new byte[] {1});
          assertThat(server.receiveSome()).containsExactly(1);
        });
  }

  @Test
  void it_is_a_checkpoint() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          try (FileChannel channel = FileChannel.open(file)) {
            Checkpoints.assertCheckpoints(() -> client.sendFile(channel, 0, 0));
            Checkpoints.assertCheckpoints(() -> client.sendFile(channel, 0, 10));
            Checkpoints.assertCheckpoints(() -> client.sendFile(channel, SIZE, 10));
          }
          AsyncResource.closeForcefully(server);
        });
  }

  @Test
  void many_files_at_once_share_the_loop() throws Exception {
    Triad.<Exception>run(
        () -> Nursery.open(
            nursery -> {
              for (int i = 0; i < 20; i++) {
                int from = i * 1000;
                nursery.startSoon(
                    () -> TcpPairs.with(
                        TcpPairs::open,
                        (client, server) -> Nursery.open(
                            inner -> {
                              inner.startSoon(
                                  () -> client.sendFile(file, from, 500_000));
                              assertThat(receive(server, 500_000))
                                  .isEqualTo(part(from, from + 500_000));
                            })));
              }
            }));
  }
}
