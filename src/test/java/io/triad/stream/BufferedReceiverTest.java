package io.triad.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.BrokenResourceException;
import io.triad.Triad;
import io.triad.testing.Checkpoints;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pieces out of a stream; see {@link BufferedReceiverWaitingTest} for waiting and cancelling. */
@Timeout(60)
final class BufferedReceiverTest {
  private interface ReceiverAction {
    void run(BufferedReceiver receiver) throws Exception;
  }

  private static void with(Fed stream, ReceiverAction action) throws Exception {
    Triad.<Exception>run(() -> action.run(new BufferedReceiver(stream)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  @Test
  void lines_end_with_a_line_feed_with_or_without_a_carriage_return() throws Exception {
    with(
        new Fed("one\ntwo\r", "\n\r\n\nfi", "ve\rsix\n").end(),
        receiver -> {
          List<String> lines = new ArrayList<>();
          for (String line; (line = receiver.receiveLine(UTF_8, 100)) != null;) {
            lines.add(line);
          }
          assertThat(lines).containsExactly("one", "two", "", "", "five\rsix");
          assertThat(receiver.receiveLine(UTF_8, 100)).isNull();
        });
  }

  @Test
  void a_line_is_decoded_although_a_character_was_divided() throws Exception {
    byte[] text = "\u00e4\u20ac\ud83d\ude00\n".getBytes(UTF_8);
    Fed stream = new Fed();
    for (byte one : text) {
      stream.feed(new byte[] {one});
    }
    with(
        stream,
        receiver -> assertThat(receiver.receiveLine(UTF_8, 100))
            .isEqualTo("\u00e4\u20ac\ud83d\ude00"));
  }

  @Test
  void a_charset_in_which_line_feeds_look_different_is_refused() throws Exception {
    with(
        new Fed("a\n"),
        receiver -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> receiver.receiveLine(UTF_16, 100))
              .withMessageContaining("UTF-16");
          assertThat(
              receiver.receiveLine(java.nio.charset.Charset.forName("windows-1252"), 100))
              .isEqualTo("a");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"12345\n", "12345\r\n", "1234\r\n", "\n"})
  void a_line_as_long_as_the_limit_is_accepted_whatever_its_end(String line) throws Exception {
    Fed stream = new Fed();
    for (byte one : bytes(line)) {
      stream.feed(new byte[] {one});
    }
    with(stream, r -> assertThat(r.receiveLine(UTF_8, 5)).isEqualTo(line.stripTrailing()));
    with(new Fed(line), r -> assertThat(r.receiveLine(UTF_8, 5)).isEqualTo(line.stripTrailing()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"123456\n", "123456\r\n", "123456", "12345\rx\n", "1234567890"})
  void a_longer_line_is_refused_by_an_error_that_names_the_limit_and_loses_nothing(String line)
      throws Exception {
    with(
        new Fed(line),
        receiver -> {
          for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> receiver.receiveLine(UTF_8, 5))
                .withMessageContaining("no end of line within 5 bytes")
                .withMessageContaining(line.length() + " bytes: \"12345")
                .satisfies(e -> assertThat(e.limit()).isEqualTo(5));
          }
          assertThat(receiver.buffered()).isEqualTo(line.length());
          assertThat(receiver.receiveExactly(line.length())).isEqualTo(bytes(line));
        });
  }

  @Test
  void a_refused_line_can_be_received_with_another_limit() throws Exception {
    with(
        new Fed("123456\n"),
        receiver -> {
          assertThatExceptionOfType(LimitExceededException.class)
              .isThrownBy(() -> receiver.receiveLine(UTF_8, 3));
          assertThat(receiver.receiveLine(UTF_8, 6)).isEqualTo("123456");
        });
  }

  @Test
  void a_limit_that_is_exceeded_is_noticed_before_the_delimiter_comes() throws Exception {
    Fed stream = new Fed("123456"); // and then nothing: who waited on would wait for ever
    with(
        stream,
        receiver -> assertThatExceptionOfType(LimitExceededException.class)
            .isThrownBy(() -> receiver.receiveUntil(bytes("||"), 5)));
  }

  @Test
  void messages_show_the_start_of_what_came_in_printable_form() throws Exception {
    with(
        new Fed("\u0001\t" + "x".repeat(100)),
        receiver -> assertThatExceptionOfType(LimitExceededException.class)
            .isThrownBy(() -> receiver.receiveLine(UTF_8, 5))
            .withMessageEndingWith(
                "received 102 bytes: \"\\x01\\x09" + "x".repeat(38) + "\"..."));
  }

  @Test
  void a_line_without_its_end_is_premature_and_its_bytes_are_kept() throws Exception {
    with(
        new Fed("one\ntw", "o").end(),
        receiver -> {
          assertThat(receiver.receiveLine(UTF_8, 100)).isEqualTo("one");
          assertThatExceptionOfType(PrematureEndException.class)
              .isThrownBy(() -> receiver.receiveLine(UTF_8, 100))
              .isInstanceOf(EOFException.class)
              .withMessageContaining("3 bytes: \"two\"")
              .satisfies(e -> assertThat(e.received()).isEqualTo(bytes("two")));
          assertThat(receiver.receiveSome()).isEqualTo(bytes("two"));
          assertThat(receiver.receiveLine(UTF_8, 100)).isNull();
        });
  }

  @Test
  void a_delimiter_may_be_divided_and_may_overlap_with_itself() throws Exception {
    with(
        new Fed("on", "e|", "|", "", "t|wo|", "||", "|").end(),
        receiver -> {
          byte[] delimiter = bytes("||");
          assertThat(receiver.receiveUntil(delimiter, 10)).isEqualTo(bytes("one"));
          assertThat(receiver.receiveUntil(delimiter, 10)).isEqualTo(bytes("t|wo"));
          assertThat(receiver.receiveUntil(delimiter, 10)).isEmpty();
          assertThat(receiver.receiveUntil(delimiter, 10)).isNull();
        });
  }

  @Test
  void a_piece_without_its_delimiter_is_premature() throws Exception {
    with(
        new Fed("one|").end(),
        receiver -> assertThatExceptionOfType(PrematureEndException.class)
            .isThrownBy(() -> receiver.receiveUntil(bytes("||"), 10))
            .satisfies(e -> assertThat(e.received()).isEqualTo(bytes("one|"))));
  }

  @Test
  void so_many_bytes_as_asked_for_come_in_every_form() throws Exception {
    with(
        new Fed("abc", "d", "efghijk", "lmnopqrs").end(),
        receiver -> {
          assertThat(receiver.receiveExactly(2)).isEqualTo(bytes("ab"));
          assertThat(receiver.receiveExactly(0)).isEmpty();
          ByteBuffer buffer = ByteBuffer.allocate(6).position(1).limit(5);
          receiver.receiveExactly(buffer);
          assertThat(buffer.position()).isEqualTo(5);
          assertThat(buffer.array()).isEqualTo(bytes("\0cdef\0"));
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(8);
            receiver.receiveExactly(segment);
            assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes("ghijklmn"));
          }
          ByteBuffer direct = ByteBuffer.allocateDirect(5);
          receiver.receiveExactly(direct);
          assertThat(direct.get(4)).isEqualTo((byte) 's');
        });
  }

  @Test
  void an_end_before_so_many_bytes_is_premature_and_carries_them() throws Exception {
    with(
        new Fed("a\nbc", "def").end(),
        receiver -> {
          assertThat(receiver.receiveLine(UTF_8, 9)).isEqualTo("a");
          ByteBuffer buffer = ByteBuffer.allocate(10).position(2);
          assertThatExceptionOfType(PrematureEndException.class)
              .isThrownBy(() -> receiver.receiveExactly(buffer))
              .withMessage("the stream ended after 5 of 8 bytes")
              .satisfies(e -> assertThat(e.received()).isEqualTo(bytes("bcdef")));
          assertThat(buffer.position()).isEqualTo(2);
          assertThat(receiver.receiveExactly(5)).isEqualTo(bytes("bcdef"));
        });
  }

  @Test
  void peeking_consumes_nothing_and_gives_less_only_at_the_end() throws Exception {
    with(
        new Fed("PR", "I * HTTP/2").end(),
        receiver -> {
          assertThat(receiver.peek(3)).isEqualTo(bytes("PRI"));
          assertThat(receiver.buffered()).isEqualTo(12);
          assertThat(receiver.peek(1)).isEqualTo(bytes("P"));
          assertThat(receiver.peek(100)).isEqualTo(bytes("PRI * HTTP/2"));
          assertThat(receiver.receiveSome(4)).isEqualTo(bytes("PRI "));
          assertThat(receiver.peek(0)).isEmpty();
        });
  }

  @Test
  void what_follows_a_line_can_be_received_as_from_any_stream() throws Exception {
    with(
        new Fed("header\n123456789", "abc", "def").end(),
        receiver -> {
          assertThat(receiver.receiveLine(UTF_8, 9)).isEqualTo("header");
          assertThat(receiver.receiveSome(2)).isEqualTo(bytes("12"));
          ByteBuffer buffer = ByteBuffer.allocate(2);
          assertThat(receiver.receiveSome(buffer)).isEqualTo(2);
          assertThat(buffer.array()).isEqualTo(bytes("34"));
          byte[] array = new byte[1];
          assertThat(receiver.receiveSome(MemorySegment.ofArray(array))).isEqualTo(1);
          assertThat(array).isEqualTo(bytes("5"));
          List<String> chunks = new ArrayList<>();
          receiver.forEachChunk(chunk -> chunks.add(new String(chunk.toArray(), ISO_8859_1)));
          assertThat(chunks).containsExactly("6789", "abc", "def");
          assertThat(receiver.receiveSome()).isEmpty();
          assertThat(receiver.receiveSome(MemorySegment.ofArray(array))).isEqualTo(-1);
        });
  }

  @Test
  void a_chunk_out_of_the_buffer_is_dead_after_its_call_and_its_memory_left_alone()
      throws Exception {
    Fed stream = new Fed("a\nbcd");
    with(
        stream,
        receiver -> {
          assertThat(receiver.receiveLine(UTF_8, 9)).isEqualTo("a");
          Chunk[] kept = new Chunk[1];
          receiver.receive(
              (ChunkAction<IOException>) chunk -> {
                kept[0] = chunk;
                receiver.close(); // which forgets the buffer, but not under the chunk
                assertThat(chunk.toArray()).isEqualTo(bytes("bcd"));
              });
          assertThatThrownBy(() -> kept[0].toArray()).isInstanceOf(IllegalStateException.class);
        });
  }

  @Test
  void an_error_of_the_stream_passes_through_and_leaves_what_came_before_it() throws Exception {
    BrokenResourceException broken = new BrokenResourceException("cable", null);
    with(
        new Fed("par", "tial").fail(broken),
        receiver -> {
          assertThatThrownBy(() -> receiver.receiveLine(UTF_8, 100)).isSameAs(broken);
          assertThatThrownBy(() -> receiver.receiveExactly(100)).isSameAs(broken);
          assertThat(receiver.receiveSome()).isEqualTo(bytes("partial"));
        });
  }

  @Test
  void wrong_arguments_are_refused_and_nothing_happens() throws Exception {
    with(
        new Fed("a\n"),
        receiver -> {
          assertThatIllegalArgumentException().isThrownBy(() -> receiver.receiveLine(UTF_8, -1));
          assertThatIllegalArgumentException().isThrownBy(() -> receiver.receiveExactly(-1));
          assertThatIllegalArgumentException().isThrownBy(() -> receiver.peek(-1));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> receiver.receiveUntil(new byte[0], 1));
          assertThatIllegalArgumentException().isThrownBy(() -> receiver.receiveSome(0));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> receiver.receiveSome(MemorySegment.NULL));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> receiver.receiveExactly(ByteBuffer.allocate(1).asReadOnlyBuffer()));
          assertThat(receiver.receiveLine(UTF_8, 1)).isEqualTo("a");
        });
  }

  @Test
  void every_call_is_a_checkpoint_also_if_the_buffer_has_it_all() throws Exception {
    with(
        new Fed("a\nb|cdefghijklmnop"),
        receiver -> {
          receiver.peek(1);
          Checkpoints.assertCheckpoints(() -> receiver.receiveLine(UTF_8, 9));
          Checkpoints.assertCheckpoints(() -> receiver.receiveUntil(bytes("|"), 9));
          Checkpoints.assertCheckpoints(() -> receiver.receiveExactly(1));
          Checkpoints.assertCheckpoints(() -> receiver.receiveExactly(0));
          Checkpoints.assertCheckpoints(() -> receiver.peek(1));
          Checkpoints.assertCheckpoints(() -> receiver.receiveSome(1));
          Checkpoints.assertCheckpoints(
              () -> receiver.receiveSome(MemorySegment.ofArray(new byte[1])));
          Checkpoints.assertCheckpoints(() -> receiver.receive(_ -> {}));
        });
  }
}
