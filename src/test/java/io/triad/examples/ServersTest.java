package io.triad.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.testkit.ExampleProgram;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Drives the other servers of the examples with blocking sockets of the JDK. */
@Tag("kernel")
@Timeout(60)
final class ServersTest {
  @Test
  void key_value_server() throws Exception {
    try (ExampleProgram server = ExampleProgram.serve("key-value-server", "0")) {
      try (Peer peer = new Peer(server.port())) {
        String command = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\n";
        assertThat(peer.sendInBytes(command).receiveLike("+OK\r\n")).isEqualTo("+OK\r\n");
        String replies = "$4\r\na\r\nb\r\n:5\r\n-ERR value is not an integer or out of range\r\n";
        assertThat(peer.send("GET k\r\nAPPEND k c\r\nINCR k\r\n").receiveLike(replies))
            .isEqualTo(replies);
        replies = ":2\r\n*2\r\n$1\r\ny\r\n$1\r\nx\r\n:1\r\n$-1\r\n";
        assertThat(peer.send("LPUSH l x y\r\nLRANGE l 0 -1\r\nDEL l\r\nLPOP l\r\n")
            .receiveLike(replies)).isEqualTo(replies);
        assertThat(peer.send("*1\r\n$x\r\n").rest())
            .isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
      }
      libraryClient(server.port());
    }
  }

  /** Jedis, over sockets of Triad. */
  private static void libraryClient(int port) throws Exception {
    assertThat(
        ExampleProgram.run(
            "redis-client", "127.0.0.1", "" + port, "--no-queue", "--clients=5", "--commands=20"))
        .singleElement().asString().startsWith("5 clients counted to 100 of 100,");
  }

  @Test
  void chat_server() throws Exception {
    try (ExampleProgram server = ExampleProgram.serve("chat-server", "0");
        Peer ann = new Peer(server.port());
        Peer bob = new Peer(server.port())) {
      assertThat(ann.line()).isEqualTo("* your name?\n");
      assertThat(ann.send("Ann\n").line()).isEqualTo("* here are: \n");
      assertThat(bob.line()).isEqualTo("* your name?\n");
      assertThat(bob.send("Ann\n").line()).startsWith("* another one, please");
      assertThat(bob.send("Bob\n").line()).isEqualTo("* here are: Ann\n");
      assertThat(ann.line()).isEqualTo("* Bob has come\n");
      bob.send("hello\n");
      assertThat(ann.line()).isEqualTo("Bob: hello\n");
      assertThat(ann.endOutput().rest()).isEmpty();
      assertThat(bob.line()).isEqualTo("* Ann has gone\n");
    }
  }

  @Test
  void tcp_proxy_passes_on_ends_and_resets() throws Exception {
    try (ServerSocket target = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        ExampleProgram proxy =
            ExampleProgram.serve("tcp-proxy", "0", "127.0.0.1", "" + target.getLocalPort())) {
      try (Peer client = new Peer(proxy.port())) {
        client.send("question").endOutput();
        try (Socket server = target.accept()) {
          assertThat(server.getInputStream().readAllBytes()).asString().isEqualTo("question");
          server.getOutputStream().write("answer".getBytes("US-ASCII"));
        }
        assertThat(client.rest()).isEqualTo("answer");
      }
      try (Peer client = new Peer(proxy.port())) {
        Socket server = target.accept();
        server.setSoLinger(true, 0);
        server.close();
        assertThatThrownBy(client::rest).isInstanceOf(SocketException.class);
      }
      Peer client = new Peer(proxy.port());
      try (Socket server = target.accept()) {
        client.reset();
        assertThatThrownBy(() -> server.getInputStream().readAllBytes())
            .isInstanceOf(SocketException.class);
      }
    }
  }

  @Test
  void udp_echo_server() throws Exception {
    try (ExampleProgram server = ExampleProgram.serve("udp-echo-server", "0");
        DatagramSocket client = new DatagramSocket()) {
      client.setSoTimeout(30_000);
      client.connect(InetAddress.getLoopbackAddress(), server.port());
      for (int size : new int[] {1, 1472, 65_507}) {
        byte[] sent = new byte[size];
        Arrays.fill(sent, (byte) size);
        client.send(new DatagramPacket(sent, size));
        DatagramPacket back = new DatagramPacket(new byte[65_535], 65_535);
        client.receive(back);
        assertThat(Arrays.copyOf(back.getData(), back.getLength())).as("size %d", size)
            .isEqualTo(sent);
      }
    }
  }
}
