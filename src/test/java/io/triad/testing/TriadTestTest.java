package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.triad.Action;
import io.triad.Cancelled;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Tests run in runs, get what they ask for, and fail when they should. */
@Timeout(60)
final class TriadTestTest {
  private static final List<Object> EVENTS = new ArrayList<>();

  private static Events events(Class<?> tests) {
    EVENTS.clear();
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(tests))
        .execute()
        .testEvents();
  }

  private static Throwable onlyFailureOf(Class<?> tests) {
    List<Throwable> failures =
        events(tests)
            .finished()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class))
            .flatMap(result -> result.getThrowable().stream())
            .toList();
    assertThat(failures).hasSize(1);
    return failures.getFirst();
  }

  private static void assertSucceeded(Class<?> tests, int count) {
    events(tests)
        .assertStatistics(statistics -> statistics.started(count).succeeded(count));
  }

  // ---- what a test gets ----

  @Test
  void test_19_the_method_is_the_main_task_of_a_fresh_run() {
    assertSucceeded(Plain.class, 2);
    assertThat(EVENTS).hasSize(2).doesNotHaveDuplicates();
  }

  static final class Plain {
    @TriadTest
    void first() {
      assertThat(Triad.currentTask().name()).isEqualTo("main");
      Triad.checkpoint();
      EVENTS.add(Triad.currentTask());
    }

    @TriadTest
    void second() {
      EVENTS.add(Triad.currentTask());
    }
  }

  @Test
  void test_19_a_clock_parameter_is_the_clock_of_the_run() {
    assertSucceeded(Clocks.class, 3);
  }

  static final class Clocks {
    @TriadTest
    void stands(MockClock clock) {
      assertThat(Triad.currentTime()).isZero();
      assertThat(clock.autojumpThreshold()).isEqualTo(Triad.FOREVER);
      clock.jump(Duration.ofDays(1));
      assertThat(Triad.currentTime()).isEqualTo(Duration.ofDays(1));
    }

    @TriadTest(autojump = true)
    void jumps() {
      Triad.sleep(Duration.ofDays(1));
      assertThat(Triad.currentTime()).isEqualTo(Duration.ofDays(1));
    }

    @TriadTest(autojump = true, autojumpThresholdMillis = 3)
    void jumpsLater(MockClock clock) {
      assertThat(clock.autojumpThreshold()).isEqualTo(Duration.ofMillis(3));
      Triad.sleep(Duration.ofDays(1));
      assertThat(clock.currentTime()).isEqualTo(Duration.ofDays(1));
    }
  }

  @Test
  void test_19_two_clocks_are_too_many() {
    assertThat(onlyFailureOf(TwoClocks.class)).hasMessageContaining("too many clocks");
  }

  static final class TwoClocks {
    @TriadTest
    void never(MockClock one, MockClock two) {
      fail("must not run, with " + one + " and " + two);
    }
  }

  @Test
  void two_nurseries_are_too_many() {
    assertThat(onlyFailureOf(TwoNurseries.class)).hasMessageContaining("too many nurseries");
  }

  static final class TwoNurseries {
    @TriadTest
    void never(Nursery one, Nursery two) {
      fail("must not run, with " + one + " and " + two);
    }
  }

  @Test
  void what_stands_around_the_test_shares_its_clock_and_is_outside_of_its_run() {
    assertSucceeded(Around.class, 1);
    assertThat(EVENTS).containsExactly("before", "test", "after");
  }

  static final class Around {
    @BeforeEach
    void before(MockClock clock) {
      EVENTS.add("before");
      assertThat(Triad.inRun()).isFalse();
      clock.jump(Duration.ofHours(1));
    }

    @TriadTest
    void test() {
      EVENTS.add("test");
      assertThat(Triad.currentTime()).isEqualTo(Duration.ofHours(1));
      Triad.moveOnAfter(Duration.ZERO, _ -> Triad.sleepForever());
    }

    @AfterEach
    void after(MockClock clock) {
      EVENTS.add("after");
      assertThat(clock.currentTime()).isEqualTo(Duration.ofHours(1));
    }
  }

  @Test
  void a_nursery_parameter_is_cancelled_when_the_method_returns() {
    assertSucceeded(Nurseries.class, 2);
    assertThat(EVENTS).containsExactly("method", "task ends", "with 7");
  }

  static final class Nurseries {
    @TriadTest
    void starts(Nursery nursery) {
      nursery.startSoon(
          () -> {
            try {
              Triad.sleepForever();
            } finally {
              EVENTS.add("task ends");
            }
          });
      Settling.waitAllTasksBlocked();
      EVENTS.add("method");
    }

    @InRun
    @ParameterizedTest
    @ValueSource(ints = 7)
    void withArgument(int number, Nursery nursery, MockClock clock) {
      assertThat(nursery.parentTask()).isSameAs(Triad.currentTask());
      assertThat(clock.currentTime()).isZero();
      EVENTS.add("with " + number);
    }
  }

  @Test
  void parameterized_repeated_and_nested_tests_run_in_runs() {
    assertSucceeded(Others.class, 5);
    assertThat(EVENTS).containsExactlyInAnyOrder(1, 60, "repeated", "repeated", "nested");
  }

  @InRun(autojump = true)
  static class Others {
    @ParameterizedTest
    @ValueSource(ints = {1, 60})
    void parameterized(int seconds, MockClock clock) {
      Triad.sleep(Duration.ofSeconds(seconds));
      assertThat(clock.currentTime()).hasSeconds(seconds);
      EVENTS.add(seconds);
    }

    @InRun
    @RepeatedTest(2)
    void repeated(MockClock clock) {
      assertThat(Triad.inTask()).isTrue();
      assertThat(clock.autojumpThreshold()).isEqualTo(Triad.FOREVER);
      EVENTS.add("repeated");
    }

    @Nested
    class Inner {
      @Test
      void nested() {
        Triad.sleep(Duration.ofDays(1));
        EVENTS.add("nested");
      }
    }
  }

  // ---- how a test fails ----

  @Test
  void a_failure_comes_out_as_itself() {
    assertThat(onlyFailureOf(Fails.class)).isSameAs(EVENTS.getFirst());
  }

  static final class Fails {
    @TriadTest
    void fails() throws IOException {
      IOException failure = new IOException();
      EVENTS.add(failure);
      throw failure;
    }
  }

  @Test
  void a_single_failure_in_nurseries_is_reported_without_its_groups() {
    assertThat(onlyFailureOf(FailsInNursery.class)).isSameAs(EVENTS.getFirst());
    assertThat(onlyFailureOf(FailsInParameter.class)).isSameAs(EVENTS.getFirst());
  }

  static final class FailsInNursery {
    @TriadTest
    void fails() {
      AssertionError failure = new AssertionError();
      EVENTS.add(failure);
      Action<RuntimeException> fails =
          () -> {
            throw failure;
          };
      Nursery.open(
          outer -> outer.startSoon(() -> Nursery.open(inner -> inner.startSoon(fails))));
    }
  }

  static final class FailsInParameter {
    @TriadTest
    void fails(Nursery nursery) {
      AssertionError failure = new AssertionError();
      EVENTS.add(failure);
      nursery.startSoon(
          () -> {
            throw failure;
          });
      Triad.sleepForever();
    }
  }

  @Test
  void several_failures_are_reported_together() {
    assertThat(onlyFailureOf(FailsTwice.class))
        .isInstanceOfSatisfying(
            ExceptionGroup.class,
            group -> assertThat(group.leaves()).hasSize(2).hasSameElementsAs(failures()));
  }

  private static List<Throwable> failures() {
    return EVENTS.stream().map(Throwable.class::cast).toList();
  }

  static final class FailsTwice {
    @TriadTest
    void fails() {
      Nursery.open(
          nursery -> {
            for (int i = 0; i < 2; i++) {
              nursery.startSoon(
                  () -> {
                    AssertionError failure = new AssertionError();
                    EVENTS.add(failure);
                    throw failure;
                  });
            }
          });
    }
  }

  @Test
  void a_test_that_hangs_fails_and_says_where_although_its_clock_stands_still() {
    assertThat(onlyFailureOf(Hangs.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the test took longer than 50 ms")
        .hasMessageContaining("main")
        .hasMessageContaining("the culprit")
        .hasMessageContaining("TriadTestTest$Hangs.waitsForNobody");
    assertThat(EVENTS).containsExactly("cancelled");
  }

  static final class Hangs {
    @TriadTest(timeoutMillis = 50)
    void hangs(MockClock clock) {
      Nursery.open(nursery -> nursery.startSoon("the culprit", this::waitsForNobody));
      fail(clock + " must have been cancelled");
    }

    private void waitsForNobody() {
      try {
        Triad.sleep(Duration.ofDays(1));
      } finally {
        EVENTS.add("cancelled");
      }
    }
  }

  @Test
  void what_a_test_throws_when_its_time_is_over_is_not_lost() {
    assertThat(onlyFailureOf(FailsLate.class))
        .hasMessageContaining("the test took longer than")
        .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(failures().getFirst()));
  }

  static final class FailsLate {
    @TriadTest(timeoutMillis = 20)
    void fails() throws IOException {
      try {
        Triad.sleepForever();
      } catch (Cancelled e) {
        IOException failure = new IOException();
        EVENTS.add(failure);
        throw failure;
      }
    }
  }

  // ---- what a test leaves behind ----

  @Test
  @Tag("kernel") // a file of the JDK is no descriptor of a simulated system
  void a_descriptor_that_stays_open_is_found() throws IOException {
    try {
      assertThat(onlyFailureOf(KeepsFile.class))
          .hasMessageContaining("left descriptors open")
          .hasMessageContaining("/dev/null");
    } finally {
      KeepsFile.kept.close();
    }
  }

  static final class KeepsFile {
    static FileInputStream kept;

    @TriadTest
    void opens() throws IOException {
      kept = new FileInputStream("/dev/null");
    }
  }

  @Test
  void a_descriptor_may_stay_open_where_that_is_said() throws IOException {
    assertSucceeded(MayKeepFile.class, 1);
    MayKeepFile.kept.close();
  }

  static final class MayKeepFile {
    static FileInputStream kept;

    @TriadTest(checkLeaks = false)
    void opens() throws IOException {
      kept = new FileInputStream("/dev/null");
    }
  }

  @Test
  void descriptors_are_not_counted_where_tests_run_concurrently() throws IOException {
    try {
      EngineTestKit.engine("junit-jupiter")
          .selectors(selectClass(KeepsFile.class))
          .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
          .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
          .execute()
          .testEvents()
          .assertStatistics(statistics -> statistics.started(1).succeeded(1));
    } finally {
      KeepsFile.kept.close();
    }
  }

  @Test
  void an_operation_that_nobody_ended_is_found() {
    assertThat(onlyFailureOf(KeepsListener.class)).hasMessageContaining("1 operations in flight");
    KeepsListener.close();
  }

  static final class KeepsListener {
    private static String kept = "";

    @TriadTest
    void leavesAccepting() throws IOException {
      SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
      kept = listener.toString();
      Triad.moveOnAfter(Duration.ofMillis(1), _ -> listener.accept());
    }

    static void close() {
      int descriptor = Integer.parseInt(kept.substring(kept.lastIndexOf(' ') + 1));
      try (Platform platform = Platforms.open()) {
        assertThat(platform.close(descriptor)).isZero();
      }
    }
  }

  @Test
  void a_test_that_closes_everything_leaves_nothing() {
    assertSucceeded(Tidy.class, 1);
  }

  static final class Tidy {
    @TriadTest
    void closes(Nursery nursery) throws IOException {
      SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
      nursery
          .startSoon(() -> Net.serveListeners(List.of(listener), stream -> stream.receiveSome()));
      try (var client = LocalConnections.openStreamToSocketListener(listener)) {
        client.sendAll(new byte[1]);
        assertThat(client.receiveSome()).isEmpty();
      }
    }
  }
}
