package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.platform.macos.ffi.DarwinFunction;
import io.triad.testkit.LeakCheck;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Where Darwin's calls differ from those of Linux, the emulated ones do too. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class EmulatedDarwinTest {
  private static final int SOL_SOCKET = 0xffff;
  private static final int SO_SNDBUF = 0x1001;
  private static final int SO_NOSIGPIPE = 0x1022;
  private static final int SO_DOMAIN_OF_LINUX = 39;
  private static final int MSG_DONTWAIT = 0x80;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 4;
  private static final int SHUT_RDWR = 2;

  @TempDir
  private static Path folder;

  private KqueueRig rig;

  @BeforeEach
  void open() {
    rig = new KqueueRig();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private long option(int descriptor, int level, int name) {
    MemorySegment value = rig.arena.allocate(JAVA_INT);
    MemorySegment length = rig.arena.allocateFrom(JAVA_INT, 4);
    long result =
        rig.call(
            DarwinFunction.GETSOCKOPT,
            descriptor,
            level,
            name,
            value.address(),
            length.address());
    return result < 0 ? result : value.get(JAVA_INT, 0);
  }

  @Test
  void a_type_has_no_flags_and_unix_no_sequenced_packets() {
    final int flagged = 1 | 0x800; // SOCK_STREAM | SOCK_NONBLOCK, on Linux
    assertThat(rig.call(DarwinFunction.SOCKET, 2, flagged, 0)).isEqualTo(-Errors.EPROTONOSUPPORT);
    assertThat(rig.call(DarwinFunction.SOCKET, 1, 5, 0)).isEqualTo(-Errors.EPROTONOSUPPORT);
    assertThat(rig.call(DarwinFunction.SOCKET, 10, 1, 0)).isEqualTo(-Errors.EAFNOSUPPORT);
    rig.own(rig.call(DarwinFunction.SOCKET, 30, 1, 0)); // AF_INET6
  }

  @Test
  void a_connection_has_the_mode_of_its_listener() {
    int listener = rig.listener();
    for (int mode : new int[] {O_NONBLOCK, 0}) {
      int client = rig.socket(1);
      rig.connect(client, rig.port(listener));
      rig.call(DarwinFunction.FCNTL, listener, F_SETFL, mode);
      int server = rig.accept(listener);
      assertThat(rig.call(DarwinFunction.FCNTL, server, F_GETFL) & O_NONBLOCK).isEqualTo(mode);
    }
  }

  @Test
  void options_have_numbers_of_their_own_and_flags_are_answered_by_their_bits() {
    int socket = rig.socket(1);
    rig.setOption(socket, SOL_SOCKET, 0x8, 1);
    assertThat(option(socket, SOL_SOCKET, 0x8)).as("SO_KEEPALIVE").isEqualTo(0x8);
    rig.setOption(socket, 6, 1, 1);
    assertThat(option(socket, 6, 1)).as("TCP_NODELAY").isEqualTo(4);
    rig.setOption(socket, SOL_SOCKET, SO_SNDBUF, 20_000);
    assertThat(option(socket, SOL_SOCKET, SO_SNDBUF)).as("not doubled").isEqualTo(20_000);
    assertThat(option(socket, SOL_SOCKET, SO_DOMAIN_OF_LINUX)).isEqualTo(-Errors.ENOPROTOOPT);
    assertThat(option(-1, SOL_SOCKET, 0x8)).isEqualTo(-Errors.EBADF);
  }

  @Test
  void a_send_to_a_peer_that_is_gone_must_not_raise_a_signal() {
    int[] pair = rig.pair();
    rig.setOption(pair[0], SOL_SOCKET, SO_NOSIGPIPE, 0);
    rig.close(pair[1]);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> rig.send(pair[0], 1))
        .withMessageContaining("SO_NOSIGPIPE");
  }

  @Test
  void whether_a_send_waits_is_a_matter_of_the_mode_alone() throws Exception {
    int[] pair = rig.pair();
    while (rig.send(pair[0], 4096) > 0) {
      // Fills it.
    }
    rig.call(DarwinFunction.FCNTL, pair[0], F_SETFL, 0);
    long data = rig.arena.allocate(1).address();
    long[] sent = {0};
    Thread sender =
        Thread.ofPlatform()
            .start(() -> sent[0] = rig.darwin.call(
                DarwinFunction.SEND, pair[0], data, 1, MSG_DONTWAIT, 0, 0, 0));
    // Linux would have answered at once. Only when there is room, this one does.
    while (rig.receive(pair[1], 65_536) != -Errors.EAGAIN || sender.isAlive()) {
      Thread.onSpinWait();
    }
    sender.join();
    assertThat(sent[0]).isEqualTo(1);
  }

  @Test
  void a_datagram_is_as_long_as_the_buffer_and_a_full_receiver_has_no_buffer() {
    MemorySegment both = rig.arena.allocate(JAVA_INT, 2);
    assertThat(rig.call(DarwinFunction.SOCKETPAIR, 1, 2, 0, both.address())).isZero();
    int sender = rig.own(both.get(JAVA_INT, 0));
    rig.own(both.get(JAVA_INT, 4));
    rig.call(DarwinFunction.FCNTL, sender, F_SETFL, O_NONBLOCK);
    assertThat(rig.send(sender, 2049)).isEqualTo(-Errors.EMSGSIZE);
    rig.setOption(sender, SOL_SOCKET, SO_SNDBUF, 4000);
    assertThat(rig.send(sender, 2049)).isEqualTo(2049);
    int result;
    do {
      result = rig.send(sender, 1);
    } while (result == 1);
    assertThat(result).isEqualTo(-Errors.ENOBUFS);
  }

  @Test
  void a_direction_is_shut_once() {
    int[] pair = rig.pair();
    assertThat(rig.call(DarwinFunction.SHUTDOWN, pair[0], 1)).isZero();
    assertThat(rig.call(DarwinFunction.SHUTDOWN, pair[0], 1)).isEqualTo(-Errors.ENOTCONN);
    assertThat(rig.call(DarwinFunction.SHUTDOWN, pair[1], SHUT_RDWR)).isEqualTo(-Errors.ENOTCONN);
    assertThat(rig.send(pair[1], 1)).as("the other direction was not touched").isEqualTo(1);
    assertThat(rig.call(DarwinFunction.SHUTDOWN, rig.listener(), 0)).isEqualTo(-Errors.ENOTCONN);
  }

  @Test
  void the_name_of_a_unix_socket_without_one_has_sixteen_bytes() {
    int[] pair = rig.pair();
    MemorySegment address = rig.arena.allocate(128, 8).fill((byte) -1);
    MemorySegment length = rig.arena.allocateFrom(JAVA_INT, 128);
    long result =
        rig.call(DarwinFunction.GETPEERNAME, pair[0], address.address(), length.address());
    assertThat(result).isZero();
    assertThat(length.get(JAVA_INT, 0)).isEqualTo(16);
    assertThat(address.get(JAVA_BYTE, 0)).isEqualTo((byte) 16);
    assertThat(address.get(JAVA_BYTE, 1)).isEqualTo((byte) 1);
    assertThat(address.get(JAVA_BYTE, 2)).isZero();
  }

  @Test
  void a_file_is_sent_by_the_length_that_is_written() throws Exception {
    Path path = Files.write(folder.resolve("file"), new byte[] {1, 2, 3, 4, 5});
    try (FileInputStream file = new FileInputStream(path.toFile())) {
      int number = numberOf(path);
      int[] pair = rig.pair();
      MemorySegment length = rig.arena.allocateFrom(JAVA_LONG, 2L);
      assertThat(
          rig.call(DarwinFunction.SENDFILE, number, pair[0], 1, length.address()))
          .isZero();
      assertThat(length.get(JAVA_LONG, 0)).isEqualTo(2);
      assertThat(rig.receive(pair[1], 10)).isEqualTo(2);
      length.set(JAVA_LONG, 0, 0);
      assertThat(
          rig.call(DarwinFunction.SENDFILE, number, pair[0], 1, length.address()))
          .isZero();
      assertThat(length.get(JAVA_LONG, 0)).as("0 is all there is").isEqualTo(4);
      assertThat(file.available()).as("the position stays").isEqualTo(5);
      assertThat(rig.call(DarwinFunction.SENDFILE, pair[1], pair[0], 0, length.address()))
          .isEqualTo(-Errors.ENOTSUP);
    }
  }

  /** The descriptor that this process has of a file. */
  private static int numberOf(Path path) throws IOException {
    for (File entry : new File("/proc/self/fd").listFiles()) {
      if (entry.getCanonicalPath().equals(path.toRealPath().toString())) {
        return Integer.parseInt(entry.getName());
      }
    }
    throw new AssertionError("not open: " + path);
  }

  @Test
  void lists_of_addresses_have_the_layout_and_are_freed() {
    MemorySegment host = rig.arena.allocateFrom("127.0.0.1");
    MemorySegment list = rig.arena.allocate(JAVA_LONG);
    int before = Names.unfreed();
    assertThat(
        rig.call(DarwinFunction.GETADDRINFO, host.address(), 0, 0, list.address()))
        .isZero();
    long first = list.get(JAVA_LONG, 0);
    MemorySegment entry = Host.at(first, 48);
    assertThat(entry.get(JAVA_INT, 4)).as("ai_family").isEqualTo(2);
    assertThat(entry.get(JAVA_INT, 16)).as("ai_addrlen").isEqualTo(16);
    MemorySegment address = Host.at(entry.get(JAVA_LONG, 32), 16);
    assertThat(address.asSlice(0, 8).toArray(JAVA_BYTE))
        .containsExactly(16, 2, 0, 0, 127, 0, 0, 1);
    rig.call(DarwinFunction.FREEADDRINFO, first);
    assertThat(Names.unfreed()).isEqualTo(before);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> rig.call(DarwinFunction.FREEADDRINFO, first));
  }
}
