package io.triad.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.PartialResult;
import io.triad.Triad;
import io.triad.testing.Settling;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contracts of the JDK's streams and channels; see {@link BlockingLibrariesTest} for users. */
@Timeout(60)
final class AdaptersTest {
  /** Takes everything until it is told to block or to fail. */
  private static final class Sink implements SendStream {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private int capacity = Integer.MAX_VALUE;
    private boolean nativeData;
    private int calls;
    private int closes;

    @Override
    public void sendAll(MemorySegment data) throws IOException {
      calls++;
      nativeData = data.isNative();
      if (closes > 0) {
        throw new ClosedResourceException("closed");
      }
      int count = (int) Math.min(data.byteSize(), capacity - taken.size());
      taken.write(data.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
      if (count < data.byteSize()) {
        throw PartialResult.attach(new BrokenResourceException("full", null), count);
      }
    }

    @Override
    public void waitSendAllMightNotBlock() {}

    @Override
    public void close() {
      closes++;
    }

    private String text() {
      return taken.toString(ISO_8859_1);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  // ---- InputStream ----

  @Test
  void single_bytes_are_read_ahead_of() throws Exception {
    Triad.run(
        () -> {
          Fed stream = new Fed("abc", "\u00ff").end();
          InputStream in = Adapters.inputStream(stream);
          assertThat(in.available()).isZero();
          assertThat(in.read()).isEqualTo('a');
          assertThat(in.available()).isEqualTo(2);
          assertThat(in.read()).isEqualTo('b');
          assertThat(in.read()).isEqualTo('c');
          assertThat(stream.calls).isEqualTo(1);
          assertThat(in.read()).isEqualTo(255);
          assertThat(in.read()).isEqualTo(-1);
          assertThat(in.read()).isEqualTo(-1);
        });
  }

  @Test
  void reading_into_an_array_returns_what_is_there_and_touches_nothing_else() throws Exception {
    Triad.run(
        () -> {
          InputStream in = Adapters.inputStream(new Fed("abc", "def").end());
          byte[] array = bytes("123456789");
          assertThat(in.read(array, 1, 2)).isEqualTo(2);
          assertThat(in.read(array, 4, 5)).isEqualTo(1);
          assertThat(array).isEqualTo(bytes("1ab4c6789"));
          assertThat(in.read(array, 9, 0)).isZero();
          assertThat(in.read(array)).isEqualTo(3);
          assertThat(in.read(array)).isEqualTo(-1);
          assertThat(in.read(array, 0, 0)).isZero();
        });
  }

  @Test
  void a_large_array_is_received_into_in_place_after_what_was_read_ahead() throws Exception {
    Triad.run(
        () -> {
          Fed stream = new Fed("abc", "def", "ghi").end();
          InputStream in = Adapters.inputStream(stream);
          byte[] large = new byte[100_000];
          assertThat(in.read()).isEqualTo('a');
          assertThat(in.read(large, 10, 90_000)).isEqualTo(2);
          assertThat(in.read(large, 12, 90_000)).isEqualTo(3);
          assertThat(new String(large, 10, 5, ISO_8859_1)).isEqualTo("bcdef");
          assertThat(in.readAllBytes()).isEqualTo(bytes("ghi"));
          assertThat(in.read(large)).isEqualTo(-1);
        });
  }

  @Test
  void ranges_outside_of_the_array_are_refused() throws Exception {
    Triad.run(
        () -> {
          InputStream in = Adapters.inputStream(new Fed("abc"));
          OutputStream out = Adapters.outputStream(new Sink());
          assertThatExceptionOfType(IndexOutOfBoundsException.class)
              .isThrownBy(() -> in.read(new byte[3], 2, 2));
          assertThatExceptionOfType(IndexOutOfBoundsException.class)
              .isThrownBy(() -> out.write(new byte[3], -1, 2));
        });
  }

  @Test
  void transferring_moves_all_that_is_left_to_any_output() throws Exception {
    Triad.run(
        () -> {
          InputStream in = Adapters.inputStream(new Fed("abc", "def", "ghi").end());
          assertThat(in.read()).isEqualTo('a');
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          assertThat(in.transferTo(out)).isEqualTo(8);
          assertThat(out.toByteArray()).isEqualTo(bytes("bcdefghi"));
          assertThat(in.transferTo(out)).isZero();

          InputStream other = Adapters.inputStream(new Fed("abc", "def").end());
          Sink sink = new Sink();
          assertThat(other.read()).isEqualTo('a');
          assertThat(other.transferTo(Adapters.outputStream(sink))).isEqualTo(5);
          assertThat(sink.text()).isEqualTo("bcdef");
        });
  }

  @Test
  void skipping_skips() throws Exception {
    Triad.run(
        () -> {
          InputStream in = Adapters.inputStream(new Fed("abc", "def").end());
          in.skipNBytes(4);
          assertThat(in.read()).isEqualTo('e');
          assertThat(in.markSupported()).isFalse();
        });
  }

  @Test
  void a_closed_input_stream_has_closed_its_stream_and_gives_nothing_more() throws Exception {
    Triad.run(
        () -> {
          Fed stream = new Fed("abc");
          InputStream in = Adapters.inputStream(stream);
          assertThat(in.read()).isEqualTo('a');
          in.close();
          in.close();
          assertThat(stream.isClosed()).isTrue();
          assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(in::read);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> in.read(new byte[1]));
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> in.read(new byte[0]));
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> in.read(new byte[100_000]));
          assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(in::available);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> in.transferTo(OutputStream.nullOutputStream()));
        });
  }

  @Test
  void errors_of_the_stream_pass_through_after_the_bytes_before_them() throws Exception {
    BrokenResourceException broken = new BrokenResourceException("cable", null);
    Triad.run(
        () -> {
          InputStream in = Adapters.inputStream(new Fed("ab").fail(broken));
          assertThat(in.read()).isEqualTo('a');
          assertThat(in.read()).isEqualTo('b');
          assertThatThrownBy(in::read).isSameAs(broken);
          assertThatThrownBy(() -> in.read(new byte[9])).isSameAs(broken);
        });
  }

  @Test
  void a_cancelled_read_loses_nothing_and_a_closed_one_ends() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Fed stream = new Fed();
              InputStream in = Adapters.inputStream(stream);
              CancelScope scope = new CancelScope();
              nursery.startSoon(() -> scope.enter(_ -> in.read()));
              Settling.waitAllTasksBlocked();
              scope.cancel();
              stream.feed("ab");
              Settling.waitAllTasksBlocked();
              assertThat(scope.cancelledCaught()).isTrue();
              assertThat(in.readNBytes(2)).isEqualTo(bytes("ab"));
              nursery.startSoon(
                  () -> assertThatExceptionOfType(ClosedResourceException.class)
                      .isThrownBy(in::read));
              Settling.waitAllTasksBlocked();
              in.close();
            }));
  }

  @Test
  void another_thread_is_told_that_it_cannot_read() throws Exception {
    CompletableFuture<Throwable> met = new CompletableFuture<>();
    Triad.run(
        () -> {
          InputStream in = Adapters.inputStream(new Fed("ab"));
          Thread thread =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        try {
                          met.completeExceptionally(
                              new AssertionError("read " + in.read()));
                        } catch (Throwable e) {
                          met.complete(e);
                        }
                      });
          thread.join();
        });
    assertThat(met.get()).isInstanceOf(IllegalStateException.class);
  }

  // ---- OutputStream ----

  @Test
  void every_write_is_sent_at_once() throws Exception {
    Sink sink = new Sink();
    OutputStream out = Adapters.outputStream(sink);
    out.write(0x141); // the low byte counts
    assertThat(sink.text()).isEqualTo("A");
    out.write(bytes("bcd"));
    out.write(bytes("xefx"), 1, 2);
    assertThat(sink.text()).isEqualTo("Abcdef");
    assertThat(sink.calls).isEqualTo(3);
    out.flush();
    assertThat(sink.calls).isEqualTo(3);
  }

  @Test
  void a_failed_write_tells_how_far_it_got_and_a_closed_one_that_it_is_closed() throws Exception {
    Sink sink = new Sink();
    sink.capacity = 2;
    OutputStream out = Adapters.outputStream(sink);
    assertThatExceptionOfType(BrokenResourceException.class)
        .isThrownBy(() -> out.write(bytes("abc")))
        .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(2));
    out.close();
    assertThat(sink.closes).isEqualTo(1);
    assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(() -> out.write(1));
    assertThatExceptionOfType(ClosedResourceException.class)
        .isThrownBy(() -> out.write(new byte[0]));
  }

  // ---- channels ----

  @Test
  void a_readable_channel_reads_into_what_remains_of_a_buffer() throws Exception {
    Triad.run(
        () -> {
          ReadableByteChannel channel = Adapters.readableChannel(new Fed("abc", "d").end());
          ByteBuffer buffer = ByteBuffer.allocateDirect(4).position(1).limit(3);
          assertThat(channel.read(buffer)).isEqualTo(2);
          assertThat(buffer.position()).isEqualTo(3);
          assertThat(channel.read(buffer)).isZero();
          buffer.clear();
          assertThat(channel.read(buffer)).isEqualTo(1);
          assertThat(channel.read(buffer)).isEqualTo(1);
          assertThat(buffer.get(0)).isEqualTo((byte) 'c');
          assertThat(buffer.get(1)).isEqualTo((byte) 'd');
          assertThat(channel.read(buffer)).isEqualTo(-1);
          assertThatIllegalArgumentException()
              .isThrownBy(() -> channel.read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
        });
  }

  @Test
  void a_writable_channel_writes_all_that_remains_and_direct_buffers_in_place() throws Exception {
    Sink sink = new Sink();
    WritableByteChannel channel = Adapters.writableChannel(sink);
    ByteBuffer heap = ByteBuffer.wrap(bytes("xabx")).position(1).limit(3);
    assertThat(channel.write(heap)).isEqualTo(2);
    assertThat(heap.hasRemaining()).isFalse();
    assertThat(sink.nativeData).isFalse();
    ByteBuffer direct = ByteBuffer.allocateDirect(3).put(bytes("cde")).flip();
    assertThat(channel.write(direct.asReadOnlyBuffer())).isEqualTo(3);
    assertThat(sink.nativeData).isTrue();
    assertThat(sink.text()).isEqualTo("abcde");
    sink.capacity = 6;
    assertThatExceptionOfType(BrokenResourceException.class)
        .isThrownBy(() -> channel.write(direct.rewind()));
    assertThat(direct.position()).isEqualTo(1);
  }

  @Test
  void a_closed_channel_says_so_in_the_jdks_way() throws Exception {
    Triad.run(
        () -> {
          Fed stream = new Fed("abc");
          ReadableByteChannel in = Adapters.readableChannel(stream);
          WritableByteChannel out = Adapters.writableChannel(new Sink());
          assertThat(in.isOpen()).isTrue();
          in.close();
          in.close();
          out.close();
          assertThat(in.isOpen()).isFalse();
          assertThat(stream.isClosed()).isTrue();
          assertThatThrownBy(() -> in.read(ByteBuffer.allocate(1)))
              .isExactlyInstanceOf(ClosedChannelException.class);
          assertThatThrownBy(() -> in.read(ByteBuffer.allocate(0)))
              .isExactlyInstanceOf(ClosedChannelException.class);
          assertThatThrownBy(() -> out.write(ByteBuffer.allocate(0)))
              .isExactlyInstanceOf(ClosedChannelException.class);
        });
  }

  @Test
  void a_channel_whose_stream_was_closed_is_closed() throws Exception {
    Triad.run(
        () -> {
          Fed stream = new Fed("abc");
          ReadableByteChannel channel = Adapters.readableChannel(stream);
          stream.close();
          assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
              .isExactlyInstanceOf(ClosedChannelException.class)
              .hasCauseInstanceOf(ClosedResourceException.class);
          assertThat(channel.isOpen()).isFalse();
        });
  }

  @Test
  void closing_a_channel_ends_a_read_of_another_task() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              ReadableByteChannel channel = Adapters.readableChannel(new Fed());
              nursery.startSoon(
                  () -> assertThatExceptionOfType(AsynchronousCloseException.class)
                      .isThrownBy(() -> channel.read(ByteBuffer.allocate(1))));
              Settling.waitAllTasksBlocked();
              channel.close();
            }));
  }

  @Test
  void two_tasks_that_read_at_once_are_told_so() throws Exception {
    io.triad.testkit.TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              InputStream in = Adapters.inputStream(server);
              nursery.startSoon(() -> assertThat(in.read()).isEqualTo('a'));
              Settling.waitAllTasksBlocked();
              assertThatExceptionOfType(BusyResourceException.class).isThrownBy(in::read);
              client.sendAll(bytes("a"));
            }));
  }

  @Test
  void outside_of_a_run_nothing_can_be_read() {
    assertThatIllegalStateException().isThrownBy(Adapters.inputStream(new Fed("a"))::read);
  }
}
