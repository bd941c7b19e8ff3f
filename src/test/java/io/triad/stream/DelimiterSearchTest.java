package io.triad.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class DelimiterSearchTest {
  /** Few letters, so that delimiters overlap with themselves and nearly match. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars('a', 'b').ofMaxLength(12);
  }

  @Provide
  Arbitrary<String> delimiters() {
    return Arbitraries.strings().withChars('a', 'b').ofMinLength(1).ofMaxLength(5);
  }

  @Property(tries = 2000)
  void it_finds_what_a_search_in_the_whole_text_finds(
      @ForAll("delimiters") String delimiter,
      @ForAll @Size(max = 6) List<@net.jqwik.api.From("texts") String> pieces) {
    DelimiterSearch search = new DelimiterSearch();
    StringBuilder text = new StringBuilder();
    for (String piece : pieces) {
      text.append(piece);
      byte[] bytes = ("xx" + text).getBytes(ISO_8859_1); // the front may move between two calls
      search.lookFor(delimiter.getBytes(ISO_8859_1));
      boolean found = search.advance(bytes, 2, text.length());

      int index = text.indexOf(delimiter);
      assertThat(found).isEqualTo(index >= 0);
      if (found) {
        assertThat(search.position()).isEqualTo(index);
      } else {
        // Whatever comes, the delimiter cannot begin earlier than that.
        assertThat(delimiter).startsWith(text.substring(search.position()));
      }
    }
  }

  @Test
  void another_delimiter_is_looked_for_from_the_start() {
    byte[] bytes = {1, 2, 3};
    DelimiterSearch search = new DelimiterSearch();
    search.lookFor(new byte[] {4});
    assertThat(search.advance(bytes, 0, 3)).isFalse();
    search.lookFor(new byte[] {2});
    assertThat(search.advance(bytes, 0, 3)).isTrue();
    assertThat(search.position()).isEqualTo(1);
  }

  @Test
  void the_delimiter_is_the_one_that_was_given_even_if_its_array_changes() {
    byte[] delimiter = {2};
    DelimiterSearch search = new DelimiterSearch();
    search.lookFor(delimiter);
    delimiter[0] = 3;
    assertThat(search.advance(new byte[] {1, 2, 3}, 0, 3)).isTrue();
    assertThat(search.position()).isEqualTo(1);
  }
}
