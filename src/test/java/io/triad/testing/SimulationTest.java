package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.stream.AsyncResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class SimulationTest {
  private static final int PORT = 7000;

  // ---- a program with everything in it ----

  /** An echo server and clients, in a network of any kind; answers what they saw. */
  private static List<String> echoes(Simulation simulation) {
    List<String> log = new ArrayList<>();
    simulation.run(
        () -> Nursery.open(
            nursery -> {
              SocketListener listener = listen();
              nursery.startSoon("server", () -> serve(listener, nursery));
              Nursery.open(
                  clients -> {
                    for (int i = 0; i < 6; i++) {
                      int number = i;
                      clients.startSoon(() -> client(number, log));
                    }
                  });
              nursery.cancelScope().cancel();
            }));
    return log;
  }

  private static void serve(SocketListener listener, Nursery nursery) throws IOException {
    try (listener) {
      for (;;) {
        try {
          SocketStream stream = listener.accept();
          nursery.startSoon("echo", () -> echo(stream));
        } catch (IOException e) {
          Triad.sleep(Duration.ofMillis(1)); // nothing to take it with; later there may be
        }
      }
    }
  }

  private static SocketListener listen() {
    for (;;) {
      try {
        return Net.openTcpListeners(PORT, "127.0.0.1", 3).getFirst();
      } catch (IOException e) {
        Triad.sleep(Duration.ofMillis(1));
      }
    }
  }

  private static void echo(SocketStream stream) {
    try (stream) {
      while (stream.receive(stream::sendAll)) {
        // until the end
      }
      stream.sendEof();
    } catch (IOException e) {
      // reset: the client sees it as well
    }
  }

  private static void client(int number, List<String> log) {
    for (int round = 0; round < 5; round++) {
      byte[] data = new byte[20_000];
      new Random(number * 10L + round).nextBytes(data);
      String outcome;
      ByteArrayOutputStream received = new ByteArrayOutputStream();
      try {
        CancelScope scope =
            Triad.<IOException>moveOnAfter(
                Duration.ofMillis(150), _ -> exchange(data, received));
        outcome = scope.cancelledCaught() ? "cancelled" : "done";
        if (!scope.cancelledCaught()) {
          assertThat(received.size()).isEqualTo(data.length);
        }
      } catch (IOException e) {
        outcome = String.valueOf(e.getMessage());
      }
      assertThat(received.toByteArray()).isEqualTo(Arrays.copyOf(data, received.size()));
      log.add(Triad.currentTime() + " client " + number + ": " + outcome + ", " + received.size());
    }
  }

  private static void exchange(byte[] data, ByteArrayOutputStream received) throws IOException {
    try (SocketStream stream = Net.openTcpStream("127.0.0.1", PORT)) {
      Throwable[] failure = {null};
      Nursery.open(
          nursery -> {
            nursery.startSoon(
                "send",
                () -> {
                  try {
                    stream.sendAll(data);
                    stream.sendEof();
                  } catch (IOException e) {
                    failure[0] = e;
                  }
                });
            try {
              while (stream.receive(chunk -> received.writeBytes(chunk.toArray()))) {
                // until the end
              }
            } catch (IOException e) {
              failure[0] = e;
            }
          });
      if (failure[0] instanceof IOException e) {
        throw e;
      }
    }
  }

  // ---- the same seed, the same history ----

  @ParameterizedTest
  @ValueSource(longs = {1, 2, Long.MIN_VALUE})
  void the_same_seed_gives_the_same_history_and_another_seed_another_one(long seed) {
    Simulation first = Simulation.withSeed(seed).withFaults(Faults.CHAOS);
    Simulation second = Simulation.withSeed(seed).withFaults(Faults.CHAOS);
    Simulation other = Simulation.withSeed(seed + 1).withFaults(Faults.CHAOS);
    List<String> log = echoes(first);
    Simulation.Trace trace = first.trace();

    assertThat(trace.lines()).isGreaterThan(2_000);
    assertThat(trace.last()).hasSize((int) Math.min(trace.lines(), 10_000));
    assertThat(echoes(second)).isEqualTo(log);
    assertThat(second.trace()).isEqualTo(trace);
    assertThat(echoes(first)).as("once more").isEqualTo(log);
    assertThat(first.trace()).isEqualTo(trace);
    assertThat(echoes(other)).isNotEqualTo(log);
    assertThat(other.trace().hash()).isNotEqualTo(trace.hash());
  }

  @Test
  void whatever_breaks_nothing_does_not_show_in_the_results() {
    for (long seed = 0; seed < 30; seed++) {
      List<String> log =
          echoes(
              Simulation.withSeed(seed).withFaults(Faults.ROUGH.withDelay(Duration.ofNanos(50))));
      assertThat(log).as("seed %d", seed).hasSize(30)
          .allMatch(line -> line.endsWith("done, 20000"));
    }
  }

  @Test
  void in_chaos_things_go_wrong_and_come_right() {
    List<String> all = new ArrayList<>();
    for (long seed = 0; seed < 40; seed++) {
      all.addAll(echoes(Simulation.withSeed(seed).withFaults(Faults.CHAOS)));
    }
    assertThat(all)
        .hasSize(1200)
        .anyMatch(line -> line.contains("done"))
        .anyMatch(line -> line.contains("cancelled"))
        .anyMatch(line -> line.contains("ECONNREFUSED"))
        .anyMatch(line -> line.contains("EHOSTUNREACH"))
        .anyMatch(line -> line.contains("ECONNRESET"))
        .anyMatch(line -> line.contains("EMFILE"))
        .anyMatch(line -> line.contains("ENOBUFS"));
  }

  // ---- streams ----

  @Test
  void net_15_simulated_streams_pass_the_checks_whatever_the_network_does() {
    for (long seed = 0; seed < 60; seed++) {
      Simulation.withSeed(seed)
          .withFaults(Faults.ROUGH)
          .run(
              () -> StreamChecks.checkHalfCloseableStream(
                  SimulationTest::pair, SimulationTest::cloggedPair));
    }
  }

  private static StreamPair<SocketStream, SocketStream> pair() throws IOException {
    try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
      SocketStream client = Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
      return new StreamPair<>(client, listener.accept());
    }
  }

  /** Nothing moves for a second, which is nothing. */
  private static StreamPair<SocketStream, SocketStream> cloggedPair() throws IOException {
    StreamPair<SocketStream, SocketStream> pair = pair();
    for (SocketStream stream : List.of(pair.sender(), pair.receiver())) {
      assertThat(
          Triad.<IOException>moveOnAfter(
              Duration.ofSeconds(1), _ -> stream.sendAll(new byte[1_000_000]))
              .cancelledCaught())
          .isTrue();
    }
    return pair;
  }

  // ---- what fails tells how to have it again ----

  @Test
  void a_failure_is_thrown_as_it_is_and_names_seed_and_history() {
    IOException failure = new IOException("the program failed");
    Simulation simulation = Simulation.withSeed(-77).withFaults(Faults.ROUGH);
    Throwable thrown =
        catchThrowable(
            () -> simulation.<Exception>run(
                () -> {
                  pair();
                  throw failure;
                }));
    assertThat(thrown).isSameAs(failure);
    assertThat(failure.getSuppressed())
        .singleElement()
        .isInstanceOfSatisfying(
            Simulation.Information.class, info -> assertThat(info.seed()).isEqualTo(-77))
        .satisfies(
            info -> assertThat(info)
                .hasMessageContaining("withSeed(-77L)")
                .hasMessageContaining("-Dtriad.simulation.seed=-77")
                .hasMessageContaining("PARTIAL_TRANSFER=0.3")
                .hasMessageContaining("submit CONNECT on "));
  }

  @Test
  void the_seed_of_the_property_is_taken_and_without_it_each_is_different() {
    assertThat(Simulation.withRandomSeed().seed())
        .isNotEqualTo(Simulation.withRandomSeed().seed());
    System.setProperty("triad.simulation.seed", "-5");
    try {
      assertThat(Simulation.withRandomSeed().seed()).isEqualTo(-5);
      System.setProperty("triad.simulation.seed", "five");
      assertThatExceptionOfType(NumberFormatException.class)
          .isThrownBy(Simulation::withRandomSeed);
    } finally {
      System.clearProperty("triad.simulation.seed");
    }
  }

  @Test
  void arguments_are_checked_and_results_returned() throws Exception {
    Simulation simulation = Simulation.withSeed(1);
    assertThatIllegalStateException().isThrownBy(simulation::trace);
    assertThat(simulation.run(() -> "a result")).isEqualTo("a result");
    assertThat(simulation.trace().lines()).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> Faults.NONE.withResets(1.1));
    assertThatIllegalArgumentException().isThrownBy(() -> Faults.NONE.withResets(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> Faults.NONE.withRefusals(-0.1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Faults.NONE.withDelay(Duration.ofNanos(-1)));
    assertThatIllegalArgumentException().isThrownBy(() -> Faults.NONE.withDescriptors(0));
    assertThatIllegalArgumentException().isThrownBy(() -> Faults.NONE.withReceiveBuffers(0));
    assertThatIllegalArgumentException().isThrownBy(() -> Faults.NONE.withSocketBuffers(0));
    assertThatNullPointerException().isThrownBy(() -> simulation.withFaults(nothing()));
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // that is the test
  private static <T> T nothing() {
    return null;
  }

  @Test
  void a_stream_that_is_left_open_keeps_no_run_from_ending() throws Exception {
    for (long seed = 0; seed < 50; seed++) {
      boolean ended =
          Simulation.withSeed(seed)
              .withFaults(Faults.ROUGH)
              .<Boolean, IOException>run(
                  () -> {
                    StreamPair<SocketStream, SocketStream> pair = pair();
                    pair.sender().sendAll(new byte[1]);
                    pair.receiver().receiveSome();
                    Triad.sleep(Duration.ofNanos(1)); // the last deadline there was
                    AsyncResource.closeForcefully(pair.sender());
                    return true;
                  });
      assertThat(ended).isTrue();
    }
  }

  @Test
  void test_45_a_network_can_be_faked_with_hosts_that_do_not_answer() throws Exception {
    List<String> log = new ArrayList<>();
    Simulation.withSeed(1)
        .run(
            () -> {
              Throwable silent =
                  catchThrowable(
                      () -> Triad.failAfter(
                          Duration.ofSeconds(3), () -> Net.openTcpStream("192.0.2.1", 80)));
              log.add(silent.getClass().getSimpleName() + " after " + Triad.currentTime());
              OsException unreachable =
                  catchThrowableOfType(
                      OsException.class, () -> Net.openTcpStream("198.51.100.1", 80));
              log.add(unreachable.symbol());
            });

    assertThat(log).containsExactly("TooSlowException after PT3S", "EHOSTUNREACH");
  }
}
