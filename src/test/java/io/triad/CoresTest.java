package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.sync.Event;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several runs in one process: those that begin together, and those that know nothing of it. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
@ExtendWith(LeakCheck.class)
final class CoresTest {
  private final List<Object> steps = new CopyOnWriteArrayList<>();

  @Test
  void runs_begin_together_each_on_its_own_thread_and_return_their_results() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    ConcurrentHashMap.KeySetView<TriadToken, Boolean> tokens = ConcurrentHashMap.newKeySet();
    List<String> results =
        Triad.callOnEachCore(
            4,
            core -> {
              begun.incrementAndGet();
              assertThat(core.count()).isEqualTo(4);
              assertThat(core.tokens()).doesNotHaveDuplicates();
              assertThat(core.tokens().get(core.index())).isSameAs(TriadToken.current());
              tokens.addAll(core.tokens());
              return "result " + core.index();
            });
    assertThat(results).containsExactly("result 0", "result 1", "result 2", "result 3");
    assertThat(begun).hasValue(4);
    assertThat(tokens).hasSize(4);
  }

  @Test
  void a_single_run_is_enough_and_none_is_too_few() throws Exception {
    Triad.runOnEachCore(1, core -> steps.add(core.index()));
    assertThat(steps).containsExactly(0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Triad.runOnEachCore(0, core -> steps.add(core)));
    assertThatIllegalStateException()
        .isThrownBy(
            () -> Triad.run(() -> Triad.runOnEachCore(1, core -> steps.add(core))))
        .withMessageContaining("inside a run");
  }

  @Test
  void runs_send_each_other_actions() throws Exception {
    int count = 4;
    int messages = 1_000;
    int[][] received = new int[count][count];
    Event[] done = new Event[count];
    Triad.runOnEachCore(
        count,
        core -> {
          int me = core.index();
          Event mine = done[me] = new Event();
          for (int message = 0; message < messages; message++) {
            for (int other = 0; other < count; other++) {
              int to = other;
              core.tokens()
                  .get(other)
                  .runSyncSoon(
                      () -> {
                        received[to][me]++; // on the thread of the other run
                        if (IntStream.of(received[to]).sum() == count * messages) {
                          done[to].set();
                        }
                      });
            }
            if (message % 100 == 0) {
              Triad.checkpoint();
            }
          }
          mine.await();
        });
    for (int[] row : received) {
      assertThat(row).containsOnly(messages);
    }
  }

  @Test
  void threads_inherit_the_scoped_values_of_the_caller() throws Exception {
    ScopedValue<String> value = ScopedValue.newInstance();
    List<String> seen =
        ScopedValue.where(value, "inherited")
            .call(() -> Triad.callOnEachCore(2, _ -> value.get()));
    assertThat(seen).containsExactly("inherited", "inherited");
  }

  // ---- failures ----

  @Test
  void the_first_failure_cancels_the_others_and_is_thrown_as_it_is() {
    IOException failure = new IOException("of run 2");
    assertThatThrownBy(
        () -> Triad.runOnEachCore(
            4,
            core -> {
              if (core.index() == 2) {
                Triad.sleep(Duration.ofMillis(1));
                throw failure;
              }
              try {
                Triad.sleepForever();
              } catch (Cancelled expected) {
                steps.add(String.valueOf(expected.reason()));
                throw expected;
              }
            }))
        .isSameAs(failure)
        .hasNoSuppressedExceptions();
    assertThat(steps)
        .hasSize(3)
        .containsOnly("run 2 of 4 has failed: java.io.IOException");
  }

  @Test
  void further_failures_hang_on_the_first_in_the_order_of_the_runs() {
    List<IOException> failures =
        IntStream.range(0, 4).mapToObj(i -> new IOException("of run " + i)).toList();
    assertThatThrownBy(
        () -> Triad.runOnEachCore(
            4,
            core -> {
              if (core.index() == 1) {
                throw failures.get(1);
              }
              try {
                Triad.sleepForever();
              } finally {
                throwIt(failures.get(core.index()));
              }
            }))
        .isSameAs(failures.get(1))
        .satisfies(
            thrown -> assertThat(thrown.getSuppressed())
                .containsExactly(failures.get(0), failures.get(2), failures.get(3)));
  }

  private static void throwIt(IOException failure) throws IOException {
    throw failure;
  }

  @Test
  void the_same_failure_of_several_runs_is_thrown_once() {
    IOException failure = new IOException("of all");
    CoreAction<IOException> fail =
        _ -> {
          throw failure;
        };
    assertThatThrownBy(() -> Triad.runOnEachCore(3, fail))
        .isSameAs(failure)
        .hasNoSuppressedExceptions();
  }

  /** A run that cannot have its engine fails before the others have begun, and those never do. */
  @Test
  void a_run_that_cannot_begin_keeps_the_others_from_beginning() {
    Queue<Platform> platforms = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 3; i++) {
      platforms.add(Platforms.open());
    }
    AtomicInteger opened = new AtomicInteger();
    Supplier<Platform> scarce =
        () -> {
          Platform platform = platforms.remove();
          return (Platform) Proxy.newProxyInstance(
              Platform.class.getClassLoader(),
              new Class<?>[] {Platform.class},
              (_, method, arguments) -> {
                if (method.getReturnType() == Engine.class && opened.incrementAndGet() > 2) {
                  throw new EngineUnavailableException("no memory may be locked: ulimit -l");
                }
                return method.invoke(platform, arguments);
              });
        };
    Throwable thrown =
        catchThrowable(
            () -> ScopedValue.where(Platforms.CHOSEN, scarce)
                .call(
                    () -> {
                      Triad.runOnEachCore(3, core -> steps.add(core.index()));
                      return null;
                    }));
    assertThat(thrown)
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessage("no memory may be locked: ulimit -l");
    assertThat(steps).isEmpty();
  }

  // ---- interrupting the caller ----

  @Test
  void interrupting_the_caller_cancels_all_runs_and_waits_for_them() throws Exception {
    CountDownLatch begun = new CountDownLatch(3);
    IOException failure = new IOException("while it was cancelled");
    FutureTask<Throwable> outcome =
        new FutureTask<>(
            () -> catchThrowable(
                () -> Triad.runOnEachCore(
                    3,
                    core -> {
                      begun.countDown();
                      try {
                        Triad.sleepForever();
                      } finally {
                        CancelScope.open(
                            scope -> {
                              scope.setShield(true);
                              Triad.sleep(Duration.ofMillis(1));
                            });
                        steps.add(core.index());
                        if (core.index() == 1) {
                          throwIt(failure);
                        }
                      }
                    })));
    Thread caller = Thread.ofPlatform().start(outcome);
    begun.await();
    caller.interrupt();
    assertThat(outcome.get())
        .isInstanceOf(InterruptedException.class)
        .hasSuppressedException(failure);
    assertThat(steps).containsExactlyInAnyOrder(0, 1, 2);
  }

  // ---- runs that were not begun together ----

  /** Each run sends tokens' worth of actions to all others, while some end before others. */
  @Test
  void low_44_low_47_many_runs_call_into_each_other_and_lose_nothing() throws Exception {
    int runs = 8;
    int calls = 3_000;
    TriadToken[] tokens = new TriadToken[runs];
    CountDownLatch begun = new CountDownLatch(runs);
    AtomicInteger accepted = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    int[] done = new int[runs]; // each by its own run
    List<FutureTask<Throwable>> outcomes = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      int me = i;
      Action<Exception> main =
          () -> {
            tokens[me] = TriadToken.current();
            begun.countDown();
            begun.await();
            SplittableRandom random = new SplittableRandom(me);
            for (int call = 0; call < calls; call++) {
              int to = random.nextInt(runs);
              try {
                tokens[to].runSyncSoon(() -> done[to]++);
                accepted.incrementAndGet();
              } catch (RunFinishedException _) {
                refused.incrementAndGet();
              }
              if (random.nextInt(10) == 0) {
                Triad.checkpoint();
              }
            }
          };
      FutureTask<Throwable> outcome =
          new FutureTask<>(() -> catchThrowable(() -> Triad.run(main)));
      Thread.ofPlatform().start(outcome);
      outcomes.add(outcome);
    }
    for (FutureTask<Throwable> outcome : outcomes) {
      assertThat(outcome.get()).isNull();
    }
    assertThat(accepted.get() + refused.get()).isEqualTo(runs * calls);
    assertThat(IntStream.of(done).sum()).isEqualTo(accepted.get());
  }
}
