package io.triad.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.engine.Engine;
import io.triad.engine.EngineRig;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.Platform;
import io.triad.engine.Recorded;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several engines in one world, as several runs have one kernel. */
@Timeout(60)
final class SharedWorldTest {
  private static final int ROUNDS = 2_000;

  @Test
  void runs_on_several_threads_reach_each_other() throws Exception {
    World world = World.real();
    EngineRig server = new EngineRig(world.platform());
    int listener = server.listen("127.0.0.1", 5);
    int port = server.port(listener);
    try (var threads = Executors.newFixedThreadPool(3)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Callable<?> client =
            () -> {
              try (EngineRig rig = new EngineRig(world.platform(), false)) {
                int socket = rig.socket(false);
                rig.check(rig.await(rig.connect(socket, "127.0.0.1", port)));
                for (int round = 0; round < ROUNDS; round++) {
                  rig.send(socket, (byte) round);
                  assertThat(rig.receive(socket, 1)).containsExactly((byte) round);
                }
              }
              return null;
            };
        clients.add(threads.submit(client));
      }
      Recorded accept = new Recorded();
      accept.accept(listener);
      server.submit(accept);
      server.until(() -> accept.results.size() == 3, "three connections");
      accept.results.forEach(server::own);
      List<Echo> echoes =
          accept.results.stream().map(socket -> new Echo(server, socket)).toList();
      server.engine.cancel(accept);
      server.until(() -> echoes.stream().allMatch(echo -> echo.done), "the end of all clients");
      for (Future<?> client : clients) {
        client.get();
      }
      server.await(accept);
    }
    server.close();
  }

  /** Sends back each byte that comes. */
  private static final class Echo {
    private final EngineRig rig;
    private final int socket;
    private final MemorySegment memory;
    private boolean done;

    Echo(EngineRig rig, int socket) {
      this.rig = rig;
      this.socket = socket;
      this.memory = rig.memory(new byte[1]);
      receiveByte();
    }

    private void receiveByte() {
      Recorded receive =
          new Recorded() {
            @Override
            protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
              super.completed(result, more, buffer);
              if (result > 0) {
                sendByte();
              } else {
                done = true;
              }
            }
          };
      receive.receive(socket, memory.address(), 1);
      rig.submit(receive);
    }

    private void sendByte() {
      Recorded send =
          new Recorded() {
            @Override
            protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
              super.completed(result, more, buffer);
              receiveByte();
            }
          };
      send.send(socket, memory.address(), 1);
      rig.submit(send);
    }
  }

  @Test
  void all_platforms_of_a_world_have_the_same_descriptors() {
    World world = World.real();
    try (Platform one = world.platform();
        Platform other = world.platform()) {
      int descriptor = one.openStreamSocket(false);
      assertThat(other.openDescriptors()).isEqualTo(1);
      assertThat(other.close(descriptor)).isZero();
      assertThat(one.openDescriptors()).isZero();
      assertThat(Errno.name(-one.close(descriptor))).isEqualTo("EBADF");
    }
  }

  @Test
  void virtual_time_is_for_one_engine_at_a_time() {
    World world = World.virtual(1, Conditions.CALM, 0);
    try (Platform platform = world.platform()) {
      try (Engine first = platform.openEngine()) {
        assertThat(first.describe().getFirst()).contains("virtual");
        assertThatExceptionOfType(EngineUnavailableException.class)
            .isThrownBy(platform::openEngine)
            .withMessageContaining("one run at a time");
      }
      platform.openEngine().close();
    }
  }

  @Test
  void an_interrupted_thread_waits_all_the_same_and_stays_interrupted() throws Exception {
    try (Platform platform = World.real().platform();
        Engine engine = platform.openEngine()) {
      Thread.currentThread().interrupt();
      Thread waker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    engine.wake();
                  });
      assertThat(engine.poll(Engine.FOREVER)).isTrue();
      assertThat(Thread.interrupted()).as("the status is kept").isTrue();
      waker.join();
      Thread.currentThread().interrupt();
      long start = System.nanoTime();
      assertThat(engine.poll(2_000_000)).isFalse();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void errors_have_the_names_of_posix() {
    for (Errno each : Errno.values()) {
      assertThat(Errno.name(-each.negated())).isEqualTo(each.name());
      assertThat(Errno.text(-each.negated())).isNotBlank();
      assertThat(each.name()).isEqualTo(each.name().toUpperCase(Locale.ROOT)).startsWith("E");
    }
    assertThat(Errno.name(4711)).isEqualTo("errno 4711");
    assertThat(Errno.text(4711)).isEqualTo("Unknown error 4711");
  }
}
