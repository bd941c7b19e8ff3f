package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class ExceptionGroupTest {
  private final IOException io = new IOException("io");
  private final IllegalStateException state = new IllegalStateException("state");
  private final Error error = new Error("error");
  private final ExceptionGroup inner = new ExceptionGroup("inner", List.of(state, error));
  private final ExceptionGroup outer = new ExceptionGroup("outer", List.of(io, inner));

  @Test
  void core_22_core_44_a_group_holds_its_members_in_order() {
    assertThat(outer.exceptions()).containsExactly(io, inner);
    assertThat(outer.leaves()).containsExactly(io, state, error);
    assertThat(outer).hasMessage("outer (2 exceptions)");
    assertThat(new ExceptionGroup("one", List.of(io))).hasMessage("one (1 exception)");
  }

  @Test
  void a_group_is_never_empty() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ExceptionGroup("", List.of()));
  }

  @Test
  void members_cannot_be_changed_afterwards() {
    List<Throwable> members = new ArrayList<>(List.of(io));
    ExceptionGroup group = new ExceptionGroup("group", members);
    members.add(state);

    assertThat(group.exceptions()).containsExactly(io);
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> group.exceptions().add(state));
  }

  @Test
  void a_stack_trace_shows_the_members_and_where_they_come_from() {
    StringWriter text = new StringWriter();
    outer.printStackTrace(new PrintWriter(text));

    assertThat(text.toString())
        .contains("outer (2 exceptions)", "inner (2 exceptions)")
        .contains("java.io.IOException: io", "java.lang.IllegalStateException: state")
        .contains("at " + ExceptionGroupTest.class.getName());
  }

  @Test
  void filter_keeps_the_shape() {
    ExceptionGroup filtered = outer.filter(each -> each != state);

    assertThat(filtered).isNotNull().hasMessage("outer (2 exceptions)");
    assertThat(filtered.exceptions()).first().isSameAs(io);
    assertThat(filtered.exceptions())
        .last()
        .isInstanceOfSatisfying(
            ExceptionGroup.class,
            group -> {
              assertThat(group).hasMessage("inner (1 exception)");
              assertThat(group.exceptions()).containsExactly(error);
            });
    assertThat(outer.leaves()).as("the original").containsExactly(io, state, error);
  }

  @Test
  void filter_drops_groups_that_become_empty() {
    ExceptionGroup filtered = outer.filter(IOException.class::isInstance);

    assertThat(filtered).isNotNull().hasMessage("outer (1 exception)");
    assertThat(filtered.exceptions()).containsExactly(io);
    assertThat(outer.filter(_ -> false)).isNull();
  }

  @Test
  void filter_returns_the_group_itself_if_nothing_is_left_out() {
    assertThat(outer.filter(_ -> true)).isSameAs(outer);
    ExceptionGroup withoutIo = outer.filter(each -> each != io);
    assertThat(withoutIo).isNotNull();
    assertThat(withoutIo.exceptions()).first().isSameAs(inner);
  }

  @Test
  void filter_looks_at_leaves_only() {
    List<Throwable> asked = new ArrayList<>();
    assertThat(outer.filter(each -> !asked.add(each))).isNull();

    assertThat(asked).containsExactly(io, state, error);
  }

  @Test
  void what_was_suppressed_in_a_group_survives_a_filter() {
    IOException closing = new IOException("while closing");
    outer.addSuppressed(closing); // as try-with-resources does

    ExceptionGroup filtered = outer.filter(each -> each != error);

    assertThat(filtered).isNotNull();
    assertThat(filtered.getSuppressed()).contains(closing).doesNotContain(inner);
    assertThat(filtered.exceptions()).doesNotContain(closing);
  }

  @Test
  void a_message_may_look_like_a_count() {
    ExceptionGroup group = new ExceptionGroup("odd (5 things)", List.of(io, state));

    assertThat(group.filter(each -> each == io)).hasMessage("odd (5 things) (1 exception)");
  }

  @Test
  void split_divides_into_what_matches_and_the_rest() {
    ExceptionGroup.Split split = outer.split(Error.class::isInstance);
    assertThat(split.matching()).isNotNull();
    assertThat(split.matching().leaves()).containsExactly(error);
    assertThat(split.rest()).isNotNull();
    assertThat(split.rest().leaves()).containsExactly(io, state);

    assertThat(outer.split(_ -> true)).isEqualTo(new ExceptionGroup.Split(outer, null));
    assertThat(outer.split(_ -> false)).isEqualTo(new ExceptionGroup.Split(null, outer));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void filter_and_split_agree_with_the_leaves_of_any_group(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      ExceptionGroup group = randomGroup(random, 4);
      int modulus = 1 + random.nextInt(4);
      Predicate<Throwable> wanted = each -> Integer.parseInt(each.getMessage()) % modulus == 0;

      ExceptionGroup.Split split = group.split(wanted);

      assertThat(leaves(split.matching()))
          .containsExactlyElementsOf(group.leaves().stream().filter(wanted).toList());
      assertThat(leaves(split.rest()))
          .containsExactlyElementsOf(group.leaves().stream().filter(wanted.negate()).toList());
    }
  }

  private static List<Throwable> leaves(ExceptionGroup group) {
    return group == null ? List.of() : group.leaves();
  }

  private static ExceptionGroup randomGroup(Random random, int depth) {
    List<Throwable> members = new ArrayList<>();
    for (int count = 1 + random.nextInt(3); count > 0; count--) {
      members.add(
          depth > 0 && random.nextBoolean()
              ? randomGroup(random, depth - 1)
              : new Exception(String.valueOf(random.nextInt(12))));
    }
    return new ExceptionGroup("group", members);
  }
}
