package io.triad.twin;

import io.triad.Action;
import io.triad.Task;
import io.triad.sync.CapacityLimiter;
import io.triad.sync.Condition;
import io.triad.sync.Event;
import io.triad.sync.Lock;
import io.triad.sync.LockStatistics;
import io.triad.sync.Semaphore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The events, locks, semaphores, limiters and conditions of a program, by name. */
final class Primitives {
  private final Interpreter interpreter;
  private final Map<String, Event> events;
  private final Map<String, Lock> locks;
  private final Map<String, Semaphore> semaphores;
  private final Map<String, CapacityLimiter> limiters;
  private final Map<String, Condition> conditions;

  Primitives(Interpreter interpreter, Program program) {
    this.interpreter = interpreter;
    this.events = make(program.events(), _ -> new Event());
    this.locks = make(program.locks(), _ -> new Lock());
    this.semaphores =
        make(program.semaphores().keySet(), name -> semaphore(program.semaphores().get(name)));
    this.limiters =
        make(
            program.limiters().keySet(),
            name -> new CapacityLimiter(tokens(program.limiters().get(name))));
    this.conditions = make(program.conditions(), _ -> new Condition());
  }

  private static <T> Map<String, T> make(Iterable<String> names, Function<String, T> maker) {
    Map<String, T> made = new TreeMap<>();
    names.forEach(name -> made.put(name, maker.apply(name)));
    return made;
  }

  private static Semaphore semaphore(List<Integer> initialAndMost) {
    int initial = initialAndMost.get(0);
    int most = initialAndMost.get(1);
    return most == Statement.FOREVER ? new Semaphore(initial) : new Semaphore(initial, most);
  }

  private static int tokens(int number) {
    return number == Statement.FOREVER ? CapacityLimiter.UNLIMITED : number;
  }

  @Nullable String perform(Statement statement, TwinTask task) throws Exception {
    String name = statement.name();
    return switch (statement.op().charAt(0)) {
      case 'e' -> perform(statement, get(events, name));
      case 'l' -> perform(statement, get(locks, name), task);
      case 's' -> perform(statement, get(semaphores, name), task);
      case 'c' -> perform(statement, get(limiters, name), task);
      case 'k' -> perform(statement, get(conditions, name), task);
      default -> throw new AssertionError(statement);
    };
  }

  private static <T> T get(Map<String, T> things, String name) {
    return Objects.requireNonNull(things.get(name), name);
  }

  private void own(Statement statement, Action<?> action) throws Exception {
    interpreter.<@Nullable String>own(
        statement,
        () -> {
          action.run();
          return null;
        });
  }

  private void hold(Statement statement, TwinTask task, Action<?> acquire, Action<?> release)
      throws Exception {
    own(statement, acquire);
    try {
      interpreter.block(statement.block("body"), task);
    } finally {
      own(statement, release);
    }
  }

  void finalStatistics(TwinTask task) {
    Trace trace = interpreter.trace();
    events.forEach((name, event) -> trace.log(task, 0, name + " " + text(event)));
    locks.forEach((name, lock) -> trace.log(task, 0, name + " " + text(lock)));
    semaphores.forEach((name, semaphore) -> trace.log(task, 0, name + " " + text(semaphore)));
    limiters.forEach((name, limiter) -> trace.log(task, 0, name + " " + text(limiter)));
    conditions.forEach((name, condition) -> trace.log(task, 0, name + " " + text(condition)));
  }

  // ---- events ----

  private static @Nullable String perform(Statement statement, Event event) {
    switch (statement.op()) {
      case "e_set" -> event.set();
      case "e_wait" -> event.await();
      case "e_stat" -> {
        return text(event);
      }
      default -> throw new AssertionError(statement);
    }
    return null;
  }

  private static String text(Event event) {
    return "set=" + Trace.yes(event.isSet()) + " waiting=" + event.statistics().tasksWaiting();
  }

  // ---- locks ----

  private @Nullable String perform(Statement statement, Lock lock, TwinTask task)
      throws Exception {
    switch (statement.op()) {
      case "l_with" -> hold(statement, task, lock::acquire, lock::release);
      case "l_acquire" -> own(statement, lock::acquire);
      case "l_release" -> own(statement, lock::release);
      case "l_nowait" -> {
        if (!(interpreter.has(Defect.LOCK_IGNORED) && lock.isLocked())) {
          own(statement, lock::acquireNowait);
        }
      }
      case "l_stat" -> {
        return text(lock);
      }
      default -> throw new AssertionError(statement);
    }
    return null;
  }

  private static String text(Lock lock) {
    LockStatistics statistics = lock.statistics();
    return "owner=" + owner(statistics) + " waiting=" + statistics.tasksWaiting();
  }

  private static String owner(LockStatistics statistics) {
    Task owner = statistics.owner();
    return owner == null ? "-" : owner.name();
  }

  // ---- semaphores ----

  private @Nullable String perform(Statement statement, Semaphore semaphore, TwinTask task)
      throws Exception {
    switch (statement.op()) {
      case "s_with" -> hold(statement, task, semaphore::acquire, semaphore::release);
      case "s_acquire" -> own(statement, semaphore::acquire);
      case "s_release" -> own(statement, semaphore::release);
      case "s_nowait" -> own(statement, semaphore::acquireNowait);
      case "s_stat" -> {
        return text(semaphore);
      }
      default -> throw new AssertionError(statement);
    }
    return null;
  }

  private static String text(Semaphore semaphore) {
    return "value=" + semaphore.value() + " waiting=" + semaphore.statistics().tasksWaiting();
  }

  // ---- limiters ----

  private @Nullable String perform(Statement statement, CapacityLimiter limiter, TwinTask task)
      throws Exception {
    switch (statement.op()) {
      case "c_with" -> hold(statement, task, limiter::acquire, limiter::release);
      case "c_acquire" -> own(statement, limiter::acquire);
      case "c_release" -> own(statement, limiter::release);
      case "c_nowait" -> own(statement, limiter::acquireNowait);
      case "c_total" -> limiter.setTotalTokens(tokens(statement.number("n")));
      case "c_stat" -> {
        return text(limiter);
      }
      default -> throw new AssertionError(statement);
    }
    return null;
  }

  private static String text(CapacityLimiter limiter) {
    CapacityLimiter.Statistics statistics = limiter.statistics();
    return "borrowed=" + statistics.borrowedTokens()
        + " total=" + Trace.number(statistics.totalTokens())
        + " waiting=" + statistics.tasksWaiting();
  }

  // ---- conditions ----

  private @Nullable String perform(Statement statement, Condition condition, TwinTask task)
      throws Exception {
    Lock lock = condition.lock();
    switch (statement.op()) {
      case "k_with" -> hold(statement, task, lock::acquire, lock::release);
      case "k_wait" -> own(statement, condition::await);
      case "k_notify" -> {
        int count = statement.number("n");
        if (count == Statement.FOREVER) {
          own(statement, condition::signalAll);
        } else {
          own(statement, () -> condition.signal(count));
        }
      }
      case "k_stat" -> {
        return text(condition);
      }
      default -> throw new AssertionError(statement);
    }
    return null;
  }

  private static String text(Condition condition) {
    Condition.Statistics statistics = condition.statistics();
    return "owner=" + owner(statistics.lockStatistics())
        + " waiting=" + statistics.tasksWaiting()
        + " queued=" + statistics.lockStatistics().tasksWaiting();
  }
}
