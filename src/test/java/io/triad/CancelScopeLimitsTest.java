package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.sync.Event;
import io.triad.testing.MockClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class CancelScopeLimitsTest {
  private static void nest(CancelScope[] scopes, int depth, Action<RuntimeException> innermost) {
    if (depth == scopes.length) {
      innermost.run();
      return;
    }
    scopes[depth] = CancelScope.open(scope -> {
      scopes[depth] = scope;
      nest(scopes, depth + 1, innermost);
    });
  }

  @Test
  void core_32_the_text_of_a_scope_tells_its_stage() {
    CancelScope fresh = new CancelScope();
    assertThat(fresh).hasToString("CancelScope unbound");
    assertThat(new CancelScope().setDeadline(Duration.ofSeconds(3)))
        .as("outside of a run")
        .hasToString("CancelScope unbound");
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          fresh.enter(
              scope -> {
                assertThat(scope).hasToString("CancelScope active");
                scope.setDeadline(Duration.ofMillis(10_500));
                assertThat(scope)
                    .hasToString("CancelScope active, deadline is 10.50 seconds from now");
                scope.cancel();
                assertThat(scope).hasToString("CancelScope active, cancelled");
              });
          assertThat(fresh).hasToString("CancelScope exited, cancelled");
          CancelScope inTime = Triad.moveOnAfter(Duration.ofSeconds(2), _ -> {});
          Triad.sleep(Duration.ofSeconds(3));
          assertThat(inTime).hasToString("CancelScope exited, deadline is 1.00 seconds ago");
        });
  }

  @Test
  void core_32_another_thread_does_not_know_the_time() throws Exception {
    Triad.run(
        () -> CancelScope.open(
            scope -> {
              scope.setTimeout(Duration.ofHours(1));
              FutureTask<String> elsewhere =
                  new FutureTask<>((Callable<String>) scope::toString);
              Thread.ofPlatform().start(elsewhere);
              assertThat(elsewhere.get()).isEqualTo("CancelScope active");
            }));
  }

  @Test
  void core_32_looking_at_a_scope_does_not_cancel_it() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope late = new CancelScope().setDeadline(Duration.ofSeconds(-1));
          assertThat(late).hasToString("CancelScope unbound, deadline is 1.00 seconds ago");
          late.setDeadline(Triad.FOREVER.negated());
          assertThat(late.toString()).endsWith("seconds ago");
          late.setDeadline(Triad.FOREVER);
          assertThat(late.cancelCalled()).isFalse();
        });
  }

  @Test
  void core_34_scopes_may_be_nested_by_the_thousand() throws Exception {
    CancelScope[] scopes = new CancelScope[10_000];
    // Bodies are lambdas: what is nested in the program is nested on the stack.
    FutureTask<Object> run =
        new FutureTask<>(
            () -> {
              Triad.run(
                  () -> nest(
                      scopes,
                      0,
                      () -> {
                        scopes[0].cancel();
                        assertThat(Triad.currentEffectiveDeadline())
                            .isEqualTo(Triad.FOREVER.negated());
                      }));
              return null;
            });
    new Thread(null, run, "large stack", 256 << 20).start();
    run.get();

    assertThat(scopes).allMatch(scope -> scope.toString().startsWith("CancelScope exited"));
  }

  @Test
  void core_34_a_cancellation_crosses_thousands_of_scopes_to_a_sleeper() {
    CancelScope[] scopes = new CancelScope[5000];
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Event sleeping = new Event();
              nursery.startSoon(() -> nestTasks(scopes, 0, sleeping));
              sleeping.await();
              scopes[1].cancel();
            }));

    assertThat(scopes).filteredOn(CancelScope::cancelledCaught).containsExactly(scopes[1]);
  }

  /** A scope around a nursery with a task that does the same, until the last one sleeps. */
  private static void nestTasks(CancelScope[] scopes, int depth, Event sleeping) {
    if (depth == scopes.length) {
      sleeping.set();
      Triad.sleepForever();
    }
    CancelScope.open(
        scope -> {
          scopes[depth] = scope;
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> nestTasks(scopes, depth + 1, sleeping));
              });
        });
  }
}
