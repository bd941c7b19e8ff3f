package io.triad.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.loop.childvm.ProveScopedValues;
import io.triad.sync.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a task sees of the scoped values of others. */
@Timeout(60)
class ScopedBindingsTest {
  private static final ScopedValue<String> REQUEST = ScopedValue.newInstance();
  private static final ScopedValue<String> USER = ScopedValue.newInstance();

  private final List<String> seen = new ArrayList<>();

  private void see() {
    seen.add(REQUEST.orElse("-") + USER.orElse("-"));
  }

  @Test
  void core_84_this_jdk_lets_tasks_inherit() {
    assertThat(Triad.explain()).contains("scoped values: inherited by tasks and worker threads");
  }

  @Test
  void core_84_children_inherit_scoped_values_at_spawn() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              ScopedValue.where(REQUEST, "1").where(USER, "a").run(
                  () -> {
                    nursery.startSoon(this::see);
                    ScopedValue.where(REQUEST, "2").run(() -> nursery.startSoon(this::see));
                  });
              nursery.startSoon(this::see);
            }));
    assertThat(seen).containsExactlyInAnyOrder("1a", "2a", "--");
  }

  @Test
  void core_84_main_inherits_scoped_values_around_the_run_and_others_do_not() {
    ScopedValue.where(REQUEST, "1").run(() -> Triad.run(this::see));
    Triad.run(this::see);
    assertThat(seen).containsExactly("1-", "--");
  }

  @Test
  void core_84_system_task_inherits_scoped_values_around_the_run() {
    ScopedValue.where(REQUEST, "1").run(
        () -> Triad.run(
            () -> ScopedValue.where(REQUEST, "2").run(
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
  void core_84_inherited_values_survive_covering_exceptions_and_suspension() {
    Triad.run(
        () -> Nursery.open(
            nursery -> ScopedValue.where(REQUEST, "1").run(
                () -> nursery.startSoon(
                    () -> {
                      ScopedValue.where(REQUEST, "2").run(
                          () -> {
                            Triad.cancelShieldedCheckpoint();
                            see();
                          });
                      see();
                      assertThatThrownBy(
                          () -> ScopedValue.where(USER, "a").run(
                              () -> {
                                see();
                                throw new IllegalStateException();
                              }))
                          .isInstanceOf(IllegalStateException.class);
                      Triad.cancelShieldedCheckpoint();
                      see();
                    }))));
    assertThat(seen).containsExactly("2-", "1-", "1a", "1-");
  }

  /** The one case in which the virtual machine forgets, and finds again by a walk of the stack. */
  @Test
  void core_84_inherited_values_survive_a_stack_overflow() {
    Triad.run(
        () -> Nursery.open(
            nursery -> ScopedValue.where(REQUEST, "1").run(
                () -> nursery.startSoon(
                    () -> {
                      overflow();
                      see();
                      ScopedValue.where(USER, "a").run(
                          () -> {
                            overflow();
                            see();
                            nursery.startSoon(this::see);
                          });
                      overflow();
                      Triad.cancelShieldedCheckpoint();
                      System.gc();
                      see();
                      nursery.startSoon(this::see);
                    }))));
    assertThat(seen).containsExactlyInAnyOrder("1-", "1a", "1a", "1-", "1-");
  }

  /** Overflows the stack, once compiled and once not, which unwinds in different ways. */
  private static void overflow() {
    assertThatThrownBy(() -> deeper(1)).isInstanceOf(StackOverflowError.class);
  }

  private static int deeper(int depth) {
    return REQUEST.isBound() ? deeper(depth + 1) + depth : depth;
  }

  @Test
  void core_84_inherited_values_survive_many_steps_and_collections() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              for (int i = 0; i < 1_000; i++) {
                String number = "" + i;
                ScopedValue.where(REQUEST, number).run(
                    () -> nursery.startSoon(() -> readAtEachDepth(number, 40)));
              }
              nursery.startSoon(System::gc);
            }));
  }

  private static void readAtEachDepth(String number, int depth) {
    Triad.cancelShieldedCheckpoint();
    assertThat(REQUEST.get()).isEqualTo(number);
    if (depth > 0) {
      ScopedValue.where(USER, number + depth).run(() -> readAtEachDepth(number, depth - 1));
    }
    assertThat(REQUEST.get()).isEqualTo(number);
  }

  @Test
  void bindings_hold_for_what_is_run_with_them_and_no_longer() {
    Object bindings = ScopedValue.where(REQUEST, "1").call(ScopedBindings::capture);
    ScopedValue.where(REQUEST, "2").where(USER, "a").run(
        () -> {
          see();
          ScopedBindings.run(bindings, this::see);
          see();
          assertThatThrownBy(
              () -> ScopedBindings.run(
                  bindings,
                  () -> {
                    overflow();
                    see();
                    throw new IllegalStateException();
                  }))
              .isInstanceOf(IllegalStateException.class);
          see();
        });
    see();
    assertThat(seen).containsExactly("2a", "1-", "2a", "1-", "2a", "--");
  }

  @Test
  void nothing_bound_is_nothing_to_hand_on() throws Exception {
    List<Object> captured = new ArrayList<>();
    Thread fresh = Thread.ofPlatform().start(() -> captured.add("" + ScopedBindings.capture()));
    fresh.join();
    assertThat(captured).containsExactly("null");
    ScopedBindings.run(null, this::see);
    assertThat(seen).containsExactly("--");
  }

  // ---- other virtual machines ----

  /** Both rungs, in both placements. */
  static Stream<Arguments> waysIn() {
    return Stream.of(ChildVm.Placement.values())
        .flatMap(
            placement -> Stream.of(
                Arguments.of(placement, List.<String>of()),
                Arguments.of(
                    placement,
                    List.of("--add-opens=java.base/java.lang=" + placement.module()))));
  }

  @ParameterizedTest
  @MethodSource("waysIn")
  void core_84_each_way_into_the_jdk_lets_tasks_inherit(
      ChildVm.Placement placement, List<String> options) throws Exception {
    ChildVm child = prove(placement, options);
    assertThat(child.out())
        .containsExactly(
            "inherited by tasks and worker threads",
            "main: 11",
            "child: 22",
            "handed on: 33",
            "main: 11",
            "outside: --");
    assertThat(child.exitStatus()).isZero();
  }

  /** A class of the same name stands for a JDK in which ours does not link. */
  @Test
  void core_84_jdk_without_the_members_lets_tasks_inherit_task_locals(@TempDir Path folder)
      throws Exception {
    Path source = folder.resolve("TriadScopedValues1.java");
    Files.writeString(
        source,
        """
        package java.lang;
        public class TriadScopedValues1 {
          public TriadScopedValues1() { throw new NoSuchMethodError("gone"); }
        }
        """);
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                folder.toString(),
                "--patch-module",
                "java.base=" + folder,
                source.toString());
    assertThat(compiled).isZero();

    ChildVm child =
        prove(
            ChildVm.Placement.CLASS_PATH,
            List.of("--patch-module", "java.base=" + folder));

    assertThat(child.out())
        .containsExactly(
            "not inherited by tasks, use TaskLocal: java.lang.NoSuchMethodError: gone",
            "main: -1",
            "child: -2",
            "handed on: -3",
            "main: -1",
            "outside: --");
    assertThat(child.exitStatus()).isZero();
  }

  private static ChildVm prove(ChildVm.Placement placement, List<String> options)
      throws Exception {
    List<String> all = new ArrayList<>(options);
    all.add("--enable-native-access=" + placement.module());
    return ChildVm.run(placement, all, ProveScopedValues.class);
  }
}
