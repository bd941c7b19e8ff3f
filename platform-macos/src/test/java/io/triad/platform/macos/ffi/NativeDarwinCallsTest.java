package io.triad.platform.macos.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The two call shapes, and each way to answer, with functions that the C library of Linux has as well
 * and that mean the same there.
 */
@Timeout(30)
@DisabledOnOs(OS.WINDOWS)
class NativeDarwinCallsTest {
  private static final int EBADF = 9; // on both systems, as are the numbers below
  private static final int F_GETFD = 1;
  private static final int F_SETFD = 2;
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int RLIMIT_CPU = 0;

  private final Arena arena = Arena.ofShared();
  private final DarwinCalls calls = new NativeDarwinCalls(arena);

  @AfterEach
  void free() {
    arena.close();
  }

  private long call(DarwinFunction function, long a, long b, long c, long d) {
    return calls.call(function, a, b, c, d, 0, 0, 0);
  }

  @Test
  void a_failure_is_the_error_number_of_the_very_call() {
    assertThat(call(DarwinFunction.CLOSE, -1, 0, 0, 0)).isEqualTo(-EBADF);
    assertThat(call(DarwinFunction.RECV, -1, 0, 0, 0)).isEqualTo(-EBADF);
    assertThat(call(DarwinFunction.FCNTL, -1, F_GETFD, 0, 0)).isEqualTo(-EBADF);
    try (Arena other = Arena.ofConfined()) {
      DarwinCalls another = calls.in(other);
      assertThat(another.call(DarwinFunction.CLOSE, -1, 0, 0, 0, 0, 0, 0)).isEqualTo(-EBADF);
    }
  }

  @Test
  void what_stands_for_the_dots_arrives() {
    int descriptor = (int) call(DarwinFunction.SOCKET, AF_UNIX, SOCK_STREAM, 0, 0);
    try {
      assertThat(call(DarwinFunction.FCNTL, descriptor, F_SETFD, 1, 0)).isZero();
      assertThat(call(DarwinFunction.FCNTL, descriptor, F_GETFD, 0, 0)).isOne();
      assertThat(call(DarwinFunction.FCNTL, descriptor, F_SETFD, 0, 0)).isZero();
      assertThat(call(DarwinFunction.FCNTL, descriptor, F_GETFD, 0, 0)).isZero();
    } finally {
      assertThat(call(DarwinFunction.CLOSE, descriptor, 0, 0, 0)).isZero();
    }
  }

  @Test
  void four_and_seven_parameters_arrive() {
    MemorySegment pair = arena.allocate(8, 4);
    assertThat(call(DarwinFunction.SOCKETPAIR, AF_UNIX, SOCK_STREAM, 0, pair.address())).isZero();
    int left = pair.get(JAVA_INT, 0);
    int right = pair.get(JAVA_INT, 4);
    try {
      MemorySegment sent = arena.allocateFrom("hello", US_ASCII);
      MemorySegment received = arena.allocate(16);
      assertThat(call(DarwinFunction.SEND, left, sent.address(), 5, 0)).isEqualTo(5);
      assertThat(call(DarwinFunction.RECV, right, received.address(), 16, 0)).isEqualTo(5);
      assertThat(received.getString(0, US_ASCII)).isEqualTo("hello");
    } finally {
      call(DarwinFunction.CLOSE, left, 0, 0, 0);
      call(DarwinFunction.CLOSE, right, 0, 0, 0);
    }
    MemorySegment host = arena.allocate(256);
    MemorySegment nothing = arena.allocate(16, 8);
    long code =
        calls.call(
            DarwinFunction.GETNAMEINFO, nothing.address(), 16, host.address(), 256, 0, 0, -1);
    assertThat(code).as("flags that there are not, the seventh").isNotZero();
    assertThat(code >> 32).as("errno is for EAI_SYSTEM only").isBetween(-1L, 0L);
  }

  @Test
  void addresses_and_nothing_are_answered_as_they_are() {
    MemorySegment tcp = arena.allocateFrom("tcp", US_ASCII);
    long entry = call(DarwinFunction.GETPROTOBYNAME, tcp.address(), 0, 0, 0);
    MemorySegment found = MemorySegment.ofAddress(entry).reinterpret(protoent.sizeof());
    assertThat(protoent.p_proto(found)).isEqualTo(6);
    MemorySegment none = arena.allocateFrom("no such protocol", US_ASCII);
    assertThat(call(DarwinFunction.GETPROTOBYNAME, none.address(), 0, 0, 0)).isZero();
    long list = call(DarwinFunction.IF_NAMEINDEX, 0, 0, 0, 0);
    assertThat(list).isPositive();
    assertThat(call(DarwinFunction.IF_FREENAMEINDEX, list, 0, 0, 0)).isZero();
    MemorySegment limit = arena.allocate(16, 8);
    assertThat(call(DarwinFunction.GETRLIMIT, RLIMIT_CPU, limit.address(), 0, 0)).isZero();
    assertThat(limit.get(ValueLayout.JAVA_LONG, 0)).isNotZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_function_that_the_system_does_not_have_is_named() {
    assertThatExceptionOfType(UnsatisfiedLinkError.class)
        .isThrownBy(() -> call(DarwinFunction.KQUEUE, 0, 0, 0, 0))
        .withMessage("libSystem has no function kqueue");
  }
}
