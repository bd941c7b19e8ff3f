package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.engine.SocketOption;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names of error numbers, and error numbers as results of calls. */
@Timeout(60)
class LinuxErrorsTest {
  /** Second names of numbers that have a first one. */
  private static final Set<String> ALIASES = Set.of("EWOULDBLOCK", "EDEADLOCK", "ENOTSUP");

  /** Every error constant of the headers, by reflection over what was generated from them. */
  private static Map<String, Integer> constants() throws ReflectiveOperationException {
    Map<String, Integer> found = new TreeMap<>();
    for (Method method : Linux.class.getMethods()) {
      if (method.getName().matches("E(?!POLL)[A-Z0-9]+")
          && method.getParameterCount() == 0
          && method.getReturnType() == int.class) {
        found.put(method.getName(), (Integer) method.invoke(null));
      }
    }
    return found;
  }

  @Test
  void every_error_of_the_headers_has_its_name() throws ReflectiveOperationException {
    Map<String, Integer> constants = constants();
    assertThat(constants).hasSizeGreaterThan(125).containsEntry("ECONNRESET", 104);
    constants.forEach(
        (name, number) -> {
          if (!ALIASES.contains(name)) {
            assertThat(LinuxErrors.name(number)).isEqualTo(name);
          }
        });
  }

  @Test
  void every_name_is_one_of_the_headers() throws ReflectiveOperationException {
    Map<String, Integer> constants = constants();
    IntStream.range(1, 200)
        .mapToObj(LinuxErrors::name)
        .filter(name -> !name.startsWith("errno "))
        .forEach(name -> assertThat(constants).containsKey(name));
  }

  @Test
  void a_number_that_is_none_stays_a_number() {
    for (int number : new int[] {0, -1, 41, 58, 134, 5000, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThat(LinuxErrors.name(number)).isEqualTo("errno " + number);
    }
  }

  @Test
  void an_impossible_error_names_call_and_cause() {
    assertThat(LinuxErrors.require(7, "call")).isEqualTo(7);
    assertThatIllegalStateException()
        .isThrownBy(() -> LinuxErrors.require(-Linux.EMFILE(), "eventfd"))
        .withMessageContainingAll("eventfd", "EMFILE", "Too many open files");
  }

  @Test
  void calls_answer_their_error_negated() {
    try (Arena arena = Arena.ofConfined();
        LinuxPlatform platform = new LinuxPlatform()) {
      Libc libc = new Libc(arena);
      MemorySegment memory = arena.allocate(128, 8);
      int none = -1;
      assertThat(libc.close(none)).isEqualTo(-Linux.EBADF());
      assertThat(libc.listen(none, 1)).isEqualTo(-Linux.EBADF());
      assertThat(libc.bind(none, memory, 16)).isEqualTo(-Linux.EBADF());
      assertThat(libc.shutdown(none, Linux.SHUT_WR())).isEqualTo(-Linux.EBADF());
      assertThat(libc.recv(none, memory.address(), 8, 0)).isEqualTo(-Linux.EBADF());
      assertThat(libc.socket(-1, Linux.SOCK_STREAM(), 0)).isEqualTo(-Linux.EAFNOSUPPORT());
      assertThat(libc.eventfd(0, -1)).isEqualTo(-Linux.EINVAL());
      assertThat(libc.getrlimit(-1, memory)).isEqualTo(-Linux.EINVAL());
      assertThat(libc.mmap(0, 3, 0, none, 0)).isEqualTo(-Linux.EBADF());
      assertThat(libc.ioUringEnter(none, 0, 0, 0, 0, 0)).isEqualTo(-Linux.EBADF());
      assertThat(platform.getOption(none, SocketOption.ERROR)).isEqualTo(-Linux.EBADF());
      assertThat(platform.setOption(none, SocketOption.REUSE_ADDRESS, 1))
          .isEqualTo(-Linux.EBADF());
      assertThat(platform.readAddress(none, true, memory)).isEqualTo(-Linux.EBADF());
      int socket = platform.openStreamSocket(true);
      try {
        assertThat(platform.readAddress(socket, true, memory)).isEqualTo(-Linux.ENOTCONN());
        assertThat(platform.shutdownSend(socket)).isEqualTo(-Linux.ENOTCONN());
      } finally {
        assertThat(platform.close(socket)).isZero();
      }
      assertThat(platform.errorName(Linux.ECONNREFUSED())).isEqualTo("ECONNREFUSED");
      assertThat(platform.errorMessage(Linux.ECONNREFUSED())).isEqualTo("Connection refused");
    }
  }
}
