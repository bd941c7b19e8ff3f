package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class CancelScopeFilterTest {
  @Test
  void core_22_cancelled_leaves_are_taken_out_at_any_depth() {
    IOException first = new IOException("first");
    IOException second = new IOException("second");
    CancelScope scope = new CancelScope();

    Throwable caught =
        catchThrowable(
            () -> Triad.run(
                () -> scope.enter(
                    _ -> {
                      scope.cancel();
                      Cancelled one = cancelledHere();
                      Cancelled two = cancelledHere();
                      throw new ExceptionGroup(
                          "outer",
                          List.of(
                              one,
                              first,
                              new ExceptionGroup("only cancelled", List.of(two)),
                              new ExceptionGroup("inner", List.of(two, second))));
                    })));

    assertThat(scope.cancelledCaught()).isTrue();
    assertThat(caught).isInstanceOf(ExceptionGroup.class).hasMessage("outer (2 exceptions)");
    ExceptionGroup group = (ExceptionGroup) caught;
    assertThat(group.leaves()).containsExactly(first, second);
    assertThat(group.exceptions()).first().isSameAs(first);
    assertThat(group.exceptions()).last().isInstanceOf(ExceptionGroup.class);
  }

  @Test
  void core_22_a_group_of_nothing_but_cancelled_disappears() {
    Triad.run(
        () -> {
          CancelScope scope =
              CancelScope.open(
                  s -> {
                    s.cancel();
                    throw new ExceptionGroup(
                        "outer", List.of(new ExceptionGroup("inner", List.of(cancelledHere()))));
                  });
          assertThat(scope.cancelledCaught()).isTrue();
        });
  }

  @Test
  void core_22_a_group_without_cancelled_stays_the_same_object() {
    ExceptionGroup group = new ExceptionGroup("errors", List.of(new IOException("one")));
    CancelScope scope = new CancelScope();
    Throwable caught =
        catchThrowable(
            () -> Triad.run(
                () -> scope.enter(
                    s -> {
                      s.cancel();
                      throw group;
                    })));

    assertThat(caught).isSameAs(group);
    assertThat(scope.cancelledCaught()).isFalse();
  }

  private static Cancelled cancelledHere() {
    return (Cancelled) catchThrowable(Triad::checkpoint);
  }
}
