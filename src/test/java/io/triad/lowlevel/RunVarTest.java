package io.triad.lowlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.Nursery;
import io.triad.Triad;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RunVarTest {
  private final RunVar<String> variable = new RunVar<>("greeting");

  @Test
  void low_41_variable_without_a_value_says_so() {
    Triad.run(
        () -> {
          assertThat(variable.isSet()).isFalse();
          assertThat(variable.orElse("default")).isEqualTo("default");
          assertThatThrownBy(variable::get)
              .isInstanceOf(NoSuchElementException.class)
              .hasMessage("RunVar greeting has no value in this run");
        });
  }

  @Test
  void low_41_core_84_value_is_seen_by_all_tasks_of_a_run_and_by_no_other_run() {
    List<String> seen = new ArrayList<>();
    Triad.run(
        () -> {
          Nursery.open(nursery -> nursery.startSoon(() -> variable.set("hello")));
          Nursery.open(nursery -> nursery.startSoon(() -> seen.add(variable.get())));
        });
    Triad.run(() -> seen.add(variable.orElse("nothing")));
    assertThat(seen).containsExactly("hello", "nothing");
  }

  @Test
  void low_41_null_is_a_value() {
    RunVar<@Nullable String> nullable = new RunVar<>("nullable");
    Triad.run(
        () -> {
          nullable.set(null);
          assertThat(nullable.isSet()).isTrue();
          assertThat(nullable.get()).isNull();
          assertThat(nullable.orElse("other")).isNull();
        });
  }

  @Test
  void low_41_tokens_lead_back_step_by_step() {
    Triad.run(
        () -> {
          RunVar.Token<String> first = variable.set("1");
          RunVar.Token<String> second = variable.set("2");
          assertThat(variable.get()).isEqualTo("2");
          variable.reset(second);
          assertThat(variable.get()).isEqualTo("1");
          variable.reset(first);
          assertThat(variable.isSet()).isFalse();
        });
  }

  @Test
  void low_41_token_is_good_for_one_time() {
    Triad.run(
        () -> {
          RunVar.Token<String> token = variable.set("1");
          variable.reset(token);
          variable.set("2");
          assertThatIllegalStateException()
              .isThrownBy(() -> variable.reset(token))
              .withMessage("this token has been used already");
          assertThat(variable.get()).isEqualTo("2");
        });
  }

  @Test
  void low_41_token_of_another_variable_is_refused() {
    RunVar<String> other = new RunVar<>("other");
    Triad.run(
        () -> {
          RunVar.Token<String> token = variable.set("1");
          assertThatThrownBy(() -> other.reset(token))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("this is a Token of RunVar greeting, not of RunVar other");
          variable.reset(token);
          assertThat(variable.isSet()).isFalse();
        });
  }

  @Test
  void low_41_token_of_another_run_is_refused() {
    RunVar.Token<String> token = Triad.run(() -> variable.set("1"));
    Triad.run(
        () -> {
          variable.set("2");
          assertThatThrownBy(() -> variable.reset(token))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("this token was made in another run");
          assertThat(variable.get()).isEqualTo("2");
        });
  }

  @Test
  void low_41_outside_of_a_run_there_are_no_values() {
    RunVar.Token<String> token = Triad.run(() -> variable.set("1"));
    assertThatIllegalStateException().isThrownBy(variable::get);
    assertThatIllegalStateException().isThrownBy(variable::isSet);
    assertThatIllegalStateException().isThrownBy(() -> variable.orElse("other"));
    assertThatIllegalStateException().isThrownBy(() -> variable.set("2"));
    assertThatIllegalStateException().isThrownBy(() -> variable.reset(token));
  }
}
