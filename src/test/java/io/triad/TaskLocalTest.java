package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.loop.Loop;
import io.triad.sync.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskLocalTest {
  private static final TaskLocal<String> REQUEST = new TaskLocal<>();
  private static final TaskLocal<String> USER = new TaskLocal<>();

  private final List<String> seen = new ArrayList<>();

  private void see() {
    seen.add(REQUEST.orElse("-") + USER.orElse("-"));
  }

  @Test
  void core_84_value_holds_inside_the_body_and_is_covered_further_in() {
    String result =
        REQUEST.where(
            "1",
            () -> {
              see();
              USER.where("a", () -> REQUEST.where("2", this::see));
              see();
              return REQUEST.get();
            });
    see();
    assertThat(result).isEqualTo("1");
    assertThat(seen).containsExactly("1-", "2a", "1-", "--");
  }

  @Test
  void core_84_unbound_variable_says_so() {
    assertThat(REQUEST.isBound()).isFalse();
    assertThatThrownBy(REQUEST::get)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("this TaskLocal is not bound here");
    REQUEST.where("1", () -> assertThat(REQUEST.isBound()).isTrue());
  }

  @Test
  void core_84_null_is_a_value() {
    TaskLocal<@Nullable String> nullable = new TaskLocal<>();
    nullable.where(
        null,
        () -> {
          assertThat(nullable.isBound()).isTrue();
          assertThat(nullable.get()).isNull();
          assertThat(nullable.orElse("other")).isNull();
        });
  }

  @Test
  void core_84_body_fails_with_its_own_exception() {
    IOException failure = new IOException("from the body");
    assertThatThrownBy(
        () -> REQUEST.where(
            "1",
            () -> {
              throw failure;
            }))
        .isSameAs(failure);
    assertThat(REQUEST.isBound()).isFalse();
  }

  @Test
  void core_84_children_inherit_at_spawn() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              REQUEST.where("1", () -> nursery.startSoon(this::see));
              REQUEST.where("2", () -> nursery.startSoon(this::see));
              nursery.startSoon(this::see);
            }));
    assertThat(seen).containsExactlyInAnyOrder("1-", "2-", "--");
  }

  @Test
  void core_84_child_keeps_what_it_inherited_when_the_body_has_ended() {
    Triad.run(
        () -> {
          Event ended = new Event();
          Nursery.open(
              nursery -> {
                REQUEST.where(
                    "1",
                    () -> nursery.startSoon(
                        () -> {
                          ended.await();
                          see();
                          USER.where("a", this::see);
                          Nursery.open(inner -> inner.startSoon(this::see));
                        }));
                ended.set();
              });
          see();
        });
    assertThat(seen).containsExactly("1-", "1a", "1-", "--");
  }

  @Test
  void core_84_task_begun_by_start_inherits_from_its_starter() {
    Triad.run(
        () -> Nursery.open(
            nursery -> REQUEST.where(
                "1",
                () -> nursery.<@Nullable Object, RuntimeException>start(
                    status -> {
                      see();
                      status.started(null);
                      see();
                    }))));
    assertThat(seen).containsExactly("1-", "1-");
  }

  @Test
  void core_84_bindings_of_one_task_do_not_show_in_another() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              for (String name : List.of("1", "2", "3")) {
                nursery.startSoon(
                    () -> REQUEST.where(
                        name,
                        () -> {
                          for (int i = 0; i < 5; i++) {
                            Triad.cancelShieldedCheckpoint();
                            assertThat(REQUEST.get()).isEqualTo(name);
                          }
                          see();
                        }));
              }
            }));
    assertThat(seen).containsExactlyInAnyOrder("1-", "2-", "3-");
  }

  @Test
  void core_84_main_inherits_what_is_around_the_run() {
    REQUEST.where("1", () -> Triad.run(this::see));
    Triad.run(this::see);
    assertThat(seen).containsExactly("1-", "--");
  }

  @Test
  void core_84_low_41_system_task_inherits_from_the_start_of_the_run() {
    REQUEST.where(
        "1",
        () -> Triad.run(
            () -> REQUEST.where(
                "2",
                () -> {
                  Event done = new Event();
                  Loop.requireFiber().loop().access().spawnSystemTask(
                      null,
                      () -> {
                        see();
                        done.set();
                        return null;
                      });
                  done.await();
                })));
    assertThat(seen).containsExactly("1-");
  }

  @Test
  void core_84_threads_of_the_program_inherit_nothing() throws Exception {
    Triad.run(
        () -> REQUEST.where(
            "1",
            () -> {
              CountDownLatch done = new CountDownLatch(1);
              Thread.ofPlatform()
                  .start(
                      () -> {
                        see();
                        done.countDown();
                      });
              done.await();
            }));
    assertThat(seen).containsExactly("--");
  }
}
