package io.triad.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.PartialResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the interfaces make of a stream that implements only the forms with memory segments. */
@Timeout(60)
final class StreamDefaultsTest {
  /** Takes so many bytes and then fails. */
  private static final class Sink implements SendStream {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final int capacity;

    Sink(int capacity) {
      this.capacity = capacity;
    }

    @Override
    public void sendAll(MemorySegment data) throws IOException {
      byte[] bytes = data.toArray(ValueLayout.JAVA_BYTE);
      int count = Math.min(bytes.length, capacity - taken.size());
      taken.write(bytes, 0, count);
      if (count < bytes.length) {
        throw PartialResult.attach(new IOException("full"), count);
      }
    }

    @Override
    public void waitSendAllMightNotBlock() {}

    @Override
    public void close() {}
  }

  /** Gives single bytes, counting up. */
  private static final class Source implements ReceiveStream {
    private final int length;
    private int given;

    Source(int length) {
      this.length = length;
    }

    @Override
    public int receiveSome(MemorySegment into) {
      if (given == length) {
        return -1;
      }
      into.set(ValueLayout.JAVA_BYTE, 0, (byte) given++);
      return 1;
    }

    @Override
    public void close() {}
  }

  @Test
  void every_form_of_sending_sends_from_position_to_limit() throws IOException {
    Sink sink = new Sink(100);
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, 3, 4, 0}).position(1).limit(3);
    sink.sendAll(new byte[] {1, 2});
    sink.sendAll(buffer);
    Chunk chunk = new Chunk();
    chunk.lend(MemorySegment.ofArray(new byte[] {0, 5}), 1, 1);
    sink.sendAll(chunk);
    sink.sendAll(List.of(ByteBuffer.wrap(new byte[] {6}), ByteBuffer.allocate(0)));

    assertThat(sink.taken.toByteArray()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(buffer.position()).isEqualTo(3);
  }

  @Test
  void str_12_a_failure_leaves_the_position_after_what_was_taken() {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, 1, 2, 3}).position(1);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new Sink(2).sendAll(buffer))
        .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(2));
    assertThat(buffer.position()).isEqualTo(3);
  }

  @Test
  void str_12_a_failure_of_a_list_counts_what_was_taken_of_all_buffers() {
    List<ByteBuffer> buffers = List.of(ByteBuffer.allocate(3), ByteBuffer.allocate(3));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new Sink(4).sendAll(buffers))
        .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(4));
    assertThat(buffers).extracting(ByteBuffer::position).containsExactly(3, 1);
  }

  @Test
  void an_empty_list_is_sent_like_nothing_at_all() throws IOException {
    List<Long> sizes = new ArrayList<>();
    SendStream stream =
        new SendStream() {
          @Override
          public void sendAll(MemorySegment data) {
            sizes.add(data.byteSize());
          }

          @Override
          public void waitSendAllMightNotBlock() {}

          @Override
          public void close() {}
        };
    stream.sendAll(List.<ByteBuffer>of());
    assertThat(sizes).containsExactly(0L);
  }

  @Test
  void str_14_every_form_of_receiving_says_how_much_and_tells_the_end() throws IOException {
    Source source = new Source(4);
    ByteBuffer buffer = ByteBuffer.allocate(4).position(1);
    byte[][] lent = new byte[1][];

    assertThat(source.receiveSome(10)).containsExactly(0);
    assertThat(source.receiveSome()).containsExactly(1);
    assertThat(source.receiveSome(buffer)).isEqualTo(1);
    assertThat(buffer.position()).isEqualTo(2);
    assertThat(buffer.get(1)).isEqualTo((byte) 2);
    assertThat(source.receive(chunk -> lent[0] = chunk.toArray())).isTrue();
    assertThat(lent[0]).containsExactly(3);

    assertThat(source.receiveSome(10)).isEmpty();
    assertThat(source.receiveSome(buffer)).isEqualTo(-1);
    assertThat(source.receive(chunk -> Arrays.fill(lent, null))).isFalse();
    assertThat(lent[0]).isNotNull();
  }

  @Test
  void arguments_without_room_are_refused() {
    Source source = new Source(4);
    assertThatIllegalArgumentException().isThrownBy(() -> source.receiveSome(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> source.receiveSome(ByteBuffer.allocate(1).asReadOnlyBuffer()));
    assertThat(source.given).isZero();
  }
}
