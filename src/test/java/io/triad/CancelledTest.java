package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.triad.testing.MockClock;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class CancelledTest {

  private static Cancelled cancelledHere() {
    return catchThrowableOfType(Cancelled.class, Triad::checkpoint);
  }

  @Test
  void core_35_only_triad_makes_it() {
    assertThat(Modifier.isFinal(Cancelled.class.getModifiers())).isTrue();
    assertThat(Cancelled.class.getDeclaredConstructors())
        .isNotEmpty()
        .extracting(Constructor::getModifiers)
        .noneMatch(modifiers -> Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers));
  }

  @Test
  void core_35_it_slips_through_a_catch_of_exceptions() {
    assertThat(Exception.class.isAssignableFrom(Cancelled.class)).isFalse();
  }

  @Test
  void core_35_it_says_where_it_comes_from() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> CancelScope.open(
            scope -> {
              scope.cancel("no longer wanted");
              Cancelled cancelled = cancelledHere();
              assertThat(cancelled.source()).isEqualTo(Cancelled.Source.EXPLICIT);
              assertThat(cancelled.reason()).isEqualTo("no longer wanted");
              assertThat(cancelled.sourceTask()).isEqualTo("main");
              assertThat(cancelled)
                  .hasMessage(
                      "cancelled due to explicit with reason 'no longer wanted'"
                          + " from task main");
            }));
  }

  @Test
  void core_35_what_is_not_known_is_left_out() {
    CancelScope fromOutside = new CancelScope();
    fromOutside.cancel();
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          fromOutside.enter(
              _ -> assertThat(cancelledHere()).hasMessage("cancelled due to explicit"));
          Triad.moveOnAfter(
              Duration.ofSeconds(1),
              _ -> {
                Cancelled cancelled = catchThrowableOfType(Cancelled.class, Triad::sleepForever);
                assertThat(cancelled).hasMessage("cancelled due to deadline");
                assertThat(cancelled.source()).isEqualTo(Cancelled.Source.DEADLINE);
                assertThat(cancelled.reason()).isNull();
                assertThat(cancelled.sourceTask()).isNull();
              });
        });
  }

  @Test
  void core_36_the_first_reason_stays() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope.open(
              scope -> {
                scope.cancel("first");
                scope.cancel("second");
                scope.setDeadline(Duration.ofSeconds(-1));
                assertThat(cancelledHere().source()).isEqualTo(Cancelled.Source.EXPLICIT);
                assertThat(cancelledHere().reason()).isEqualTo("first");
              });
          CancelScope.open(
              scope -> {
                scope.setDeadline(Duration.ofSeconds(-1));
                scope.cancel("second");
                assertThat(cancelledHere().source()).isEqualTo(Cancelled.Source.DEADLINE);
                assertThat(cancelledHere().reason()).isNull();
              });
        });
  }

  @Test
  void core_36_a_scope_without_a_reason_reports_that_of_its_ancestor() {
    Triad.run(
        () -> CancelScope.open(
            outer -> CancelScope.open(
                _ -> CancelScope.open(
                    inner -> {
                      outer.cancel("from above");
                      assertThat(cancelledHere().reason()).isEqualTo("from above");
                      inner.cancel("own");
                      assertThat(cancelledHere().reason()).isEqualTo("own");
                    }))));
  }

  @Test
  void core_37_after_the_failure_of_a_child_the_others_know_why() {
    Cancelled[] seen = new Cancelled[2];
    Throwable thrown = catchThrowable(
        () -> Triad.run(
            () -> Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      "sleeper",
                      () -> seen[0] =
                          catchThrowableOfType(
                              Cancelled.class, Triad::sleepForever));
                  nursery.startSoon(
                      "culprit",
                      () -> {
                        Triad.checkpoint();
                        throw new IOException("broken pipe");
                      });
                  seen[1] = catchThrowableOfType(Cancelled.class, Triad::sleepForever);
                })));

    assertThat(thrown).isInstanceOf(ExceptionGroup.class);
    assertThat(seen)
        .allSatisfy(
            cancelled -> {
              assertThat(cancelled.source()).isEqualTo(Cancelled.Source.NURSERY);
              assertThat(cancelled.reason())
                  .isEqualTo("child task raised exception java.io.IOException: broken pipe");
              assertThat(cancelled.sourceTask()).isEqualTo("culprit");
            });
  }

  @Test
  void core_37_after_the_failure_of_the_body_the_children_know_why() {
    Cancelled cancelled = seenByTheChildOfABodyThatThrows(new IOException("broken pipe"));

    assertThat(cancelled.source()).isEqualTo(Cancelled.Source.NURSERY);
    assertThat(cancelled.reason())
        .startsWith("code block inside the nursery")
        .endsWith("java.io.IOException: broken pipe");
    assertThat(cancelled.sourceTask()).isEqualTo("main");
  }

  @Test
  void core_37_an_exception_that_cannot_describe_itself_does_no_harm() {
    RuntimeException unreadable =
        new RuntimeException() {
          private static final long serialVersionUID = 1L;

          @Override
          public String getMessage() {
            throw new IllegalStateException("no message");
          }
        };

    assertThat(seenByTheChildOfABodyThatThrows(unreadable).reason())
        .endsWith(unreadable.getClass().getName());
  }

  /** What a child gets that waits in a nursery of its own while the body around it fails. */
  private static Cancelled seenByTheChildOfABodyThatThrows(Exception failure) {
    Cancelled[] seen = new Cancelled[1];
    NurseryAction child =
        _ -> seen[0] = catchThrowableOfType(Cancelled.class, Triad::sleepForever);
    NurseryAction body =
        nursery -> {
          nursery.startSoon(() -> Nursery.open(child));
          Triad.checkpoint();
          throw failure;
        };

    Throwable caught = catchThrowable(() -> Triad.run(() -> Nursery.open(body)));

    assertThat(caught).isInstanceOf(ExceptionGroup.class);
    assertThat(((ExceptionGroup) caught).exceptions().getFirst()).isSameAs(failure);
    return seen[0];
  }
}
