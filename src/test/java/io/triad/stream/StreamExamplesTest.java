package io.triad.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.testkit.ExampleProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the examples about streams, and talks to them as their users would. */
@Timeout(60)
final class StreamExamplesTest {
  /** A program that listens, and the port it said it listens on. */
  private record Program(Process process, BufferedReader out, int port) implements AutoCloseable {
    static Program start(String... arguments) throws Exception {
      Process process = ExampleProgram.start(arguments);
      BufferedReader out = new BufferedReader(process.inputReader(UTF_8));
      String greeting = out.readLine();
      assertThat(greeting).startsWith("listening on ");
      int port = Integer.parseInt(greeting.substring(greeting.lastIndexOf(':') + 1));
      return new Program(process, out, port);
    }

    Socket connect() throws IOException {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly().onExit().join();
      out.close();
    }
  }

  private static String lineOf(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c; (c = in.read()) != '\n' && c >= 0;) {
      line.append((char) c);
    }
    return line.toString();
  }

  @Test
  void the_line_server_stops_when_told_and_lets_the_others_finish() throws Exception {
    try (Program server = Program.start("line-server", "0", "--grace", "50");
        Socket first = server.connect();
        Socket second = server.connect()) {
      first.getOutputStream().write("hello\r\nwor".getBytes(UTF_8));
      assertThat(lineOf(first.getInputStream())).isEqualTo("olleh");
      second.getOutputStream().write("shutdown\n".getBytes(UTF_8));
      assertThat(lineOf(second.getInputStream())).isEqualTo("nwodtuhs");
      second.shutdownOutput();

      first.getOutputStream().write("ld\n".getBytes(UTF_8));
      assertThat(lineOf(first.getInputStream())).isEqualTo("dlrow");
      first.shutdownOutput();

      assertThat(server.out.readLine()).isEqualTo("all finished");
      assertThat(server.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.process.exitValue()).isZero();
    }
  }

  @Test
  void the_line_server_cuts_off_who_does_not_finish() throws Exception {
    try (Program server = Program.start("line-server", "0", "--grace", "0");
        Socket client = server.connect()) {
      client.getOutputStream().write("shutdown\n".getBytes(UTF_8));
      assertThat(client.getInputStream().readAllBytes()).isIn(
          "nwodtuhs\n".getBytes(UTF_8), new byte[0]); // the answer may still come through
      assertThat(server.out.readLine()).isEqualTo("some were cut off");
      assertThat(server.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.process.exitValue()).isZero();
    }
  }

  @Test
  void the_word_server_counts_the_words_of_several_clients_at_once() throws Exception {
    try (Program server = Program.start("word-server", "0");
        Socket slow = server.connect();
        GZIPOutputStream slowly = new GZIPOutputStream(slow.getOutputStream(), true)) {
      slowly.write("one two".getBytes(UTF_8));
      slowly.flush();

      try (Socket client = server.connect();
          OutputStream out = new GZIPOutputStream(client.getOutputStream())) {
        out.write("to be or not to be".getBytes(UTF_8));
        ((GZIPOutputStream) out).finish();
        client.shutdownOutput();
        assertThat(read(client)).containsExactly("2 be", "1 not", "1 or", "2 to");
      }

      slowly.write(" two".getBytes(UTF_8));
      slowly.finish();
      slow.shutdownOutput();
      assertThat(read(slow)).containsExactly("1 one", "2 two");
    }
  }

  private static List<String> read(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readAllLines();
  }
}
