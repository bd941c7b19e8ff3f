package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.loop.Loop;
import io.triad.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What a dump shows. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class DumpTest {
  private static final String HERE = "io.triad.DumpTest.waitHere";

  /** A frame of the program, to be found in the dump. */
  private static void waitHere() {
    Triad.sleepForever();
  }

  private static JsonNode parsed(TaskDump dump) {
    return new ObjectMapper().readTree(dump.toJson());
  }

  private static JsonNode first(JsonNode list, String field, String value) {
    for (JsonNode each : list) {
      if (each.get(field).asString().equals(value)) {
        return each;
      }
    }
    throw new AssertionError("no " + field + " " + value + " in " + list);
  }

  /** Dumps a run with a task that waits for ever in a shielded scope, and one that is ready. */
  private static TaskDump ofSmallTree() {
    List<TaskDump> dumps = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              CancelScope inner = new CancelScope().setTimeout(Duration.ofHours(1));
              nursery.startSoon(
                  "waits",
                  () -> inner.enter(
                      scope -> {
                        scope.setShield(true);
                        waitHere();
                      }));
              nursery.startSoon("ready", Triad::cancelShieldedCheckpoint);
              Triad.checkpoint();
              nursery.cancelScope().cancel();
              dumps.add(Triad.dump());
              inner.cancel();
            }));
    return dumps.getFirst();
  }

  @Test
  void as_json_it_has_every_task_with_its_state_and_scopes() {
    JsonNode run = parsed(ofSmallTree()).get("runs").get(0);

    assertThat(run.get("tasks")).hasSize(3);
    JsonNode main = first(run.get("tasks"), "name", "main");
    assertThat(main.get("kind").asString()).isEqualTo("main");
    assertThat(main.get("state").asString()).isEqualTo("running");
    JsonNode waits = first(run.get("tasks"), "name", "waits");
    assertThat(waits.get("state").asString()).isEqualTo("waiting");
    assertThat(waits.get("waitingFor").asString()).isEqualTo("cancellation");
    assertThat(waits.get("waitingSeconds").asDouble()).isNotNegative();
    assertThat(waits.get("cancelled").asBoolean()).as("behind its shield").isFalse();
    assertThat(waits.get("stack").toString()).contains(HERE).doesNotContain("sleepForever");
    JsonNode ready = first(run.get("tasks"), "name", "ready");
    assertThat(ready.get("state").asString()).isEqualTo("ready");
    assertThat(ready.get("cancelled").asBoolean()).isTrue();

    JsonNode inner = first(run.get("scopes"), "id", waits.get("scope").asString());
    assertThat(inner.get("shield").asBoolean()).isTrue();
    assertThat(inner.get("nursery").asBoolean()).isFalse();
    assertThat(inner.get("deadlineInSeconds").asDouble()).isBetween(3000.0, 3600.0);
    assertThat(inner.get("task")).isEqualTo(waits.get("id"));
    JsonNode nursery = first(run.get("scopes"), "id", inner.get("parent").asString());
    assertThat(nursery.get("nursery").asBoolean()).isTrue();
    assertThat(nursery.get("cancelled").asBoolean()).isTrue();
    assertThat(nursery.get("task")).isEqualTo(main.get("id"));
    assertThat(nursery.get("parent").asInt()).isZero();
    assertThat(ready.get("scope")).isEqualTo(nursery.get("id"));
  }

  @Test
  void as_text_it_is_an_indented_tree() {
    assertThat(ofSmallTree().toString().lines().filter(line -> !line.contains(" at ")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("run on thread ").endsWith(", 3 tasks"),
            line -> assertThat(line).matches("  main #\\d+, running, cancelled"),
            line -> assertThat(line).isEqualTo("    nursery of 2 tasks, cancelled"),
            line -> assertThat(line)
                .matches("      waits #\\d+, waiting for cancellation, since \\d+\\.\\d{3} s"),
            line -> assertThat(line)
                .matches("        scope, deadline in 3\\d{3}\\.\\d{3} s, shielded"),
            line -> assertThat(line).matches("      ready #\\d+, ready, cancelled"));
  }

  @Test
  void a_task_that_waits_in_a_lock_of_the_jdk_waits_outside() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch dumped = new CountDownLatch(1);
    Thread.ofPlatform()
        .start(
            () -> {
              lock.lock();
              locked.countDown();
              try {
                dumped.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              } finally {
                lock.unlock();
              }
            });
    JsonNode[] task = new JsonNode[1];
    Triad.run(
        () -> {
          locked.await();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    "outside",
                    () -> {
                      lock.lock();
                      lock.unlock();
                    });
                Triad.checkpoint();
                task[0] =
                    first(parsed(Triad.dump()).get("runs").get(0).get("tasks"), "name", "outside");
                dumped.countDown();
              });
        });

    assertThat(task[0].get("state").asString()).isEqualTo("outside");
    assertThat(task[0].get("stack").toString()).contains("DumpTest");
  }

  @Test
  void system_tasks_and_tasks_that_are_starting_are_marked() {
    String[] text = new String[1];
    Triad.run(
        () -> {
          Loop.requireFiber().loop().access()
              .spawnSystemTask(
                  "housekeeping",
                  () -> {
                    Triad.sleepForever();
                    return null;
                  });
          Nursery.open(
              nursery -> nursery.<Object, RuntimeException>start(
                  "begins",
                  status -> {
                    Triad.checkpoint();
                    text[0] = Triad.dump().toString();
                    status.started(null);
                  }));
        });

    assertThat(text[0])
        .containsPattern("housekeeping #\\d+, system task, waiting for cancellation")
        .containsPattern("begins #\\d+, starting, running")
        .containsPattern("main #\\d+, waiting for Nursery of main, 1 task");
  }

  @Test
  void odd_names_are_escaped() {
    String odd = "a \"quoted\" \\ name\n\twith \u0001 and \ud83d\ude00 and half a pair \ud83d";
    JsonNode[] run = new JsonNode[1];
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(odd, () -> {});
              run[0] = parsed(Triad.dump()).get("runs").get(0);
            }));

    assertThat(first(run[0].get("tasks"), "name", odd)).isNotNull();
  }

  @Test
  void a_text_that_cannot_be_had_spoils_nothing() {
    Object what =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no text");
          }
        };

    assertThat(Snapshot.text(what)).contains("IllegalStateException");
  }

  @Test
  void from_outside_it_shows_the_runs_of_the_process() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    AtomicBoolean enough = new AtomicBoolean();
    Thread other =
        Thread.ofPlatform()
            .name("the other run")
            .start(
                () -> Triad.run(
                    () -> {
                      began.countDown();
                      while (!enough.get()) {
                        Triad.sleep(Duration.ofMillis(1));
                      }
                    }));
    began.await();
    JsonNode run = first(parsed(Triad.dump()).get("runs"), "thread", "the other run");
    enough.set(true);
    other.join();

    assertThat(first(run.get("tasks"), "name", "main").get("stack").toString())
        .contains("DumpTest");
    assertThat(Triad.dump().toString()).doesNotContain("the other run");
  }

  @Test
  void a_run_that_is_held_up_is_shown_with_the_task_that_holds_it_up() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    AtomicBoolean enough = new AtomicBoolean();
    Thread other =
        Thread.ofPlatform()
            .name("the stalled run")
            .start(
                () -> Triad.run(
                    () -> {
                      began.countDown();
                      while (!enough.get()) {
                        Thread.onSpinWait();
                      }
                    }));
    began.await();
    TaskDump dump = Dumping.ask(1);
    enough.set(true);
    other.join();

    JsonNode stalled =
        first(parsed(dump).get("runs"), "thread", "the stalled run").get("stalled");
    assertThat(stalled.get("task").asString()).isEqualTo("main");
    assertThat(stalled.get("stack").toString()).contains("DumpTest");
    assertThat(dump.toString())
        .containsPattern(
            "run on thread the stalled run does not answer: main #\\d+ runs without a checkpoint");
  }

  /** Deeper than any recursion would get, and more tasks than most programs have. */
  @Test
  void a_hundred_thousand_tasks_each_in_the_nursery_of_the_one_before() {
    int depth = 100_000;
    TaskDump[] dump = new TaskDump[1];
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Event deepest = new Event();
              nursery.startSoon(() -> descend(depth - 2, deepest));
              deepest.await();
              dump[0] = Triad.dump();
              nursery.cancelScope().cancel();
            }));

    assertThat(dump[0].runs().getFirst().lines())
        .filteredOn(TaskDump.TaskPart.class::isInstance)
        .hasSize(depth);
    assertThat(dump[0].toString()).contains("[199999] task");
    assertThat(parsed(dump[0]).get("runs").get(0).get("tasks")).hasSize(depth);
  }

  private static void descend(int left, Event deepest) {
    if (left == 0) {
      deepest.set();
      Triad.sleepForever();
    }
    Nursery.open(nursery -> nursery.startSoon(() -> descend(left - 1, deepest)));
  }

  /** Tasks that have yielded are where the JDK queues a thread again after a look at its stack. */
  @Test
  void looking_at_tasks_that_are_ready_does_not_disturb_their_turns() {
    List<String> steps = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              for (String name : List.of("a", "b")) {
                nursery.startSoon(
                    () -> {
                      for (int i = 0; i < 3; i++) {
                        steps.add(name + i);
                        Triad.checkpoint();
                      }
                    });
              }
              for (int i = 0; i < 5; i++) {
                Triad.checkpoint();
                Triad.dump();
              }
            }));

    assertThat(steps).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
  }
}
