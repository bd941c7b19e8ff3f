package io.triad.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ByteWindowTest {
  private final ByteWindow window = new ByteWindow();

  private static void append(ByteWindow target, byte... bytes) {
    Chunk chunk = new Chunk();
    chunk.lend(MemorySegment.ofArray(bytes), 0, bytes.length);
    target.append(chunk);
  }

  /** The place of bytes that were taken is used again, or the array would grow for ever. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000, 5000})
  void the_array_is_at_most_three_times_as_long_as_what_was_ever_in_it(int live) {
    append(window, new byte[live]);
    for (int i = 0; i < 20 * live; i++) {
      append(window, (byte) i);
      window.consume(1);
      assertThat(window.capacity()).isLessThanOrEqualTo(3 * (live + 1));
    }
    assertThat(window.count()).isEqualTo(live);
  }

  /**
   * A window that fills its array would be moved as a whole for each byte that comes. So where bytes
   * come and go, there must be as much room as there are bytes, which is then used up in between.
   */
  @ParameterizedTest
  @ValueSource(ints = {3, 1000, 5000})
  void the_array_is_twice_as_long_as_a_window_that_moves(int live) {
    append(window, new byte[live]);
    assertThat(window.capacity()).as("bytes that never moved").isEqualTo(live);
    for (int i = 0; i < live; i++) {
      window.consume(1);
      append(window, (byte) i);
    }
    assertThat(window.capacity()).isGreaterThanOrEqualTo(2 * live);
  }

  @Test
  void a_long_array_is_let_go_when_it_is_empty_and_a_short_one_is_kept() {
    append(window, new byte[4096]);
    window.consume(4096);
    assertThat(window.capacity()).isEqualTo(4096);
    append(window, new byte[4097]);
    window.consume(4096);
    assertThat(window.capacity()).isGreaterThanOrEqualTo(4097);
    window.consume(1);
    assertThat(window.capacity()).isZero();
  }

  @Property(tries = 200)
  void what_comes_out_is_what_went_in(@ForAll long seed) {
    Random random = new Random(seed);
    ByteWindow any = new ByteWindow();
    byte[] expected = {};
    for (int step = 0; step < 200; step++) {
      byte[] bytes = new byte[random.nextInt(1, 100)];
      int part = random.nextInt(expected.length + 1);
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          random.nextBytes(bytes);
          append(any, bytes);
          expected = joined(expected, bytes);
        }
        case 2 -> {
          any.consume(part);
          expected = Arrays.copyOfRange(expected, part, expected.length);
        }
        case 3 -> {
          int taken = any.takeInto(MemorySegment.ofArray(bytes));
          assertThat(taken).isEqualTo(Math.min(bytes.length, expected.length));
          assertThat(Arrays.copyOf(bytes, taken)).isEqualTo(Arrays.copyOf(expected, taken));
          any.putBack(MemorySegment.ofArray(bytes), taken - taken / 2);
          expected =
              joined(
                  Arrays.copyOf(bytes, taken - taken / 2),
                  Arrays.copyOfRange(expected, taken, expected.length));
        }
        default -> {
          if (expected.length > 0) {
            Chunk chunk = new Chunk();
            any.lendTo(chunk);
            append(any, bytes); // which must not be written over what was lent
            assertThat(chunk.toArray()).isEqualTo(expected);
            expected = bytes;
          }
        }
      }
      assertThat(any.copy(any.count())).isEqualTo(expected);
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(first);
    out.writeBytes(second);
    return out.toByteArray();
  }
}
