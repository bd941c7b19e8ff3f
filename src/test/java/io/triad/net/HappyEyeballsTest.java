package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.Body;
import io.triad.CancelScope;
import io.triad.ExceptionGroup;
import io.triad.OsException;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.socket.AddressHints;
import io.triad.socket.AddressInfo;
import io.triad.socket.GaiException;
import io.triad.socket.HostnameResolver;
import io.triad.socket.NameFlag;
import io.triad.socket.NameInfo;
import io.triad.socket.Names;
import io.triad.testing.MockClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Races between addresses that do what a table says, in virtual time (TEST-45). */
@Timeout(60)
@Tag("TEST-45")
final class HappyEyeballsTest {
  private static final String HOST = "host.example";
  private static final int PORT = 80;

  // ---- a network that is a table ----

  private enum Outcome {
    SUCCEEDS,
    FAILS,
    HAS_NO_FAMILY
  }

  private record Plan(double seconds, Outcome outcome) {}

  private record Fake(String address) {}

  /** What the addresses of the host do, and what became of it. */
  private static class Scenario
      implements HappyEyeballs.Dialer<Fake>, HostnameResolver {
    private final Map<String, Plan> plans = new LinkedHashMap<>();
    final Map<String, Double> starts = new LinkedHashMap<>();
    final List<Fake> opened = new ArrayList<>();
    final List<Fake> closed = new ArrayList<>();
    final Set<String> failingToClose = new HashSet<>();
    final List<AddressHints> asked = new ArrayList<>();
    private @Nullable Fake result;
    private @Nullable Throwable thrown;
    private double seconds;

    Scenario with(String address, double after, Outcome outcome) {
      plans.put(address, new Plan(after, outcome));
      return this;
    }

    Scenario succeeds(String address, double after) {
      return with(address, after, Outcome.SUCCEEDS);
    }

    Scenario fails(String address, double after) {
      return with(address, after, Outcome.FAILS);
    }

    /** Connects in a run of its own. */
    Scenario run(ConnectOptions options) {
      return run(() -> Connecting.connect(HOST, PORT, options, this));
    }

    Scenario run() {
      return run(ConnectOptions.DEFAULT);
    }

    Scenario run(Body<Fake, IOException> body) {
      Triad.run(
          RunOptions.DEFAULT.withClock(MockClock.autojump()),
          () -> {
            Names.setHostnameResolver(this);
            thrown = catchThrowable(() -> result = body.call());
            seconds = now();
          });
      List<Fake> left = new ArrayList<>(opened);
      left.remove(result);
      assertThat(closed).as("sockets closed").containsExactlyInAnyOrderElementsOf(left);
      return this;
    }

    private static double now() {
      return Triad.currentTime().toNanos() / 1e9;
    }

    void assertWinner(String address, double after) {
      assertThat(thrown).isNull();
      assertThat(result).isEqualTo(new Fake(address));
      assertThat(seconds).isEqualTo(after);
    }

    ExceptionGroup assertAllFailed(double after) {
      assertThat(seconds).isEqualTo(after);
      assertThat(thrown)
          .isInstanceOf(OsException.class)
          .hasMessage(
              "all attempts to connect to host.example:80 failed: ECONNREFUSED (refused)")
          .hasNoSuppressedExceptions();
      assertThat(thrown.getCause())
          .isInstanceOf(ExceptionGroup.class)
          .hasMessageStartingWith("all attempts to connect to host.example:80 failed (");
      return (ExceptionGroup) thrown.getCause();
    }

    void assertStarts(Object... addressesAndTimes) {
      List<Object> actual = new ArrayList<>();
      starts.forEach(
          (address, time) -> {
            actual.add(address);
            actual.add(time);
          });
      assertThat(actual).containsExactly(addressesAndTimes);
    }

    @Override
    public List<AddressInfo> getaddrinfo(
        @Nullable String host, @Nullable String service, AddressHints hints) {
      assertThat(host).isEqualTo(HOST);
      assertThat(service).isEqualTo(Integer.toString(PORT));
      asked.add(hints);
      return plans.keySet().stream().map(Scenario::info).toList();
    }

    static AddressInfo info(String address) {
      return new AddressInfo(
          address.contains(":") ? 10 : 2,
          1,
          6,
          new InetSocketAddress(InetAddress.ofLiteral(address), PORT),
          null);
    }

    @Override
    public NameInfo getnameinfo(InetSocketAddress address, Set<NameFlag> flags) {
      throw new AssertionError("nobody asks for names");
    }

    private String nameOf(AddressInfo target) {
      return plans.keySet().stream()
          .filter(name -> info(name).equals(target))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public Fake open(AddressInfo target) throws IOException {
      String name = nameOf(target);
      assertThat(starts.put(name, now())).as("earlier attempt").isNull();
      if (plans.get(name).outcome == Outcome.HAS_NO_FAMILY) {
        throw new OsException(97, "EAFNOSUPPORT", name, "no such family");
      }
      Fake socket = new Fake(name);
      opened.add(socket);
      return socket;
    }

    @Override
    public void connect(Fake socket, AddressInfo target) throws IOException {
      Plan plan = plans.get(socket.address);
      Triad.sleep(Duration.ofNanos(Math.round(plan.seconds * 1e9)));
      if (plan.outcome == Outcome.FAILS) {
        throw new OsException(111, "ECONNREFUSED", socket.address, "refused");
      }
    }

    @Override
    public void close(Fake socket) throws IOException {
      assertThat(closed).doesNotContain(socket);
      closed.add(socket);
      if (failingToClose.contains(socket.address)) {
        throw new OsException(5, "EIO", "close " + socket.address, "error");
      }
    }
  }

  private static List<String> calls(ExceptionGroup group) {
    return group.exceptions().stream().map(e -> ((OsException) e).call()).toList();
  }

  // ---- one address ----

  @ParameterizedTest
  @CsvSource({"0.123", "100"})
  void net_39_one_address_is_waited_for(double seconds) {
    new Scenario().succeeds("1.2.3.4", seconds).run().assertWinner("1.2.3.4", seconds);
  }

  @ParameterizedTest
  @CsvSource({"0.123", "100"})
  void net_31_also_the_only_failure_is_in_a_group(double seconds) {
    ExceptionGroup group =
        new Scenario().fails("1.2.3.4", seconds).run().assertAllFailed(seconds);
    assertThat(calls(group)).containsExactly("1.2.3.4");
  }

  @Test
  void net_23_the_name_is_looked_up_once_for_streams_of_any_family() {
    Scenario scenario = new Scenario().fails("1.2.3.4", 0).fails("::1", 0).run();
    assertThat(scenario.asked).containsExactly(AddressHints.ANY.type(1));
  }

  @Test
  void net_23_no_address_at_all_is_an_error() {
    Scenario scenario = new Scenario().run();
    assertThat(scenario.thrown)
        .isInstanceOf(GaiException.class)
        .hasMessageContaining("host.example:80")
        .hasMessageContaining("EAI_NODATA (no results found for hostname lookup)");
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1:80", "::1, [::1]:80", "host.example, host.example:80"})
  void net_24_ipv6_literals_stand_in_brackets(String host, String text) {
    assertThat(Connecting.hostAndPort(host, 80)).isEqualTo(text);
  }

  // ---- order ----

  @ParameterizedTest
  @CsvSource({
    "1.1.1.1, 1.1.1.1",
    "1.1.1.1 2.2.2.2 3.3.3.3, 1.1.1.1 2.2.2.2 3.3.3.3",
    "1.1.1.1 ::2 3.3.3.3, 1.1.1.1 ::2 3.3.3.3",
    "1.1.1.1 2.2.2.2 ::3 ::4 5.5.5.5, 1.1.1.1 ::3 2.2.2.2 ::4 5.5.5.5",
    "::1 ::2 ::3 4.4.4.4, ::1 4.4.4.4 ::2 ::3",
  })
  void net_25_the_first_of_the_other_family_comes_second(String given, String expected) {
    List<AddressInfo> order =
        HappyEyeballs.inOrder(List.of(given.split(" ")).stream().map(Scenario::info).toList());
    assertThat(order)
        .isEqualTo(List.of(expected.split(" ")).stream().map(Scenario::info).toList());
  }

  @Test
  void net_25_attempts_are_made_in_that_order() {
    Scenario scenario =
        new Scenario()
            .fails("1.1.1.1", 10)
            .fails("2.2.2.2", 10)
            .succeeds("::3", 0.5)
            .succeeds("4.4.4.4", 10)
            .run();
    scenario.assertWinner("::3", 0.75);
    scenario.assertStarts("1.1.1.1", 0.0, "::3", 0.25, "2.2.2.2", 0.5);
  }

  // ---- when attempts start ----

  @Test
  void net_26_attempts_start_a_quarter_of_a_second_apart() {
    Scenario scenario =
        new Scenario()
            .succeeds("1.1.1.1", 10)
            .succeeds("2.2.2.2", 1)
            .succeeds("3.3.3.3", 0.2)
            .run();
    scenario.assertWinner("3.3.3.3", 0.7);
    scenario.assertStarts("1.1.1.1", 0.0, "2.2.2.2", 0.25, "3.3.3.3", 0.5);
  }

  @Test
  void net_26_a_failure_brings_the_next_attempt_forward() {
    Scenario scenario =
        new Scenario()
            .fails("1.1.1.1", 0.1)
            .fails("2.2.2.2", 0.2)
            .succeeds("3.3.3.3", 10)
            .succeeds("4.4.4.4", 0.25)
            .run();
    scenario.assertWinner("4.4.4.4", 0.8);
    scenario.assertStarts(
        "1.1.1.1", 0.0, "2.2.2.2", 0.1, "3.3.3.3", 0.3, "4.4.4.4", 0.55);
  }

  @Test
  void net_26_the_delay_can_be_chosen() {
    Scenario scenario =
        new Scenario()
            .succeeds("1.1.1.1", 10)
            .succeeds("2.2.2.2", 10)
            .succeeds("3.3.3.3", 0.25)
            .run(ConnectOptions.DEFAULT.withHappyEyeballsDelay(Duration.ofMillis(500)));
    scenario.assertWinner("3.3.3.3", 1.25);
    scenario.assertStarts("1.1.1.1", 0.0, "2.2.2.2", 0.5, "3.3.3.3", 1.0);
  }

  @Test
  void net_26_without_a_delay_all_start_at_once() {
    Scenario scenario =
        new Scenario()
            .succeeds("1.1.1.1", 3)
            .succeeds("2.2.2.2", 1)
            .succeeds("3.3.3.3", 2)
            .run(ConnectOptions.DEFAULT.withHappyEyeballsDelay(Duration.ZERO));
    scenario.assertWinner("2.2.2.2", 1);
    scenario.assertStarts("1.1.1.1", 0.0, "2.2.2.2", 0.0, "3.3.3.3", 0.0);
  }

  @Test
  void net_27_the_failure_of_an_older_attempt_changes_nothing() {
    Scenario scenario =
        new Scenario()
            .fails("1.1.1.1", 0.3)
            .succeeds("2.2.2.2", 10)
            .succeeds("3.3.3.3", 0.25)
            .run();
    scenario.assertWinner("3.3.3.3", 0.75);
    scenario.assertStarts("1.1.1.1", 0.0, "2.2.2.2", 0.25, "3.3.3.3", 0.5);
  }

  @Test
  void net_28_after_the_first_success_no_attempt_starts() {
    Scenario scenario =
        new Scenario()
            .succeeds("1.1.1.1", 10)
            .succeeds("2.2.2.2", 0.1)
            .succeeds("3.3.3.3", 0.2)
            .run();
    scenario.assertWinner("2.2.2.2", 0.35);
    scenario.assertStarts("1.1.1.1", 0.0, "2.2.2.2", 0.25);
    assertThat(scenario.closed).containsExactly(new Fake("1.1.1.1"));
  }

  @Test
  void net_29_null_is_the_usual_delay_and_for_ever_tries_one_by_one() {
    Scenario usual =
        new Scenario().succeeds("1.1.1.1", 10).succeeds("2.2.2.2", 0.5)
            .run(ConnectOptions.DEFAULT.withHappyEyeballsDelay(null));
    usual.assertWinner("2.2.2.2", 0.75);

    Scenario oneByOne =
        new Scenario().fails("1.1.1.1", 10).fails("2.2.2.2", 20).succeeds("3.3.3.3", 30)
            .run(ConnectOptions.DEFAULT.withHappyEyeballsDelay(Triad.FOREVER));
    oneByOne.assertWinner("3.3.3.3", 60);
    oneByOne.assertStarts("1.1.1.1", 0.0, "2.2.2.2", 10.0, "3.3.3.3", 30.0);

    assertThatThrownBy(
        () -> ConnectOptions.DEFAULT.withHappyEyeballsDelay(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"1.1.1.1, ::2", "::1, 2.2.2.2"})
  void net_30_a_family_without_sockets_is_a_failed_attempt(String missing, String other) {
    Scenario scenario =
        new Scenario()
            .with(missing, 0, Outcome.HAS_NO_FAMILY)
            .succeeds(other, 1)
            .run();
    scenario.assertWinner(other, 1);
    scenario.assertStarts(missing, 0.0, other, 0.0);
  }

  // ---- how it ends ----

  @Test
  void net_31_net_32_if_all_fail_all_failures_are_told_at_once_in_their_order() {
    Scenario scenario =
        new Scenario()
            .fails("1.1.1.1", 0.1)
            .fails("2.2.2.2", 10)
            .fails("3.3.3.3", 0.5)
            .fails("4.4.4.4", 0.2)
            .run();
    assertThat(calls(scenario.assertAllFailed(10.1)))
        .containsExactly("1.1.1.1", "4.4.4.4", "3.3.3.3", "2.2.2.2");
    scenario.assertStarts(
        "1.1.1.1", 0.0, "2.2.2.2", 0.1, "3.3.3.3", 0.35, "4.4.4.4", 0.6);
  }

  @Test
  void net_31_symbol_and_number_are_those_of_the_last_failure() {
    Scenario scenario =
        new Scenario().with("::1", 0, Outcome.HAS_NO_FAMILY).fails("1.1.1.1", 1).run();
    scenario.assertAllFailed(1);
    OsException thrown = (OsException) scenario.thrown;
    assertThat(thrown).isNotNull();
    assertThat(thrown.symbol()).isEqualTo("ECONNREFUSED");
    assertThat(thrown.errno()).isEqualTo(111);
  }

  @Test
  void net_33_cancelled_it_closes_everything_and_only_cancelled_leaves() {
    CancelScope scope = new CancelScope();
    Scenario scenario = new Scenario().succeeds("1.1.1.1", 10).succeeds("2.2.2.2", 10);
    scenario.run(
        () -> {
          scope.setTimeout(Duration.ofSeconds(3));
          scope.enter(_ -> Connecting.connect(HOST, PORT, ConnectOptions.DEFAULT, scenario));
          return new Fake("nothing");
        });
    assertThat(scope.cancelledCaught()).isTrue();
    assertThat(scenario.thrown).isNull();
    assertThat(scenario.seconds).isEqualTo(3);
    assertThat(scenario.closed).hasSize(2);
  }

  @Test
  void net_34_other_exceptions_are_not_swallowed_and_leave_nothing_open() {
    IllegalStateException mistake = new IllegalStateException("a mistake");
    Scenario scenario =
        new Scenario() {
          @Override
          public void connect(Fake socket, AddressInfo target) throws IOException {
            if (socket.address().equals("2.2.2.2")) {
              throw mistake;
            }
            super.connect(socket, target);
          }
        };
    scenario.succeeds("1.1.1.1", 10).succeeds("2.2.2.2", 0).run();
    assertThat(scenario.thrown)
        .isInstanceOfSatisfying(
            ExceptionGroup.class, group -> assertThat(group.leaves()).containsExactly(mistake));
    assertThat(scenario.seconds).isEqualTo(0.25);
  }

  @Test
  void net_35_every_socket_is_closed_though_closing_fails() {
    Scenario one = new Scenario();
    one.failingToClose.add("1.1.1.1");
    one.succeeds("1.1.1.1", 10).succeeds("2.2.2.2", 10).succeeds("3.3.3.3", 0.1);
    one.run();
    assertThat(one.thrown)
        .isInstanceOfSatisfying(
            OsException.class, e -> assertThat(e.call()).isEqualTo("close 1.1.1.1"));

    Scenario two = new Scenario();
    two.failingToClose.addAll(List.of("1.1.1.1", "2.2.2.2"));
    two.succeeds("1.1.1.1", 10).succeeds("2.2.2.2", 10).succeeds("3.3.3.3", 0.1);
    two.run();
    assertThat(two.thrown)
        .isInstanceOfSatisfying(
            ExceptionGroup.class,
            group -> assertThat(calls(group)).containsExactly("close 1.1.1.1", "close 2.2.2.2"));
  }

  @Test
  void net_40_successes_of_one_instant_make_one_winner() {
    Scenario scenario =
        new Scenario()
            .succeeds("1.1.1.1", 1)
            .succeeds("2.2.2.2", 0.75)
            .succeeds("3.3.3.3", 0.5)
            .succeeds("4.4.4.4", 0.25)
            .succeeds("5.5.5.5", 1)
            .run();
    assertThat(scenario.thrown).isNull();
    assertThat(scenario.result).isNotNull();
    assertThat(scenario.seconds).isEqualTo(1);
    assertThat(scenario.starts).containsKeys("1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4");
  }
}
