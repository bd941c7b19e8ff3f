package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.loop.Loop;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.sync.Event;
import io.triad.testkit.TcpPairs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the clock of a {@link Simulation} goes. */
@Timeout(60)
final class VirtualTimeTest {
  private static final Simulation CALM = Simulation.withSeed(1);

  private static Duration time() {
    return Triad.currentTime();
  }

  /** What a test does with a listener. */
  private interface Listening {
    void run(SocketListener listener, int port) throws Exception;
  }

  /** Simulates a run, opens a listener in it that has room for one, and does something with it. */
  private static void listening(Simulation simulation, Listening action) throws Exception {
    simulation.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
            action.run(listener, listener.localAddress().getPort());
          }
        });
  }

  /** Simulates a run, and does something in it with both ends of a connection. */
  private static void connected(Simulation simulation, TcpPairs.PairAction action)
      throws Exception {
    simulation.<Exception>run(() -> TcpPairs.with(TcpPairs::open, action));
  }

  @Test
  void it_begins_at_zero_and_sleeping_is_exact_and_takes_no_time() {
    CALM.run(
        () -> {
          assertThat(time()).isZero();
          Nursery.open(
              nursery -> {
                for (int i = 1; i <= 100; i++) {
                  Duration duration = Duration.ofDays(i).plusNanos(i);
                  nursery.startSoon(
                      () -> {
                        Triad.sleep(duration);
                        assertThat(time()).isEqualTo(duration);
                      });
                }
              });
          assertThat(time()).isEqualTo(Duration.ofDays(100).plusNanos(100));
        });
  }

  @Test
  void it_stands_still_while_a_task_can_run() {
    CALM.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> Triad.sleep(Duration.ofNanos(1)));
              for (int i = 0; i < 1000; i++) {
                Triad.checkpoint();
                assertThat(time()).isZero();
              }
            }));
  }

  @Test
  void in_a_calm_network_transfers_take_no_time() throws Exception {
    CALM.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "::1", 1).getFirst();
              SocketStream client =
                  Net.openTcpStream("::1", listener.localAddress().getPort());
              SocketStream server = listener.accept()) {
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> {
                        client.sendAll(new byte[3_000_000]);
                        client.sendEof();
                      });
                  while (server.receive(_ -> {})) {
                    // until the end
                  }
                });
            assertThat(time()).isZero();
          }
        });
  }

  @Test
  void an_arrival_comes_before_a_later_deadline_and_after_an_earlier_one() throws Exception {
    Simulation slow = CALM.withFaults(Faults.NONE.withDelay(Duration.ofSeconds(10)));
    List<Boolean> inTime = new ArrayList<>();
    connected(
        slow,
        (client, server) -> {
          for (int i = 0; i < 40; i++) {
            Duration start = time();
            client.sendAll(new byte[1]);
            boolean late =
                Triad.<IOException>moveOnAfter(
                    Duration.ofSeconds(5), _ -> server.receiveSome(1))
                    .cancelledCaught();
            if (late) {
              assertThat(time().minus(start)).isBetween(
                  Duration.ofSeconds(5), Duration.ofSeconds(5).plusMillis(1));
              server.receiveSome(1);
            }
            assertThat(time().minus(start)).isLessThan(Duration.ofSeconds(11));
            inTime.add(!late);
          }
        });
    assertThat(inTime).contains(true, false);
  }

  @Test
  void a_task_that_waits_without_blocking_waits_not_for_ever() throws Exception {
    Simulation slow = CALM.withFaults(Faults.NONE.withDelay(Duration.ofMillis(10)));
    listening(
        slow,
        (listener, port) -> {
          boolean[] connected = {false};
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> {
                      Net.openTcpStream("127.0.0.1", port).close();
                      connected[0] = true;
                    });
                while (!connected[0]) {
                  Triad.checkpoint();
                }
              });
        });
  }

  // ---- the network's own deadlines ----

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7,       ETIMEDOUT,    127",
    "2001:db8:1::7,   ETIMEDOUT,    127",
    "198.51.100.7,    EHOSTUNREACH, 0",
    "2001:db8:2::7,   EHOSTUNREACH, 0",
    "203.0.113.7,     ENETUNREACH,  0",
    "2001:db8::7,     ENETUNREACH,  0",
    "127.0.0.1,       ECONNREFUSED, 0",
  })
  void attempts_to_connect_fail_as_their_address_says(String host, String error, int seconds) {
    CALM.run(
        () -> {
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openTcpStream(host, 80))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo(error));
          assertThat(time()).isEqualTo(Duration.ofSeconds(seconds));
        });
  }

  @Test
  void a_connection_that_finds_the_backlog_full_is_tried_again() throws Exception {
    listening(
        CALM,
        (listener, port) -> {
          List<Duration> connected = new ArrayList<>();
          Nursery.open(
              nursery -> {
                for (int i = 0; i < 3; i++) {
                  nursery.startSoon(
                      () -> {
                        Net.openTcpStream("127.0.0.1", port).close();
                        connected.add(time());
                      });
                }
                Settling.waitAllTasksBlocked();
                assertThat(connected).hasSize(2).containsOnly(Duration.ZERO);
                Triad.sleep(Duration.ofSeconds(2));
                listener.accept().close();
              });
          // After 1 and after 3 seconds; by then there was room.
          assertThat(connected).last().isEqualTo(Duration.ofSeconds(3));
          listener.accept().close();
          listener.accept().close();
        });
  }

  // ---- waiting until all are blocked ----

  @Test
  void test_11_who_waits_until_all_are_blocked_is_woken_before_time_goes_on() {
    CALM.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> Triad.sleep(Duration.ofSeconds(1)));
              Settling.waitAllTasksBlocked();
              assertThat(time()).isZero();
              Settling.waitAllTasksBlocked(Duration.ofMillis(5));
              assertThat(time()).isZero();
            }));
  }

  @Test
  void test_09_what_is_on_its_way_arrives_before_all_count_as_blocked() throws Exception {
    Simulation slow = CALM.withFaults(Faults.ROUGH.withDelay(Duration.ofMillis(100)));
    connected(
        slow,
        (client, server) -> {
          Nursery.open(
              nursery -> {
                int[] received = {0};
                nursery.startSoon(
                    () -> {
                      while (server.receive(chunk -> received[0] += chunk.length())) {
                        // until the end
                      }
                    });
                for (Duration cushion : List.of(Duration.ZERO, Duration.ofMillis(2))) {
                  received[0] = 0;
                  client.sendAll(new byte[5_000]);
                  Settling.waitAllTasksBlocked(cushion);
                  assertThat(received[0]).isEqualTo(5_000);
                }
                client.sendEof();
              });
        });
  }

  // ---- other threads ----

  @Test
  void with_nothing_ahead_the_run_waits_for_another_thread() {
    for (int i = 0; i < 100; i++) {
      CALM.run(
          () -> {
            Event event = new Event();
            Loop loop = Loop.requireFiber().loop();
            Thread.ofPlatform().start(() -> loop.offer(event::set));
            event.await();
            assertThat(time()).isZero();
          });
    }
  }

  @Test
  void while_another_thread_works_time_goes_on_to_the_next_deadline() {
    CountDownLatch done = new CountDownLatch(1);
    CALM.run(
        () -> {
          Event event = new Event();
          Loop loop = Loop.requireFiber().loop();
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      done.await();
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                    loop.offer(event::set);
                  });
          assertThat(
              Triad.moveOnAfter(Duration.ofHours(1), _ -> event.await()).cancelledCaught())
              .isTrue();
          assertThat(time()).isEqualTo(Duration.ofHours(1));
          done.countDown();
          event.await();
        });
  }

  @Test
  void one_run_at_a_time_has_the_virtual_time_and_others_have_their_own() throws Exception {
    List<Object> results = new ArrayList<>();
    CALM.<Exception>run(
        () -> {
          Triad.sleep(Duration.ofHours(1));
          Thread other =
              Thread.ofPlatform()
                  .start(
                      () -> Simulation.withSeed(2).run(
                          () -> {
                            results.add(time());
                          }));
          other.join();
          results.add(time());
        });
    assertThat(results).containsExactly(Duration.ZERO, Duration.ofHours(1));
  }
}
