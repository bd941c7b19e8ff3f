package io.triad.socket;

import static io.triad.testkit.Tasks.assertCancelled;
import static io.triad.testkit.Tasks.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.Action;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.engine.NameService;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.loop.Loop;
import io.triad.sync.CapacityLimiter;
import io.triad.testing.Checkpoints;
import io.triad.testkit.Kernel;
import io.triad.thread.Threads;
import java.lang.reflect.Proxy;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class NamesTest {
  private static final AddressHints STREAM = AddressHints.ANY.type(1); // SOCK_STREAM everywhere

  private static int constant(String name) {
    Loop loop = Loop.current();
    assertThat(loop).isNotNull();
    return loop.platform().constant(name).orElseThrow();
  }

  /** Notes what it is asked, and knows one answer. */
  private static final class Recorder implements HostnameResolver {
    final List<List<Object>> questions = new ArrayList<>();
    final List<AddressInfo> answer =
        List.of(new AddressInfo(2, 1, 6, new InetSocketAddress("192.0.2.7", 7), null));

    @Override
    public List<AddressInfo> getaddrinfo(
        @Nullable String host, @Nullable String service, AddressHints hints) {
      questions.add(List.of(String.valueOf(host), String.valueOf(service), hints));
      return answer;
    }

    @Override
    public NameInfo getnameinfo(InetSocketAddress address, Set<NameFlag> flags) {
      questions.add(List.of(address, flags));
      return new NameInfo("seven", "seventh");
    }
  }

  /** Runs a body in which whoever needs a worker thread waits for ever. */
  private static void withoutThreads(Action<Exception> body) throws Exception {
    CapacityLimiter limiter = Threads.defaultLimiter();
    Object everything = new Object();
    limiter.setTotalTokens(1);
    limiter.acquireOnBehalfOf(everything);
    try {
      body.run();
    } finally {
      limiter.releaseOnBehalfOf(everything);
    }
  }

  private static List<String> addresses(List<AddressInfo> found) {
    return found.stream().map(info -> info.address().toString()).toList();
  }

  // ---- numbers ----

  @Test
  void sock_13_numbers_are_translated_at_once_and_asked_of_nobody() throws Exception {
    Triad.<Exception>run(
        () -> withoutThreads(
            () -> {
              Recorder recorder = new Recorder();
              Names.setHostnameResolver(recorder);
              AddressInfo four = Names.getaddrinfo("127.0.0.1", 80, STREAM).getFirst();
              assertThat(four.address()).isEqualTo(new InetSocketAddress("127.0.0.1", 80));
              assertThat(four.family()).isEqualTo(constant("AF_INET"));
              assertThat(four.type()).isEqualTo(constant("SOCK_STREAM"));
              assertThat(four.protocol()).isEqualTo(constant("IPPROTO_TCP"));

              AddressInfo six = Names.getaddrinfo("::1", "443", STREAM).getFirst();
              assertThat(six.address()).isEqualTo(new InetSocketAddress("::1", 443));
              assertThat(six.family()).isEqualTo(constant("AF_INET6"));

              assertThat(addresses(Names.getaddrinfo("127.1", 80, STREAM)))
                  .containsExactly("/127.0.0.1:80");
              assertThat(recorder.questions).isEmpty();
            }));
  }

  private static List<Integer> kinds() {
    List<Integer> both = List.of(constant("SOCK_STREAM"), constant("SOCK_DGRAM"));
    return Kernel.isLinux()
        ? List.of(both.getFirst(), both.getLast(), constant("SOCK_RAW"))
        : both;
  }

  @Test
  void sock_13_without_a_kind_there_is_an_answer_for_each() throws Exception {
    Triad.<Exception>run(
        () -> assertThat(Names.getaddrinfo("127.0.0.1", 80, AddressHints.ANY))
            .extracting(AddressInfo::type)
            .containsExactlyElementsOf(kinds()));
  }

  @Test
  void sock_13_an_interface_may_be_part_of_an_address() throws Exception {
    Triad.<Exception>run(
        () -> {
          AddressInfo info = Names.getaddrinfo("fe80::1%lo", 80, STREAM).getFirst();
          assertThat(((Inet6Address) info.address().getAddress()).getScopeId())
              .isEqualTo(Names.ifNameToIndex("lo").orElseThrow());
        });
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4, AF_INET6, EAI_ADDRFAMILY",
    "::1, AF_INET, EAI_ADDRFAMILY",
    "::1, AF_UNIX, EAI_FAMILY",
  })
  void sock_13_a_failure_other_than_an_unknown_name_is_final(
      String host, String family, String symbol) throws Exception {
    Triad.<Exception>run(
        () -> withoutThreads(
            () -> {
              Recorder recorder = new Recorder();
              Names.setHostnameResolver(recorder);
              AddressHints hints = STREAM.family(constant(family));
              assertThatExceptionOfType(GaiException.class)
                  .isThrownBy(() -> Names.getaddrinfo(host, 80, hints))
                  .withMessageContaining(host)
                  .withMessageContaining(symbol)
                  .satisfies(
                      e -> {
                        assertThat(e.symbol()).isEqualTo(symbol);
                        assertThat(e.code()).isEqualTo(constant(symbol));
                        assertThat(e.text()).isNotBlank();
                        assertThat(e.call()).startsWith("look up ");
                      });
              assertThat(recorder.questions).isEmpty();
            }));
  }

  // ---- names ----

  @Test
  void sock_14_the_system_looks_up_what_is_no_number() throws Exception {
    Triad.<Exception>run(
        () -> {
          assertThat(Names.getaddrinfo("localhost", 80, STREAM))
              .extracting(AddressInfo::address)
              .contains(new InetSocketAddress("127.0.0.1", 80))
              .allMatch(address -> address.getAddress().isLoopbackAddress());
          assertThat(Threads.activeThreadCount()).isZero();
        });
  }

  @Test
  void sock_14_the_resolver_gets_the_flags_as_they_were_given() throws Exception {
    Triad.<Exception>run(
        () -> withoutThreads(
            () -> {
              Recorder recorder = new Recorder();
              Names.setHostnameResolver(recorder);
              AddressHints hints = STREAM.family(constant("AF_INET6")).canonicalName();
              assertThat(Names.getaddrinfo("host.example", "http", hints))
                  .isSameAs(recorder.answer);
              Names.getaddrinfo("127.0.0.1", "http", AddressHints.ANY);
              assertThat(recorder.questions)
                  .containsExactly(
                      List.of("host.example", "http", hints),
                      List.of("127.0.0.1", "http", AddressHints.ANY));
            }));
  }

  @Test
  void sock_15_ascii_passes_as_it_is_and_all_else_by_idna_2008() throws Exception {
    Triad.<Exception>run(
        () -> {
          Recorder recorder = new Recorder();
          Names.setHostnameResolver(recorder);
          for (String host : List.of("ExAmPle", "a_b", "faß.de", "FÖÖ")) {
            Names.getaddrinfo(host, 80, AddressHints.ANY);
          }
          assertThat(recorder.questions)
              .extracting(List::getFirst)
              .containsExactly("ExAmPle", "a_b", "xn--fa-hia.de", "xn--f-1gaa");
          assertThat(addresses(Names.getaddrinfo("１２７.0.0.1", 80, STREAM)))
              .as("digits of another kind")
              .containsExactly("/127.0.0.1:80");
          assertThatExceptionOfType(GaiException.class)
              .isThrownBy(() -> Names.getaddrinfo("a／b.de", 80, STREAM))
              .withMessageContaining("EAI_NONAME (not a host name by IDNA 2008");
          assertThat(recorder.questions).hasSize(4);
        });
  }

  @Test
  void sock_16_no_host_is_this_machine_or_all_its_interfaces() throws Exception {
    Triad.<Exception>run(
        () -> {
          assertThat(addresses(Names.getaddrinfo(null, 80, STREAM)))
              .containsExactlyInAnyOrder("/127.0.0.1:80", "/[0:0:0:0:0:0:0:1]:80");
          assertThat(addresses(Names.getaddrinfo(null, 80, STREAM.passive())))
              .containsExactlyInAnyOrder("/0.0.0.0:80", "/[0:0:0:0:0:0:0:0]:80");
          assertThatExceptionOfType(GaiException.class)
              .isThrownBy(() -> Names.getaddrinfo(null, null, STREAM))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("EAI_NONAME"));
        });
  }

  @Test
  void sock_16_a_service_is_a_number_digits_a_name_or_nothing() throws Exception {
    Triad.<Exception>run(
        () -> {
          for (String service : List.of("80", "http", "0080")) {
            assertThat(addresses(Names.getaddrinfo("127.0.0.1", service, STREAM)))
                .containsExactly("/127.0.0.1:80");
          }
          assertThat(addresses(Names.getaddrinfo("127.0.0.1", null, STREAM)))
              .containsExactly("/127.0.0.1:0");
          for (int port : new int[] {-1, 65536}) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> Names.getaddrinfo("127.0.0.1", port, STREAM))
                .withMessage("port must be 0 to 65535, not " + port);
          }
        });
  }

  /** The C library would take it modulo 65536. */
  @ParameterizedTest
  @ValueSource(strings = {"65536", "99999", "4294967376", "no-such-service"})
  void sock_16_a_service_that_does_not_exist_is_an_error(String service) throws Exception {
    Triad.<Exception>run(
        () -> assertThatExceptionOfType(GaiException.class)
            .isThrownBy(() -> Names.getaddrinfo("127.0.0.1", service, STREAM))
            .satisfies(
                e -> {
                  assertThat(e.symbol()).isEqualTo("EAI_SERVICE");
                  assertThat(e.code()).isEqualTo(constant("EAI_SERVICE"));
                }));
  }

  @Test
  void sock_16_a_host_that_does_not_exist_is_an_error() throws Exception {
    Triad.<Exception>run(
        () -> {
          assertThatExceptionOfType(GaiException.class)
              .isThrownBy(() -> Names.getaddrinfo("no-such-host.invalid", 80, STREAM))
              .withMessageContaining("no-such-host.invalid:80")
              // Where no name server can be reached the system does not know what it does not know.
              .satisfies(
                  e -> assertThat(e.symbol()).isIn("EAI_NONAME", "EAI_NODATA", "EAI_AGAIN"));
          for (String host : List.of("", "[::1]", "256.1.1.1", "fe80::1%no-such-interface")) {
            assertThatExceptionOfType(GaiException.class)
                .as(host)
                .isThrownBy(() -> Names.getaddrinfo(host, 80, STREAM.numericHost()))
                .satisfies(e -> assertThat(e.symbol()).isEqualTo("EAI_NONAME"));
          }
        });
  }

  @Test
  void sock_16_a_zero_does_not_cut_a_name_short() throws Exception {
    Triad.<Exception>run(
        () -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> Names.getaddrinfo("localhost\0.example", 80, STREAM))
              .withMessageContaining("localhost\\0.example");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> Names.getaddrinfo("localhost", "80\0", STREAM));
        });
  }

  @Test
  void sock_16_the_true_name_comes_with_the_first_answer_if_asked_for() throws Exception {
    Triad.<Exception>run(
        () -> {
          AddressHints hints = AddressHints.ANY.canonicalName();
          assertThat(Names.getaddrinfo("127.0.0.1", 80, hints))
              .extracting(AddressInfo::canonicalName)
              .startsWith("127.0.0.1", null)
              .satisfies(names -> assertThat(names.subList(1, names.size())).containsOnlyNulls());
          assertThat(Names.getaddrinfo("127.0.0.1", 80, AddressHints.ANY))
              .extracting(AddressInfo::canonicalName)
              .containsOnlyNulls();
        });
  }

  @Test
  void sock_25_an_ipv4_address_in_ipv6_form_stays_in_it() throws Exception {
    Triad.<Exception>run(
        () -> {
          int inet6 = constant("AF_INET6");
          AddressInfo info =
              Names.getaddrinfo("1.2.3.4", 80, STREAM.family(inet6).v4Mapped()).getFirst();
          assertThat(info.family()).isEqualTo(inet6);
          assertThat(info.address().getAddress()).isInstanceOf(Inet6Address.class);
          assertThat(info.address().getAddress().getAddress())
              .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 1, 2, 3, 4);
        });
  }

  @Test
  void sock_17_every_way_through_is_a_checkpoint() throws Exception {
    Triad.<Exception>run(
        () -> {
          for (int i = 0; i < 2; i++) {
            Checkpoints.assertCheckpoints(() -> Names.getaddrinfo("127.0.0.1", 80, STREAM));
            Checkpoints.assertCheckpoints(() -> Names.getaddrinfo("localhost", 80, STREAM));
            Checkpoints.assertCheckpoints(
                () -> assertThatThrownBy(
                    () -> Names.getaddrinfo("::1", 80, STREAM.family(constant("AF_INET"))))
                    .isInstanceOf(GaiException.class));
            Checkpoints.assertCheckpoints(
                () -> assertThatThrownBy(() -> Names.getaddrinfo("::1", "99999", STREAM))
                    .isInstanceOf(GaiException.class));
            Checkpoints.assertCheckpoints(
                () -> Names.getnameinfo(new InetSocketAddress("127.0.0.1", 80)));
            Checkpoints.assertCheckpoints(() -> Names.getprotobyname("tcp"));
            Checkpoints.assertCheckpoints(() -> Names.getservbyname("http", "tcp"));
            Names.setHostnameResolver(new Recorder());
          }
        });
  }

  @Test
  void sock_17_who_is_cancelled_asks_nobody() throws Exception {
    Triad.<Exception>run(
        () -> {
          Recorder recorder = new Recorder();
          Names.setHostnameResolver(recorder);
          for (String host : List.of("127.0.0.1", "host.example", "föö")) {
            assertCancelled(
                () -> Names.getaddrinfo(host, 80, STREAM), scope -> scope.cancel("at once"));
          }
          assertThat(recorder.questions).isEmpty();
        });
  }

  // ---- the other way round ----

  @Test
  void sock_18_an_address_has_a_name_or_numbers() throws Exception {
    Triad.<Exception>run(
        () -> {
          InetSocketAddress address = new InetSocketAddress("127.0.0.1", 80);
          assertThat(
              Names.getnameinfo(address, NameFlag.NUMERIC_HOST, NameFlag.NUMERIC_SERVICE))
              .isEqualTo(new NameInfo("127.0.0.1", "80"));
          assertThat(
              Names.getnameinfo(
                  new InetSocketAddress("::1", 80), NameFlag.NUMERIC_HOST))
              .isEqualTo(new NameInfo("::1", "http"));
          assertThat(Names.getnameinfo(address).host()).isEqualTo("localhost");
          assertThat(
              Names.getnameinfo(
                  InetSocketAddress.createUnresolved("127.0.0.1", 80), NameFlag.NUMERIC_HOST))
              .isEqualTo(new NameInfo("127.0.0.1", "http"));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "host.example", ""})
  void sock_18_the_address_must_be_numeric(String host) throws Exception {
    Triad.<Exception>run(
        () -> withoutThreads(
            () -> assertThatExceptionOfType(GaiException.class)
                .isThrownBy(
                    () -> Names.getnameinfo(InetSocketAddress.createUnresolved(host, 80)))
                .satisfies(e -> assertThat(e.symbol()).isEqualTo("EAI_NONAME"))));
  }

  @Test
  void sock_19_protocols_and_services_have_numbers() throws Exception {
    Triad.<Exception>run(
        () -> {
          assertThat(Names.getprotobyname("tcp")).hasValue(6);
          assertThat(Names.getprotobyname("udp")).hasValue(17);
          assertThat(Names.getprotobyname("no-such-protocol")).isEmpty();
          assertThat(Names.getservbyname("http", "tcp")).hasValue(80);
          assertThat(Names.getservbyname("domain", "udp")).hasValue(53);
          assertThat(Names.getservbyname("no-such-service", "tcp")).isEmpty();
          assertThat(Names.getservbyname("http", "no-such-protocol")).isEmpty();
        });
  }

  @Test
  void sock_20_a_resolver_is_set_per_run_and_returns_its_predecessor() throws Exception {
    Triad.<Exception>run(
        () -> {
          Recorder first = new Recorder();
          Recorder second = new Recorder();
          assertThat(Names.setHostnameResolver(first)).isNull();
          assertThat(Names.setHostnameResolver(second)).isSameAs(first);
          Nursery.open(
              nursery -> nursery.startSoon(
                  () -> Names.getaddrinfo("of-another-task.example", 80, STREAM)));
          assertThat(second.questions).hasSize(1);
          assertThat(first.questions).isEmpty();
          assertThat(Names.setHostnameResolver(null)).isSameAs(second);
          assertThat(Names.getaddrinfo("localhost", 80, STREAM)).isNotEqualTo(second.answer);
        });
    Triad.<Exception>run(() -> assertThat(Names.setHostnameResolver(null)).isNull());
    assertThatIllegalStateException().isThrownBy(() -> Names.setHostnameResolver(null));
  }

  @Test
  void sock_20_all_names_of_addresses_are_its_business() throws Exception {
    Triad.<Exception>run(
        () -> {
          Recorder recorder = new Recorder();
          Names.setHostnameResolver(recorder);
          InetSocketAddress address = new InetSocketAddress("127.0.0.1", 80);
          assertThat(Names.getnameinfo(address, NameFlag.NUMERIC_HOST, NameFlag.NAME_REQUIRED))
              .isEqualTo(new NameInfo("seven", "seventh"));
          assertThat(recorder.questions)
              .containsExactly(
                  List.of(address, Set.of(NameFlag.NUMERIC_HOST, NameFlag.NAME_REQUIRED)));
        });
  }

  @Test
  void sock_14_a_resolver_of_ones_own_can_be_cancelled() throws Exception {
    Triad.<Exception>run(
        () -> {
          CapacityLimiter limiter = Threads.defaultLimiter();
          Names.setHostnameResolver(
              new HostnameResolver() {
                @Override
                public List<AddressInfo> getaddrinfo(
                    @Nullable String host, @Nullable String service, AddressHints hints) {
                  Triad.sleepForever();
                  throw new AssertionError("woken");
                }

                @Override
                public NameInfo getnameinfo(InetSocketAddress address, Set<NameFlag> flags) {
                  throw new AssertionError("not asked");
                }
              });
          assertCancelled(
              () -> Names.getaddrinfo("host.example", 80, STREAM),
              scope -> {
                settle();
                scope.cancel("enough");
              });
          assertThat(limiter.borrowedTokens()).isZero();
        });
  }

  /** A look-up that the system takes its time for; everything else is as it was. */
  private static final class Slow {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch mayEnd = new CountDownLatch(1);
    final List<String> ended = new CopyOnWriteArrayList<>();

    /** Runs a body on a system that is slow to look up. */
    void run(Action<Exception> body) throws Exception {
      Platform slow = slow(Platforms.open());
      ScopedValue.where(Platforms.CHOSEN, () -> slow)
          .call(
              () -> {
                Triad.<Exception>run(body);
                return null;
              });
    }

    private Platform slow(Platform platform) {
      NameService slow = proxy(NameService.class, platform.names(), this::slowly);
      return proxy(
          Platform.class,
          platform,
          (method, original) -> method.equals("names") ? slow : original.call());
    }

    private @Nullable Object slowly(String method, Callable<?> original) throws Exception {
      Object answer = original.call();
      if (method.equals("mayBlock")) {
        return true;
      }
      if (method.equals("addresses") && answer instanceof NameService.Known<?>
          && Loop.current() == null) {
        begun.countDown();
        mayEnd.await();
        ended.add(Thread.currentThread().getName());
      }
      return answer;
    }
  }

  private interface Change {
    @Nullable Object of(String method, Callable<?> original) throws Exception;
  }

  private static <T> T proxy(Class<T> type, T original, Change change) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              method.setAccessible(true); // the implementation's class is not public
              return change.of(method.getName(), () -> method.invoke(original, arguments));
            }));
  }

  @Test
  void sock_14_a_cancelled_look_up_is_left_to_its_thread() throws Exception {
    Slow slow = new Slow();
    slow.run(
        () -> {
          assertCancelled(
              () -> Names.getaddrinfo("localhost", 80, STREAM),
              scope -> {
                settle();
                slow.begun.await(); // the thread is at it
                scope.cancel("enough");
              });
          assertThat(slow.ended).isEmpty();
          assertThat(Threads.activeThreadCount()).isEqualTo(1);
          slow.mayEnd.countDown();
          Threads.waitAllThreadsCompleted();
          assertThat(slow.ended).containsExactly("look up localhost:80");
        });
  }

  @Test
  void sock_14_other_tasks_go_on_while_the_system_looks_up() throws Exception {
    Slow slow = new Slow();
    slow.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> assertThat(Names.getaddrinfo("localhost", 80, STREAM)).isNotEmpty());
              settle();
              slow.begun.await();
              Triad.checkpoint();
              slow.mayEnd.countDown();
            }));
    assertThat(slow.ended).hasSize(1);
  }

  // ---- the rest ----

  @Test
  void sock_01_this_machine_and_its_interfaces_have_names() {
    Triad.run(
        () -> {
          assertThat(Names.gethostname()).isNotBlank();
          NetworkInterfaceName loopback =
              new NetworkInterfaceName(Names.ifNameToIndex("lo").orElseThrow(), "lo");
          assertThat(Names.ifNameIndex()).contains(loopback).doesNotHaveDuplicates();
          assertThat(Names.ifIndexToName(loopback.index())).isEqualTo("lo");
          assertThat(Names.ifNameToIndex("no-such-interface")).isEmpty();
          assertThat(Names.ifIndexToName(0)).isNull();
          assertThat(Names.ifIndexToName(Integer.MAX_VALUE)).isNull();
        });
    assertThatIllegalStateException().isThrownBy(Names::gethostname);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "::, 0:0:0:0:0:0:0:0",
    "::1, 0:0:0:0:0:0:0:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "fe80::ABCD, fe80:0:0:0:0:0:0:abcd",
    "::ffff:1.2.3.4, 0:0:0:0:0:ffff:102:304",
    "64:ff9b::1.2.3.4, 64:ff9b:0:0:0:0:102:304",
  })
  void sock_01_numeric_addresses_are_read(String text, String address) {
    InetAddress read = Names.parseNumeric(text);
    assertThat(read).isInstanceOf(text.contains(":") ? Inet6Address.class : Inet4Address.class);
    assertThat(read.getHostAddress()).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "127.1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", " ::1", "[::1]",
        "fe80::1%lo", "fe80::1%1", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "12345::", "0x7f.0.0.1",
        "::1.2.3", "::01.2.3.4", "::256.1.1.1", "1.2.3.4::", "localhost", "１.2.3.4",
      })
  void sock_01_all_else_is_no_numeric_address(String text) {
    assertThat(Names.parseNumeric(text)).isNull();
  }
}
