package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.loop.Fiber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What instruments are told. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class InstrumentTest {
  /** Notes everything, but waits only while there are few. */
  private static final class Notes implements Instrument {
    private final List<String> notes = new ArrayList<>();
    private final List<Duration> timeouts = new ArrayList<>();
    private boolean waitsToo;

    @Override
    public void beforeRun() {
      notes.add("before run");
    }

    @Override
    public void afterRun() {
      notes.add("after run");
    }

    @Override
    public void taskSpawned(Task task) {
      notes.add("spawned " + task);
    }

    @Override
    public void taskScheduled(Task task) {
      notes.add("scheduled " + task);
    }

    @Override
    public void beforeTaskStep(Task task) {
      notes.add("before " + task);
    }

    @Override
    public void afterTaskStep(Task task) {
      notes.add("after " + task);
    }

    @Override
    public void taskExited(Task task) {
      notes.add("exited " + task);
    }

    @Override
    public void beforeIoWait(Duration timeout) {
      timeouts.add(timeout);
      if (waitsToo) {
        notes.add("before wait");
      }
    }

    @Override
    public void afterIoWait(Duration timeout) {
      if (waitsToo) {
        notes.add("after wait");
      }
    }
  }

  private final Notes notes = new Notes();

  @Test
  void core_80_an_instrument_is_told_of_runs_tasks_and_steps() {
    Triad.run(
        RunOptions.DEFAULT.withInstruments(notes),
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon("child", Triad::checkpoint);
              Triad.checkpoint();
            }));

    assertThat(notes.notes)
        .containsExactly(
            "before run",
            "spawned main",
            "scheduled main",
            "before main",
            "spawned child",
            "scheduled child",
            "scheduled main",
            "after main",
            "before child",
            "scheduled child",
            "after child",
            "before main",
            "after main",
            "before child",
            "scheduled main",
            "exited child",
            "after child",
            "before main",
            "exited main",
            "after main",
            "after run");
  }

  @Test
  void core_80_an_instrument_is_told_of_every_wait_and_its_limit() {
    notes.waitsToo = true;
    Triad.run(
        RunOptions.DEFAULT.withInstruments(notes),
        () -> {
          Triad.checkpoint();
          Triad.sleep(Duration.ofMillis(1));
        });

    assertThat(notes.timeouts).startsWith(Duration.ZERO);
    assertThat(notes.timeouts)
        .anySatisfy(
            timeout -> assertThat(timeout).isBetween(Duration.ofNanos(1), Duration.ofMillis(1)));
    assertThat(notes.notes).containsSubsequence("before wait", "after wait", "before main");
    assertThat(notes.notes.stream().filter("before wait"::equals).count())
        .isEqualTo(notes.notes.stream().filter("after wait"::equals).count());
  }

  @Test
  void core_80_a_wait_for_nothing_but_the_system_is_for_ever() {
    Fiber[] sleeper = new Fiber[1];
    Instrument waker =
        new Instrument() {
          @Override
          public void beforeIoWait(Duration timeout) {
            if (timeout.equals(Triad.FOREVER)) {
              Thread.ofPlatform().start(() -> sleeper[0].loop().offer(sleeper[0]::resume));
            }
          }
        };
    Triad.run(
        RunOptions.DEFAULT.withInstruments(notes, waker),
        () -> {
          sleeper[0] = Fiber.of(Triad.currentTask());
          sleeper[0].suspend(() -> true);
        });

    assertThat(notes.timeouts).contains(Triad.FOREVER);
  }

  @Test
  void core_80_adding_twice_is_adding_once() {
    Triad.run(
        RunOptions.DEFAULT.withInstruments(notes, notes),
        () -> {
          Triad.addInstrument(notes);
          notes.notes.clear();
          Triad.checkpoint();
        });

    assertThat(notes.notes)
        .containsExactly(
            "scheduled main", "after main", "before main", "exited main", "after main",
            "after run");
  }

  @Test
  void core_80_instruments_come_and_go_while_the_run_goes_on() {
    List<String> second = new ArrayList<>();
    Instrument late =
        new Instrument() {
          @Override
          public void beforeTaskStep(Task task) {
            second.add("step");
          }

          @Override
          public void beforeRun() {
            second.add("before run");
          }
        };
    Triad.run(
        RunOptions.DEFAULT.withInstruments(notes),
        () -> {
          Triad.checkpoint();
          assertThat(second).isEmpty();
          Triad.addInstrument(late);
          Triad.checkpoint();
          Triad.removeInstrument(notes);
          int before = notes.notes.size();
          Triad.checkpoint();
          assertThat(notes.notes).hasSize(before);
          Triad.removeInstrument(late);
          Triad.checkpoint();
        });

    assertThat(second).containsExactly("step", "step");
    assertThat(notes.notes).doesNotContain("after run");
  }

  @Test
  void core_80_removing_an_unknown_instrument_is_an_error() {
    Triad.run(
        () -> {
          assertThatThrownBy(() -> Triad.removeInstrument(notes))
              .isInstanceOf(NoSuchElementException.class);
          Triad.addInstrument(notes);
          Triad.removeInstrument(notes);
          assertThatThrownBy(() -> Triad.removeInstrument(notes))
              .isInstanceOf(NoSuchElementException.class);
        });

    assertThat(notes.notes).isEmpty();
  }

  @Test
  void instruments_are_added_inside_a_run_only() {
    assertThatThrownBy(() -> Triad.addInstrument(notes)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void core_80_an_instrument_that_throws_is_logged_and_removed_and_the_others_stay() {
    List<LogRecord> log = new ArrayList<>();
    Error broken = new Error("broken");
    List<String> calls = new ArrayList<>();
    Instrument throwing =
        new Instrument() {
          @Override
          public void beforeTaskStep(Task task) {
            calls.add("before step");
            throw broken;
          }

          @Override
          public void afterRun() {
            calls.add("after run");
          }
        };
    String result =
        logging(
            log,
            () -> Triad.run(
                RunOptions.DEFAULT.withInstruments(throwing, notes),
                () -> {
                  Triad.checkpoint();
                  assertThatThrownBy(() -> Triad.removeInstrument(throwing))
                      .isInstanceOf(NoSuchElementException.class);
                  return "went on";
                }));

    assertThat(result).isEqualTo("went on");
    assertThat(calls).containsExactly("before step");
    assertThat(notes.notes).endsWith("exited main", "after main", "after run");
    assertThat(log).singleElement().satisfies(
        one -> {
          assertThat(one.getLoggerName()).isEqualTo("io.triad.Instrument");
          assertThat(one.getThrown()).isSameAs(broken);
        });
  }

  @Test
  void core_80_an_instrument_may_throw_at_either_end_of_the_run() {
    List<LogRecord> log = new ArrayList<>();
    Instrument first =
        new Instrument() {
          @Override
          public void beforeRun() {
            throw new IllegalStateException("first");
          }
        };
    Instrument last =
        new Instrument() {
          @Override
          public void afterRun() {
            throw new IllegalStateException("last");
          }
        };
    logging(
        log,
        () -> Triad.run(RunOptions.DEFAULT.withInstruments(first, last), () -> "result"));

    assertThat(log).extracting(one -> one.getThrown().getMessage()).containsExactly("first",
        "last");
  }

  @Test
  void a_run_that_fails_is_told_of_as_well() {
    assertThatThrownBy(
        () -> Triad.run(
            RunOptions.DEFAULT.withInstruments(notes),
            () -> {
              throw new IllegalStateException("failed");
            }))
        .hasMessage("failed");

    assertThat(notes.notes).endsWith("exited main", "after main", "after run");
  }

  private static <T> T logging(List<LogRecord> log, Body<T, RuntimeException> body) {
    Logger logger = Logger.getLogger("io.triad.Instrument");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord one) {
            log.add(one);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    boolean parents = logger.getUseParentHandlers();
    logger.setUseParentHandlers(false);
    try {
      return body.call();
    } finally {
      logger.setUseParentHandlers(parents);
      logger.removeHandler(handler);
    }
  }
}
