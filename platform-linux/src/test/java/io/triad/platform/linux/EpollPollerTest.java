package io.triad.platform.linux;

import static io.triad.engine.Poller.ALWAYS_READY;
import static io.triad.engine.Poller.FOUND;
import static io.triad.engine.Poller.MADE;
import static io.triad.engine.Poller.READABLE;
import static io.triad.engine.Poller.UNEVEN;
import static io.triad.engine.Poller.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.triad.engine.Engine;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What epoll(7) says of descriptors, and when. */
@Timeout(60)
class EpollPollerTest {
  /** epoll_pwait2(2), the same number on every architecture. */
  private static final int EPOLL_PWAIT2 = 441;

  private final Arena arena = Arena.ofShared();
  private final List<Integer> open = new ArrayList<>();
  private Object before = new Object();
  private EpollPoller poller = new EpollPoller(new Libc(arena), arena);

  @BeforeEach
  void count() {
    poller.close();
    before = OpenDescriptors.list();
    poller = new EpollPoller(new Libc(arena), arena);
  }

  @AfterEach
  void nothing_is_left() {
    open.forEach(PosixCalls::close);
    poller.close();
    arena.close();
    assertThat(OpenDescriptors.list()).isEqualTo(before);
  }

  private int own(int descriptor) {
    open.add(LinuxErrors.require(descriptor, "a descriptor"));
    return descriptor;
  }

  private int[] pair() {
    int[] pair = PosixCalls.socketPair();
    own(pair[0]);
    own(pair[1]);
    return pair;
  }

  private int[] tcpPair() {
    try (LinuxPlatform platform = new LinuxPlatform(EngineChoice.EPOLL)) {
      int listener = platform.openStreamSocket(false);
      MemorySegment address = arena.allocate(128, 8);
      int length =
          platform.encode(new java.net.InetSocketAddress("127.0.0.1", 0), address);
      LinuxErrors.require(platform.bind(listener, address, length), "bind");
      LinuxErrors.require(platform.listen(listener, 1), "listen");
      length = platform.readAddress(listener, false, address);
      int client = own(platform.openStreamSocket(false));
      LinuxErrors.require(PosixCalls.connect(client, address, length), "connect");
      int server = own(PosixCalls.accept(listener));
      PosixCalls.close(listener);
      return new int[] {client, server};
    }
  }

  private void close(int descriptor) {
    open.remove((Integer) descriptor);
    LinuxErrors.require(PosixCalls.close(descriptor), "close");
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
    PosixCalls.sendAll(pair[1], new byte[] {1});
    assertReport(pair[0], 7, READABLE);
    assertNoReport();
    PosixCalls.sendAll(pair[1], new byte[] {2});
    assertReport(pair[0], 7, READABLE);
  }

  @Test
  void what_is_ready_already_is_reported_and_again_when_it_is_looked_at_again() {
    int[] pair = pair();
    PosixCalls.sendAll(pair[1], new byte[] {1});
    assertThat(poller.watch(pair[0], 1, READABLE, false)).isEqualTo(MADE);
    assertReport(pair[0], 1, READABLE);
    assertNoReport();
    assertThat(poller.watch(pair[0], 2, READABLE | WRITABLE, true)).isEqualTo(FOUND);
    assertReport(pair[0], 2, READABLE | WRITABLE);
    assertThat(poller.watch(pair[0], -3, WRITABLE, true)).isEqualTo(FOUND);
    assertReport(pair[0], -3, WRITABLE);
  }

  @Test
  void data_and_the_end_behind_it_come_as_one_report_that_says_so() {
    int[] pair = pair();
    poller.watch(pair[0], 1, READABLE, false);
    PosixCalls.sendAll(pair[1], new byte[] {1});
    close(pair[1]);
    assertThat(poller.await(Engine.FOREVER)).isEqualTo(1);
    assertThat(poller.readiness(0) & (READABLE | UNEVEN)).isEqualTo(READABLE | UNEVEN);
  }

  @Test
  void the_end_of_one_direction_is_reported_when_it_comes_later() {
    int[] pair = tcpPair();
    poller.watch(pair[0], 1, READABLE, false);
    PosixCalls.sendAll(pair[1], new byte[] {1});
    assertReport(pair[0], 1, READABLE);
    assertThat(PosixCalls.receive(pair[0], new byte[8])).isEqualTo(1);
    LinuxErrors.require(new Libc(arena).shutdown(pair[1], Linux.SHUT_WR()), "shutdown");
    assertReport(pair[0], 1, READABLE | UNEVEN);
  }

  @Test
  void urgent_data_makes_the_stream_uneven() {
    int[] pair = tcpPair();
    poller.watch(pair[0], 1, READABLE, false);
    MemorySegment one = arena.allocate(1);
    LinuxErrors.require(
        new Libc(arena).send(pair[1], one.address(), 1, Linux.MSG_OOB()), "send");
    int seen = 0;
    while ((seen & UNEVEN) == 0) {
      assertThat(poller.await(Engine.FOREVER)).isEqualTo(1);
      seen |= poller.readiness(0);
    }
  }

  @Test
  void a_hang_up_is_for_both_directions() {
    int[] pipe = PosixCalls.pipe();
    own(pipe[0]);
    own(pipe[1]);
    poller.watch(pipe[0], 1, READABLE, false);
    poller.watch(pipe[1], 2, WRITABLE, false);
    assertReport(pipe[1], 2, WRITABLE);
    close(pipe[1]);
    assertReport(pipe[0], 1, READABLE | WRITABLE | UNEVEN);
  }

  // ---- descriptors that are no longer what they were ----

  @Test
  void a_registration_that_is_gone_is_made_again() {
    int[] pair = pair();
    int number = pair[0];
    poller.watch(number, 1, READABLE, false);
    close(number);
    int[] other = pair();
    assertThat(other[0]).as("the lowest free number").isEqualTo(number);
    assertThat(poller.watch(number, 2, READABLE, true)).isEqualTo(MADE);
    PosixCalls.sendAll(other[1], new byte[1]);
    assertReport(number, 2, READABLE);
  }

  @Test
  void a_file_that_is_registered_by_surprise_is_found() {
    int[] pair = pair();
    poller.watch(pair[0], 1, READABLE, false);
    assertThat(poller.watch(pair[0], 2, READABLE, false)).isEqualTo(FOUND);
    PosixCalls.sendAll(pair[1], new byte[1]);
    assertReport(pair[0], 2, READABLE);
  }

  @Test
  void reports_of_a_file_kept_by_a_duplicate_carry_the_old_stamp() {
    int[] old = pair();
    int number = old[0];
    poller.watch(number, 1, READABLE, false);
    own(PosixCalls.duplicate(number));
    close(number);
    int[] young = pair();
    assertThat(young[0]).isEqualTo(number);
    assertThat(poller.watch(number, 2, READABLE, true)).isEqualTo(MADE);
    PosixCalls.sendAll(old[1], new byte[1]);
    assertReport(number, 1, READABLE);
    PosixCalls.sendAll(young[1], new byte[1]);
    assertReport(number, 2, READABLE);
  }

  @Test
  void files_never_wait_and_what_is_no_descriptor_is_an_error() {
    int file = own(PosixCalls.memoryFile());
    assertThat(poller.watch(file, 1, READABLE, false)).isEqualTo(ALWAYS_READY);
    assertThat(poller.watch(1_000_000, 1, READABLE, false)).isEqualTo(-Linux.EBADF());
    assertThat(poller.watch(1_000_000, 1, READABLE, true)).isEqualTo(-Linux.EBADF());
    assertThat(poller.watch(-1, 1, READABLE, false)).isEqualTo(-Linux.EBADF());
  }

  // ---- waking and time ----

  @Test
  void each_wake_up_ends_one_wait_at_least_and_none_is_lost() throws Exception {
    final int threads = 8;
    final int rounds = 200;
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
    assertThat(poller.await(0)).isZero();
    assertThat(poller.woken()).isFalse();
  }

  @Test
  void a_wait_is_never_shorter_than_it_should_be() {
    assertTimes(poller);
    assumeTrue(
        !poller.describe().contains("waiting: epoll_wait, to the millisecond"),
        "this kernel has no epoll_pwait2(2), or a filter refuses it");
    assertThat(poller.describe()).containsExactly("waiting: epoll_pwait2, to the nanosecond");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENOSYS", "EPERM"})
  void without_epoll_pwait2_time_is_rounded_up_to_milliseconds(String error) throws Throwable {
    int errno = error.equals("ENOSYS") ? Linux.ENOSYS() : Linux.EPERM();
    new SeccompFilter()
        .refuse(EPOLL_PWAIT2, errno)
        .around(
            () -> {
              EpollPoller old = new EpollPoller(new Libc(arena), arena);
              try {
                assertThat(old.describe())
                    .containsExactly("waiting: epoll_wait, to the millisecond");
                assertTimes(old);
              } finally {
                old.close();
              }
            });
  }

  private static void assertTimes(EpollPoller poller) {
    for (long nanos : new long[] {1, 999_999, 1_000_001, 20_000_000}) {
      long start = System.nanoTime();
      assertThat(poller.await(nanos)).isZero();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
    }
    poller.wake();
    assertThat(poller.await(Long.MAX_VALUE - 1)).as("beyond any clock").isEqualTo(1);
  }
}
