package io.triad.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.net.SocketStream;
import io.triad.testing.Settling;
import io.triad.testing.StreamPair;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/** Libraries that know nothing of Triad, in tasks of one run, at both ends of a connection. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class BlockingLibrariesTest {
  /** More than the system's buffers hold, so that both ends have to wait for each other. */
  private static final int LARGE = 8 << 20;

  private static byte[] noise(long seed) {
    byte[] data = new byte[LARGE];
    new Random(seed).nextBytes(data);
    return data;
  }

  // ---- Jackson ----

  record Item(int number, String name, List<Integer> parts) {}

  private static Item item(int number) {
    return new Item(
        number, "item \u20ac " + number, IntStream.range(0, number % 50).boxed().toList());
  }

  @Test
  void jackson_writes_and_parses_a_sequence_of_values_as_it_arrives() throws Exception {
    JsonMapper mapper = JsonMapper.builder().build();
    int count = 20_000;
    List<Item> received = new ArrayList<>();
    TcpPairs.run(
        TcpPairs::narrow,
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  "generate",
                  () -> {
                    OutputStream out = Adapters.outputStream(client);
                    try (JsonGenerator generator = mapper.createGenerator(out)) {
                      for (int i = 0; i < count; i++) {
                        mapper.writeValue(generator, item(i));
                      }
                    }
                  });
              try (MappingIterator<Item> items =
                  mapper.readerFor(Item.class).readValues(Adapters.inputStream(server))) {
                items.forEachRemaining(received::add);
              }
            }));
    assertThat(received).hasSize(count).startsWith(item(0)).endsWith(item(count - 1));
  }

  @Test
  void jackson_answers_a_request_before_the_connection_ends() throws Exception {
    JsonMapper mapper = JsonMapper.builder().build();
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  "server",
                  () -> {
                    BufferedReceiver requests = new BufferedReceiver(server);
                    String line = requests.receiveLine(UTF_8, 1000);
                    JsonNode request = mapper.readTree(line);
                    int sum = request.get("a").asInt() + request.get("b").asInt();
                    server.sendAll((mapper.writeValueAsString(Map.of("sum", sum)) + "\n")
                        .getBytes(UTF_8));
                  });
              client.sendAll("{\"a\": 40,".getBytes(UTF_8));
              Settling.waitAllTasksBlocked();
              client.sendAll("\"b\": 2}\r\n".getBytes(UTF_8));
              JsonNode answer =
                  mapper.reader().readTree(
                      new BufferedReceiver(client).receiveUntil(new byte[] {'\n'}, 1000));
              assertThat(answer.get("sum").asInt()).isEqualTo(42);
            }));
  }

  // ---- java.util.zip ----

  @Test
  void gzip_compresses_at_one_end_and_decompresses_at_the_other() throws Exception {
    byte[] data = noise(1);
    for (int i = 0; i < data.length; i++) {
      data[i] &= 3; // something to compress
    }
    ByteArrayOutputStream received = new ByteArrayOutputStream(LARGE);
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  "compress",
                  () -> {
                    try (OutputStream out =
                        new GZIPOutputStream(Adapters.outputStream(client))) {
                      out.write(data);
                    }
                  });
              try (InputStream in = new GZIPInputStream(Adapters.inputStream(server))) {
                in.transferTo(received);
              }
            }));
    assertThat(received.toByteArray()).isEqualTo(data);
  }

  @Test
  void gzip_sees_a_connection_that_ends_too_soon() throws Exception {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(whole)) {
      out.write(new byte[1000]);
    }
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(ByteBuffer.wrap(whole.toByteArray(), 0, whole.size() - 1));
          client.sendEof();
          assertThatExceptionOfType(EOFException.class)
              .isThrownBy(() -> new GZIPInputStream(Adapters.inputStream(server)).readAllBytes());
        });
  }

  // ---- readers and writers ----

  @Test
  void a_buffered_reader_and_a_print_writer_hold_a_dialogue() throws Exception {
    List<String> answers = new ArrayList<>();
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon("server", () -> upperCase(server));
              PrintWriter out =
                  new PrintWriter(
                      new OutputStreamWriter(Adapters.outputStream(client), UTF_8), true);
              BufferedReader in =
                  new BufferedReader(new InputStreamReader(Adapters.inputStream(client), UTF_8));
              for (String word : List.of("one", "gr\u00fc\u00df", "", "three")) {
                out.println(word);
                answers.add(in.readLine());
              }
              client.sendEof();
              assertThat(in.readLine()).isNull();
              assertThat(out.checkError()).isFalse();
            }));
    assertThat(answers).containsExactly("ONE", "GR\u00dcSS", "", "THREE");
  }

  private static void upperCase(ByteStream stream) throws IOException {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(Adapters.inputStream(stream), UTF_8));
        BufferedWriter out =
            new BufferedWriter(new OutputStreamWriter(Adapters.outputStream(stream), UTF_8))) {
      for (String line; (line = in.readLine()) != null;) {
        out.write(line.toUpperCase(Locale.ROOT));
        out.newLine();
        out.flush();
      }
    }
  }

  @Test
  void readers_and_writers_of_channels_work() throws Exception {
    String text = "z\u20ac\n".repeat(500_000);
    StringBuilder received = new StringBuilder(text.length());
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  "write",
                  () -> {
                    try (Writer out =
                        Channels.newWriter(Adapters.writableChannel(client), UTF_8)) {
                      out.write(text);
                    }
                  });
              char[] some = new char[10_000];
              try (Reader in = Channels.newReader(Adapters.readableChannel(server), UTF_8)) {
                for (int n; (n = in.read(some)) >= 0;) {
                  received.append(some, 0, n);
                }
              }
            }));
    assertThat(received.toString()).isEqualTo(text);
  }

  // ---- large copies ----

  @Test
  void large_copies_with_checksums_go_both_ways_at_once() throws Exception {
    byte[] up = noise(2);
    byte[] down = noise(3);
    CRC32[] sums = {new CRC32(), new CRC32(), new CRC32(), new CRC32()};
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    new CheckedOutputStream(Adapters.outputStream(client), sums[0]).write(up);
                    client.sendEof();
                  });
              nursery.startSoon(
                  () -> {
                    new CheckedOutputStream(Adapters.outputStream(server), sums[1]).write(down);
                    server.sendEof();
                  });
              nursery.startSoon(
                  () -> new CheckedInputStream(Adapters.inputStream(server), sums[2])
                      .transferTo(OutputStream.nullOutputStream()));
              nursery.startSoon(
                  () -> new CheckedInputStream(Adapters.inputStream(client), sums[3])
                      .transferTo(OutputStream.nullOutputStream()));
            }));
    assertThat(sums[2].getValue()).isEqualTo(sums[0].getValue()).isEqualTo(crc(up));
    assertThat(sums[3].getValue()).isEqualTo(sums[1].getValue()).isEqualTo(crc(down));
  }

  private static long crc(byte[] data) {
    CRC32 sum = new CRC32();
    sum.update(data);
    return sum.getValue();
  }

  @Test
  void a_relay_of_jdk_streams_moves_everything_from_connection_to_connection() throws Exception {
    byte[] data = noise(4);
    ByteArrayOutputStream received = new ByteArrayOutputStream(LARGE);
    TcpPairs.run(
        (first, second) -> inAnotherPair(
            (third, fourth) -> Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> {
                        first.sendAll(data);
                        first.sendEof();
                      });
                  nursery.startSoon(
                      () -> {
                        long moved =
                            Adapters.inputStream(second)
                                .transferTo(Adapters.outputStream(third));
                        assertThat(moved).isEqualTo(LARGE);
                        third.sendEof();
                      });
                  Adapters.inputStream(fourth).transferTo(received);
                })));
    assertThat(received.toByteArray()).isEqualTo(data);
  }

  private static void inAnotherPair(TcpPairs.PairAction action) throws Exception {
    StreamPair<SocketStream, SocketStream> pair = TcpPairs.open();
    try (SocketStream client = pair.sender();
        SocketStream server = pair.receiver()) {
      action.run(client, server);
    }
  }

  @Test
  void channels_copy_with_direct_buffers() throws Exception {
    byte[] data = noise(5);
    ByteBuffer received = ByteBuffer.allocate(LARGE);
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    try (WritableByteChannel out = Adapters.writableChannel(client)) {
                      ByteBuffer direct = ByteBuffer.allocateDirect(LARGE).put(data).flip();
                      assertThat(out.write(direct)).isEqualTo(LARGE);
                    }
                  });
              ByteBuffer some = ByteBuffer.allocateDirect(50_000);
              try (ReadableByteChannel in = Adapters.readableChannel(server)) {
                while (in.read(some.clear()) >= 0) {
                  received.put(some.flip());
                }
              }
            }));
    assertThat(received.array()).isEqualTo(data);
  }

  // ---- locks, monitors, cancellation ----

  /** Holds its monitor while it waits for the stream, as many an older class does. */
  private static final class Monitored {
    private final InputStream in;

    private Monitored(InputStream in) {
      this.in = in;
    }

    private synchronized int read() throws IOException {
      return in.read();
    }
  }

  @Test
  void a_task_may_wait_for_a_stream_inside_a_monitor_and_others_for_the_monitor()
      throws Exception {
    List<Integer> read = new ArrayList<>();
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              Monitored monitored = new Monitored(Adapters.inputStream(server));
              for (int i = 0; i < 3; i++) {
                nursery.startSoon(() -> read.add(monitored.read()));
              }
              for (byte i = 1; i <= 3; i++) { // the loop goes on meanwhile
                for (int j = 0; j < 10; j++) {
                  Triad.checkpoint();
                }
                assertThat(read).hasSizeLessThan(i);
                client.sendAll(new byte[] {i});
              }
            }));
    assertThat(read).containsExactly(1, 2, 3);
  }

  @Test
  void two_tasks_may_read_lines_from_one_buffered_reader() throws Exception {
    List<String> lines = new ArrayList<>();
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              BufferedReader in =
                  new BufferedReader(new InputStreamReader(Adapters.inputStream(server), UTF_8));
              nursery.startSoon(() -> lines.add(in.readLine()));
              nursery.startSoon(() -> lines.add(in.readLine()));
              for (String piece : List.of("o", "ne\nt", "wo\n")) {
                for (int j = 0; j < 10; j++) {
                  Triad.checkpoint();
                }
                client.sendAll(piece.getBytes(UTF_8));
              }
            }));
    assertThat(lines).containsExactly("one", "two");
  }

  @Test
  void cancellation_passes_through_libraries_and_their_locks_and_monitors() throws Exception {
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              InputStream in = Adapters.inputStream(server);
              BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
              Monitored monitored = new Monitored(in);
              cancelWhileBlocked(nursery, reader::readLine);
              cancelWhileBlocked(nursery, monitored::read);
              cancelWhileBlocked(nursery, () -> new GZIPInputStream(in).read());
              cancelWhileBlocked(
                  nursery, () -> JsonMapper.builder().build().readTree(in));

              client.sendAll("line\n!".getBytes(UTF_8)); // nothing is locked, broken or lost
              assertThat(reader.readLine()).isEqualTo("line");
            }));
  }

  private interface Blocking {
    Object call() throws IOException;
  }

  private static void cancelWhileBlocked(Nursery nursery, Blocking body) {
    CancelScope scope = new CancelScope();
    nursery.startSoon(() -> scope.enter(_ -> body.call()));
    Settling.waitAllTasksBlocked();
    scope.cancel();
    Settling.waitAllTasksBlocked();
    assertThat(scope.cancelledCaught()).isTrue();
  }
}
