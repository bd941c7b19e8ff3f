package io.triad.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.Body;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class ThreadCacheTest {
  private static final long LONG = TimeUnit.MINUTES.toNanos(1);

  private final BlockingQueue<Object> steps = new LinkedBlockingQueue<>();
  private final AtomicInteger made = new AtomicInteger();
  private final ThreadFactory factory =
      task -> {
        made.incrementAndGet();
        Thread thread = new Thread(task, "idle name");
        thread.setDaemon(true);
        return thread;
      };
  private final ThreadCache cache = new ThreadCache(LONG, factory);

  @Test
  void low_42_a_function_runs_on_a_daemon_and_the_outcome_is_delivered_there() throws Exception {
    Threads.startThreadSoon(
        () -> Thread.currentThread(),
        outcome -> {
          steps.add(outcome);
          steps.add(Thread.currentThread());
        });
    Thread worker = ((Outcome.Value<?>) steps.take()).value() instanceof Thread t ? t : null;
    assertThat(worker).isNotNull().isNotSameAs(Thread.currentThread());
    assertThat(steps.take()).isSameAs(worker);
    assertThat(worker.isDaemon()).isTrue();

    IOException failure = new IOException();
    Body<String, IOException> failing =
        () -> {
          throw failure;
        };
    Threads.startThreadSoon("some name", failing, steps::add);
    Outcome<?> outcome = (Outcome<?>) steps.take();
    assertThat(outcome).isEqualTo(new Outcome.Failure<>(failure));
    assertThatThrownBy(() -> outcome.<IOException>unwrap()).isSameAs(failure);
  }

  @Test
  void low_42_threads_are_used_again_by_what_a_delivery_starts_as_well() throws Exception {
    // Each delivery starts the next function, which gets the very thread that delivers.
    startNext(20);
    List<Object> threads = new ArrayList<>();
    for (int i = 0; i <= 20; i++) {
      threads.add(steps.take());
    }
    assertThat(threads).containsOnly(threads.getFirst());
    assertThat(made).hasValue(1);
  }

  private void startNext(int left) {
    cache.start(
        "name",
        () -> steps.add(Thread.currentThread()),
        _ -> {
          if (left > 0) {
            startNext(left - 1);
          }
        });
  }

  @Test
  void low_42_as_many_threads_as_functions_at_the_same_time() throws Exception {
    int count = 10;
    CountDownLatch all = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      cache.start(
          "name",
          () -> {
            all.countDown();
            all.await(); // for each other
            return Thread.currentThread();
          },
          steps::add);
    }
    List<Object> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(steps.take());
    }
    assertThat(threads).doesNotHaveDuplicates();
    assertThat(made).hasValue(count);
  }

  @Test
  void core_79_threads_end_when_they_have_been_idle() throws Exception {
    ThreadCache impatient = new ThreadCache(1, factory);
    for (int round = 1; round <= 3; round++) {
      impatient.start("name", Thread::currentThread, outcome -> steps.add(outcome.unwrap()));
      ((Thread) steps.take()).join(); // which would not return if it stayed
      assertThat(made).hasValue(round);
    }
  }

  /** A thread may be chosen at the moment when it gives up waiting: no function must be lost. */
  @Test
  void core_79_a_thread_that_is_about_to_end_loses_nothing() throws Exception {
    ThreadCache impatient = new ThreadCache(1, factory);
    for (int i = 0; i < 20_000; i++) {
      int number = i;
      impatient.start("name", () -> number, outcome -> steps.add(outcome.unwrap()));
      assertThat(steps.take()).isEqualTo(number);
    }
  }

  @Test
  void core_79_name_class_loader_and_interrupt_stay_with_the_job() throws Exception {
    ClassLoader mine = new ClassLoader(null) {};
    Thread caller = Thread.currentThread();
    ClassLoader before = caller.getContextClassLoader();
    caller.setContextClassLoader(mine);
    try {
      cache.start("first", this::describe, _ -> steps.add(describe()));
    } finally {
      caller.setContextClassLoader(before);
    }
    assertThat(steps.take())
        .isEqualTo("first, not interrupted, " + System.identityHashCode(mine));
    int system = System.identityHashCode(ClassLoader.getSystemClassLoader());
    assertThat(steps.take()).isEqualTo("idle name, interrupted, " + system);
    cache.start("second", this::describe, _ -> {});
    assertThat((String) steps.take()).startsWith("second, not interrupted");
  }

  private String describe() {
    Thread thread = Thread.currentThread();
    String text =
        thread.getName()
            + (thread.isInterrupted() ? ", interrupted, " : ", not interrupted, ")
            + System.identityHashCode(thread.getContextClassLoader());
    if (thread.getName().equals("first") || thread.getName().equals("second")) {
      steps.add(text);
      thread.interrupt();
    }
    return text;
  }

  @Test
  void low_42_a_delivery_that_throws_is_reported_and_costs_no_thread() throws Exception {
    Error failure = new Error("delivery");
    Body<Thread, RuntimeException> first =
        () -> {
          Thread.currentThread()
              .setUncaughtExceptionHandler(
                  (_, thrown) -> {
                    steps.add(thrown);
                    throw new IllegalStateException("a handler that throws");
                  });
          return Thread.currentThread();
        };
    cache.start(
        "name",
        first,
        _ -> {
          throw failure;
        });
    assertThat(steps.take()).isSameAs(failure);
    cache.start("name", () -> "next", outcome -> steps.add(outcome.unwrap()));
    assertThat(steps.take()).isEqualTo("next");
    assertThat(made).hasValue(1);
  }
}
