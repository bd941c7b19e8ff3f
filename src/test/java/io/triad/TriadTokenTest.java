package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.sync.Event;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.OS;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class TriadTokenTest {
  private final List<Object> steps = new ArrayList<>();

  /** Runs something on another thread, and does not let the loop go on meanwhile. */
  private static void elsewhere(Action<?> action) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform().start(() -> failure.set(catchThrowable(action::run)));
    while (thread.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(failure.get()).isNull();
  }

  // ---- identity ----

  @Test
  void low_43_a_run_has_one_token_and_users_cannot_make_one() {
    TriadToken first = Triad.run(() -> {
      TriadToken token = TriadToken.current();
      Nursery.open(
          nursery -> nursery.startSoon(
              () -> assertThat(TriadToken.current()).isSameAs(token)));
      token.runSyncSoon(() -> steps.add(TriadToken.current()));
      return token;
    });
    assertThat(steps).containsExactly(first);
    assertThat(Triad.run(TriadToken::current)).isNotSameAs(first);
    assertThat(TriadToken.class.getConstructors()).isEmpty();
    assertThat(TriadToken.class).isFinal();
    assertThatIllegalStateException().isThrownBy(TriadToken::current);
  }

  @Test
  void low_43_a_token_can_be_collected_after_its_run() {
    WeakReference<TriadToken> reference =
        Triad.run(() -> new WeakReference<>(TriadToken.current()));
    while (reference.get() != null) { // the time-out of the class ends this
      System.gc();
    }
    assertThat(reference.get()).isNull();
  }

  // ---- calls ----

  @Test
  void low_44_a_call_from_another_thread_wakes_the_run() throws Exception {
    Triad.run(
        () -> {
          Event event = new Event();
          TriadToken token = TriadToken.current();
          Thread caller =
              Thread.ofPlatform()
                  .start(
                      () -> token.runSyncSoon(
                          () -> {
                            assertThat(Triad.inRun()).isTrue();
                            assertThat(Triad.inTask()).isFalse();
                            steps.add(catchThrowable(Triad::checkpoint).getClass());
                            event.set();
                          }));
          event.await(); // with nothing else to do the run sleeps in the kernel
          steps.add("woken");
          caller.join();
        });
    assertThat(steps).containsExactly(IllegalStateException.class, "woken");
  }

  @Test
  void low_44_a_signal_handler_may_call() throws Exception {
    // By reflection, because the compiler warns of every mention of these classes.
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    // Neither ends the process while somebody handles it; Windows has few.
    String name = OS.WINDOWS.isCurrentOs() ? "TERM" : "WINCH";
    Object handled = signal.getConstructor(String.class).newInstance(name);
    Triad.run(
        () -> {
          Event event = new Event();
          TriadToken token = TriadToken.current();
          InvocationHandler wake =
              (_, _, _) -> {
                token.runSyncSoon(event::set);
                return null;
              };
          Object before =
              signal
                  .getMethod("handle", signal, handler)
                  .invoke(
                      null,
                      handled,
                      Proxy.newProxyInstance(
                          getClass().getClassLoader(), new Class<?>[] {handler}, wake));
          try {
            signal.getMethod("raise", signal).invoke(null, handled);
            event.await();
          } finally {
            signal.getMethod("handle", signal, handler).invoke(null, handled, before);
          }
        });
  }

  @Test
  void low_44_many_threads_at_once_lose_nothing() {
    int threads = 8;
    int calls = 5_000;
    AtomicInteger refused = new AtomicInteger();
    int[] counts = new int[threads];
    Triad.run(
        () -> {
          Event done = new Event();
          TriadToken token = TriadToken.current();
          AtomicInteger left = new AtomicInteger(threads);
          for (int i = 0; i < threads; i++) {
            int number = i;
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int call = 0; call < calls; call++) {
                        int expected = call;
                        token.runSyncSoon(
                            () -> {
                              if (counts[number]++ != expected) {
                                refused.incrementAndGet();
                              }
                            });
                      }
                      if (left.decrementAndGet() == 0) {
                        token.runSyncSoon(done::set);
                      }
                    });
          }
          done.await();
        });
    assertThat(counts).containsOnly(calls);
    assertThat(refused).as("calls of one thread out of their order").hasValue(0);
  }

  // ---- order and keys ----

  @Test
  void low_45_calls_keep_their_order() {
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          for (int i = 0; i < 100; i++) {
            int number = i;
            if (i % 3 == 0) {
              token.runSyncSoon("key " + i, () -> steps.add(number));
            } else {
              token.runSyncSoon(() -> steps.add(number));
            }
          }
          assertThat(steps).isEmpty();
          Steps.settle();
          assertThat(steps).hasSize(100);
        });
    assertThat(steps).containsExactlyElementsOf(
        IntStream.range(0, 100).<Object>mapToObj(i -> i).toList());
  }

  @Test
  void low_45_equal_keys_collapse_into_the_first() {
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          token.runSyncSoon(new StringBuilder("a").toString(), () -> steps.add("first a"));
          token.runSyncSoon("b", () -> steps.add("first b"));
          token.runSyncSoon(() -> steps.add("no key"));
          token.runSyncSoon("a", () -> steps.add("second a"));
          token.runSyncSoon("b", () -> steps.add("second b"));
          token.runSyncSoon(() -> steps.add("no key"));
          elsewhere(() -> token.runSyncSoon("a", () -> steps.add("third a")));
          Steps.settle();
        });
    assertThat(steps).containsExactly("first a", "first b", "no key", "no key");
  }

  @Test
  void low_45_a_call_that_has_begun_may_be_handed_in_again() {
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          token.runSyncSoon(
              "key",
              () -> {
                steps.add("first");
                token.runSyncSoon("key", () -> steps.add("again"));
                token.runSyncSoon("key", () -> steps.add("collapsed"));
              });
          Steps.settle();
          token.runSyncSoon("key", () -> steps.add("later"));
          Steps.settle();
        });
    assertThat(steps).containsExactly("first", "again", "later");
  }

  /** The promise that makes keys useful: what was written before the call is seen by an action. */
  @Test
  void low_45_no_change_is_missed_however_often_the_same_key_is_handed_in() {
    int threads = 4;
    int changes = 20_000;
    AtomicInteger[] written = new AtomicInteger[threads];
    int[] seen = new int[threads];
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          Event done = new Event();
          AtomicInteger left = new AtomicInteger(threads);
          Action<RuntimeException> look =
              () -> {
                for (int i = 0; i < threads; i++) {
                  seen[i] = written[i].getPlain();
                }
              };
          for (int i = 0; i < threads; i++) {
            AtomicInteger mine = written[i] = new AtomicInteger();
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int change = 1; change <= changes; change++) {
                        mine.setPlain(change);
                        token.runSyncSoon("look", look);
                      }
                      if (left.decrementAndGet() == 0) {
                        token.runSyncSoon("done", done::set);
                      }
                    });
          }
          done.await();
        });
    assertThat(seen).containsOnly(changes);
  }

  // ---- work per pass ----

  @Test
  void low_46_calls_that_queue_themselves_starve_nobody() {
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          int[] count = new int[1];
          boolean[] enough = new boolean[1];
          Action<?>[] again = new Action<?>[1];
          again[0] =
              () -> {
                count[0]++;
                if (!enough[0]) {
                  token.runSyncSoon(again[0]);
                  token.runSyncSoon("key", again[0]);
                }
              };
          token.runSyncSoon(again[0]);
          Triad.sleep(Duration.ofMillis(1));
          int before = count[0];
          for (int i = 0; i < 10; i++) {
            Triad.checkpoint();
          }
          enough[0] = true;
          assertThat(count[0]).isGreaterThan(before);
        });
  }

  @Test
  void low_46_thousands_at_once_are_fine() {
    int calls = 100_000;
    int[] count = new int[1];
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          for (int i = 0; i < calls; i++) {
            token.runSyncSoon(() -> count[0]++);
          }
          Steps.settle();
          assertThat(count[0]).isEqualTo(calls);
        });
  }

  // ---- the end ----

  @Test
  void low_47_after_the_run_calls_are_refused() {
    TriadToken token = Triad.run(TriadToken::current);
    assertThatThrownBy(() -> token.runSyncSoon(() -> steps.add("too late")))
        .isInstanceOf(RunFinishedException.class);
    assertThatThrownBy(() -> token.runSyncSoon("key", () -> steps.add("too late")))
        .isInstanceOf(RunFinishedException.class);
    assertThatThrownBy(() -> token.runSyncSoon("key", () -> steps.add("too late")))
        .isInstanceOf(RunFinishedException.class);
    assertThat(steps).isEmpty();
  }

  @Test
  void low_47_a_call_that_was_accepted_is_done_though_main_has_failed() {
    IllegalArgumentException failure = new IllegalArgumentException("main");
    assertThatThrownBy(
        () -> Triad.run(
            () -> {
              TriadToken.current().runSyncSoon(() -> steps.add("done"));
              throw failure;
            }))
        .isSameAs(failure);
    assertThat(steps).containsExactly("done");
  }

  @Test
  void low_47_a_call_that_was_accepted_is_done_though_the_runtime_has_failed() {
    IllegalStateException broken = new IllegalStateException("broken clock");
    TriadToken[] token = new TriadToken[1];
    Clock clock =
        new Clock() {
          @Override
          public long nanos() {
            if (token[0] != null) {
              throw broken;
            }
            return 0;
          }

          @Override
          public long untilNanos(long deadlineNanos) {
            return 0;
          }
        };
    assertThatThrownBy(
        () -> Triad.run(
            RunOptions.DEFAULT.withClock(clock),
            () -> CancelScope.open(
                scope -> {
                  scope.setTimeout(Duration.ofSeconds(1));
                  token[0] = TriadToken.current();
                  token[0].runSyncSoon(() -> steps.add("done"));
                  Triad.sleepForever();
                })))
        .isInstanceOf(TriadInternalError.class)
        .hasRootCause(broken);
    assertThat(steps).containsExactly("done");
    assertThatThrownBy(() -> token[0].runSyncSoon(() -> steps.add("too late")))
        .isInstanceOf(RunFinishedException.class);
  }

  @Test
  void low_47_whatever_is_not_refused_is_done_at_the_end_of_the_run_as_well() throws Exception {
    for (int round = 0; round < 200; round++) {
      AtomicInteger accepted = new AtomicInteger();
      int[] done = new int[1];
      CountDownLatch begun = new CountDownLatch(1);
      Thread[] caller = new Thread[1];
      Triad.run(
          () -> {
            TriadToken token = TriadToken.current();
            caller[0] =
                Thread.ofPlatform()
                    .start(
                        () -> {
                          try {
                            while (true) {
                              token.runSyncSoon(() -> done[0]++);
                              accepted.incrementAndGet();
                              begun.countDown();
                            }
                          } catch (RunFinishedException _) {
                            // this is how it ends
                          }
                        });
            begun.await();
          });
      caller[0].join();
      assertThat(done[0]).isEqualTo(accepted.get()).isPositive();
    }
  }

  // ---- failures ----

  /** Asks for a call that fails, and for one behind it. */
  private void failSoon(Exception failure) {
    TriadToken token = TriadToken.current();
    token.runSyncSoon(
        () -> {
          throw failure;
        });
    token.runSyncSoon(() -> steps.add("behind it"));
  }

  @Test
  void low_48_a_call_that_throws_ends_the_run_but_those_behind_it_are_done() {
    Exception failure = new Exception("callback");
    Throwable thrown =
        catchThrowable(
            () -> Triad.run(
                () -> {
                  failSoon(failure);
                  try {
                    Triad.sleepForever();
                  } finally {
                    steps.add("main was cancelled");
                  }
                }));
    assertIsCrash(thrown, failure);
    assertThat(steps).containsExactly("behind it", "main was cancelled");
  }

  @Test
  void low_48_the_last_calls_of_a_run_may_throw_as_well() {
    Exception failure = new Exception("late");
    Throwable thrown = catchThrowable(() -> Triad.run(() -> failSoon(failure)));
    assertIsCrash(thrown, failure);
    assertThat(steps).containsExactly("behind it");
  }

  private static void assertIsCrash(Throwable thrown, Throwable failure) {
    assertThat(thrown).isInstanceOf(TriadInternalError.class);
    assertThat(thrown.getCause())
        .isInstanceOfSatisfying(
            ExceptionGroup.class,
            group -> assertThat(group.filter(leaf -> leaf == failure)).isSameAs(group));
  }
}
