package io.triad.platform.linux;

import static io.triad.testkit.Tasks.inNursery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.Action;
import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.lowlevel.Lowlevel;
import io.triad.lowlevel.RunStatistics;
import io.triad.platform.linux.ffi.Linux;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for descriptors that Triad has not opened: sockets, pipes, and others. */
class ReadinessTest extends DescriptorWaiting {
  // ---- waiting ----

  @ParameterizedTest
  @EnumSource
  void low_01_waits_until_something_can_be_read(TwoEnds kind) {
    int[] ends = own(kind.open());
    inNursery(
        nursery -> {
          startReader(nursery, ends[0]);
          Settling.waitAllTasksBlocked();
          assertThat(log).isEmpty();
          kind.put(ends[1], ONE);
          Settling.waitAllTasksBlocked();
          assertThat(log).containsExactly("readable");
        });
  }

  @ParameterizedTest
  @EnumSource
  void low_01_waits_until_something_can_be_written(TwoEnds kind) {
    int[] ends = own(kind.open());
    kind.fill(ends[1]);
    inNursery(
        nursery -> {
          startWriter(nursery, ends[1]);
          Settling.waitAllTasksBlocked();
          assertThat(log).isEmpty();
          kind.drain(ends[0]);
          Settling.waitAllTasksBlocked();
          assertThat(log).containsExactly("writable");
        });
  }

  @Test
  void low_01_waits_for_anything_that_can_be_polled() {
    int counter = own(PosixCalls.eventCounter())[0];
    inNursery(
        nursery -> {
          nursery.startSoon(
              () -> {
                Lowlevel.waitReadable(counter);
                log.add("counted");
              });
          Lowlevel.waitWritable(counter);
          Settling.waitAllTasksBlocked();
          assertThat(log).isEmpty();
          assertThat(PosixCalls.write(counter, new byte[] {1, 0, 0, 0, 0, 0, 0, 0})).isEqualTo(8);
        });
    assertThat(log).containsExactly("counted");
  }

  @ParameterizedTest
  @EnumSource
  void low_01_a_wait_can_be_cancelled(TwoEnds kind) throws Exception {
    int[] ends = own(kind.open());
    kind.fill(ends[1]);
    Triad.run(
        () -> {
          assertCancelled(() -> Lowlevel.waitReadable(own(kind.open())[0]));
          assertCancelled(() -> Lowlevel.waitWritable(ends[1]));
          kind.drain(ends[0]);
          Lowlevel.waitWritable(ends[1]); // and no trace is left
        });
  }

  private static void assertCancelled(Action<Exception> wait) {
    Nursery.open(
        nursery -> {
          nursery.startSoon(() -> assertThatThrownBy(wait::run).isInstanceOf(Cancelled.class));
          Settling.waitAllTasksBlocked();
          nursery.cancelScope().cancel();
        });
  }

  @ParameterizedTest
  @EnumSource
  void low_01_low_02_what_is_ready_returns_after_a_checkpoint(TwoEnds kind) throws Exception {
    int[] ends = own(kind.open());
    kind.put(ends[1], ONE);
    Triad.run(
        () -> {
          for (int i = 0; i < 3; i++) { // a level: as often as one asks
            Checkpoints.assertCheckpoints(() -> Lowlevel.waitReadable(ends[0]));
            Checkpoints.assertCheckpoints(() -> Lowlevel.waitWritable(ends[1]));
          }
          new CancelScope().enter(
              scope -> {
                scope.cancel();
                assertThatThrownBy(() -> Lowlevel.waitReadable(ends[0]))
                    .isInstanceOf(Cancelled.class);
              });
        });
  }

  @Test
  void low_02_a_regular_file_is_always_ready() throws Exception {
    int file = own(PosixCalls.memoryFile())[0];
    Triad.run(
        () -> {
          Lowlevel.waitReadable(file);
          Lowlevel.waitWritable(file);
        });
  }

  @ParameterizedTest
  @EnumSource
  void low_03_a_second_waiter_for_the_same_is_refused(TwoEnds kind) {
    int[] ends = own(kind.open());
    kind.fill(ends[1]);
    int toRead = own(kind.open())[0];
    inNursery(
        nursery -> {
          nursery.startSoon(() -> Lowlevel.waitReadable(toRead));
          nursery.startSoon(() -> Lowlevel.waitWritable(ends[1]));
          Settling.waitAllTasksBlocked();
          assertThatThrownBy(() -> Lowlevel.waitReadable(toRead))
              .isInstanceOf(BusyResourceException.class);
          assertThatThrownBy(() -> Lowlevel.waitWritable(ends[1]))
              .isInstanceOf(BusyResourceException.class);
          RunStatistics.EngineStatistics engine = Lowlevel.currentStatistics().engine();
          assertThat(engine.tasksWaitingToRead()).isOne(); // the first waiters are not disturbed
          assertThat(engine.tasksWaitingToWrite()).isOne();
          nursery.cancelScope().cancel();
        });
  }

  @Test
  void low_03_a_reader_and_a_writer_wake_independently() {
    int[] ends = own(PosixCalls.socketPair());
    TwoEnds.SOCKETS.fill(ends[0]);
    inNursery(
        nursery -> {
          startReader(nursery, ends[0]);
          startWriter(nursery, ends[0]);
          Settling.waitAllTasksBlocked();
          assertThat(log).isEmpty();
          PosixCalls.sendAll(ends[1], ONE);
          Settling.waitAllTasksBlocked();
          assertThat(log).containsExactly("readable");
          TwoEnds.SOCKETS.drain(ends[1]);
        });
    assertThat(log).containsExactly("readable", "writable");
  }

  @Test
  void low_05_an_invalid_descriptor_fails() {
    int closed = 900; // so high that nobody gets the number anew in the meantime
    PosixCalls.duplicateTo(own(PosixCalls.eventCounter())[0], closed);
    PosixCalls.close(closed);
    Triad.run(
        () -> {
          for (int invalid : new int[] {-1, Integer.MIN_VALUE, 1_000_000, closed}) {
            assertThatThrownBy(() -> Lowlevel.waitReadable(invalid))
                .isInstanceOfSatisfying(
                    OsException.class, e -> assertThat(e.symbol()).isEqualTo("EBADF"))
                .hasMessageStartingWith("waitReadable(" + invalid + "): EBADF");
            assertThatThrownBy(() -> Lowlevel.waitWritable(invalid))
                .isInstanceOfSatisfying(
                    OsException.class, e -> assertThat(e.errno()).isEqualTo(Linux.EBADF()));
          }
        });
  }

  // ---- traffic and figures ----

  @Test
  void low_10_long_traffic_both_ways_arrives_complete_and_in_order() {
    int[] ends = own(PosixCalls.socketPair());
    int total = 1 << 20;
    inNursery(
        nursery -> {
          for (int i = 0; i < 2; i++) {
            int mine = ends[i];
            int seed = i;
            int other = 1 - i;
            nursery.startSoon(() -> send(mine, bytes(seed, total)));
            nursery
                .startSoon(() -> assertThat(receive(mine, total)).isEqualTo(bytes(other, total)));
          }
        });
  }

  private static byte[] bytes(int seed, int count) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void send(int descriptor, byte[] bytes) throws Exception {
    int sent = 0;
    while (sent < bytes.length) {
      int count = PosixCalls.send(descriptor, bytes, sent, Math.min(1000, bytes.length - sent));
      if (count == -Linux.EAGAIN()) {
        Lowlevel.waitWritable(descriptor);
      } else {
        assertThat(count).isPositive();
        sent += count;
      }
    }
  }

  private static byte[] receive(int descriptor, int total) throws Exception {
    byte[] all = new byte[total];
    byte[] some = new byte[777];
    int received = 0;
    while (received < total) {
      int count = PosixCalls.receive(descriptor, some);
      if (count == -Linux.EAGAIN()) {
        Lowlevel.waitReadable(descriptor);
      } else {
        assertThat(count).isPositive();
        System.arraycopy(some, 0, all, received, count);
        received += count;
      }
    }
    return all;
  }

  @Test
  void low_11_statistics_count_who_waits() {
    int[] first = own(PosixCalls.socketPair());
    int[] second = own(PosixCalls.socketPair());
    TwoEnds.SOCKETS.fill(first[0]);
    inNursery(
        nursery -> {
          RunStatistics.EngineStatistics before = Lowlevel.currentStatistics().engine();
          String name = before.name();
          assertThat(name).isIn("io_uring", "epoll");
          assertThat(before).isEqualTo(new RunStatistics.EngineStatistics(name, 0, 0, 0));
          nursery.startSoon(() -> Lowlevel.waitReadable(first[0]));
          nursery.startSoon(() -> Lowlevel.waitReadable(second[0]));
          nursery.startSoon(() -> Lowlevel.waitWritable(first[0]));
          Settling.waitAllTasksBlocked();
          assertThat(Lowlevel.currentStatistics())
              .isEqualTo(
                  new RunStatistics(
                      4, 0, Triad.FOREVER, 0,
                      new RunStatistics.EngineStatistics(name, 3, 2, 1)));
          nursery.cancelScope().cancel();
        });
  }
}
