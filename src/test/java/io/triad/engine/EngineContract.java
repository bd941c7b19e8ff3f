package io.triad.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.triad.engine.Operation.Kind;
import io.triad.loop.JdkDescriptors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link Engine} promises, for every engine: a subclass says which. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class EngineContract {
  private static final int LARGE_BYTES = 1 << 20;

  /** Opens the platform whose engine is tested; called once in a test. */
  protected abstract Platform open();

  /** What becomes of an operation whose descriptor was closed and that nobody cancelled. */
  protected enum Orphan {
    /** It goes on as if nothing had happened: it holds the open file. */
    GOES_ON,
    /** It waits until it is cancelled, which is all that is promised. */
    WAITS,
    /** It ends with an error. */
    ENDS
  }

  /** What this engine does with an operation whose descriptor was closed. */
  protected Orphan orphan() {
    return Orphan.GOES_ON;
  }

  private EngineRig rig() {
    return new EngineRig(open());
  }

  private static Recorded receive(EngineRig rig, int descriptor) {
    Recorded receive = new Recorded();
    receive.receive(descriptor, rig.memory(new byte[64]).address(), 64);
    return receive;
  }

  private static Recorded receiveLoaned(int descriptor) {
    Recorded receive = new Recorded();
    receive.receiveLoaned(descriptor);
    return receive;
  }

  private static Recorded awaitReady(int descriptor, int readiness) {
    Recorded ready = new Recorded();
    ready.awaitReady(descriptor, readiness);
    return ready;
  }

  private static Recorded accept(int descriptor) {
    Recorded accept = new Recorded();
    accept.accept(descriptor);
    return accept;
  }

  /** Sends until nothing is taken any more; answers how much was. */
  private static int fill(EngineRig rig, int descriptor) {
    MemorySegment memory = rig.memory(new byte[LARGE_BYTES]);
    int total = 0;
    for (;;) {
      Recorded send = new Recorded();
      send.send(descriptor, memory.address(), LARGE_BYTES);
      rig.submit(send);
      rig.settle();
      rig.engine.cancel(send);
      int taken = rig.await(send);
      if (taken == Operation.CANCELED) {
        return total;
      }
      total += rig.check(taken);
    }
  }

  /** One operation of each kind that waits, on a descriptor that keeps it waiting. */
  private static List<Recorded> waiting(EngineRig rig) {
    MemorySegment memory = rig.memory(new byte[LARGE_BYTES]);
    int full = rig.narrowPair()[0];
    fill(rig, full);
    Recorded send = new Recorded();
    send.send(full, memory.address(), LARGE_BYTES);
    int otherFull = rig.narrowPair()[0];
    fill(rig, otherFull);
    Recorded gather = new Recorded();
    gather.sendGather(otherFull, new long[] {memory.address()}, new int[] {LARGE_BYTES}, 1);
    return List.of(
        receive(rig, rig.pair()[0]),
        receiveLoaned(rig.pair()[0]),
        awaitReady(rig.pair()[0], Operation.READABLE),
        accept(rig.listen("127.0.0.1", 1)),
        send,
        gather);
  }

  /**
   * Asserts that nothing happened. A system may find room for some bytes more than it had a moment
   * ago, and then a send must say so.
   */
  private static void assertCancelled(List<Recorded> operations) {
    for (Recorded each : operations) {
      assertThat(each.results).as("%s", each).hasSize(1);
      boolean sends = each.kind() == Kind.SEND || each.kind() == Kind.SEND_GATHER;
      if (!sends || each.result() < 0) {
        assertThat(each.result()).as("%s", each).isEqualTo(Operation.CANCELED);
      } else {
        assertThat(each.result()).as("%s", each).isBetween(1, LARGE_BYTES - 1);
      }
    }
  }

  // ---- from submit to the final completion ----

  @Test
  void an_operation_is_in_flight_until_its_final_completion_and_not_submitted_before() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      Recorded receive = rig.submit(receive(rig, pair[0]));
      assertThat(receive.inFlight()).isTrue();
      assertThat(rig.engine.operationsInFlight()).isEqualTo(1);
      assertThatIllegalStateException().isThrownBy(() -> rig.engine.submit(receive));
      assertThatIllegalStateException().isThrownBy(() -> receive.close(pair[0]));
      rig.settle();
      assertThat(receive.inFlight()).isTrue();

      rig.send(pair[1], (byte) 1);
      assertThat(rig.await(receive)).isEqualTo(1);
      assertThat(receive.inFlight()).isFalse();
      receive.again();
      rig.submit(receive);
      rig.send(pair[1], (byte) 2, (byte) 3);
      assertThat(rig.await(receive)).isBetween(1, 2);
    }
  }

  @Test
  void nothing_is_delivered_but_by_poll() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      rig.send(pair[1], (byte) 1);
      rig.settle();
      Recorded receive = rig.submit(receive(rig, pair[0]));
      rig.engine.cancel(receive);
      rig.engine.cancelAll();
      assertThat(receive.results).isEmpty();
      assertThat(rig.await(receive)).isIn(1, Operation.CANCELED);
    }
  }

  @Test
  void a_handler_may_submit_and_cancel() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      Recorded next = receive(rig, pair[1]);
      Recorded loaned =
          new Recorded() {
            @Override
            protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
              super.completed(result, more, buffer);
              if (results.size() == 1) {
                rig.submit(next);
                rig.engine.cancel(this);
              }
            }
          };
      loaned.receiveLoaned(pair[0]);
      rig.submit(loaned);
      rig.send(pair[1], (byte) 1);
      assertThat(rig.await(loaned)).isEqualTo(Operation.CANCELED);
      assertThat(next.inFlight()).isTrue();
      rig.send(pair[0], (byte) 2);
      assertThat(rig.await(next)).isEqualTo(1);
    }
  }

  @Test
  void whoever_closes_a_descriptor_cancels_what_is_in_flight_on_it_first() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      List<Recorded> cancelled =
          List.of(
              rig.submit(receiveLoaned(pair[0])),
              rig.submit(awaitReady(pair[0], Operation.READABLE)));
      rig.settle();
      cancelled.forEach(rig.engine::cancel);
      Recorded close = new Recorded();
      close.close(rig.disown(pair[0]));
      assertThat(rig.await(rig.submit(close))).isZero();
      rig.until(() -> cancelled.stream().allMatch(Recorded::ended), "the last words");
      assertThat(cancelled).allMatch(each -> each.result() == Operation.CANCELED);
      assertThat(rig.receiveOne(pair[1])).as("it is closed").isZero();
    }
  }

  @Test
  void what_nobody_cancelled_before_the_close_ends_when_it_is_cancelled() {
    try (EngineRig rig = rig()) {
      int[] first = rig.pair();
      int[] second = rig.pair();
      Recorded forgotten = rig.submit(receive(rig, first[0]));
      Recorded cancelled = rig.submit(receive(rig, second[0]));
      rig.settle();
      rig.close(first[0]);
      rig.close(second[0]);
      rig.settle();
      assertThat(rig.engine.operationsInFlight()).isEqualTo(orphan() == Orphan.ENDS ? 0 : 2);

      if (orphan() == Orphan.ENDS) {
        assertThat(forgotten.result()).isNegative();
        assertThat(cancelled.result()).isNegative();
        assertThat(rig.receiveOne(first[1])).as("it is closed").isZero();
        assertThat(rig.receiveOne(second[1])).as("it is closed").isZero();
        return;
      }
      if (orphan() == Orphan.GOES_ON) {
        rig.send(first[1], (byte) 7);
        assertThat(rig.await(forgotten)).isEqualTo(1);
      } else {
        assertThat(rig.receiveOne(first[1])).as("it is closed").isZero();
        assertThat(forgotten.ended()).isFalse();
        rig.engine.cancel(forgotten);
        assertThat(rig.await(forgotten)).isEqualTo(Operation.CANCELED);
      }
      rig.engine.cancel(cancelled);
      assertThat(rig.await(cancelled)).isEqualTo(Operation.CANCELED);
      assertThat(rig.receiveOne(second[1])).as("now at the latest it is closed").isZero();
    }
  }

  @Test
  void what_waits_on_a_closed_descriptor_is_not_taken_for_its_successor() {
    try (EngineRig rig = rig()) {
      int[] old = rig.pair();
      Recorded forgotten = rig.submit(awaitReady(old[0], Operation.READABLE));
      rig.settle();
      int listener = rig.listen("127.0.0.1", 1);
      rig.close(old[0]);
      int young = rig.socket(false);
      assumeTrue(young == old[0] || orphan() != Orphan.ENDS, "the number was not given again");
      assertThat(young).isEqualTo(old[0]);
      Recorded connect = rig.connect(young, "127.0.0.1", rig.port(listener));
      int other = rig.accept(listener);
      assertThat(rig.await(connect)).isZero();
      Recorded ready = rig.submit(awaitReady(old[0], Operation.READABLE));
      Recorded receive = rig.submit(receiveLoaned(old[0]));
      rig.settle();
      assertThat(ready.ended()).isFalse();
      rig.send(other, (byte) 1);
      assertThat(rig.await(ready)).isPositive();
      rig.until(() -> receive.bytes().length == 1, "the byte");
      assertThat(forgotten.ended()).isEqualTo(orphan() == Orphan.ENDS);
      rig.engine.cancel(forgotten);
      rig.engine.cancel(receive);
      int end = rig.await(forgotten);
      if (orphan() == Orphan.ENDS) {
        assertThat(end).isNegative();
      } else {
        assertThat(end).isEqualTo(Operation.CANCELED);
      }
      assertThat(rig.await(receive)).isEqualTo(Operation.CANCELED);
    }
  }

  // ---- cancelling ----

  @Test
  void every_kind_that_waits_ends_with_canceled_and_only_in_poll() {
    try (EngineRig rig = rig()) {
      List<Recorded> waiting = waiting(rig);
      waiting.forEach(rig::submit);
      rig.settle();
      assertThat(waiting).noneMatch(Recorded::ended);
      waiting.forEach(rig.engine::cancel);
      waiting.forEach(rig.engine::cancel);
      assertThat(waiting).noneMatch(Recorded::ended);
      rig.until(() -> waiting.stream().allMatch(Recorded::ended), "the end of all");
      assertCancelled(waiting);
      assertThat(rig.engine.operationsInFlight()).isZero();
    }
  }

  @Test
  void every_kind_can_be_cancelled_before_it_has_begun() {
    try (EngineRig rig = rig()) {
      List<Recorded> waiting = waiting(rig);
      waiting.forEach(rig::submit);
      rig.engine.cancelAll();
      rig.until(() -> waiting.stream().allMatch(Recorded::ended), "the end of all");
      assertCancelled(waiting);
    }
  }

  @Test
  void cancelling_what_has_ended_does_nothing_to_it_or_to_its_successor() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      Recorded first = rig.submit(awaitReady(pair[0], Operation.WRITABLE));
      assertThat(rig.await(first)).isPositive();
      Recorded successor = rig.submit(receive(rig, pair[0]));
      rig.engine.cancel(first);
      rig.settle();
      assertThat(first.cancelRequested()).isFalse();
      assertThat(successor.ended()).isFalse();
      rig.send(pair[1], (byte) 1);
      assertThat(rig.await(successor)).isEqualTo(1);
    }
  }

  @Test
  void whatever_a_cancelled_receive_says_no_byte_is_lost() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      byte[] sent = EngineRig.random(200);
      byte[] received = new byte[sent.length];
      int count = 0;
      for (byte each : sent) {
        rig.send(pair[1], each);
        Recorded receive = new Recorded();
        MemorySegment memory = rig.memory(new byte[1]);
        receive.receive(pair[0], memory.address(), 1);
        rig.submit(receive);
        rig.engine.cancel(receive);
        if (rig.await(receive) != Operation.CANCELED) {
          received[count++] = memory.get(ValueLayout.JAVA_BYTE, 0);
        }
      }
      byte[] rest = rig.receive(pair[0], sent.length - count);
      System.arraycopy(rest, 0, received, count, rest.length);
      assertThat(received).isEqualTo(sent);
    }
  }

  @Test
  void a_cancelled_send_tells_what_the_peer_gets() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      byte[] bytes = EngineRig.random(20_000_000);
      MemorySegment memory = rig.memory(bytes);
      int taken = 0;
      for (;;) {
        Recorded send = new Recorded();
        send.send(pair[0], memory.address() + taken, bytes.length - taken);
        rig.submit(send);
        rig.settle();
        rig.engine.cancel(send);
        int result = rig.await(send);
        if (result == Operation.CANCELED) {
          break;
        }
        taken += rig.check(result);
      }
      assertThat(taken).isBetween(1, bytes.length - 1);
      rig.check(rig.platform.shutdownSend(pair[0]));
      assertThat(rig.receive(pair[1], taken)).isEqualTo(Arrays.copyOf(bytes, taken));
      assertThat(rig.receiveOne(pair[1])).isZero();
    }
  }

  // ---- poll and wake ----

  @Test
  void poll_says_whether_anything_came() {
    try (EngineRig rig = rig()) {
      assertThat(rig.engine.poll(0)).isFalse();
      assertThat(rig.engine.poll(1_000)).isFalse();
      int[] pair = rig.pair();
      Recorded ready = rig.submit(awaitReady(pair[0], Operation.WRITABLE));
      boolean came = false;
      while (!ready.ended()) {
        came = rig.engine.poll(Engine.FOREVER);
      }
      assertThat(came).isTrue();
    }
  }

  @Test
  void a_wake_up_ends_the_wait_that_goes_on_or_the_next_one() throws Exception {
    try (EngineRig rig = rig()) {
      rig.engine.wake();
      assertThat(rig.engine.poll(Engine.FOREVER)).isTrue();
      for (int i = 0; i < 100; i++) {
        Thread other = Thread.ofPlatform().start(rig.engine::wake);
        assertThat(rig.engine.poll(Engine.FOREVER)).isTrue();
        other.join();
      }
      assertThat(rig.engine.operationsInFlight()).isZero();
    }
  }

  // ---- the kinds ----

  @Test
  void loans_bring_all_bytes_in_order_and_then_the_end() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      byte[] bytes = EngineRig.random(300_000);
      Recorded receive = rig.submit(receiveLoaned(pair[0]));
      rig.send(pair[1], bytes);
      rig.check(rig.platform.shutdownSend(pair[1]));
      assertThat(rig.await(receive)).isZero();
      assertThat(receive.bytes()).isEqualTo(bytes);
    }
  }

  @Test
  void what_is_lent_is_counted_until_it_is_given_back_once() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      Recorded receive = new Recorded(true);
      receive.receiveLoaned(pair[0]);
      rig.submit(receive);
      rig.send(pair[1], (byte) 1);
      rig.until(() -> receive.kept.size() == 1, "the byte");
      assertThat(rig.engine.buffersLent()).isEqualTo(1);
      LoanedBuffer buffer = receive.kept.element();
      buffer.release();
      assertThat(rig.engine.buffersLent()).isZero();
      assertThatIllegalStateException().isThrownBy(buffer::release);
      rig.engine.cancel(receive);
      assertThat(rig.await(receive)).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void a_gathering_send_takes_its_ranges_in_order() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      byte[] bytes = EngineRig.random(100);
      MemorySegment memory = rig.memory(bytes);
      int done = 0;
      while (done < 100) {
        // Two ranges with an empty one between them, from where the last send came to.
        int left = 100 - done;
        long start = memory.address() + done;
        int head = left / 3;
        Recorded send = new Recorded();
        send.sendGather(
            pair[0],
            new long[] {start, start, start + head},
            new int[] {head, 0, left - head},
            3);
        done += rig.check(rig.await(rig.submit(send)));
      }
      assertThat(rig.receive(pair[1], 100)).isEqualTo(bytes);
    }
  }

  @Test
  void accepting_goes_on_until_it_is_cancelled_and_leaves_the_rest() {
    try (EngineRig rig = rig()) {
      int listener = rig.listen("127.0.0.1", 16);
      Recorded accept = rig.submit(accept(listener));
      List<Recorded> connects = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        connects.add(rig.connect(rig.socket(false), "127.0.0.1", rig.port(listener)));
      }
      rig.until(() -> accept.results.size() == 10, "ten connections");
      assertThat(accept.results).doesNotHaveDuplicates().allMatch(each -> each >= 0);
      accept.results.forEach(rig::own);
      rig.until(() -> connects.stream().allMatch(Recorded::ended), "ten answers");
      assertThat(connects).allMatch(each -> each.result() == 0);
      rig.engine.cancel(accept);
      assertThat(rig.await(accept)).isEqualTo(Operation.CANCELED);

      Recorded late = rig.connect(rig.socket(false), "127.0.0.1", rig.port(listener));
      assertThat(rig.await(late)).isZero();
      rig.accept(listener);
    }
  }

  @Test
  void an_operation_waits_whatever_the_mode_of_the_descriptor() {
    for (boolean nonBlocking : new boolean[] {true, false}) {
      try (EngineRig rig = rig()) {
        int listener = rig.listen("127.0.0.1", 1);
        int client = rig.socket(false);
        NonBlockingCalls calls = rig.platform.calls();
        rig.check(calls.setNonBlocking(listener, nonBlocking));
        rig.check(calls.setNonBlocking(client, nonBlocking));
        Recorded accept = rig.submit(accept(listener));
        rig.settle();
        assertThat(rig.await(rig.connect(client, "127.0.0.1", rig.port(listener)))).isZero();
        rig.until(() -> accept.results.size() == 1, "the connection");
        int server = accept.results.getFirst();
        rig.own(server);
        rig.check(calls.setNonBlocking(server, nonBlocking));

        Recorded loans = rig.submit(receiveLoaned(server));
        Recorded once = rig.submit(receive(rig, client));
        rig.settle();
        assertThat(List.of(loans, once)).noneMatch(Recorded::ended);
        rig.send(client, (byte) 1, (byte) 2);
        rig.send(server, (byte) 3);
        assertThat(rig.await(once)).isEqualTo(1);
        rig.until(() -> loans.bytes().length == 2, "two bytes");

        rig.engine.cancel(loans);
        assertThat(rig.await(loans)).isEqualTo(Operation.CANCELED);
        fill(rig, client); // ends only because a send that finds no room waits, and is cancelled
        rig.engine.cancel(accept);
        assertThat(rig.await(accept)).isEqualTo(Operation.CANCELED);

        int refused = rig.socket(false);
        rig.check(calls.setNonBlocking(refused, nonBlocking));
        int port = rig.port(listener);
        rig.close(listener);
        int result = rig.await(rig.connect(refused, "127.0.0.1", port));
        assertThat(rig.nameOf(result)).isEqualTo("ECONNREFUSED");
      }
    }
  }

  @Test
  void readiness_is_for_reading_or_for_writing() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.narrowPair();
      Recorded writable = rig.submit(awaitReady(pair[0], Operation.WRITABLE));
      assertThat(rig.await(writable)).isPositive();
      Recorded readable = rig.submit(awaitReady(pair[0], Operation.READABLE));
      rig.settle();
      assertThat(readable.ended()).isFalse();
      rig.send(pair[1], (byte) 1);
      assertThat(rig.await(readable)).isPositive();
      assertThat(rig.receive(pair[0], 1)).containsExactly(1);

      Recorded room = awaitReady(pair[0], Operation.WRITABLE);
      for (int tries = 0; !room.inFlight(); tries++) {
        assertThat(tries).as("always ready").isLessThan(20);
        fill(rig, pair[0]); // the system may find some more room later
        room.again();
        room.awaitReady(pair[0], Operation.WRITABLE);
        rig.submit(room);
        rig.settle();
      }
      Recorded reader = rig.submit(receiveLoaned(pair[1]));
      assertThat(rig.await(room)).isPositive();
      rig.engine.cancel(reader);
      rig.await(reader);
    }
  }

  @Test
  void closing_is_an_operation_and_frees_the_number() {
    try (EngineRig rig = rig()) {
      int descriptor = rig.check(rig.platform.openStreamSocket(false));
      Recorded close = new Recorded();
      close.close(descriptor);
      assertThat(rig.await(rig.submit(close))).isZero();
      close.again();
      close.close(descriptor);
      assertThat(rig.nameOf(rig.await(rig.submit(close)))).isEqualTo("EBADF");
    }
  }

  @Test
  void a_number_that_is_no_descriptor_is_an_error_of_every_kind() {
    try (EngineRig rig = rig()) {
      MemorySegment memory = rig.memory(new byte[128]);
      int bad = 1_000_000;
      Recorded connect = rig.connect(bad, "127.0.0.1", 1);
      Recorded send = new Recorded();
      send.send(bad, memory.address(), 1);
      List<Recorded> all =
          List.of(
              connect,
              rig.submit(send),
              rig.submit(receive(rig, bad)),
              rig.submit(receiveLoaned(bad)),
              rig.submit(accept(bad)),
              rig.submit(awaitReady(bad, Operation.READABLE)));
      for (Recorded each : all) {
        assertThat(rig.nameOf(rig.await(each))).as("%s", each).isEqualTo("EBADF");
      }
    }
  }

  @Test
  void a_file_is_sent_from_where_it_is_asked_to_its_end() throws Exception {
    byte[] bytes = EngineRig.random(300_000);
    Path file = Files.createTempFile("triad", ".bin"); // opens descriptors of the JDK's for good
    try (FileChannel channel = FileChannel.open(Files.write(file, bytes));
        EngineRig rig = rig()) {
      assumeTrue(rig.engine.sendsFiles(), "this engine sends no files");
      int descriptor = JdkDescriptors.ofFile(channel);
      int[] pair = rig.pair();
      Recorded received = rig.submit(receiveLoaned(pair[1]));
      int done = 1000;
      for (int sent = 1; sent > 0; done += sent) {
        Recorded send = new Recorded();
        send.sendFile(pair[0], descriptor, done, LARGE_BYTES);
        sent = rig.check(rig.await(rig.submit(send)));
      }
      assertThat(done).isEqualTo(bytes.length);
      rig.check(rig.platform.shutdownSend(pair[0]));
      assertThat(rig.await(received)).isZero();
      assertThat(received.bytes()).isEqualTo(Arrays.copyOfRange(bytes, 1000, bytes.length));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void a_file_whose_sending_is_cancelled_was_sent_as_far_as_is_said() throws Exception {
    byte[] bytes = EngineRig.random(20_000_000);
    Path file = Files.createTempFile("triad", ".bin"); // opens descriptors of the JDK's for good
    try (FileChannel channel = FileChannel.open(Files.write(file, bytes));
        EngineRig rig = rig()) {
      assumeTrue(rig.engine.sendsFiles(), "this engine sends no files");
      int descriptor = JdkDescriptors.ofFile(channel);
      int[] pair = rig.pair();
      int done = 0;
      for (;;) {
        Recorded send = new Recorded();
        send.sendFile(pair[0], descriptor, done, bytes.length - done);
        rig.submit(send);
        Recorded arrival = new Recorded(); // not before something has happened
        arrival.awaitReady(pair[1], Operation.READABLE);
        rig.check(rig.await(rig.submit(arrival)));
        rig.settle();
        rig.engine.cancel(send);
        int sent = rig.await(send);
        if (sent == Operation.CANCELED) {
          break;
        }
        done += rig.check(sent);
      }
      assertThat(done).isBetween(1, bytes.length - 1);
      rig.check(rig.platform.shutdownSend(pair[0]));
      assertThat(rig.receive(pair[1], done)).isEqualTo(Arrays.copyOf(bytes, done));
      assertThat(rig.receiveOne(pair[1])).isZero();
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void a_send_without_a_copy_ends_once_and_brings_all_it_says() {
    try (EngineRig rig = rig()) {
      assumeTrue(rig.engine.sendsZeroCopy(), "this engine always copies");
      int[] pair = rig.pair();
      byte[] bytes = EngineRig.random(300_000);
      MemorySegment memory = rig.memory(bytes);
      Recorded received = rig.submit(receiveLoaned(pair[1]));
      for (int done = 0; done < bytes.length;) {
        Recorded send = new Recorded();
        send.sendZeroCopy(pair[0], memory.address() + done, bytes.length - done);
        done += rig.check(rig.await(rig.submit(send)));
        assertThat(send.results).hasSize(1);
      }
      memory.fill((byte) 0); // the kernel looks at it no more
      rig.check(rig.platform.shutdownSend(pair[0]));
      assertThat(rig.await(received)).isZero();
      assertThat(received.bytes()).isEqualTo(bytes);

      int full = rig.narrowPair()[0];
      fill(rig, full);
      Recorded stuck = new Recorded();
      stuck.sendZeroCopy(full, memory.address(), bytes.length);
      rig.submit(stuck);
      rig.settle();
      rig.engine.cancel(stuck);
      int taken = rig.await(stuck);
      assertThat(taken == Operation.CANCELED || taken > 0 && taken < bytes.length)
          .as("taken: %d", taken)
          .isTrue();
    }
  }

  @Test
  void it_describes_itself_and_every_kind_was_tested() {
    try (EngineRig rig = rig()) {
      assertThat(rig.engine.describe()).isNotEmpty().noneMatch(String::isBlank);
      assertThat(rig.platform.describe()).noneMatch(String::isBlank);
    }
    assertThat(Kind.values()).as("a new kind needs new tests").hasSize(10);
  }
}
