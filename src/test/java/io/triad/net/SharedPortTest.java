package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.sync.Event;
import io.triad.testkit.LeakCheck;
import io.triad.thread.Threads;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several runs listen on one port, and the system deals the connections out to them. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
@DisabledIf(value = "io.triad.testkit.Kernel#isWindows",
    disabledReason = "Windows has no SO_REUSEPORT")
final class SharedPortTest {
  private static final String LOCAL = "127.0.0.1";
  private static final int CORES = 3;
  private static final int MAX_CONNECTIONS = 2000;
  private static final ListenOptions SHARED = ListenOptions.DEFAULT.withReusePort(true);

  @Test
  @Tag("kernel")
  void each_run_gets_connections_of_a_port_that_the_first_one_chose() throws Exception {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    CompletableFuture<Void> allListen = new CompletableFuture<>();
    AtomicIntegerArray served = new AtomicIntegerArray(CORES);
    AtomicInteger listening = new AtomicInteger();
    AtomicReferenceArray<Event> stops = new AtomicReferenceArray<>(CORES);
    Triad.runOnEachCore(
        CORES,
        core -> {
          int wanted = core.index() == 0 ? 0 : Threads.toThread(() -> port.get());
          SocketListener listener = Net.openTcpListeners(wanted, LOCAL, SHARED).getFirst();
          port.complete(listener.localAddress().getPort());
          stops.set(core.index(), new Event());
          if (listening.incrementAndGet() == CORES) {
            allListen.complete(null);
          }
          Nursery.open(
              nursery -> {
                if (core.index() == 0) {
                  nursery.startSoon(
                      () -> {
                        Threads.toThread(() -> allListen.get());
                        connectUntilAllServed(port.get(), served);
                        for (int i = 0; i < CORES; i++) {
                          core.tokens().get(i).runSyncSoon(stops.get(i)::set);
                        }
                      });
                }
                nursery.startSoon(
                    () -> {
                      stops.get(core.index()).await();
                      nursery.cancelScope().cancel();
                    });
                nursery.startSoon(
                    () -> Net.serveListeners(
                        List.of(listener),
                        stream -> {
                          served.incrementAndGet(core.index());
                          stream.sendAll(new byte[] {(byte) core.index()});
                        }));
              });
        });
    for (int i = 0; i < CORES; i++) {
      assertThat(served.get(i)).isPositive();
    }
  }

  private static void connectUntilAllServed(int port, AtomicIntegerArray served)
      throws IOException {
    for (int n = 0; n < MAX_CONNECTIONS; n++) {
      try (SocketStream stream = Net.openTcpStream(LOCAL, port)) {
        assertThat(stream.receiveSome()).hasSize(1);
      }
      boolean all = true;
      for (int i = 0; i < CORES; i++) {
        all &= served.get(i) > 0;
      }
      if (all) {
        return;
      }
    }
  }

  @Test
  void without_asking_for_it_a_port_is_not_shared() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener first = Net.openTcpListeners(0, LOCAL, SHARED).getFirst()) {
            int port = first.localAddress().getPort();
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> Net.openTcpListeners(port, LOCAL, ListenOptions.DEFAULT))
                .matches(e -> e.symbol().equals("EADDRINUSE"));
          }
        });
    assertThatIllegalArgumentException().isThrownBy(() -> SHARED.withBacklog(0));
  }
}
