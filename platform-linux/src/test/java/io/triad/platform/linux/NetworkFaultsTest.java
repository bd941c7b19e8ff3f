package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a network does to its users, in one that is the test's own; {@link NetworkFaults}. */
@Tag("kernel")
@Timeout(120)
final class NetworkFaultsTest {
  private NetworkNamespace network;

  @BeforeEach
  void make() throws Exception {
    network = NetworkNamespace.make();
  }

  @AfterEach
  void remove() throws Exception {
    if (network != null) {
      network.delete();
    }
  }

  private void pass(String engine, String fault) throws Exception {
    assertThat(
        ChildProgram.run(
            network.launcher(), ChildProgram.classPath(), NetworkFaults.class, engine, fault))
        .contains("passed: " + fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"io_uring", "epoll"})
  void an_interface_that_goes_down_breaks_a_connection_and_not_its_listener(String engine)
      throws Exception {
    pass(engine, "interface down");
  }

  @ParameterizedTest
  @ValueSource(strings = {"io_uring", "epoll"})
  void where_no_way_leads_the_system_s_reason_is_told(String engine) throws Exception {
    network.require("ip", "route", "add", "unreachable", "198.51.100.0/24");
    network.require("ip", "route", "add", "prohibit", "203.0.113.0/24");
    pass(engine, "unreachable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"io_uring", "epoll"})
  void a_datagram_that_the_network_has_no_room_for_is_refused_whole(String engine)
      throws Exception {
    network.require("ip", "link", "set", "lo", "mtu", "1280");
    pass(engine, "small mtu");
  }

  @Test
  void a_network_that_loses_and_delays_loses_nothing_of_a_stream() throws Exception {
    String refusal =
        network.attempt(
            "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "2ms", "1ms", "loss",
            "5%");
    assumeTrue(refusal.isEmpty(), () -> "this kernel has no sch_netem: " + refusal);
    pass("io_uring", "loss");
    pass("epoll", "loss");
  }

  @Test
  void a_network_without_loss_passes_the_same() throws Exception {
    pass("io_uring", "loss");
  }
}
