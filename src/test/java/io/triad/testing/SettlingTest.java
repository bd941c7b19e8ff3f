package io.triad.testing;

import static io.triad.testkit.Tasks.assertCancelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.Nursery;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.loop.Loop;
import io.triad.sync.Event;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SettlingTest {
  @Test
  void test_09_it_returns_when_all_others_are_blocked() {
    List<String> events = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Event event = new Event();
              nursery.startSoon(
                  () -> {
                    for (int i = 0; i < 10; i++) {
                      Triad.checkpoint();
                    }
                    events.add("busy one blocks");
                    event.await();
                  });
              Settling.waitAllTasksBlocked();
              events.add("settled");
              event.set();
            }));
    assertThat(events).containsExactly("busy one blocks", "settled");
  }

  @Test
  void test_09_io_that_is_on_its_way_is_waited_for() throws Exception {
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              int[] echoed = {0};
              nursery.startSoon(
                  () -> {
                    while (server.receive(server::sendAll)) {
                      // until the end
                    }
                  });
              nursery.startSoon(
                  () -> {
                    for (int i = 0; i < 50; i++) {
                      client.sendAll(new byte[1]);
                      echoed[0] += client.receiveSome().length;
                    }
                  });
              Settling.waitAllTasksBlocked(Duration.ofMillis(20));
              assertThat(echoed[0]).isEqualTo(50);
              client.sendEof();
            }));
  }

  @Test
  void test_10_the_shortest_cushion_is_woken_first_and_equal_ones_together() {
    List<String> events = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              for (int millis : new int[] {30, 0, 10, 0, 30, 10}) {
                nursery.startSoon(
                    () -> {
                      Settling.waitAllTasksBlocked(Duration.ofMillis(millis));
                      events.add(millis + " wakes");
                      Triad.checkpoint();
                      events.add(millis + " ends");
                    });
              }
            }));
    assertThat(events)
        .containsExactly(
            "0 wakes", "0 wakes", "0 ends", "0 ends",
            "10 wakes", "10 wakes", "10 ends", "10 ends",
            "30 wakes", "30 wakes", "30 ends", "30 ends");
  }

  @Test
  void test_10_a_wake_up_starts_the_others_afresh() {
    List<String> events = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    Settling.waitAllTasksBlocked(Duration.ofMillis(20));
                    events.add("long");
                  });
              for (int i = 0; i < 10; i++) {
                Settling.waitAllTasksBlocked(Duration.ofMillis(5));
              }
              events.add("ten short ones");
            }));
    assertThat(events).containsExactly("ten short ones", "long");
  }

  @Test
  void test_11_it_can_be_cancelled() {
    Triad.run(
        () -> {
          assertCancelled(
              () -> Settling.waitAllTasksBlocked(Duration.ofDays(1)),
              scope -> {
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
        });
  }

  @Test
  void test_11_who_waits_for_a_time_out_is_blocked_until_then() {
    MockClock clock = new MockClock();
    List<String> events = new ArrayList<>();
    Triad.run(
        RunOptions.DEFAULT.withClock(clock),
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    Triad.sleep(Duration.ofHours(1));
                    events.add("slept");
                  });
              Settling.waitAllTasksBlocked();
              events.add("settled");
              clock.jump(Duration.ofHours(1));
              Settling.waitAllTasksBlocked();
              events.add("settled again");
            }));
    assertThat(events).containsExactly("settled", "slept", "settled again");
  }

  @Test
  void test_12_whatever_arrives_starts_the_cushion_afresh() throws Exception {
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              Loop loop = Loop.requireFiber().loop();
              int[] arrived = {0};
              Thread messages =
                  Thread.ofPlatform()
                      .unstarted(
                          () -> {
                            // Each message comes while the cushion of the one before runs.
                            for (int i = 0; i < 20; i++) {
                              LockSupport.parkNanos(2_000_000);
                              loop.offer(() -> arrived[0]++);
                            }
                          });
              messages.start();
              Settling.waitAllTasksBlocked(Duration.ofMillis(500));
              assertThat(arrived[0]).isEqualTo(20);
            }));
  }

  @Test
  void a_negative_cushion_is_refused() {
    Triad.run(
        () -> assertThatIllegalArgumentException()
            .isThrownBy(() -> Settling.waitAllTasksBlocked(Duration.ofNanos(-1))));
  }
}
