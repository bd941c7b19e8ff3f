package io.triad.platform.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.platform.windows.ffi.Windows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names have the numbers of the headers. */
final class WindowsConstantsTest {
  @Test
  void names_of_the_headers() {
    assertThat(WindowsConstants.byName("AF_INET6")).hasValue(23);
    assertThat(WindowsConstants.byName("SOL_SOCKET")).hasValue(0xffff);
    assertThat(WindowsConstants.byName("SO_EXCLUSIVEADDRUSE")).hasValue(-5);
    assertThat(WindowsConstants.byName("TCP_KEEPIDLE")).hasValue(3);
    assertThat(WindowsConstants.byName("EAI_NONAME")).hasValue(11001);
    assertThat(WindowsConstants.byName("SOMAXCONN")).hasValue(Integer.MAX_VALUE);
  }

  @Test
  void names_that_are_others_elsewhere() {
    assertThat(WindowsConstants.byName("SHUT_RD")).hasValue(Windows.SD_RECEIVE());
    assertThat(WindowsConstants.byName("SHUT_WR")).hasValue(Windows.SD_SEND());
    assertThat(WindowsConstants.byName("SHUT_RDWR")).hasValue(Windows.SD_BOTH());
    assertThat(WindowsConstants.byName("IPV6_RECVPKTINFO")).hasValue(Windows.IPV6_PKTINFO());
    assertThat(WindowsConstants.byName("IPV6_RECVHOPLIMIT")).hasValue(Windows.IPV6_HOPLIMIT());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SO_REUSEPORT", "SO_DOMAIN", "SO_PROTOCOL", "TCP_NOTSENT_LOWAT", "TCP_CORK", "UDP_SEGMENT",
        "MSG_DONTWAIT", "SCM_RIGHTS", "SOCK_NONBLOCK", "IP_BIND_ADDRESS_NO_PORT"
      })
  void what_windows_has_not_has_no_number(String name) {
    assertThat(WindowsConstants.byName(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ERROR_BUSY", "getClass", "C_INT", "STATUS_PENDING", ""})
  void what_is_not_of_sockets_has_none(String name) {
    assertThat(WindowsConstants.byName(name)).isEmpty();
  }
}
