package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Accepting in bursts, and connections that come about or do not. */
@OnEveryEngine
class ConnectionTest {
  private final EngineMode mode;

  ConnectionTest(EngineMode mode) {
    this.mode = mode;
  }

  private static Recording accept(TestEngine engine, int descriptor) {
    Recording accept = new Recording();
    accept.accept(descriptor);
    return engine.submit(accept);
  }

  private static Recording connect(TestEngine engine, MemorySegment address, int length) {
    Recording connect = new Recording();
    connect.connect(
        engine.own(engine.platform().openStreamSocket(false)), address.address(), length);
    return engine.submit(connect);
  }

  private static Recording connect(TestEngine engine, String host, int port) {
    MemorySegment address = engine.memory(Platform.ADDRESS_BYTES);
    int length = engine.platform().encode(new InetSocketAddress(host, port), address);
    return connect(engine, address, length);
  }

  @Test
  void one_operation_accepts_bursts_of_connections() {
    try (TestEngine engine = TestEngine.open(mode, 16, 32, 64)) {
      TestEngine.Listening listening = engine.listen(1024);
      Recording accept = accept(engine, listening.descriptor());
      List<Recording> connects = new ArrayList<>();
      for (int burst = 1; burst <= 4; burst++) {
        for (int i = 0; i < 250; i++) {
          connects.add(connect(engine, listening.address(), listening.length()));
        }
        int expected = burst * 250;
        engine.until(() -> accept.results().size() == expected, "a burst accepted");
      }
      engine.awaitAll(connects);
      assertThat(connects).allMatch(each -> each.result() == 0);
      assertThat(accept.results()).doesNotHaveDuplicates().allMatch(result -> result > 0);
      accept.results().forEach(engine::own);
      assertThat(accept.inFlight()).isTrue();
      engine.cancel(accept);
      assertThat(engine.await(accept)).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void an_accepted_connection_carries_bytes_and_is_not_inherited() throws Exception {
    try (TestEngine engine = TestEngine.open(mode)) {
      TestEngine.Listening listening = engine.listen(1);
      Recording accept = accept(engine, listening.descriptor());
      int client = engine.own(engine.platform().openStreamSocket(false));
      LinuxErrors.require(
          PosixCalls.connect(client, listening.address(), listening.length()), "connect");
      engine.until(() -> !accept.results().isEmpty(), "the connection");
      int server = engine.own(accept.results().getFirst());
      PosixCalls.sendAll(client, new byte[] {9});
      Recording readable = new Recording();
      readable.awaitReady(server, Operation.READABLE);
      engine.submit(readable);
      assertThat(engine.await(readable) & Linux.POLLIN()).isNotZero();
      assertThat(PosixCalls.receive(server, new byte[4])).isEqualTo(1);
      assertThat(OpenDescriptors.closedOnExec(server)).isTrue();
      assertThat(OpenDescriptors.closedOnExec(listening.descriptor())).isTrue();
      engine.cancel(accept);
      engine.await(accept);
    }
  }

  @Test
  void accepting_where_nobody_listens_is_an_error() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int idle = engine.own(engine.platform().openStreamSocket(false));
      assertThat(engine.await(accept(engine, idle))).isEqualTo(-Linux.EINVAL());
      assertThat(engine.await(accept(engine, engine.pair()[0]))).isEqualTo(-Linux.EINVAL());
      // That told nothing about the kernel.
      if (mode.isRing()) {
        assertThat(engine.engine().describe())
            .contains("accept: " + (mode.multishot() ? "multishot" : "one shot"));
      }
    }
  }

  @Test
  void a_refused_connection_says_so() {
    try (TestEngine engine = TestEngine.open(mode)) {
      TestEngine.Listening listening = engine.listen(1);
      engine.close(listening.descriptor());
      Recording connect = connect(engine, listening.address(), listening.length());
      assertThat(engine.await(connect)).isEqualTo(-Linux.ECONNREFUSED());
    }
  }

  @Test
  void an_address_out_of_reach_says_so() {
    try (TestEngine engine = TestEngine.open(mode)) {
      // A broadcast address, which TCP cannot connect to; no packet leaves the machine.
      assertThat(engine.await(connect(engine, "127.255.255.255", 9)))
          .isEqualTo(-Linux.ENETUNREACH());
    }
  }

  @Test
  void an_address_of_the_wrong_kind_says_so() {
    try (TestEngine engine = TestEngine.open(mode)) {
      MemorySegment address = engine.memory(Platform.ADDRESS_BYTES);
      int length = engine.platform().encode(new InetSocketAddress("::1", 9), address);
      assertThat(engine.await(connect(engine, address, length)))
          .isEqualTo(-Linux.EAFNOSUPPORT());
    }
  }
}
