package io.triad;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.stream.BufferedReceiver;
import io.triad.stream.ChunkAction;
import io.triad.sync.MemoryChannel;
import io.triad.sync.MemorySendChannel;
import io.triad.testing.MockClock;
import io.triad.testing.TriadTest;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the README stand here word for word; what can end by itself is run. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", ""));

  @Test
  void every_example_of_the_readme_is_in_this_class() throws IOException {
    String here =
        squeezed(Files.readString(ROOT.resolve("src/test/java/io/triad/ReadmeTest.java")));
    List<String> examples =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")))
            .results()
            .map(result -> squeezed(result.group(1)))
            .toList();

    assertThat(examples).hasSize(5).allSatisfy(example -> assertThat(here).contains(example));
  }

  /** Code without comments and white space, so that formatting makes no difference. */
  private static String squeezed(String code) {
    return code.replaceAll("(?m)//.*$", "").replaceAll("\\s", "");
  }

  @Test
  void the_client_gets_its_answer() throws Exception {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    AtomicBoolean answered = new AtomicBoolean();
    Thread server = Thread.ofPlatform().start(() -> serveUntil(answered, port));

    assertThat(client(port.get())).isEqualTo("hello");

    answered.set(true);
    server.join();
  }

  private static void serveUntil(AtomicBoolean answered, CompletableFuture<Integer> port) {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<SocketListener> listeners =
                  nursery.start(
                      status -> Net.serveTcp(
                          status,
                          0,
                          "127.0.0.1",
                          stream -> {
                            while (stream.receive(stream::sendAll)) {}
                          }));
              port.complete(listeners.getFirst().localAddress().getPort());
              while (!answered.get()) {
                Triad.sleep(Duration.ofMillis(5));
              }
              nursery.cancelScope().cancel();
            }));
  }

  @Test
  void tasks_of_a_nursery_both_come_to_their_end() throws Exception {
    Triad.run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 4).getFirst()) {
            int port = listener.localAddress().getPort();
            try (SocketStream left = Net.openTcpStream("127.0.0.1", port);
                SocketStream client = listener.accept();
                SocketStream server = Net.openTcpStream("127.0.0.1", port);
                SocketStream right = listener.accept()) {
              left.sendAll("up".getBytes(UTF_8));
              left.sendEof();
              right.sendAll("down".getBytes(UTF_8));
              right.sendEof();

              both(client, server);

              assertThat(right.receiveSome()).isEqualTo("up".getBytes(UTF_8));
              assertThat(left.receiveSome()).isEqualTo("down".getBytes(UTF_8));
            }
          }
        });
  }

  @Test
  void lines_go_through_a_channel() throws Exception {
    List<String> words = new ArrayList<>();
    TcpPairs.run(
        (client, server) -> {
          client.sendAll("one\ntwo\n".getBytes(UTF_8));
          client.sendEof();
          lines(server, words);
        });

    assertThat(words).containsExactly("one", "two");
  }

  private static void copy(SocketStream from, SocketStream to) throws IOException {
    while (from.receive(to::sendAll)) {}
    to.sendEof();
  }

  // ---- the examples ----

  @SuppressWarnings("unused") // it does not end: it is here to be compiled
  private static void server(int port) throws IOException {
    Triad.run(() -> Net.serveTcp(port, stream -> {
      ChunkAction<IOException> back = stream::sendAll;
      while (stream.receive(back)) {}
    }));
  }

  private static String client(int port) throws IOException {
    String answer = Triad.run(() -> Triad.failAfter(Duration.ofSeconds(5), scope -> {
      try (SocketStream stream = Net.openTcpStream("127.0.0.1", port)) {
        stream.sendAll("hello".getBytes(UTF_8));
        return new String(stream.receiveSome(), UTF_8);
      }
    }));
    return answer;
  }

  private static void both(SocketStream client, SocketStream server) {
    Nursery.open(nursery -> {
      nursery.startSoon("up", () -> copy(client, server));
      nursery.startSoon("down", () -> copy(server, client));
    });
  }

  private static void lines(SocketStream stream, List<String> words) {
    MemoryChannel<String> lines = MemoryChannel.open(16);
    Nursery.open(nursery -> {
      nursery.startSoon("parse", () -> lines.receiver().forEach(words::add));
      try (MemorySendChannel<String> out = lines.sender()) {
        BufferedReceiver in = new BufferedReceiver(stream);
        for (String line; (line = in.receiveLine(UTF_8, 1024)) != null;) {
          out.send(line);
        }
      }
    });
  }

  @TriadTest(autojump = true)
  void gives_up_after_a_minute(MockClock clock) {
    assertThrows(TooSlowException.class,
        () -> Triad.failAfter(Duration.ofMinutes(1), () -> Triad.sleepForever()));
    assertEquals(Duration.ofMinutes(1), clock.currentTime());
  }
}
