package io.triad.platform.macos;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.engine.Engine;
import io.triad.engine.KernelEvents;
import io.triad.engine.Platform;
import io.triad.platform.macos.emulated.EmulatedMacosPlatform;
import io.triad.platform.macos.ffi.Macos;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Numbers, names and addresses of macOS. */
@Timeout(30)
class MacosPlatformTest {
  private final Arena arena = Arena.ofShared();
  private final Platform platform = new EmulatedMacosPlatform();
  private final MemorySegment memory = arena.allocate(Platform.ADDRESS_BYTES, 8);

  @AfterEach
  void close() {
    platform.close();
    arena.close();
  }

  private byte[] begin(int bytes) {
    return memory.asSlice(0, bytes).toArray(JAVA_BYTE);
  }

  // ---- addresses ----

  @Test
  void an_address_begins_with_its_length_and_its_family() throws Exception {
    InetSocketAddress four = new InetSocketAddress("1.2.3.4", 0x1234);
    assertThat(platform.encode(four, memory)).isEqualTo(16);
    assertThat(begin(8)).containsExactly(16, 2, 0x12, 0x34, 1, 2, 3, 4);
    assertThat(platform.family(memory)).isEqualTo(Macos.AF_INET());
    assertThat(platform.decode(memory, 16)).isEqualTo(four);
    InetSocketAddress six = new InetSocketAddress(InetAddress.getByName("fe80::1%5"), 80);
    assertThat(platform.encode(six, memory)).isEqualTo(28);
    assertThat(begin(4)).containsExactly(28, 30, 0, 80);
    assertThat(platform.family(memory)).isEqualTo(Macos.AF_INET6());
    assertThat(platform.decode(memory, 28)).isEqualTo(six);
    assertThatIllegalStateException()
        .isThrownBy(() -> platform.decode(memory, 16))
        .withMessage("not an internet address: family 30, 16 bytes");
  }

  @Test
  void a_mapped_address_is_one_of_ipv4_but_not_to_a_resolver() throws UnknownHostException {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 1, 2, 3, 4};
    memory.set(JAVA_BYTE, 0, (byte) 28);
    memory.set(JAVA_BYTE, 1, (byte) Macos.AF_INET6());
    MemorySegment.copy(mapped, 0, memory, JAVA_BYTE, 8, 16);
    assertThat(platform.decode(memory, 28).getAddress())
        .isEqualTo(InetAddress.getByName("1.2.3.4"));
    assertThat(MacosAddresses.decodeResolved(memory).getAddress().getAddress()).isEqualTo(mapped);
  }

  @Test
  void a_name_of_a_unix_socket_is_a_path_or_nothing() {
    assertThat(platform.encodeUnix("/a".getBytes(US_ASCII), memory)).isEqualTo(5);
    assertThat(begin(5)).containsExactly(5, 1, '/', 'a', 0);
    assertThat(platform.decodeUnix(memory, 5)).containsExactly('/', 'a');
    assertThat(platform.decodeUnix(memory, 106)).containsExactly('/', 'a');
    assertThat(platform.encodeUnix(new byte[0], memory)).isEqualTo(2);
    assertThat(platform.decodeUnix(memory, 16)).isEmpty();
    assertThat(platform.decodeUnix(memory, 0)).isEmpty();
    assertThat(platform.encodeUnix("x".repeat(103).getBytes(US_ASCII), memory)).isEqualTo(106);
    assertThat(platform.encodeUnix("x".repeat(104).getBytes(US_ASCII), memory))
        .isEqualTo(-Macos.ENAMETOOLONG());
    int isAbstract = platform.encodeUnix(new byte[] {0, 'a'}, memory);
    assertThat(platform.errorName(-isAbstract)).isEqualTo("ENOTSUP");
  }

  // ---- numbers ----

  @Test
  void errors_have_the_names_of_their_numbers() {
    assertThat(platform.errorName(1)).isEqualTo("EPERM");
    assertThat(platform.errorName(35)).isEqualTo("EAGAIN");
    assertThat(platform.errorName(54)).isEqualTo("ECONNRESET");
    assertThat(platform.errorName(102)).isEqualTo("EOPNOTSUPP");
    assertThat(platform.errorName(107)).isEqualTo("ENOTCAPABLE");
    assertThat(platform.errorName(108)).isEqualTo("errno 108");
    assertThat(platform.errorName(-1)).isEqualTo("errno -1");
    assertThat(platform.errorMessage(54)).isNotEmpty();
  }

  @Test
  void constants_mean_what_they_mean_elsewhere() {
    assertThat(platform.constant("SOL_SOCKET")).hasValue(0xffff);
    assertThat(platform.constant("SO_LINGER")).as("in seconds").hasValue(0x1080);
    assertThat(platform.constant("TCP_KEEPIDLE")).hasValue(Macos.TCP_KEEPALIVE());
    assertThat(platform.constant("EVFILT_PROC")).hasValue(-5);
    assertThat(platform.constant("SO_DOMAIN")).isEqualTo(OptionalInt.empty());
    assertThat(platform.constant("O_NONBLOCK")).as("not of sockets").isEmpty();
    assertThat(platform.groupAt()).isEqualTo(4);
    assertThat(platform.streamType()).isEqualTo(Macos.SOCK_STREAM());
  }

  // ---- the engine ----

  @Test
  void the_engine_says_what_it_is() {
    try (Engine engine = platform.openEngine()) {
      assertThat(engine.describe())
          .startsWith("engine: kqueue", "waiting: kevent, to the nanosecond");
      assertThat(engine.wantsNonBlocking()).isTrue();
      assertThat(engine.sendsFiles()).isTrue();
      assertThat(engine.facility(KernelEvents.class)).isNotNull();
      assertThat(engine.facility(String.class)).isNull();
    }
    assertThat(platform.describe().getFirst()).startsWith("limit of descriptors (RLIMIT_NOFILE)");
  }
}
