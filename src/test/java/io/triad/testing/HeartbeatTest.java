package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.triad.Nursery;
import io.triad.TooSlowException;
import io.triad.Triad;
import io.triad.stream.ByteStream;
import io.triad.stream.HalfCloseableStream;
import io.triad.testkit.PassingStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of the package's documentation stand here word for word, so that they work. */
final class HeartbeatTest {
  @TriadTest(autojump = true)
  void a_silent_server_is_given_up_after_three_heartbeats(Nursery nursery, MockClock clock) {
    var connection = MemoryStreams.pair();
    nursery.startSoon(() -> readAndIgnore(connection.receiver()));

    assertThrows(TooSlowException.class, () -> Heartbeat.watch(connection.sender()));
    assertEquals(Duration.ofSeconds(90), clock.currentTime());
  }

  private static void readAndIgnore(ByteStream server) throws IOException {
    while (server.receiveSome().length > 0) {
      // That is all it does.
    }
  }

  /** Asks every 30 seconds whether the other end is there, until three have not been answered. */
  private static final class Heartbeat {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final byte[] BEAT = {'?'};

    static void watch(ByteStream stream) throws IOException {
      for (;;) {
        Triad.failAfter(INTERVAL.multipliedBy(3), () -> awaitAnswer(stream));
      }
    }

    private static void awaitAnswer(ByteStream stream) {
      Nursery.open(
          nursery -> {
            nursery.startSoon(
                () -> {
                  for (;;) {
                    stream.sendAll(BEAT);
                    Triad.sleep(INTERVAL);
                  }
                });
            stream.receiveSome();
            nursery.cancelScope().cancel();
          });
    }
  }

  @TriadTest
  void keeps_the_promises_of_streams() {
    StreamChecks.checkHalfCloseableStream(
        () -> encrypted(MemoryStreams.pair()), () -> encrypted(LockstepStreams.pair()));
  }

  private static StreamPair<Encrypted, Encrypted> encrypted(
      StreamPair<? extends HalfCloseableStream, ? extends HalfCloseableStream> pair) {
    return new StreamPair<>(new Encrypted(pair.sender()), new Encrypted(pair.receiver()));
  }

  /** The weakest cipher of all. */
  private static final class Encrypted extends PassingStream {
    Encrypted(HalfCloseableStream inner) {
      super(inner);
    }
  }

  @TriadTest
  void a_late_store_must_not_replace_what_is_newer(Nursery nursery) {
    Cache cache = new Cache();
    String old = "old";
    String recent = "recent";
    Sequencer sequencer = new Sequencer();
    nursery.startSoon(
        () -> {
          sequencer.run(0, () -> cache.lookUp("key")); // a miss
          sequencer.run(2, () -> cache.store("key", old)); // must not replace what is newer
        });
    nursery.startSoon(() -> sequencer.run(1, () -> cache.store("key", recent)));
    Settling.waitAllTasksBlocked();
    assertEquals(recent, cache.lookUp("key"));
  }

  /** Keeps what is stored first. */
  private static final class Cache {
    private final Map<String, String> values = new HashMap<>();

    String lookUp(String key) {
      return values.get(key);
    }

    void store(String key, String value) {
      values.putIfAbsent(key, value);
    }
  }

  @Test
  void the_documentation_shows_what_stands_here() throws IOException {
    Path base = Path.of(System.getProperty("basedir", ""));
    String tests =
        Files.readString(base.resolve("src/test/java/io/triad/testing/HeartbeatTest.java"));
    String documentation =
        Files.readString(base.resolve("src/main/java/io/triad/testing/package-info.java"));
    List<String> examples = new ArrayList<>();
    Matcher pre = Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* }</pre>", Pattern.DOTALL)
        .matcher(documentation);
    while (pre.find()) {
      examples.add(pre.group(1).replaceAll("(?m)^ \\* ?", "").strip());
    }
    assertThat(examples).hasSize(3).allSatisfy(
        example -> assertThat(words(tests)).contains(words(example)));
  }

  /** Without line breaks and indentation, in which a documentation may differ. */
  private static String words(String source) {
    return source.replaceAll("\\s+", " ");
  }
}
