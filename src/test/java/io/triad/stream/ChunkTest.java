package io.triad.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChunkTest {
  private static Chunk chunk(MemorySegment memory, long offset, int length) {
    Chunk chunk = new Chunk();
    chunk.lend(memory, offset, length);
    return chunk;
  }

  @Test
  void it_shows_only_the_bytes_that_were_lent() {
    Chunk chunk = chunk(MemorySegment.ofArray(new byte[] {0, 1, 2, 3, 4}), 1, 3);

    assertThat(chunk.length()).isEqualTo(3);
    assertThat(chunk.toArray()).containsExactly(1, 2, 3);
    assertThat(chunk.get(2)).isEqualTo((byte) 3);
    assertThat(chunk.segment().byteSize()).isEqualTo(3);
    assertThat(chunk.buffer().remaining()).isEqualTo(3);
    byte[] part = new byte[4];
    chunk.copyTo(1, part, 2, 2);
    assertThat(part).containsExactly(0, 0, 2, 3);
    for (int beyond : new int[] {-1, 3}) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> chunk.get(beyond));
    }
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> chunk.copyTo(2, part, 0, 2));
  }

  @Test
  void it_cannot_be_written_to() {
    Chunk chunk = chunk(MemorySegment.ofArray(new byte[1]), 0, 1);

    assertThat(chunk.segment().isReadOnly()).isTrue();
    assertThat(chunk.buffer().isReadOnly()).isTrue();
  }

  @Test
  void it_has_a_native_address_off_the_heap_only() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(8);
      assertThat(chunk(memory, 3, 2).nativeAddress()).isEqualTo(memory.address() + 3);
    }
    assertThat(chunk(MemorySegment.ofArray(new byte[8]), 3, 2).nativeAddress()).isZero();
  }

  @Test
  void it_is_dead_before_and_after_its_loan_and_can_be_lent_again() {
    MemorySegment memory = MemorySegment.ofArray(new byte[] {7, 8});
    Chunk chunk = new Chunk();
    assertThatIllegalStateException().isThrownBy(chunk::length);
    chunk.lend(memory, 0, 1);
    chunk.revoke();
    assertThatIllegalStateException().isThrownBy(chunk::toArray);
    chunk.lend(memory, 1, 1);
    assertThat(chunk.get(0)).isEqualTo((byte) 8);
  }

  @Test
  void bytes_that_do_not_lie_there_cannot_be_lent() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> chunk(MemorySegment.ofArray(new byte[2]), 1, 2));
  }
}
