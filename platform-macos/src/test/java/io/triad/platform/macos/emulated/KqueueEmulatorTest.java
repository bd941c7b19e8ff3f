package io.triad.platform.macos.emulated;

import static io.triad.platform.macos.emulated.Knote.EVFILT_EXCEPT;
import static io.triad.platform.macos.emulated.Knote.EVFILT_PROC;
import static io.triad.platform.macos.emulated.Knote.EVFILT_READ;
import static io.triad.platform.macos.emulated.Knote.EVFILT_USER;
import static io.triad.platform.macos.emulated.Knote.EVFILT_WRITE;
import static io.triad.platform.macos.emulated.Knote.EV_ADD;
import static io.triad.platform.macos.emulated.Knote.EV_CLEAR;
import static io.triad.platform.macos.emulated.Knote.EV_DELETE;
import static io.triad.platform.macos.emulated.Knote.EV_DISABLE;
import static io.triad.platform.macos.emulated.Knote.EV_DISPATCH;
import static io.triad.platform.macos.emulated.Knote.EV_ENABLE;
import static io.triad.platform.macos.emulated.Knote.EV_EOF;
import static io.triad.platform.macos.emulated.Knote.EV_ERROR;
import static io.triad.platform.macos.emulated.Knote.EV_ONESHOT;
import static io.triad.platform.macos.emulated.Knote.EV_RECEIPT;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.platform.macos.emulated.KqueueRig.Event;
import io.triad.platform.macos.ffi.DarwinFunction;
import io.triad.testkit.LeakCheck;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The emulator of kqueue(2), against what the man page says. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class KqueueEmulatorTest {
  private static final int NOTE_TRIGGER = 0x01000000;
  private static final int NOTE_FFOR = 0x80000000;
  private static final int NOTE_FFAND = 0x40000000;
  private static final int NOTE_LOWAT = 1;
  private static final int NOTE_OOB = 2;
  private static final int NOTE_EXIT = 0x80000000;
  private static final int NOTE_EXITSTATUS = 0x04000000;

  private KqueueRig rig;

  @BeforeEach
  void open() {
    rig = new KqueueRig();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  // ---- when events are reported ----

  @Test
  void an_event_is_reported_for_as_long_as_its_condition_holds() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD)).isZero();
    assertThat(rig.look()).isEmpty();
    rig.send(pair[1], 3);
    for (int i = 0; i < 3; i++) {
      Event event = rig.event();
      assertThat(event.ident()).isEqualTo(pair[0]);
      assertThat(event.filter()).isEqualTo(EVFILT_READ);
      assertThat(event.data()).isEqualTo(3);
      assertThat(event.userData()).isEqualTo(7);
      assertThat(event.has(EV_EOF | EV_ERROR)).isFalse();
    }
    assertThat(rig.receive(pair[0], 10)).isEqualTo(3);
    assertThat(rig.look()).as("the condition no longer holds").isEmpty();
  }

  @Test
  void with_ev_clear_it_is_reported_once_for_each_thing_that_comes() {
    int[] pair = rig.pair();
    rig.send(pair[1], 1);
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD | EV_CLEAR)).isZero();
    assertThat(rig.event().data()).as("what there was already").isEqualTo(1);
    assertThat(rig.look()).isEmpty();
    rig.send(pair[1], 1);
    assertThat(rig.event().data()).isEqualTo(2);
    assertThat(rig.look()).isEmpty();
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD | EV_CLEAR)).isZero();
    assertThat(rig.event().data()).as("looked at again").isEqualTo(2);
    assertThat(rig.look()).isEmpty();
  }

  @Test
  void with_ev_oneshot_it_is_reported_once_and_is_gone() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_WRITE, EV_ADD | EV_ONESHOT)).isZero();
    assertThat(rig.event().filter()).isEqualTo(EVFILT_WRITE);
    assertThat(rig.look()).isEmpty();
    assertThat(rig.apply(pair[0], EVFILT_WRITE, EV_DELETE)).isEqualTo(-Errors.ENOENT);
  }

  @Test
  void with_ev_dispatch_it_is_reported_once_and_then_waits_to_be_enabled() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_WRITE, EV_ADD | EV_DISPATCH)).isZero();
    rig.event();
    assertThat(rig.look()).isEmpty();
    assertThat(rig.apply(pair[0], EVFILT_WRITE, EV_ENABLE)).isZero();
    rig.event();
    assertThat(rig.look()).isEmpty();
  }

  @Test
  void what_is_disabled_is_not_reported_until_it_is_enabled() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD | EV_CLEAR | EV_DISABLE)).isZero();
    rig.send(pair[1], 1);
    assertThat(rig.look()).isEmpty();
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_ENABLE)).isZero();
    assertThat(rig.event().data()).isEqualTo(1);
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_DISABLE)).isZero();
    rig.send(pair[1], 1);
    assertThat(rig.look()).isEmpty();
  }

  @Test
  void the_filters_of_a_descriptor_are_independent_of_each_other() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD | EV_CLEAR)).isZero();
    assertThat(rig.apply(pair[0], EVFILT_WRITE, EV_ADD | EV_CLEAR)).isZero();
    assertThat(rig.event().filter()).isEqualTo(EVFILT_WRITE);
    rig.send(pair[1], 1);
    assertThat(rig.event().filter()).as("writable as before").isEqualTo(EVFILT_READ);
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_DELETE)).isZero();
    rig.send(pair[1], 1);
    assertThat(rig.look()).isEmpty();
    int sent;
    do {
      sent = rig.send(pair[0], 4096);
    } while (sent > 0);
    assertThat(sent).isEqualTo(-Errors.EAGAIN);
    assertThat(rig.look()).isEmpty();
    while (rig.receive(pair[1], 65_536) > 0) {
      // Makes room.
    }
    assertThat(rig.event().data()).as("room").isPositive();
  }

  @Test
  void no_more_events_than_there_is_room_for_and_nobody_is_passed_over() {
    int[] one = rig.pair();
    int[] two = rig.pair();
    for (int descriptor : new int[] {one[0], two[0]}) {
      assertThat(rig.apply(descriptor, EVFILT_WRITE, EV_ADD)).isZero();
    }
    Event first = rig.exchange(List.of(), 1, -1).getFirst();
    Event second = rig.exchange(List.of(), 1, -1).getFirst();
    assertThat(List.of(first.ident(), second.ident()))
        .containsExactlyInAnyOrder((long) one[0], (long) two[0]);
  }

  @Test
  void a_low_water_mark_is_waited_for() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD, NOTE_LOWAT, 3)).isZero();
    rig.send(pair[1], 2);
    assertThat(rig.look()).isEmpty();
    rig.send(pair[1], 1);
    assertThat(rig.event().data()).isEqualTo(3);
  }

  // ---- changes ----

  @Test
  void errors_are_answered_in_the_list_or_by_the_call() {
    int[] pair = rig.pair();
    List<Event> answers =
        rig.exchange(
            List.of(
                rig.change(pair[0], EVFILT_READ, EV_DELETE, 0, 0, 1),
                rig.change(pair[0], EVFILT_READ, EV_ADD | EV_RECEIPT, 0, 0, 2),
                rig.change(pair[0], EVFILT_WRITE, EV_ADD, 0, 0, 3),
                rig.change(9999, EVFILT_READ, EV_ADD, 0, 0, 4)),
            8,
            -1);
    assertThat(answers).extracting(Event::userData).containsExactly(1L, 2L, 4L);
    assertThat(answers).allMatch(answer -> answer.has(EV_ERROR));
    assertThat(answers)
        .extracting(Event::data)
        .containsExactly((long) Errors.ENOENT, 0L, (long) Errors.EBADF);
    assertThat(rig.event().filter()).as("was not taken by the receipts").isEqualTo(EVFILT_WRITE);
    assertThat(rig.apply(9999, EVFILT_READ, EV_ADD)).isEqualTo(-Errors.EBADF);
    assertThat(rig.apply(9999, EVFILT_READ, EV_DELETE)).isEqualTo(-Errors.ENOENT);
    assertThat(rig.apply(pair[0], EVFILT_READ - 100, EV_ADD)).isEqualTo(-Errors.EINVAL);
    assertThat(rig.call(DarwinFunction.KEVENT, pair[0])).isEqualTo(-Errors.EBADF);
  }

  @Test
  void changing_keeps_the_flags_with_which_it_was_made() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_WRITE, EV_ADD | EV_CLEAR)).isZero();
    rig.event();
    assertThat(rig.apply(pair[0], EVFILT_WRITE, EV_ADD)).isZero();
    assertThat(rig.event().has(EV_CLEAR)).isTrue();
    assertThat(rig.look()).isEmpty();
  }

  @Test
  void two_kqueues_know_nothing_of_each_other() {
    int[] pair = rig.pair();
    try (KqueueRig other = new KqueueRig()) {
      assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD | EV_CLEAR)).isZero();
      assertThat(other.apply(pair[0], EVFILT_READ, EV_ADD | EV_CLEAR)).isZero();
      rig.send(pair[1], 1);
      assertThat(rig.event().data()).isEqualTo(1);
      assertThat(other.event().data()).isEqualTo(1);
      assertThat(rig.look()).isEmpty();
    }
  }

  // ---- descriptors that are closed ----

  @Test
  void the_events_of_a_descriptor_vanish_with_it_whatever_duplicates_there_are() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD)).isZero();
    int duplicate = rig.own(rig.call(DarwinFunction.FCNTL, pair[0], 0, 0));
    rig.send(pair[1], 1);
    rig.event();
    rig.close(pair[0]);
    assertThat(rig.look()).isEmpty();
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_DELETE)).isEqualTo(-Errors.ENOENT);
    assertThat(rig.apply(duplicate, EVFILT_READ, EV_ADD)).isZero();
    assertThat(rig.event().ident()).isEqualTo(duplicate);
  }

  @Test
  void what_was_closed_behind_its_back_is_gone_too_and_the_number_begins_anew() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD)).isZero();
    try (Arena arena = Arena.ofConfined()) {
      assertThat(new Host(arena).call("close", pair[0])).isZero();
    }
    int[] next = rig.pair();
    assertThat(next[0]).as("the lowest free number").isEqualTo(pair[0]);
    rig.send(next[1], 1);
    assertThat(rig.look()).isEmpty();
    assertThat(rig.apply(next[0], EVFILT_READ, EV_ENABLE)).isEqualTo(-Errors.ENOENT);
    assertThat(rig.apply(next[0], EVFILT_READ, EV_ADD)).isZero();
    assertThat(rig.event().data()).isEqualTo(1);
  }

  // ---- ends and errors ----

  @Test
  void the_end_is_reported_while_there_still_are_data() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD)).isZero();
    assertThat(rig.apply(pair[0], EVFILT_WRITE, EV_ADD | EV_CLEAR)).isZero();
    assertThat(rig.event().has(EV_EOF)).isFalse();
    rig.send(pair[1], 2);
    rig.close(pair[1]);
    List<Event> events = rig.exchange(List.of(), 8, -1);
    assertThat(events).allMatch(event -> event.has(EV_EOF));
    assertThat(events)
        .filteredOn(event -> event.filter() == EVFILT_READ)
        .extracting(Event::data)
        .containsExactly(2L);
    assertThat(events).extracting(Event::filter).contains(EVFILT_WRITE);
  }

  @Test
  void a_reset_is_reported_with_its_error_which_a_receive_tells_once() {
    int listener = rig.listener();
    int client = rig.socket(1);
    assertThat(rig.connect(client, rig.port(listener))).isIn(0, -Errors.EINPROGRESS);
    assertThat(rig.apply(listener, EVFILT_READ, EV_ADD)).isZero();
    assertThat(rig.event().data()).as("connections that wait").isEqualTo(1);
    int server = rig.accept(listener);
    assertThat(rig.look()).isEmpty();
    assertThat(rig.apply(client, EVFILT_READ, EV_ADD | EV_CLEAR)).isZero();
    rig.setOption(server, 0xffff, 0x80, 1, 0); // SO_LINGER: what is left is thrown away
    rig.close(server);
    Event event = rig.event();
    assertThat(event.has(EV_EOF)).isTrue();
    assertThat(event.filterFlags()).isEqualTo(Errors.ECONNRESET);
    assertThat(rig.send(client, 1)).isEqualTo(-Errors.EPIPE);
    assertThat(rig.receive(client, 1)).isEqualTo(-Errors.ECONNRESET);
    assertThat(rig.receive(client, 1)).isZero();
    assertThat(rig.call(DarwinFunction.SHUTDOWN, client, 1)).isEqualTo(-Errors.ENOTCONN);
  }

  @Test
  void a_refusal_ends_both_directions_and_the_socket() {
    int listener = rig.listener();
    int port = rig.port(listener);
    rig.close(listener);
    int client = rig.socket(1);
    assertThat(rig.apply(client, EVFILT_READ, EV_ADD)).isZero();
    assertThat(rig.apply(client, EVFILT_WRITE, EV_ADD)).isZero();
    assertThat(rig.look()).as("neither, before it is connected").isEmpty();
    assertThat(rig.connect(client, port)).isEqualTo(-Errors.EINPROGRESS);
    assertThat(rig.apply(client, EVFILT_READ, EV_ENABLE)).isZero();
    assertThat(rig.apply(client, EVFILT_WRITE, EV_ENABLE)).isZero();
    List<Event> events = rig.exchange(List.of(), 8, -1);
    assertThat(events).allMatch(event -> event.has(EV_EOF));
    assertThat(events).allMatch(event -> event.filterFlags() == Errors.ECONNREFUSED);
    assertThat(rig.connect(client, port)).isEqualTo(-Errors.ECONNREFUSED);
    assertThat(rig.connect(client, port)).isEqualTo(-Errors.EINVAL);
  }

  @Test
  void urgent_data_are_an_exception() {
    int listener = rig.listener();
    int client = rig.socket(1);
    rig.connect(client, rig.port(listener));
    assertThat(rig.apply(listener, EVFILT_READ, EV_ADD | EV_ONESHOT)).isZero();
    rig.event();
    int server = rig.accept(listener);
    assertThat(rig.apply(server, EVFILT_EXCEPT, EV_ADD | EV_CLEAR, NOTE_OOB, 0)).isZero();
    rig.send(client, 1);
    assertThat(rig.look()).isEmpty();
    final int urgent = 1;
    rig.call(DarwinFunction.SEND, client, rig.arena.allocate(1).address(), 1, urgent);
    assertThat(rig.event().filterFlags()).isEqualTo(NOTE_OOB);
  }

  // ---- other filters ----

  @Test
  void an_event_of_the_user_is_triggered_from_any_thread() throws Exception {
    assertThat(rig.apply(5, EVFILT_USER, EV_ADD | EV_CLEAR, 0b0110, 0)).isZero();
    assertThat(rig.look()).isEmpty();
    Thread other =
        Thread.ofPlatform()
            .start(() -> rig.apply(5, EVFILT_USER, 0, NOTE_TRIGGER | NOTE_FFOR | 0b1000, 42));
    Event event = rig.event();
    other.join();
    assertThat(event.filterFlags()).isEqualTo(0b1110);
    assertThat(event.data()).isEqualTo(42);
    assertThat(rig.look()).isEmpty();
    assertThat(rig.apply(5, EVFILT_USER, 0, NOTE_TRIGGER | NOTE_FFAND | 0b0011, 0)).isZero();
    assertThat(rig.event().filterFlags()).isEqualTo(0b0010);
    assertThat(rig.apply(6, EVFILT_USER, 0, NOTE_TRIGGER, 0)).isEqualTo(-Errors.ENOENT);
  }

  @Test
  void a_kqueue_is_readable_while_it_has_events() {
    int[] pair = rig.pair();
    try (KqueueRig outer = new KqueueRig()) {
      assertThat(outer.apply(rig.queue, EVFILT_READ, EV_ADD)).isZero();
      assertThat(rig.apply(pair[0], EVFILT_READ, EV_ADD)).isZero();
      assertThat(outer.look()).isEmpty();
      rig.send(pair[1], 1);
      assertThat(outer.event().data()).isEqualTo(1);
      assertThat(outer.event().data()).isEqualTo(1);
      rig.receive(pair[0], 1);
      assertThat(outer.look()).isEmpty();
    }
  }

  @Test
  void the_end_of_a_process_is_told_with_its_status() throws Exception {
    Process process = new ProcessBuilder("sh", "-c", "read line; exit 3").start();
    assertThat(
        rig.apply(process.pid(), EVFILT_PROC, EV_ADD, NOTE_EXIT | NOTE_EXITSTATUS, 0))
        .isZero();
    assertThat(rig.look()).isEmpty();
    process.getOutputStream().close();
    Event event = rig.event();
    assertThat(event.ident()).isEqualTo(process.pid());
    assertThat(event.filterFlags() & NOTE_EXIT).isNotZero();
    assertThat(process.waitFor()).isEqualTo(3);
    assertThat(rig.apply(process.pid(), EVFILT_PROC, EV_DELETE)).isEqualTo(-Errors.ENOENT);
    assertThat(rig.apply(process.pid(), EVFILT_PROC, EV_ADD, NOTE_EXIT, 0))
        .isEqualTo(-Errors.ESRCH);
    assertThat(event.has(EV_EOF | EV_ONESHOT)).isTrue();
  }

  // ---- waiting ----

  @Test
  void a_wait_is_never_shorter_than_it_should_be() {
    for (long nanos : new long[] {1, 999_999, 20_000_000}) {
      long start = System.nanoTime();
      assertThat(rig.exchange(List.of(), 1, nanos)).isEmpty();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
    }
  }

  @Test
  void a_signal_ends_a_wait_and_takes_no_event() {
    int[] pair = rig.pair();
    assertThat(rig.apply(pair[0], EVFILT_WRITE, EV_ADD | EV_CLEAR)).isZero();
    Kqueue.interrupt(2);
    long events = rig.arena.allocate(64, 8).address();
    for (int i = 0; i < 2; i++) {
      assertThat(rig.call(DarwinFunction.KEVENT, rig.queue, 0, 0, events, 1, 0))
          .isEqualTo(-Errors.EINTR);
    }
    assertThat(rig.event().filter()).isEqualTo(EVFILT_WRITE);
  }
}
