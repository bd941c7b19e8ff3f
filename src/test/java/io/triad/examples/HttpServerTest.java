package io.triad.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.testkit.ExampleProgram;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drives the HTTP server with the client of the JDK, and with bytes. */
@Tag("kernel")
@Timeout(60)
final class HttpServerTest {
  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.1 (\\d+) ", Pattern.MULTILINE);
  private static final String GET = "GET /hello HTTP/1.1\r\nHost: h\r\n";
  private static final byte[] LARGE = new byte[300_000];

  @TempDir
  static Path folder;
  private static ExampleProgram server;

  @BeforeAll
  static void start() throws Exception {
    new Random(1).nextBytes(LARGE);
    Path root = Files.createDirectories(folder.resolve("root"));
    Files.write(root.resolve("large.bin"), LARGE);
    Files.writeString(root.resolve("index.html"), "<p>index\n");
    Files.writeString(folder.resolve("secret"), "secret\n");
    Files.createSymbolicLink(root.resolve("link"), folder.resolve("secret"));
    server = ExampleProgram.serve("http-server", "0", "--root", root.toString(), "--patience", "2");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .version(HttpClient.Version.HTTP_1_1);
  }

  @Test
  void files_ranges_heads_and_bodies() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> whole =
          client.send(request("/large.bin").build(), BodyHandlers.ofByteArray());
      assertThat(whole.statusCode()).isEqualTo(200);
      assertThat(whole.body()).isEqualTo(LARGE);

      HttpResponse<byte[]> part =
          client.send(
              request("/large.bin").header("Range", "bytes=100000-").build(),
              BodyHandlers.ofByteArray());
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 100000-299999/300000");
      assertThat(part.body()).hasSize(200_000).startsWith(LARGE[100_000]);

      HttpResponse<String> head =
          client.send(request("/large.bin").HEAD().build(), BodyHandlers.ofString());
      assertThat(head.headers().firstValue("Content-Length")).hasValue("300000");
      assertThat(head.body()).isEmpty();

      HttpResponse<String> index = client.send(request("/").build(), BodyHandlers.ofString());
      assertThat(index.body()).isEqualTo("<p>index\n");
      assertThat(index.headers().firstValue("Content-Type")).hasValue("text/html");

      HttpRequest echo =
          request("/echo").POST(BodyPublishers.ofByteArray(LARGE)).expectContinue(true).build();
      assertThat(client.send(echo, BodyHandlers.ofByteArray()).body()).isEqualTo(LARGE);
    }
  }

  @Test
  void requests_that_come_together_are_answered_in_order() throws Exception {
    try (Peer peer = new Peer(server.port())) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        requests.append("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n")
            .append(10 + i);
      }
      String answers = peer.send(requests.toString()).endOutput().rest();
      assertThat(
          Pattern.compile("\r\n\r\n(\\d\\d)").matcher(answers).results().map(r -> r.group(1)))
          .hasSize(50)
          .isSorted();
    }
  }

  @Test
  void a_request_that_comes_in_bytes() throws Exception {
    try (Peer peer = new Peer(server.port())) {
      assertThat(peer.sendInBytes(GET + "Connection: close\r\n\r\n").rest())
          .startsWith("HTTP/1.1 200 OK\r\n")
          .endsWith("Hello, world!\n");
    }
  }

  @Test
  void a_head_that_never_ends_is_waited_for_so_long_and_no_longer() throws Exception {
    try (Peer peer = new Peer(server.port())) {
      assertThat(peer.send(GET + "X: ").rest()).startsWith("HTTP/1.1 408 ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "a length and chunks, Content-Length: 3|Transfer-Encoding: chunked||0||, 400",
        "two lengths, Content-Length: 3|Content-Length: 4||abcd, 400",
        "a signed length, Content-Length: +3||abc, 400",
        "another coding, \"Transfer-Encoding: gzip, chunked||0||\", 501",
        "a folded line, A: b| c||, 400",
        "space before the colon, A : b||, 400",
        "a second host, Host: i||, 400",
        "a body that is too long, Content-Length: 9999999||, 413",
        "a malformed chunk, Transfer-Encoding: chunked||3|abcd|0||, 400",
      })
  void bad_requests_end_their_connection(String what, String fields, int status)
      throws Exception {
    String sent = "POST /echo HTTP/1.1\r\nHost: h\r\n" + fields.replace("|", "\r\n") + GET + "\r\n";
    try (Peer peer = new Peer(server.port())) {
      assertThat(statuses(peer.send(sent).endOutput().rest())).as(what).containsExactly(status);
    }
  }

  @ParameterizedTest
  @CsvSource({"/../secret", "/%2e%2e/secret", "/..%2fsecret", "/link", "/large.bin%00", "//secret"})
  void nothing_leads_out_of_the_root(String path) throws Exception {
    try (Peer peer = new Peer(server.port())) {
      String answer =
          peer.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").endOutput().rest();
      assertThat(statuses(answer)).isSubsetOf(400, 404).hasSize(1);
    }
  }

  private static List<Integer> statuses(String answers) {
    return STATUS.matcher(answers).results()
        .map((MatchResult result) -> Integer.valueOf(result.group(1)))
        .toList();
  }
}
