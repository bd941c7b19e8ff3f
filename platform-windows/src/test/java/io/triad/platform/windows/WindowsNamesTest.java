package io.triad.platform.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.NameService;
import io.triad.engine.NameService.Address;
import io.triad.engine.NameService.Failure;
import io.triad.engine.NameService.Interface;
import io.triad.engine.NameService.Known;
import io.triad.engine.NameService.Name;
import io.triad.engine.SocketFiles;
import io.triad.platform.windows.ffi.OpenHandles;
import io.triad.platform.windows.ffi.Windows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, error texts and files on Windows. */
@EnabledOnOs(OS.WINDOWS)
@Tag("kernel")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WindowsNamesTest {
  private static final int NUMBERS = NameService.NUMERIC_HOST | NameService.NUMERIC_SERVICE;

  private final NameService names = WindowsNames.INSTANCE;

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 2", "::1, 23", "fe80::1%1, 23", "::ffff:1.2.3.4, 23"})
  void addresses_in_numbers(String host, int family) throws UnknownHostException {
    var answer = names.addresses(host, "80", NUMBERS, 0, Windows.SOCK_STREAM(), 0);
    assertThat(answer).isInstanceOf(Known.class);
    List<Address> addresses = ((Known<List<Address>>) answer).value();
    assertThat(addresses).hasSize(1);
    Address address = addresses.getFirst();
    assertThat(address.family()).isEqualTo(family);
    assertThat(address.address().getPort()).isEqualTo(80);
    assertThat(address.address().getAddress().getAddress()).hasSize(family == 2 ? 4 : 16);
    if (!host.contains("ffff")) {
      assertThat(address.address().getAddress()).isEqualTo(InetAddress.getByName(host));
    }
  }

  @Test
  void this_machine_by_name() {
    var answer = names.addresses("localhost", "80", 0, Windows.AF_INET(), 0, 0);
    assertThat(((Known<List<Address>>) answer).value())
        .extracting(Address::address)
        .contains(new InetSocketAddress("127.0.0.1", 80));
    assertThat(names.hostName()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({"no name, 80, EAI_NONAME, 11001", "127.0.0.1, no-such-service, EAI_SERVICE, 10109"})
  void what_is_not_known(String host, String service, String symbol, int code) {
    var answer =
        names.addresses(host, service, NameService.NUMERIC_HOST, 0, Windows.SOCK_STREAM(), 0);
    assertThat(answer).isInstanceOf(Failure.class);
    var failure = (Failure<List<Address>>) answer;
    assertThat(failure.symbol()).isEqualTo(symbol);
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.errno()).isZero();
    assertThat(failure.text()).isNotBlank();
  }

  @Test
  void names_of_addresses() {
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", 80);
    int numbers = NameService.AS_NUMERIC_HOST | NameService.AS_NUMERIC_SERVICE;
    assertThat(names.names(address, numbers)).isEqualTo(new Known<>(new Name("127.0.0.1", "80")));
    var named = (Known<Name>) names.names(address, NameService.AS_NUMERIC_SERVICE);
    assertThat(named.value().host()).isNotBlank().isNotEqualTo("127.0.0.1");
  }

  @Test
  void protocols_services_and_interfaces() {
    assertThat(names.protocol("udp")).hasValue(17);
    assertThat(names.protocol("no-such-protocol")).isEmpty();
    assertThat(names.service("http", "tcp")).hasValue(80);
    assertThat(names.service("no-such-service", "tcp")).isEmpty();
    assertThat(names.interfaces())
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.index()).isPositive())
        .extracting(Interface::name)
        .doesNotHaveDuplicates()
        .doesNotContain("");
  }

  @Test
  void errors_have_texts_of_the_system() {
    assertThat(WindowsErrors.message(Windows.ERROR_ACCESS_DENIED())).doesNotEndWith("\n");
    assertThat(WindowsErrors.message(Windows.ERROR_ACCESS_DENIED())).doesNotContain("unknown");
    assertThat(WindowsErrors.message(77_777)).isEqualTo("unknown error 77777");
  }

  @Test
  void files_are_told_from_each_other_and_from_sockets(@TempDir Path directory)
      throws IOException {
    SocketFiles files = WindowsSocketFiles.INSTANCE;
    Path first = Files.createFile(directory.resolve("first"));
    Path second = Files.createFile(directory.resolve("second"));
    int before = OpenHandles.count();
    assertThat(files.find(directory.resolve("none"))).isNull();
    assertThat(files.find(directory.resolve("none").resolve("below"))).isNull();
    SocketFiles.Entry found = files.find(first);
    assertThat(found).isNotNull();
    assertThat(found.isSocket()).isFalse();
    assertThat(files.find(second)).isNotEqualTo(found);
    files.move(first, second);
    assertThat(files.find(second)).isEqualTo(found);
    files.remove(second);
    assertThat(files.find(second)).isNull();
    assertThat(OpenHandles.count()).isEqualTo(before);
  }
}
