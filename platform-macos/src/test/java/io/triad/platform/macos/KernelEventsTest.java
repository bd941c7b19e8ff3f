package io.triad.platform.macos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.engine.Platforms;
import io.triad.lowlevel.AbortFunction;
import io.triad.lowlevel.Kqueue;
import io.triad.lowlevel.Kqueue.Event;
import io.triad.lowlevel.KqueueMonitor;
import io.triad.lowlevel.Lowlevel;
import io.triad.platform.macos.emulated.EmulatedMacosPlatform;
import io.triad.socket.Socket;
import io.triad.socket.Sockets;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import io.triad.thread.Threads;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kqueue of a run, on the emulated macOS. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class KernelEventsTest {
  private static final long SUBJECT = 7;

  private interface Body {
    void run(Kqueue kqueue) throws Exception;
  }

  private static void run(Body body) throws Exception {
    ScopedValue.where(Platforms.CHOSEN, EmulatedMacosPlatform::new)
        .call(
            () -> {
              Triad.run(() -> body.run(Kqueue.currentKqueue()));
              return true;
            });
  }

  private static int user(Kqueue kqueue) {
    return kqueue.constant("EVFILT_USER");
  }

  private static void add(Kqueue kqueue, long subject, String... flags) throws OsException {
    int sum = kqueue.constant("EV_ADD");
    for (String flag : flags) {
      sum |= kqueue.constant(flag);
    }
    kqueue.control(new Event(subject, user(kqueue), sum, 0, 0));
  }

  private static void trigger(Kqueue kqueue, long subject) throws OsException {
    kqueue.control(
        new Event(subject, user(kqueue), 0, kqueue.constant("NOTE_TRIGGER"), 0));
  }

  private static AbortFunction.Result stop() {
    return AbortFunction.Result.SUCCEEDED;
  }

  // ---- one event ----

  @Test
  @Tag("LOW-29")
  void low_29_one_event_is_waited_for_and_returned() throws Exception {
    run(
        kqueue -> {
          assertThat(Kqueue.currentKqueue()).isSameAs(kqueue);
          add(kqueue, SUBJECT, "EV_ONESHOT");
          List<Event> seen = new ArrayList<>();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> seen.add(
                        kqueue.waitKevent(SUBJECT, user(kqueue), KernelEventsTest::stop)));
                Settling.waitAllTasksBlocked();
                assertThat(kqueue.statistics()).isEqualTo(new Kqueue.Statistics(1, 0));
                assertThat(seen).isEmpty();
                trigger(kqueue, SUBJECT);
              });
          assertThat(seen).hasSize(1);
          assertThat(seen.getFirst().subject()).isEqualTo(SUBJECT);
          assertThat(seen.getFirst().filter()).isEqualTo(user(kqueue));
          assertThat(kqueue.statistics()).isEqualTo(new Kqueue.Statistics(0, 0));
        });
  }

  @Test
  @Tag("LOW-29")
  void low_29_subject_and_filter_have_one_waiter() throws Exception {
    run(
        kqueue -> {
          add(kqueue, SUBJECT, "EV_ONESHOT");
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> kqueue.waitKevent(SUBJECT, user(kqueue), KernelEventsTest::stop));
                Settling.waitAllTasksBlocked();
                assertThatExceptionOfType(BusyResourceException.class)
                    .isThrownBy(
                        () -> kqueue.waitKevent(SUBJECT, user(kqueue), KernelEventsTest::stop))
                    .withMessage(
                        "another task listens for the same kevent already: subject 7, filter "
                            + user(kqueue));
                assertThatExceptionOfType(BusyResourceException.class)
                    .isThrownBy(() -> kqueue.monitorKevent(SUBJECT, user(kqueue)));
                kqueue.monitorKevent(SUBJECT + 1, user(kqueue)).close();
                trigger(kqueue, SUBJECT);
              });
        });
  }

  @Test
  @Tag("LOW-29")
  void low_29_a_cancelled_wait_takes_its_change_back() throws Exception {
    run(
        kqueue -> {
          add(kqueue, SUBJECT, "EV_ONESHOT");
          List<String> stopped = new ArrayList<>();
          CancelScope scope = new CancelScope();
          scope.cancel();
          scope.enter(
              _ -> kqueue.waitKevent(
                  SUBJECT,
                  user(kqueue),
                  () -> {
                    stopped.add("stopped");
                    return AbortFunction.Result.SUCCEEDED;
                  }));
          assertThat(stopped).containsExactly("stopped");
          assertThat(kqueue.statistics().tasksWaiting()).isZero();
          kqueue.control(
              new Event(SUBJECT, user(kqueue), kqueue.constant("EV_DELETE"), 0, 0));
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> trigger(kqueue, SUBJECT))
              .satisfies(gone -> assertThat(gone.symbol()).isEqualTo("ENOENT"));
        });
  }

  @Test
  @Tag("LOW-29")
  void low_29_a_descriptor_that_is_closed_wakes_who_waits_for_it() throws Exception {
    run(
        kqueue -> {
          int readable = kqueue.constant("EVFILT_READ");
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(ClosedResourceException.class)
                        .isThrownBy(
                            () -> kqueue.waitKevent(
                                1_000, readable, KernelEventsTest::stop)));
                Settling.waitAllTasksBlocked();
                Lowlevel.notifyClosing(1_000);
              });
          assertThat(kqueue.statistics().tasksWaiting()).isZero();
        });
  }

  // ---- all events ----

  @Test
  @Tag("LOW-30")
  void low_30_a_monitor_keeps_what_comes_until_it_is_closed() throws Exception {
    run(
        kqueue -> {
          add(kqueue, SUBJECT, "EV_CLEAR");
          KqueueMonitor monitor = kqueue.monitorKevent(SUBJECT, user(kqueue));
          assertThat(kqueue.statistics()).isEqualTo(new Kqueue.Statistics(0, 1));
          for (int i = 0; i < 3; i++) {
            trigger(kqueue, SUBJECT);
            assertThat(monitor.receive().subject()).isEqualTo(SUBJECT);
          }
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(ClosedResourceException.class)
                        .isThrownBy(monitor::receive));
                Settling.waitAllTasksBlocked();
                monitor.close();
                monitor.close();
              });
          assertThat(kqueue.statistics().monitors()).isZero();
          kqueue.monitorKevent(SUBJECT, user(kqueue)).close();
        });
  }

  @Test
  @Tag("LOW-30")
  void low_30_a_monitor_excludes_others_and_the_closing_of_its_descriptor() throws Exception {
    run(
        kqueue -> {
          int readable = kqueue.constant("EVFILT_READ");
          try (KqueueMonitor monitor = kqueue.monitorKevent(1_000, readable)) {
            assertThatExceptionOfType(BusyResourceException.class)
                .isThrownBy(() -> kqueue.monitorKevent(1_000, readable));
            assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> Lowlevel.notifyClosing(1_000))
                .withMessage("descriptor 1000 cannot be closed while a monitor of it is open");
            assertThat(monitor).isNotNull();
          }
          Lowlevel.notifyClosing(1_000);
        });
  }

  @Test
  @Tag("LOW-30")
  void low_30_the_readiness_of_a_connection_can_be_monitored_while_the_run_uses_it()
      throws Exception {
    run(
        kqueue -> {
          int readable = kqueue.constant("EVFILT_READ");
          List<Socket> pair = Sockets.socketpair();
          try (Socket left = pair.get(0);
              Socket right = pair.get(1);
              KqueueMonitor monitor = kqueue.monitorKevent(left.fileno(), readable)) {
            kqueue.control(
                new Event(
                    left.fileno(),
                    readable,
                    kqueue.constant("EV_ADD") | kqueue.constant("EV_CLEAR"),
                    0,
                    0));
            for (int i = 1; i <= 3; i++) {
              right.send(new byte[i]);
              assertThat(left.recv(10)).hasSize(i);
              assertThat(monitor.receive().filter()).isEqualTo(readable);
            }
          }
        });
  }

  @Test
  void another_thread_has_no_business_here() throws Exception {
    run(
        kqueue -> Threads.toThread(
            () -> {
              assertThatIllegalStateException()
                  .isThrownBy(() -> kqueue.monitorKevent(SUBJECT, -10));
              return 0;
            }));
  }
}
