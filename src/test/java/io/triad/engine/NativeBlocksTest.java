package io.triad.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Blocks come in two sizes and go back to where they came from. */
class NativeBlocksTest {
  @Test
  void a_block_is_no_larger_than_its_content_needs() {
    try (NativeBlocks blocks = new NativeBlocks()) {
      assertThat(blocks.take().size()).isEqualTo(NativeBlocks.SMALL_BYTES);
      assertThat(blocks.take(1).size()).isEqualTo(NativeBlocks.SMALL_BYTES);
      assertThat(blocks.take(NativeBlocks.SMALL_BYTES).size()).isEqualTo(NativeBlocks.SMALL_BYTES);
      assertThat(blocks.take(NativeBlocks.SMALL_BYTES + 1).size())
          .isEqualTo(NativeBlocks.LARGE_BYTES);
      assertThat(blocks.take(Long.MAX_VALUE).size()).isEqualTo(NativeBlocks.LARGE_BYTES);
      assertThat(NativeBlocks.SMALL_BYTES).isGreaterThanOrEqualTo(Platform.ADDRESS_BYTES);
    }
  }

  @Test
  void the_block_given_back_last_is_taken_first_and_only_for_its_size() {
    try (NativeBlocks blocks = new NativeBlocks()) {
      NativeBlocks.Block small = blocks.take();
      NativeBlocks.Block large = blocks.take(NativeBlocks.LARGE_BYTES);
      assertThat(blocks.lent()).isEqualTo(2);
      blocks.give(small);
      blocks.give(large);
      assertThat(blocks.lent()).isZero();

      assertThat(blocks.take(NativeBlocks.LARGE_BYTES)).isSameAs(large);
      assertThat(blocks.take()).isSameAs(small);
      assertThat(blocks.take()).isNotSameAs(small);
    }
  }
}
