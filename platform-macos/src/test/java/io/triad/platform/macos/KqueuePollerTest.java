package io.triad.platform.macos;

import static io.triad.engine.Poller.ALWAYS_READY;
import static io.triad.engine.Poller.FOUND;
import static io.triad.engine.Poller.MADE;
import static io.triad.engine.Poller.READABLE;
import static io.triad.engine.Poller.UNEVEN;
import static io.triad.engine.Poller.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.engine.Engine;
import io.triad.engine.EngineRig;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.Recorded;
import io.triad.loop.JdkDescriptors;
import io.triad.platform.macos.ffi.Darwin;
import io.triad.platform.macos.ffi.DarwinFunction;
import io.triad.platform.macos.ffi.Macos;
import io.triad.platform.macos.ffi.kevent;
import io.triad.testkit.LeakCheck;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What kqueue(2) says of descriptors, and when. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class KqueuePollerTest {
  /** Made before anything is counted: the JDK opens its source of random names for it, and keeps it. */
  @TempDir
  static Path directory;

  private final Arena arena = Arena.ofShared();
  private final ScriptedCalls script = new ScriptedCalls(arena);
  private final Darwin darwin = new Darwin(script);
  private final MacosCalls calls = new MacosCalls(darwin, new MacosOptions(darwin, arena), arena);
  private final List<Integer> open = new ArrayList<>();
  private KqueuePoller poller;

  @BeforeEach
  void open() {
    poller = new KqueuePoller(darwin, arena);
  }

  @AfterEach
  void close() {
    open.forEach(darwin::close);
    poller.close();
    arena.close();
  }

  private int own(int descriptor) {
    open.add(MacosErrors.require(darwin, descriptor, "a descriptor"));
    return descriptor;
  }

  private int[] pair() {
    int[] pair = new int[2];
    int result = calls.socketPair(Macos.AF_UNIX(), Macos.SOCK_STREAM(), 0, true, pair);
    MacosErrors.require(darwin, result, "socketpair");
    own(pair[0]);
    own(pair[1]);
    return pair;
  }

  private void close(int descriptor) {
    open.remove((Integer) descriptor);
    MacosErrors.require(darwin, darwin.close(descriptor), "close");
  }

  private void send(int descriptor) {
    assertThat(calls.send(descriptor, arena.allocate(1).address(), 1, 0)).isOne();
  }

  private int receive(int descriptor) {
    return calls.receive(descriptor, arena.allocate(8).address(), 8, 0);
  }

  /** The only report that there is. */
  private void assertReport(int descriptor, int stamp, int readiness) {
    assertThat(poller.await(Engine.FOREVER)).isEqualTo(1);
    assertThat(poller.descriptor(0)).isEqualTo(descriptor);
    assertThat(poller.stamp(0)).isEqualTo(stamp);
    assertThat(poller.readiness(0)).isEqualTo(readiness);
    assertThat(poller.woken()).isFalse();
  }

  private void assertNoReport() {
    assertThat(poller.await(0)).isZero();
  }

  // ---- what is reported ----

  @Test
  void what_becomes_ready_is_reported_once_with_the_stamp_that_it_was_given() {
    int[] pair = pair();
    assertThat(poller.watch(pair[0], 7, READABLE, false)).isEqualTo(MADE);
    assertNoReport();
    send(pair[1]);
    assertReport(pair[0], 7, READABLE);
    assertNoReport();
    send(pair[1]);
    assertReport(pair[0], 7, READABLE);
  }

  @Test
  void what_is_ready_already_is_reported_and_again_when_it_is_looked_at_again() {
    int[] pair = pair();
    send(pair[1]);
    assertThat(poller.watch(pair[0], 1, READABLE, false)).isEqualTo(MADE);
    assertReport(pair[0], 1, READABLE);
    assertNoReport();
    assertThat(poller.watch(pair[0], 2, READABLE | WRITABLE, true)).isEqualTo(FOUND);
    assertThat(poller.await(Engine.FOREVER)).as("one for each direction").isEqualTo(2);
    assertThat(poller.readiness(0) | poller.readiness(1)).isEqualTo(READABLE | WRITABLE);
    assertThat(poller.stamp(0)).isEqualTo(2);
    assertThat(poller.stamp(1)).isEqualTo(2);
    assertThat(poller.watch(pair[0], -3, WRITABLE, true)).isEqualTo(FOUND);
    assertReport(pair[0], -3, WRITABLE);
    send(pair[1]);
    assertNoReport();
    assertThat(poller.watch(pair[0], 4, READABLE, true)).as("the other one").isEqualTo(FOUND);
    assertReport(pair[0], 4, READABLE);
  }

  @Test
  void data_and_the_end_behind_it_say_that_there_is_more_than_data() {
    int[] pair = pair();
    poller.watch(pair[0], 1, READABLE, false);
    send(pair[1]);
    close(pair[1]);
    int seen = 0;
    while ((seen & UNEVEN) == 0) {
      assertThat(poller.await(Engine.FOREVER)).isEqualTo(1);
      seen |= poller.readiness(0);
    }
    assertThat(seen).isEqualTo(READABLE | UNEVEN);
  }

  @Test
  void the_end_of_one_direction_is_reported_when_it_comes_later() {
    int[] pair = pair();
    poller.watch(pair[0], 1, READABLE, false);
    send(pair[1]);
    assertReport(pair[0], 1, READABLE);
    assertThat(receive(pair[0])).isOne();
    assertThat(darwin.shutdown(pair[1], Macos.SHUT_WR())).isZero();
    assertReport(pair[0], 1, READABLE | UNEVEN);
  }

  @Test
  void that_nobody_receives_any_more_is_for_both_directions() {
    int[] pair = pair();
    poller.watch(pair[0], 1, WRITABLE, false);
    assertReport(pair[0], 1, WRITABLE);
    close(pair[1]);
    assertReport(pair[0], 1, READABLE | WRITABLE | UNEVEN);
  }

  // ---- descriptors that are no longer what they were ----

  @Test
  void a_registration_goes_with_its_number_even_if_the_file_has_another() {
    int[] old = pair();
    int number = old[0];
    poller.watch(number, 1, READABLE, false);
    int twin = own(calls.duplicate(number));
    close(number);
    int[] young = pair();
    assertThat(young[0]).as("the lowest free number").isEqualTo(number);
    assertThat(poller.watch(number, 2, READABLE, true)).isEqualTo(MADE);
    send(old[1]);
    assertNoReport();
    assertThat(receive(twin)).isOne();
    send(young[1]);
    assertReport(number, 2, READABLE);
  }

  @Test
  void files_never_wait_and_what_is_no_descriptor_is_an_error() throws Exception {
    Path path = Files.write(directory.resolve("f"), new byte[1]);
    try (FileChannel channel = FileChannel.open(path)) {
      assertThat(poller.watch(JdkDescriptors.ofFile(channel), 1, READABLE, false))
          .isEqualTo(ALWAYS_READY);
    }
    assertThat(poller.watch(1_000_000, 1, READABLE, false)).isEqualTo(-Macos.EBADF());
    assertThat(poller.watch(1_000_000, 1, READABLE, true)).isEqualTo(-Macos.EBADF());
    assertThat(poller.watch(-1, 1, WRITABLE, false)).isEqualTo(-Macos.EBADF());
  }

  @Test
  void what_can_only_fail_is_ready() {
    script.next(DarwinFunction.KEVENT, KqueuePollerTest::brokenPipe);
    assertThat(poller.watch(5, 1, WRITABLE, false)).isEqualTo(ALWAYS_READY);
  }

  /** What kevent(2) answers to who wants to write to a pipe without readers. */
  private static long brokenPipe(
      long queue, long changes, long count, long receipts, long capacity, long timeout) {
    MemorySegment all = MemorySegment.ofAddress(receipts).reinterpret(count * kevent.sizeof());
    all.copyFrom(MemorySegment.ofAddress(changes).reinterpret(count * kevent.sizeof()));
    kevent.data(kevent.asSlice(all, count - 1), Macos.EPIPE()); // the last one adds EVFILT_WRITE
    return count;
  }

  @Test
  void a_send_that_cannot_wait_any_more_is_tried_again() {
    try (EngineRig rig = new EngineRig(new MacosPlatform(_ -> script) {})) {
      int[] pair = rig.narrowPair();
      byte[] much = EngineRig.random(1_000_000);
      Recorded send = new Recorded();
      send.send(pair[0], rig.memory(much).address(), much.length);
      script.next(DarwinFunction.KEVENT, KqueuePollerTest::brokenPipe);
      rig.submit(send);
      rig.settle();
      assertThat(send.ended()).isFalse();
      assertThat(rig.receive(pair[1], much.length)).isEqualTo(much);
      assertThat(rig.await(send)).isEqualTo(much.length);
    }
  }

  // ---- interruptions and refusals ----

  @Test
  void a_signal_ends_a_wait_and_no_change() {
    script.fail(DarwinFunction.KEVENT, Macos.EINTR());
    assertThat(poller.await(Engine.FOREVER)).isZero();
    int[] pair = pair();
    script.fail(DarwinFunction.KEVENT, Macos.EINTR());
    assertThat(poller.watch(pair[0], 1, READABLE, false)).isEqualTo(MADE);
    send(pair[1]);
    assertReport(pair[0], 1, READABLE);
  }

  @Test
  void a_system_without_descriptors_left_is_named() {
    script.fail(DarwinFunction.KQUEUE, Macos.EMFILE());
    assertThatExceptionOfType(EngineUnavailableException.class)
        .isThrownBy(() -> new KqueuePoller(darwin, arena))
        .withMessageStartingWith("kqueue failed: EMFILE (");
    script.fail(DarwinFunction.KEVENT, Macos.ENOMEM());
    assertThatExceptionOfType(EngineUnavailableException.class)
        .isThrownBy(() -> new KqueuePoller(darwin, arena))
        .withMessageStartingWith("kevent failed: ENOMEM (");
  }

  // ---- waking and time ----

  @Test
  void each_wake_up_ends_one_wait_at_least_and_none_is_lost() throws Exception {
    final int threads = 4;
    final int rounds = 100;
    AtomicInteger round = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      Thread.ofPlatform()
          .start(
              () -> {
                for (int done = 0; done < rounds; done++) {
                  round.incrementAndGet();
                  poller.wake();
                }
                ended.countDown();
              });
    }
    int seen = 0;
    while (seen < threads * rounds) {
      poller.await(Engine.FOREVER); // a wake-up that is lost leaves us here
      if (poller.woken()) {
        seen = round.get();
      }
    }
    ended.await();
    assertThat(poller.await(0)).isLessThanOrEqualTo(1); // the last ones, if they came in between
    poller.wake();
    assertThat(poller.await(Engine.FOREVER)).isEqualTo(1);
    assertThat(poller.woken()).isTrue();
    assertNoReport();
    assertThat(poller.woken()).isFalse();
  }

  @Test
  void a_wait_is_never_shorter_than_it_should_be() {
    for (long nanos : new long[] {1, 999_999, 1_000_001, 20_000_000}) {
      long start = System.nanoTime();
      assertThat(poller.await(nanos)).isZero();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
    }
  }
}
