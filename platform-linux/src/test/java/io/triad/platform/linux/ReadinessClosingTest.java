package io.triad.platform.linux;

import static io.triad.testkit.Tasks.inNursery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.Action;
import io.triad.ClosedResourceException;
import io.triad.NurseryAction;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.lowlevel.Lowlevel;
import io.triad.platform.linux.ffi.Linux;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import org.junit.jupiter.api.Test;

/** What closing a descriptor does to those who wait for it. */
class ReadinessClosingTest extends DescriptorWaiting {
  /** Does something while a reader and a writer wait for the same socket. */
  private static void whileTwoWaitFor(int socket, NurseryAction meanwhile) {
    TwoEnds.SOCKETS.fill(socket);
    inNursery(
        nursery -> {
          nursery.startSoon(() -> Lowlevel.waitReadable(socket));
          nursery.startSoon(() -> Lowlevel.waitWritable(socket));
          Settling.waitAllTasksBlocked();
          meanwhile.run(nursery);
        });
  }

  @Test
  void low_04_a_hang_up_wakes_both_directions() {
    int[] ends = own(PosixCalls.socketPair());
    whileTwoWaitFor(ends[0], _ -> close(ends[1]));
  }

  @Test
  void low_04_an_error_wakes_who_waits() {
    int[] full = own(PosixCalls.pipe());
    int[] empty = own(PosixCalls.pipe());
    TwoEnds.PIPE.fill(full[1]);
    inNursery(
        nursery -> {
          nursery.startSoon(() -> Lowlevel.waitWritable(full[1]));
          nursery.startSoon(() -> Lowlevel.waitReadable(empty[0]));
          Settling.waitAllTasksBlocked();
          close(full[0]); // POLLERR at the end to write to, poll(2)
          close(empty[1]); // POLLHUP at the end to read from
        });
  }

  @Test
  void low_06_notify_closing_wakes_who_waits() {
    int[] ends = own(PosixCalls.socketPair());
    TwoEnds.SOCKETS.fill(ends[0]);
    inNursery(
        nursery -> {
          nursery.startSoon(() -> assertClosed(() -> Lowlevel.waitReadable(ends[0])));
          nursery.startSoon(() -> assertClosed(() -> Lowlevel.waitWritable(ends[0])));
          Settling.waitAllTasksBlocked();
          Checkpoints.assertNoCheckpoints(() -> Lowlevel.notifyClosing(ends[0]));
          assertThat(log).isEmpty();
          Settling.waitAllTasksBlocked();
          assertThat(log).hasSize(2);
        });
  }

  private void assertClosed(Action<Exception> wait) {
    assertThatThrownBy(wait::run)
        .isInstanceOf(ClosedResourceException.class)
        .hasMessage("another task closed this descriptor");
    log.add("closed");
  }

  @Test
  void low_06_notify_closing_closes_nothing_and_remembers_nothing() {
    int[] ends = own(PosixCalls.pipe());
    inNursery(
        nursery -> {
          nursery.startSoon(() -> assertClosed(() -> Lowlevel.waitReadable(ends[0])));
          Settling.waitAllTasksBlocked();
          Lowlevel.notifyClosing(ends[0]);
          Lowlevel.notifyClosing(ends[0]);
          startReader(nursery, ends[0]); // before the first waiter has run
          Settling.waitAllTasksBlocked();
          assertThat(log).containsExactly("closed");
          PosixCalls.write(ends[1], ONE);
        });
    assertThat(log).containsExactly("closed", "readable");
  }

  @Test
  void low_06_notify_closing_of_what_nobody_waits_for_does_nothing() throws Exception {
    int[] ends = own(PosixCalls.pipe());
    Triad.run(
        () -> {
          Lowlevel.notifyClosing(ends[0]);
          Lowlevel.notifyClosing(-1);
          Lowlevel.notifyClosing(1_000_000);
          PosixCalls.write(ends[1], ONE);
          Lowlevel.waitReadable(ends[0]);
        });
  }

  @Test
  void low_06_closing_wins_over_readiness_and_over_cancellation() {
    int[] ends = own(PosixCalls.pipe());
    inNursery(
        nursery -> {
          nursery.startSoon(() -> assertClosed(() -> Lowlevel.waitReadable(ends[0])));
          Settling.waitAllTasksBlocked();
          PosixCalls.write(ends[1], ONE);
          nursery.cancelScope().cancel();
          Lowlevel.notifyClosing(ends[0]);
        });
    assertThat(log).containsExactly("closed");
  }

  /** What an owner of a descriptor does, as {@link Lowlevel#notifyClosing} tells. */
  private final class Owner {
    private final int descriptor;
    private boolean closed;

    Owner(int descriptor) {
      this.descriptor = descriptor;
    }

    void waitReadable() throws ClosedResourceException, OsException {
      if (closed) {
        throw new ClosedResourceException("another task closed this descriptor");
      }
      Lowlevel.waitReadable(descriptor);
    }

    void close() {
      closed = true;
      Lowlevel.notifyClosing(descriptor);
      ReadinessClosingTest.this.close(descriptor);
    }
  }

  @Test
  void low_07_mark_notify_close_leaves_nobody_waiting() {
    int[] ends = own(PosixCalls.pipe());
    Owner owner = new Owner(ends[0]);
    inNursery(
        nursery -> {
          nursery.startSoon(() -> assertClosed(owner::waitReadable));
          Settling.waitAllTasksBlocked();
          Checkpoints.assertNoCheckpoints(owner::close);
          nursery.startSoon(() -> assertClosed(owner::waitReadable));
        });
    assertThat(log).containsExactly("closed", "closed");
    assertThat(PosixCalls.write(ends[1], ONE)).isEqualTo(-Linux.EPIPE()); // closed for good
  }

  @Test
  void low_08_closing_behind_the_back_of_the_run_does_no_harm() {
    int[] ends = own(PosixCalls.socketPair());
    whileTwoWaitFor(
        ends[0],
        nursery -> {
          close(ends[0]);
          Settling.waitAllTasksBlocked();
          nursery.cancelScope().cancel(); // asleep for ever or not: this ends it
        });
  }

  @Test
  void low_08_a_duplicate_can_be_waited_for_by_itself() {
    int[] ends = own(PosixCalls.pipe());
    int duplicate = own(PosixCalls.duplicate(ends[0]))[0];
    inNursery(
        nursery -> {
          for (int descriptor : new int[] {ends[0], duplicate}) {
            startReader(nursery, descriptor);
          }
          Settling.waitAllTasksBlocked();
          close(ends[0]); // the open file stays, through the duplicate
          PosixCalls.write(ends[1], ONE);
          Settling.waitAllTasksBlocked();
          assertThat(log).contains("readable");
          nursery.cancelScope().cancel();
        });
  }

  @Test
  void low_09_what_was_waited_for_does_not_touch_a_new_file_with_the_same_number() {
    int[] old = own(PosixCalls.pipe());
    int[] fresh = own(PosixCalls.pipe());
    inNursery(
        nursery -> {
          nursery.startSoon(() -> assertClosed(() -> Lowlevel.waitReadable(old[0])));
          Settling.waitAllTasksBlocked();
          Lowlevel.notifyClosing(old[0]);
          assertThat(PosixCalls.duplicateTo(fresh[0], old[0])).isEqualTo(old[0]);
          startReader(nursery, old[0]);
          Settling.waitAllTasksBlocked();
          assertThat(log).containsExactly("closed");
          assertThat(PosixCalls.write(old[1], ONE)).isEqualTo(-Linux.EPIPE());
          Settling.waitAllTasksBlocked();
          assertThat(log).containsExactly("closed");
          PosixCalls.write(fresh[1], ONE);
        });
    assertThat(log).containsExactly("closed", "readable");
  }

  @Test
  void low_09_a_wait_that_the_kernel_has_not_heard_of_ends_as_well() {
    int[] old = own(PosixCalls.pipe());
    int[] fresh = own(PosixCalls.pipe());
    inNursery(
        nursery -> {
          nursery.startSoon(() -> assertClosed(() -> Lowlevel.waitReadable(old[0])));
          nursery.startSoon( // in the same pass
              () -> {
                Lowlevel.notifyClosing(old[0]);
                PosixCalls.duplicateTo(fresh[0], old[0]);
                Lowlevel.waitReadable(old[0]);
                log.add("readable");
              });
          Settling.waitAllTasksBlocked();
          assertThat(log).containsExactly("closed");
          PosixCalls.write(fresh[1], ONE);
        });
    assertThat(log).containsExactly("closed", "readable");
  }
}
