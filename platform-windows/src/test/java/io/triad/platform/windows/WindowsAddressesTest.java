package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.engine.Platform;
import io.triad.platform.windows.ffi.Windows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses to the system's form and back. */
final class WindowsAddressesTest {
  private final MemorySegment memory =
      Arena.ofAuto().allocate(Platform.ADDRESS_BYTES, 8).fill((byte) 0xAA);

  private byte[] written(int length) {
    assertThat(memory.asSlice(length).toArray(JAVA_BYTE))
        .as("memory behind the address")
        .containsOnly(0xAA);
    return memory.asSlice(0, length).toArray(JAVA_BYTE);
  }

  private static InetSocketAddress address(String host, int port) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.3.4", "255.255.255.255", "::1", "2001:db8::ff", "fe80::1%7"})
  void there_and_back(String host) throws UnknownHostException {
    InetSocketAddress address = address(host, 65535);
    int length = SocketAddresses.encode(address, memory);
    assertThat(written(length)).hasSize(host.contains(":") ? 28 : 16);
    assertThat(SocketAddresses.decode(memory, length)).isEqualTo(address);
  }

  @Test
  void the_form_is_that_of_the_headers() throws UnknownHostException {
    assertThat(written(SocketAddresses.encode(address("1.2.3.4", 0x1234), memory)))
        .containsExactly(2, 0, 0x12, 0x34, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(written(SocketAddresses.encode(address("fe80::1%7", 80), memory)))
        .startsWith(23, 0, 0, 80, 0, 0, 0, 0, 0xFE, 0x80)
        .endsWith(0, 1, 7, 0, 0, 0);
  }

  @Test
  void a_mapped_address_is_the_ipv4_address_that_it_maps() {
    memory.fill((byte) 0);
    memory.set(JAVA_BYTE, 0, (byte) Windows.AF_INET6());
    memory.set(JAVA_BYTE, 18, (byte) 0xFF);
    memory.set(JAVA_BYTE, 19, (byte) 0xFF);
    memory.set(JAVA_BYTE, 23, (byte) 9);
    assertThat(SocketAddresses.decode(memory, 28).getAddress())
        .isInstanceOf(Inet4Address.class)
        .hasToString("/0.0.0.9");
  }

  @Test
  void no_address_is_all_interfaces_and_no_port() throws UnknownHostException {
    int four = SocketAddresses.encodeAny(Windows.AF_INET(), memory);
    assertThat(SocketAddresses.decode(memory, four)).isEqualTo(address("0.0.0.0", 0));
    int six = SocketAddresses.encodeAny(Windows.AF_INET6(), memory);
    assertThat(SocketAddresses.decode(memory, six)).isEqualTo(address("::", 0));
    int unix = SocketAddresses.encodeAny(Windows.AF_UNIX(), memory);
    assertThat(SocketAddresses.decodeUnix(memory, unix)).isEmpty();
  }

  @Test
  void paths_of_unix_sockets_end_with_a_zero() {
    int length = SocketAddresses.encodeUnix("C:\\s".getBytes(UTF_8), memory);
    assertThat(memory.asSlice(0, length).toArray(JAVA_BYTE))
        .containsExactly(1, 0, 'C', ':', '\\', 's', 0);
    assertThat(SocketAddresses.decodeUnix(memory, length)).asString(UTF_8).isEqualTo("C:\\s");
    assertThat(SocketAddresses.decodeUnix(memory, 110)).asString(UTF_8).isEqualTo("C:\\s");
    assertThat(SocketAddresses.decodeUnix(memory, 2)).isEmpty();
  }

  @Test
  void paths_that_are_too_long_and_names_that_are_none() {
    assertThat(SocketAddresses.encodeUnix(new byte[] {0, 'a'}, memory))
        .isEqualTo(-Windows.WSAEOPNOTSUPP());
    byte[] path = "x".repeat(107).getBytes(UTF_8);
    assertThat(SocketAddresses.encodeUnix(path, memory)).isEqualTo(110);
    byte[] longer = "x".repeat(108).getBytes(UTF_8);
    assertThat(SocketAddresses.encodeUnix(longer, memory)).isEqualTo(-Windows.WSAENAMETOOLONG());
  }

  @Test
  void other_families_and_short_forms_are_errors() {
    memory.fill((byte) 0);
    memory.set(JAVA_BYTE, 0, (byte) Windows.AF_INET());
    assertThatIllegalStateException().isThrownBy(() -> SocketAddresses.decode(memory, 8));
    memory.set(JAVA_BYTE, 0, (byte) Windows.AF_UNIX());
    assertThatIllegalStateException().isThrownBy(() -> SocketAddresses.decode(memory, 28));
  }
}
