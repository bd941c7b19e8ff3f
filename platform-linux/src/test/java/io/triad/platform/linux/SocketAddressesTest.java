package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.engine.Platform;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Addresses to the kernel's form and back. */
class SocketAddressesTest {
  private static final int PORTS = 65535;

  private static byte[] encoded(InetSocketAddress address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Platform.ADDRESS_BYTES, 8);
      memory.fill((byte) 0xAA);
      int length = SocketAddresses.encode(address, memory);
      assertThat(memory.asSlice(length).toArray(ValueLayout.JAVA_BYTE))
          .as("memory behind the address")
          .containsOnly(0xAA);
      return memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static InetSocketAddress decoded(byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Platform.ADDRESS_BYTES, 8);
      memory.asSlice(0, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
      return SocketAddresses.decode(memory, bytes.length);
    }
  }

  @Property
  void ipv4(
      @ForAll @Size(4) byte[] bytes, @ForAll @IntRange(min = 0, max = PORTS) int port)
      throws UnknownHostException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    byte[] form = encoded(address);
    assertThat(form).hasSize(16);
    assertThat(form[0]).isEqualTo((byte) Linux.AF_INET());
    assertThat(decoded(form)).isEqualTo(address);
  }

  @Property
  void ipv6_with_and_without_scope(
      @ForAll @Size(16) byte[] bytes,
      @ForAll @IntRange(min = 0, max = PORTS) int port,
      @ForAll @IntRange(min = 0) int scope)
      throws UnknownHostException {
    InetSocketAddress address =
        new InetSocketAddress(Inet6Address.getByAddress(null, bytes, scope), port);
    byte[] form = encoded(address);
    assertThat(form).hasSize(28);
    assertThat(form[0]).isEqualTo((byte) Linux.AF_INET6());
    InetSocketAddress back = decoded(form);
    assertThat(back.getPort()).isEqualTo(port);
    assertThat(encoded(back)).as("the same to the kernel").isEqualTo(form);
    assertThat(((Inet6Address) back.getAddress()).getScopeId()).isEqualTo(scope);
  }

  @Property
  void a_mapped_address_is_the_ipv4_address_that_it_maps(
      @ForAll @Size(4) byte[] bytes, @ForAll @IntRange(min = 0, max = PORTS) int port)
      throws UnknownHostException {
    byte[] form = new byte[28];
    form[0] = (byte) Linux.AF_INET6();
    form[2] = (byte) (port >>> 8);
    form[3] = (byte) port;
    form[18] = (byte) 0xFF;
    form[19] = (byte) 0xFF;
    System.arraycopy(bytes, 0, form, 20, 4);
    InetSocketAddress back = decoded(form);
    assertThat(back.getAddress()).isInstanceOf(Inet4Address.class);
    assertThat(back).isEqualTo(new InetSocketAddress(InetAddress.getByAddress(bytes), port));
  }

  @Example
  void the_form_is_that_of_the_manual_pages() throws UnknownHostException {
    assertThat(encoded(new InetSocketAddress(InetAddress.getByName("1.2.3.4"), 0x1234)))
        .containsExactly(2, 0, 0x12, 0x34, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0);
    byte[] ipv6 = encoded(new InetSocketAddress(InetAddress.getByName("fe80::1%7"), 80));
    assertThat(ipv6).startsWith(10, 0, 0, 80, 0, 0, 0, 0, 0xFE, 0x80).endsWith(0, 1, 7, 0, 0, 0);
  }

  @Example
  void other_families_and_short_forms_are_errors() {
    assertThatIllegalStateException().isThrownBy(() -> decoded(new byte[] {1, 0, 'a', 'b'}));
    byte[] cut = new byte[8];
    cut[0] = (byte) Linux.AF_INET();
    assertThatIllegalStateException().isThrownBy(() -> decoded(cut));
  }
}
